"""What stands where: every product's home and displays, resolved to bays of the floor."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from storesim.inputs.case import Case, Placement, Product
from storesim.store.floor import Floats, Floor, Ints


@dataclass(frozen=True)
class Shelves:
    """Presences and their spots.

    A *presence* is one way in which a product meets customers: its home (all of its bays together), or one display.
    Presence i < products is the home of product i, be it empty or not; displays follow. A *spot* is a presence's
    part in one bay.
    """

    product: Ints
    """Shape (presences,)."""
    display: NDArray[np.bool_]
    """Shape (presences,)."""
    promotion: Ints
    """Shape (presences,): index into `Case.promotions`; -1 for homes and for displays at the regular price."""
    first: Ints
    """Shape (presences + 1,): the spots of presence i are first[i]:first[i + 1]."""
    bay: Ints
    """Shape (spots,): place index."""
    metres: Floats
    """Shape (spots,): linear metres in the bay."""
    height: Floats
    """Shape (spots,): middle of the levels taken, 0 (bottom level) to 1 (top level)."""

    @property
    def presence(self) -> Ints:
        """Shape (spots,): the presence that each spot belongs to."""
        return np.repeat(np.arange(len(self.product)), np.diff(self.first))


@dataclass(frozen=True)
class _Presence:
    product: int
    promotion: int
    display: bool
    spots: tuple[tuple[int, float, float], ...]
    """(bay, metres, height)."""


def fill(case: Case, products: tuple[Product, ...], floor: Floor) -> Shelves:
    """Return where a case's products stand on a floor.

    Raises:
        KeyError: a placement or promotion names a bay or product that is not there.
    """
    number = {p.id: i for i, p in enumerate(products)}
    levels = {f.id: f.levels for f in floor.plan.fixtures}
    homes: list[list[tuple[int, float, float]]] = [[] for _ in products]
    for placement in case.placements:
        if not placement.display:
            homes[number[placement.product]].append(_spot(placement, floor, levels[placement.fixture]))
    presences = [_Presence(i, -1, False, tuple(sorted(spots))) for i, spots in enumerate(homes)]
    presences += _displays(case, number, levels, floor)
    presences += _promoted(case, number, floor)
    spots = [spot for presence in presences for spot in presence.spots]
    return Shelves(
        product=np.array([p.product for p in presences], dtype=np.int64),
        display=np.array([p.display for p in presences], dtype=bool),
        promotion=np.array([p.promotion for p in presences], dtype=np.int64),
        first=np.cumsum([0] + [len(p.spots) for p in presences]),
        bay=np.array([bay for bay, _, _ in spots], dtype=np.int64),
        metres=np.array([metres for _, metres, _ in spots], dtype=float),
        height=np.array([height for _, _, height in spots], dtype=float),
    )


def _spot(placement: Placement, floor: Floor, levels: int) -> tuple[int, float, float]:
    low, high = placement.levels
    height = ((low + high) / 2 - 1) / (levels - 1) if levels > 1 else 0.5
    return floor.places.bay(placement.fixture, placement.face, placement.bay), placement.metres, height


def _displays(case: Case, number: dict[str, int], levels: dict[str, int], floor: Floor) -> Iterator[_Presence]:
    """Yield the displays at the regular price, one a product and fixture."""
    shown = sorted((p for p in case.placements if p.display), key=lambda p: (number[p.product], p.fixture))
    for (product, fixture), group in groupby(shown, key=lambda p: (p.product, p.fixture)):
        spots = sorted(_spot(p, floor, levels[fixture]) for p in group)
        yield _Presence(number[product], -1, True, tuple(spots))


def _promoted(case: Case, number: dict[str, int], floor: Floor) -> Iterator[_Presence]:
    """Yield the displays of promotions: every level of the bays named."""
    metres = {
        (f.id, face.name, bay.number): bay.width_m * f.levels
        for f in floor.plan.fixtures
        for face in f.faces
        for bay in face.bays
    }
    for i, promotion in enumerate(case.promotions):
        if promotion.at:
            spots = sorted((floor.places.bay(*at), metres[at], 0.5) for at in promotion.at)
            yield _Presence(number[promotion.product], i, True, tuple(spots))
