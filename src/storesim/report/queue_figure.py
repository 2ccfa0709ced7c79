"""The tills over the day: how long customers wait, and how much of their time the lanes serve."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from storesim.report.figure_files import new_figure, styled
from storesim.report.lines import Series, cut, legend, legend_in, plain, series
from storesim.report.panels import write_title

ROWS = (
    ("wait_s", 1.0, "mean wait, s"),
    ("wait_p95_s", 1.0, "wait that 95 % do not exceed, s"),
    ("utilisation", 100.0, "time serving, %"),
)
WIDTH_IN, HEAD_IN, ROW_IN = 8.27, 0.75, 1.9
LEFT, RIGHT, GAP_IN = 0.09, 0.98, 0.45
BASELINE_PT = 2.4
"""Its line is wide, to be seen below others that do the same."""
MOST_HOURS = 7
"""Labels of hours that fit below one plot."""


def queue_figure(checkouts: pd.DataFrame) -> Figure:
    """Return waits and utilisation by hour: a column of plots a checkout, a line a variant, one scale a row.

    Hours in which nobody joined have a wait of 0. The last hour begins at closing.
    """
    banks, looks = list(dict.fromkeys(checkouts["checkout"])), series(list(dict.fromkeys(checkouts["variant"])))
    foot = legend_in(looks) + 0.35
    height = HEAD_IN + ROW_IN * len(ROWS) + foot
    with styled():
        figure = new_figure(WIDTH_IN, height)
        write_title(figure, "Queues over the day")
        grid = figure.subplots(len(ROWS), max(len(banks), 1), sharex=True, sharey="row", squeeze=False)
        figure.subplots_adjust(
            left=LEFT, right=RIGHT, top=1 - HEAD_IN / height, bottom=foot / height, hspace=0.16, wspace=0.08
        )
        for row, (column, factor, words) in enumerate(ROWS):
            for number, bank in enumerate(banks):
                _draw(grid[row, number], checkouts[checkouts["checkout"] == bank], column, factor, looks)
            grid[row, 0].set_ylabel(words, fontsize=7)
            top = float(checkouts[column].max()) * factor
            grid[row, 0].set_ylim(0, 1.08 * top if top > 0 else 1.0)
        for number, bank in enumerate(banks):
            grid[0, number].set_title(cut(bank), fontsize=8, parse_math=False)
            grid[-1, number].set_xlabel("hour of joining", fontsize=7)
        legend(figure, looks)
        return figure


def _draw(axes: Axes, rows: pd.DataFrame, column: str, factor: float, looks: Sequence[Series]) -> None:
    hours = list(dict.fromkeys(rows["hour"]))
    place = {hour: i for i, hour in enumerate(hours)}
    for number, look in enumerate(looks):
        mine = rows[rows["variant"] == look.name]
        axes.plot(
            [place[hour] for hour in mine["hour"]], mine[column] * factor, color=look.colour, marker=look.marker,
            linestyle=look.dash, linewidth=1.0 if number else BASELINE_PT, markersize=3.0,
            markerfacecolor="white", markeredgewidth=0.8,
        )  # fmt: skip
    step = -(-len(hours) // MOST_HOURS)
    axes.set_xticks(range(0, len(hours), step), hours[::step])
    axes.grid(axis="y", color="#E5E5E5", linewidth=0.5)
    plain(axes)
