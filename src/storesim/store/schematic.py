"""Floors of plans without measurements: people walk exactly the links between zones."""

from zlib import crc32

import numpy as np
from scipy import sparse

from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.parameters import Parameters
from storesim.store.floor import Floats, Floor, Ints, Neighbours, Places, Sight, Ways
from storesim.store.habits import FIELDS, STREAM
from storesim.store.visibility import Network
from storesim.store.ways import all_ways

SEEN_FRACTION = 0.5
"""Visible fraction of a bay for half of the way through its zone."""
NO_AREA_M = 1.0
"""Metres from a place to the middle of its zone when the zone has no area."""


def build_schematic(plan: FloorPlan, names: tuple[str, ...], parameters: Parameters, seed: int) -> Floor:
    """Return the floor of a plan of links: vertices are the named places, then one hub a zone.

    Every place lies √(area / 2) / 2 from its zone's hub (near the mean distance to the middle of a square).
    """
    zone = _zones_of_places(plan)
    hub = len(names) + np.arange(len(plan.zones))
    network = schematic_network(plan)
    ways = all_ways(network, _link_costs(plan, network, len(names), parameters, seed), len(names))
    places = _places(plan, names, zone, network.xy)
    sight = _sight(places, ways, hub, parameters.sight_range_m)
    checkouts = slice(places.bays + places.doors, len(names))
    exits = ways.distance_m[0, checkouts, places.bays : places.bays + places.doors].astype(np.float64)
    return Floor(plan, network.xy[hub], _linked(plan), places, ways, sight, _edge_zone_m(ways, zone), exits)


def _zone_index(plan: FloorPlan, zone: str | None) -> int:
    """Return the number of a thing's zone.

    Raises:
        ValueError: the thing of a schematic plan stands in no known zone.
    """
    for index, candidate in enumerate(plan.zones):
        if candidate.id == zone:
            return index
    raise ValueError(f"zone {zone!r} is not in the schematic plan {plan.name!r}")


def _zones_of_places(plan: FloorPlan) -> Ints:
    """Return the zone of each place, shape (places,)."""
    bays = [fixture.zone for fixture in plan.fixtures for face in fixture.faces for _ in face.bays]
    others = [door.zone for door in plan.doors] + [checkout.zone for checkout in plan.checkouts]
    return np.array([_zone_index(plan, zone) for zone in bays + others], dtype=np.int64)


def _linked(plan: FloorPlan) -> Neighbours:
    """Return directed links between zones as (from, to, metres), the shortest where there are several."""
    shortest: dict[tuple[int, int], float] = {}
    for link in plan.links:
        start, end = _zone_index(plan, link.start), _zone_index(plan, link.end)
        for pair in [(start, end)] if link.one_way else [(start, end), (end, start)]:
            shortest[pair] = min(link.metres, shortest.get(pair, np.inf))
    return tuple((start, end, metres) for (start, end), metres in sorted(shortest.items()))


def schematic_network(plan: FloorPlan) -> Network:
    """Return the walks of a schematic plan: place to hub both ways, and hub to hub along the links."""
    zone = _zones_of_places(plan)
    places = len(zone)
    area = np.array([z.area_m2 for z in plan.zones])
    reach = np.where(area > 0, np.sqrt(area / 2) / 2, NO_AREA_M)[zone]
    links = _linked(plan)
    start, end = (places + np.array([link[i] for link in links], dtype=np.int64) for i in (0, 1))
    low, high = np.concatenate([np.arange(places), start]), np.concatenate([places + zone, end])
    metres = np.concatenate([reach, [link[2] for link in links]])
    # A link is one pair a direction, so that lengths may differ between the two.
    down = np.arange(len(low)) < places
    xy = _drawn(plan, zone, reach)
    return Network(xy, low, high, metres, np.ones(len(low), dtype=np.bool_), down, np.ones(len(xy), dtype=np.bool_))


def _drawn(plan: FloorPlan, zone: Ints, reach: Floats) -> Floats:
    """Return positions for drawing, shape (vertices, 2): hubs by their links, places in rings round them."""
    import networkx as nx  # takes a tenth of a second, and few plans are schematic

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(plan.zones)))
    links = _linked(plan)
    graph.add_weighted_edges_from(links)
    scale = max((metres for _, _, metres in links), default=1.0)
    at = nx.kamada_kawai_layout(graph, weight="weight", scale=scale)
    hubs = np.array([at[index] for index in range(len(plan.zones))]).reshape(-1, 2)
    rank = np.array([np.sum(zone[:i] == z) for i, z in enumerate(zone)], dtype=np.float64)
    angle = 2 * np.pi * rank / np.maximum(np.bincount(zone, minlength=len(plan.zones))[zone], 1)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1) * reach[:, None]
    return np.concatenate([hubs[zone] + ring, hubs])


def _link_costs(plan: FloorPlan, network: Network, places: int, parameters: Parameters, seed: int) -> Floats:
    """Return costs of pairs in every map, shape (maps, pairs): links are dearer or cheaper by exp(σ ε)."""
    noise = np.zeros((FIELDS, len(network.low)))
    for pair in range(places, len(network.low)):
        ends = sorted(plan.zones[vertex - places].id for vertex in (network.low[pair], network.high[pair]))
        key = crc32(" - ".join(ends).encode())
        noise[:, pair] = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(STREAM, key))).normal(
            size=FIELDS
        )
    sigmas = (parameters.habit_sigma_known, parameters.habit_sigma)
    noisy = [network.metres * np.exp(sigma * row) for sigma in sigmas for row in noise]
    return np.stack([network.metres, *noisy])


def _places(plan: FloorPlan, names: tuple[str, ...], zone: Ints, xy: Floats) -> Places:
    counts = [sum(len(face.bays) for face in fixture.faces) for fixture in plan.fixtures]
    fixture = np.repeat(np.arange(len(counts)), counts)
    return Places(names, xy[: len(names)], zone, fixture, sum(counts), len(plan.doors), len(plan.checkouts))


def _sight(places: Places, ways: Ways, hub: Ints, range_m: float) -> Sight:
    """Return what is seen: the bays of a zone on half of every edge at its hub; one's own standing."""
    touches = (ways.edge_start[:, None] == hub) | (ways.edge_end[:, None] == hub)
    metres = SEEN_FRACTION * np.minimum(ways.edge_m / 2, range_m)
    seen = touches[:, places.zone[: places.bays]] * metres[:, None]
    own = np.eye(len(places.names), places.bays)
    return Sight(sparse.csr_array(seen), sparse.csr_array(own))


def _edge_zone_m(ways: Ways, zone: Ints) -> sparse.csr_array:
    """Return the metres of each edge in each zone, shape (edges, zones): half in the zone of either end."""
    zones = len(ways.vertex_xy) - len(zone)
    of_vertex = np.concatenate([zone, np.arange(zones)])
    rows = np.tile(np.arange(len(ways.edge_m)), 2)
    columns = np.concatenate([of_vertex[ways.edge_start], of_vertex[ways.edge_end]])
    return sparse.csr_array((np.tile(ways.edge_m / 2, 2), (rows, columns)), shape=(len(ways.edge_m), zones))
