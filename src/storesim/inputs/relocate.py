"""Placements that trade places: pure moves on the shelf that neither make nor lose metres."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from storesim.inputs.case import Placement
from storesim.inputs.shelves import BayKey, Shelf

DUST_M = 1e-9
Standing = tuple[Placement, ...]


class NoRoomError(ValueError):
    """The shelf that a move needs is not there; says how much is."""


@dataclass(frozen=True)
class Moved:
    """Placements after a move, the bays that were taken, and metres that had to give way, by product."""

    placements: Standing
    to: tuple[BayKey, ...]
    displaced: Mapping[str, float]


@dataclass(frozen=True)
class _Piece:
    """Part of a placement, in metres."""

    of: Placement
    metres: float


def key_of(placement: Placement) -> BayKey:
    """Return the bay of a placement."""
    return BayKey(placement.fixture, placement.face, placement.bay)


def homes(placements: Iterable[Placement], product: str) -> list[Placement]:
    """Return where a product has its home."""
    return [p for p in placements if p.product == product and not p.display]


def metres_of(placements: Iterable[Placement]) -> float:
    """Return the shelf metres of placements."""
    return sum(placement.metres for placement in placements)


def move_beside(placements: Standing, product: str, beside: str) -> Moved:
    """Return the placements after `product` took the shelf nearest to `beside`, as many metres as it had.

    Nearest is, on the face where `beside` has most metres, what stands fewest bays away (the right before
    the left), then the fixture's other faces. What gives way takes the product's old shelf, in the same
    order: every bay and every product keeps its metres. What the product has nearby already stays.

    Raises:
        NoRoomError: `beside` stands on a fixture with less shelf than the product needs.
    """
    own = homes(placements, product)
    taken = _nearest(_near(placements, beside), metres_of(own))
    if sum(piece.metres for piece in taken) < metres_of(own) - 1e-6:
        have = sum(piece.metres for piece in taken)
        fixture = homes(placements, beside)[0].fixture
        raise NoRoomError(
            f"{product!r} takes {metres_of(own):.4g} m, and {have:.4g} m on {fixture} are not {beside!r}'s own"
        )
    given_up = [piece for piece in taken if piece.of.product != product]
    kept = {id(piece.of): piece.metres for piece in taken if piece.of.product == product}
    freed = [_Piece(old, old.metres - kept.get(id(old), 0.0)) for old in own]
    to = tuple(dict.fromkeys(key_of(piece.of) for piece in taken))
    return Moved(_traded(placements, freed, given_up), to, _by_product(given_up))


def _near(placements: Standing, beside: str) -> list[Placement]:
    """Return the homes on the fixture of `beside` that are not its own, nearest first."""
    target = homes(placements, beside)
    by_face: dict[tuple[str, str], float] = {}
    for place in target:
        face = (place.fixture, place.face)
        by_face[face] = by_face.get(face, 0.0) + place.metres
    fixture, main_face = max(by_face, key=lambda face: by_face[face])
    bays = [place.bay for place in target if (place.fixture, place.face) == (fixture, main_face)]

    def distance(place: Placement) -> tuple[bool, int, int]:
        return place.face != main_face, min(abs(place.bay - bay) for bay in bays), -place.bay

    others = [p for p in placements if p.fixture == fixture and p.product != beside and not p.display]
    return sorted(others, key=distance)


def _nearest(near: Sequence[Placement], metres: float) -> list[_Piece]:
    """Return the first pieces that make up so many metres."""
    taken = []
    for place in near:
        if metres <= DUST_M:
            break
        taken.append(_Piece(place, min(place.metres, metres)))
        metres -= taken[-1].metres
    return taken


def _by_product(pieces: Sequence[_Piece]) -> Mapping[str, float]:
    metres: dict[str, float] = {}
    for piece in pieces:
        metres[piece.of.product] = metres.get(piece.of.product, 0.0) + piece.metres
    return metres


def _traded(placements: Standing, ours: Sequence[_Piece], theirs: Sequence[_Piece]) -> Standing:
    """Return the placements after equal metres of shelf changed hands, piece by piece in order."""
    gone: dict[int, float] = {}
    for piece in (*ours, *theirs):
        gone[id(piece.of)] = gone.get(id(piece.of), 0.0) + piece.metres
    left = [replace(p, metres=p.metres - gone[id(p)]) if id(p) in gone else p for p in placements]
    came: list[Placement] = []
    for mine, other, metres in _paired(ours, theirs):
        came += [
            replace(other, product=mine.product, metres=metres),
            replace(mine, product=other.product, metres=metres),
        ]
    return merged(p for p in (*left, *came) if p.metres > DUST_M)


def _paired(ours: Sequence[_Piece], theirs: Sequence[_Piece]) -> Iterator[tuple[Placement, Placement, float]]:
    """Yield two placements and the metres that they trade, walking along both rows of pieces."""
    mine, other = list(ours), list(theirs)
    while mine and other:
        metres = min(mine[0].metres, other[0].metres)
        if metres > DUST_M:
            yield mine[0].of, other[0].of, metres
        for row in (mine, other):
            rest = row[0].metres - metres
            row[:1] = [_Piece(row[0].of, rest)] if rest > DUST_M else []


def merged(placements: Iterable[Placement]) -> Standing:
    """Return placements with those of one product in one bay made one."""
    found: dict[tuple[str, BayKey, bool], Placement] = {}
    for place in placements:
        key = (place.product, key_of(place), place.display)
        other = found.get(key)
        found[key] = _joined(other, place) if other else place
    return tuple(found.values())


def _joined(one: Placement, other: Placement) -> Placement:
    levels = (min(one.levels[0], other.levels[0]), max(one.levels[1], other.levels[1]))
    return replace(one, levels=levels, metres=one.metres + other.metres)


def swapped(placements: Standing, first: Sequence[Shelf], second: Sequence[Shelf]) -> Standing:
    """Return the placements after two rows of bays traded all that stands on them, bay by bay."""
    pairs = [(a.key, b.key) for a, b in zip(first, second, strict=True)]
    to = dict(pairs) | {b: a for a, b in pairs}
    return tuple(_at(place, to[key_of(place)]) if key_of(place) in to else place for place in placements)


def _at(place: Placement, key: BayKey) -> Placement:
    return replace(place, fixture=key.fixture, face=key.face, bay=key.bay)


def shown(placements: Standing, product: str, shelves: Sequence[Shelf]) -> Moved:
    """Return the placements with a display of a product on each of some bays.

    In each bay the display takes an equal part among the products there: first of the metres that are free,
    then from the others in proportion to theirs; their homes shrink and stay.

    Raises:
        NoRoomError: the product stands there already.
    """
    here: dict[BayKey, list[Placement]] = {shelf.key: [] for shelf in shelves}
    for place in placements:
        if key_of(place) in here:
            here[key_of(place)].append(place)
    displays: list[Placement] = []
    given: dict[BayKey, float] = {}
    for shelf in shelves:
        standing = here[shelf.key]
        if any(place.product == product for place in standing):
            raise NoRoomError(f"{product!r} stands on {shelf.key} already")
        wanted = shelf.metres / (len(standing) + 1)
        short = max(0.0, wanted - max(0.0, shelf.metres - metres_of(standing)))
        given[shelf.key] = short / metres_of(standing) if standing else 0.0
        displays.append(Placement(product, *shelf.key, (1, shelf.levels), wanted, display=True))
    narrower = [place for standing in here.values() for place in standing if given[key_of(place)] > DUST_M]
    displaced = _by_product([_Piece(place, place.metres * given[key_of(place)]) for place in narrower])
    shrunk = (
        replace(p, metres=p.metres * (1 - given[key_of(p)])) if given.get(key_of(p), 0.0) > DUST_M else p
        for p in placements
    )
    return Moved((*shrunk, *displays), tuple(shelf.key for shelf in shelves), displaced)
