"""What walkers see: metres of every edge, and fractions at every place, from which each bay is in view."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse

from storesim.inputs.floor_plan import FloorPlan
from storesim.store.clip import convex_pieces, touching
from storesim.store.floor import Floats, Ints, Places, Sight, Ways
from storesim.store.ground import bay_middles
from storesim.store.habits import sample_edges

EYE_M = 1.4
"""Fixtures higher than this block sight, metres."""


@dataclass(frozen=True)
class Shelves:
    """Bays to be looked at, and what may stand before them."""

    middle: Floats
    normal: Floats
    blockers: tuple[Floats, ...]
    """Convex polygons one cannot see through."""
    blocker_low: Floats
    blocker_high: Floats
    """Corners of the blockers' bounding boxes, shape (blockers, 2)."""
    range_m: float


def look(plan: FloorPlan, places: Places, ways: Ways, range_m: float) -> Sight:
    """Return what is seen along every edge and at every place of a measured plan."""
    shelves = read_shelves(plan, range_m)
    return Sight(_along_edges(shelves, ways), _at_places(shelves, plan, places))


def read_shelves(plan: FloorPlan, range_m: float) -> Shelves:
    """Return the bays of a measured plan and what can hide them."""
    pieces = _sight_blockers(plan)
    low = np.array([piece.min(axis=0) for piece in pieces]).reshape(-1, 2)
    high = np.array([piece.max(axis=0) for piece in pieces]).reshape(-1, 2)
    return Shelves(*bay_middles(plan), tuple(pieces), low, high, range_m)


def _sight_blockers(plan: FloorPlan) -> list[Floats]:
    """Return convex polygons one cannot see through: high fixtures, obstacles, walls that reach inwards."""
    outlines = [f.outline for f in plan.fixtures if f.height_m > EYE_M] + [o.outline for o in plan.obstacles]
    floor = shapely.Polygon(plan.outline)
    solid = [shapely.Polygon(outline) for outline in outlines] + [shapely.difference(floor.convex_hull, floor)]
    # A hair smaller, so that a shelf is not hidden by the one it touches.
    return [piece for area in solid for piece in convex_pieces(shapely.buffer(area, -1e-6, join_style="mitre"))]


def _along_edges(shelves: Shelves, ways: Ways) -> sparse.csr_array:
    """Return effective metres in view, shape (edges, bays): Σ visible fraction · step along the edge."""
    start, end = ways.vertex_xy[ways.edge_start], ways.vertex_xy[ways.edge_end]
    edge, xy, step = sample_edges(start, end)
    heading = ((end - start) / np.maximum(ways.edge_m, 1e-12)[:, None])[edge]
    return _table(views(shelves, xy, heading), edge, step, len(start))


def _at_places(shelves: Shelves, plan: FloorPlan, places: Places) -> sparse.csr_array:
    """Return visible fractions, shape (places, bays), for who faces the shelf, or the middle of the floor."""
    middle = np.array(shapely.Polygon(plan.outline).centroid.coords[0])
    heading = middle - places.xy
    heading[: places.bays] = -shelves.normal
    count = len(places.xy)
    return _table(views(shelves, places.xy, heading), np.arange(count), np.ones(count), count)


def _table(seen: Iterable[tuple[Ints, Floats]], row: Ints, weight: Floats, rows: int) -> sparse.csr_array:
    """Return the weighted fractions of viewers added up by row, shape (rows, bays); bay by bay to save memory."""
    data: list[Floats] = [np.empty(0)]
    indices: list[NDArray[np.int32]] = [np.empty(0, dtype=np.int32)]
    for viewer, fraction in seen:
        total = np.bincount(row[viewer], fraction * weight[viewer], minlength=rows).astype(np.float64)
        found = np.flatnonzero(total)
        data.append(total[found])
        indices.append(found.astype(np.int32))
    ends = np.cumsum([len(found) for found in indices]).astype(np.int32)
    columns = (np.concatenate(data), np.concatenate(indices), ends)
    return sparse.csr_array(sparse.csc_array(columns, shape=(rows, len(ends) - 1)))


def views(shelves: Shelves, xy: Floats, heading: Floats) -> Iterator[tuple[Ints, Floats]]:
    """Yield for each bay (viewer, visible fraction) of those who have it in view, shapes (seen,).

    Viewers have shape (viewers, 2) and a heading each. In view: within range, facing the viewer, ahead, and
    nothing high between. The fraction is the cosine between the bay's normal and the direction to the viewer.
    """
    cells = Cells(xy)
    for bay in range(len(shelves.middle)):
        yield _viewers(shelves, bay, cells, heading)


def _viewers(shelves: Shelves, bay: int, cells: "Cells", heading: Floats) -> tuple[Ints, Floats]:
    """Return who has a bay in view, and the visible fraction, shapes (seen,)."""
    middle, normal, range_m = shelves.middle[bay], shelves.normal[bay], shelves.range_m
    viewer, xy = cells.within(*_half_disc_box(middle, normal, range_m))
    across, up = xy[:, 0] - middle[0], xy[:, 1] - middle[1]
    facing, away = across * normal[0] + up * normal[1], np.sqrt(across**2 + up**2)
    ahead = across * heading[viewer, 0] + up * heading[viewer, 1] < -1e-9
    kept = np.flatnonzero(ahead & (facing > 1e-9) & (away <= range_m))
    between = [shelves.blockers[i] for i in _near_pieces(shelves, middle)]
    clear = kept[~touching(between, xy[kept], np.broadcast_to(middle, (len(kept), 2)))]
    return viewer[clear], facing[clear] / away[clear]


def _half_disc_box(middle: Floats, normal: Floats, range_m: float) -> tuple[Floats, Floats]:
    """Return the (lowest, highest) corner of the box round the half disc in front of a bay."""
    behind = range_m * np.abs(normal[::-1])
    return middle - np.where(normal > 0, behind, range_m), middle + np.where(normal < 0, behind, range_m)


def _near_pieces(shelves: Shelves, middle: Floats) -> Ints:
    """Return the blockers whose bounding box comes within range of a bay."""
    gap = np.maximum(np.maximum(shelves.blocker_low - middle, middle - shelves.blocker_high), 0)
    return np.flatnonzero((gap**2).sum(axis=1) <= shelves.range_m**2)


class Cells:
    """Points sorted into square cells of a metre, to find those near a spot quickly."""

    def __init__(self, xy: Floats) -> None:
        cell = np.floor(xy).astype(np.int64)
        self._low, self._top = cell.min(axis=0, initial=0), cell.max(axis=0, initial=0)
        key = self._key(cell[:, 0], cell[:, 1])
        self._order = np.argsort(key, kind="stable")
        self._keys, self._xy = key[self._order], xy[self._order]

    def _key(self, column: Ints, row: Ints) -> Ints:
        return np.asarray((column - self._low[0]) * (self._top[1] - self._low[1] + 1) + row - self._low[1])

    def within(self, lowest: Floats, highest: Floats) -> tuple[Ints, Floats]:
        """Return (numbers, positions) of the points of all cells that meet a box."""
        left, bottom = np.maximum(np.floor(lowest).astype(np.int64), self._low)
        right, top = np.minimum(np.floor(highest).astype(np.int64), self._top)
        columns = np.arange(left, right + 1)
        first = np.searchsorted(self._keys, self._key(columns, bottom), side="left")
        last = np.searchsorted(self._keys, self._key(columns, top), side="right")
        strips = [slice(0, 0), *(slice(a, b) for a, b in zip(first, last, strict=True))]
        return np.concatenate([self._order[s] for s in strips]), np.concatenate([self._xy[s] for s in strips])
