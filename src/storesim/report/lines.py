"""What figures of numbers have in common: series of variants, a page of axes, words that fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from storesim.report.colours import SERIES_COLOURS, SERIES_MARKERS

Dash = Literal["-", "--", ":"]
DASHES: tuple[Dash, ...] = ("-", "--", ":")
LONGEST = 34
LEGEND_LETTERS = 95
"""Letters of names that fit on a line of a legend, with the room of a mark counted as six."""


@dataclass(frozen=True)
class Series:
    """How a variant is told apart from the others: by colour, marker and dash."""

    name: str
    colour: str
    marker: str
    dash: Dash


def series(variants: Sequence[str]) -> tuple[Series, ...]:
    """Return a look for each variant, the baseline's black; colours come again with another dash."""
    count = len(SERIES_COLOURS)
    return tuple(
        Series(name, SERIES_COLOURS[i % count], SERIES_MARKERS[i % count], DASHES[i // count % len(DASHES)])
        for i, name in enumerate(variants)
    )


def cut(name: str, longest: int = LONGEST) -> str:
    """Return a name that fits."""
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def plain(axes: Axes) -> None:
    """Take away what no reader needs."""
    axes.spines[["right", "top"]].set_visible(False)
    axes.tick_params(labelsize=7)
    axes.margins(x=0.02)


def legend(figure: Figure, looks: Sequence[Series]) -> None:
    """Write the legend of the variants along the bottom of a figure."""
    handles = [
        Line2D([], [], color=look.colour, marker=look.marker, linestyle=look.dash, markersize=3.5, label=cut(look.name))
        for look in looks
    ]
    found = figure.legend(handles=handles, loc="lower center", ncols=_columns(looks), frameon=False, fontsize=7)
    for text in found.get_texts():
        text.set_parse_math(False)


def legend_in(looks: Sequence[Series]) -> float:
    """Return the height in inches that the legend takes."""
    return 0.15 + 0.17 * -(-len(looks) // _columns(looks))


def _columns(looks: Sequence[Series]) -> int:
    widest = max((len(cut(look.name)) for look in looks), default=1) + 6
    return max(min(LEGEND_LETTERS // widest, len(looks)), 1)
