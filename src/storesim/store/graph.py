"""The store graph: zones, shelves, doors and tills, and who is next to whom."""

from collections.abc import Iterable
from typing import Any

import networkx as nx
import numpy as np
import shapely
from scipy.sparse import csgraph

from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.snapping import zones_at
from storesim.store.floor import Floats, Ints, Places, Ways
from storesim.store.habits import sample_edges
from storesim.store.visibility import Network

Neighbours = Iterable[tuple[int, int, float]]
"""(zone, zone one can walk to next, metres)."""


def store_graph(plan: FloorPlan, places: Places, zone_xy: Floats, neighbours: Neighbours) -> "nx.DiGraph[str]":
    """Return nodes zone:…, shelf:…, door:…, till:…; edges of kind 'in' (thing to zone) and 'next_to' (zones).

    Nodes have kind, name, x, y and zone (id or None), neighbours have metres; all values go into JSON.
    """
    graph: nx.DiGraph[str] = nx.DiGraph(name=plan.name)
    for zone, xy in zip(plan.zones, zone_xy, strict=True):
        _add(graph, "zone", zone.id, xy, zone.id, zone.name)
    for index, fixture in enumerate(plan.fixtures):
        mine = np.flatnonzero(places.fixture == index)
        where = _middle(fixture.outline, places.xy[mine])
        _stand(graph, plan, "shelf", fixture.id, where, places.zone[mine])
    things = [("door", door.id) for door in plan.doors] + [("till", checkout.id) for checkout in plan.checkouts]
    for place, (kind, name) in enumerate(things, places.bays):
        _stand(graph, plan, kind, name, places.xy[place], places.zone[place : place + 1])
    for start, end, metres in neighbours:
        graph.add_edge(f"zone:{plan.zones[start].id}", f"zone:{plan.zones[end].id}", kind="next_to", metres=metres)
    return graph


def _add(graph: "nx.DiGraph[str]", kind: str, node: str, xy: Floats, zone: str | None, name: str) -> None:
    graph.add_node(f"{kind}:{node}", kind=kind, name=name, x=float(xy[0]), y=float(xy[1]), zone=zone)


def _stand(graph: "nx.DiGraph[str]", plan: FloorPlan, kind: str, name: str, xy: Floats, zones: Ints) -> None:
    """Add a thing and its membership of zones; its own zone is the one with most of its bays."""
    held = np.bincount(zones[zones >= 0], minlength=len(plan.zones))
    home = plan.zones[int(held.argmax())].id if held.any() else None
    _add(graph, kind, name, xy, home, name)
    for zone in np.flatnonzero(held):
        graph.add_edge(f"{kind}:{name}", f"zone:{plan.zones[zone].id}", kind="in")


def _middle(outline: Any, xy: Floats) -> Floats:
    if outline:
        return np.array(shapely.Polygon(outline).centroid.coords[0])
    return xy.mean(axis=0) if len(xy) else np.zeros(2)


def zone_centroids(plan: FloorPlan) -> Floats:
    """Return the middle of each zone of a measured plan, shape (zones, 2)."""
    return np.array([shapely.Polygon(zone.outline).centroid.coords[0] for zone in plan.zones]).reshape(-1, 2)


def walked_neighbours(plan: FloorPlan, ways: Ways, network: Network) -> list[tuple[int, int, float]]:
    """Return zones from which a walk leads straight into another, and the shortest way between their middles.

    The middle is the vertex nearest to the centroid, in the zone if any is; pairs without a way are left out.
    """
    start, end = _crossings(plan, ways)
    middle = _middle_vertices(plan, network)
    if not len(start):
        return []
    walks = csgraph.dijkstra(network.matrix(network.metres), indices=middle)
    metres = walks[start, middle[end]]
    return [(int(a), int(b), float(m)) for a, b, m in zip(start, end, metres, strict=True) if np.isfinite(m)]


def _crossings(plan: FloorPlan, ways: Ways) -> tuple[Ints, Ints]:
    """Return (from, to) of the zone pairs that edges cross between; space outside all zones is skipped."""
    edge, xy, _ = sample_edges(ways.vertex_xy[ways.edge_start], ways.vertex_xy[ways.edge_end])
    zone = zones_at(plan, xy)
    edge, zone = edge[zone >= 0], zone[zone >= 0]
    crossing = (edge[1:] == edge[:-1]) & (zone[1:] != zone[:-1])
    adjacent = np.zeros((len(plan.zones), len(plan.zones)), dtype=np.bool_)
    adjacent[zone[:-1][crossing], zone[1:][crossing]] = True
    start, end = np.nonzero(adjacent)
    return start, end


def _middle_vertices(plan: FloorPlan, network: Network) -> Ints:
    """Return the vertex that stands for each zone, shape (zones,)."""
    walked = np.unique(np.concatenate([network.low, network.high]))
    if not len(walked):
        return np.zeros(len(plan.zones), dtype=np.int64)
    away = np.hypot(*(network.xy[walked][None] - zone_centroids(plan)[:, None]).transpose(2, 0, 1))
    outside = zones_at(plan, network.xy[walked])[None] != np.arange(len(plan.zones))[:, None]
    nearest = (away + outside * 1e6).argmin(axis=1)
    return np.asarray(walked[nearest], dtype=np.int64)
