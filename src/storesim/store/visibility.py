"""The visibility graph: who can be walked to in a straight line, and in which direction."""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy import sparse

from storesim.inputs.floor_plan import FloorPlan, Walkway
from storesim.store.clip import Bools, convex_pieces, share_inside, touching
from storesim.store.floor import Floats, Ints
from storesim.store.ground import Ground, Standing, corners

PAIRS_AT_ONCE = 200_000
"""Pairs tried in one sweep: bounds memory on large floors."""


@dataclass(frozen=True)
class Network:
    """Vertices and the straight walks between them; a pair may be open up, down or both ways."""

    xy: Floats
    """Shape (vertices, 2), metres."""
    low: Ints
    high: Ints
    metres: Floats
    up: Bools
    """Whether one may walk from `low` to `high`."""
    down: Bools
    free: Bools
    """Shape (vertices,): whether one can stand there at all."""

    def matrix(self, cost: Floats) -> sparse.csr_array:
        """Return costs of pairs, shape (pairs,), as a directed matrix, shape (vertices, vertices)."""
        rows = np.concatenate([self.low[self.up], self.high[self.down]])
        columns = np.concatenate([self.high[self.up], self.low[self.down]])
        size = (len(self.xy), len(self.xy))
        return sparse.csr_array((np.concatenate([cost[self.up], cost[self.down]]), (rows, columns)), shape=size)


def see(plan: FloorPlan, ground: Ground, standing: Standing) -> Network:
    """Return the network over standing places, then corners; places that are not free have no walks."""
    bends = np.concatenate([corners(ground.free), _rule_corners(plan, ground)])
    xy = np.concatenate([standing.xy, bends])
    usable = np.concatenate([standing.free, np.ones(len(bends), dtype=np.bool_)])
    low, high = _open_pairs(xy, np.flatnonzero(usable), ground)
    metres = np.hypot(*(xy[high] - xy[low]).T)
    up, down = _directions(plan, xy[low], xy[high], metres)
    kept = up | down
    return Network(xy, low[kept], high[kept], metres[kept], up[kept], down[kept], usable)


def _open_pairs(xy: Floats, usable: Ints, ground: Ground) -> tuple[Ints, Ints]:
    """Return the pairs (low, high) of usable vertices whose segment touches no blocker."""
    first, second = np.triu_indices(len(usable), 1)
    low, high = usable[first], usable[second]
    kept = [np.empty(0, dtype=np.int64)]
    for begin in range(0, len(low), PAIRS_AT_ONCE):
        part = slice(begin, begin + PAIRS_AT_ONCE)
        blocked = touching(ground.blockers, xy[low[part]], xy[high[part]])
        kept.append(begin + np.flatnonzero(~blocked))
    chosen = np.concatenate(kept)
    return low[chosen], high[chosen]


def one_way_areas(plan: FloorPlan) -> list[Walkway]:
    """Return the walkways that may be crossed in one direction only."""
    return [walkway for walkway in plan.walkways if walkway.direction is not None]


def _rule_corners(plan: FloorPlan, ground: Ground) -> Floats:
    """Return the free corners of one-way areas, shape (corners, 2): ways round an area bend there."""
    outlines = [np.array(walkway.outline, dtype=np.float64) for walkway in one_way_areas(plan)]
    points = np.concatenate([np.empty((0, 2)), *outlines])
    free = shapely.intersects_xy(ground.free, points[:, 0], points[:, 1])
    return np.asarray(points[free], dtype=np.float64)


def _directions(plan: FloorPlan, start: Floats, end: Floats, metres: Floats) -> tuple[Bools, Bools]:
    """Return (up, down), shapes (pairs,): whether one-way areas allow start to end, and end to start.

    Walking along an area's border, or straight across its direction, is allowed both ways.
    """
    up, down = np.ones(len(start), dtype=np.bool_), np.ones(len(start), dtype=np.bool_)
    for walkway in one_way_areas(plan):
        area = shapely.buffer(shapely.Polygon(walkway.outline), -1e-4, join_style="mitre")
        inside = share_inside(convex_pieces(area), start, end) * metres > 1e-6
        along = (end - start) @ np.array(walkway.direction)
        up &= ~(inside & (along < -1e-6 * metres))
        down &= ~(inside & (along > 1e-6 * metres))
    return up, down
