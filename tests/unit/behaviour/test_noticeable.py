"""Candidates that nobody could notice are left out, and the pairs that stay are numbered anew."""

from collections.abc import Callable

import numpy as np
import pytest

from storesim.behaviour.glimpses import Glimpses
from storesim.behaviour.noticeable import Prospect, noticeable
from storesim.behaviour.trips import Itineraries
from storesim.behaviour.watching import Watched
from storesim.customers.population import Pairs, Population

TEA, JAM, RICE = 0, 1, 2


@pytest.fixture
def day(make_customers: Callable[..., Population], pairs: Callable[..., Pairs]) -> Prospect:
    """Pair 0 is tea on a list; 1 to 4 are jam and rice, which might tempt each of two customers."""
    rest = pairs([(0, JAM), (0, RICE), (1, JAM), (1, RICE)], 2, threshold=[1, 2, 3, 4])
    crowd = make_customers(2, needs=pairs([(0, TEA)], 2, threshold=0), candidates=rest)
    own = np.array([[-1, 1, 2, 0], [-1, 3, 4, -1]], dtype=np.int32)  # the last column: tea on display
    watch = Watched(own, np.arange(5.0), 1, np.zeros(2, dtype=np.bool_))
    return Prospect(crowd, walked([0]), watch)


def walked(pairs: list[int], price_ratio: dict[int, float] | None = None) -> Itineraries:
    """The first customer's stops for these pairs; the second walks to no shelf."""
    none, stops = np.zeros(2, dtype=int), np.zeros(len(pairs), dtype=int)
    return Itineraries(
        none, none, np.array([0, len(pairs), len(pairs)]), np.array(pairs), stops, stops, price_ratio or {}
    )


def seen(*pairs: int) -> Glimpses:
    columns = np.zeros(len(pairs), dtype=int)
    return Glimpses(np.array([0, len(pairs)]), np.array(pairs, dtype=int), columns, columns, np.ones(len(pairs)))


def test_what_no_way_shows_is_left_out_and_the_rest_numbered_anew(day: Prospect) -> None:
    less, shows = noticeable(day, seen(2, 3))
    assert less.population.candidates.product.tolist() == [RICE, JAM]
    assert less.population.candidates.customer.tolist() == [0, 1]
    assert less.population.candidates.first.tolist() == [0, 1, 2]
    assert less.watch.threshold.tolist() == [0, 2, 3]
    assert shows.pair.tolist() == [1, 2]


def test_who_may_change_the_way_keeps_all_candidates(day: Prospect) -> None:
    """The first customer's way shows tea, which is on the list: what other ways show must still be known."""
    less, _ = noticeable(day, seen(0))
    assert less.population.candidates.product.tolist() == [JAM, RICE]
    assert less.watch.pair.tolist() == [[-1, 1, 2, 0], [-1, -1, -1, -1]]
    assert less.watch.flexible.tolist() == [True, False]


def test_a_coupon_that_is_followed_keeps_its_price(day: Prospect) -> None:
    """Rice is walked to for a coupon, and keeps it under its new number; so do points walked through: none."""
    trips = walked([0, 2, -1], {1: 0.5, 2: 0.8})
    less, _ = noticeable(Prospect(day.population, trips, day.watch), seen())
    assert less.trips.pair.tolist() == [0, 1, -1]
    assert less.trips.price_ratio == {1: 0.8}
