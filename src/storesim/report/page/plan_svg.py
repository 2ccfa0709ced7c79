"""One floor plan to scale as shapes of an SVG, named where there is room."""

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

import shapely
from markupsafe import Markup

from storesim.inputs.floor_plan import FloorPlan
from storesim.report.geometry import face_lines, furniture, opening
from storesim.report.page.plan_labels import Names, label
from storesim.report.page.plan_links import linked_drawing
from storesim.report.page.plan_shapes import MARGIN, WIDTH, PlanDrawing, Shape, Spot, View, pointer
from storesim.report.page.svg import joined, path_of, tag

TALLEST = 420.0
FOOT = 22.0
"""Room below the floor, for the scale bar and the names of doors."""
BAR_LENGTHS_M = (1, 2, 5, 10, 20, 50, 100)


def plan_drawing(plan: FloorPlan) -> PlanDrawing:
    """Return a plan as shapes; zones and fixtures in the plan's order."""
    return linked_drawing(plan) if plan.is_schematic else _measured(plan)


def _measured(plan: FloorPlan) -> PlanDrawing:
    view = _view(plan)
    names = Names(view.scale)
    foot = _scale_bar(plan, view, names)
    doors = joined(_doors(plan, view, names))
    zones = _named_zones(plan, view, names)
    floor = tag("path", class_="p-floor", d=path_of(view.corners(plan.outline)))
    walls = tag("path", class_="p-wall", d=path_of(view.corners(plan.outline)))
    things = joined([*_walkways(plan, view), *_fronts(plan, view), *_obstacles(plan, view), *_checkouts(plan, view)])
    fixtures = tuple(Shape(fixture.id, fixture.id, view.corners(fixture.outline)) for fixture in plan.fixtures)
    return PlanDrawing(
        plan.name, view.height, zones, fixtures, floor, joined([things, walls, doors, foot]), names.written, view
    )


def _view(plan: FloorPlan) -> View:
    low_x, low_y, high_x, high_y = shapely.Polygon(plan.outline).bounds
    wide, deep = high_x - low_x, high_y - low_y
    scale = min((WIDTH - 2 * MARGIN) / wide, TALLEST / deep)
    return View(low_x, high_y, scale, (WIDTH - wide * scale) / 2, ceil(deep * scale + MARGIN + FOOT))


def _named_zones(plan: FloorPlan, view: View, names: Names) -> tuple[Shape, ...]:
    """Return the zones, those named first that have least room."""
    standing, floor = furniture(plan), shapely.Polygon(plan.outline)
    order = sorted(range(len(plan.zones)), key=lambda number: (plan.zones[number].area_m2, plan.zones[number].id))
    found: dict[int, Shape] = {}
    for number in order:
        zone = plan.zones[number]
        free = shapely.Polygon(zone.outline).intersection(floor).difference(standing)
        shape = Shape(zone.id, zone.name, view.corners(zone.outline))
        place = names.near(zone.name, free, view.spot)
        found[number] = replace(shape, label=place.spot, upright=place.upright) if place else shape
    return tuple(found[number] for number in range(len(plan.zones)))


def _fronts(plan: FloorPlan, view: View) -> Iterator[Markup]:
    """Yield one path with the sides of the furniture that customers see."""
    lines = [path_of([view.spot(a), view.spot(b)], closed=False) for a, b in face_lines(plan.fixtures)]
    if lines:
        yield tag("path", class_="p-front", d="".join(lines))


def _obstacles(plan: FloorPlan, view: View) -> Iterator[Markup]:
    for obstacle in plan.obstacles:
        yield tag("path", class_="p-obstacle", d=path_of(view.corners(obstacle.outline)))


def _checkouts(plan: FloorPlan, view: View) -> Iterator[Markup]:
    """Yield the banks of lanes, their names, and where each queue stands: a triangle pointing at the bank."""
    for checkout in plan.checkouts:
        yield tag("path", class_="p-checkout", d=path_of(view.corners(checkout.outline)))
        middle = shapely.Polygon(checkout.outline).centroid
        low_x, _, high_x, _ = shapely.Polygon(checkout.outline).bounds
        yield label(checkout.id, view.spot((middle.x, middle.y)), widest=(high_x - low_x) * view.scale)
        if checkout.queue_at is not None:
            yield pointer(view.spot(checkout.queue_at), view.spot((middle.x, middle.y)))


def _walkways(plan: FloorPlan, view: View) -> Iterator[Markup]:
    """Yield closed areas hatched, and an arrow on those that go one way."""
    for walkway in plan.walkways:
        kind = "p-closed" if walkway.direction is None else "p-one-way"
        yield tag("path", class_=kind, d=path_of(view.corners(walkway.outline)))
        if walkway.direction is not None:
            area = shapely.Polygon(walkway.outline)
            middle, reach = area.centroid, min(3.0, area.length / 8)
            right, up = (reach * part for part in walkway.direction)
            start, end = (middle.x - right, middle.y - up), (middle.x + right, middle.y + up)
            yield _arrow(view.spot(start), view.spot(end))


def _arrow(start: Spot, end: Spot) -> Markup:
    line = tag("path", class_="p-arrow", d=path_of([start, end], closed=False))
    return joined([line, pointer(end, (2 * end[0] - start[0], 2 * end[1] - start[1]))])


def _doors(plan: FloorPlan, view: View, names: Names) -> Iterator[Markup]:
    """Yield the doors as openings in the wall, named where there is room outside it."""
    wall = shapely.Polygon(plan.outline).exterior
    low_y = shapely.Polygon(plan.outline).bounds[1]
    for door in plan.doors:
        if door.at is None:
            continue
        ends = [view.spot((x, y)) for x, y in opening(wall, door).coords]
        yield tag("path", tag("title", f"{door.id} ({door.way})"), class_="p-door", d=path_of(ends, closed=False))
        if abs(door.at[1] - low_y) < 1:
            x, y = view.spot((door.at[0], low_y))
            written = names.at(door.id, (x, y + FOOT / 2))
            yield written


def _scale_bar(plan: FloorPlan, view: View, names: Names) -> Markup:
    low_x, low_y, high_x, _ = shapely.Polygon(plan.outline).bounds
    length_m = max((m for m in BAR_LENGTHS_M if m <= (high_x - low_x) / 4), default=1)
    (x, y), wide = view.spot((low_x, low_y)), length_m * view.scale
    y += FOOT / 2
    bar = tag("path", class_="p-scale", d=path_of([(x, y - 3), (x, y), (x + wide, y), (x + wide, y - 3)], closed=False))
    return joined([bar, names.at(f"{length_m} m", (x + wide + 18, y))])
