"""The rule of relocation: which products, to where, and what it leaves alone."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from storesim.behaviour.itinerary import look_for
from storesim.inputs.case import Case, Scenario
from storesim.results.day import Day
from storesim.store.shelves import fill
from storesim.validate.facts import relocation
from storesim.validate.facts.measures import Ints


@pytest.fixture(scope="module")
def spread(small_shop: Scenario) -> Scenario:
    return relocation.spread(small_shop)


def test_destinations_stand_on_most_lists(small_shop: Scenario) -> None:
    first, *others = small_shop.products
    never = tuple(replace(product, planned_share=0.0) for product in others)
    sure = replace(first, planned_share=1.0)
    assert relocation.destinations(replace(small_shop, products=(sure, *never)))[0] == first.id


def test_every_product_and_every_bay_keeps_its_metres(spread: Scenario) -> None:
    before, after = spread.cases
    assert before.placements != after.placements
    for key in (lambda p: p.product, lambda p: (p.fixture, p.face, p.bay)):
        assert _metres(after, key) == pytest.approx(_metres(before, key))


def test_tours_come_no_farther_from_the_gain_aimed_at(small_shop: Scenario, spread: Scenario) -> None:
    sample = relocation._Sample.of(small_shop, spread.cases[0])
    home, moved = (sample.mean_m(case) for case in spread.cases)
    target = (1 + relocation.GAIN) * home
    assert home < moved
    assert abs(moved - target) < abs(home - target)


def test_only_those_who_look_elsewhere_are_walked_anew(small_shop: Scenario, spread: Scenario) -> None:
    before, after = spread.cases
    assert relocation._Sample.of(small_shop, before).mean_m(after) == pytest.approx(
        relocation._Sample.of(small_shop, after).metres.mean()
    )


def test_a_tour_is_at_least_the_way_to_its_farthest_stop_and_on_to_the_tills(small_day: Day) -> None:
    floor, needs = small_day.floor, small_day.population.needs
    place = look_for(needs, fill(small_day.case, small_day.scenario.products, floor))
    tours = relocation.tours_m(floor, small_day.population, place, np.arange(len(small_day.population)))
    metres, door = floor.ways.distance_m[0], floor.places.bays
    least = metres[door, place] + metres[place, -1]
    assert (tours[needs.customer] >= least - 1e-4).all()
    one = np.flatnonzero(_stops(needs.first, place) == 1)
    assert tours[one] == pytest.approx(least[needs.first[one]], rel=1e-5)


def test_the_same_store_twice_observes_the_same(small_day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relocation, "PRODUCTS", ("lunch meat",))
    both = relocation.observe((small_day, small_day)).reshape(2, -1)
    assert (both[0] == both[1]).all()
    assert (both > 0).all()
    spend, but_for_coupons, but_for_moved, *_ = both[0]
    assert spend > max(but_for_coupons, but_for_moved)


def _metres(case: Case, key) -> dict[object, float]:  # type: ignore[no-untyped-def]
    found: dict[object, float] = {}
    for place in case.placements:
        found[key(place)] = found.get(key(place), 0.0) + place.metres
    return found


def _stops(first: Ints, place: Ints) -> Ints:
    return np.array([len(set(place[a:b])) for a, b in pairwise(first)])
