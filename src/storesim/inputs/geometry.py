"""Whether the things of a measured floor plan can stand where they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry import Point as ShapelyPoint

from storesim.inputs.base import Point
from storesim.inputs.floor_plan import Door, FloorPlan, Outline
from storesim.inputs.layout_fields import METRES
from storesim.inputs.mistakes import quoted

TOUCHING_M = 0.001
"""Things that overlap by no more only touch."""
_SHRINK_M = TOUCHING_M / 2 + 1e-7
"""Overlapping is judged on outlines less so much all round; the rest is for binary fractions."""
DOOR_OFF_WALL_M = 0.5
MOST_FLAWS = 300


@dataclass(frozen=True)
class Flaw:
    """One thing of a plan that cannot be: which list and id it has, and a sentence with the remedy."""

    kind: str
    """zone, door, fixture, obstacle, checkout, walkway or sign."""
    id: str
    """As written; for a walkway its number from 0."""
    what: str


class _Body(NamedTuple):
    """Something that stands on the floor."""

    kind: str
    id: str
    outline: Outline

    def __str__(self) -> str:
        return f"{self.kind} {quoted(self.id)}"


def geometry_mistakes(plan: FloorPlan) -> list[Flaw]:
    """Return what cannot be on a measured floor: things outside it, overlapping things, impossible doors.

    A plan without measures has none. Walking is not judged here.
    """
    if plan.is_schematic:
        return []
    bodies = [
        *(_Body("fixture", fixture.id, fixture.outline) for fixture in plan.fixtures),
        *(_Body("checkout", checkout.id, checkout.outline) for checkout in plan.checkouts),
        *(_Body("obstacle", obstacle.id, obstacle.outline) for obstacle in plan.obstacles),
    ]
    zones = [_Body("zone", zone.id, zone.outline) for zone in plan.zones]
    signs = [_Body("sign", sign.id, sign.outline) for sign in plan.signs]
    outside = _outside(plan, [*bodies, *zones, *signs])
    flaws = chain(_doors(plan), outside, _checkout_sides(plan), _walkways(plan), _overlaps(bodies))
    return list(islice(flaws, MOST_FLAWS))


def _outside(plan: FloorPlan, bodies: Sequence[_Body]) -> Iterator[Flaw]:
    floor = Polygon(plan.outline)
    roomy = floor.buffer(TOUCHING_M, join_style="mitre")
    shapely.prepare(roomy)
    for body in bodies:
        if not roomy.covers(Polygon(body.outline)):
            far = max(floor.distance(ShapelyPoint(corner)) for corner in body.outline)
            reach = f"reaches {far:.2f} m beyond" if far > TOUCHING_M else "stands partly outside"
            yield Flaw(body.kind, body.id, f"{body} {reach} the floor; move it inside")


def _overlaps(bodies: Sequence[_Body]) -> Iterator[Flaw]:
    """Yield the overlapping pairs, told of the later one.

    Obstacles may overlap each other: they are walls that meet.
    """
    shapes = [Polygon(body.outline) for body in bodies]
    cores = shapely.buffer(np.array(shapes, dtype=object), -_SHRINK_M, join_style="mitre")
    tree = shapely.STRtree(cores)
    movable = np.array([body.kind != "obstacle" for body in bodies])
    for second, body in enumerate(bodies):
        hits = np.sort(tree.query(cores[second], predicate="intersects"))
        for first in hits[(hits < second) & movable[hits]]:
            low_x, low_y, high_x, high_y = shapes[first].intersection(shapes[second]).bounds
            size = f"{high_x - low_x:.2f} x {high_y - low_y:.2f} m"
            what = f"{body} overlaps {bodies[first]} by {size}; move one of them"
            yield Flaw(body.kind, body.id, what)


def _checkout_sides(plan: FloorPlan) -> Iterator[Flaw]:
    floor = Polygon(plan.outline)
    for checkout in plan.checkouts:
        for side, at in (("queue", checkout.queue_at), ("exit", checkout.exit_at)):
            if at is not None and not floor.covers(ShapelyPoint(at)):
                name = f"the {side} of checkout {quoted(checkout.id)}"
                what = f"{name} is outside the floor; leave room before that side"
                yield Flaw("checkout", checkout.id, what)


def _walkways(plan: FloorPlan) -> Iterator[Flaw]:
    floor = Polygon(plan.outline)
    for number, walkway in enumerate(plan.walkways):
        if not floor.intersects(Polygon(walkway.outline)):
            yield Flaw("walkway", str(number), "the walkway lies outside the floor; move it inside")


def _doors(plan: FloorPlan) -> Iterator[Flaw]:
    walls = [LineString(ends) for ends in zip(plan.outline, (*plan.outline[1:], plan.outline[0]), strict=True)]
    for door in plan.doors:
        what = _door_flaw(door, door.at, walls, plan.units) if door.at else None
        if what:
            yield Flaw("door", door.id, f"door {quoted(door.id)} {what}")


def _door_flaw(door: Door, at: Point, walls: Sequence[LineString], units: str) -> str | None:
    """Return why there can be no such door; it is measured along the wall that suits it best."""
    point = ShapelyPoint(at)
    off = min(wall.distance(point) for wall in walls)
    near = [wall for wall in walls if wall.distance(point) <= off + TOUCHING_M]
    if off > DOOR_OFF_WALL_M:
        on_wall = near[0].interpolate(near[0].project(point))
        unit_m = next((metres for unit, metres in METRES.items() if unit == units), 1.0)
        there = f"[{on_wall.x / unit_m:g}, {on_wall.y / unit_m:g}]"
        return f"is {off:.2f} m from the floor's edge; place it on the wall, at {there}"
    longest = max(wall.length for wall in near)
    if door.width_m > longest + TOUCHING_M:
        return f"is {door.width_m:g} m wide, its wall {longest:g} m; make it narrower"
    room = max(min(wall.project(point), wall.length - wall.project(point)) for wall in near)
    if door.width_m / 2 > room + TOUCHING_M:
        return f"reaches {door.width_m / 2 - room:.2f} m round the corner; move it along its wall"
    return None
