"""Shapes on the floor: boxes, sides, bays and their mirror images, all in metres."""

import math
from dataclasses import replace

from shapely import Polygon
from shapely.geometry.polygon import orient
from shapely.validation import explain_validity

from storesim.inputs.base import Point
from storesim.inputs.floor_plan import Bay, Face, Outline
from storesim.inputs.kinds import FaceName

LEAST_AREA_M2 = 1e-4
# Sides of a box as indices of their corners, left to right for who faces them; corners run counter-clockwise
# from the lower left.
_SIDES: dict[FaceName, tuple[int, int]] = {"south": (0, 1), "east": (1, 2), "north": (2, 3), "west": (3, 0)}
_DIGITS = 9
"""A nanometre: so that sums of decimal numbers come out as written."""


def clean(metres: float) -> float:
    """Return a length without the dust of binary fractions."""
    return round(metres, _DIGITS) + 0.0


def box_outline(box: tuple[float, float, float, float], degrees: float = 0.0) -> Outline:
    """Return the corners of a box [x, y, width, depth], turned counter-clockwise about its middle."""
    x, y, width, depth = box
    corners: Outline = ((x, y), (x + width, y), (x + width, y + depth), (x, y + depth))
    if degrees % 360:
        corners = tuple(_turned(corner, (x + width / 2, y + depth / 2), degrees) for corner in corners)
    return tuple((clean(a), clean(b)) for a, b in corners)


def _turned(point: Point, middle: Point, degrees: float) -> Point:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    dx, dy = point[0] - middle[0], point[1] - middle[1]
    return middle[0] + cosine * dx - sine * dy, middle[1] + sine * dx + cosine * dy


def counter_clockwise(points: Outline) -> Outline:
    """Return an outline as `FloorPlan` wants it: counter-clockwise and not closed."""
    ring = orient(Polygon(points)).exterior.coords[:-1]
    return tuple((clean(x), clean(y)) for x, y in ring)


def outline_flaw(points: Outline) -> str | None:
    """Return what keeps corners from being the edge of an area, or None."""
    if len(set(points)) < 3:
        return "the outline has fewer than 3 different corners; write them all"
    polygon = Polygon(points)
    if polygon.convex_hull.area < LEAST_AREA_M2:
        return "the outline has no area; check its corners"
    if not polygon.is_valid:
        reason, _, place = explain_validity(polygon).partition("[")
        near = f" near [{', '.join(place.rstrip(']').split())}]" if "ntersection" in reason else ""
        return f"the outline crosses itself{near}; list the corners in order round the edge"
    return None


def side(outline: Outline, name: FaceName) -> tuple[Point, Point]:
    """Return the ends of a side of a box, left and right of who faces it."""
    left, right = _SIDES[name]
    return outline[left], outline[right]


def before_side(outline: Outline, name: FaceName, distance_m: float) -> Point:
    """Return the point in front of the middle of a side of a box."""
    left, right = side(outline, name)
    normal = _normal(left, right)
    middle = (left[0] + right[0]) / 2, (left[1] + right[1]) / 2
    return clean(middle[0] + normal[0] * distance_m), clean(middle[1] + normal[1] * distance_m)


def bay_count(length_m: float, bay_m: float) -> int:
    """Return into how many equal bays a face is parted when `bay_m` is the wished width; at least 1."""
    return max(1, round(length_m / bay_m))


def box_face(outline: Outline, name: FaceName, bay_m: float) -> Face:
    """Return a side of a box as a face with bays, numbered from the left of who faces it."""
    left, right = side(outline, name)
    length = math.dist(left, right)
    count = bay_count(length, bay_m)
    ends = [_between(left, right, number / count) for number in range(count + 1)]
    width = clean(length / count)
    bays = tuple(Bay(number + 1, width, ends[number], ends[number + 1]) for number in range(count))
    return Face(name, bays, _normal(left, right))


def _between(left: Point, right: Point, share: float) -> Point:
    return clean(left[0] + (right[0] - left[0]) * share), clean(left[1] + (right[1] - left[1]) * share)


def _normal(left: Point, right: Point) -> Point:
    """Return the unit vector to the right of the way from left to right: at who faces the side."""
    length = math.dist(left, right)
    return (right[1] - left[1]) / length + 0.0, (left[0] - right[0]) / length + 0.0


class Mirror:
    """Flips things left to right (x) or top to bottom (y) within the bounds of a floor."""

    def __init__(self, axis: str, floor: Outline) -> None:
        self.index = 0 if axis == "x" else 1
        values = [corner[self.index] for corner in floor]
        self.total = min(values) + max(values)

    def point(self, point: Point) -> Point:
        """Return the image of a point."""
        image = clean(self.total - point[self.index])
        return (image, point[1]) if self.index == 0 else (point[0], image)

    def vector(self, vector: Point) -> Point:
        """Return the image of a direction."""
        return (0.0 - vector[0], vector[1]) if self.index == 0 else (vector[0], 0.0 - vector[1])

    def outline(self, outline: Outline) -> Outline:
        """Return the image of an outline, counter-clockwise again."""
        return tuple(self.point(point) for point in reversed(outline))

    def face(self, face: Face) -> Face:
        """Return the image of a face: the same name, bays counted from the left of who faces it."""
        flipped = [self._bay(bay) for bay in reversed(face.bays)]
        bays = tuple(replace(bay, number=number) for number, bay in enumerate(flipped, start=1))
        return replace(face, bays=bays, normal=self.vector(face.normal) if face.normal else None)

    def _bay(self, bay: Bay) -> Bay:
        left = self.point(bay.right) if bay.right else None
        right = self.point(bay.left) if bay.left else None
        return replace(bay, left=left, right=right)
