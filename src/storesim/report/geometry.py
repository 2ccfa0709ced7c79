"""The shapes that the parts of a floor plan make, whatever draws them."""

from collections.abc import Iterable

import networkx as nx
import shapely
from shapely.geometry.base import BaseGeometry

from storesim.inputs.floor_plan import Door, Fixture, FloorPlan

Spot = tuple[float, float]


def face_lines(fixtures: Iterable[Fixture]) -> Iterable[tuple[tuple[float, float], tuple[float, float]]]:
    """Yield both ends of each side that customers see, metres."""
    for fixture in fixtures:
        for face in fixture.faces:
            if face.bays and face.bays[0].left and face.bays[-1].right:
                yield face.bays[0].left, face.bays[-1].right


def opening(wall: BaseGeometry, door: Door) -> shapely.LineString:
    """Return the stretch of wall that a door opens: its width, about the point of the wall nearest to it."""
    middle = wall.project(shapely.Point(door.at or (0.0, 0.0)))
    ends = (wall.interpolate((middle + side * door.width_m / 2) % wall.length) for side in (-1, 1))
    return shapely.LineString(list(ends))


def furniture(plan: FloorPlan) -> BaseGeometry:
    """Return everything that stands on the floor as one shape."""
    outlines = [fixture.outline for fixture in plan.fixtures] + [bank.outline for bank in plan.checkouts]
    outlines += [obstacle.outline for obstacle in plan.obstacles]
    return shapely.union_all([shapely.Polygon(outline) for outline in outlines if outline])


def walkable(plan: FloorPlan) -> BaseGeometry:
    """Return the floor that customers can stand on."""
    return shapely.Polygon(plan.outline).difference(furniture(plan))


def zone_places(plan: FloorPlan) -> dict[str, Spot]:
    """Return where each zone is drawn, within -1..1; far zones are far apart."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(zone.id for zone in plan.zones)
    for link in plan.links:
        graph.add_edge(link.start, link.end, weight=link.metres)
    found = nx.kamada_kawai_layout(graph, pos=nx.circular_layout(graph), weight="weight")
    return {zone: (float(x), float(y)) for zone, (x, y) in found.items()}
