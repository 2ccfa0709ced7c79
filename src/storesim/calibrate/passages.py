"""Which zones trips pass, and what of it can be compared: recorded trips and simulated ones, counted alike."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse

from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.names import folded
from storesim.inputs.snapping import zones_at
from storesim.results.trips import Trips
from storesim.store.floor import Floor
from storesim.store.habits import PERIMETER_M, sample_edges

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEAST_SHARE = 0.01
"""Pairs of zones that are passed one after the other less often a trip are counted together."""


@dataclass(frozen=True, eq=False)
class Passages:
    """The zones passed by some trips, in order, no zone twice in a row; trips that passed none are left out."""

    trip: Ints
    """Shape (passages,), ascending, counts up from 0."""
    zone: Ints
    """Shape (passages,): index into the plan's zones."""

    def __len__(self) -> int:
        """Return the number of trips."""
        return int(self.trip[-1]) + 1 if len(self.trip) else 0


def collapsed(trip: Ints, zone: Ints) -> Passages:
    """Return passages from points seen in order, trip after trip; -1 is no zone."""
    trip, zone = trip[zone >= 0], zone[zone >= 0]
    new = (np.diff(trip, prepend=-1) != 0) | (np.diff(zone, prepend=-1) != 0)
    return Passages(np.unique(trip[new], return_inverse=True)[1].reshape(-1), zone[new])


def recorded_passages(plan: FloorPlan, paths: Sequence[Sequence[str]]) -> Passages:
    """Return recorded trips as passages of a plan's zones; zones that it does not have are left out."""
    number = {folded(zone.id): index for index, zone in enumerate(plan.zones)}
    trip = np.repeat(np.arange(len(paths)), [len(path) for path in paths])
    return collapsed(trip, np.array([number.get(folded(zone), -1) for path in paths for zone in path], dtype=np.int64))


def walked_passages(trips: Trips) -> Passages:
    """Return the zones that simulated customers walked through from the door to the tills, on a measured floor."""
    floor = trips.floor
    edge, zone = _zones_along(floor)
    table = trips.traversals
    first = np.searchsorted(edge, np.arange(table.shape[1] + 1))
    walked = table.indices.astype(np.int64)
    many = (first[1:] - first[:-1])[walked]
    offset = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    customer = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    return collapsed(np.repeat(customer, many), zone[np.repeat(first[:-1][walked], many) + offset])


def _zones_along(floor: Floor) -> tuple[Ints, Ints]:
    """Return (edge, zone) of points along all used edges, about half a metre apart, in the direction walked."""
    ways = floor.ways
    edge, xy, _ = sample_edges(ways.vertex_xy[ways.edge_start], ways.vertex_xy[ways.edge_end])
    return edge, zones_at(floor.plan, xy)


@dataclass(frozen=True, eq=False)
class Moments:
    """What is counted of each trip: passages of zones, of pairs of zones in a row, all of them, and along the walls."""

    zones: int
    pairs: Ints
    """Shape (pairs,): from · zones + to, the pairs that are counted one by one."""
    along_walls: Floats
    """Shape (zones,): share of each zone within 3 m of the outer walls."""

    @classmethod
    def of(cls, plan: FloorPlan, seen: Passages) -> "Moments":
        """Return what to count on a plan, where such trips were recorded."""
        zones = len(plan.zones)
        pairs, times = np.unique(_pairs(seen, zones)[1], return_counts=True)
        return cls(zones, pairs[times >= LEAST_SHARE * len(seen)], _along_walls(plan))

    def count(self, seen: Passages) -> Floats:
        """Return the counts of each trip, shape (trips, zones + pairs + 3).

        After zones and pairs come all other pairs, the number of zones passed, and the mean of `along_walls` over them.
        """
        trips = len(seen)
        passed = _table(seen.trip, seen.zone, (trips, self.zones))
        trip, pair = _pairs(seen, self.zones)
        column = np.searchsorted(self.pairs, pair)
        known = np.append(self.pairs, -1)[column] == pair
        steps = _table(trip, np.where(known, column, len(self.pairs)), (trips, len(self.pairs) + 1))
        length = passed.sum(axis=1)
        return np.column_stack((passed, steps, length, passed @ self.along_walls / np.maximum(length, 1)))


def _pairs(seen: Passages, zones: int) -> tuple[Ints, Ints]:
    """Return (trip, from · zones + to) of every step from zone to zone."""
    same = np.flatnonzero(np.diff(seen.trip) == 0)
    return seen.trip[same], seen.zone[same] * zones + seen.zone[same + 1]


def _table(row: Ints, column: Ints, shape: tuple[int, int]) -> Floats:
    return np.asarray(sparse.coo_array((np.ones(len(row)), (row, column)), shape=shape).toarray(), dtype=np.float64)


def _along_walls(plan: FloorPlan) -> Floats:
    strip = shapely.LinearRing(plan.outline).buffer(PERIMETER_M)
    areas = [shapely.Polygon(zone.outline) for zone in plan.zones]
    return np.array([shapely.intersection(area, strip).area / area.area for area in areas])
