"""Intervals of numbers made of means, and verdicts about them."""

from collections.abc import Callable
from math import inf, nan

import numpy as np
import pytest

from storesim.results.intervals import Interval, jackknife, mean_interval
from storesim.validate.fact import Check, Fact, Floats, Kind, broken, judge, verdict


def check(low: float, high: float, kind: Kind = "emerges", value: Callable[[Floats], float] = np.mean) -> Check:
    return Check("number", value, low, high, "published", kind)


def fact(*checks: Check) -> Fact:
    return Fact(99, "Made up", "nobody", "nowhere", scenario=lambda: None, observe=lambda days: days, checks=checks)


def test_of_a_mean_the_jackknife_is_the_t_interval() -> None:
    values = np.random.default_rng(1).gamma(2.0, size=12)
    found, known = jackknife(lambda mean: mean[0], values[:, None]), mean_interval(values)
    assert found.mean == pytest.approx(known.mean)
    assert found.half_width == pytest.approx(known.half_width)


def test_of_a_ratio_the_jackknife_has_the_spread_that_theory_gives() -> None:
    """Delta method: var(ȳ/x̄) ≈ (σ_y² - 2 r σ_xy + r² σ_x²) / (n x̄²)."""
    random = np.random.default_rng(2)
    x = random.normal(10, 1, size=400)
    y = 0.5 * x + random.normal(0, 0.5, size=400)
    found = jackknife(lambda mean: mean[1] / mean[0], np.column_stack((x, y)))
    covariance, ratio = np.cov(x, y), y.mean() / x.mean()
    variance = (covariance[1, 1] - 2 * ratio * covariance[0, 1] + ratio**2 * covariance[0, 0]) / (400 * x.mean() ** 2)
    assert found.mean == pytest.approx(ratio)
    assert found.half_width == pytest.approx(1.966 * np.sqrt(variance), rel=0.02)


def test_nineteen_in_twenty_intervals_of_a_ratio_hold_the_truth() -> None:
    random = np.random.default_rng(3)
    samples = random.normal((10.0, 5.0), (2.0, 1.0), size=(1000, 20, 2))
    intervals = [jackknife(lambda mean: mean[1] / mean[0], sample) for sample in samples]
    held = np.mean([found.low <= 0.5 <= found.high for found in intervals])
    assert held == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize(
    ("mean", "half_width", "said"),
    [
        (0.5, 0.1, "holds"),
        (0.5, 0.5, "holds"),
        (0.95, 0.1, "cannot tell"),
        (1.5, 1.0, "cannot tell"),
        (1.2, 0.1, "fails"),
        (-0.2, 0.1, "fails"),
        (1.1, 0.1, "cannot tell"),
        (nan, 0.1, "cannot tell"),
        (0.5, nan, "cannot tell"),
    ],
)
def test_a_verdict_says_on_which_side_of_the_tolerance_the_whole_interval_lies(
    mean: float, half_width: float, said: str
) -> None:
    assert verdict(check(0.0, 1.0), Interval(mean, half_width, 30)) == said


def test_a_tolerance_may_have_an_open_side() -> None:
    assert verdict(check(0.0, inf), Interval(1e9, 1.0, 30)) == "holds"
    assert verdict(check(0.0, inf), Interval(-2.0, 1.0, 30)) == "fails"


def test_what_is_only_reported_has_no_verdict_whatever_comes_out() -> None:
    assert verdict(check(0.0, 1.0, "reported"), Interval(7.0, 0.1, 30)) == "reported"


@pytest.mark.parametrize(("kind", "counts"), [("emerges", 1), ("fitted", 0), ("wired in", 0), ("reported", 0)])
def test_only_what_should_emerge_can_speak_against_the_model(kind: Kind, counts: int) -> None:
    observed = np.array([[5.0], [5.1], [4.9]])
    assert len(broken(judge(fact(check(0.0, 1.0, kind)), observed))) == counts


def test_a_fact_is_judged_check_by_check_in_their_order() -> None:
    first, second = check(0.0, 10.0), check(0.0, 1.0)
    findings = judge(fact(first, second), np.array([[5.0], [5.1], [4.9]]))
    assert [(found.check, found.verdict) for found in findings] == [(first, "holds"), (second, "fails")]
