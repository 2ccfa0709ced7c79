"""What ways show to whom on one day: the ways intended before the doors open, and those that change on the way."""

from dataclasses import replace

import numpy as np

from storesim.behaviour.glimpses import Glimpses, elapsed_s, glimpses, interest, joined
from storesim.behaviour.itinerary import Legs, leg_first, legs_of
from storesim.behaviour.noticeable import Prospect, noticeable
from storesim.behaviour.trips import Itineraries
from storesim.behaviour.watching import Bools, Watched, watched
from storesim.customers.blocks import blocks
from storesim.customers.population import Floats, Population
from storesim.engine.racks import racked
from storesim.engine.shop import Shop

BLOCK = 4096
"""Customers whose legs are looked along at a time: bounds memory, whatever the day."""


def look_ahead(shop: Shop, population: Population, intended: Itineraries) -> tuple[Prospect, Glimpses]:
    """Return the day to be played, and what all its legs show if it goes as intended."""
    flexible = _undecided(shop, population, intended)
    seen = _seen_by_all(shop, population, intended, flexible)
    return noticeable(population, intended, seen, flexible, racked(shop))


def _seen_by_all(shop: Shop, population: Population, intended: Itineraries, flexible: Bools) -> Glimpses:
    """Return what all legs show."""
    legs, first = legs_of(intended, shop.floor), leg_first(intended, shop.floor)
    since_s = elapsed_s(legs, intended.habit, shop.floor, population.speed_m_s)
    seen = []
    for some in blocks(len(population), BLOCK):
        theirs = slice(first[some.start], first[some.stop])
        watch = watched(population, shop.shelves, flexible, some)
        seen.append(shown(shop, intended, population.speed_m_s, watch, legs.only(theirs), since_s[theirs], some))
    return joined(seen)


def look_anew(shop: Shop, day: Prospect, customer: int, start: int, end: int, since_s: float) -> Glimpses:
    """Return what a way shows that was not intended, walked so many seconds after coming in."""
    leg = Legs(np.array([customer]), np.array([start]), np.array([end]), np.zeros(1))
    alone = slice(customer, customer + 1)
    watch = watched(day.population, shop.shelves, np.ones(len(day.population), dtype=np.bool_), alone)
    return shown(shop, day.trips, day.population.speed_m_s, watch, leg, np.array([since_s]), alone)


def shown(
    shop: Shop, trips: Itineraries, speed_m_s: Floats, watch: Watched, legs: Legs, since_s: Floats, some: slice
) -> Glimpses:
    """Return what legs of some customers show of what they watch, set out on this long after coming in."""
    counts = interest(since_s, shop.scenario.parameters.explore_fade_s)
    own = replace(legs, customer=legs.customer - some.start)
    habit, speed = trips.habit[some], speed_m_s[some]
    seen = glimpses(own, habit, shop.floor, shop.shelves, shop.view, watch, speed, counts)
    return replace(seen, pair=watch.number[seen.pair])


def _undecided(shop: Shop, population: Population, intended: Itineraries) -> Bools:
    """Return who may find a stop needless: it was for a coupon's product, or for one that has substitutes."""
    needs = population.needs
    flexible = np.zeros(len(population), dtype=np.bool_)
    flexible[needs.customer[np.isin(needs.product, list(shop.substitutes.group))]] = True
    flexible[intended.customer[intended.pair >= len(needs.product)]] = True
    if shop.case.operations.stock:  # where the home is empty, a display may not be
        flexible[needs.customer[np.isin(needs.product, shop.shelves.product[shop.shelves.display])]] = True
    return flexible
