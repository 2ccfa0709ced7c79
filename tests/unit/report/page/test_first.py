"""The first screen says what the run found, how sure that is, and nothing more."""

from types import SimpleNamespace
from typing import Any

import pytest

from storesim.inputs.case import Actual
from storesim.report.page import first
from storesim.report.page.first import against_words, assumed_words, headline, more_days, summary_table, told
from storesim.report.page.numbers import Numbers
from storesim.report.page.render import render
from storesim.report.page.sentences import Sentence, variant_sentence
from storesim.report.run_directory import RunDirectory
from storesim.results.actuals import Against
from storesim.results.comparison import Comparison, Standing
from storesim.results.intervals import Interval, Verdict
from storesim.results.responses import RESPONSES

BASES = {"sales": 10_000.0, "margin": 3_000.0, "trip_s": 600.0, "wait_s": 30.0, "conversion": 0.9}
SCENARIO: Any = SimpleNamespace(baseline="Grid", currency="USD", same_within=0.01)


@pytest.fixture
def numbers() -> Numbers:
    return Numbers("en-US", "USD")


def row(
    response: str, mean: float, half: float, verdict: Verdict, variant: str = "Racetrack", **more: Any
) -> Comparison:
    """A row of summary.csv."""
    found = next(known for known in RESPONSES if known.name == response)
    base = BASES[response]
    own = Interval(base + mean, half, 30)
    return Comparison(variant, found, own, Interval(mean, half, 30), 100 * mean / base, verdict, **more)


def base_row(response: str) -> Comparison:
    found = next(known for known in RESPONSES if known.name == response)
    return Comparison("Grid", found, Interval(BASES[response], 1.0, 30))


SURE = (row("sales", 310, 70, "higher"), row("margin", 60, 9, "higher"), row("trip_s", 40, 6, "higher"))


def test_the_answer_is_in_the_words_of_a_merchandiser(numbers: Numbers) -> None:
    said = headline(SURE, SCENARIO, numbers)
    assert said.subject == "Racetrack"
    assert said.says == (
        "sells 3.1% more than Grid, 95 % interval 2.4 to 3.8; earns 2.0% more margin, 95 % interval 1.7 to 2.3; "
        "customers stay 40.0\u00a0s longer."
    )


def test_less_is_said_with_positive_numbers(numbers: Numbers) -> None:
    rows = {"sales": row("sales", -310, 70, "lower"), "trip_s": row("trip_s", -40, 6, "lower")}
    said = variant_sentence(rows, "Grid", numbers).says
    assert said == "sells 3.1% less than Grid, 95 % interval 2.4 to 3.8; customers stay 40.0\u00a0s less."


def test_what_is_decided_comes_first(numbers: Numbers) -> None:
    rows = {"sales": row("sales", 20, 70, "same"), "margin": row("margin", 60, 9, "higher")}
    said = variant_sentence(rows, "Grid", numbers).says
    assert said.startswith(
        "earns 2.0% more margin than Grid, 95 % interval 1.7 to 2.3; sells the same (+0.2%, −0.5 to 0.9)"
    )


def test_undecided_is_not_dressed_up(numbers: Numbers) -> None:
    rows = (row("sales", 100, 170, "undecided"), row("margin", 10, 90, "undecided"), row("trip_s", 4, 6, "undecided"))
    assert headline(rows, SCENARIO, numbers).says == (
        "may sell more or less than Grid (+1.0%, −0.7 to 2.7); may earn more or less margin (+0.3%, −2.7 to 3.3); "
        "whether customers stay longer is open."
    )


def test_a_baseline_without_sales_is_told_in_money(numbers: Numbers) -> None:
    none = Comparison("Racetrack", RESPONSES[3], Interval(50, 5, 9), Interval(50, 5, 9), float("nan"), "higher")
    assert variant_sentence({"sales": none}, "Grid", numbers).says == (
        "sells $50.0 more than Grid, 95 % interval 45.0 to 55.0."
    )


def test_of_many_the_leader_is_in_the_headline_and_the_others_below(numbers: Numbers) -> None:
    other = row("sales", -100, 20, "lower", "Cola"), row("margin", 5, 1, "same", "Cola")
    rows = [*other, *SURE]
    assert headline(rows, SCENARIO, numbers).subject == "Racetrack"
    assert [one.subject for one in told(rows, SCENARIO, numbers)] == ["Cola"]


def test_when_nobody_leads_the_headline_says_so(numbers: Numbers) -> None:
    rows = [row(name, 1, 200, "undecided", variant) for variant in ("A", "B") for name in ("sales", "margin")]
    assert headline(rows, SCENARIO, numbers) == Sentence("", "No variant surely earns more than Grid.")
    assert [one.subject for one in told(rows, SCENARIO, numbers)] == ["A", "B"]
    same = [row("sales", 1, 2, "same", name) for name in "AB"] + [row("margin", 1, 2, "same", name) for name in "AB"]
    assert headline(same, SCENARIO, numbers).says == "All variants earn the same margin as Grid, within 1%."


def test_one_variant_alone_is_compared_with_nothing(numbers: Numbers) -> None:
    assert headline([base_row("sales")], SCENARIO, numbers).says.startswith("There is nothing to compare")
    assert headline([], SCENARIO, numbers).says == "No day was finished."


def test_how_far_the_assumptions_move_it(numbers: Numbers) -> None:
    stands = Standing(16, 14, 2, -0.4, 3.4, "higher", "urge low")
    rows = [row("sales", 310, 70, "undecided", standing=stands), row("margin", 60, 9, "higher", standing=stands)]
    (said,) = assumed_words(rows, SCENARIO, numbers)
    assert said.says.startswith(
        "sales ahead in 14 of 16 assumption sets, −0.4% to +3.4%: undecided, not higher, since it turns its sign most "
        "of all with urge at its low; margin ahead in 14 of 16"
    )
    assert assumed_words(SURE, SCENARIO, numbers) == []


def test_how_many_days_would_settle_it(numbers: Numbers) -> None:
    rows = [row("sales", 1, 9, "undecided", more_replications=1200), row("margin", 1, 9, "undecided"), SURE[2]]
    assert [one.says for one in more_days(rows, numbers)] == ["about 1,200 days for sales, too many days for margin"]


def test_the_baseline_against_the_store(numbers: Numbers) -> None:
    def against(measure: Any, name: str, actual: float, simulated: float) -> Against:
        return Against(Actual(measure, name, actual), "USD a day", Interval(simulated, 5, 9))

    rows = [
        against("sales", "", 1000, 1012),
        against("zone visits", "door", 100, 90),
        against("zone visits", "tea", 50, 51),
    ]
    assert against_words(rows, numbers) == [
        "sales +1.2% (1,012 against 1,000)",
        "zone visits 7.3% off on average over 2, most of all door −10.0%",
    ]
    assert against_words([], numbers) == []


def test_the_table_has_a_word_for_every_colour(numbers: Numbers) -> None:
    rows = {
        one.response.name: one
        for one in (*SURE, row("wait_s", 3, 1, "higher"), row("conversion", 0.01, 0.001, "higher"))
    }
    table = summary_table(
        [{name: base_row(name) for name in rows}, rows], ["sales", "trip_s", "wait_s", "conversion"], SCENARIO, numbers
    )
    assert [(head.name, head.unit, head.good) for head in table.heads] == [
        ("sales", "USD", "more is better"),
        ("trip", "s", ""),
        ("wait", "s", "less is better"),
        ("conversion", "%", "more is better"),
    ]
    (_, baseline), (variant, cells) = table.lines
    assert variant == "Racetrack"
    assert [cell.number for cell in baseline] == ["10,000", "600", "30.0", "90.0"]
    assert [(cell.number, cell.percent, cell.verdict, cell.tone) for cell in cells] == [
        ("+310 ± 70", "+3.1%", "higher", "good"),
        ("+40.0 ± 6.0", "+6.7%", "higher", "none"),
        ("+3.0 ± 1.0", "+10.0%", "higher", "bad"),
        ("+1.00 ± 0.10", "+1.1%", "higher", "good"),
    ]


def test_numbers_follow_the_locale() -> None:
    german = Numbers("de-DE", "EUR")
    assert headline(SURE, SCENARIO, german).says.startswith("sells 3,1\u00a0% more than Grid, 95 % interval 2,4 to 3,8")


def test_a_hostile_variant_is_escaped(numbers: Numbers) -> None:
    table = summary_table([{"sales": row("sales", 1, 1, "same", "</script><b>")}], ["sales"], SCENARIO, numbers)
    values: dict[str, Any] = dict.fromkeys(
        ("shortfall", "assumed", "best", "more", "precision", "against", "varied"), None
    )
    html = render(
        "first", **values, headline=Sentence("</script>", "<b>"), told=[], played="x", tables=[table, table],
        baseline="<i>", same_within="1%",
    )  # fmt: skip
    assert "<b>" not in html
    assert "</script>" not in html
    assert html.count("&lt;/script&gt;") >= 2


def test_the_section_agrees_with_the_summary(hostile_run: RunDirectory) -> None:
    numbers = Numbers(hostile_run.scenario.locale, hostile_run.scenario.currency)
    body = str(first.first_section(hostile_run, numbers).body)
    summary = hostile_run.summary
    for mean in summary[(summary["variant"] == "plain") & summary["response"].isin(first.MAIN)]["mean"]:
        assert numbers.plain(mean) in body
    for verdict in summary["verdict"].dropna():
        assert verdict in body
    assert "Not calibrated to your store" in body
