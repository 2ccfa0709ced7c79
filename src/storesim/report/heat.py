"""Heat maps on the floor: where customers go, where they stay, where money is made, and what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize, PowerNorm, TwoSlopeNorm
from matplotlib.figure import Figure

from storesim.inputs.floor_plan import FloorPlan
from storesim.report import drawing
from storesim.report.colours import DIFFERENCE_MAP, FAINT, HEAT_MAP
from storesim.report.figure_files import A4_IN, STYLE, new_figure
from storesim.report.heat_values import HeatValues, floor_values, zone_values

HeatKind = Literal["visits", "dwell", "sales_per_m2"]
COLUMNS = 3
ROW_IN = 2.75
TOP_IN = 0.75
BOTTOM_IN = 0.35
BAR_SHARE = 0.1
"""Width kept at the right for the colour bars."""
CAP = 0.99
"""The scale ends at this quantile, so that one crowded cell at a till does not bleach the rest."""


@dataclass(frozen=True)
class HeatLook:
    """What one kind of heat map shows; `flow` is its column in flow.csv, `zones` in zones.csv."""

    title: str
    unit: str
    zones: str
    flow: str | None = None
    gamma: float = 1.0
    """Below 1 spreads the low end, where cold places differ."""


HEAT_LOOKS: Mapping[HeatKind, HeatLook] = {
    "visits": HeatLook("Where customers go", "customers a day", "visits", "visits", 0.5),
    "dwell": HeatLook("Where customers stay", "customer seconds a day", "dwell_s", "dwell_s", 0.5),
    "sales_per_m2": HeatLook("Where money is made", "{currency} per m² a day", "sales_per_m2"),
}


def heat_figure(
    kind: HeatKind,
    plans: Mapping[str, FloorPlan],
    zones: pd.DataFrame,
    flow: pd.DataFrame | None = None,
    currency: str = "money",
) -> Figure:
    """Return one panel a variant on a shared colour scale, then one a variant with its difference.

    `plans`: by variant, the baseline first. `flow` (cells of 0.5 m) is preferred to `zones` where the kind has it.
    """
    look = HEAT_LOOKS[kind]
    values = {variant: _values(variant, plan, look, zones, flow) for variant, plan in plans.items()}
    baseline = next(iter(plans))
    changes = {variant: values[variant].minus(values[baseline]) for variant in list(plans)[1:]}
    fine = flow is not None and look.flow is not None
    unit = look.unit.format(currency=currency) + (" in a square of 0.5 m" if fine else "")
    with mpl.rc_context(STYLE):
        figure, rows = _page(len(plans), len(changes))
        figure.text(0.03, 1 - 0.3 / figure.get_figheight(), look.title, size=13, weight="bold", va="center")
        heat = ScalarMappable(_heat_scale(values.values(), look.gamma), HEAT_MAP)
        change = ScalarMappable(_change_scale(changes.values()), DIFFERENCE_MAP)
        panels = [(name, plans[name], values[name], heat) for name in plans]
        panels += [(f"{name} minus {baseline}", plans[name], changes[name], change) for name in changes]
        _draw_panels(figure, rows, panels)
        _colour_bar(figure, heat, unit, _bar_rows(rows, len(plans), first=True))
        if changes:
            _colour_bar(figure, change, f"difference in {unit}", _bar_rows(rows, len(plans), first=False), both=True)
        return figure


Place = tuple[float, float, float, float]
Panel = tuple[str, FloorPlan, HeatValues, ScalarMappable]


def _values(
    variant: str, plan: FloorPlan, look: HeatLook, zones: pd.DataFrame, flow: pd.DataFrame | None
) -> HeatValues:
    if flow is not None and look.flow is not None:
        return floor_values(flow[flow["variant"] == variant], look.flow, plan)
    return zone_values(zones[zones["variant"] == variant], look.zones, plan)


def _page(variants: int, changes: int) -> tuple[Figure, list[Place]]:
    """Return an empty page and the places of its panels; differences start a row unless all fit in one."""
    one_row = variants + changes <= COLUMNS
    heat_rows, change_rows = ceil(variants / COLUMNS), ceil(changes / COLUMNS)
    rows = 1 if one_row else heat_rows + change_rows
    columns = variants + changes if one_row else min(COLUMNS, variants)
    width = A4_IN[0]
    row_in = ROW_IN if columns == COLUMNS else 1.4 * ROW_IN
    height = TOP_IN + BOTTOM_IN + rows * row_in
    slots = list(range(variants + changes))
    if not one_row:
        slots = [*range(variants), *(heat_rows * columns + number for number in range(changes))]
    wide, deep = (1 - BAR_SHARE - 0.03) / columns, row_in / height
    top = 1 - TOP_IN / height
    places = [(0.02 + wide * (slot % columns), top - deep * (slot // columns + 1), wide, deep) for slot in slots]
    return new_figure(width, height), places


def _draw_panels(figure: Figure, places: Sequence[Place], panels: Sequence[Panel]) -> None:
    for (left, bottom, wide, deep), (title, plan, values, colours) in zip(places, panels, strict=True):
        frame = drawing.plan_frame(figure, plan, (left, bottom, wide - 0.01, deep * 0.9))
        drawing.draw_floor(frame.axes, plan)
        values.draw(frame, colours)
        frame.axes.set_title(title, fontsize=8.5, parse_math=False)


def _heat_scale(values: object, gamma: float) -> Normalize:
    """Return the scale that all variants share, from 0 to the cap."""
    found = _finite(values)
    top = float(np.quantile(found, CAP)) if len(found) else 1.0
    return PowerNorm(gamma, vmin=0.0, vmax=top or 1.0, clip=True)


def _change_scale(changes: object) -> Normalize:
    found = np.abs(_finite(changes))
    reach = float(np.quantile(found, CAP)) if len(found) else 1.0
    return TwoSlopeNorm(0.0, -(reach or 1.0), reach or 1.0)


def _finite(values: object) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    each = [one.values.ravel() for one in values]  # type: ignore[attr-defined]
    every = np.concatenate(each) if each else np.empty(0)
    return every[np.isfinite(every)]


def _bar_rows(places: Sequence[Place], variants: int, *, first: bool) -> tuple[float, float]:
    """Return bottom and top of the rows a colour bar stands beside; halves of the row when both share one."""
    if places[0][1] == places[-1][1] and len(places) > variants:
        bottom, deep = places[0][1], places[0][3] / 2
        return (bottom + deep, bottom + 2 * deep) if first else (bottom, bottom + deep)
    chosen = places[:variants] if first else places[variants:]
    return chosen[-1][1], chosen[0][1] + chosen[0][3]


def _colour_bar(
    figure: Figure, colours: ScalarMappable, unit: str, rows: tuple[float, float], *, both: bool = False
) -> None:
    bottom, top = rows
    axes = figure.add_axes((1 - BAR_SHARE + 0.005, bottom + 0.12 * (top - bottom), 0.012, 0.72 * (top - bottom)))
    bar = figure.colorbar(colours, cax=axes, extend="both" if both else "max")
    words = unit if len(unit) < 28 else unit.replace(" in a square", "\nin a square").replace("difference in ", "difference in\n")
    bar.set_label(words, fontsize=7)
    bar.ax.tick_params(labelsize=6.5, color=FAINT)
