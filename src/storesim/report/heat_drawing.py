"""How values on a floor are painted: colours by cell or by zone, the furniture over them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from matplotlib import colormaps
from matplotlib.colors import Normalize, to_hex, to_rgb

from storesim.inputs.floor_plan import FloorPlan
from storesim.report import drawing, schematic
from storesim.report.colours import FAINT, NO_DATA
from storesim.report.drawing import Frame
from storesim.report.geometry import furniture
from storesim.report.heat_values import CELL_M, HeatValues
from storesim.report.labels import Labels
from storesim.report.words import MINUS

DARK = 0.45
"""Text turns white on colours darker than this luminance."""


@dataclass(frozen=True)
class Scale:
    """Numbers into colours: a named colour map over a range."""

    map: str
    norm: Normalize

    def colour(self, value: float) -> str:
        """Return the colour of a value as '#rrggbb'."""
        return to_hex(colormaps[self.map](float(self.norm(value))))


def draw_heat(heat: HeatValues, frame: Frame, scale: Scale) -> None:
    """Paint the values and the furniture over them."""
    if heat.plan.is_schematic:
        schematic.draw(frame.axes, heat.plan, [_zone_look(value, heat, scale) for value in heat.values])
        return
    drawing.draw_floor(frame.axes, heat.plan)
    if heat.cells is not None:
        _draw_cells(frame, heat, scale)
    else:
        _draw_zones(frame, heat, scale)


def _draw_cells(frame: Frame, heat: HeatValues, scale: Scale) -> None:
    cells = heat.cells
    if cells is None or not len(cells):
        return
    low, high = cells.min(axis=0), cells.max(axis=0) + 1
    raster = np.full(tuple(high - low), np.nan)
    raster[tuple((cells - low).T)] = heat.values
    (left, bottom), (right, top) = (low * CELL_M).tolist(), (high * CELL_M).tolist()
    frame.axes.imshow(
        raster.T, origin="lower", extent=(left, right, bottom, top), cmap=scale.map, norm=scale.norm,
        interpolation="nearest", aspect="equal", zorder=2,
    )  # fmt: skip
    _draw_furniture(frame, heat.plan)
    low_x, low_y, high_x, high_y = shapely.Polygon(heat.plan.outline).bounds
    frame.axes.set_xlim(low_x - 0.5, high_x + 0.5)
    frame.axes.set_ylim(low_y - 0.5, high_y + 0.5)


def _draw_furniture(frame: Frame, plan: FloorPlan) -> None:
    drawing.draw_fixtures(frame.axes, plan, fill=_pale, line=FAINT)
    drawing.draw_obstacles(frame.axes, plan)
    drawing.draw_checkouts(frame.axes, plan)
    drawing.draw_doors(frame.axes, plan)


def _pale(_: object) -> str:
    return "#F4F4F4"


def _draw_zones(frame: Frame, heat: HeatValues, scale: Scale) -> None:
    plan = heat.plan
    order = sorted(range(len(plan.zones)), key=lambda number: (-plan.zones[number].area_m2, plan.zones[number].id))
    for number in order:
        value = heat.values[number]
        fill = _fill(value, scale)
        drawing.polygon(
            frame.axes, plan.zones[number].outline, facecolor=fill, edgecolor="white", linewidth=0.8, zorder=1
        )
    _draw_furniture(frame, plan)
    _write_values(frame, heat, scale)


def _write_values(frame: Frame, heat: HeatValues, scale: Scale) -> None:
    labels, standing = Labels(frame.axes, frame.points_per_m), furniture(heat.plan)
    floor = shapely.Polygon(heat.plan.outline)
    wording = _wording(heat)
    for zone, value in zip(heat.plan.zones, heat.values, strict=True):
        if np.isfinite(value):
            area = shapely.Polygon(zone.outline).intersection(floor)
            labels.near((wording(value),), area, standing, colour=_ink(value, scale))


def _fill(value: float, scale: Scale) -> str:
    return scale.colour(value) if np.isfinite(value) else NO_DATA


def _ink(value: float, scale: Scale) -> str:
    """Return the colour in which a text stays readable on the fill."""
    red, green, blue = to_rgb(_fill(value, scale))
    return "white" if 0.3 * red + 0.59 * green + 0.11 * blue < DARK else "black"


def _zone_look(value: float, heat: HeatValues, scale: Scale) -> schematic.ZoneLook:
    words = _wording(heat)(value) if np.isfinite(value) else "unknown"
    return schematic.ZoneLook(words, _fill(value, scale), _ink(value, scale))


def _wording(heat: HeatValues) -> Callable[[float], str]:
    """Return how to write the values: whole numbers where they are large, a sign on differences."""
    finite = heat.values[np.isfinite(heat.values)]
    places = 0 if not len(finite) or np.abs(finite).max() >= 100 else 1
    sign = "+" if heat.is_change else ""
    return lambda value: f"{round(value, places) + 0.0:{sign},.{places}f}".replace("-", MINUS) if value else "0"
