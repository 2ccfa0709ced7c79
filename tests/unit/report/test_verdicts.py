"""What an answer says, for the terminal and the page alike."""

from itertools import chain
from types import SimpleNamespace
from typing import Any

from storesim.cli.answer import best_lines, verdict_sentence
from storesim.inputs.case import Precision, ResponseName
from storesim.inputs.parameters import Parameters
from storesim.report.verdicts import leader, mover, own_parameters, parameter_counts, precision_words, standing_count
from storesim.report.words import number_words
from storesim.results.comparison import Comparison, Standing
from storesim.results.intervals import Interval, Verdict
from storesim.results.precision import Reached
from storesim.results.responses import AT_WORK, RESPONSES


def row(variant: str, response: str, difference: float, verdict: Verdict, **more: Any) -> Comparison:
    """A difference to a baseline of 1000, ± 1."""
    found = next(known for known in (*RESPONSES, *chain(*(told for _, told in AT_WORK))) if known.name == response)
    mean, interval = Interval(1000 + difference, 5, 30), Interval(difference, 1, 30)
    return Comparison(variant, found, mean, interval, difference / 10, verdict, **more)


SCENARIO: Any = SimpleNamespace(baseline="grid", currency="USD", same_within=0.01)


def test_the_highest_margin_leads() -> None:
    rows = [row("a", "margin", 20, "higher"), row("b", "margin", 30, "higher"), row("c", "sales", 90, "higher")]
    assert leader(rows) is rows[1]
    assert verdict_sentence(rows, SCENARIO).startswith("b earns more than grid: margin +30.0 ± 1.0 USD a day (+3.0 %)")


def test_where_staff_and_points_are_counted_what_is_left_of_the_margin_leads() -> None:
    rows = [
        *(row("a", "sales", 5, "same"), row("a", "margin", 20, "higher"), row("a", "net_margin", -30, "lower")),
        *(row("b", "sales", 0, "same"), row("b", "margin", -1, "same")),
        row("b", "net_margin", 50, "higher", may_be_best=True),
    ]
    assert leader(rows) is rows[-1]
    said = "b earns more than grid: net margin +50.0 ± 1.0 USD a day (+5.0 %), higher; sales 0.0 ± 1.0"
    assert verdict_sentence(rows, SCENARIO).startswith(said)
    assert best_lines(rows) == ["May be best in net margin: b."]


def test_without_a_higher_margin_the_sales_lead_and_the_words_say_sales() -> None:
    rows = [row("a", "sales", 20, "higher"), row("a", "margin", -20, "lower")]
    assert leader(rows) is rows[0]
    assert verdict_sentence(rows, SCENARIO).startswith("a sells more than grid: ")


def test_nobody_leads_by_less_or_by_chance() -> None:
    rows = [row("a", "margin", -20, "lower"), row("a", "sales", 2, "undecided")]
    assert leader(rows) is None
    assert verdict_sentence(rows, SCENARIO) == "No variant surely earns more than grid."


def test_all_may_be_the_same() -> None:
    rows = [row("a", "margin", 2, "same"), row("b", "margin", 1, "same")]
    assert verdict_sentence(rows, SCENARIO) == "All variants earn the same as grid, within 1 % of its margin."


def test_how_a_difference_stands() -> None:
    def standing(before: Verdict, moved_by: str | None = None) -> Standing:
        return Standing(16, 14, 9, -0.2, 3.4, before, moved_by)

    ahead = row("a", "sales", 20, "higher", standing=standing("higher"))
    behind = row("a", "sales", -20, "undecided", standing=standing("lower", "urge low"))
    same = row("a", "sales", 2, "undecided", standing=standing("same", "urge high"))
    assert standing_count(ahead, "1 %") == "ahead in 14 of 16"
    assert standing_count(behind, "1 %") == "behind in 14 of 16"
    assert standing_count(same, "1 %") == "within 1 % in 9 of 16"
    assert standing_count(row("a", "sales", 2, "same"), "1 %") == ""
    assert mover(ahead) is None
    breaks = [
        (found.parameter, found.level, found.breaks, found.sets) for one in (behind, same) if (found := mover(one))
    ]
    assert breaks == [("urge", "low", "turns its sign", 2), ("urge", "high", "leaves the margin", 7)]


def test_parameters_are_counted_by_where_they_come_from() -> None:
    counts = parameter_counts(Parameters(urge=0.2))
    assert sum(counts.values()) == len(Parameters.model_fields)
    assert counts["yours"] == 1
    assert counts["assumed"] == parameter_counts(Parameters())["assumed"] - 1
    assert own_parameters(Parameters(urge=0.2)) == {"urge": 0.2}


def said(asked: Precision, half_width: float, replications: int, needed: int | None, amount: float = 50.0) -> str:
    return precision_words(Reached(asked, amount, half_width, replications, needed), SCENARIO, number_words)


def sales_within(half_width: float, of_mean: bool = False, response: ResponseName = "sales") -> Precision:
    return Precision(response, half_width, of_mean, at_most=200)


def test_a_precision_that_was_reached_says_after_how_many() -> None:
    words = said(sales_within(50), 48.12, 74, 74)
    assert words == "Precision of sales: reached ± 48.1 of ± 50.0 USD after 74 replications."


def test_a_precision_out_of_what_is_allowed_says_how_many_would_do() -> None:
    assert said(sales_within(50), 61.3, 200, 290) == (
        "Precision of sales: at most 200 replications were allowed: ± 61.3 instead of ± 50.0 USD; about 290 would do."
    )
    assert said(sales_within(50), 61.3, 200, None).endswith("more than can be played would do.")


def test_a_run_that_was_ended_says_how_far_it_came() -> None:
    assert said(sales_within(50), 71.6, 40, 74) == (
        "Precision of sales: ± 71.6 instead of ± 50.0 USD after 40 replications; about 74 would do."
    )


def test_a_share_is_said_beside_its_amount() -> None:
    words = said(sales_within(0.01, of_mean=True), 48.12, 74, 74)
    assert words == "Precision of sales: reached ± 48.1 of ± 50.0 USD (1 % of grid) after 74 replications."
    assert "(0.25 % of grid)" in said(sales_within(0.0025, of_mean=True), 48.12, 74, 74)


def test_a_response_that_is_a_share_is_said_in_points() -> None:
    words = said(sales_within(0.005, response="conversion"), 0.0048, 74, 74, amount=0.005)
    assert words == "Precision of conversion: reached ± 0.480 of ± 0.500 points after 74 replications."


def test_the_least_lack_of_precision_can_be_seen() -> None:
    """With 199 of 200 replications the half-width is 0.25 % too wide."""
    assert "± 50.1 instead of ± 50.0 USD" in said(sales_within(50), 50.125, 199, 200)
