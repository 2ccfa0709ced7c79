"""Intervals, verdicts and the set of the best against theory, each with the power to fail."""

from math import inf, nan, sqrt

import numpy as np
import pytest
from scipy import stats

from storesim.results.best import equicoordinate_t, may_be_best
from storesim.results.comparison import Comparison, compare
from storesim.results.intervals import (
    Interval,
    half_widths,
    mean_interval,
    more_replications,
    paired_difference,
    percent_of,
    verdict,
)
from storesim.results.responses import RESPONSES

TRIES = 10_000


def pairs_of_days(difference: float, replications: int, tries: int = TRIES) -> np.ndarray:
    """Paired differences of days that share a large common part; shape (replications, tries)."""
    rng = np.random.default_rng(2026)
    common = rng.normal(0, 20, (replications, tries))
    baseline = 1000 + common + rng.normal(0, 3, (replications, tries))
    other = 1000 + difference + common + rng.normal(0, 3, (replications, tries))
    return other - baseline


# Coverage


@pytest.mark.parametrize("difference", [0.0, 7.0])
def test_a_95_percent_interval_covers_the_true_difference_in_95_percent(difference: float) -> None:
    """10,000 tries have a standard error of 0.22 %: intervals of 94 or 96 % fail, as do those from z instead of t."""
    paired = pairs_of_days(difference, replications=10)
    covered = np.abs(paired.mean(axis=0) - difference) <= half_widths(paired)
    assert covered.mean() == pytest.approx(0.95, abs=0.0065)
    with_z = np.abs(paired.mean(axis=0) - difference) <= half_widths(paired) * 1.96 / stats.t.ppf(0.975, 9)
    assert with_z.mean() < 0.925


def test_bonferroni_intervals_cover_together() -> None:
    """Four variants against one baseline: together at least 95 %, and no one alone would."""
    rng = np.random.default_rng(5)
    days = rng.normal(0, 3, (5, 10, TRIES))
    hits = [
        np.stack([np.abs((d - days[0]).mean(axis=0)) <= half_widths(d - days[0], n) for d in days[1:]]).all(axis=0)
        for n in (4, 1)
    ]
    together, alone = (hit.mean() for hit in hits)
    assert together + 0.0065 >= 0.95
    assert together < 0.98
    assert alone < 0.90


def test_bonferroni_shares_out_the_error() -> None:
    values = np.random.default_rng(1).normal(size=12)
    width = {n: mean_interval(values, comparisons=n).half_width for n in (1, 4)}
    assert width[1] == pytest.approx(stats.t.ppf(0.975, 11) * values.std(ddof=1) / sqrt(12))
    assert width[4] / width[1] == pytest.approx(stats.t.ppf(1 - 0.05 / 8, 11) / stats.t.ppf(0.975, 11))


def test_pairing_takes_out_what_the_days_share() -> None:
    rng = np.random.default_rng(3)
    common, a, b = rng.normal(0, 20, 30), rng.normal(0, 3, 30), rng.normal(0, 3, 30)
    paired = paired_difference(common + a, common + b).half_width
    apart = paired_difference(common + a, rng.permutation(common) + b).half_width
    assert apart / paired > 3


def test_identical_days_have_an_interval_of_exactly_nothing() -> None:
    values = np.random.default_rng(4).normal(0.1, 1, 30)
    assert paired_difference(values, values, comparisons=4) == Interval(0.0, 0.0, 30)


def test_a_constant_difference_is_certain_whatever_its_rounding() -> None:
    assert mean_interval([0.1] * 7).half_width == 0.0


def test_one_replication_has_a_mean_and_no_interval() -> None:
    alone = mean_interval([3.0])
    assert alone.mean == 3.0
    assert np.isnan([alone.half_width, alone.low, alone.high]).all()
    with pytest.raises(ValueError, match="at least one replication"):
        mean_interval([])


# Verdicts


@pytest.mark.parametrize(
    ("mean", "half_width", "says"),
    [
        (5.0, 2.0, "higher"), (-5.0, 2.0, "lower"), (0.2, 0.5, "same"), (0.8, 0.5, "higher"),
        (0.8, 0.9, "undecided"), (0.5, 0.3, "same"),
        (1.5, 0.4, "higher"), (3.0, 3.0, "undecided"), (0.0, 0.0, "same"), (2.0, nan, "undecided"),
    ],
)  # fmt: skip
def test_a_verdict_is_read_off_the_interval(mean: float, half_width: float, says: str) -> None:
    assert verdict(Interval(mean, half_width, 30), margin=1.0) == says


def test_exact_zeros_are_the_same_even_of_nothing() -> None:
    assert verdict(paired_difference([0.0] * 5, [0.0] * 5), margin=0.0) == "same"


def test_percentages_are_of_the_size_of_the_baseline() -> None:
    assert percent_of(5, -50) == 10
    assert percent_of(0, 0) == 0
    assert np.isnan(percent_of(1, 0))


@pytest.mark.parametrize(("mean", "margin"), [(1.0, 0.0), (0.2, 3.0), (2.5, 3.0)])
def test_more_replications_are_just_enough(mean: float, margin: float) -> None:
    now = Interval(mean, 4.0, 20)
    spread = 4.0 * sqrt(20) / stats.t.ppf(1 - 0.05 / 4, 19)
    more = more_replications(now, margin, comparisons=2)
    assert more is not None
    then, before = (
        Interval(mean, stats.t.ppf(1 - 0.05 / 4, n - 1) * spread / sqrt(n), n) for n in (20 + more, 19 + more)
    )
    assert verdict(then, margin) != "undecided" == verdict(before, margin)


def test_playing_on_would_settle_it_about_when_it_says() -> None:
    """A difference of half the half-width at 20 takes about 80 replications, 60 more."""
    assert more_replications(Interval(1.0, 2.0, 20), margin=0.0) == pytest.approx(55, abs=6)


@pytest.mark.parametrize("interval", [Interval(1.0, nan, 1), Interval(1e-9, 2.0, 20), Interval(0.0, 2.0, 20)])
def test_hopeless_cases_get_no_advice(interval: Interval) -> None:
    assert more_replications(interval, margin=0.0) is None


# The set that may be best


@pytest.mark.parametrize(
    ("comparisons", "freedom", "table"),
    [(1, 10, 1.81), (2, 10, 2.15), (3, 10, 2.34), (4, 10, 2.47), (4, 5, 2.85), (2, 20, 2.03)],
)
def test_critical_values_are_those_of_dunnetts_table(comparisons: int, freedom: int, table: float) -> None:
    """Dunnett (1955), one-sided, 5 %."""
    assert equicoordinate_t(comparisons, freedom) == pytest.approx(table, abs=0.006)


@pytest.mark.parametrize("means", [(0.0, 0.0, 0.0, 0.0), (1.0, 0.0, 0.0, -1.0)])
def test_the_set_holds_the_true_best(means: tuple[float, ...]) -> None:
    rng = np.random.default_rng(11)
    tries = 2000
    days = np.array(means)[:, None] + rng.normal(0, 3, (tries, 4, 12)) + rng.normal(0, 20, (tries, 1, 12))
    held = np.array([may_be_best(one)[0] for one in days])
    assert held.mean() >= 0.95 - 0.01
    if len(set(means)) == 1:  # the hardest case, where the method promises exactly 95 %
        assert held.mean() <= 0.95 + 0.015


def test_the_set_leaves_out_what_is_clearly_worse() -> None:
    rng = np.random.default_rng(12)
    days = np.array([0.0, -0.1, -9.0])[:, None] + rng.normal(0, 1, (3, 20)) + rng.normal(0, 50, 20)
    assert may_be_best(days).tolist() == [True, True, False]
    assert may_be_best(-days).tolist() == [False, False, True]


def test_copies_of_the_best_stay_with_it() -> None:
    days = np.random.default_rng(13).normal(100, 5, 10)
    assert may_be_best(np.stack((days, days, days - 50))).tolist() == [True, True, False]
    assert may_be_best(np.stack((days, days))).tolist() == [True, True]


def test_one_replication_rules_nothing_out() -> None:
    assert may_be_best(np.array([[1.0], [2.0], [3.0]])).all()


# All of it together


def rows_of(compared: tuple[Comparison, ...], variant: str) -> dict[str, Comparison]:
    return {row.response.name: row for row in compared if row.variant == variant}


def days_of(variants: int, replications: int) -> np.ndarray:
    return np.random.default_rng(21).normal(100, 5, (variants, replications, len(RESPONSES)))


def test_a_copy_of_the_baseline_is_the_same_in_everything() -> None:
    values = days_of(3, 10)
    values[1] = values[0]
    for row in rows_of(compare(values, ("base", "copy", "other"), same_within=0.01), "copy").values():
        assert row.difference == Interval(0.0, 0.0, 10)
        assert (row.verdict, row.diff_percent) == ("same", 0.0)


def test_the_baseline_is_compared_with_nothing() -> None:
    for row in rows_of(compare(days_of(2, 10), ("base", "other"), 0.01), "base").values():
        assert (row.difference, row.verdict, row.diff_percent, row.more_replications) == (None,) * 4


def test_more_variants_widen_every_interval() -> None:
    values = days_of(5, 10)
    two = rows_of(compare(values[:2], ("base", "a"), 0.01), "a")["sales"].difference
    five = rows_of(compare(values, ("base", "a", "b", "c", "d"), 0.01), "a")["sales"].difference
    assert two is not None
    assert five is not None
    assert five.half_width / two.half_width == pytest.approx(stats.t.ppf(1 - 0.05 / 8, 9) / stats.t.ppf(0.975, 9))


def test_one_replication_leaves_everything_undecided() -> None:
    for row in rows_of(compare(days_of(2, 1), ("base", "other"), 0.01), "other").values():
        assert (row.verdict, row.more_replications) == ("undecided", None)
        assert row.difference is not None
        assert np.isnan(row.difference.half_width)
        assert np.isfinite(row.difference.mean)


def test_best_follows_what_is_better() -> None:
    values = days_of(2, 10)
    values[1] = values[0] + 50
    compared = compare(values, ("base", "more"), 0.01)
    base, more = rows_of(compared, "base"), rows_of(compared, "more")
    assert (base["sales"].may_be_best, more["sales"].may_be_best) == (False, True)
    assert (base["wait_s"].may_be_best, more["wait_s"].may_be_best) == (True, False)
    assert (base["dwell_s"].may_be_best, more["dwell_s"].may_be_best) == (None, None)


def test_undecided_rows_say_how_many_more() -> None:
    rows = rows_of(compare(days_of(2, 10), ("base", "other"), 0.001), "other").values()
    assert {row.verdict for row in rows} >= {"undecided"}
    for row in rows:
        assert (row.verdict == "undecided") >= (row.more_replications is not None)
        assert (row.more_replications or inf) > 0
