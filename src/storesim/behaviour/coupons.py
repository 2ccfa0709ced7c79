"""Mobile coupons: who gets which, and who goes for them.

A coupon is for a product that is not on the list. One that is followed makes a stop at the product's home, and its
price counts wherever the product is met on that trip; one that is not followed is not used.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from storesim.behaviour.trips import Itineraries, tills
from storesim.customers.population import Floats, Ints, Pairs, Population
from storesim.inputs.case import Coupon, Scenario
from storesim.store.floor import Floor
from storesim.store.shelves import Shelves

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Ground:
    """Where things stand, and who walks how before any coupon is given out."""

    scenario: Scenario
    floor: Floor
    shelves: Shelves
    population: Population
    trips: Itineraries


def followed(coupons: tuple[Coupon, ...], ground: Ground) -> Mapping[int, float]:
    """Return the coupons that are followed: pair of customer and product -> price over regular price.

    Whether a customer follows a coupon for a product is one uniform, the same in every variant. Who follows several
    for the same product pays the lowest price.
    """
    number = {product.id: i for i, product in enumerate(ground.scenario.products)}
    ratio: dict[int, float] = {}
    for coupon in coupons:
        products = np.array([number[product] for product in coupon.products])
        u_follow = np.stack([ground.population.u_coupon[product] for product in products.tolist()], axis=1)
        customer, nth = np.nonzero(held(coupon, products, ground) & (u_follow < coupon.p_follow))
        for pair in _candidates(ground.population, customer, products[nth], len(number)).tolist():
            ratio[pair] = min(1 - coupon.price_cut, ratio.get(pair, 1.0))
    return ratio


def with_errands(population: Population, pair: Ints) -> tuple[Population, Ints]:
    """Return a population with these candidates on their lists too, and the pair that each row of the lists is."""
    needs, sent_for = population.needs, population.candidates.only(pair - len(population.needs.product))
    number = np.concatenate((np.arange(len(needs.product)), pair))
    customer = np.concatenate((needs.customer, sent_for.customer))
    order = np.argsort(customer, kind="stable")
    columns = {
        column.name: np.concatenate((getattr(needs, column.name), getattr(sent_for, column.name)))[order]
        for column in fields(Pairs)
        if column.name != "first"
    }
    lists = Pairs(first=np.searchsorted(customer[order], np.arange(len(population) + 1)), **columns)
    return replace(population, needs=lists), number[order]


def held(coupon: Coupon, products: Ints, ground: Ground) -> Bools:
    """Return who holds a coupon for what, shape (customers, products): at most `each`, none for what is on the list.

    `products` are the coupon's, by number. Ties go to the product written first.
    """
    off_m = np.stack([detour_m(ground, product) for product in products.tolist()], axis=1)
    gets = np.isfinite(off_m) & _is_addressed(coupon, ground)[:, None] & ~_is_listed(products, ground.population)
    sign = {"near": 1.0, "far": -1.0, "any": 0.0}[coupon.target]
    order = np.argsort(np.where(gets, sign * np.where(gets, off_m, 0.0), np.inf), axis=1, kind="stable")
    first = np.zeros(gets.shape, dtype=np.bool_)
    np.put_along_axis(first, order[:, : coupon.each], True, axis=1)
    return gets & first


def detour_m(ground: Ground, product: int) -> Floats:
    """Return how far the middle of a product's home lies off the way each customer intends, metres, shape (customers,).

    The least of d(a, home) + d(home, b) - d(a, b) over what follows one another on the way: door, stops, the till
    nearest to the last stop; distances are those of the customer's habits. inf: it has no home, or one out of reach.
    """
    trips, distance_m = ground.trips, ground.floor.ways.distance_m
    home = _middle_of_home(ground.shelves, product)
    if home < 0:
        return np.full(len(trips.door), np.inf)
    first = trips.first + np.arange(len(trips.first))
    start = np.insert(trips.place, trips.first[:-1], trips.door)
    end = np.insert(trips.place, trips.first[1:], -1)
    habit, last = np.repeat(trips.habit, np.diff(first)), first[1:] - 1
    banks = tills(ground.floor)
    end[last] = banks[distance_m[trips.habit[:, None], start[last][:, None], banks].argmin(axis=1)]
    with np.errstate(invalid="ignore"):
        off_m = distance_m[habit, start, home] + distance_m[habit, home, end] - distance_m[habit, start, end]
    least = np.minimum.reduceat(np.where(np.isnan(off_m), np.inf, off_m), first[:-1]) if len(off_m) else off_m
    return np.asarray(least, dtype=np.float64)


def _middle_of_home(shelves: Shelves, product: int) -> int:
    """Return the bay that holds the middle of a product's shelf metres; -1: it has no home."""
    spots = slice(*shelves.first[product : product + 2])
    running = np.cumsum(shelves.metres[spots])
    if not len(running):
        return -1
    return int(shelves.bay[spots][np.searchsorted(running, running[-1] / 2)])


def _is_addressed(coupon: Coupon, ground: Ground) -> Bools:
    """Return who gets coupons at all, shape (customers,)."""
    segments = [
        (coupon.tiers is None or segment.tier in coupon.tiers)
        and (coupon.segments is None or segment.name in coupon.segments)
        for segment in ground.scenario.segments
    ]
    return np.array(segments)[ground.population.segment]


def _is_listed(products: Ints, population: Population) -> Bools:
    """Return who has which of these products on the list, shape (customers, products)."""
    needs = population.needs
    listed = np.zeros((len(population), len(products)), dtype=np.bool_)
    for nth, product in enumerate(products.tolist()):
        listed[needs.customer[needs.product == product], nth] = True
    return listed


def _candidates(population: Population, customer: Ints, product: Ints, products: int) -> Ints:
    """Return the pairs of these customers and products; who might follow a coupon is a candidate for its product."""
    known = population.candidates.customer * products + population.candidates.product
    return len(population.needs.product) + np.searchsorted(known, customer * products + product)
