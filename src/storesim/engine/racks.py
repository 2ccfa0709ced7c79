"""Racks beside a line at the tills: who waits sees what is on them, and may take it without a step."""

from collections.abc import Sequence

import numpy as np

from storesim.behaviour.noticeable import Prospect
from storesim.engine.choices import Choices
from storesim.engine.sheets import PairSheet, looked_up
from storesim.engine.shop import Shop
from storesim.engine.visit import Visitor
from storesim.store.floor import Floats, Ints


class Racks:
    """The racks of one checkout.

    A line moves past its racks, so that a second of waiting shows one bay of them: each of their goods is seen with
    the mean attention over all bays.
    """

    def __init__(self, shop: Shop, day: Prospect, pairs: PairSheet, choices: Choices, fixtures: Sequence[str]):
        self._pairs, self._choices = pairs, choices
        self._first, self._product = looked_up(day.candidates.first), looked_up(day.candidates.product)
        rate, place = _rates(shop, fixtures)
        self._shown: dict[int, list[tuple[int, int, float]]] = {}
        for presence in np.flatnonzero(rate > 0).tolist():
            shown = self._shown.setdefault(int(shop.shelves.product[presence]), [])
            shown.append((presence, int(place[presence]), float(rate[presence])))

    def wait(self, visitor: Visitor, wait_s: float) -> None:
        """Let a customer look at the racks for so long, and take what is wanted of them."""
        left, needs = self._pairs.left, self._pairs.needs
        for row in range(self._first[visitor.number], self._first[visitor.number + 1]):
            for presence, place, rate in self._shown.get(self._product[row], ()):
                pair = needs + row
                if left[pair] <= 0 or self._product[row] in visitor.settled:
                    continue
                left[pair] -= wait_s * rate
                if left[pair] <= 0 and self._choices.notices(visitor, pair, presence, place, 0.0):
                    self._choices.decide(visitor, pair, presence, place)


def racked(shop: Shop) -> Ints:
    """Return the products on any racks of a shop, by number."""
    fixtures = [rack for run in shop.case.operations.tills.banks.values() for rack in run.racks]
    rate, _ = _rates(shop, fixtures)
    return np.unique(shop.shelves.product[rate > 0])


def _rates(shop: Shop, fixtures: Sequence[str]) -> tuple[Floats, Ints]:
    """Return notices expected of each presence per second before some fixtures, and a bay of theirs where it is.

    Shapes (presences,).
    """
    ids = [fixture.id for fixture in shop.floor.plan.fixtures]
    bays = np.flatnonzero(np.isin(shop.floor.places.fixture, [ids.index(fixture) for fixture in fixtures]))
    seen = shop.attention[bays]
    return seen.sum(axis=0) / max(len(bays), 1), bays[seen.argmax(axis=0)] if len(bays) else np.zeros(0, np.int64)
