"""What differs between two stores: furniture that moved, products that moved, shelf a category, floor, promotions."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import hypot

import shapely

from storesim.inputs.case import Placement, Promotion
from storesim.inputs.floor_plan import Fixture, FloorPlan
from storesim.inputs.shelves import Shelves
from storesim.report.geometry import walkable

MOVED_M = 0.01
"""What moved less stands where it stood."""
NOTHING = "-"


@dataclass(frozen=True)
class Side:
    """One of the two stores."""

    name: str
    plan: FloorPlan
    placements: tuple[Placement, ...] | None
    """None: not known."""
    promotions: tuple[Promotion, ...] = ()


@dataclass(frozen=True)
class Change:
    """Something that is not the same on both sides, each side in words."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Amount:
    """A number on both sides."""

    what: str
    unit: str
    before: float
    after: float


@dataclass(frozen=True)
class Diff:
    """All that differs; amounts are told whether they differ or not, those of categories only when they do."""

    sides: tuple[Side, Side]
    fixtures: tuple[Change, ...]
    products: tuple[Change, ...]
    categories: tuple[Amount, ...]
    totals: tuple[Amount, ...]
    promotions: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both sides are the same store."""
        return not (self.fixtures or self.products or self.categories or self.promotions)


def diff(before: Side, after: Side, category: Mapping[str, str]) -> Diff:
    """Return what differs; `category` of each product, {}: every product counts by itself."""
    return Diff(
        (before, after),
        tuple(_fixtures(before.plan, after.plan)),
        tuple(_products(before, after)),
        tuple(_categories(before, after, category)),
        tuple(_totals(before.plan, after.plan)),
        tuple(_promotions(before.promotions, after.promotions)),
    )


def moved_fixtures(before: FloorPlan, after: FloorPlan) -> dict[str, tuple[Fixture | None, Fixture | None]]:
    """Return the fixtures that do not stand alike on both plans, by id: None where there is none."""
    old, new = ({fixture.id: fixture for fixture in plan.fixtures} for plan in (before, after))
    every = {name: (old.get(name), new.get(name)) for name in (*old, *(name for name in new if name not in old))}
    return {name: pair for name, pair in every.items() if not _alike(*pair)}


def _alike(one: Fixture | None, other: Fixture | None) -> bool:
    if one is None or other is None:
        return False
    kind = (one.kind, one.levels, one.zone) == (other.kind, other.levels, other.zone)
    faces = [[face.name, len(face.bays)] for face in one.faces] == [[face.name, len(face.bays)] for face in other.faces]
    return kind and faces and _same_place(one, other)


def _same_place(one: Fixture, other: Fixture) -> bool:
    if not one.outline or not other.outline:
        return one.outline == other.outline
    apart = shapely.hausdorff_distance(shapely.Polygon(one.outline), shapely.Polygon(other.outline))
    return bool(apart < MOVED_M)


def _fixtures(before: FloorPlan, after: FloorPlan) -> Iterator[Change]:
    for name, (old, new) in moved_fixtures(before, after).items():
        yield Change(name, _where(old, new), _where(new, old))


def _where(fixture: Fixture | None, other: Fixture | None) -> str:
    """Return where a fixture stands, and whatever else the other is not."""
    if fixture is None:
        return NOTHING
    words = [_spot(fixture)]
    if other is None or fixture.kind != other.kind:
        words.append(fixture.kind)
    if other and fixture.levels != other.levels:
        words.append(f"{fixture.levels} levels")
    if other and sum(len(f.bays) for f in fixture.faces) != sum(len(f.bays) for f in other.faces):
        words.append(f"{sum(len(face.bays) for face in fixture.faces)} bays")
    return ", ".join(words)


def _spot(fixture: Fixture) -> str:
    """Return the middle and the size of a fixture; the zone where nothing is measured."""
    if not fixture.outline:
        return f"in {fixture.zone}"
    shape = shapely.Polygon(fixture.outline)
    (x0, y0), (x1, y1), (x2, y2) = fixture.outline[:3]
    sides = sorted((hypot(x1 - x0, y1 - y0), hypot(x2 - x1, y2 - y1)))
    left, bottom, right, top = shape.bounds
    along = "" if abs(sides[0] - sides[1]) < MOVED_M else " n-s" if top - bottom > right - left else " e-w"
    return f"({shape.centroid.x:.2f}, {shape.centroid.y:.2f}){along}"


def _products(before: Side, after: Side) -> Iterator[Change]:
    """Yield the products with another home, fixture and face by fixture and face."""
    if before.placements is None or after.placements is None:
        return
    old, new = (_homes(placements) for placements in (before.placements, after.placements))
    for product in (*old, *(name for name in new if name not in old)):
        was, now = old.get(product, {}), new.get(product, {})
        if was != now:
            yield Change(product, _home_words(was), _home_words(now))


Homes = dict[str, float]
"""FIXTURE/FACE/BAYS -> metres."""


def _homes(placements: Sequence[Placement]) -> dict[str, Homes]:
    """Return where each product stands: stretches of bays with their metres, in the planogram's order."""
    stretches: dict[str, dict[tuple[str, str], list[Placement]]] = {}
    for placement in placements:
        faces = stretches.setdefault(placement.product, {})
        faces.setdefault((placement.fixture, placement.face), []).append(placement)
    return {
        product: {
            f"{fixture}/{face}/{_bays([one.bay for one in held])}": round(sum(one.metres for one in held), 3)
            for (fixture, face), held in faces.items()
        }
        for product, faces in stretches.items()
    }


def _bays(numbers: Sequence[int]) -> str:
    low, high = min(numbers), max(numbers)
    return str(low) if low == high else f"{low}-{high}"


def _home_words(homes: Homes) -> str:
    return ", ".join(f"{place} {metres:g} m" for place, metres in homes.items()) or NOTHING


def _categories(before: Side, after: Side, category: Mapping[str, str]) -> Iterator[Amount]:
    if before.placements is None or after.placements is None:
        return
    old, new = (_metres(placements, category) for placements in (before.placements, after.placements))
    for name in sorted({*old, *new}):
        was, now = old.get(name, 0.0), new.get(name, 0.0)
        if abs(now - was) >= MOVED_M:
            yield Amount(name, "m", was, now)


def _metres(placements: Sequence[Placement], category: Mapping[str, str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for placement in placements:
        name = category.get(placement.product, placement.product)
        found[name] = found.get(name, 0.0) + placement.metres
    return found


def _totals(before: FloorPlan, after: FloorPlan) -> Iterator[Amount]:
    counted: tuple[tuple[str, str, Callable[[FloorPlan], float]], ...] = (
        ("fixtures", "", lambda plan: len(plan.fixtures)),
        ("shelf", "m", lambda plan: Shelves(plan).metres),
        ("checkout lanes", "", lambda plan: sum(checkout.lanes for checkout in plan.checkouts)),
    )
    for what, unit, count in counted:
        yield Amount(what, unit, count(before), count(after))
    if not (before.is_schematic or after.is_schematic):
        yield Amount("walkable area", "m²", walkable(before).area, walkable(after).area)


def _promotions(before: Sequence[Promotion], after: Sequence[Promotion]) -> Iterator[Change]:
    for offer in before:
        if offer not in after:
            yield Change(offer.product, promotion_words(offer), NOTHING)
    for offer in after:
        if offer not in before:
            yield Change(offer.product, NOTHING, promotion_words(offer))


def promotion_words(offer: Promotion) -> str:
    """Return what an offer is: where, how much off, when."""
    places = dict.fromkeys(fixture for fixture, _, _ in offer.at)
    words = [f"display at {', '.join(places)}"] if places else []
    words += [f"{100 * offer.price_cut:.3g} % off"] if offer.price_cut else []
    words.append(f"{_clock(offer.from_s)}-{_clock(offer.until_s)}")
    return ", ".join(words)


def _clock(seconds: float) -> str:
    return f"{int(seconds // 3600):02d}:{int(seconds % 3600 // 60):02d}"
