"""From a floor plan to a floor ready for customers."""

import numpy as np
import shapely
from scipy import sparse
from scipy.sparse import csgraph

from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.parameters import Parameters
from storesim.inputs.snapping import zones_at
from storesim.store.clip import convex_pieces, share_inside
from storesim.store.floor import Floats, Floor, Places, Ways
from storesim.store.ground import read_ground, standing_places
from storesim.store.habits import habit_costs
from storesim.store.neighbours import walked_neighbours, zone_centroids
from storesim.store.schematic import build_schematic
from storesim.store.sight import look
from storesim.store.visibility import Network, see
from storesim.store.ways import all_ways


def build_floor(plan: FloorPlan, parameters: Parameters, seed: int) -> Floor:
    """Return the floor of a plan; equal arguments give equal arrays.

    Places that cannot be reached are kept, at infinite distance.
    """
    if plan.is_schematic:
        return build_schematic(plan, place_names(plan), parameters, seed)
    network = walking_network(plan, parameters)
    places = name_places(plan, network.xy)
    ways = all_ways(network, habit_costs(network, plan.outline, parameters, seed, plan.signs), len(places.names))
    zone_m = metres_in_zones(plan, ways)
    neighbours = walked_neighbours(plan, ways, network)
    sight = look(plan, places, ways, parameters.sight_range_m)
    exits = exits_m(plan, network, places)
    return Floor(plan, zone_centroids(plan), neighbours, places, ways, sight, zone_m, exits)


def walking_network(plan: FloorPlan, parameters: Parameters) -> Network:
    """Return the walks of a measured plan: places, then the checkouts' exits, then corners."""
    ground = read_ground(plan, parameters.body_radius_m)
    return see(plan, ground, standing_places(plan, ground, parameters.body_radius_m))


def place_names(plan: FloorPlan) -> tuple[str, ...]:
    """Return the names of bays, doors and checkouts in plan order."""
    bays = (
        f"{fixture.id}/{face.name}/{bay.number}"
        for fixture in plan.fixtures
        for face in fixture.faces
        for bay in face.bays
    )
    return (*bays, *(door.id for door in plan.doors), *(checkout.id for checkout in plan.checkouts))


def name_places(plan: FloorPlan, vertex_xy: Floats) -> Places:
    """Return the places of a measured plan, which are its first vertices."""
    names = place_names(plan)
    xy = vertex_xy[: len(names)]
    counts = [sum(len(face.bays) for face in fixture.faces) for fixture in plan.fixtures]
    fixture = np.repeat(np.arange(len(counts)), counts)
    return Places(names, xy, zones_at(plan, xy), fixture, sum(counts), len(plan.doors), len(plan.checkouts))


def metres_in_zones(plan: FloorPlan, ways: Ways) -> sparse.csr_array:
    """Return the metres of each edge inside each zone, shape (edges, zones).

    An edge on the border of two zones counts as if it ran a hair further up and right, so in one of them.
    """
    hair = np.array([1e-6, 2e-6])
    start, end = ways.vertex_xy[ways.edge_start] + hair, ways.vertex_xy[ways.edge_end] + hair
    columns = [share_inside(convex_pieces(shapely.Polygon(z.outline)), start, end) * ways.edge_m for z in plan.zones]
    return sparse.csr_array(np.stack(columns, axis=1) if columns else np.zeros((len(start), 0)))


def exits_m(plan: FloorPlan, network: Network, places: Places) -> Floats:
    """Return metres from each queue through the lane and on to each door, shape (checkouts, doors)."""
    doors = places.bays + np.arange(places.doors)
    queues = places.bays + places.doors + np.arange(places.checkouts)
    exits = queues + places.checkouts
    if not len(plan.checkouts):
        return np.empty((0, places.doors))
    walks = csgraph.dijkstra(network.matrix(network.metres), indices=exits)
    lane = np.hypot(*(network.xy[queues] - network.xy[exits]).T)
    return np.asarray(lane[:, None] + walks[:, doors], dtype=np.float64)
