"""Which parts of a floor customers walk through, square by square and aisle by aisle."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from storesim.results.day import Day
from storesim.store.floor import Floor
from storesim.validate.fact import Floats
from storesim.validate.facts.measures import Ints

STEP_M = 0.5
"""Ways are sampled so often."""


@dataclass(frozen=True, eq=False)
class Samples:
    """Points along the used edges of a floor, about half a metre apart, each in the middle of its piece."""

    edge: Ints
    """Shape (points,), ascending; along an edge in the direction walked."""
    xy_m: Floats
    """Shape (points, 2)."""


def samples(floor: Floor) -> Samples:
    """Return points along all edges of a floor."""
    ways = floor.ways
    pieces = np.maximum(1, np.ceil(ways.edge_m / STEP_M).astype(np.int64))
    edge = np.repeat(np.arange(len(pieces)), pieces)
    number = np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    share = ((number + 0.5) / pieces[edge])[:, None]
    start, end = ways.vertex_xy[ways.edge_start], ways.vertex_xy[ways.edge_end]
    return Samples(edge, (1 - share) * start[edge] + share * end[edge])


def covered(day: Day, cell_m: tuple[float, float], corner_m: tuple[float, float] = (0.0, 0.0)) -> Floats:
    """Return the share of the cells with a way through them that each customer crossed; shape (customers,).

    Args:
        day: its ways from the door to the tills count.
        cell_m: width and depth of a cell.
        corner_m: a corner of some cell.
    """
    points = samples(day.floor)
    column, row = np.floor((points.xy_m - corner_m) / cell_m).astype(np.int64).T
    _, cell = np.unique(np.column_stack((column, row)), axis=0, return_inverse=True)
    cells = int(cell.max()) + 1
    shape = (len(day.floor.ways.edge_m), cells)
    crossed = sparse.csr_array((np.ones(len(cell)), (points.edge, cell.ravel())), shape=shape)
    return np.asarray((day.trips.traversals @ crossed > 0).sum(axis=1) / cells, dtype=np.float64)


def excursions(day: Day, aisles: Floats) -> tuple[float, float]:
    """Return how many times customers walked into aisles, and how many times they left where they had come in.

    Args:
        day: its ways from the door to the tills count.
        aisles: shape (aisles, 4), left, front, right and back of each, metres; both ends are open.
    """
    points = samples(day.floor)
    left, front, right, back = aisles.T
    x, y = points.xy_m[:, :1], points.xy_m[:, 1:]
    inside = (left <= x) & (x < right) & (front <= y) & (y < back)
    aisle = np.where(inside.any(axis=1), inside.argmax(axis=1), -1)
    walked, point = _walked_points(day, points)
    here = aisle[point]
    begins = np.flatnonzero((np.diff(here, prepend=-2) != 0) | (np.diff(walked, prepend=-1) != 0))
    ends = np.append(begins[1:], len(here)) - 1
    begins, ends = begins[here[begins] >= 0], ends[here[begins] >= 0]
    middle = ((front + back) / 2)[here[begins]]
    same = (points.xy_m[point[begins], 1] < middle) == (points.xy_m[point[ends], 1] < middle)
    return float(len(begins)), float(same.sum())


def _walked_points(day: Day, points: Samples) -> tuple[Ints, Ints]:
    """Return customer and point of all points passed, in the order walked."""
    table = day.trips.traversals
    customer = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    edge = table.indices.astype(np.int64)
    first = np.searchsorted(points.edge, np.arange(table.shape[1] + 1))
    many = (first[1:] - first[:-1])[edge]
    offset = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    return np.repeat(customer, many), np.repeat(first[:-1][edge], many) + offset
