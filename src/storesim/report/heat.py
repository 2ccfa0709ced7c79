"""Heat maps on the floor: where customers go, where they stay, where money is made, and what changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.colors import Normalize, PowerNorm, TwoSlopeNorm
from matplotlib.figure import Figure

from storesim.inputs.floor_plan import FloorPlan
from storesim.report.colours import DIFFERENCE_MAP, HEAT_MAP
from storesim.report.figure_files import styled
from storesim.report.heat_drawing import Scale, draw_heat
from storesim.report.heat_values import CELL_M, Floats, HeatValues, floor_values, zone_values
from storesim.report.panels import bar_rows, colour_bar, draw_panels, page, write_title

HeatKind = Literal["visits", "dwell", "sales_per_m2"]
CAP = 0.99
"""The scale ends at this quantile, so that one crowded cell at a till does not bleach the rest."""
CELL_WORDS = f"In each square of {CELL_M} m, smoothed; without the way from the tills to the door"


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
        figure, rows = page(len(plans), len(changes))
        write_title(figure, look.title, CELL_WORDS if fine else "")
        heat = Scale(HEAT_MAP, heat_range(values.values(), look.gamma))
        change = Scale(DIFFERENCE_MAP, change_range(changes.values()))
        panels = [(name, plans[name], partial(draw_heat, values[name]), heat) for name in plans]
        for name, difference in changes.items():
            panels.append((f"{name} minus {baseline}", plans[name], partial(draw_heat, difference), change))
        draw_panels(figure, rows, panels)
        colour_bar(figure, heat, unit, bar_rows(rows, len(plans), first=True))
        if changes:
            colour_bar(figure, change, f"difference,\n{unit}", bar_rows(rows, len(plans), first=False), both=True)
        return figure


def _values(
    variant: str, plan: FloorPlan, look: HeatLook, zones: pd.DataFrame, flow: pd.DataFrame | None
) -> HeatValues:
    if flow is not None and look.flow is not None and not plan.is_schematic:
        return floor_values(flow[flow["variant"] == variant], look.flow, plan)
    return zone_values(zones[zones["variant"] == variant], look.zones, plan)


def heat_range(values: Iterable[HeatValues], gamma: float) -> Normalize:
    """Return the scale that all variants share, from 0 to the cap."""
    found = _finite(values)
    top = float(np.quantile(found, CAP)) if len(found) else 1.0
    return PowerNorm(gamma, vmin=0.0, vmax=top or 1.0, clip=True)


def change_range(changes: Iterable[HeatValues]) -> Normalize:
    """Return a scale of differences, as far below 0 as above, to the cap."""
    found = np.abs(_finite(changes))
    reach = float(np.quantile(found, CAP)) if len(found) else 1.0
    return TwoSlopeNorm(0.0, -(reach or 1.0), reach or 1.0)


def _finite(values: Iterable[HeatValues]) -> Floats:
    each = [one.values.ravel() for one in values]
    every = np.concatenate(each) if each else np.empty(0)
    return every[np.isfinite(every)]
