"""Shortest ways between all places in every habit map, as tables of predecessors."""

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from storesim.store.clip import Bools
from storesim.store.floor import Floats, Ints, Ways
from storesim.store.visibility import Network

PER_EDGE_M = 1e-6
"""Added to the cost of every edge, so that among equally long ways the one of fewest edges is taken."""


def all_ways(network: Network, costs: Floats, places: int) -> Ways:
    """Return the ways between the first `places` vertices for costs of shape (maps, pairs)."""
    length = network.matrix(network.metres).toarray()
    maps, vertices = len(costs), len(network.xy)
    distance = np.empty((maps, places, places), dtype=np.float32)
    previous = np.empty((maps, places, vertices), dtype=np.int16)
    used = np.zeros((vertices, vertices), dtype=np.bool_)
    for habit, cost in enumerate(costs):
        tree = _trees(network.matrix(cost + PER_EDGE_M), places)
        distance[habit] = _metres(tree, length)[:, :places]
        used |= _walked(tree, places)
        previous[habit] = tree
    start, end = np.nonzero(used)
    edge = np.full((vertices, vertices), -1, dtype=np.int32)
    edge[start, end] = np.arange(len(start))
    return Ways(distance, previous, edge, network.xy, start, end, length[start, end])


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
