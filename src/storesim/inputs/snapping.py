"""Points of a floor to the zones that hold them; measured ones that lie a little off are moved there."""

from enum import IntEnum

import numpy as np
import shapely
from numpy.typing import NDArray

from storesim.inputs.floor_plan import FloorPlan

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NEAR_M = 1.0
"""Measured positions that are off by no more are moved: about what cameras and radio are good for."""


class Off(IntEnum):
    """Why a position belongs to no zone."""

    NOT = 0
    FLOOR = 1
    """Outside the floor."""
    FURNITURE = 2
    """Deep inside a fixture, a checkout or an obstacle."""
    ZONES = 3
    """On the floor and in no zone."""


def zones_at(plan: FloorPlan, xy: Floats) -> Ints:
    """Return the smallest zone that holds each point, shape (points,); -1 outside all, borders inside."""
    zone = np.full(len(xy), -1, dtype=np.int64)
    x, y = xy.T
    areas = [shapely.Polygon(z.outline) for z in plan.zones]
    shapely.prepare(areas)
    for index in sorted(range(len(areas)), key=lambda i: -areas[i].area):
        left, low, right, high = areas[index].bounds  # most points lie far from most zones
        near = np.flatnonzero((left <= x) & (x <= right) & (low <= y) & (y <= high))
        zone[near[shapely.intersects_xy(areas[index], x[near], y[near])]] = index
    return zone


def snap(plan: FloorPlan, xy: Floats) -> tuple[Ints, Ints]:
    """Return the zone of each measured position and, where there is none (-1), why (`Off`); shapes (points,).

    Who is seen inside furniture or beyond a wall stood before it: such a position moves to the nearest free floor, and
    one outside all zones to the nearest zone, if that is within 1 m.
    """
    free = _free_floor(plan)
    moved, near = _moved(free, xy)
    zone = np.where(near, zones_at(plan, moved), -1)
    lost = np.flatnonzero(near & (zone < 0))
    zone[lost] = _nearest_zones(plan, moved[lost])
    on_floor = shapely.intersects_xy(shapely.Polygon(plan.outline), xy[:, 0], xy[:, 1])
    why = np.where(near, Off.ZONES, np.where(on_floor, Off.FURNITURE, Off.FLOOR))
    return zone, np.where(zone >= 0, Off.NOT, why)


def _free_floor(plan: FloorPlan) -> shapely.Geometry:
    outlines = [
        *(fixture.outline for fixture in plan.fixtures),
        *(obstacle.outline for obstacle in plan.obstacles),
        *(checkout.outline for checkout in plan.checkouts),
    ]
    solid = shapely.union_all([shapely.Polygon(outline) for outline in outlines if outline])
    return shapely.difference(shapely.Polygon(plan.outline), solid)


def _moved(free: shapely.Geometry, xy: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the points moved onto an area, and which of them lie no farther than `NEAR_M` from it."""
    shapely.prepare(free)
    moved = xy.copy()
    out = np.flatnonzero(~shapely.intersects_xy(free, xy[:, 0], xy[:, 1]))
    ways = shapely.shortest_line(free, shapely.points(xy[out]))
    moved[out] = shapely.get_coordinates(ways)[::2]
    return moved, np.hypot(*(moved - xy).T) <= NEAR_M


def _nearest_zones(plan: FloorPlan, xy: Floats) -> Ints:
    """Return the nearest zone of each point, -1 when it is too far off."""
    points = shapely.points(xy)
    away = np.array([shapely.distance(shapely.Polygon(zone.outline), points) for zone in plan.zones])
    if not away.size:
        return np.full(len(xy), -1, dtype=np.int64)
    return np.where(away.min(axis=0) <= NEAR_M, away.argmin(axis=0), -1)
