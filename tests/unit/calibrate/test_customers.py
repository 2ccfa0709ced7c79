"""Who comes, from aggregates only: tiers of value or the user's own, stages of life, and the tree in words."""

from dataclasses import replace

import duckdb
import numpy as np
import pytest

from storesim.calibrate.customers import BY_VALUE, NO_TIER, OWN, Customers, fit_customers
from storesim.calibrate.laws import fit_laws
from storesim.calibrate.missions import fit_missions
from storesim.calibrate.propensities import make_offer
from storesim.calibrate.report import customers_section
from storesim.calibrate.tiers_in_words import explain

from .pos import made


def shop(baskets: int = 4000, customers: int = 400) -> duckdb.DuckDBPyConnection:
    """A made-up shop up to its missions."""
    db = made(baskets, customers=customers)
    make_offer(db)
    fit_missions(db)
    return db


def with_tiers(tiers: str) -> Customers:
    """The customers of a shop whose user gives tiers: SQL of the number in a customer's name, `n`."""
    db = shop()
    db.execute(f"""
        CREATE TABLE tier_list AS SELECT DISTINCT customer, {tiers} AS tier
        FROM (SELECT customer, substr(customer, 2)::INT AS n FROM basket WHERE customer NOTNULL)""")  # noqa: S608
    return fit_customers(db)


@pytest.fixture(scope="module")
def found() -> Customers:
    return fit_customers(shop())


def test_customers_come_out_as_aggregates(found: Customers) -> None:
    assert sum(tier.customers for tier in found.tiers) == found.known
    assert [tier.name for tier in found.tiers] == ["top", "middle", "light"]
    assert min(tier.customers for tier in found.tiers) >= 50
    assert min(found.lifecycle.values()) >= 50
    assert sum(found.lifecycle.values()) == found.known
    spend = [tier.spend_per_week for tier in found.tiers]
    assert spend == sorted(spend, reverse=True)
    assert found.loyalty_visits == pytest.approx(0.9)
    assert [segment.name for segment in found.segments] == ["top", "middle", "light", "guests"]
    assert sum(segment.share for segment in found.segments) == pytest.approx(1)
    assert found.tiers_are == BY_VALUE


def test_visit_frequencies_are_those_of_the_data() -> None:
    db = shop()
    found = fit_customers(db)
    visits, weeks = db.execute("""
        SELECT sum(n), sum(n / weeks) FROM (
            SELECT count(*) AS n, greatest(datediff('day', min(t), (SELECT max(t) FROM basket)), 7) / 7 AS weeks
            FROM basket WHERE customer NOTNULL GROUP BY customer)""").fetchall()[0]
    assert visits == 3600
    assert sum(tier.visits_per_week * tier.customers for tier in found.tiers) == pytest.approx(weeks)


def test_the_users_tiers_take_the_place_of_value_tiers() -> None:
    found = with_tiers("CASE WHEN n < 100 THEN 'gold' WHEN n < 250 THEN 'blue' END")
    assert found.tiers_are == OWN
    assert [tier.name for tier in found.tiers] == ["gold", "blue", NO_TIER]  # low numbers come more often
    assert [segment.name for segment in found.segments] == ["gold", "blue", NO_TIER, "guests"]
    assert not found.withheld or found.withheld[0].what != "tiers"
    assert any(": gold (" in rule for rule in found.explained.rules)


def test_tiers_of_few_customers_are_merged_and_counted() -> None:
    found = with_tiers("CASE WHEN n < 20 THEN 'board' WHEN n < 200 THEN 'gold' WHEN n < 390 THEN 'blue' ELSE 'x' END")
    assert [tier.name for tier in found.tiers] == ["gold", "blue"]
    assert sum(tier.customers for tier in found.tiers) == found.known
    assert [str(entry) for entry in found.withheld if entry.what == "tiers"] == [
        "2 tiers rest on too few customers: counted with the next tier by spend a week"
    ]


def test_a_mission_of_few_customers_in_a_tier_is_left_out_and_counted() -> None:
    db = shop()
    best = [row[0] for row in db.execute("SELECT DISTINCT customer FROM basket WHERE customer NOTNULL").fetchall()]
    db.execute("UPDATE basket SET mission = 'stock-up' WHERE customer NOTNULL AND customer <> $1", [min(best)])
    found = fit_customers(db)
    others = [segment.missions for segment in found.segments if segment.name != "guests"]
    assert others == [{"stock-up": 1.0}] * len(others)
    assert "missions of a segment" in {entry.what for entry in found.withheld}


def test_without_consent_all_visits_are_one_segment() -> None:
    db = made(1000)
    db.execute("UPDATE clean SET customer = NULL")
    make_offer(db)
    fit_missions(db)
    found = fit_customers(db)
    assert (found.known, found.tiers, found.explained) == (0, (), None)
    assert [segment.name for segment in found.segments] == ["everybody"]


def test_few_known_customers_are_not_told_apart() -> None:
    found = fit_customers(shop(1000, customers=30))
    assert found.tiers == ()
    assert found.withheld[0].cells > 0


def behaviour(**columns: np.ndarray) -> duckdb.DuckDBPyConnection:
    """Table `customer` with some behaviour, all else alike, and a tier."""
    rows = len(columns["tier"])
    plain = dict.fromkeys(
        ("visits_per_week", "spend_per_visit", "categories_per_visit", "weekend_share", "evening_share"), np.ones(rows)
    )
    db = duckdb.connect()
    names = ["customer", *(plain | columns)]
    values = [[f"c{n}" for n in range(rows)], *(list(map(_plain, column)) for column in (plain | columns).values())]
    db.execute(
        "CREATE TABLE customer AS SELECT " + ", ".join(f"unnest(?) AS {name}" for name in names),
        values,
    )
    return db


def _plain(value: object) -> object:
    return value.item() if isinstance(value, np.generic) else value


def test_bounds_on_one_thing_are_said_once_and_neighbours_of_one_tier_together() -> None:
    visits = np.linspace(0, 8, 801)
    tier = np.where(visits < 2, "light", np.where(visits < 4, "middle", "top"))
    told = explain(behaviour(visits_per_week=visits, tier=tier), 50, 1)
    assert told.rules == (
        "at most 2 visits a week: light (100% of 200 customers)",
        "2 to 4 visits a week: middle (100% of 200 customers)",
        "more than 4 visits a week: top (100% of 401 customers)",
    )
    assert told.accuracy == 1


def test_shares_and_money_are_written_as_such() -> None:
    spend, weekend = (part.ravel() for part in np.meshgrid(np.linspace(10, 90, 40), np.linspace(0, 1, 41)))
    tier = np.where((spend < 50) & (weekend > 0.5), "weekender", "other")
    rules = explain(behaviour(spend_per_visit=spend, weekend_share=weekend, tier=tier), 50, 1).rules
    assert [rule for rule in rules if "weekender" in rule] == [
        "at most 50.00 spent a visit and more than 51% of visits at the weekend: weekender (100% of 400 customers)"
    ]


def test_tiers_that_nothing_tells_apart_are_one_sentence() -> None:
    told = explain(behaviour(tier=np.array(["a"] * 60 + ["b"] * 50)), 50, 1)
    assert told.rules == ("all: a (55% of 110 customers)",)


def test_the_report_says_stages_tiers_and_loyalty() -> None:
    calibrated = fit_laws(made())
    section = customers_section(calibrated)
    words = "\n".join(section.words)
    assert "known customers make 90% of visits and" in words
    assert "of sales; all other visits are guests'." in words
    assert "New: the first visit was in the last 8 weeks of the data; lapsed: none was in the last 8 weeks" in words
    assert f"Tiers are {BY_VALUE}." in words
    assert [row[0] for row in section.rows] == ["top", "middle", "light"]
    assert all(len(row) == len(section.columns) for row in section.rows)
    lapsed = replace(calibrated.customers, lifecycle={"lapsed": 250, "regular": 2194})
    said = customers_section(replace(calibrated, customers=lapsed)).words
    assert any(line.startswith("250 customers are lapsed, 2,194 customers are regular.") for line in said)
