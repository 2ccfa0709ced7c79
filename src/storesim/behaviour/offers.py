"""What costs what, where, when and for whom: the promotions in force on one day."""

from dataclasses import dataclass
from datetime import timedelta
from math import exp

import numpy as np

from storesim.behaviour.adjacency import strongest_pull
from storesim.behaviour.buying import LONGEST_URGE_S, STEEPEST, urgency
from storesim.customers.population import Floats
from storesim.inputs.case import Case, Promotion, Scenario
from storesim.store.shelves import Shelves

Offer = tuple[float, int]
"""Price ratio, and index of the promotion that gives it; (1.0, -1) is the regular price."""
REGULAR: Offer = (1.0, -1)


@dataclass(frozen=True)
class _Terms:
    """A promotion on this day: seconds after opening, price ratio by segment."""

    from_s: float
    until_s: float
    ratio: tuple[float | None, ...]
    """None: not for this segment."""


@dataclass(frozen=True)
class Offers:
    """The promotions of one day, by presence."""

    terms: dict[int, _Terms]
    """Promotion index -> terms, only those that run today."""
    of_presence: tuple[tuple[int, ...], ...]
    """Promotions that could hold at each presence: a display's own, or those at the product's home."""
    is_promoted: tuple[bool, ...]
    """Whether the presence exists by a promotion only, and is gone outside its hours."""

    def stands(self, presence: int, now_s: float) -> bool:
        """Return whether customers meet the presence now."""
        if not self.is_promoted[presence]:
            return True
        terms = self.terms.get(self.of_presence[presence][0])
        return terms is not None and terms.from_s <= now_s < terms.until_s

    def offer(self, presence: int, now_s: float, segment: int) -> Offer:
        """Return the best price now for a customer of this segment; the first promotion written wins a tie.

        A display without a price cut is an offer too, at the regular price: its units are funded like others.
        """
        best = REGULAR
        for index in self.of_presence[presence]:
            terms = self.terms.get(index)
            if terms and terms.from_s <= now_s < terms.until_s:
                ratio = terms.ratio[segment]
                if ratio is not None and (ratio < best[0] or best is REGULAR):
                    best = (ratio, index)
        return best


def offers_on(case: Case, scenario: Scenario, shelves: Shelves, replication: int) -> Offers:
    """Return the offers on the day that a replication plays."""
    today = scenario.first_day + timedelta(days=replication % scenario.days)
    product = {p.id: i for i, p in enumerate(scenario.products)}
    terms = {
        i: _terms(promotion, scenario)
        for i, promotion in enumerate(case.promotions)
        if (promotion.first_day or today) <= today <= (promotion.last_day or today)
    }
    at_home: dict[int, tuple[int, ...]] = {}
    for i, promotion in enumerate(case.promotions):
        if not promotion.at:
            home = product[promotion.product]
            at_home[home] = (*at_home.get(home, ()), i)
    own = [int(i) for i in shelves.promotion]
    return Offers(
        terms=terms,
        of_presence=tuple(
            (i,) if i >= 0 else () if shelves.display[presence] else at_home.get(presence, ())
            for presence, i in enumerate(own)
        ),
        is_promoted=tuple(i >= 0 for i in own),
    )


def ceilings(scenario: Scenario) -> Floats:
    """Return the most that anything in the scenario multiplies each product's odds of buying, shape (products,).

    That is the lowest price, the longest stay and the strongest mate together; all else only lowers the odds.
    """
    steepest = max(s.price_response for s in scenario.segments) * scenario.parameters.incidence_share * STEEPEST
    cut = {p.id: 0.0 for p in scenario.products}
    for case in scenario.cases:
        for promotion in case.promotions:
            cut[promotion.product] = max(cut[promotion.product], promotion.price_cut)
    urged, pull = urgency(LONGEST_URGE_S, scenario.parameters.urge), strongest_pull(scenario)
    return np.array(
        [
            (1 - cut[p.id]) ** (p.price_elasticity * steepest) * exp(urged + pull.get(i, 0.0))
            for i, p in enumerate(scenario.products)
        ]
    )


def _terms(promotion: Promotion, scenario: Scenario) -> _Terms:
    gets = [
        (promotion.tiers is None or s.tier in promotion.tiers)
        and (promotion.segments is None or s.name in promotion.segments)
        for s in scenario.segments
    ]
    return _Terms(
        promotion.from_s - scenario.opens_s,
        promotion.until_s - scenario.opens_s,
        tuple(1 - promotion.price_cut if get else None for get in gets),
    )
