"""Values on the floor, by cell or by zone, and how each is painted."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely
from matplotlib import colormaps
from matplotlib.colors import Normalize, to_hex, to_rgb
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from storesim.inputs.floor_plan import FloorPlan
from storesim.report import drawing, schematic
from storesim.report.colours import FAINT, NO_DATA
from storesim.report.drawing import Frame
from storesim.report.labels import Labels
from storesim.report.words import MINUS

CELL_M = 0.5
SPREAD_CELLS = 1.0
"""Standard deviation of the smoothing, in cells."""
DARK = 0.45
"""Text turns white on colours darker than this luminance."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """Numbers into colours: a named colour map over a range."""

    map: str
    norm: Normalize

    def colour(self, value: float) -> str:
        """Return the colour of a value as '#rrggbb'."""
        return to_hex(colormaps[self.map](float(self.norm(value))))


@dataclass(frozen=True)
class HeatValues:
    """Something measured on one floor.

    `values`: shape (cells,) on a raster, or (zones,) in the plan's order; nan where nothing is known.
    `cells`: shape (cells, 2), column and row of each cell; None when the values belong to zones.
    """

    plan: FloorPlan
    values: Floats
    cells: NDArray[np.int64] | None = None
    is_change: bool = False
    """Whether the values are differences, which are written with their sign."""

    def minus(self, other: "HeatValues") -> "HeatValues":
        """Return the difference, place by place, on this floor; nan where the other has no such place."""
        theirs = dict(zip(other._keys(), other.values, strict=True))
        known = np.array([theirs.get(key, np.nan) for key in self._keys()], dtype=np.float64)
        return replace(self, values=self.values - known, is_change=True)

    def draw(self, frame: Frame, scale: Scale) -> None:
        """Paint the values and the furniture over them."""
        if self.plan.is_schematic:
            schematic.draw(frame.axes, self.plan, [_zone_look(value, self, scale) for value in self.values])
            return
        drawing.draw_floor(frame.axes, self.plan)
        if self.cells is not None:
            _draw_cells(frame, self, scale)
        else:
            _draw_zones(frame, self, scale)

    def _keys(self) -> list[object]:
        if self.cells is None:
            return [zone.id for zone in self.plan.zones]
        return [tuple(cell) for cell in self.cells.tolist()]


def floor_values(flow: pd.DataFrame, column: str, plan: FloorPlan) -> HeatValues:
    """Return a raster of one variant's flow: `x_m`, `y_m` (cell centres) and `column`.

    Free cells not listed are zero. Cells whose centre is in furniture or outside the walls are left out.
    """
    low_x, low_y, high_x, high_y = shapely.Polygon(plan.outline).bounds
    first, last = cell_of(np.array([[low_x, low_y], [high_x - CELL_M / 2, high_y - CELL_M / 2]]))
    grid = np.stack(np.meshgrid(*(np.arange(a, b + 1) for a, b in zip(first, last, strict=True)), indexing="ij"), -1)
    cells = grid.reshape(-1, 2)
    free = drawing.walkable(plan)
    shapely.prepare(free)
    cells = cells[shapely.contains_xy(free, (cells + 0.5) * CELL_M)]
    found = cell_of(flow[["x_m", "y_m"]].to_numpy(dtype=np.float64))
    listed = dict(zip(map(tuple, found.tolist()), flow[column].to_numpy(dtype=np.float64), strict=True))
    values = np.array([listed.get(tuple(cell), 0.0) for cell in cells.tolist()], dtype=np.float64)
    return HeatValues(plan, spread(values, cells), cells)


def spread(values: Floats, cells: NDArray[np.int64]) -> Floats:
    """Return values as weighted means of their neighbourhood on the free floor; a constant stays what it is.

    People stand at points, and a map of points cannot be read: a Gaussian of `SPREAD_CELLS` makes them areas.
    """
    if not len(cells):
        return values
    place = tuple((cells - cells.min(axis=0)).T)
    free = np.zeros(tuple(np.ptp(cells, axis=0) + 1))
    raster = np.zeros_like(free)
    free[place], raster[place] = 1.0, values
    near, sums = (gaussian_filter(grid, SPREAD_CELLS, mode="constant")[place] for grid in (free, raster))
    return np.asarray(sums / near)


def zone_values(zones: pd.DataFrame, column: str, plan: FloorPlan) -> HeatValues:
    """Return one variant's values by zone; nan for zones without a row."""
    rows = dict(zip(zones["zone"].astype(str), zones[column].to_numpy(dtype=np.float64), strict=True))
    return HeatValues(plan, np.array([rows.get(zone.id, np.nan) for zone in plan.zones], dtype=np.float64))


def cell_of(xy: Floats) -> NDArray[np.int64]:
    """Return column and row of the cells that points lie in; shapes (points, 2)."""
    return np.floor(xy / CELL_M + 1e-9).astype(np.int64)


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
    labels, standing = Labels(frame.axes, frame.points_per_m), drawing.furniture(heat.plan)
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
