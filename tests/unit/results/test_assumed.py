"""Verdicts under varied assumptions, on numbers made by hand."""

import csv
from collections.abc import Sequence
from math import isnan
from pathlib import Path

import numpy as np
import pytest

from storesim.results.assumed import Assumed, level, standing, write_assumed
from storesim.results.comparison import Comparison, compare
from storesim.results.responses import RESPONSES

PARAMETERS = ("habit_sigma", "notice_rate", "urge")
HIGH = np.array([[1, 1, 1], [0, 1, 0], [1, 0, 0], [0, 0, 1]], dtype=bool)
SALES = [response.name for response in RESPONSES].index("sales")
BASE = 1000.0


def assumed(differences: Sequence[float], base: float = BASE) -> Assumed:
    """Four sets of three parameters in which the variant's sales differ so; all other responses are 1."""
    means = np.ones((4, 2, len(RESPONSES)))
    means[:, 0, SALES] = base
    means[:, 1, SALES] = base + np.array(differences)
    return Assumed(PARAMETERS, HIGH, means)


def sales(main: float, differences: Sequence[float], base: float = BASE) -> Comparison:
    """The variant's row on sales: `main` is the difference on each of the main run's days, margin 1 %."""
    values = np.ones((2, 3, len(RESPONSES)))
    values[0, :, SALES] = [base - 1, base, base + 1]
    values[1, :, SALES] = values[0, :, SALES] + main
    rows = compare(values, ["base", "other"], 0.01)
    found = standing(rows, assumed(differences, base), 0.01)
    assert [row.standing is None for row in found] == [row.variant == "base" for row in found]
    return next(row for row in found if row.variant == "other" and row.response.name == "sales")


@pytest.mark.parametrize(("main", "verdict"), [(50.0, "higher"), (-50.0, "lower")])
def test_a_difference_of_one_sign_in_all_sets_stands(main: float, verdict: str) -> None:
    row = sales(main, np.sign(main) * np.array([20.0, 5.0, 80.0, 1.0]))
    assert row.verdict == verdict
    assert row.standing is not None
    assert (row.standing.sets, row.standing.ahead_in, row.standing.moved_by) == (4, 4, None)
    ends = sorted((abs(row.standing.low_percent), abs(row.standing.high_percent)))
    assert ends == pytest.approx([0.1, 8.0])


@pytest.mark.parametrize(
    ("main", "differences", "mover"),
    [
        (50.0, [30.0, -10.0, 30.0, -10.0], "habit_sigma low"),
        (50.0, [-10.0, 30.0, -10.0, 30.0], "habit_sigma high"),
        (-50.0, [-30.0, 10.0, -30.0, 10.0], "habit_sigma low"),
        (-50.0, [10.0, -30.0, 10.0, -30.0], "habit_sigma high"),
        (50.0, [-40.0, 0.0, 10.0, 50.0], "notice_rate high"),
    ],
)
def test_a_sign_that_turns_takes_the_verdict_back_and_names_what_turns_it(
    main: float, differences: list[float], mover: str
) -> None:
    row = sales(main, differences)
    assert row.verdict == "undecided"
    assert row.standing is not None
    assert row.standing.before == ("higher" if main > 0 else "lower")
    assert row.standing.ahead_in == sum(np.sign(differences) == np.sign(main))
    assert row.standing.moved_by == mover


def test_a_set_without_any_difference_does_not_support_one() -> None:
    row = sales(50.0, [30.0, 20.0, 30.0, 0.0])
    assert row.standing is not None
    assert (row.verdict, row.standing.ahead_in) == ("undecided", 3)


def test_the_same_stands_within_the_margin_whatever_the_sign() -> None:
    row = sales(1.0, [-9.0, 10.0, 3.0, -1.0])
    assert row.verdict == "same"
    assert row.standing is not None
    assert (row.standing.same_in, row.standing.ahead_in, row.standing.moved_by) == (4, 2, None)
    assert (row.standing.low_percent, row.standing.high_percent) == pytest.approx((-0.9, 1.0))


@pytest.mark.parametrize(
    ("differences", "mover"),
    [([2.0, 2.0, 12.0, 4.0], "notice_rate low"), ([-12.0, 0.0, -2.0, 0.0], "habit_sigma high")],
)
def test_a_set_outside_the_margin_takes_back_the_same(differences: list[float], mover: str) -> None:
    """The parameter named is the one that pushes towards the end that is farthest out."""
    row = sales(1.0, differences)
    assert row.standing is not None
    assert (row.verdict, row.standing.same_in, row.standing.moved_by) == ("undecided", 3, mover)


def test_the_margin_is_of_each_set_s_own_baseline() -> None:
    sets = assumed([9.0, 9.0, 9.0, 9.0])
    poor = sets.means.copy()
    poor[2, :, SALES] -= 200.0
    values = np.ones((2, 3, len(RESPONSES)))
    found = standing(compare(values, ["base", "other"], 0.01), Assumed(PARAMETERS, HIGH, poor), 0.01)
    row = found[len(RESPONSES) + SALES].standing
    assert row is not None
    assert row.same_in == 3
    assert row.high_percent == pytest.approx(100 * 9 / 800)


def test_what_was_undecided_stays_so_and_says_how_often_it_is_ahead() -> None:
    values = np.ones((2, 3, len(RESPONSES)))
    values[:, :, SALES] = [[1000, 1000, 1000], [1040, 1000, 980]]
    rows = standing(compare(values, ["base", "other"], 0.01), assumed([5.0, -2.0, 7.0, 9.0]), 0.01)
    row = rows[len(RESPONSES) + SALES]
    assert row.verdict == "undecided"
    assert row.standing is not None
    assert (row.standing.before, row.standing.ahead_in, row.standing.moved_by) == ("undecided", 3, None)


def test_identical_variants_stay_the_same_in_all_sets() -> None:
    row = sales(0.0, [0.0, 0.0, 0.0, 0.0])
    assert row.verdict == "same"
    assert row.standing is not None
    assert (row.standing.ahead_in, row.standing.same_in) == (4, 4)


def test_a_baseline_of_nothing_has_no_percentage() -> None:
    row = sales(5.0, [5.0, 5.0, 5.0, 5.0], base=0.0)
    assert row.standing is not None
    assert isnan(row.standing.low_percent)
    assert isnan(row.standing.high_percent)


def test_levels_are_the_ends_of_what_is_assumed() -> None:
    assert (level("habit_sigma", False), level("habit_sigma", True)) == (0.2, 0.6)
    with pytest.raises(ValueError, match="published, not assumed"):
        level("unplanned_share", True)


def test_the_tables_are_tidy_and_guard_names(tmp_path: Path) -> None:
    write_assumed(tmp_path, ["base", "=other"], assumed([5.0, -2.0, 7.0, 9.0]))
    with (tmp_path / "assumptions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4 * len(RESPONSES)
    second = next(row for row in rows if (row["set"], row["response"]) == ("2", "sales"))
    assert second == {"set": "2", "variant": "'=other", "response": "sales", "difference": "-2", "percent": "-0.2"}
    with (tmp_path / "assumption_sets.csv").open(encoding="utf-8") as file:
        sets = list(csv.DictReader(file))
    assert len(sets) == 4 * len(PARAMETERS)
    assert sets[3] == {"set": "2", "parameter": "habit_sigma", "value": "0.2", "level": "low"}
