"""A layout as the user writes it, in the user's units."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from storesim.inputs.base import Input, Name
from storesim.inputs.floor_plan import CheckoutKind, Way
from storesim.inputs.kinds import KINDS, FaceName, FixtureKind
from storesim.inputs.layout_fields import (
    XY,
    Bearing,
    Box,
    Corners,
    Faces,
    Id,
    Lanes,
    Length,
    Levels,
    Units,
    each_once,
    no_truth,
)
from storesim.inputs.mistakes import quoted

Guide = tuple[Name, ...]


class Written(Input):
    """Part of a layout file."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class Area(Written):
    """Something with an area: a box or an outline."""

    box: Box | None = None
    """Footprint as [x, y, width, depth]; x, y is the lower left corner."""
    outline: Corners | None = None
    """Corners as [[x, y], …], in order round the edge."""

    @model_validator(mode="after")
    def _has_one_shape(self) -> Self:
        if (self.box is None) == (self.outline is None):
            raise ValueError(
                "there is neither box nor outline; write one"
                if self.box is None
                else "there are both box and outline; keep one"
            )
        return self


class FloorWritten(Written):
    """The floor itself."""

    size: tuple[Length, Length] | None = None
    """[width, depth] of a rectangular floor."""
    outline: Corners | None = None
    """Corners of any other floor."""

    @model_validator(mode="after")
    def _has_one_shape(self) -> Self:
        if (self.size is None) == (self.outline is None):
            raise ValueError(
                "the floor has neither size nor outline; write one"
                if self.size is None
                else "the floor has both size and outline; keep one"
            )
        return self


class DoorWritten(Written):
    """A door in a wall of the floor."""

    id: Id
    at: XY
    """Middle of the opening, on the floor's edge."""
    width: Length | None = None
    """Width of the opening; 1 m if not written."""
    way: Way = "both"


class ZoneWritten(Area):
    """A named part of the floor; zones may overlap, the smallest counts."""

    id: Id
    name: Name | None = None
    kind: Name = "department"


class ObstacleWritten(Area):
    """Something to walk round: a pillar, a wall."""

    id: Id


class ShelfWritten(Written):
    """What fixtures and runs have in common."""

    id: Id
    kind: FixtureKind
    faces: Faces | None = None
    """Sides that customers see, as north, east, south, west or all; if not written, as the kind has it."""
    bay: Length | None = None
    """Wished width of a bay; 1.25 m if not written."""
    levels: Levels | None = None
    height: Length | None = None

    @model_validator(mode="after")
    def _says_which_side(self) -> Self:
        if self.faces is None and KINDS[self.kind].faces == "one":
            raise ValueError(f"{quoted(self.id)} shows one side; say which, such as faces: [south]")
        return self


class FixtureWritten(ShelfWritten):
    """One shelf unit."""

    box: Box
    """Footprint before rotation as [x, y, width, depth]."""
    rotate: Annotated[float, BeforeValidator(no_truth), Field(ge=-360, le=360, allow_inf_nan=False)] = 0.0
    """Degrees counter-clockwise about the middle of the box; faces keep the names they had before."""


class EndCapsWritten(Written):
    """Displays at the ends of each fixture of a run, outside its own size."""

    depth: Length
    sides: Annotated[tuple[FaceName, ...], Field(min_length=1), AfterValidator(each_once)]
    bay: Length | None = None
    """Wished width of a bay; as in the run if not written."""
    levels: Levels | None = None
    height: Length | None = None


class RunWritten(ShelfWritten):
    """A row of alike fixtures, numbered from 1: run G makes G1, G2, …, with end caps G1-north, ..."""

    start: Annotated[XY, Field(alias="from")]
    """Lower left corner of the first fixture."""
    count: Annotated[int, BeforeValidator(no_truth), Field(ge=1)]
    along: FaceName
    """Which way the row goes on."""
    pitch: Length | None = None
    """From one fixture's corner to the next one's."""
    size: tuple[Length, Length]
    """[width, depth] of each fixture, as seen from above."""
    end_caps: EndCapsWritten | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        size = self.size[0 if self.along in ("east", "west") else 1]
        if self.count > 1 and self.pitch is None:
            raise ValueError(f"run {quoted(self.id)} has no pitch; write one of at least {size:g}")
        if self.count > 1 and self.pitch is not None and self.pitch < size * (1 - 1e-6):
            raise ValueError(f"run {quoted(self.id)} overlaps itself; write a pitch of at least {size:g}")
        return self

    @model_validator(mode="after")
    def _ends_are_free(self) -> Self:
        sides = self.end_caps.sides if self.end_caps else ()
        both = next((side for side in sides if side in (self.faces or ())), None)
        if both:
            raise ValueError(f"side {both!r} of run {quoted(self.id)} is a face and has an end cap; drop one")
        return self


class CheckoutWritten(Written):
    """A bank of alike lanes."""

    id: Id
    kind: CheckoutKind
    lanes: Lanes
    box: Box
    queue: FaceName
    """Side on which customers queue."""
    exit: FaceName
    """Side on which they come out."""


class WalkwayWritten(Area):
    """A rule on an area: closed, or one way."""

    id: Id | None = None
    one_way: Bearing | None = None
    """north, east, south, west, or degrees clockwise from north."""
    closed: bool = False

    @model_validator(mode="after")
    def _has_one_rule(self) -> Self:
        if self.closed == (self.one_way is not None):
            raise ValueError(
                "the walkway is both closed and one_way; keep one"
                if self.closed
                else "the walkway has no rule; write one_way or closed: true"
            )
        return self


class SignWritten(Area):
    """A sign or an information board: the area from which it can be read."""

    id: Id


class LayoutHead(Written):
    """What every layout file may begin with."""

    layout: Name
    """Name of the layout."""
    extends: Annotated[str, Field(min_length=1)] | None = None
    """Another layout file that this one starts from: things with the same id replace, others add."""
    remove: tuple[Id, ...] = ()
    """Ids of things in the extended layout to leave out."""
    units: Units | None = None
    """Unit of every length in the file; as in the extended layout, or else m."""


class MeasuredLayout(LayoutHead):
    """A measured floor plan."""

    mirror: Literal["x", "y"] | None = None
    """Flip the finished floor left to right (x) or top to bottom (y); faces keep their names."""
    floor: FloorWritten | None = None
    doors: tuple[DoorWritten, ...] = ()
    zones: tuple[ZoneWritten, ...] = ()
    obstacles: tuple[ObstacleWritten, ...] = ()
    runs: tuple[RunWritten, ...] = ()
    fixtures: tuple[FixtureWritten, ...] = ()
    checkouts: tuple[CheckoutWritten, ...] = ()
    walkways: tuple[WalkwayWritten, ...] = ()
    signs: tuple[SignWritten, ...] = ()
    guide: Guide = ()
    """Zone ids in the order in which a signed route leads through them; replaces that of the extended layout."""


class GraphShelf(Written):
    """A shelf in a zone of a plan without measures."""

    id: Id
    metres: Length
    """Length of its face: metres, whatever the layout's units."""
    kind: FixtureKind = "gondola"
    levels: Levels | None = None
    bay: Length | None = None
    height: Length | None = None


class GraphZone(Written):
    """A zone of a plan without measures."""

    id: Id
    name: Name | None = None
    kind: Name = "department"
    area: Length | None = None
    """Floor area, in the layout's units squared."""
    shelves: tuple[GraphShelf, ...] = ()


class GraphDoor(Written):
    """A door of a plan without measures."""

    id: Id
    zone: Name
    way: Way = "both"
    width: Length | None = None


class GraphCheckout(Written):
    """A bank of lanes of a plan without measures."""

    id: Id
    kind: CheckoutKind
    lanes: Lanes
    zone: Name


class GraphLink(Written):
    """A way between two zones."""

    between: tuple[Name, Name]
    metres: Annotated[float, BeforeValidator(no_truth), Field(ge=0.1, le=1000, allow_inf_nan=False)]
    """Length of the way: metres, whatever the layout's units."""
    one_way: bool = False
    """Whether customers may only walk from the first to the second."""


class GraphLayout(LayoutHead):
    """A plan without measures: zones, what stands in them, and the ways between them."""

    zones: tuple[GraphZone, ...] = ()
    doors: tuple[GraphDoor, ...] = ()
    checkouts: tuple[GraphCheckout, ...] = ()
    links: tuple[GraphLink, ...] = ()
    guide: Guide = ()
    """Zone ids in the order in which a signed route leads through them; replaces that of the extended layout."""
