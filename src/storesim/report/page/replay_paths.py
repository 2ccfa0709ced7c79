"""The ways between places as lines to draw: vertices in whole centimetres, and those that a way bends at."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csgraph

from storesim.inputs.parameters import Parameters
from storesim.report.page.replay_plan import schematic_spots_m
from storesim.store.build import walking_network
from storesim.store.floor import Floats, Floor, Ints

CM_PER_M = 100
NEAR_CM = 10.0
"""How far a drawn line may be off the way on a measured plan: bodies keep 25 cm off furniture."""
RING_M = 1.2
"""On a plan without measurements a place is drawn this far from the middle of its zone."""
WAY_OUT = -1
"""Stands in the place of the habit on the way from a till to a door, which is the same for all."""

Way = tuple[int, int, int]
"""(habit, from, to): which way somebody walks; places, by number."""


@dataclass(frozen=True, eq=False)
class WalkedFloor:
    """Where the vertices of a floor are drawn, and the bends of every way on it."""

    floor: Floor
    xy_cm: Ints
    """Shape (vertices, 2): places first."""
    out: dict[tuple[int, int], tuple[int, ...]]
    """(till, door), as places -> vertices between them on the way out."""
    near_cm: float
    """A vertex is left out where the line passes nearer than this; 0: none is."""

    def bends(self, ways: list[Way]) -> list[list[int]]:
        """Return the vertices between the ends of each way at which its line bends."""
        return [self._simple(vertices) for vertices in self._vertices(ways)]

    def _vertices(self, ways: list[Way]) -> list[list[int]]:
        """Return all vertices of each way, ends included."""
        inside = [way for way in ways if way[0] != WAY_OUT]
        habit, start, end = np.array(inside, dtype=np.int64).reshape(-1, 3).T
        first, edges = self.floor.ways.legs(habit, start, end)
        after = self.floor.ways.edge_end[edges].tolist()
        walked = {way: [way[1], *after[first[i] : first[i + 1]]] for i, way in enumerate(inside)}
        return [walked[way] if way in walked else [way[1], *self.out[way[1:]], way[2]] for way in ways]

    def _simple(self, vertices: list[int]) -> list[int]:
        """Return the inner vertices that are at least `near_cm` from the line without them."""
        points = self.xy_cm[vertices].tolist()
        kept, spans = [], [(0, len(vertices) - 1)]
        while spans:
            first, last = spans.pop()
            if last - first < 2:
                continue
            far, at = max((_away(points[i], points[first], points[last]), i) for i in range(first + 1, last))
            if far >= self.near_cm:
                kept.append(at)
                spans += [(first, at), (at, last)]
        return [vertices[i] for i in sorted(kept)]


def walked_floor(floor: Floor, parameters: Parameters) -> WalkedFloor:
    """Return a floor's ways, those behind the tills included, ready to be drawn."""
    if floor.plan.is_schematic:
        return WalkedFloor(floor, _cm(_schematic_xy(floor)), _linked_ways_out(floor), 0.0)
    return WalkedFloor(floor, _cm(floor.ways.vertex_xy), _ways_out(floor, parameters), NEAR_CM)


def _away(point: list[int], start: list[int], end: list[int]) -> float:
    """Return the distance of a point from a segment."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    px, py = point[0] - start[0], point[1] - start[1]
    length = dx * dx + dy * dy
    share = min(max((px * dx + py * dy) / length, 0.0), 1.0) if length else 0.0
    return float(np.hypot(px - share * dx, py - share * dy))


def _cm(xy_m: Floats) -> Ints:
    return np.asarray(np.rint(xy_m * CM_PER_M), dtype=np.int64)


def _ways_out(floor: Floor, parameters: Parameters) -> dict[tuple[int, int], tuple[int, ...]]:
    """Return the vertices from each till through its lane to each door, as `Floor.exit_m` measures them."""
    network, places = walking_network(floor.plan, parameters), floor.places
    tills = range(places.bays + places.doors, len(places.names))
    doors = range(places.bays, places.bays + places.doors)
    exits = np.array(tills, dtype=np.int64) + places.checkouts
    graph = network.matrix(network.metres)
    _, before = csgraph.dijkstra(graph, indices=exits, return_predecessors=True)
    return {(till, door): _back(before[i], door) for i, till in enumerate(tills) for door in doors}


def _linked_ways_out(floor: Floor) -> dict[tuple[int, int], tuple[int, ...]]:
    places, previous = floor.places, floor.ways.previous[0]
    tills = range(places.bays + places.doors, len(places.names))
    doors = range(places.bays, places.bays + places.doors)
    return {(till, door): _back(previous[till], door)[1:] for till in tills for door in doors}


def _back(before: NDArray[np.int16] | NDArray[np.int32], vertex: int) -> tuple[int, ...]:
    """Return the vertices from the tree's root, included, to a vertex, left out; only () where there is no way."""
    found: list[int] = []
    while before[vertex] >= 0:
        vertex = int(before[vertex])
        found.append(vertex)
    return tuple(reversed(found))


def _schematic_xy(floor: Floor) -> Floats:
    """Return where places, in rings round the middles of their zones, and these middles are drawn, metres."""
    hubs = np.array(schematic_spots_m(floor.plan))
    zone = floor.places.zone
    rank = np.array([np.count_nonzero(zone[:i] == z) for i, z in enumerate(zone)], dtype=np.float64)
    angle = 2 * np.pi * rank / np.bincount(zone, minlength=len(hubs))[zone]
    return np.concatenate([hubs[zone] + RING_M * np.stack([np.cos(angle), np.sin(angle)], axis=1), hubs])
