"""Which zones one can walk to from which, without passing another."""

import numpy as np
import shapely
from scipy.sparse import csgraph

from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.snapping import zones_at
from storesim.store.floor import Floats, Ints, Neighbours, Ways
from storesim.store.habits import sample_edges
from storesim.store.visibility import Network


def zone_centroids(plan: FloorPlan) -> Floats:
    """Return the middle of each zone of a measured plan, shape (zones, 2)."""
    return np.array([shapely.Polygon(zone.outline).centroid.coords[0] for zone in plan.zones]).reshape(-1, 2)


def walked_neighbours(plan: FloorPlan, ways: Ways, network: Network) -> Neighbours:
    """Return zones from which a walk leads straight into another, and the shortest way between their middles.

    The middle is the vertex nearest to the centroid, in the zone if any is; pairs without a way are left out.
    """
    start, end = _crossings(plan, ways)
    middle = _middle_vertices(plan, network)
    if not len(start):
        return ()
    walks = csgraph.dijkstra(network.matrix(network.metres), indices=middle)
    metres = walks[start, middle[end]]
    return tuple((int(a), int(b), float(m)) for a, b, m in zip(start, end, metres, strict=True) if np.isfinite(m))


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
