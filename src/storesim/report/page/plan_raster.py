"""The squares of a floor as a picture that lies on its plan."""

import numpy as np
import shapely
from markupsafe import Markup
from numpy.typing import NDArray

from storesim.inputs.floor_plan import FloorPlan
from storesim.report.heat_values import CELL_M, HeatValues
from storesim.report.page.plan_shapes import View
from storesim.report.page.png import data_address, picture
from storesim.report.page.ramp import Ramp
from storesim.report.page.svg import tag

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def raster_image(values: HeatValues, view: View, ramp: Ramp) -> Markup | None:
    """Return the picture of values on squares; None where there are none. Unknown squares are see-through."""
    if values.cells is None or not len(values.cells):
        return None
    low, high = values.cells.min(axis=0), values.cells.max(axis=0) + 1
    steps = ramp.steps(under_furniture(values.values, values.cells, values.plan))
    x, y = view.spot((float(low[0]) * CELL_M, float(high[1]) * CELL_M))
    wide, deep = ((high - low) * CELL_M * view.scale).tolist()
    image = data_address(picture(steps.T[::-1], ramp.palette))
    return tag("image", href=image, x=x, y=y, width=wide, height=deep, preserveAspectRatio="none")


def under_furniture(values: Floats, cells: Ints, plan: FloorPlan) -> Floats:
    """Return values as a raster, shape (columns, rows) over the cells' extent.

    Squares of the floor that no customer can stand in take the mean of their neighbours: furniture is drawn over
    them, and a browser that blends squares would show a pale rim around it. All else not in `cells` is nan.
    """
    low = cells.min(axis=0)
    raster = np.full(tuple(np.ptp(cells, axis=0) + 1), np.nan)
    raster[tuple((cells - low).T)] = values
    listed = np.zeros(raster.shape, dtype=np.bool_)
    listed[tuple((cells - low).T)] = True
    columns, rows = (((np.arange(size) + first + 0.5) * CELL_M) for size, first in zip(raster.shape, low, strict=True))
    inside = shapely.contains_xy(shapely.Polygon(plan.outline), columns[:, None], rows[None, :])
    return np.where(~listed & inside, _neighbours(raster), raster)


def _neighbours(raster: Floats) -> Floats:
    """Return the mean of the up to eight known squares around each, nan where none is known."""
    known = np.pad(np.isfinite(raster).astype(np.float64), 1)
    values = np.pad(np.nan_to_num(raster), 1)
    columns, rows = raster.shape
    around = [(i, j) for i in range(3) for j in range(3) if (i, j) != (1, 1)]
    count, total = (sum(grid[i : i + columns, j : j + rows] for i, j in around) for grid in (known, values))
    return np.asarray(np.divide(total, count, out=np.full(raster.shape, np.nan), where=np.asarray(count) > 0))
