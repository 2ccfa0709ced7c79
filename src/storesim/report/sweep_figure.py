"""A sweep in two pictures: how responses follow each swept name, and how much of their variance each brings."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from storesim.report.colours import FAINT, INK
from storesim.report.figure_files import new_figure, styled
from storesim.report.lines import Series, cut, legend, legend_in, plain, series
from storesim.report.panels import write_title
from storesim.report.words import response_words
from storesim.results.responses import earned

MOST_NAMES = 10
"""Names on a page: those that do most; the table has all."""
LONGEST_NAME = 46
MOST_SETTINGS, LONGEST_SETTING = 3, 15
"""Labels that fit below a plot where settings are no numbers, and their letters."""
WIDTH_IN, HEAD_IN, ROW_IN, BAR_IN, BLOCK_IN = 8.27, 0.85, 1.45, 0.2, 0.5
LEFT, RIGHT = 0.09, 0.97
FIRST_COLOUR, TOTAL_COLOUR = "#0072B2", "#B9D4E8"
LOW = -0.1
"""Estimates of a small index may fall below 0."""


def effects_figure(levels: pd.DataFrame, effects: pd.DataFrame, baseline: str) -> Figure:
    """Return a row of plots a swept name, a column a response, a line a variant: means at each level.

    Of variants, the difference to the baseline; of a baseline alone, its own mean. One scale a column.
    """
    variants = _told(levels, baseline)
    shown = _shown(effects)
    names, looks = leading(effects, variants), [look for look in series(_all(levels)) if look.name in variants]
    foot = legend_in(looks) + 0.2
    height = HEAD_IN + ROW_IN * len(names) + foot
    with styled():
        figure = new_figure(WIDTH_IN, height)
        write_title(figure, "What each swept value does", _left_out(effects, names))
        what = "Mean difference to the baseline" if baseline not in variants else "Mean"
        note = f"{what}, over all points at a value or in a part of the range"
        figure.text(0.03, 1 - 0.5 / height, note, size=7, color=FAINT, va="center", parse_math=False)
        grid = figure.subplots(len(names), len(shown), sharey="col", squeeze=False)
        figure.subplots_adjust(
            left=LEFT, right=RIGHT, top=1 - HEAD_IN / height, bottom=(foot + 0.25) / height, hspace=0.6, wspace=0.3
        )
        for row, name in enumerate(names):
            for column, response in enumerate(shown):
                mine = levels[(levels["swept"] == name) & (levels["response"] == response)]
                _draw_levels(grid[row, column], mine, looks)
            grid[row, 0].set_title(ending(name), fontsize=7.5, loc="left", parse_math=False)
        for column, response in enumerate(shown):
            unit = levels.loc[levels["response"] == response, "unit"].iloc[0]
            words = f"{response_words(response)}, {unit}"
            grid[0, column].annotate(
                words, (1, 1), (0, 14), xycoords="axes fraction", textcoords="offset points",
                ha="right", fontsize=7.5, weight="bold", color=INK, parse_math=False,
            )  # fmt: skip
        legend(figure, looks)
        return figure


def sobol_figure(effects: pd.DataFrame, baseline: str) -> Figure:
    """Return bars of first-order and total indices with their intervals: a block a variant, a column a response."""
    variants, shown = _told(effects, baseline), _shown(effects)
    names = leading(effects, variants)
    block = BLOCK_IN + BAR_IN * len(names)
    height = HEAD_IN + block * len(variants) + 0.5
    with styled():
        figure = new_figure(WIDTH_IN, height)
        write_title(figure, "What the variance comes from", _left_out(effects, names))
        note = "Sobol indices with 95 % intervals: dark what a value brings alone, light also together with others"
        figure.text(0.03, 1 - 0.5 / height, note, size=7, color=FAINT, va="center", parse_math=False)
        grid = figure.subplots(len(variants), len(shown), sharex=True, sharey=True, squeeze=False)
        figure.subplots_adjust(
            left=0.33, right=RIGHT, top=1 - (HEAD_IN + 0.1) / height, bottom=0.5 / height, hspace=0.35, wspace=0.12
        )
        for row, variant in enumerate(variants):
            for column, response in enumerate(shown):
                mine = effects[(effects["variant"] == variant) & (effects["response"] == response)]
                _draw_indices(grid[row, column], mine.set_index("swept").reindex(names))
                grid[row, column].set_title(response_words(response), fontsize=7.5, loc="left")
            grid[row, 0].annotate(
                cut(variant, LONGEST_NAME), (0, 1), (-4, 7), xycoords="axes fraction", textcoords="offset points",
                ha="right", va="center", fontsize=7.5, weight="bold", color=INK, parse_math=False,
            )  # fmt: skip
        for axes in grid[-1]:
            axes.set_xlabel("share of the variance", fontsize=7)
        return figure


def _shown(effects: pd.DataFrame) -> tuple[str, ...]:
    """Return the responses that have a column."""
    return "sales", earned(set(effects["response"])), "trip_s"


def leading(effects: pd.DataFrame, variants: Sequence[str]) -> list[str]:
    """Return the swept names that do most to the responses shown, in the order written."""
    shown = effects[effects["variant"].isin(list(variants)) & effects["response"].isin(_shown(effects))]
    written = list(dict.fromkeys(effects["swept"]))
    size = shown.assign(size=shown["effect"].abs()).pivot_table(
        index="swept", columns=["variant", "response"], values="size", sort=False
    )
    share = (size / size.max().replace(0, np.nan)).max(axis=1).reindex(written).fillna(0.0)
    most = set(share.sort_values(ascending=False, kind="stable").index[:MOST_NAMES])
    return [name for name in written if name in most]


def ending(name: str, longest: int = LONGEST_NAME) -> str:
    """Return a name that fits: of a long path the end says most."""
    return name if len(name) <= longest else f"…{name[1 - longest :]}"


def _left_out(effects: pd.DataFrame, names: Sequence[str]) -> str:
    count = effects["swept"].nunique()
    return f"the {len(names)} of {count} that do most; all are in sweep_effects.csv" if count > len(names) else ""


def _all(table: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(table["variant"]))


def _told(table: pd.DataFrame, baseline: str) -> list[str]:
    """Return the variants that are shown: all but the baseline, unless it is alone."""
    return [variant for variant in _all(table) if variant != baseline] or [baseline]


def _draw_levels(axes: Axes, rows: pd.DataFrame, looks: Sequence[Series]) -> None:
    numbers = pd.to_numeric(rows["setting"], errors="coerce")
    x = rows["level"].astype(float) if numbers.isna().any() else numbers
    for look in looks:
        mine = rows["variant"] == look.name
        axes.plot(
            x[mine].to_numpy(), rows.loc[mine, "mean"].to_numpy(), color=look.colour, marker=look.marker,
            linestyle=look.dash, linewidth=1.1, markersize=3.5, markerfacecolor="white", markeredgewidth=0.8,
        )  # fmt: skip
    if numbers.isna().any():
        _write_settings(axes, rows[rows["variant"] == looks[0].name])
    axes.grid(axis="y", color="#E5E5E5", linewidth=0.5)
    plain(axes)
    axes.margins(x=0.05, y=0.1)


def _write_settings(axes: Axes, rows: pd.DataFrame) -> None:
    """Write what the levels are below the axis, as far as there is room; at its ends within it."""
    shown = rows.iloc[:: -(-len(rows) // MOST_SETTINGS)]
    axes.set_xticks(shown["level"].tolist(), [ending(str(text), LONGEST_SETTING) for text in shown["setting"]])
    labels = axes.get_xticklabels()
    for label in labels:
        label.set_parse_math(False)
    if len(labels) > 1:
        labels[0].set_horizontalalignment("left")
        labels[-1].set_horizontalalignment("right")


def _draw_indices(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw two bars a name, the first on top."""
    y = np.arange(len(rows))
    for index, colour, width in (("total", TOTAL_COLOUR, 0.75), ("first_order", FIRST_COLOUR, 0.35)):
        value = rows[index].to_numpy(dtype=float)
        axes.barh(y, np.nan_to_num(value), height=width, color=colour, linewidth=0, zorder=2)
    for index, shift in (("total", 0.2), ("first_order", -0.2)):
        low, high = (rows[f"{index}_{end}"].to_numpy(dtype=float) for end in ("low", "high"))
        axes.hlines(y + shift, np.clip(low, LOW, None), high, color=INK, linewidth=0.8, zorder=3)
    axes.set_yticks(y, [ending(str(name)) for name in rows.index])
    for label in axes.get_yticklabels():
        label.set_parse_math(False)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    plain(axes)
    axes.axvline(0, color=FAINT, linewidth=0.6)
    axes.set_xlim(LOW, 1.15)
    axes.tick_params(axis="y", length=0)
