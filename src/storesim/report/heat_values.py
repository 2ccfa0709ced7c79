"""Values on the floor, by cell or by zone."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from storesim.inputs.floor_plan import FloorPlan
from storesim.report.geometry import walkable

CELL_M = 0.5
SPREAD_CELLS = 1.0
"""Standard deviation of the smoothing, in cells."""

Floats = NDArray[np.float64]


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
    free = walkable(plan)
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
