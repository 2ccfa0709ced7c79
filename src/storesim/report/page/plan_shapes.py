"""What a plan on the page is made of: shapes with a name, drawn once and used by every variant on the same plan."""

from dataclasses import dataclass

from markupsafe import Markup

from storesim.inputs.floor_plan import FloorPlan, Outline
from storesim.report.page.svg import joined, path_of, tag

WIDTH = 360.0
"""Units across a plan, whatever its metres: a unit is about a pixel, so that a size of text can be promised."""
MARGIN = 14.0
POINTER = 4.0

Spot = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """Something on a plan that has a value: its corners, and where its name or value can be written."""

    id: str
    name: str
    corners: tuple[Spot, ...]
    label: Spot | None = None
    """None: no room."""
    upright: bool = False


@dataclass(frozen=True)
class View:
    """Metres of one floor on the page."""

    left_m: float
    top_m: float
    scale: float
    """Units a metre."""
    x: float
    height: float

    def spot(self, point: Spot) -> Spot:
        """Return where a point of the floor lies on the page; y grows downwards there."""
        return (self.x + (point[0] - self.left_m) * self.scale, MARGIN + (self.top_m - point[1]) * self.scale)

    def corners(self, outline: Outline) -> tuple[Spot, ...]:
        """Return an outline on the page."""
        return tuple(self.spot(point) for point in outline)


@dataclass(frozen=True)
class PlanDrawing:
    """A plan ready to be put on the page; `view` is None for a schematic plan, which has no metres."""

    name: str
    height: float
    zones: tuple[Shape, ...]
    fixtures: tuple[Shape, ...]
    floor: Markup
    """Below everything."""
    top: Markup
    """Over the values: walls, tills, doors, scale."""
    names: Markup
    """Names of zones, where they fit."""
    view: View | None = None


def plan_definitions(drawing: PlanDrawing, key: str) -> Markup:
    """Return what variants share, by id: KEY-z3 and KEY-f12 (shapes), KEY-floor, KEY-top, KEY-names."""
    shapes = [
        tag("path", id=f"{key}-{letter}{number}", d=path_of(shape.corners))
        for letter, each in (("z", drawing.zones), ("f", drawing.fixtures))
        for number, shape in enumerate(each)
    ]
    groups = (("floor", drawing.floor), ("top", drawing.top), ("names", drawing.names))
    return joined([*shapes, *(tag("g", body, id=f"{key}-{name}") for name, body in groups)])


def large_first(plan: FloorPlan) -> list[int]:
    """Return the zones' numbers in the order in which they are painted: small zones lie on large ones."""
    return sorted(range(len(plan.zones)), key=lambda number: (-plan.zones[number].area_m2, plan.zones[number].id))


def pointer(spot: Spot, at: Spot) -> Markup:
    """Return a small triangle at a spot that points at something."""
    (x, y), size = spot, POINTER
    right, down = at[0] - x, at[1] - y
    ahead = (1 if right > 0 else -1, 0) if abs(right) > abs(down) else (0, 1 if down > 0 else -1)
    across = (-ahead[1], ahead[0])
    tail = [(x + side * across[0] * size - ahead[0] * size, y + side * across[1] * size - ahead[1] * size)
            for side in (1, -1)]  # fmt: skip
    return tag("path", class_="p-queue", d=path_of([(x, y), *tail]))


def shapes_of(drawing: PlanDrawing, thing: str) -> tuple[Shape, ...]:
    """Return the zones or the fixtures of a drawing."""
    return drawing.zones if thing == "zone" else drawing.fixtures
