"""Where people walk and stand, painted on a raster of half a metre."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from storesim.results.day import Day
from storesim.results.write import text, write_csv
from storesim.store.floor import Floor

Floats = NDArray[np.float64]
CELL_M = 0.5
STEP_M = 0.25
"""Sampling of an edge: fine enough that no cell under a walk of half a cell is passed over."""


@dataclass(frozen=True, eq=False)
class Raster:
    """The cells of a floor that somebody may cross or stand in."""

    xy_m: Floats
    """Shape (cells, 2): centres."""
    crossed: sparse.csr_array
    """Shape (edges, cells): 1 where the edge crosses the cell."""
    stood: sparse.csr_array
    """Shape (places, cells): 1 in the cell of the place."""


def raster(floor: Floor) -> Raster:
    """Return the cells that the used edges and the places of a floor touch."""
    ways, edges, places = floor.ways, len(floor.ways.edge_m), len(floor.places.xy)
    steps = np.maximum(1, np.ceil(ways.edge_m / STEP_M).astype(np.int64))
    edge = np.repeat(np.arange(edges, dtype=np.int32), steps)
    share = (np.arange(len(edge)) - np.repeat(np.cumsum(steps) - steps, steps) + 0.5) / steps[edge]
    start, end = ways.vertex_xy[ways.edge_start], ways.vertex_xy[ways.edge_end]
    # One axis at a time: a market floor has half a million samples.
    column, row = (
        _cell(np.append(start[edge, axis] + share * (end - start)[edge, axis], floor.places.xy[:, axis]))
        for axis in (0, 1)
    )
    left, low = int(column.min()), int(row.min())
    rows = int(row.max()) - low + 1
    sample = (column - left) * rows + (row - low)
    is_met = np.zeros(int(sample.max()) + 1, dtype=np.bool_)
    is_met[sample] = True  # a floor has far fewer cells than samples: nothing needs sorting
    number, cell = np.flatnonzero(is_met), (np.cumsum(is_met, dtype=np.int32) - 1)[sample]
    crossed = _incidence(edge, cell[: len(edge)], (edges, len(number)))
    stood = _incidence(np.arange(places), cell[len(edge) :], (places, len(number)))
    centres = (np.column_stack((number // rows + left, number % rows + low)) + 0.5) * CELL_M
    return Raster(np.asarray(centres, dtype=np.float64), crossed, stood)


def _cell(coordinate_m: Floats) -> NDArray[np.int32]:
    return np.floor(coordinate_m / CELL_M + 1e-9).astype(np.int32)


def _incidence(row: NDArray[np.integer], column: NDArray[np.integer], shape: tuple[int, int]) -> sparse.csr_array:
    """Return a table with 1 wherever a row meets a column, however often."""
    table = sparse.coo_array((np.ones(len(row), dtype=np.float32), (row, column)), shape=shape).tocsr()
    table.data[:] = 1.0
    return table


def flow(day: Day, cells: Raster) -> Floats:
    """Return x_m, y_m, visits (times walked through) and seconds stood at shelves of each cell, shape (cells, 4)."""
    stood_s = np.asarray(day.trips.stood_s.sum(axis=0)).ravel()
    return np.column_stack((cells.xy_m, day.trips.edge_walks @ cells.crossed, stood_s @ cells.stood))


def write_flow(folder: Path, variants: Sequence[str], flows: Sequence[Floats]) -> None:
    """Write flow.csv: the cells where anybody walked or stood, means a day; flows are of shape (cells, 4)."""
    rows = (
        (text(variant), *cell)
        for variant, cells in zip(variants, flows, strict=True)
        for cell in cells[cells[:, 2:].any(axis=1)].tolist()
    )
    write_csv(folder / "flow.csv", ("variant", "x_m", "y_m", "visits", "dwell_s"), rows)
