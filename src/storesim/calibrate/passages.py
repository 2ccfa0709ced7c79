"""Which zones trips pass, recorded and simulated alike."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.names import folded
from storesim.inputs.snapping import zones_at
from storesim.results.trips import Trips
from storesim.store.floor import Floor
from storesim.store.habits import sample_edges

Ints = NDArray[np.int64]
Along = tuple[Ints, Ints]
"""(edge, zone) of points along edges."""


@dataclass(frozen=True, eq=False)
class Passages:
    """The zones passed by some trips, in order, no zone twice in a row; trips that passed none are left out."""

    trip: Ints
    """Shape (passages,), ascending, counts up from 0."""
    zone: Ints
    """Shape (passages,): index into the plan's zones."""

    def of_trips(self, kept: Ints) -> "Passages":
        """Return the passages of some trips, in their order."""
        rows = np.isin(self.trip, kept)
        return collapsed(self.trip[rows], self.zone[rows])

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


def walked_passages(trips: Trips, along: Along) -> Passages:
    """Return the zones that simulated customers walked through from the door to the tills, on a measured floor.

    Args:
        trips: of one day.
        along: of their floor, by `along_edges`.
    """
    edge, zone = along
    table = trips.traversals
    first = np.searchsorted(edge, np.arange(table.shape[1] + 1))
    walked = table.indices.astype(np.int64)
    many = (first[1:] - first[:-1])[walked]
    offset = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    customer = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    return collapsed(np.repeat(customer, many), zone[np.repeat(first[:-1][walked], many) + offset])


def along_edges(floor: Floor) -> Along:
    """Return (edge, zone) of points along all used edges, about half a metre apart, in the direction walked."""
    ways = floor.ways
    edge, xy, _ = sample_edges(ways.vertex_xy[ways.edge_start], ways.vertex_xy[ways.edge_end])
    return edge, zones_at(floor.plan, xy)
