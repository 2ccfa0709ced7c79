"""The funnel from shelf to till: how many customers each step keeps, for products they did not come for."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, StrMethodFormatter

from storesim.report.colours import FAINT, INK
from storesim.report.figure_files import new_figure, styled
from storesim.report.lines import Series, cut, legend, legend_in, plain, series
from storesim.report.panels import write_title
from storesim.report.words import number_words

STEPS = ("exposed", "noticed", "wanted", "bought")
STEP_WORDS = ("in view", "noticed", "wanted", "bought")
WIDTH_IN, HEAD_IN, FOOT_IN, ROW_IN, GROUP_IN = 8.27, 0.75, 0.3, 0.17, 0.22
PLOT = (0.1, 0.5)
"""Left end and width of the plot; the rest is for words."""
NOTE = "Customers a day, summed over products, without those who came for the product; logarithmic scale"


def funnel_figure(products: pd.DataFrame) -> Figure:
    """Return a group of bars a step, one bar a variant, with what the step keeps and how that changes.

    Percentages are of the step before; the change is that of the number, against the first variant.
    """
    looks = series(list(dict.fromkeys(products["variant"])))
    totals = {look.name: products[products["variant"] == look.name][list(STEPS)].sum().tolist() for look in looks}
    rows_in = len(STEPS) * (len(looks) * ROW_IN + GROUP_IN)
    foot = FOOT_IN + legend_in(looks)
    height = HEAD_IN + rows_in + foot
    with styled():
        figure = new_figure(WIDTH_IN, height)
        write_title(figure, "From shelf to till")
        figure.text(0.03, 1 - 0.55 / height, NOTE, size=7, color=FAINT, va="center")
        axes = figure.add_axes((PLOT[0], foot / height, PLOT[1], rows_in / height))
        _draw(axes, looks, totals)
        legend(figure, looks)
        return figure


def _draw(axes: Axes, looks: Sequence[Series], totals: dict[str, list[float]]) -> None:
    rows = len(looks) + GROUP_IN / ROW_IN
    axes.set_ylim(len(STEPS) * rows, 0)
    axes.set_xscale("log")
    low = min((value for values in totals.values() for value in values if value > 0), default=1.0)
    high = max((value for values in totals.values() for value in values), default=1.0)
    axes.set_xlim(low / 3, max(high * 1.2, low))
    for number, look in enumerate(looks):
        for step in range(len(STEPS)):
            y = step * rows + number + 0.5 + GROUP_IN / ROW_IN / 2
            value = totals[look.name][step]
            axes.barh(y, max(value, low / 3), height=0.8, color=look.colour, linewidth=0)
            words = _words(totals[look.name], totals[looks[0].name], step, first=number == 0)
            axes.text(
                1.02, y, f"{cut(look.name, 24)}: {words}", transform=axes.get_yaxis_transform(), size=6.5, color=INK,
                va="center", parse_math=False,
            )  # fmt: skip
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    middles = [(step + 0.5) * rows for step in range(len(STEPS))]
    axes.set_yticks(middles, STEP_WORDS)
    plain(axes)
    axes.tick_params(axis="y", length=0)


def _words(own: Sequence[float], base: Sequence[float], step: int, *, first: bool) -> str:
    """Return the number, its share of the step before and its change against the baseline."""
    value = own[step]
    words = number_words(value, max(abs(value) / 10, 1.0))
    if step and own[step - 1]:
        words += f" ({number_words(100 * value / own[step - 1], 1.0)} %)"
    if not first and base[step]:
        change = 100 * (value / base[step] - 1)
        words += f", {number_words(change, 1.0, sign=True) if abs(change) >= 0.05 else '±0'} %"
    return words
