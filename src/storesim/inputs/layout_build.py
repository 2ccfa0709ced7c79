"""Things of a layout as written into things of a floor plan: metres, runs expanded, bays numbered."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from shapely import Polygon

from storesim.inputs.base import Point
from storesim.inputs.floor_plan import (
    Bay,
    Checkout,
    Door,
    Face,
    Fixture,
    Link,
    Obstacle,
    Outline,
    Sign,
    Walkway,
    Zone,
)
from storesim.inputs.kinds import COMPASS, KINDS, FaceName
from storesim.inputs.layout_model import (
    Area,
    CheckoutWritten,
    DoorWritten,
    FixtureWritten,
    FloorWritten,
    GraphCheckout,
    GraphDoor,
    GraphLink,
    GraphShelf,
    GraphZone,
    ObstacleWritten,
    RunWritten,
    ShelfWritten,
    SignWritten,
    WalkwayWritten,
    ZoneWritten,
)
from storesim.inputs.shapes import bay_count, before_side, box_face, box_outline, clean, counter_clockwise

QUEUE_M = 0.8
"""Where customers queue: so far before the queue side of a checkout."""
EXIT_M = 0.5
"""Where they go on from: so far before its exit side."""
BAY_M = 1.25
DOOR_M = 1.0

_STEPS: dict[FaceName, Point] = {"north": (0, 1), "east": (1, 0), "south": (0, -1), "west": (-1, 0)}
_Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Builder:
    """Builds things of a floor plan from one file's units."""

    metres: float
    """Length of the file's unit in metres."""

    def length(self, written: float | None, default_m: float) -> float:
        """Return a written length in metres."""
        return default_m if written is None else clean(written * self.metres)

    def point(self, written: Point) -> Point:
        """Return a written point in metres."""
        return clean(written[0] * self.metres), clean(written[1] * self.metres)

    def corners(self, area: Area | FloorWritten) -> Outline:
        """Return the corners of an area in metres as written: they may yet be no polygon."""
        if area.outline is not None:
            return tuple(self.point(point) for point in area.outline)
        if isinstance(area, FloorWritten):
            return box_outline(self._box((0, 0, *(area.size or (0, 0)))))
        return box_outline(self._box(area.box or (0, 0, 0, 0)))

    def _box(self, box: _Box) -> _Box:
        x, y, width, depth = (clean(value * self.metres) for value in box)
        return x, y, width, depth

    def zone(self, written: ZoneWritten) -> Zone:
        """Return a zone with its area."""
        outline = counter_clockwise(self.corners(written))
        area = clean(float(Polygon(outline).area))
        return Zone(written.id, written.name or written.id, written.kind, outline, area)

    def obstacle(self, written: ObstacleWritten) -> Obstacle:
        """Return an obstacle."""
        return Obstacle(written.id, counter_clockwise(self.corners(written)))

    def sign(self, written: SignWritten) -> Sign:
        """Return a sign with the area from which it can be read."""
        return Sign(written.id, counter_clockwise(self.corners(written)))

    def walkway(self, written: WalkwayWritten) -> Walkway:
        """Return a walkway; its direction turns from a bearing into a vector."""
        outline = counter_clockwise(self.corners(written))
        if written.one_way is None:
            return Walkway(outline)
        angle = math.radians(written.one_way)
        return Walkway(outline, (clean(math.sin(angle)), clean(math.cos(angle))))

    def door(self, written: DoorWritten) -> Door:
        """Return a door."""
        return Door(written.id, written.way, self.point(written.at), self.length(written.width, DOOR_M))

    def checkout(self, written: CheckoutWritten) -> Checkout:
        """Return a checkout with the places before its queue side and its exit side."""
        outline = box_outline(self._box(written.box))
        queue_at = before_side(outline, written.queue, QUEUE_M)
        exit_at = before_side(outline, written.exit, EXIT_M)
        return Checkout(written.id, written.kind, written.lanes, outline, queue_at, exit_at)

    def fixture(self, written: FixtureWritten) -> Fixture:
        """Return a fixture with its bays."""
        box = self._box(written.box)
        return self._shelf_unit(written.id, written, box_outline(box, written.rotate), box[2:])

    def run(self, written: RunWritten) -> Iterator[Fixture]:
        """Yield the fixtures of a run, each followed by its end caps."""
        step = _STEPS[written.along]
        pitch = written.pitch or 0.0
        for number in range(written.count):
            x, y = (written.start[axis] + step[axis] * pitch * number for axis in (0, 1))
            box = self._box((x, y, *written.size))
            name = f"{written.id}{number + 1}"
            yield self._shelf_unit(name, written, box_outline(box), box[2:])
            yield from self._end_caps(name, written, box)

    def _end_caps(self, name: str, run: RunWritten, box: _Box) -> Iterator[Fixture]:
        caps = run.end_caps
        if caps is None:
            return
        kind = KINDS["end_cap"]
        depth = self.length(caps.depth, 0.0)
        bay = self.length(caps.bay or run.bay, BAY_M)
        height = self.length(caps.height, kind.height_m)
        for side in caps.sides:
            outline = box_outline(_beside(box, side, depth))
            faces = (box_face(outline, side, bay),)
            yield Fixture(f"{name}-{side}", "end_cap", caps.levels or kind.levels, height, faces, outline)

    def _shelf_unit(self, name: str, written: ShelfWritten, outline: Outline, size: tuple[float, ...]) -> Fixture:
        kind = KINDS[written.kind]
        bay = self.length(written.bay, BAY_M)
        faces = tuple(box_face(outline, side, bay) for side in shown_sides(written, size[0], size[1]))
        height = self.length(written.height, kind.height_m)
        return Fixture(name, written.kind, written.levels or kind.levels, height, faces, outline)

    def graph_zone(self, written: GraphZone) -> tuple[Zone, tuple[Fixture, ...]]:
        """Return a zone of a plan without measures, and its shelves."""
        area = clean((written.area or 0.0) * self.metres**2)
        zone = Zone(written.id, written.name or written.id, written.kind, (), area)
        return zone, tuple(self._graph_shelf(shelf, written.id) for shelf in written.shelves)

    def _graph_shelf(self, written: GraphShelf, zone: str) -> Fixture:
        kind = KINDS[written.kind]
        length = clean(written.metres)
        count = bay_count(length, self.length(written.bay, BAY_M))
        bays = tuple(Bay(number, clean(length / count)) for number in range(1, count + 1))
        height = self.length(written.height, kind.height_m)
        levels = written.levels or kind.levels
        return Fixture(written.id, written.kind, levels, height, (Face("front", bays),), zone=zone)

    def graph_door(self, written: GraphDoor) -> Door:
        """Return a door of a plan without measures."""
        return Door(written.id, written.way, None, self.length(written.width, DOOR_M), written.zone)

    def graph_checkout(self, written: GraphCheckout) -> Checkout:
        """Return a checkout of a plan without measures."""
        return Checkout(written.id, written.kind, written.lanes, zone=written.zone)

    def graph_link(self, written: GraphLink) -> Link:
        """Return a link between zones."""
        return Link(*written.between, clean(written.metres), written.one_way)

    def fixtures_and_bays(self, written: FixtureWritten | RunWritten | GraphZone) -> tuple[int, float]:
        """Return how many fixtures and about how many bays something will make, without making them."""
        if isinstance(written, GraphZone):
            lengths = [self._bays(shelf.metres / self.metres, shelf.bay) for shelf in written.shelves]
            return len(lengths), sum(lengths)
        width, depth = written.size if isinstance(written, RunWritten) else written.box[2:]
        sides = shown_sides(written, width, depth)
        bays = sum(self._bays(_side_length(side, width, depth), written.bay) for side in sides)
        if isinstance(written, FixtureWritten):
            return 1, bays
        caps = written.end_caps
        ends = caps.sides if caps else ()
        wished = (caps.bay if caps else None) or written.bay
        bays += sum(self._bays(_side_length(side, width, depth), wished) for side in ends)
        return written.count * (1 + len(ends)), written.count * bays

    def _bays(self, length: float, bay: float | None) -> float:
        return max(1.0, length * self.metres / (BAY_M if bay is None else bay * self.metres))


def shown_sides(written: ShelfWritten, width: float, depth: float) -> tuple[FaceName, ...]:
    """Return the sides of a fixture that customers see: as written, or as its kind has it."""
    if written.faces is not None:
        return written.faces
    if KINDS[written.kind].faces == "all":
        return COMPASS
    return ("north", "south") if width >= depth else ("east", "west")


def _side_length(side: FaceName, width: float, depth: float) -> float:
    return width if side in ("north", "south") else depth


def _beside(box: _Box, side: FaceName, depth_m: float) -> _Box:
    """Return the box that stands outside a side of another, as wide as that side."""
    x, y, width, depth = box
    boxes: dict[FaceName, _Box] = {
        "south": (x, y - depth_m, width, depth_m),
        "north": (x, y + depth, width, depth_m),
        "west": (x - depth_m, y, depth_m, depth),
        "east": (x + width, y, depth_m, depth),
    }
    return boxes[side]
