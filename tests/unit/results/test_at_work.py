"""Responses of stores at work, held against the log they are read from."""

from dataclasses import replace

import numpy as np
import pytest

from storesim.engine.log import Kind
from storesim.experiment.replication import Ready, prepare
from storesim.inputs.case import Scenario
from storesim.inputs.operations import (
    BankRun,
    Counter,
    Held,
    Loyalty,
    OnEmpty,
    Opening,
    Operations,
    Refill,
    Staff,
    Stock,
    Tills,
)
from storesim.results import at_work, till_hours
from storesim.results.day import Day
from storesim.results.responses import RESPONSES, margin, measure, net_margin, responses_of
from storesim.results.staffing import sat_s
from storesim.results.tables import tabulate

ALL_DAY = (8 * 3600.0, 20 * 3600.0)


@pytest.fixture(scope="module")
def ready(small_scenario: Scenario) -> Ready:
    """The small shop, plain and with everything at work."""
    base = small_scenario.cases[0]
    tiers = {segment.tier for segment in small_scenario.segments}
    run = Operations(
        tills=Tills({checkout.id: BankRun(schedule=(Opening(*ALL_DAY, 1),)) for checkout in base.plan.checkouts}),
        staff=Staff((Opening(*ALL_DAY, 2),), wage=20.0),
        stock=Stock(
            {product.id: Held(2.0, 0) for product in small_scenario.products}, Refill(), (), 0.0, OnEmpty(0.0, 0.5)
        ),
        counters=(Counter("first", base.placements[0].fixture, 1, 60.0, 0.0),),
        loyalty=Loyalty(dict.fromkeys(tiers, 0.01)),
        entry_at_most=2,
    )
    return prepare(replace(small_scenario, cases=(base, replace(base, name="at work", operations=run))))


@pytest.fixture(scope="module")
def plain(ready: Ready) -> Day:
    return ready.play(0, ready.population(0), 0)


@pytest.fixture(scope="module")
def busy(ready: Ready) -> Day:
    return ready.play(1, ready.population(0), 0)


def test_a_scenario_has_the_responses_of_what_it_says(ready: Ready, small_scenario: Scenario) -> None:
    assert responses_of(small_scenario) == RESPONSES
    names = [response.name for response in responses_of(ready.scenario)]
    assert len(set(names)) == len(names)
    assert {"wait_p95_s", "staff_cost", "door_wait_s", "availability", "counter_wait_s", "net_margin"} <= set(names)


def test_every_response_is_finite_in_a_plain_store_too(plain: Day, busy: Day) -> None:
    assert np.isfinite(measure(plain)).all()
    assert np.isfinite(measure(busy)).all()


def test_a_plain_store_has_neutral_values(plain: Day) -> None:
    assert at_work.staff_cost(plain) == at_work.points_cost(plain) == at_work.turned_away(plain) == 0
    assert at_work.availability(plain) == 1
    assert net_margin(plain) == margin(plain)


def test_staff_cost_what_their_shifts_cost_and_points_what_members_get(busy: Day) -> None:
    assert at_work.staff_hours(busy) == 24
    assert at_work.staff_cost(busy) == 480
    paid = busy.log.amount[busy.log.kind == Kind.PAY].sum()
    assert at_work.points_cost(busy) == pytest.approx(0.01 * paid)
    assert net_margin(busy) == pytest.approx(margin(busy) - 480 - 0.01 * paid)


def test_waits_at_the_door_end_with_coming_in_or_going_away(busy: Day) -> None:
    log = busy.log
    waited, entered = (set(log.customer[log.kind == kind].tolist()) for kind in (Kind.WAIT, Kind.ENTER))
    assert waited, "the shop is small enough"
    assert at_work.turned_away(busy) == len(waited - entered)
    assert len(waited | entered) == len(busy.population)
    assert at_work.door_wait_s(busy) > 0


def test_cashiers_sit_fewer_hours_where_fewer_lanes_are_open(plain: Day, busy: Day) -> None:
    assert at_work.cashier_hours(busy) < at_work.cashier_hours(plain)
    assert 0 < at_work.till_utilisation(busy) <= 1


def test_lanes_are_busy_by_the_hour_of_the_time_that_somebody_sat_there(busy: Day) -> None:
    begins_s = till_hours.begin_s(busy.scenario)
    ends_s = till_hours.ends_s(busy.queues, begins_s)
    places = busy.floor.places
    tills = range(places.bays + places.doors, places.bays + places.doors + places.checkouts)
    by_hour_s = np.array([sat_s(busy.log, place, begins_s, ends_s) for place in tills])
    assert by_hour_s.sum() == pytest.approx(3600 * at_work.cashier_hours(busy))
    share = tabulate(busy).checkouts.utilisation.reshape(by_hour_s.shape)
    served_s = (busy.queues.done_s - busy.queues.until_s)[busy.queues.served].sum()
    assert (share * by_hour_s).sum() == pytest.approx(served_s)
    assert share.max() <= 1 + 1e-9


def test_empty_shelves_are_counted_and_valued(busy: Day) -> None:
    log, price = busy.log, np.array([product.price for product in busy.scenario.products])
    rows = np.isin(log.kind, (Kind.MISS, Kind.POSTPONE))
    kept = busy.stock.kept[log.product[rows]] > 0
    assert at_work.lost_empty(busy) == pytest.approx((log.units[rows] * price[log.product[rows]])[kept].sum())
    assert 0 < at_work.availability(busy) < 1
    assert at_work.out_of_stock_min(busy) > 0
