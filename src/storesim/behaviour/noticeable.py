"""Leaves out what nobody could notice: of all candidates of a day, nineteen in twenty."""

from dataclasses import dataclass, replace

import numpy as np

from storesim.behaviour.glimpses import Glimpses
from storesim.behaviour.trips import Itineraries
from storesim.behaviour.watching import Watched
from storesim.customers.population import Population


@dataclass(frozen=True, eq=False)
class Prospect:
    """A day before it is played: who comes, what they intend, and what they watch."""

    population: Population
    trips: Itineraries
    watch: Watched


def noticeable(day: Prospect, seen: Glimpses) -> tuple[Prospect, Glimpses]:
    """Return the day, and what it shows, without the candidates that nobody sees; what is left is numbered anew.

    Who may walk ways not intended keeps all candidates: the flexible, and those whose ways show a display of what they
    look for. So does who follows a coupon for one.
    """
    needs, candidates = day.watch.needs, day.population.candidates
    flexible = day.watch.flexible.copy()
    flexible[day.population.needs.customer[seen.pair[seen.pair < needs]]] = True
    kept = np.append(np.ones(needs, dtype=np.bool_), flexible[candidates.customer])
    kept[seen.pair] = True
    kept[day.trips.pair[day.trips.pair >= 0]] = True
    number = np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1)  # -1 stays -1
    price_ratio = {int(number[pair]): ratio for pair, ratio in day.trips.price_ratio.items() if kept[pair]}
    pair = np.full_like(day.watch.pair, -1)  # the others look at nothing but what is seen
    pair[flexible] = number[day.watch.pair[flexible]]
    smaller = Prospect(
        population=replace(day.population, candidates=candidates.only(np.flatnonzero(kept[needs:]))),
        trips=replace(day.trips, pair=number[day.trips.pair], price_ratio=price_ratio),
        watch=Watched(pair, day.watch.threshold[kept], needs, flexible),
    )
    return smaller, replace(seen, pair=number[seen.pair])
