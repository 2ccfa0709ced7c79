"""The page's money: sums, payback and causes as in money.csv and categories.csv, in the reader's numbers."""

from dataclasses import replace
from math import nan
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from storesim.report.page.money import handout_section, money_section, payback_words
from storesim.report.page.numbers import Numbers
from storesim.report.run_directory import RunDirectory

SMALL_RUN = Path(__file__).parents[3] / "golden" / "small_run"
US = Numbers("en-US", "USD")


@pytest.fixture(scope="module")
def run() -> RunDirectory:
    return RunDirectory.open(SMALL_RUN)


def back(says: str, weeks: float = nan, low: float = nan, high: float = nan) -> dict[str, Any]:
    return {"says": says, "value": weeks, "low": low, "high": high}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (back("pays back", 14.0, 8.59, 37.6), "14.0 weeks (8.6 to 37.6)"),
        (back("not surely", 5.2, 1.68), "not surely; at best after 1.68 weeks"),
        (back("never"), "never: the margin does not rise"),
        (back("nothing to pay back"), "nothing to pay back"),
        (back("unknown", 14.0), "14.0 weeks, one day tells no interval"),
        (back("unknown"), "–"),
    ],
)
def test_payback_in_words(row: dict[str, Any], words: str) -> None:
    assert payback_words(row, US) == words


def test_the_sums_are_those_of_the_file(run: RunDirectory, take_apart: Any) -> None:
    section = money_section(run, US)
    assert section is not None
    assert run.money is not None
    rows = run.money.set_index(["variant", "measure", "period"])
    text = take_apart(str(section.body)).text
    assert US.money(rows.loc[("empty table", "margin", "week"), "value"]) in text
    change = rows.loc[("snacks at the door", "margin", "week")]
    half = (change["high"] - change["low"]) / 2
    assert f"{US.money(change['difference'], half, sign=True)} ± {US.plain(half, half)}" in text
    assert "A week has 6 opening days like those played" in text
    assert "$400" in text, "the cost of relaying"


def test_where_staff_is_counted_money_goes_by_net_margin(run: RunDirectory, take_apart: Any) -> None:
    assert run.money is not None
    net = run.money[run.money["measure"] == "margin"].assign(measure="net_margin")
    net[["difference", "low", "high"]] -= 1000.0
    staffed = replace(run)
    staffed.__dict__["money"] = pd.concat([run.money, net])
    for section in (money_section(staffed, US), handout_section(staffed, US)):
        assert section is not None
        text = take_apart(str(section.body)).text
        assert "Net margin a week" in text
        (change,) = net.query("variant == 'snacks at the door' and period == 'week'").to_dict("records")
        half = (change["high"] - change["low"]) / 2
        assert US.money(change["difference"], half, sign=True) in text


def test_money_follows_the_locale(run: RunDirectory) -> None:
    section = money_section(run, Numbers("de-DE", "EUR"))
    assert section is not None
    assert "400\u00a0€" in section.body


def test_winners_come_with_their_cause(run: RunDirectory, take_apart: Any) -> None:
    section = money_section(run, US)
    assert section is not None
    assert run.categories is not None
    surely = run.categories[run.categories["says"].isin(["winner", "loser"])]
    text = take_apart(str(section.body)).text
    for row in surely.to_dict("records"):
        assert row["category"] in text
        assert row["cause"] in text


def test_the_hand_out_has_question_answer_money_and_how_sure(run: RunDirectory, take_apart: Any) -> None:
    section = handout_section(run, US)
    assert section is not None
    page = take_apart(str(section.body))
    assert page.elements[0].attributes["class"] == "handout m-handout"
    for words in ("What belongs on the table at the door?", "Payback", "How sure.", "3 days per variant"):
        assert words in page.text


def test_older_runs_and_single_variants_have_no_such_sections(run: RunDirectory) -> None:
    old = replace(run)
    old.__dict__["money"] = None
    assert money_section(old, US) is None
    assert handout_section(old, US) is None
    alone = replace(run)
    alone.__dict__["scenario"] = replace(run.scenario, cases=run.scenario.cases[:1])
    assert handout_section(alone, US) is None
    assert money_section(alone, US) is not None


def test_names_are_escaped(hostile_run: RunDirectory) -> None:
    for maker in (money_section, handout_section):
        section = maker(hostile_run, US)
        assert section is not None
        assert "<script>" not in section.body
        assert "onclick=evil()>" not in section.body
