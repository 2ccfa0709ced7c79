"""Every law against an independent inversion of it (scipy.stats), at uniforms spread over 0..1."""

import numpy as np
import pytest
from scipy import stats

from storesim.customers import laws

U = np.random.default_rng(1).random(2000)
CORNERS = np.array([0.0, 1 - 2**-53])
"""The least and the greatest uniform that a generator returns."""


@pytest.mark.parametrize("mean", [0.3, 1.0, 47.3, 2100.0, 60_000.0])
def test_poisson_is_the_inverse_of_its_distribution(mean: float) -> None:
    some = U[:40]
    assert [laws.poisson(float(u), mean) for u in some] == stats.poisson.ppf(some, mean).tolist()


def test_poisson_of_nobody_is_nobody() -> None:
    assert laws.poisson(0.999, 0.0) == 0
    assert laws.poisson(0.0, 50.0) == 0


def test_poisson_at_the_last_uniform_is_far_out_but_finite() -> None:
    assert 2100 < laws.poisson(float(CORNERS[1]), 2100.0) < 2100 + 12 * np.sqrt(2100) + 30


def test_pick_returns_the_share_that_the_uniform_falls_into() -> None:
    shares = np.array([0.2, 0.0, 0.5, 0.3])
    u = np.array([0.0, 0.1999, 0.2, 0.6999, 0.7, 0.9999])
    assert laws.pick(u, shares).tolist() == [0, 0, 2, 2, 3, 3]


def test_pick_stays_inside_when_shares_round_to_less_than_one() -> None:
    assert np.cumsum([0.1] * 10)[-1] < 1
    assert laws.pick(CORNERS, np.full(10, 0.1)).tolist() == [0, 9]


def test_pick_follows_the_shares() -> None:
    shares = np.array([0.2, 0.0, 0.5, 0.3])
    assert np.bincount(laws.pick(U, shares), minlength=4) / len(U) == pytest.approx(shares, abs=0.03)


def hours(**weights: float) -> tuple[float, ...]:
    return tuple(weights.get(f"h{hour}", 0.0) for hour in range(24))


def test_arrivals_invert_the_profile_within_opening_hours() -> None:
    """Weights 1, 3 and 1 from 08:00 on: a fifth comes by 09:00, four fifths by 10:00; half of them at 09:30."""
    profile = hours(h7=9, h8=1, h9=3, h10=1, h11=9)
    at = laws.arrival_s(np.array([0, 0.1, 0.2, 0.5, 0.8, 0.9]), profile, 8 * 3600, 11 * 3600)
    assert at == pytest.approx([0, 1800, 3600, 5400, 7200, 9000])


def test_an_hour_open_in_part_counts_in_part() -> None:
    """Open 08:30 to 10:15: half an hour of weight 2, an hour of weight 2, a quarter of an hour of weight 4."""
    profile = hours(h8=2, h9=2, h10=4)
    at = laws.arrival_s(np.array([0, 0.25, 0.75, 0.875]), profile, 8.5 * 3600, 10.25 * 3600)
    assert at == pytest.approx([0, 1800, 5400, 5400 + 450])


def test_opening_within_one_hour_is_flat() -> None:
    at = laws.arrival_s(np.array([0, 0.5]), hours(h9=5), 9.25 * 3600, 9.75 * 3600)
    assert at == pytest.approx([0, 900])


def test_a_profile_of_other_hours_is_taken_as_flat() -> None:
    at = laws.arrival_s(np.array([0, 0.25, 0.5]), hours(h3=1), 8 * 3600, 12 * 3600)
    assert at == pytest.approx([0, 3600, 7200])


def test_open_all_day_reaches_midnight() -> None:
    at = laws.arrival_s(CORNERS, (1.0,) * 24, 0, 86400)
    assert at == pytest.approx([0, 86400])


def test_an_hour_of_no_weight_sees_nobody() -> None:
    at = laws.arrival_s(U, hours(h8=1, h10=1), 8 * 3600, 11 * 3600)
    assert not ((at > 3600) & (at < 7200)).any()


@pytest.mark.parametrize("mean", [0.75, 1.0, 1.45])
def test_speed_is_a_truncated_normal(mean: float) -> None:
    reference = stats.truncnorm((0.5 - mean) / 0.2, (1.5 - mean) / 0.2, loc=mean, scale=0.2)
    assert laws.speed_m_s(U, np.full(len(U), mean), 0.2) == pytest.approx(reference.ppf(U), abs=1e-9)


def test_speed_stays_within_its_range() -> None:
    speed = laws.speed_m_s(CORNERS, np.full(2, 1.0), 0.2)
    assert speed == pytest.approx([0.5, 1.5])


def test_lognormal_has_the_mean_it_is_given() -> None:
    """`scale` of scipy's law is the median: mean · exp(-sigma² / 2)."""
    reference = stats.lognorm(s=0.5, scale=1.5 * np.exp(-(0.5**2) / 2))
    assert reference.mean() == pytest.approx(1.5)
    assert laws.lognormal(U, 1.5, 0.5) == pytest.approx(reference.ppf(U))


def test_lognormal_without_spread_is_its_mean() -> None:
    assert laws.lognormal(U, 1.5, 0.0) == pytest.approx(1.5)


def test_patience_is_a_weibull_law_and_a_tenth_leave_by_four_minutes() -> None:
    assert laws.patience_s(U, np.full(len(U), 738.0)) == pytest.approx(stats.weibull_min(2, scale=738).ppf(U))
    assert laws.patience_s(np.array([0.1]), np.array([738.0]))[0] == pytest.approx(240, rel=0.005)


def test_units_are_geometric_from_one_on() -> None:
    for mean in (1.087, 2.3, 4.3):
        assert laws.units(U, mean).tolist() == stats.geom.ppf(U, 1 / mean).tolist()


def test_units_have_the_mean_they_are_given() -> None:
    u = (np.arange(100_000) + 0.5) / 100_000
    assert [laws.units(u, mean).mean() for mean in (1.2, 2.3, 4.3)] == pytest.approx([1.2, 2.3, 4.3], rel=1e-3)


@pytest.mark.parametrize("mean", [1.0, 0.4])
def test_a_mean_of_one_unit_or_less_is_always_one(mean: float) -> None:
    assert laws.units(U, mean).tolist() == [1] * len(U)


def test_units_are_at_least_one_at_the_least_uniform() -> None:
    assert laws.units(np.array([0.0]), 3.0).tolist() == [1]
