"""Where a body can stand: the floor less the inflated furniture, and the places customers are sent to."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from storesim.inputs.base import Point
from storesim.inputs.floor_plan import FloorPlan
from storesim.store.clip import Bools, convex_pieces
from storesim.store.floor import Floats

STAND_M = 0.45
"""Preferred distance from a shelf's face, metres."""
INWARDS_M = 0.4
"""Distance of a door's place from its opening, metres."""
NEAREST_M = 1.0
"""How far a checkout's place may be shifted to be free, metres."""
SLACK_M = 1e-5
"""Bodies are this much slimmer than stated, so that a gap of exactly two radii lets them through."""


@dataclass(frozen=True)
class Ground:
    """Free space of the middle of a body."""

    free: Any
    """Shapely area, prepared."""
    blockers: tuple[Floats, ...]
    """Convex polygons, largest first, that a walk must not touch; a hair smaller than the holes in `free`."""


@dataclass(frozen=True)
class Standing:
    """Bays, doors, checkouts, then the checkouts' exits; `free` says which can be stood on."""

    xy: Floats
    free: Bools


def furniture(plan: FloorPlan) -> list[tuple[str, Any]]:
    """Return (name, polygon) of all that is walked round: fixtures, obstacles, checkouts, closed areas."""
    things = [(f"fixture {f.id!r}", f.outline) for f in plan.fixtures]
    things += [(f"obstacle {o.id!r}", o.outline) for o in plan.obstacles]
    things += [(f"checkout {c.id!r}", c.outline) for c in plan.checkouts if c.outline]
    closed = [w.outline for w in plan.walkways if w.direction is None]
    things += [(f"the closed area at ({o[0][0]:g}, {o[0][1]:g})", o) for o in closed]
    return [(name, shapely.Polygon(outline)) for name, outline in things]


def read_ground(plan: FloorPlan, radius_m: float) -> Ground:
    """Return the free space of a measured plan for bodies of a radius, corners mitred."""
    solid = [polygon for _, polygon in furniture(plan)]
    floor = shapely.Polygon(plan.outline)
    free = shapely.difference(_grown(floor, SLACK_M - radius_m), _all_grown(solid, radius_m - SLACK_M))
    shapely.prepare(free)
    room = _grown(floor, 2 * SLACK_M - radius_m)
    pieces = convex_pieces(shapely.difference(room.convex_hull, room))
    pieces += [piece for polygon in solid for piece in convex_pieces(_grown(polygon, radius_m - 2 * SLACK_M))]
    pieces.sort(key=lambda piece: -float(np.prod(np.ptp(piece, axis=0))))
    return Ground(free, tuple(pieces))


def _grown(polygon: Any, metres: float) -> Any:
    return shapely.buffer(polygon, metres, join_style="mitre")


def _all_grown(polygons: list[Any], metres: float) -> Any:
    return shapely.union_all([_grown(polygon, metres) for polygon in polygons])


def corners(area: Any) -> Floats:
    """Return the corners that stick into a shapely area, shape (corners, 2), sorted: where ways bend."""
    found = [np.empty((0, 2))]
    for polygon in shapely.get_parts(shapely.orient_polygons(area)):
        if polygon.geom_type == "Polygon":
            found += [_right_turns(shapely.get_coordinates(ring)[:-1]) for ring in _rings(polygon)]
    bends = np.unique(np.round(np.concatenate(found), 9), axis=0)
    return np.asarray(bends, dtype=np.float64)


def _rings(polygon: Any) -> list[Any]:
    return [polygon.exterior, *polygon.interiors]


def _right_turns(ring: Floats) -> Floats:
    """Return the points at which a ring with its area on the left turns right."""
    before, after = ring - np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0) - ring
    cross = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    scale = np.hypot(*before.T) * np.hypot(*after.T)
    return np.asarray(ring[cross < -1e-6 * scale], dtype=np.float64)


def standing_places(plan: FloorPlan, ground: Ground, radius_m: float) -> Standing:
    """Return where customers stand: in front of bays, inside doors, at the queues and exits of checkouts."""
    bays = _in_front(plan, ground, radius_m)
    doors = [_inside(plan, door.at, max(INWARDS_M, radius_m + 0.01)) for door in plan.doors]
    queues = [_nearest_free(ground, c.queue_at) for c in plan.checkouts]
    exits = [_nearest_free(ground, c.exit_at or c.queue_at) for c in plan.checkouts]
    xy = np.concatenate([bays, np.array([*doors, *queues, *exits]).reshape(-1, 2)])
    return Standing(xy, _is_free(ground, xy))


def _is_free(ground: Ground, xy: Floats) -> Bools:
    return np.asarray(shapely.intersects_xy(ground.free, xy[..., 0], xy[..., 1]), dtype=np.bool_)


def bay_middles(plan: FloorPlan) -> tuple[Floats, Floats]:
    """Return (middle, normal) of every bay in plan order, shapes (bays, 2).

    Raises:
        ValueError: a bay of a measured plan has no position.
    """
    middles, normals = [], []
    for face in (face for fixture in plan.fixtures for face in fixture.faces):
        for bay in face.bays:
            if bay.left is None or bay.right is None or face.normal is None:
                raise ValueError(f"bay {bay.number} of face {face.name!r} has no position")
            middles.append(((bay.left[0] + bay.right[0]) / 2, (bay.left[1] + bay.right[1]) / 2))
            normals.append(face.normal)
    return np.array(middles).reshape(-1, 2), np.array(normals, dtype=np.float64).reshape(-1, 2)


def _in_front(plan: FloorPlan, ground: Ground, radius_m: float) -> Floats:
    """Return the standing place of every bay: the farthest free one up to 0.45 m; if none is, the nearest."""
    middle, normal = bay_middles(plan)
    nearest = radius_m + 0.01
    away = np.linspace(max(STAND_M, nearest), nearest, 5)
    tries = middle[:, None, :] + away[None, :, None] * normal[:, None, :]
    free = _is_free(ground, tries)
    chosen = np.where(free.any(axis=1), free.argmax(axis=1), len(away) - 1)
    return tries[np.arange(len(middle)), chosen]


def _inside(plan: FloorPlan, at: Point | None, metres: float) -> Point:
    """Return the point `metres` inwards of the outer wall nearest to `at`."""
    if at is None:
        raise ValueError("a door of a measured plan has no position")
    wall = np.array(plan.outline)
    step = np.roll(wall, -1, axis=0) - wall
    length = np.hypot(*step.T)
    along = np.clip(((np.array(at) - wall) * step).sum(axis=1) / length**2, 0, 1)
    nearest = int(np.argmin(np.hypot(*(wall + along[:, None] * step - np.array(at)).T)))
    inward = np.array([-step[nearest, 1], step[nearest, 0]]) / length[nearest]
    return (float(at[0] + metres * inward[0]), float(at[1] + metres * inward[1]))


def _nearest_free(ground: Ground, at: Point | None) -> Point:
    """Return `at`, or the nearest free point when that is within 1 m."""
    if at is None:
        raise ValueError("a checkout of a measured plan has no position")
    line = shapely.shortest_line(ground.free, shapely.Point(at))
    if line is None or not 0 < line.length <= NEAREST_M:
        return at
    x, y = line.coords[0]
    return (float(x), float(y))
