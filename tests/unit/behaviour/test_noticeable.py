"""Candidates that nobody could notice are left out, and the pairs that stay are numbered anew."""

from collections.abc import Callable

import numpy as np
import pytest

from storesim.behaviour.glimpses import Glimpses
from storesim.behaviour.noticeable import noticeable
from storesim.behaviour.trips import Itineraries
from storesim.customers.population import Pairs, Population

TEA, JAM, RICE = 0, 1, 2
NOBODY, FIRST = np.zeros(2, dtype=np.bool_), np.array([True, False])


@pytest.fixture
def crowd(make_customers: Callable[..., Population], pairs: Callable[..., Pairs]) -> Population:
    """Pair 0 is tea on the first customer's list; 1 to 4 are jam and rice, which might tempt each of two customers."""
    rest = pairs([(0, JAM), (0, RICE), (1, JAM), (1, RICE)], 2, threshold=[1, 2, 3, 4])
    return make_customers(2, needs=pairs([(0, TEA)], 2, threshold=0), candidates=rest)


def walked(pairs: list[int], price_ratio: dict[int, float] | None = None) -> Itineraries:
    """The first customer's stops for these pairs; the second walks to no shelf."""
    none, stops = np.zeros(2, dtype=int), np.zeros(len(pairs), dtype=int)
    return Itineraries(
        none, none, np.array([0, len(pairs), len(pairs)]), np.array(pairs), stops, stops, price_ratio or {}
    )


def seen(*pairs: int) -> Glimpses:
    columns = np.zeros(len(pairs), dtype=int)
    return Glimpses(np.array([0, len(pairs)]), np.array(pairs, dtype=int), columns, columns, np.ones(len(pairs)))


def test_what_no_way_shows_is_left_out_and_the_rest_numbered_anew(crowd: Population) -> None:
    less, shows = noticeable(crowd, walked([0]), seen(2, 3), NOBODY)
    assert less.candidates.product.tolist() == [RICE, JAM]
    assert less.candidates.customer.tolist() == [0, 1]
    assert less.candidates.first.tolist() == [0, 1, 2]
    assert less.candidates.threshold.tolist() == [2, 3]
    assert less.population.candidates is less.candidates
    assert shows.pair.tolist() == [1, 2]


def test_who_may_change_the_way_keeps_all_candidates(crowd: Population) -> None:
    less, _ = noticeable(crowd, walked([0]), seen(), FIRST)
    assert less.candidates.product.tolist() == [JAM, RICE]
    assert less.candidates.customer.tolist() == [0, 0]


def test_who_may_meet_a_display_of_what_is_on_the_list_may_change_the_way(crowd: Population) -> None:
    """The first customer's way shows tea, which is on the list: what other ways show must still be known."""
    less, _ = noticeable(crowd, walked([0]), seen(0), NOBODY)
    assert less.candidates.customer.tolist() == [0, 0]


def test_a_coupon_that_is_followed_keeps_its_price(crowd: Population) -> None:
    """Rice is walked to for a coupon, and keeps it under its new number; so do points walked through: none."""
    less, _ = noticeable(crowd, walked([0, 2, -1], {1: 0.5, 2: 0.8}), seen(), NOBODY)
    assert less.trips.pair.tolist() == [0, 1, -1]
    assert less.trips.price_ratio == {1: 0.8}
