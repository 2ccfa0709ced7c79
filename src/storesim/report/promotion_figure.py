"""Promotions taken apart: what the product wins, what its category and the rest of the store win or lose by it."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from storesim.report.colours import FAINT, INK, VERDICT_COLOURS
from storesim.report.figure_files import new_figure, styled
from storesim.report.lines import cut, plain
from storesim.report.panels import write_title
from storesim.report.words import difference_words

SCOPES = {
    "own": "the product",
    "category": "rest of its category",
    "rest": "rest of the store",
    "total": "all together",
}
MEASURES = ("sales", "margin")
WIDTH_IN, HEAD_IN, PANEL_IN, FOOT_IN = 8.27, 0.8, 1.55, 0.3
LEFT, WIDE, GAP = 0.19, 0.36, 0.08
ROOM = 1.75
"""The axis reaches so far beyond the longest interval, for the words beside it."""


def promotion_figure(promotions: pd.DataFrame, currency: str) -> Figure:
    """Return a row of two plots a promotion, sales and margin, with bars from 0 and their intervals; one scale each."""
    offers = list(dict.fromkeys(zip(promotions["variant"], promotions["promotion"], strict=True)))
    height = HEAD_IN + PANEL_IN * len(offers) + FOOT_IN
    with styled():
        figure = new_figure(WIDTH_IN, height)
        write_title(figure, "Promotions taken apart")
        note = f"Difference to the baseline in {currency} a day, with its simultaneous 95 % interval"
        figure.text(0.03, 1 - 0.55 / height, note, size=7, color=FAINT, va="center", parse_math=False)
        reach = {measure: _reach(promotions, measure) for measure in MEASURES}
        for row, (variant, product) in enumerate(offers):
            mine = promotions[(promotions["variant"] == variant) & (promotions["promotion"] == product)]
            top = 1 - (HEAD_IN + PANEL_IN * row) / height
            name = f"{cut(variant, 60)}: {cut(product, 40)}"
            figure.text(0.03, top - 0.1 / height, name, size=8, weight="bold", va="center", parse_math=False)
            for column, measure in enumerate(MEASURES):
                place = (LEFT + column * (WIDE + GAP), top - 1.2 / height, WIDE, 0.95 / height)
                axes = figure.add_axes(place)
                _draw(axes, mine, measure, reach[measure])
                if row == len(offers) - 1:
                    axes.set_xlabel(f"{measure}, {currency} a day", fontsize=7, parse_math=False)
                if column:
                    axes.set_yticklabels([])
        return figure


def _reach(promotions: pd.DataFrame, measure: str) -> float:
    ends = promotions[[f"{measure}_difference", f"{measure}_low", f"{measure}_high"]].abs().max().max()
    return float(ends) * ROOM if ends > 0 else 1.0


def _draw(axes: Axes, rows: pd.DataFrame, measure: str, reach: float) -> None:
    axes.set_xlim(-reach, reach)
    axes.set_ylim(len(SCOPES) - 0.4, -0.6)
    axes.axvline(0, color=FAINT, linewidth=0.8)
    for row in rows.to_dict("records"):
        _draw_scope(axes, row, measure, reach)
    axes.set_yticks(range(len(SCOPES)), list(SCOPES.values()))
    plain(axes)
    axes.set_xlim(-reach, reach)
    axes.tick_params(axis="y", length=0)


def _draw_scope(axes: Axes, row: Mapping[Hashable, Any], measure: str, reach: float) -> None:
    """Draw a bar and its interval, and write the numbers where no bar is."""
    change, low, high = (float(row[f"{measure}_{part}"]) for part in ("difference", "low", "high"))
    y, half = list(SCOPES).index(str(row["scope"])), (high - low) / 2
    colour = VERDICT_COLOURS["higher" if low > 0 else "lower" if high < 0 else "undecided"]
    axes.barh(y, change, height=0.55, color=colour, alpha=0.55, linewidth=0)
    if half == half:
        axes.plot([low, high], [y, y], color=colour, linewidth=1.4, solid_capstyle="butt")
    right = change >= 0
    end = max(high, 0.0) if right else min(low, 0.0)
    end = end if end == end else change
    axes.text(
        end + (0.02 if right else -0.02) * reach, y, difference_words(change, half), size=6.5, color=INK,
        va="center", ha="left" if right else "right",
    )  # fmt: skip
