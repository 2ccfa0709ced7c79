"""A floor plan ready to be walked: metres, runs expanded, bays numbered, nothing left to interpret."""

from dataclasses import dataclass, field
from typing import Literal

from storesim.inputs.base import Point

Outline = tuple[Point, ...]
"""Corners of a simple polygon in metres, counter-clockwise, not closed; () in a schematic plan."""
Way = Literal["in", "out", "both"]
CheckoutKind = Literal["cashier", "self_service", "mobile", "collect"]
"""`mobile` is a gate without lines for who has paid by telephone, `collect` a counter that hands over orders."""


@dataclass(frozen=True)
class Bay:
    """One stretch of shelf with a standing place of its own, counted from the left of who faces it."""

    number: int
    width_m: float
    left: Point | None = None
    right: Point | None = None


@dataclass(frozen=True)
class Face:
    """The side of a fixture that customers see; `normal` is the unit vector pointing at them."""

    name: str
    bays: tuple[Bay, ...]
    normal: Point | None = None


@dataclass(frozen=True)
class Fixture:
    """A shelf unit: goods on its faces, an obstacle to walking, and to sight when over 1.4 m high."""

    id: str
    kind: str
    levels: int
    height_m: float
    faces: tuple[Face, ...]
    outline: Outline = ()
    zone: str | None = None
    """Zone id; given in a schematic plan only, elsewhere geometry tells."""


@dataclass(frozen=True)
class Door:
    """Where customers enter or leave; `at` is the middle of the opening."""

    id: str
    way: Way
    at: Point | None = None
    width_m: float = 1.0
    zone: str | None = None


@dataclass(frozen=True)
class Zone:
    """A named part of the floor."""

    id: str
    name: str
    kind: str
    outline: Outline = ()
    area_m2: float = 0.0


@dataclass(frozen=True)
class Obstacle:
    """Something that is walked round and cannot be seen through: a pillar, a wall."""

    id: str
    outline: Outline


@dataclass(frozen=True)
class Checkout:
    """A bank of alike lanes: customers queue at `queue_at`, and go on from `exit_at` once they have paid."""

    id: str
    kind: CheckoutKind
    lanes: int
    outline: Outline = ()
    queue_at: Point | None = None
    exit_at: Point | None = None
    zone: str | None = None


@dataclass(frozen=True)
class Walkway:
    """A rule on an area: closed to customers, or to be crossed along `direction` (unit vector) only."""

    outline: Outline
    direction: Point | None = None
    """None: closed."""


@dataclass(frozen=True)
class Sign:
    """A sign or an information board: the area from which it can be read."""

    id: str
    outline: Outline


@dataclass(frozen=True)
class Link:
    """A way between two zones of a schematic plan; `one_way` allows start to end only."""

    start: str
    end: str
    metres: float
    one_way: bool = False


@dataclass(frozen=True)
class FloorPlan:
    """One floor. Measured: `outline` and geometry. Schematic: `outline` is () and `links` carry walking."""

    name: str
    zones: tuple[Zone, ...]
    doors: tuple[Door, ...]
    fixtures: tuple[Fixture, ...]
    checkouts: tuple[Checkout, ...]
    outline: Outline = ()
    obstacles: tuple[Obstacle, ...] = ()
    walkways: tuple[Walkway, ...] = ()
    links: tuple[Link, ...] = ()
    signs: tuple[Sign, ...] = ()
    guide: tuple[str, ...] = ()
    """Zone ids in the order in which the signed route leads through them; () when there is none."""
    units: str = field(default="m", compare=False)
    """The units the user wrote, for messages and figures; all lengths here are metres."""

    @property
    def is_schematic(self) -> bool:
        """Whether walking follows `links` rather than geometry."""
        return not self.outline
