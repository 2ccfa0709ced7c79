"""The store graph: zones, shelves, doors and tills, and who is next to whom."""

from typing import Any

import networkx as nx
import numpy as np
import shapely

from storesim.inputs.floor_plan import FloorPlan
from storesim.store.floor import Floats, Floor, Ints


def store_graph(floor: Floor) -> "nx.DiGraph[str]":
    """Return nodes zone:…, shelf:…, door:…, till:…; edges of kind 'in' (thing to zone) and 'next_to' (zones).

    Nodes have kind, name, x, y and zone (id or None), neighbours have metres; all values go into JSON.
    """
    plan, places = floor.plan, floor.places
    graph: nx.DiGraph[str] = nx.DiGraph(name=plan.name)
    for zone, xy in zip(plan.zones, floor.zone_xy, strict=True):
        _add(graph, "zone", zone.id, xy, zone.id, zone.name)
    for index, fixture in enumerate(plan.fixtures):
        mine = np.flatnonzero(places.fixture == index)
        where = _middle(fixture.outline, places.xy[mine])
        _stand(graph, plan, "shelf", fixture.id, where, places.zone[mine])
    things = [("door", door.id) for door in plan.doors] + [("till", checkout.id) for checkout in plan.checkouts]
    for place, (kind, name) in enumerate(things, places.bays):
        _stand(graph, plan, kind, name, places.xy[place], places.zone[place : place + 1])
    for start, end, metres in floor.neighbours:
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
