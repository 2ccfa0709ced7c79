"""Crowds on one floor, told apart by a hump and by conversion that falls."""

from dataclasses import replace

import numpy as np
import pytest

from storesim.experiment.replication import prepare
from storesim.inputs.case import Scenario
from storesim.validate.facts import crowds
from storesim.validate.stores import market


def test_crowds_differ_in_their_visits_only() -> None:
    quiet, full = crowds.quiet(), crowds.crowded(market(), 24)
    assert full.visits_per_day == 24 * quiet.visits_per_day
    assert full.cases == quiet.cases
    assert full.closes_s - full.opens_s == 3600


def test_there_are_lanes_for_everybody() -> None:
    few, many = market().cases[0].plan.checkouts, crowds.quiet().cases[0].plan.checkouts
    assert [till.lanes for till in many] == [crowds.LANES * till.lanes for till in few]


@pytest.mark.parametrize(
    ("spent", "rises", "falls"),
    [((4, 5, 6, 5, 3), True, True), ((3, 4, 5, 6, 7), True, False), ((7, 6, 5, 4, 3), False, True)],
)
def test_a_hump_lies_above_both_ends(spent: tuple[float, ...], rises: bool, falls: bool) -> None:
    mean = np.concatenate((np.array(spent, dtype=float), np.ones(15)))
    assert (crowds.over_quietest(mean) > 0) == rises
    assert (crowds.over_fullest(mean) > 0) == falls


def test_conversion_lost_is_counted_from_the_best_crowd() -> None:
    noticed, wanted = np.full(5, 10.0), np.array([4.0, 5.0, 5.0, 3.0, 2.0])
    mean = np.concatenate((np.ones(5), noticed, wanted, np.ones(5)))
    assert crowds._conversion_lost(mean) == pytest.approx(-60)


def test_a_crowd_holds_the_customers_of_the_quietest_day(small_shop: Scenario) -> None:
    """They are compared with themselves: same lists, same draws, others around them."""
    few, many = (prepare(replace(small_shop, visits_per_day=visits)).population(0) for visits in (40.0, 160.0))
    own = slice(0, few.needs.first[-1])
    assert len(many) > len(few)
    assert (many.arrives_s[: len(few)] == few.arrives_s).all()
    assert (many.needs.product[own] == few.needs.product).all()
    assert (many.needs.u_want[own] == few.needs.u_want).all()
