"""A floor ready for customers: places, distances, ways and sight as arrays, built once a layout."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from storesim.customers.blocks import blocks
from storesim.inputs.floor_plan import FloorPlan

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Numbers = NDArray[np.integer]
BLOCK = 1 << 15
"""Legs followed at a time: those of a market's day in one."""
Neighbours = tuple[tuple[int, int, float], ...]
"""(zone, zone one can walk to next, metres between their middles)."""


@dataclass(frozen=True)
class Places:
    """Where customers can be sent: bays first (in plan order), then doors, then checkouts."""

    names: tuple[str, ...]
    """'G4/west/3' for a bay, 'main' for a door, 'staffed' for a checkout."""
    xy: Floats
    """Shape (places, 2), metres: where one stands. For a schematic plan, for drawing only."""
    zone: Ints
    """Index into `plan.zones` (the smallest zone that holds the place); -1 outside all."""
    fixture: Ints
    """Shape (bays,): index into `plan.fixtures`."""
    bays: int
    doors: int
    checkouts: int

    def bay(self, fixture: str, face: str, number: int) -> int:
        """Return the index of a bay; KeyError when there is none."""
        return self._bay_of_name[f"{fixture}/{face}/{number}"]

    @cached_property
    def _bay_of_name(self) -> dict[str, int]:
        return {name: index for index, name in enumerate(self.names[: self.bays])}


@dataclass(frozen=True)
class Ways:
    """Shortest ways in every habit map. Vertices: places, then corners; edges are directed, numbered."""

    distance_m: NDArray[np.float32]
    """Shape (maps, places, places): metres walked from row to column; inf where there is no way."""
    previous: NDArray[np.int16]
    """Shape (maps, places, vertices): vertex before this one on the way from the row's place; -1: none."""
    edge: NDArray[np.int32]
    """Shape (vertices, vertices): number of the directed edge; -1 where no way uses it."""
    vertex_xy: Floats
    """Shape (vertices, 2)."""
    edge_start: Ints
    edge_end: Ints
    edge_m: Floats
    """Shapes (edges,): end vertices and length in metres."""

    def legs(self, habit: Ints, start: Numbers, end: Numbers) -> tuple[Ints, NDArray[np.int32]]:
        """Return the edges of many legs: (first, edges), leg i walks edges[first[i]:first[i + 1]] in order.

        Shapes: habit, start, end (legs,); first (legs + 1,). A leg to where one stands has no edges,
        nor has one where there is no way (see `distance_m`).
        """
        lots = [self._legs(habit[lot], start[lot], end[lot]) for lot in blocks(len(start), BLOCK)]
        count = np.concatenate([np.zeros(1, np.int64), *(count for count, _ in lots)])
        return np.cumsum(count), np.concatenate([np.zeros(0, np.int32), *(edges for _, edges in lots)])

    def _legs(self, habit: Ints, start: Numbers, end: Numbers) -> tuple[Ints, NDArray[np.int32]]:
        """Return the edges of some legs: (number of each leg's, edges)."""
        steps = list(self._backwards(habit, start, end))
        count = np.zeros(len(start), dtype=np.int64)
        for leg, _ in steps:
            count[leg] += 1
        after = np.cumsum(count)
        in_order = np.empty(count.sum(), dtype=np.int32)
        for step, (leg, edge) in enumerate(steps):
            in_order[after[leg] - 1 - step] = edge
        return count, in_order

    def _backwards(
        self, habit: Ints, start: Numbers, end: Numbers
    ) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32]]]:
        """Yield (leg, edge) of the last edges of all legs, then of those before; a big day has millions."""
        _, sources, vertices = self.previous.shape
        previous, edge = self.previous.reshape(-1), self.edge.reshape(-1)
        leg = np.flatnonzero(start != end)
        tree, at, home = ((habit * sources + start) * vertices)[leg], end[leg], start[leg]
        while len(leg):
            before = previous[tree + at].astype(np.int64)
            there = before >= 0
            if not there.all():
                leg, tree, at, home, before = (a[there] for a in (leg, tree, at, home, before))
            yield leg.astype(np.int32), edge[before * vertices + at]
            going = before != home
            leg, tree, at, home = leg[going], tree[going], before[going], home[going]


@dataclass(frozen=True)
class Sight:
    """What a walker sees: effective metres and fractions in view, of each bay."""

    edge: sparse.csr_array
    """Shape (edges, bays): metres walked along the edge with the bay in view, weighted by visible fraction.
    Divided by the walker's speed these are seconds in full view."""
    place: sparse.csr_array
    """Shape (places, bays): visible fraction of the bay for who stands at the place facing its shelf."""


@dataclass(frozen=True)
class Floor:
    """One layout, ready. Habit map 0 is the exact shortest way; 1..8 low noise; 9..16 full noise."""

    plan: FloorPlan
    zone_xy: Floats
    """Shape (zones, 2): the middle of each zone. For a schematic plan, for drawing only."""
    neighbours: Neighbours
    places: Places
    ways: Ways
    sight: Sight
    edge_zone_m: sparse.csr_array
    """Shape (edges, zones): metres of the edge inside each zone."""
    exit_m: Floats
    """Shape (checkouts, doors): metres walked after paying, through the lane and to each door."""

    @cached_property
    def edge_zone(self) -> Ints:
        """Shape (edges,): the zone that most of the edge lies in; the number of zones for none."""
        metres, zones = self.edge_zone_m.toarray(), len(self.plan.zones)
        return np.where(metres.max(axis=1) > 0, metres.argmax(axis=1), zones) if zones else np.zeros(len(metres), int)

    @cached_property
    def is_crossed(self) -> Floats:
        """Shape (edges, zones): 1 for each zone that the edge touches, else 0."""
        return np.asarray(self.edge_zone_m.toarray() > 0, dtype=np.float64)
