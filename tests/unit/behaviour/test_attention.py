"""What shelf, space and display do to attention: at points computed by hand, and summed over a shelf."""

from collections.abc import Callable

import numpy as np
import pytest

from storesim.behaviour.attention import (
    BEST_HEIGHT,
    attention,
    display_multiplier,
    level_multiplier,
    p_notice,
    space_multiplier,
)
from storesim.inputs.case import Product
from storesim.inputs.parameters import Parameters
from storesim.store.shelves import Shelves

PENALTY = 0.33
RATE, EXPONENT, DISPLAY = 0.05, 0.4, 1.5
ROUND = Parameters(notice_rate=RATE, space_exponent=EXPONENT, display_multiplier=DISPLAY, level_penalty=PENALTY)


def test_the_best_level_costs_nothing_and_the_bottom_the_whole_penalty() -> None:
    factors = level_multiplier(np.array([BEST_HEIGHT, 0.0, 1.0]), PENALTY)
    assert factors == pytest.approx([1.0, np.exp(-0.33), np.exp(-0.33 * 0.35 / 0.65)])
    assert factors[1] == pytest.approx(1 / 1.39, abs=0.002)


def test_levels_fall_off_to_both_sides_of_the_best() -> None:
    below, above = np.linspace(0, BEST_HEIGHT, 9), np.linspace(BEST_HEIGHT, 1, 9)
    assert (np.diff(level_multiplier(below, PENALTY)) > 0).all()
    assert (np.diff(level_multiplier(above, PENALTY)) < 0).all()


def test_without_penalty_all_levels_are_alike() -> None:
    assert level_multiplier(np.linspace(0, 1, 5), 0.0).tolist() == [1.0] * 5


def test_space_is_a_power_of_the_metres_and_one_level_of_a_bay_is_the_unit() -> None:
    assert space_multiplier(np.array([1.25, 2.5, 12.5]), 0.4) == pytest.approx([1, 2**0.4, 10**0.4])
    assert space_multiplier(np.array([0.3, 8.0]), 0.0).tolist() == [1, 1]


def test_no_metres_no_attention() -> None:
    assert space_multiplier(np.array([0.0]), 0.4).tolist() == [0]
    assert space_multiplier(np.array([0.0]), 0.0).tolist() == [0]


def test_a_display_of_mean_lift_has_the_multiplier_and_one_without_lift_none() -> None:
    lifts = np.array([1.0, 1.25, 1.5, 0.96])
    assert display_multiplier(lifts, 1.5) == pytest.approx([1.0, 1.5, 2.0, 1.0])
    assert display_multiplier(lifts, 1.0).tolist() == [1, 1, 1, 1]


def test_notice_is_one_minus_exp_of_the_exposure() -> None:
    assert p_notice(np.array([0.0, 1e-12, np.log(2)])) == pytest.approx([0, 1e-12, 0.5], rel=1e-9)


def test_thresholds_are_what_p_notice_says() -> None:
    """The share of Exp(1) thresholds that an exposure of 0.3 reaches."""
    u = (np.arange(100_000) + 0.5) / 100_000
    assert (-np.log1p(-u) <= 0.3).mean() == pytest.approx(float(p_notice(np.array([0.3]))[0]), abs=1e-5)


def shelves_of_tea_and_jam() -> Shelves:
    """Tea at home in bays 0 (3 m, best height) and 1 (1 m, bottom) and on display in bay 2; jam nowhere."""
    return Shelves(
        product=np.array([0, 1, 0]),
        display=np.array([False, False, True]),
        promotion=np.array([-1, -1, -1]),
        first=np.array([0, 2, 2, 3]),
        bay=np.array([0, 1, 2]),
        metres=np.array([3.0, 1.0, 2.5]),
        height=np.array([BEST_HEIGHT, 0.0, BEST_HEIGHT]),
    )


def test_attention_is_that_of_all_metres_spread_by_metres(make_product: Callable[..., Product]) -> None:
    products = (make_product("tea", display_lift=1.5), make_product("jam"))
    table = attention(shelves_of_tea_and_jam(), products, ROUND, bays=4)
    home = RATE * (4.0 / 1.25) ** EXPONENT
    display = RATE * 2**EXPONENT * (1 + (DISPLAY - 1) * 0.5 / 0.25)
    expected = np.zeros((4, 3))
    expected[0, 0], expected[1, 0], expected[2, 2] = 0.75 * home, 0.25 * home * np.exp(-PENALTY), display
    assert table == pytest.approx(expected)


def test_splitting_a_home_over_bays_draws_no_more_attention(make_product: Callable[..., Product]) -> None:
    """Four metres draw the same whether in one bay or in eight: only all of them together count."""
    totals = []
    for bays in (1, 8):
        many = np.arange(bays)
        home = Shelves(
            np.array([0]),
            np.array([False]),
            np.array([-1]),
            np.array([0, bays]),
            many,
            4.0 / bays + 0 * many,
            0.5 + 0 * many,
        )
        totals.append(attention(home, (make_product(),), ROUND, bays).sum())
    assert totals[1] == pytest.approx(totals[0])


def test_two_spots_in_one_bay_add_up(make_product: Callable[..., Product]) -> None:
    """The same product on two levels of a bay, say after a swap."""
    best = np.full(2, BEST_HEIGHT)
    home = Shelves(
        np.array([0]),
        np.array([False]),
        np.array([-1]),
        np.array([0, 2]),
        np.array([0, 0]),
        np.array([1.0, 0.25]),
        best,
    )
    assert attention(home, (make_product(),), ROUND, 1)[0, 0] == pytest.approx(RATE)
