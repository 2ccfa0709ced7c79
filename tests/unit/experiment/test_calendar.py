"""Customers who come back: the same people in every variant, who come, stay or lapse by how their visits went."""

from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest

from storesim.customers.members import draw_members
from storesim.customers.some import some_of
from storesim.experiment.replication import Outcome, Ready, prepare, replicate
from storesim.experiment.study import Study
from storesim.inputs.case import Scenario
from storesim.inputs.operations import BankRun, Loyalty, Opening, Operations, Tills
from storesim.inputs.panel import Panel, Returning, Satisfaction, Tier

DAYS, MEMBERS, PROSPECTS = 4, 900, 30
JUDGED = Satisfaction(wait=0.4, unmet=0.3, crowding=0.1, price=0.2, wait_bad_s=120.0)
RETURNING = Returning(memory=0.6, target=0.7, visits=0.6, lapse=10.0, referral=0.05)


@pytest.fixture(scope="module")
def panel(small_scenario: Scenario) -> Panel:
    tiers = {segment.tier: Tier(visits_per_week=3.0, lapse=0.02) for segment in small_scenario.segments}
    return Panel(MEMBERS, PROSPECTS, tiers, JUDGED, RETURNING)


@pytest.fixture(scope="module")
def scenario(small_scenario: Scenario, panel: Panel) -> Scenario:
    """The small shop as it is, the same again, with hardly a till open, and with points for all."""
    base = small_scenario.cases[0]
    banks = {checkout.id: BankRun(schedule=(Opening(0, 86400, 1),)) for checkout in base.plan.checkouts}
    points = dict.fromkeys((segment.tier for segment in small_scenario.segments), 0.02)
    cases = (
        base,
        replace(base, name="again"),
        replace(base, name="one lane", operations=Operations(tills=Tills(banks))),
        replace(base, name="points", operations=Operations(loyalty=Loyalty(points))),
    )
    slow = small_scenario.parameters.model_copy(update={"cashier_base_s": 60.0, "self_base_s": 60.0})
    return replace(small_scenario, cases=cases, panel=panel, days=DAYS, replications=2, parameters=slow)


@pytest.fixture(scope="module")
def ready(scenario: Scenario) -> Ready:
    return prepare(scenario)


@pytest.fixture(scope="module")
def outcome(ready: Ready) -> Outcome:
    return replicate(ready, 0, None)


def test_a_variant_that_repeats_the_baseline_keeps_the_same_members(outcome: Outcome) -> None:
    assert np.array_equal(outcome.responses[0], outcome.responses[1])
    for name in ("tiers", "churn"):
        one, other = (getattr(outcome.tables[v], name) for v in (0, 1))
        for column in one.columns():
            assert np.array_equal(getattr(one, column), getattr(other, column))


def test_long_waits_cost_satisfaction_visits_and_members(outcome: Outcome) -> None:
    as_it_is, one_lane = (outcome.tables[v].tiers for v in (0, 2))
    assert as_it_is
    assert one_lane
    for column in ("satisfaction", "visits", "retention"):
        assert getattr(one_lane, column)[-1] < getattr(as_it_is, column)[-1], column
    assert outcome.tables[2].churn.not_back.mean() > outcome.tables[0].churn.not_back.mean()  # type: ignore[union-attr]


def test_points_cost_what_they_say_and_change_nothing_else(outcome: Outcome) -> None:
    plain, points = outcome.tables[0].tiers, outcome.tables[3].tiers
    assert plain
    assert points
    assert np.allclose(points.points, 0.02 * points.sales)
    assert np.allclose(points.net_margin, plain.net_margin - points.points)
    assert np.array_equal(points.visits, plain.visits)


def test_visits_are_those_of_the_customers_who_came(outcome: Outcome) -> None:
    tiers = outcome.tables[0].tiers
    assert tiers
    visitors = outcome.responses[0][0]
    assert tiers.visits[-1] == pytest.approx(visitors)
    assert 0 < tiers.retention[-1] < 1
    assert 0 < tiers.referred[-1] <= PROSPECTS


def changed(ready: Ready, **how: object) -> Outcome:
    scenario = ready.scenario
    assert scenario.panel
    panel = replace(scenario.panel, returning=replace(RETURNING, **how))  # type: ignore[arg-type]
    return replicate(replace(ready, scenario=replace(scenario, panel=panel), shops=ready.shops[:1]), 0, None)


def test_nobody_is_referred_where_nobody_refers_and_all_prospects_where_everybody_does(ready: Ready) -> None:
    none, every = (changed(ready, referral=p).tables[0].tiers for p in (0.0, 1.0))
    assert none
    assert every
    assert none.referred[-1] == 0
    assert every.referred[-1] == PROSPECTS


def test_content_members_come_as_often_as_their_tier_says(ready: Ready) -> None:
    neutral = changed(ready, visits=0.0, lapse=1.0).tables[0].tiers
    assert neutral
    assert neutral.visits[-1] == pytest.approx(MEMBERS * 3 / 7, rel=0.1)


def test_segments_are_as_frequent_among_visits_as_their_shares(scenario: Scenario, panel: Panel) -> None:
    tiers = {name: replace(tier, visits_per_week=1.0 + i) for i, (name, tier) in enumerate(panel.tiers.items())}
    members = draw_members(scenario, replace(panel, members=40_000, tiers=tiers), 0)
    visits = np.bincount(members.segment, members.visits, len(scenario.segments))
    assert visits / visits.sum() == pytest.approx([s.share for s in scenario.segments], abs=0.01)


def test_who_lapsed_does_not_come_again_and_every_day_has_a_file(scenario: Scenario, tmp_path: Path) -> None:
    gone = {name: replace(tier, lapse=1.0, visits_per_week=7.0) for name, tier in scenario.panel.tiers.items()}  # type: ignore[union-attr]
    panel = replace(scenario.panel, prospects=0, tiers=gone)  # type: ignore[type-var]
    last = replace(scenario, panel=panel, cases=scenario.cases[:1])
    replicate(prepare(last), 0, tmp_path)
    files = sorted(path.name for path in (tmp_path / "events").rglob("*.parquet"))
    assert files == [f"replication={day:04d}.parquet" for day in range(DAYS)]
    came = [len(read_events_of(tmp_path / "events" / "variant=empty table" / name)) for name in files]
    assert came[0] > MEMBERS / 2
    assert came[1] < 0.2 * came[0], "one visit was the last of each"


def read_events_of(file: Path) -> set[int]:
    events = duckdb.read_parquet(str(file))
    return {row[0] for row in events.filter("kind = 'enter'").project("customer").fetchall()}


def test_some_customers_play_as_they_do_among_all(ready: Ready) -> None:
    """With nobody in anybody's way: who is not there would be missed."""
    population = ready.population(0)
    some = some_of(population, np.arange(0, len(population), 3))
    assert len(some) == len(population.arrives_s[::3])
    assert np.array_equal(some.needs.product, population.needs.product[np.isin(population.needs.customer % 3, 0)])
    rows = np.arange(min(50, len(some.candidates.product)))
    kept = some.candidates.only(rows)
    all_rows = np.flatnonzero(population.candidates.customer % 3 == 0)[rows]
    theirs = population.candidates.only(all_rows)
    assert np.array_equal(kept.u_want, theirs.u_want)
    assert np.array_equal(3 * kept.customer, theirs.customer)


def test_serial_and_two_processes_write_the_same_tables(scenario: Scenario, tmp_path: Path) -> None:
    study = Study(replace(scenario, cases=scenario.cases[:2], events="none"), Path(__file__))
    for workers in (1, 2):
        study.run(tmp_path / str(workers), workers)
    for name in ("tiers.csv", "churn.csv", "responses.csv", "summary.csv"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()
