"""What ways show to whom on one day: the ways intended before the doors open, and those that change on the way."""

import numpy as np

from storesim.behaviour.glimpses import Glimpses, elapsed_s, glimpses, interest
from storesim.behaviour.itinerary import Legs, legs_of
from storesim.behaviour.noticeable import Prospect, noticeable
from storesim.behaviour.trips import Itineraries
from storesim.behaviour.watching import watched
from storesim.customers.population import Floats, Ints, Population
from storesim.engine.shop import Shop


def look_ahead(shop: Shop, population: Population, intended: Itineraries) -> tuple[Prospect, Glimpses]:
    """Return the day to be played, and what all its legs show if it goes as intended."""
    day = Prospect(population, intended, watched(population, shop.shelves, _undecided(shop, population, intended)))
    legs = legs_of(intended, shop.floor)
    return noticeable(day, shown(shop, day, legs, elapsed_s(legs, intended.habit, shop.floor, population.speed_m_s)))


def look_anew(shop: Shop, day: Prospect, customer: int, start: int, end: int, since_s: float) -> Glimpses:
    """Return what a way shows that was not intended, walked so many seconds after coming in."""
    leg = Legs(np.array([customer]), np.array([start]), np.array([end]), np.zeros(1))
    return shown(shop, day, leg, np.array([since_s]))


def shown(shop: Shop, day: Prospect, legs: Legs, since_s: Floats) -> Glimpses:
    """Return what legs show of what their customers watch, set out on this long after coming in; shape (legs,)."""
    counts = interest(since_s, shop.scenario.parameters.explore_fade_s)
    speed_m_s = day.population.speed_m_s
    return glimpses(legs, day.trips.habit, shop.floor, shop.shelves, shop.view, day.watch, speed_m_s, counts)


def _undecided(shop: Shop, population: Population, intended: Itineraries) -> Ints:
    """Return who may find a stop needless: it was for a coupon's product, or for one that has substitutes."""
    needs = population.needs
    replaceable = needs.customer[np.isin(needs.product, list(shop.substitutes.group))]
    with_coupon = np.flatnonzero(intended.pair >= len(needs.product))
    return np.concatenate((replaceable, np.searchsorted(intended.first, with_coupon, side="right") - 1))
