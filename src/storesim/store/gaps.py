"""Why a place cannot be reached: what stands in the way, and how wide the gap is."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import shapely

from storesim.inputs.floor_plan import FloorPlan
from storesim.store.floor import Floats, Ints
from storesim.store.ground import Ground, Standing, bay_middles, furniture, read_ground, standing_places

WALL = "the outer wall"
WALL_M = 0.05
CLOSED_M = 0.005
"""A gap narrower than this is none."""
PROBE_M = 3.0
"""How far along a gap its two ends are looked for, metres."""


@dataclass(frozen=True)
class Surroundings:
    """A plan's solid things by name, its free space in connected parts, and its places."""

    plan: FloorPlan
    radius_m: float
    ground: Ground
    standing: Standing
    names: tuple[str, ...]
    solids: Any
    """Shapely areas, one a name; the outer wall is in pieces, so that a gap may lead along it."""
    parts: Any
    """Shapely polygons: the connected parts of the free space."""


@dataclass(frozen=True)
class Gap:
    """The narrowest line between two solid things, numbered as in `Surroundings.names`."""

    one: int
    other: int
    line: Any
    metres: float


def read_surroundings(plan: FloorPlan, radius_m: float) -> Surroundings:
    """Return what stands where on a measured plan."""
    ground = read_ground(plan, radius_m)
    corners = (*plan.outline, plan.outline[0])
    walls = [shapely.buffer(shapely.LineString(ends), -WALL_M, single_sided=True) for ends in pairwise(corners)]
    things = [*furniture(plan), *((WALL, wall) for wall in walls)]
    names, solids = zip(*things, strict=True)
    standing = standing_places(plan, ground, radius_m)
    return Surroundings(plan, radius_m, ground, standing, names, np.array(solids), shapely.get_parts(ground.free))


def why_stranded(around: Surroundings, places: Ints) -> str:
    """Return why places that belong together cannot be reached, as the end of a sentence."""
    blocked = places[~around.standing.free[places]]
    if len(blocked):
        return _why_blocked(around, int(blocked[0]))
    pocket = _part_at(around, around.standing.xy[places[0]])
    if pocket in _through_parts(around):
        return "one-way walkways lead no way there from a door in and on to a door out"
    return _why_enclosed(around, pocket)


def _why_blocked(around: Surroundings, place: int) -> str:
    """Return what takes the room of somebody standing at a place."""
    spot = shapely.Point(around.standing.xy[place])
    away = shapely.distance(around.solids, spot)
    middles, normals = bay_middles(around.plan)
    if place < len(middles):
        gap = _room_in_front(around, middles[place], normals[place])
        if gap is not None:
            return f"{gap[1]:.2f} m are left between it and {around.names[gap[0]]}; {_needed(around)}"
    nearest = int(np.argmin(away))
    return (
        f"{around.names[nearest]} leaves no room to stand at ({spot.x:.2f}, {spot.y:.2f}); "
        f"it must be {around.radius_m:.2f} m away"
    )


def _room_in_front(around: Surroundings, middle: Floats, normal: Floats) -> tuple[int, float] | None:
    """Return what stands within two body radii in front of a bay, and how far off; None: nothing does."""
    start = middle + 1e-4 * normal
    ahead = shapely.LineString([start, start + (2 * around.radius_m + 0.011) * normal])
    hit = np.flatnonzero(shapely.intersects(around.solids, ahead))
    if not len(hit):
        return None
    metres = shapely.distance(shapely.intersection(around.solids[hit], ahead), shapely.Point(middle))
    first = int(np.argmin(metres))
    return int(hit[first]), float(metres[first]) if metres[first] > CLOSED_M else 0.0


def _needed(around: Surroundings) -> str:
    return f"{2 * around.radius_m:.2f} m are needed"


def _part_at(around: Surroundings, xy: Floats) -> int:
    return int(np.argmin(shapely.distance(around.parts, shapely.Point(xy))))


def _through_parts(around: Surroundings) -> set[int]:
    """Return the parts of the free space that have both a door in and a door out."""
    first = len(around.standing.xy) - 2 * len(around.plan.checkouts) - len(around.plan.doors)
    ways: dict[str, set[int]] = {"in": set(), "out": set()}
    for place, door in enumerate(around.plan.doors, first):
        if around.standing.free[place]:
            for way in ("in", "out") if door.way == "both" else (door.way,):
                ways[way].add(_part_at(around, around.standing.xy[place]))
    return ways["in"] & ways["out"]


def _why_enclosed(around: Surroundings, pocket: int) -> str:
    """Return the widest gap that leads out of an enclosed part of the floor, or what encloses it."""
    near = _bordering(around, around.parts[pocket])
    ways_out = [gap for gap in _gaps(around, near) if _leads_out(around, gap, pocket)]
    if ways_out:
        gap = max(ways_out, key=lambda gap: gap.metres)
        between = f"{around.names[gap.one]} and {around.names[gap.other]}"
        return f"the widest gap, between {between}, is {gap.metres:.2f} m; {_needed(around)}"
    others = shapely.union_all(np.delete(around.parts, pocket))
    shared = np.intersect1d(near, _bordering(around, others)) if not others.is_empty else near
    names = list(dict.fromkeys(around.names[i] for i in (shared if len(shared) else near)))
    return f"{_listed(names)} leave no gap of {2 * around.radius_m:.2f} m"


def _bordering(around: Surroundings, part: Any) -> Ints:
    """Return the things that bodies in a part of the free space can touch."""
    return np.flatnonzero(shapely.distance(around.solids, part) <= around.radius_m + 1e-3)


def _gaps(around: Surroundings, near: Ints) -> Iterator[Gap]:
    """Yield the gaps between things that are too narrow for a body."""
    for one, other in combinations(near.tolist(), 2):
        line = shapely.shortest_line(around.solids[one], around.solids[other])
        if CLOSED_M < line.length < 2 * around.radius_m:
            yield Gap(one, other, line, float(line.length))


def _leads_out(around: Surroundings, gap: Gap, pocket: int) -> bool:
    """Return whether of the two parts of the free space on either side of a gap just one is the pocket."""
    (x0, y0), (x1, y1) = gap.line.coords
    along = np.array([y0 - y1, x1 - x0]) / gap.metres
    middle = np.array([x0 + x1, y0 + y1]) / 2
    sides = [_first_part(around, middle + np.arange(0.05, PROBE_M, 0.05)[:, None] * way) for way in (along, -along)]
    return sides.count(pocket) == 1


def _first_part(around: Surroundings, points: Floats) -> int | None:
    """Return the part of the free space that a series of points first comes within a body radius of."""
    away = shapely.distance(around.parts[:, None], shapely.points(points)[None, :])
    reached = np.flatnonzero(away.min(axis=0) <= around.radius_m + 0.01)
    return int(away[:, reached[0]].argmin()) if len(reached) else None


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
