"""Leaves out what nobody could notice: of all candidates of a day, nineteen in twenty."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from storesim.behaviour.glimpses import Glimpses
from storesim.behaviour.trips import Itineraries
from storesim.customers.population import Ints, Pairs, Population

NO_PRODUCTS: Ints = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Prospect:
    """A day before it is played: who comes, what they intend, and what they might be tempted by."""

    population: Population
    trips: Itineraries
    candidates: Pairs
    """Those of the population that anybody may still notice; `trips` numbers them after the lists."""


def noticeable(
    population: Population, trips: Itineraries, seen: Glimpses, flexible: NDArray[np.bool_], racked: Ints = NO_PRODUCTS
) -> tuple[Prospect, Glimpses]:
    """Return the day, and what it shows, without the candidates that nobody sees; what is left is numbered anew.

    Who may walk ways not intended keeps all candidates: the `flexible`, shape (customers,), and those whose ways show a
    display of what they look for. So does who follows a coupon for one. What is `racked`, products by number, may be
    seen by everybody while waiting.
    """
    needs, candidates = population.needs, population.candidates
    flexible = flexible.copy()
    flexible[needs.customer[seen.pair[seen.pair < len(needs.product)]]] = True
    kept = np.concatenate((np.ones(len(needs.product), np.bool_), np.repeat(flexible, np.diff(candidates.first))))
    kept[seen.pair] = True
    kept[trips.pair[trips.pair >= 0]] = True
    if len(racked):
        kept[len(needs.product) :] |= np.isin(candidates.product, racked)
    number = np.full(len(kept) + 1, -1, dtype=np.int32)  # the last one, so that -1 stays -1
    np.cumsum(kept, out=number[:-1])
    number[:-1] -= 1
    price_ratio = {int(number[pair]): ratio for pair, ratio in trips.price_ratio.items() if kept[pair]}
    still = candidates.only(np.flatnonzero(kept[len(needs.product) :]))
    smaller = Prospect(
        population=replace(population, candidates=still),
        trips=replace(trips, pair=number[trips.pair].astype(np.int64), price_ratio=price_ratio),
        candidates=still,
    )
    return smaller, replace(seen, pair=number[seen.pair])
