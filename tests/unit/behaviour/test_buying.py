"""Price response, wallet and dwell: at points computed by hand, and as elasticities of simulated sales."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from storesim.behaviour.buying import (
    dwell_s,
    incidence_factor,
    is_affordable,
    is_wanted,
    units_at,
    urgency,
    wallet_room,
)
from storesim.customers import laws

UNIFORMS = (np.arange(20_000) + 0.5) / 20_000


def p_wanted(odds: float, ratio: float, elasticity: float) -> float:
    """Return the share of customers, one for each uniform, that want the product."""
    return float(np.mean([is_wanted(u, odds, ratio, elasticity) for u in UNIFORMS.tolist()]))


def mean_units(regular: float, ratio: float, elasticity: float) -> float:
    return float(np.mean([units_at(u, regular, ratio, elasticity) for u in UNIFORMS.tolist()]))


def test_odds_respond_with_the_elasticity_over_one_minus_p() -> None:
    """At odds 1, P is a half and the exponent doubles."""
    assert incidence_factor(0.8, -1.0, 0.0) == pytest.approx(1 / 0.8)
    assert incidence_factor(0.8, -1.0, 1.0) == pytest.approx(0.8**-2)
    assert incidence_factor(1.0, -1.0, 1.0) == 1


def test_the_response_of_a_nearly_sure_purchase_is_bounded() -> None:
    assert incidence_factor(0.8, -1.0, 2.0) == incidence_factor(0.8, -1.0, 99.0) == pytest.approx(0.8**-3)


def test_without_elasticity_price_does_not_matter() -> None:
    assert incidence_factor(0.5, 0.0, 1.0) == 1
    assert units_at(0.9, 2.5, 0.5, 0.0) == units_at(0.9, 2.5, 1.0, 0.0)


def test_wanted_at_the_regular_price_with_probability_odds_over_one_plus_odds() -> None:
    assert p_wanted(0.25, 1.0, -2.0) == pytest.approx(0.2, abs=1e-4)
    assert is_wanted(0.19999, 0.25, 1.0, -2.0)
    assert not is_wanted(0.20001, 0.25, 1.0, -2.0)


def test_what_cannot_be_bought_is_never_wanted() -> None:
    assert not is_wanted(0.0, 0.0, 0.5, -3.0)


@pytest.mark.parametrize("p", [0.02, 0.2, 0.5])
def test_incidence_has_the_elasticity_it_is_given_however_likely_the_purchase(p: float) -> None:
    """The slope at the regular price, from a percent to either side of it."""
    odds, elasticity = p / (1 - p), -1.5
    up, down = (odds * incidence_factor(ratio, elasticity, odds) for ratio in (1.01, 0.99))
    slope = np.log((up / (1 + up)) / (down / (1 + down))) / np.log(1.01 / 0.99)
    assert slope == pytest.approx(elasticity, rel=0.001)


def test_a_log_odds_coefficient_alone_would_fall_short() -> None:
    """Power of the test above: without the division by 1 - P the slope at P = 0.5 is half as steep."""
    up, down = (1.0 * ratio**-1.5 for ratio in (1.01, 0.99))
    slope = np.log((up / (1 + up)) / (down / (1 + down))) / np.log(1.01 / 0.99)
    assert slope == pytest.approx(-0.75, rel=0.001)


def test_units_at_the_regular_price_are_those_of_the_customer() -> None:
    units = [units_at(u, 2.3, 1.0, -1.0) for u in UNIFORMS[::50].tolist()]
    assert units == laws.units(UNIFORMS[::50], 2.3).tolist()


def test_mean_units_respond_with_the_elasticity() -> None:
    assert mean_units(2.3, 0.8, -1.2) == pytest.approx(2.3 * 0.8**-1.2, rel=0.001)
    assert mean_units(2.3, 1.1, -1.2) == pytest.approx(2.3 * 1.1**-1.2, rel=0.001)


def test_units_never_fall_below_one() -> None:
    assert mean_units(1.05, 2.0, -3.0) == 1
    assert units_at(0.0, 2.3, 1.0, -1.0) == 1


@pytest.mark.parametrize("ratio", [0.9, 1.1])
@pytest.mark.parametrize("p", [0.05, 0.2, 0.4])
@pytest.mark.parametrize("elasticity", [-1.445, -1.7, -2.5])
def test_simulated_unplanned_sales_have_the_elasticity_of_the_category(
    elasticity: float, p: float, ratio: float
) -> None:
    """40 % of it acts on whether, 60 % on how many: together ±10 % of price give what the products file says, ± 6 %."""
    odds, regular = p / (1 - p), 1.8
    sold = {r: p_wanted(odds, r, 0.4 * elasticity) * mean_units(regular, r, 0.6 * elasticity) for r in (1.0, ratio)}
    assert np.log(sold[ratio] / sold[1.0]) / np.log(ratio) == pytest.approx(elasticity, rel=0.06)


def test_the_wallet_counts_what_is_spent_and_what_the_list_will_cost() -> None:
    """20 in the purse, 8 spent, 9 still to be spent on the list: 3 are free."""
    assert is_affordable(3.0, 20.0, 8.0, 9.0)
    assert not is_affordable(3.01, 20.0, 8.0, 9.0)
    assert is_affordable(0.0, 20.0, 11.0, 9.0)


def test_the_last_cent_can_be_spent_in_spite_of_rounding() -> None:
    left = 0.7 - 0.4 - 0.2
    assert left < 0.1
    assert is_affordable(0.1, 0.7, 0.4, 0.2)


def test_a_wallet_overdrawn_by_the_list_buys_nothing_more() -> None:
    assert not is_affordable(0.01, 10.0, 12.0, 0.0)


def test_dwell_is_lognormal_around_its_median() -> None:
    reference = stats.lognorm(s=0.7, scale=24)
    assert np.allclose(dwell_s(UNIFORMS, np.full(len(UNIFORMS), 24.0), 0.7), reference.ppf(UNIFORMS))
    assert dwell_s(np.array([0.5, 0.5]), np.array([24.0, 12.0]), 0.7) == pytest.approx([24, 12])


# Time and money


def test_buying_rises_for_half_an_hour() -> None:
    assert [urgency(t_s, 0.1) for t_s in (0.0, 600.0, 1800.0, 7200.0)] == pytest.approx([0.0, 0.1, 0.3, 0.3])


@given(spent=st.floats(0, 200), more=st.floats(0, 50), slack=st.floats(0, 100), grip=st.floats(0, 2))
def test_what_is_spent_never_makes_more_of_it_likelier(spent: float, more: float, slack: float, grip: float) -> None:
    assert 0 <= wallet_room(spent + more, slack, grip) <= wallet_room(spent, slack, grip) <= 1


def test_the_soft_wallet_by_hand() -> None:
    """A third of the slack spent leaves two thirds of the odds; without grip, or before the first purchase, all."""
    assert wallet_room(2.0, 6.0, 1.0) == pytest.approx(2 / 3)
    assert wallet_room(2.0, 6.0, 2.0) == pytest.approx(4 / 9)
    assert wallet_room(0.0, 6.0, 1.0) == 1.0
    assert [wallet_room(spent, 6.0, 0.0) for spent in (0.0, 5.0, 7.0)] == [1.0, 1.0, 1.0]
    assert wallet_room(7.0, 6.0, 1.0) == 0.0
