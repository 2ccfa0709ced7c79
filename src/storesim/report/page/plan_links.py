"""A plan without measurements: zones as boxes with the squares of their fixtures, and the ways between them."""

from collections.abc import Iterator, Mapping
from math import ceil

from markupsafe import Markup

from storesim.inputs.floor_plan import FloorPlan
from storesim.report.geometry import zone_places
from storesim.report.page.plan_labels import label
from storesim.report.page.plan_shapes import WIDTH, PlanDrawing, Shape, Spot, pointer
from storesim.report.page.svg import joined, path_of, tag

WIDE, HEAD, SQUARE, COLUMNS = 104.0, 30.0, 12.0, 8
"""A zone's box: its width, the height of its name and value, and the squares of its fixtures below them."""
GAP = 14.0
ROUNDS = 300
LABEL_PLACES = (0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7)
"""Where along a link its length is written: the first place that no box covers."""
LABEL = (24.0, 10.0)


def linked_drawing(plan: FloorPlan) -> PlanDrawing:
    """Return the zones about where the lengths of the links put them, none over another; not to scale."""
    deep = HEAD + max(map(ceil, [_count(plan, zone.id) / COLUMNS for zone in plan.zones]), default=0) * SQUARE + 4
    height = 60 + (deep + GAP) * max(2, len(plan.zones) / 2)
    places = apart(_first_places(plan, height, deep), deep, height)
    zones = tuple(_box(zone.id, zone.name, places[zone.id], deep) for zone in plan.zones)
    fixtures = tuple(_square(plan, number, places) for number in range(len(plan.fixtures)))
    names = [label(zone.name, (places[zone.id][0], places[zone.id][1] + 8), WIDE - 6) for zone in zones]
    words = label("From links, not to scale", (WIDTH / 2, height - 8), WIDTH)
    return PlanDrawing(
        plan.name, height, zones, fixtures, joined(_links(plan, places, deep)), joined([*names, words]), joined([])
    )


def apart(places: Mapping[str, Spot], deep: float, height: float) -> dict[str, Spot]:
    """Return top middles of boxes pushed apart until none lies over another, or as far as there is room."""
    now = {zone: list(place) for zone, place in places.items()}
    names = list(now)
    for _ in range(ROUNDS):
        moved = [_push(now[a], now[b], deep) for i, a in enumerate(names) for b in names[i + 1 :]]
        for place in now.values():
            place[0] = min(max(place[0], WIDE / 2 + 2), WIDTH - WIDE / 2 - 2)
            place[1] = min(max(place[1], 2), height - deep - 20)
        if not any(moved):
            break
    return {zone: (x, y) for zone, (x, y) in now.items()}


def _push(one: list[float], other: list[float], deep: float) -> bool:
    """Move two boxes apart along the axis on which they overlap less; return whether they overlapped."""
    over_x = WIDE + GAP / 2 - abs(one[0] - other[0])
    over_y = deep + GAP - abs(one[1] - other[1])
    if over_x <= 0.01 or over_y <= 0.01:
        return False
    axis, over = (0, over_x) if over_x < over_y else (1, over_y)
    way = 1 if one[axis] >= other[axis] else -1
    one[axis] += way * over / 2
    other[axis] -= way * over / 2
    return True


def _first_places(plan: FloorPlan, height: float, deep: float) -> dict[str, Spot]:
    """Return the layout of the links stretched over the page."""
    spots = zone_places(plan)
    spans = [(min(axis), max(axis)) for axis in zip(*spots.values(), strict=True)]
    room = ((WIDE / 2 + 2, WIDTH - WIDE / 2 - 2), (height - deep - 20, 2.0))

    def stretched(value: float, axis: int) -> float:
        (low, high), (start, end) = spans[axis], room[axis]
        return start + (end - start) * ((value - low) / (high - low) if high > low else 0.5)

    return {zone: (stretched(x, 0), stretched(y, 1)) for zone, (x, y) in spots.items()}


def _count(plan: FloorPlan, zone: str) -> int:
    return sum(fixture.zone == zone for fixture in plan.fixtures)


def _box(zone: str, name: str, place: Spot, deep: float) -> Shape:
    (x, y), half = place, WIDE / 2
    corners = ((x - half, y), (x + half, y), (x + half, y + deep), (x - half, y + deep))
    return Shape(zone, name, corners, (x, y + 20))


def _square(plan: FloorPlan, number: int, places: Mapping[str, Spot]) -> Shape:
    fixture = plan.fixtures[number]
    before = sum(other.zone == fixture.zone for other in plan.fixtures[:number])
    x, y = places[fixture.zone or ""]
    left, top = x - WIDE / 2 + 5 + SQUARE * (before % COLUMNS), y + HEAD + SQUARE * (before // COLUMNS)
    right, bottom = left + SQUARE - 2, top + SQUARE - 2
    return Shape(fixture.id, fixture.id, ((left, top), (right, top), (right, bottom), (left, bottom)))


def _links(plan: FloorPlan, places: Mapping[str, Spot], deep: float) -> Iterator[Markup]:
    for link in plan.links:
        (x, y), (right, down) = ((place[0], place[1] + deep / 2) for place in (places[link.start], places[link.end]))
        yield tag("path", class_="p-link", d=path_of([(x, y), (right, down)], closed=False))
        if link.one_way:
            yield pointer(((x + 2 * right) / 3, (y + 2 * down) / 3), (right, down))
        spots = [(x + share * (right - x), y + share * (down - y)) for share in LABEL_PLACES]
        free = next((spot for spot in spots if not any(_covered(spot, place, deep) for place in places.values())), None)
        yield label(f"{link.metres:g} m", free, WIDTH) if free else joined([])


def _covered(spot: Spot, place: Spot, deep: float) -> bool:
    """Return whether a length written at a spot would touch the box whose top middle is `place`."""
    wide, high = LABEL
    x, y = spot[0] - place[0], spot[1] - place[1] - deep / 2
    return abs(x) < (WIDE + wide) / 2 and abs(y) < (deep + high) / 2
