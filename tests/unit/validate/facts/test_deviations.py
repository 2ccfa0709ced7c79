"""Paths in three parts."""

import numpy as np
import pytest

from storesim.results.day import Day
from storesim.validate.facts.deviations import BASKET, ORDER, TRAVEL, correlation, observe, of_path, paths


def test_the_parts_of_all_paths_add_up_to_the_metres_walked_to_the_tills(small_day: Day) -> None:
    found = list(paths(small_day))
    trips = small_day.trips
    paid = np.bincount(small_day.baskets.customer[small_day.baskets.paid], minlength=len(small_day.population)) > 0
    to_tills = (trips.traversals @ small_day.floor.ways.edge_m)[paid]
    assert sum(path.tour + path.order + path.travel for path in found) == pytest.approx(to_tills.sum(), rel=1e-5)
    assert len(found) == paid.sum()


def test_no_order_is_shorter_than_the_tour_and_every_basket_counts(small_day: Day) -> None:
    found = list(paths(small_day))
    assert min(path.order for path in found) >= 0
    paid = small_day.baskets.paid
    assert sum(path.basket for path in found) == pytest.approx(small_day.baskets.amount[paid].sum())


def test_correlations_are_those_over_customers(small_day: Day) -> None:
    table = np.array([(p.tour, p.order, p.travel, p.basket) for p in paths(small_day)])
    moments, known = observe((small_day,)), np.corrcoef(table.T)
    assert correlation(BASKET, ORDER, moments) == pytest.approx(known[3, 1])
    assert correlation(BASKET, TRAVEL, moments) == pytest.approx(known[3, 2])
    assert of_path(TRAVEL, moments) == pytest.approx(table[:, 2].sum() / table[:, :3].sum())
