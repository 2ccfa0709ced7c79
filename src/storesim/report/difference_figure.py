"""What a variant changes on the floor, only where both floors are the same floor."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from matplotlib.figure import Figure
from shapely.geometry.base import BaseGeometry

from storesim.inputs.floor_plan import FloorPlan
from storesim.report import drawing
from storesim.report.colours import DIFFERENCE_MAP, FAINT
from storesim.report.figure_files import new_figure, styled
from storesim.report.geometry import furniture
from storesim.report.heat import change_range
from storesim.report.heat_drawing import Scale, draw_heat
from storesim.report.heat_values import HeatValues, floor_values, zone_values
from storesim.report.panels import BAR_SHARE, Panel, colour_bar, draw_panels, write_title

WIDTH_IN, ROW_IN, TOP_IN = 8.27, 3.0, 0.7
NOT_SHARED = "#BBBBBB"
MEASURES = (
    ("Walks through", "visits", "walks a day"),
    ("Standing at shelves", "dwell_s", "seconds a day"),
)
NOTE = "Means a day; their noise is not shown"
APART = "; nothing is compared where either plan has furniture (hatched: it stands elsewhere) or another zone (grey)"


def difference_figure(
    pair: tuple[str, str],
    plans: Mapping[str, FloorPlan],
    flow: pd.DataFrame | None,
    zones: pd.DataFrame,
    currency: str,
) -> Figure:
    """Return the differences of `pair`, a variant and its baseline: walks, standing, sales per m² of shared zones.

    Zones are shared when they have the same name and outline. Schematic plans have zones only.
    """
    variant, baseline = pair
    plan, base = plans[variant], plans[baseline]
    fine = flow is not None and not (plan.is_schematic or base.is_schematic)
    shown = [("Sales per m²", _zone_change(zones, plan, base, variant, baseline), f"{currency} per m² a day")]
    if fine and flow is not None:
        shown = [
            (title, _cell_change(flow, column, plan, base, variant, baseline), unit) for title, column, unit in MEASURES
        ] + shown
    with styled():
        height = TOP_IN + ROW_IN * len(shown)
        figure = new_figure(WIDTH_IN, height)
        write_title(figure, f"{variant} minus {baseline}")
        figure.text(0.03, 1 - 0.55 / height, NOTE + (APART if plan != base else ""), size=7, color=FAINT, va="center")
        for row, (title, change, unit) in enumerate(shown):
            scale = Scale(DIFFERENCE_MAP, change_range([change.heat]))
            bottom = (len(shown) - row - 1) * ROW_IN / height
            place = (0.03, bottom, 1 - BAR_SHARE - 0.06, ROW_IN / height)
            panel: Panel = (title, plan, change.draw, scale)
            draw_panels(figure, [place], [panel])
            colour_bar(figure, scale, unit, (bottom, bottom + ROW_IN / height), both=True)
        return figure


@dataclass(frozen=True, eq=False)
class Change:
    """Differences on a plan, and the floor on which there are none."""

    heat: HeatValues
    apart: BaseGeometry | None
    """None: the furniture stands alike."""

    def draw(self, frame: drawing.Frame, scale: Scale) -> None:
        """Draw the differences, and hatch the rest."""
        draw_heat(self.heat, frame, scale)
        for part in shapely.get_parts(self.apart) if self.apart is not None else ():
            if isinstance(part, shapely.Polygon) and part.area > 0:
                drawing.polygon(
                    frame.axes, tuple(part.exterior.coords), facecolor="none", edgecolor=NOT_SHARED, linewidth=0.3,
                    hatch="//////", zorder=4.5,
                )  # fmt: skip


def _cell_change(
    flow: pd.DataFrame, column: str, plan: FloorPlan, base: FloorPlan, variant: str, baseline: str
) -> Change:
    mine, theirs = (
        floor_values(flow[flow["variant"] == name], column, on) for name, on in ((variant, plan), (baseline, base))
    )
    ours, others = furniture(plan), furniture(base)
    apart = ours.symmetric_difference(others).buffer(-0.01)
    return Change(mine.minus(theirs), None if apart.is_empty else apart)


def _zone_change(zones: pd.DataFrame, plan: FloorPlan, base: FloorPlan, variant: str, baseline: str) -> Change:
    mine, theirs = (
        zone_values(zones[zones["variant"] == name], "sales_per_m2", on)
        for name, on in ((variant, plan), (baseline, base))
    )
    change = mine.minus(theirs)
    where = {zone.id: zone.outline for zone in base.zones}
    shared = np.array([where.get(zone.id) == zone.outline for zone in plan.zones], dtype=np.bool_)
    values = np.where(shared, change.values, np.nan)
    return Change(HeatValues(plan, values, is_change=True), None)
