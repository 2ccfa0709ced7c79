"""Shortest ways between all places in every habit map, as tables of predecessors."""

from dataclasses import replace

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from storesim.store.clip import Bools
from storesim.store.floor import Floats, Ints, Ways
from storesim.store.visibility import Network

PER_EDGE_M = 1e-6
"""Added to the cost of every edge, so that among equally long ways the one of fewest edges is taken."""
DETOURS = 12
"""Vertices tried as a detour on each pair."""


def all_ways(network: Network, costs: Floats, places: int) -> Ways:
    """Return the ways between the first `places` vertices for costs of shape (maps, pairs)."""
    length = network.matrix(network.metres).toarray()
    detours = _detours(network)
    maps, vertices = len(costs), len(network.xy)
    distance = np.empty((maps, places, places), dtype=np.float32)
    previous = np.empty((maps, places, vertices), dtype=np.int16)
    used = np.zeros((vertices, vertices), dtype=np.bool_)
    for habit, cost in enumerate(costs):
        tree = _trees(_thinned(network, cost + PER_EDGE_M, detours), places)
        distance[habit] = _metres(tree, length)[:, :places]
        used |= _walked(tree, places)
        previous[habit] = tree
    start, end = np.nonzero(used)
    edge = np.full((vertices, vertices), -1, dtype=np.int32)
    edge[start, end] = np.arange(len(start))
    return Ways(distance, previous, edge, network.xy, start, end, length[start, end])


def _detours(network: Network) -> Ints:
    """Return the vertices that make the shortest detours between the ends of each pair, shape (pairs, detours)."""
    straight = _dense(network, network.metres)
    straight = np.minimum(straight, straight.T)
    count = min(DETOURS, len(straight))
    found = np.empty((len(network.low), count), dtype=np.int64)
    for begin in range(0, len(found), 1000):
        part = slice(begin, begin + 1000)
        by_way_of = straight[network.low[part]] + straight[network.high[part]]
        found[part] = np.argpartition(by_way_of, count - 1, axis=1)[:, :count]
    return found


def _dense(network: Network, cost: Floats) -> Floats:
    """Return directed costs, shape (vertices, vertices); inf where there is no walk."""
    dense = np.full((len(network.xy), len(network.xy)), np.inf)
    dense[network.low[network.up], network.high[network.up]] = cost[network.up]
    dense[network.high[network.down], network.low[network.down]] = cost[network.down]
    return dense


def _thinned(network: Network, cost: Floats, detours: Ints) -> sparse.csr_array:
    """Return the directed graph without the walks that a detour by one vertex beats: no shortest way uses them.

    It is half as dense on a habit map, which halves the time of Dijkstra's algorithm.
    """
    dense = _dense(network, cost)
    low, high = network.low[:, None], network.high[:, None]
    up = (dense[low, detours] + dense[detours, high]).min(axis=1) >= cost
    down = (dense[high, detours] + dense[detours, low]).min(axis=1) >= cost
    return replace(network, up=network.up & up, down=network.down & down).matrix(cost)


def _trees(graph: sparse.csr_array, places: int) -> Ints:
    """Return the vertex before each on the way from each place, shape (places, vertices); -1: none."""
    _, before = csgraph.dijkstra(graph, indices=np.arange(places), return_predecessors=True)
    return np.where(before < 0, -1, before).astype(np.int64)


def _metres(tree: Ints, length: Floats) -> Floats:
    """Return metres from each place to each vertex along its tree, shape (places, vertices); inf: no way.

    Pointer doubling: each round knows the last 1, 2, 4, … edges of every way.
    """
    places, vertices = tree.shape
    row = np.arange(places)[:, None] * vertices
    total = np.where(tree >= 0, length[tree, np.arange(vertices)], 0.0)
    before = np.where(tree >= 0, tree + row, -1)
    while (before >= 0).any():
        total += np.where(before >= 0, total.reshape(-1)[before], 0.0)
        before = np.where(before >= 0, before.reshape(-1)[before], -1)
    nowhere = tree < 0
    nowhere[np.arange(places), np.arange(places)] = False
    return np.where(nowhere, np.inf, total)


def _walked(tree: Ints, places: int) -> Bools:
    """Return which directed edges lie on a way between two places, shape (vertices, vertices)."""
    vertices = tree.shape[1]
    used = np.zeros((vertices, vertices), dtype=np.bool_)
    wanted = np.zeros(tree.shape, dtype=np.bool_)
    wanted[:, :places] = True
    seen = np.zeros(tree.shape, dtype=np.bool_)
    while wanted.any():
        seen |= wanted
        source, vertex = np.nonzero(wanted & (tree >= 0))
        before = tree[source, vertex]
        used[before, vertex] = True
        wanted = np.zeros(tree.shape, dtype=np.bool_)
        wanted[source, before] = True
        wanted &= ~seen
    return used
