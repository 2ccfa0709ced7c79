"""As many replications as a precision needs: Stein's rule against its theory, with the power to fail."""

from math import ceil, sqrt
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from storesim.inputs.case import Precision, ResponseName
from storesim.results.comparison import compare
from storesim.results.intervals import half_widths, mean_interval, more_after_first_stage, two_stage_interval, verdict
from storesim.results.precision import first_stages, needed, reached, replications_needed
from storesim.results.responses import RESPONSES

TRIES, MOST = 10_000, 400
NAMES = [response.name for response in RESPONSES]
SALES = NAMES.index("sales")


def asking(half_width: float, of_mean: bool = False, first: int = 10, response: ResponseName = "sales") -> Any:
    """As much of a scenario as decides how many replications are played."""
    precision = Precision(response, half_width, of_mean, at_most=MOST)
    return SimpleNamespace(precision=precision, replications=first)


def days_of(variants: int, replications: int) -> np.ndarray:
    """Values of a baseline with a mean of 1,000 a day and of variants that share its customers."""
    rng = np.random.default_rng(8)
    common = rng.normal(1000, 50, (1, replications, len(RESPONSES)))
    return common + rng.normal(0, 7, (variants, replications, len(RESPONSES)))


# How many


def test_the_number_is_that_of_stein() -> None:
    """N = (t S / d)², rounded up, t with the first stage's degrees of freedom."""
    values = days_of(2, 10)
    spread = (values[1] - values[0])[:, SALES].std(ddof=1)
    expected = ceil((stats.t.ppf(0.975, 9) * spread / 2.0) ** 2)
    assert 10 < expected < MOST
    assert replications_needed(asking(2.0), values) == expected


def test_several_variants_share_the_error_and_the_widest_decides() -> None:
    values = days_of(4, 10)
    spread = max((one - values[0])[:, SALES].std(ddof=1) for one in values[1:])
    expected = ceil((stats.t.ppf(1 - 0.05 / 6, 9) * spread / 3.0) ** 2)
    assert replications_needed(asking(3.0), values) == expected


def test_a_baseline_alone_is_held_to_its_own_mean() -> None:
    values = days_of(1, 10)
    expected = ceil((stats.t.ppf(0.975, 9) * values[0, :, SALES].std(ddof=1) / 20.0) ** 2)
    assert replications_needed(asking(20.0), values) == expected


def test_a_share_is_one_of_the_baselines_mean_in_the_first_stage() -> None:
    values = days_of(2, 10)
    amount = 0.003 * values[0, :, SALES].mean()
    assert replications_needed(asking(0.003, of_mean=True), values) == replications_needed(asking(amount), values)


def test_only_the_response_asked_for_counts() -> None:
    values = days_of(2, 10)
    values[1, :, NAMES.index("wait_s")] *= np.linspace(1, 5, 10)
    assert replications_needed(asking(2.0), values) < MOST
    assert replications_needed(asking(2.0, response="wait_s"), values) == MOST


def test_never_fewer_than_the_first_stage_and_never_more_than_allowed() -> None:
    values = days_of(2, 10)
    assert replications_needed(asking(1e6), values) == 10
    assert replications_needed(asking(1e-6), values) == MOST


def test_without_a_precision_it_is_as_many_as_asked_for() -> None:
    assert replications_needed(SimpleNamespace(precision=None, replications=10), days_of(2, 10)) == 10  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("half_width", "asked", "enough"),
    [(2.0, 1.0, 40), (2.0, 1.001, 40), (1.0, 1.0, 10), (0.0, 0.0, 10), (1.0, 0.0, None), (1e6, 1.0, None)],
)
def test_half_the_width_takes_four_times_as_many(half_width: float, asked: float, enough: int | None) -> None:
    assert needed(half_width, asked, first_stage=10) == enough


# The interval that is reported


def test_the_interval_is_no_wider_than_asked_and_rests_on_the_first_stage() -> None:
    values = days_of(3, MOST)
    scenario = asking(3.0)
    number = replications_needed(scenario, values[:, :10])
    rows = compare(values[:, :number], ("base", "a", "b"), 0.01, first_stages(scenario))
    widths = [row.difference.half_width for row in rows if row.difference and row.response.name == "sales"]
    expected = half_widths((values[1:, :10, SALES] - values[0, :10, SALES]).T, 2) * sqrt(10 / number)
    assert widths == pytest.approx(expected)
    assert 3.0 >= max(widths) > 3.0 * sqrt(1 - 1 / number)


def test_the_other_responses_rest_on_all_replications() -> None:
    values = days_of(3, 40)
    two_stage, usual = (
        {(row.variant, row.response.name): row for row in compare(values, ("base", "a", "b"), 0.01, stages)}
        for stages in (first_stages(asking(3.0)), {})
    )
    differ = {name for name in usual if usual[name] != two_stage[name]}
    assert differ == {(variant, "sales") for variant in ("base", "a", "b")}


def test_a_first_stage_of_all_is_the_usual_interval() -> None:
    values = days_of(1, 10)[0, :, SALES]
    assert two_stage_interval(values, 10, 3) == two_stage_interval(values, 99, 3) == mean_interval(values, 3)


def coverage(first: int, tries: int = TRIES) -> tuple[float, float]:
    """Share of intervals that hold the truth: with the first stage's spread, and with that of all replications."""
    days = np.random.default_rng(first).normal(0, 1, (MOST, tries))
    width = half_widths(days[:first])
    played = np.array([min(needed(one, 0.6, first) or MOST, MOST) for one in width])
    there = np.arange(MOST)[:, None] < played
    mean = np.where(there, days, 0).sum(axis=0) / played
    spread = np.sqrt((np.where(there, days - mean, 0) ** 2).sum(axis=0) / (played - 1))
    recomputed = stats.t.ppf(0.975, played - 1) * spread / np.sqrt(played)
    stein = np.abs(mean) <= width * np.sqrt(first / played)
    return float(stein.mean()), float((np.abs(mean) <= recomputed).mean())


@pytest.mark.parametrize("first", [3, 5, 10])
def test_steins_interval_keeps_its_coverage_where_one_recomputed_loses_it(first: int) -> None:
    """10,000 tries have a standard error of 0.22 %."""
    stein, recomputed = coverage(first)
    assert stein == pytest.approx(0.95, abs=0.0065)
    if first < 10:
        assert recomputed < 0.935


def test_the_advice_is_that_of_the_rule() -> None:
    """So many more, were the mean to stay: just enough to exclude 0, or to fit into the margin."""
    difference = two_stage_interval(days_of(1, 20)[0, :, SALES] - 1000 + 8, 10)
    more = more_after_first_stage(difference, margin=1.0)
    assert more is not None
    for extra, says in ((more, "decided"), (more - 1, "undecided")):
        shrunk = difference.half_width * sqrt(20 / (20 + extra))
        later = type(difference)(difference.mean, shrunk, 20 + extra)
        assert (verdict(later, 1.0) == "undecided") == (says == "undecided")


def test_advice_that_nobody_can_follow_is_none() -> None:
    interval = type(mean_interval([1.0, 2.0]))
    assert more_after_first_stage(interval(1e-9, 5.0, 10), margin=0.0) is None
    assert more_after_first_stage(interval(0.0, 5.0, 10), margin=0.0) is None
    assert more_after_first_stage(interval(1.0, float("nan"), 10), margin=0.0) is None


# How far it came


def test_what_was_reached_is_told_in_the_responses_unit() -> None:
    values = days_of(2, MOST)
    number = replications_needed(asking(2.0), values[:, :10])
    found = reached(asking(2.0), values[:, :number])
    assert found
    assert (found.asked, found.replications, found.needed, found.is_reached) == (2.0, number, number, True)
    assert found.half_width <= 2.0


def test_one_replication_less_is_not_enough() -> None:
    values = days_of(2, MOST)
    number = replications_needed(asking(2.0), values[:, :10])
    found = reached(asking(2.0), values[:, : number - 1])
    assert found
    assert (found.needed, found.is_reached) == (number, False)
    assert found.half_width > 2.0


def test_a_run_that_ended_in_its_first_stage_reached_nothing() -> None:
    assert reached(asking(2.0), days_of(2, 9)) is None
    assert reached(SimpleNamespace(precision=None, replications=5), days_of(2, 9)) is None  # type: ignore[arg-type]
    assert first_stages(SimpleNamespace(precision=None, replications=5)) == {}  # type: ignore[arg-type]


def test_a_share_of_nothing_is_out_of_reach() -> None:
    values = days_of(2, 10)
    values[0, :, SALES] = 0
    found = reached(asking(0.01, of_mean=True), values)
    assert found
    assert (found.asked, found.needed, found.is_reached) == (0.0, None, False)
    assert replications_needed(asking(0.01, of_mean=True), values) == MOST
