"""Share a stretch of shelf among products, by whole bays or levels, so that the planogram stays readable."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

MOST_SHARED_BAYS = 4
"""Products that share bays by levels share at most so many."""


@dataclass(frozen=True)
class Bay:
    """One bay of a face."""

    fixture: str
    face: str
    number: int


@dataclass(frozen=True)
class Shelf:
    """Bays in a row, possibly over several faces, with the levels in use."""

    width_m: float
    lowest: int
    highest: int
    bays: tuple[Bay, ...]

    @classmethod
    def read(cls, width_m: float, levels: str, faces: Sequence[str]) -> "Shelf":
        """Return the shelf written as '1-5' and ['G1/west/1-12', ...]."""
        lowest, highest = (int(level) for level in levels.split("-"))
        return cls(width_m, lowest, highest, tuple(bay for face in faces for bay in _bays(face)))

    @property
    def levels(self) -> int:
        return self.highest - self.lowest + 1


@dataclass(frozen=True)
class Home:
    """A product on a range of bays and levels: a row of the planogram."""

    product: str
    fixture: str
    face: str
    bays: tuple[int, int]
    levels: tuple[int, int]

    @property
    def cells(self) -> dict[str, str]:
        return {"product": self.product, "fixture": self.fixture, "face": self.face,
                "bays": _span(*self.bays), "levels": _span(*self.levels)}  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Neighbours on the shelf: one product, or several that share some bays level by level."""

    products: tuple[str, ...]
    bays: int
    levels: tuple[int, ...]


def fill_shelf(shelf: Shelf, weights: Mapping[str, float]) -> list[Home]:
    """Return the products' homes, in order, as near to their weights as whole levels allow."""
    homes, first = [], 0
    for group in best_groups(tuple(weights.items()), len(shelf.bays), shelf.levels):
        homes += _homes(group, shelf.bays[first : first + group.bays], shelf.lowest)
        first += group.bays
    return homes


def best_groups(weights: tuple[tuple[str, float], ...], bays: int, levels: int) -> tuple[Group, ...]:
    """Cut the products into groups that fill the bays exactly; the least sum of squared log errors wins.

    Raises:
        ValueError: there are more products than bays times levels.
    """
    cell = sum(weight for _, weight in weights) / (bays * levels)

    @cache
    def rest(start: int, free: int) -> tuple[float, tuple[Group, ...]]:
        if start == len(weights):
            return (0.0 if free == 0 else math.inf), ()
        best: tuple[float, tuple[Group, ...]] = (math.inf, ())
        for size in range(1, min(levels, len(weights) - start) + 1):
            for taken in range(1, (free if size == 1 else min(free, MOST_SHARED_BAYS)) + 1):
                error, group = _group(weights[start : start + size], taken, levels, cell)
                more, groups = rest(start + size, free - taken)
                if error + more < best[0] - 1e-12:
                    best = (error + more, (group, *groups))
        return best

    error, groups = rest(0, bays)
    if math.isinf(error):
        raise ValueError(f"{len(weights)} products do not fit {bays} bays of {levels} levels")
    return groups


def _group(weights: Sequence[tuple[str, float]], bays: int, levels: int, cell: float) -> tuple[float, Group]:
    shares = share_levels([weight for _, weight in weights], levels)
    error = sum(math.log(share * bays * cell / weight) ** 2 for share, (_, weight) in zip(shares, weights, strict=True))
    return error, Group(tuple(name for name, _ in weights), bays, shares)


def share_levels(weights: Sequence[float], levels: int) -> tuple[int, ...]:
    """Divide the levels in proportion to the weights, at least one each: the next goes to the shortest."""
    shares = [1] * len(weights)
    for _ in range(levels - len(weights)):
        shortest = min(range(len(weights)), key=lambda i: (shares[i] / weights[i], i))
        shares[shortest] += 1
    return tuple(shares)


def _homes(group: Group, bays: Sequence[Bay], lowest: int) -> Iterator[Home]:
    """Yield the rows of a group, top level first, one for each face that its bays belong to."""
    top = lowest + sum(group.levels) - 1
    for product, levels in zip(group.products, group.levels, strict=True):
        for fixture, face, numbers in _stretches(bays):
            yield Home(product, fixture, face, (min(numbers), max(numbers)), (top - levels + 1, top))
        top -= levels


def _stretches(bays: Sequence[Bay]) -> Iterator[tuple[str, str, list[int]]]:
    faces = dict.fromkeys((bay.fixture, bay.face) for bay in bays)
    for fixture, face in faces:
        yield fixture, face, [bay.number for bay in bays if (bay.fixture, bay.face) == (fixture, face)]


def _bays(face: str) -> Iterator[Bay]:
    fixture, side, numbers = face.split("/")
    first, last = (int(number) for number in numbers.split("-"))
    return (Bay(fixture, side, number) for number in range(first, last + 1))


def _span(first: int, last: int) -> str:
    return f"{first}-{last}" if first != last else f"{first}"
