"""The forest plot: every difference against the baseline with its interval, and the verdict in a word."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain
from math import isfinite

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from storesim.report.colours import FAINT, INK, VERDICT_COLOURS, VERDICT_MARKERS
from storesim.report.figure_files import A4_IN, new_figure, styled
from storesim.report.forest_rows import ForestRow, forest_rows, reach_percent
from storesim.report.lines import cut
from storesim.report.words import difference_words, response_words

ROW_IN, LEAST_ROW_IN = 0.19, 0.125
"""Height of a row; rows shrink to fit on a page, as far as they can be read."""
HEAD_ROWS = 1.4
"""Rows that the name of a response takes, with the space around it."""
HEAD_IN = 0.75
FOOT_IN = 0.75
WIDTH_IN = 8.27
PLOT_LEFT, PLOT_WIDE = 0.27, 0.38
LONGEST_NAME = 30
LEAST_REACH = 1.0
"""The axis spans at least so many percent to each side."""


def forest_figure(summary: pd.DataFrame, baseline: str) -> Figure:
    """Return the forest plot of a run's summary, one group a response, one row a variant.

    Where all variants are exactly the baseline, one row says so. Responses whose baseline mean is zero have no
    percentage: their row has numbers and no mark.
    """
    groups = {response: _collapsed(rows) for response, rows in forest_rows(summary, baseline).items()}
    lines = sum(len(rows) + HEAD_ROWS for rows in groups.values())
    row_in = min(ROW_IN, max((A4_IN[0] - HEAD_IN - FOOT_IN) / lines, LEAST_ROW_IN)) if lines else ROW_IN
    height = HEAD_IN + FOOT_IN + max(lines, 4) * row_in
    with styled():
        figure = new_figure(WIDTH_IN, height)
        title = f"Differences against {baseline}"
        figure.text(0.03, 1 - 0.3 / height, title, size=13, weight="bold", va="center", parse_math=False)
        place = (PLOT_LEFT, FOOT_IN / height, PLOT_WIDE, 1 - (HEAD_IN + FOOT_IN) / height)
        reach = reach_percent(chain.from_iterable(groups.values()), LEAST_REACH)
        page = _Page(figure.add_axes(place), reach, row_in)
        _draw_groups(page, groups, lines)
        _draw_legend(page.axes)
        return figure


@dataclass(frozen=True)
class _Page:
    """The axes being drawn on, how many percent they span to each side, and the height of a row."""

    axes: Axes
    reach: float
    row_in: float

    def write(self, x: float, y: float, text: str, colour: str = INK, weight: str = "normal") -> None:
        """Write beside the plot: x in shares of its width, y in rows."""
        self.axes.text(
            x, y, text, size=min(7.2, 0.66 * 72 * self.row_in), color=colour, weight=weight, va="center", ha="left",
            transform=self.axes.get_yaxis_transform(), clip_on=False, parse_math=False,
        )  # fmt: skip


def _collapsed(rows: list[ForestRow]) -> list[ForestRow]:
    if len(rows) > 1 and all(row.difference == 0 and row.half_width == 0 for row in rows):
        return [replace(rows[0], variant="all variants")]
    return rows


def _draw_groups(page: _Page, groups: Mapping[str, list[ForestRow]], lines: float) -> None:
    axes = page.axes
    axes.set_xlim(-page.reach, page.reach)
    axes.set_ylim(max(lines, 1), 0)
    axes.axvline(0, color=FAINT, linewidth=0.8, zorder=1)
    y = 0.0
    for response, rows in groups.items():
        y += 0.9
        page.write(-0.63, y - 0.05, response_words(response), weight="bold")
        for row in rows:
            y += 1
            _draw_row(page, row, y)
        y += HEAD_ROWS - 0.9
        line = axes.plot([-0.63, 1.86], [y, y], color="#DDDDDD", linewidth=0.5, clip_on=False)
        line[0].set_transform(axes.get_yaxis_transform())
    axes.set_yticks([])
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.tick_params(labelsize=7)
    axes.set_xlabel("difference, % of the baseline, with its simultaneous 95 % interval", fontsize=7.5)
    page.write(1.04, -0.2, "difference ± half-width", colour=FAINT)
    page.write(1.62, -0.2, "verdict", colour=FAINT)


def _draw_row(page: _Page, row: ForestRow, y: float) -> None:
    colour = VERDICT_COLOURS.get(row.verdict, FAINT)
    page.write(-0.60, y, cut(row.variant, LONGEST_NAME))
    page.write(1.04, y, f"{difference_words(row.difference, row.half_width)} {row.unit}")
    page.write(1.62, y, row.verdict, colour=colour, weight="bold" if row.verdict in ("higher", "lower") else "normal")
    if not isfinite(row.percent):
        return
    _draw_interval(page, row, y, colour)
    if abs(row.percent) <= page.reach:
        (mark,) = page.axes.plot([row.percent], [y], color=colour, markersize=5, zorder=4)
        mark.set(marker=VERDICT_MARKERS.get(row.verdict, "o"), markerfacecolor=_inside(row.verdict))


def _inside(verdict: str) -> str:
    return "white" if verdict == "undecided" else VERDICT_COLOURS.get(verdict, FAINT)


def _draw_interval(page: _Page, row: ForestRow, y: float, colour: str) -> None:
    """Draw the interval's line; an end beyond the axis becomes an arrow. One replication has no interval."""
    if not isfinite(row.half_width):
        return
    axes, reach = page.axes, page.reach
    low, high = (min(max(end, -reach), reach) for end in (row.low_percent, row.high_percent))
    axes.plot([low, high], [y, y], color=colour, linewidth=1.4, zorder=2, solid_capstyle="butt")
    if row.low_percent < -reach:
        axes.plot([-reach], [y], marker="<", color=colour, markersize=4, clip_on=False, zorder=3)
    if row.high_percent > reach:
        axes.plot([reach], [y], marker=">", color=colour, markersize=4, clip_on=False, zorder=3)


def _draw_legend(axes: Axes) -> None:
    marks = [
        axes.plot([], [], marker=marker, linestyle="none", color=VERDICT_COLOURS[verdict], markersize=5,
                  markerfacecolor=_inside(verdict), label=verdict)[0]
        for verdict, marker in VERDICT_MARKERS.items()
    ]  # fmt: skip
    axes.figure.legend(handles=marks, loc="lower center", ncols=4, frameon=False, fontsize=7, bbox_to_anchor=(0.5, 0.0))
