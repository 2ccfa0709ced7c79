"""Heat maps on the floor: where customers go, where they stay, where money is made, and what changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize, PowerNorm, TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from storesim.inputs.floor_plan import FloorPlan
from storesim.report import drawing, schematic
from storesim.report.colours import DIFFERENCE_MAP, FAINT, HEAT_MAP
from storesim.report.figure_files import new_figure, styled
from storesim.report.heat_values import CELL_M, Floats, HeatValues, Scale, floor_values, zone_values

HeatKind = Literal["visits", "dwell", "sales_per_m2"]
COLUMNS = 3
WIDTH_IN = 8.27
ROW_IN = 2.0
TOP_IN = 0.6
BOTTOM_IN = 0.2
BAR_SHARE = 0.11
"""Width kept at the right for the colour bars."""
CAP = 0.99
"""The scale ends at this quantile, so that one crowded cell at a till does not bleach the rest."""
CELL_WORDS = f"In each square of {CELL_M} m, smoothed; without the way from the tills to the door"
TICKS = 3
LABEL_PT = 11.0
"""Room that a tick's label takes along the bar."""
"""Few: on a bar of half a row they must not touch."""


@dataclass(frozen=True)
class HeatLook:
    """What one kind of heat map shows: a column of zones.csv, or, finer, of flow.csv, each with its unit."""

    title: str
    zones: str
    zones_unit: str
    flow: str | None = None
    flow_unit: str = ""
    gamma: float = 1.0
    """Below 1 spreads the low end, where cold places differ."""


HEAT_LOOKS: Mapping[HeatKind, HeatLook] = {
    "visits": HeatLook("Where customers go", "visits", "customers a day", "visits", "walks a day", 0.5),
    "dwell": HeatLook("Where customers stay", "dwell_s", "seconds a customer", "dwell_s", "seconds a day", 0.5),
    "sales_per_m2": HeatLook("Where money is made", "sales_per_m2", "{currency} per m² a day"),
}


def heat_figure(
    kind: HeatKind,
    plans: Mapping[str, FloorPlan],
    zones: pd.DataFrame,
    flow: pd.DataFrame | None = None,
    currency: str = "money",
) -> Figure:
    """Return one panel a variant on a shared colour scale, then one a variant with its difference.

    `plans`: by variant, the baseline first. `flow` is preferred to `zones` for kinds that have it.
    """
    look = HEAT_LOOKS[kind]
    values = {variant: _values(variant, plan, look, zones, flow) for variant, plan in plans.items()}
    baseline = next(iter(plans))
    changes = {variant: values[variant].minus(values[baseline]) for variant in list(plans)[1:]}
    fine = any(one.cells is not None for one in values.values())
    unit = (look.flow_unit if fine else look.zones_unit).format(currency=currency)
    with styled():
        figure, rows = _page(len(plans), len(changes))
        figure.text(0.03, 1 - 0.3 / figure.get_figheight(), look.title, size=13, weight="bold", va="center")
        if fine:
            figure.text(
                0.97, 1 - 0.3 / figure.get_figheight(), CELL_WORDS, size=7, color=FAINT, ha="right", va="center"
            )
        heat = Scale(HEAT_MAP, _heat_range(values.values(), look.gamma))
        change = Scale(DIFFERENCE_MAP, _change_range(changes.values()))
        panels = [(name, plans[name], values[name], heat) for name in plans]
        panels += [(f"{name} minus {baseline}", plans[name], changes[name], change) for name in changes]
        _draw_panels(figure, rows, panels)
        _colour_bar(figure, heat, unit, _bar_rows(rows, len(plans), first=True))
        if changes:
            _colour_bar(figure, change, f"difference,\n{unit}", _bar_rows(rows, len(plans), first=False), both=True)
        return figure


Place = tuple[float, float, float, float]
Panel = tuple[str, FloorPlan, HeatValues, Scale]


def _values(
    variant: str, plan: FloorPlan, look: HeatLook, zones: pd.DataFrame, flow: pd.DataFrame | None
) -> HeatValues:
    if flow is not None and look.flow is not None and not plan.is_schematic:
        return floor_values(flow[flow["variant"] == variant], look.flow, plan)
    return zone_values(zones[zones["variant"] == variant], look.zones, plan)


def _page(variants: int, changes: int) -> tuple[Figure, list[Place]]:
    """Return an empty page and the places of its panels; differences start a row unless all fit in one."""
    one_row = variants + changes <= COLUMNS
    heat_rows, change_rows = ceil(variants / COLUMNS), ceil(changes / COLUMNS)
    rows = 1 if one_row else heat_rows + change_rows
    columns = variants + changes if one_row else min(COLUMNS, variants)
    row_in = ROW_IN if columns == COLUMNS else 1.4 * ROW_IN
    height = TOP_IN + BOTTOM_IN + rows * row_in
    slots = list(range(variants + changes))
    if not one_row:
        slots = [*range(variants), *(heat_rows * columns + number for number in range(changes))]
    wide, deep = (1 - BAR_SHARE - 0.03) / columns, row_in / height
    top = 1 - 0.9 * TOP_IN / height
    places = [(0.02 + wide * (slot % columns), top - deep * (slot // columns + 1), wide, deep) for slot in slots]
    return new_figure(WIDTH_IN, height), places


def _draw_panels(figure: Figure, places: Sequence[Place], panels: Sequence[Panel]) -> None:
    for (left, bottom, wide, deep), (title, plan, values, scale) in zip(places, panels, strict=True):
        place = (left, bottom, wide - 0.01, deep * 0.9)
        frame = schematic.frame(figure, place) if plan.is_schematic else drawing.plan_frame(figure, plan, place)
        values.draw(frame, scale)
        frame.axes.set_title(title, fontsize=8, parse_math=False)


def _heat_range(values: Iterable[HeatValues], gamma: float) -> Normalize:
    """Return the scale that all variants share, from 0 to the cap."""
    found = _finite(values)
    top = float(np.quantile(found, CAP)) if len(found) else 1.0
    return PowerNorm(gamma, vmin=0.0, vmax=top or 1.0, clip=True)


def _change_range(changes: Iterable[HeatValues]) -> Normalize:
    found = np.abs(_finite(changes))
    reach = float(np.quantile(found, CAP)) if len(found) else 1.0
    return TwoSlopeNorm(0.0, -(reach or 1.0), reach or 1.0)


def _finite(values: Iterable[HeatValues]) -> Floats:
    each = [one.values.ravel() for one in values]
    every = np.concatenate(each) if each else np.empty(0)
    return every[np.isfinite(every)]


def _bar_rows(places: Sequence[Place], variants: int, *, first: bool) -> tuple[float, float]:
    """Return bottom and top of the rows a colour bar stands beside; halves of the row when both share one."""
    if places[0][1] == places[-1][1] and len(places) > variants:
        bottom, deep = places[0][1], places[0][3] / 2
        return (bottom + deep, bottom + 2 * deep) if first else (bottom, bottom + deep)
    chosen = places[:variants] if first else places[variants:]
    return chosen[-1][1], chosen[0][1] + chosen[0][3]


def _colour_bar(figure: Figure, scale: Scale, unit: str, rows: tuple[float, float], *, both: bool = False) -> None:
    bottom, top = rows
    axes = figure.add_axes((1 - BAR_SHARE + 0.005, bottom + 0.1 * (top - bottom), 0.012, 0.72 * (top - bottom)))
    colours = ScalarMappable(scale.norm, scale.map)
    height_pt = 0.72 * (top - bottom) * figure.get_figheight() * 72
    bar = figure.colorbar(colours, cax=axes, extend="both" if both else "max", ticks=_apart(scale.norm, height_pt))
    bar.set_label(unit, fontsize=6.5)
    bar.ax.tick_params(labelsize=6.5, color=FAINT)


def _apart(norm: Normalize, height_pt: float) -> list[float]:
    """Return round values for the ticks of a bar, from the low end, none so near the last that labels would touch."""
    low, high = float(norm.vmin or 0.0), float(norm.vmax or 1.0)
    kept: list[float] = []
    for value in MaxNLocator(TICKS).tick_values(low, high):
        inside = low <= value <= high
        if inside and (not kept or float(norm(value) - norm(kept[-1])) * height_pt >= LABEL_PT):
            kept.append(float(value))
    return kept
