"""What a variant changes in the store of its base: products, bays, displays, fixtures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from storesim.inputs.base import Point
from storesim.inputs.case import Placement
from storesim.inputs.floor_plan import Bay, Face, Fixture, FloorPlan, Outline
from storesim.inputs.geometry import geometry_mistakes
from storesim.inputs.layout_fields import METRES
from storesim.inputs.mistakes import quoted
from storesim.inputs.names import Names
from storesim.inputs.relocate import NoRoomError, homes, key_of, metres_of, move_beside, shown, swapped
from storesim.inputs.scenario import AddDisplay, AnyChange, MoveFixture, MoveProduct, Swap
from storesim.inputs.shapes import clean
from storesim.inputs.shelves import BayKey, NotThereError, Shelf, Shelves
from storesim.inputs.values import Spot
from storesim.inputs.yaml_compose import Step

SAME_WIDTH_M = 0.01


class CannotChangeError(ValueError):
    """A change that cannot be made; `at` is the part of it that is wrong."""

    def __init__(self, what: str, *at: Step) -> None:
        super().__init__(what)
        self.at = at


@dataclass(frozen=True)
class Store:
    """Shelves and what stands on them, while changes are made."""

    shelves: Shelves
    placements: tuple[Placement, ...]
    products: Names


def dangling(change: AnyChange, shelves: Shelves | None, products: Names | None) -> Iterator[CannotChangeError]:
    """Yield a mistake for every name in a change that is not known; None: those are not checked."""
    if isinstance(change, MoveProduct):
        yield from _unknown(change.move_product, products, "move_product")
        yield from _unknown(change.beside, products, "beside")
    elif isinstance(change, AddDisplay):
        yield from _unknown(change.add_display, products, "add_display")
        yield from _not_there(change.at, shelves, "at")
    elif isinstance(change, Swap):
        yield from _not_there(change.swap[0], shelves, "swap", 0)
        yield from _not_there(change.swap[1], shelves, "swap", 1)
    else:
        yield from _not_there(Spot(change.move_fixture), shelves, "move_fixture")


def _unknown(name: str, products: Names | None, *at: Step) -> Iterator[CannotChangeError]:
    if products and products.find(name) is None:
        yield CannotChangeError(products.missing(name), *at)


def _not_there(spot: Spot, shelves: Shelves | None, *at: Step) -> Iterator[CannotChangeError]:
    try:
        if shelves:
            shelves.at(spot)
    except NotThereError as error:
        yield CannotChangeError(str(error), *at)


def changed(store: Store, change: AnyChange) -> tuple[Store, str]:
    """Return the store after a change, and in words what is different. No name in it may be `dangling`.

    Raises:
        CannotChangeError: it cannot be made.
    """
    if isinstance(change, MoveProduct):
        return _move_product(store, change)
    if isinstance(change, Swap):
        return _swap(store, change)
    if isinstance(change, AddDisplay):
        return _add_display(store, change)
    return _move_fixture(store, change)


def _move_product(store: Store, change: MoveProduct) -> tuple[Store, str]:
    product = _homed(store, change.move_product, "move_product")
    beside = _homed(store, change.beside, "beside")
    if product == beside:
        raise CannotChangeError(f"{quoted(product)} cannot stand beside itself; name another", "beside")
    left = [BayKey(p.fixture, p.face, p.bay) for p in homes(store.placements, product)]
    try:
        moved = move_beside(store.placements, product, beside)
    except NoRoomError as error:
        raise CannotChangeError(f"{error}; choose another product to stand beside", "beside") from None
    metres = metres_of(homes(store.placements, product))
    if set(moved.to) == set(left):
        return store, f"{product} stands beside {beside} already"
    words = f"{product} beside {beside}: {metres:.1f} m at {bays_in_words(moved.to)}"
    words += f", from {bays_in_words(left)}{_displaced(moved.displaced, ' to its old shelf')}"
    return replace(store, placements=moved.placements), words


def _swap(store: Store, change: Swap) -> tuple[Store, str]:
    first, second = (store.shelves.at(spot) for spot in change.swap)
    names = [bays_in_words([shelf.key for shelf in side]) for side in (first, second)]
    if {shelf.key for shelf in first} & {shelf.key for shelf in second}:
        raise CannotChangeError(f"{names[0]} and {names[1]} overlap; swap bays that are apart", "swap", 1)
    if not _alike(first, second):
        remedy = "swap as many bays of the same width and levels"
        raise CannotChangeError(f"{_size(first)} cannot trade with {_size(second)}; {remedy}", "swap", 1)
    placements = swapped(store.placements, first, second)
    return replace(store, placements=placements), f"{names[0]} and {names[1]} trade what stands on them"


def _alike(first: Sequence[Shelf], second: Sequence[Shelf]) -> bool:
    return len(first) == len(second) and all(
        abs(a.width_m - b.width_m) <= SAME_WIDTH_M and a.levels == b.levels for a, b in zip(first, second, strict=True)
    )


def _size(shelves: Sequence[Shelf]) -> str:
    width = sum(shelf.width_m for shelf in shelves)
    bays = "1 bay" if len(shelves) == 1 else f"{len(shelves)} bays"
    name = bays_in_words([shelf.key for shelf in shelves])
    return f"{name} ({bays}, {width:.4g} m, {shelves[0].levels} levels)"


def _add_display(store: Store, change: AddDisplay) -> tuple[Store, str]:
    product = _found(store, change.add_display)
    try:
        added = shown(store.placements, product, store.shelves.at(change.at))
    except NoRoomError as error:
        raise CannotChangeError(f"{error}; choose another place", "at") from None
    metres = metres_of(p for p in added.placements if p.product == product and key_of(p) in added.to)
    words = f"{product} also displayed at {bays_in_words(added.to)} ({metres:.1f} m)"
    return replace(store, placements=added.placements), words + _displaced(added.displaced, "")


def _move_fixture(store: Store, change: MoveFixture) -> tuple[Store, str]:
    plan = store.shelves.plan
    fixture = store.shelves.fixture(change.move_fixture)
    if plan.is_schematic:
        what = f"layout {quoted(plan.name)} has no measures, so {quoted(fixture.id)} cannot move"
        raise CannotChangeError(f"{what}; change its zone in the layout", "move_fixture")
    unit_m = next(metres for unit, metres in METRES.items() if unit == plan.units)
    moved = move_fixture(plan, fixture, (change.to[0] * unit_m, change.to[1] * unit_m))
    flaws = geometry_mistakes(moved)
    if flaws:
        raise CannotChangeError(flaws[0].what, "to")
    words = f"{fixture.id} moved to [{change.to[0]:g}, {change.to[1]:g}]"
    return replace(store, shelves=Shelves(moved)), words


def move_fixture(plan: FloorPlan, fixture: Fixture, to: Point) -> FloorPlan:
    """Return the plan with one fixture moved: the lower left corner of its box, before rotation, to `to` (m)."""
    x, y = _corner(fixture.outline)
    step = to[0] - x, to[1] - y
    faces = tuple(
        Face(face.name, tuple(_moved_bay(bay, step) for bay in face.bays), face.normal) for face in fixture.faces
    )
    moved = replace(fixture, outline=tuple(_moved(point, step) for point in fixture.outline), faces=faces)
    return replace(plan, fixtures=tuple(moved if f.id == fixture.id else f for f in plan.fixtures))


def _corner(outline: Outline) -> Point:
    """Return the lower left corner of a box as it was before rotation about its middle."""
    (ax, ay), (bx, by), (cx, cy), _ = outline
    if min(abs(ax - bx), abs(ay - by)) < 1e-6:
        return min(x for x, _ in outline), min(y for _, y in outline)
    width, depth = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5, ((cx - bx) ** 2 + (cy - by) ** 2) ** 0.5
    return (ax + cx) / 2 - width / 2, (ay + cy) / 2 - depth / 2


def _moved_bay(bay: Bay, step: Point) -> Bay:
    left = _moved(bay.left, step) if bay.left else None
    right = _moved(bay.right, step) if bay.right else None
    return replace(bay, left=left, right=right)


def _moved(point: Point, step: Point) -> Point:
    return clean(point[0] + step[0]), clean(point[1] + step[1])


def _found(store: Store, name: str) -> str:
    return store.products.find(name) or name


def _homed(store: Store, name: str, *at: Step) -> str:
    """Return the id of a product that has a home."""
    own = _found(store, name)
    if not homes(store.placements, own):
        raise CannotChangeError(f"{quoted(own)} has no place in the planogram; give it one there", *at)
    return own


def _displaced(metres: Mapping[str, float], to: str) -> str:
    if not metres:
        return ""
    return f"; displaced{to}: {', '.join(f'{product} {m:.1f} m' for product, m in metres.items())}"


def bays_in_words(bays: Sequence[BayKey]) -> str:
    """Return bays as ranges: 'G4/west/3-5, G6/east/1'."""
    parts = []
    for (fixture, face), group in groupby(sorted(set(bays)), key=lambda bay: (bay.fixture, bay.face)):
        numbers = [bay.bay for bay in group]
        for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
            first, *rest = [number for _, number in run]
            parts.append(f"{fixture}/{face}/{first}" + (f"-{rest[-1]}" if rest else ""))
    return ", ".join(parts)
