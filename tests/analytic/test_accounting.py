"""The books balance: whatever the seed, units, money and customers add up to the same in every table.

All sums are taken from the event log with plain loops, and held against responses and tables.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from storesim.engine.log import EventLog, Kind
from storesim.experiment.replication import Ready, prepare
from storesim.inputs.case import Promotion, Scenario
from storesim.inputs.load import load_scenario
from storesim.results.day import Day
from storesim.results.responses import RESPONSES, measure
from storesim.results.tables import Tables, tabulate

CORNER_SHOP = Path(__file__).parents[2] / "scenarios" / "corner_shop.yaml"
ANY_DAY = st.integers(0, 2**20)
FEW = settings(max_examples=4, deadline=None, derandomize=True, phases=[Phase.generate])
"""A day's number says nothing by being small, so no smaller one is searched for."""


@pytest.fixture(scope="module")
def shop(small_scenario: Scenario, make_promotion: Callable[..., Promotion]) -> Callable[[str], Ready]:
    """The small shop by name: quiet, in a rush with a funded promotion, without one of its zones, and as a sketch."""
    hurry = small_scenario.parameters.model_copy(update={"patience_scale_s": 150.0})
    offer = make_promotion("milk", funded=0.25, set_up_cost=40.0)
    promoted = replace(small_scenario.cases[0], name="promoted", promotions=(offer,))
    rush = replace(small_scenario, visits_per_day=2500.0, parameters=hurry, cases=(promoted,))
    zones = tuple(zone for zone in small_scenario.cases[0].plan.zones if zone.id != "grocery")
    unzoned = replace(small_scenario.cases[0], plan=replace(small_scenario.cases[0].plan, zones=zones))
    shops = {
        "small": prepare(small_scenario),
        "rush": prepare(rush),
        "unzoned": prepare(replace(small_scenario, cases=(unzoned,))),
        "sketch": prepare(load_scenario(CORNER_SHOP)),
    }

    def named(name: str) -> Ready:
        """A function, as hypothesis would write out whole shops in its report of a failure."""
        return shops[name]

    return named


VARIANTS = [("small", 0), ("small", 1), ("small", 2), ("rush", 0), ("unzoned", 0), ("sketch", 1)]
any_shop = pytest.mark.parametrize(("name", "variant"), VARIANTS)


def play(ready: Ready, variant: int, replication: int) -> tuple[Day, Tables, dict[str, float]]:
    day = ready.play(variant, ready.population(replication), replication)
    return day, tabulate(day), dict(zip([r.name for r in RESPONSES], measure(day).tolist(), strict=True))


def receipts(log: EventLog) -> dict[int, tuple[int, float]]:
    """Return units and amount of every receipt, by customer."""
    rows = np.flatnonzero(log.kind == Kind.PAY)
    return {int(log.customer[row]): (int(log.units[row]), float(log.amount[row])) for row in rows}


def paid_takes(log: EventLog) -> list[int]:
    """Return the rows of what was taken and paid."""
    paid = receipts(log)
    return [row for row in np.flatnonzero(log.kind == Kind.TAKE).tolist() if int(log.customer[row]) in paid]


@any_shop
@FEW
@given(replication=ANY_DAY)
def test_units_of_the_baskets_are_those_of_the_receipts_and_of_the_products(
    shop: Callable[[str], Ready], name: str, variant: int, replication: int
) -> None:
    day, tables, response = play(shop(name), variant, replication)
    log = day.log
    of_baskets = sum(int(log.units[row]) for row in paid_takes(log))
    of_receipts = sum(units for units, _ in receipts(log).values())
    assert of_baskets == of_receipts == tables.products.units.sum() > 0
    assert response["units_per_basket"] * response["transactions"] == pytest.approx(of_receipts)


@any_shop
@FEW
@given(replication=ANY_DAY)
def test_sales_are_the_same_over_receipts_products_zones_and_fixtures(
    shop: Callable[[str], Ready], name: str, variant: int, replication: int
) -> None:
    day, tables, response = play(shop(name), variant, replication)
    of_receipts = sum(amount for _, amount in receipts(day.log).values())
    assert response["sales"] == pytest.approx(of_receipts)
    assert tables.products.sales.sum() == pytest.approx(of_receipts)
    assert tables.zones.sales.sum() == pytest.approx(of_receipts), "the last row is the floor outside all zones"
    assert tables.fixtures.sales.sum() == pytest.approx(of_receipts)
    assert (tables.zones.sales[-1] > 0) == (name == "unzoned")


@any_shop
@FEW
@given(replication=ANY_DAY)
def test_margin_is_sales_less_cost_plus_funding_less_set_up(
    shop: Callable[[str], Ready], name: str, variant: int, replication: int
) -> None:
    day, tables, response = play(shop(name), variant, replication)
    log, products, promotions = day.log, day.scenario.products, day.case.promotions
    margin = -sum(promotion.set_up_cost for promotion in promotions)
    for row in paid_takes(log):
        margin += log.amount[row] - log.units[row] * products[log.product[row]].unit_cost
        if log.promotion[row] >= 0:
            margin += log.units[row] * promotions[log.promotion[row]].funded
    assert response["margin"] == pytest.approx(margin)
    assert tables.products.margin.sum() == pytest.approx(margin)


@any_shop
@FEW
@given(replication=ANY_DAY)
def test_every_customer_who_was_drawn_is_a_visitor_who_pays_leaves_or_took_nothing(
    shop: Callable[[str], Ready], name: str, variant: int, replication: int
) -> None:
    day, tables, response = play(shop(name), variant, replication)
    log = day.log
    visitors = len(day.population)
    assert response["visitors"] == visitors == np.count_nonzero(log.kind == Kind.LEAVE)
    took = len(set(log.customer[log.kind == Kind.TAKE].tolist()))
    assert response["transactions"] + response["left_without_paying"] == took <= visitors
    assert tables.checkouts.arrivals.sum() == took
    assert tables.checkouts.left_without_paying.sum() == response["left_without_paying"]
    assert response["left_without_paying"] > 0 or name != "rush"


@any_shop
@FEW
@given(replication=ANY_DAY)
def test_the_funnel_never_grows(shop: Callable[[str], Ready], name: str, variant: int, replication: int) -> None:
    day, tables, _ = play(shop(name), variant, replication)
    products = tables.products
    steps = np.stack((products.exposed, products.noticed, products.wanted, products.bought))
    assert (steps[0] <= len(day.population)).all()
    assert (np.diff(steps, axis=0) <= 1e-9).all()
    assert (steps[:, steps[3] > 0] > 0).all()


@any_shop
@FEW
@given(replication=ANY_DAY)
def test_buyers_by_product_are_those_of_the_log(
    shop: Callable[[str], Ready], name: str, variant: int, replication: int
) -> None:
    day, tables, _ = play(shop(name), variant, replication)
    for planned, column in ((True, tables.products.bought_planned), (False, tables.products.bought)):
        rows = [row for row in paid_takes(day.log) if bool(day.log.planned[row]) == planned]
        count = np.bincount(day.log.product[rows], minlength=len(column))
        assert np.array_equal(count, column)


@any_shop
@FEW
@given(replication=ANY_DAY)
def test_a_visit_is_walking_standing_queueing_and_being_served(
    shop: Callable[[str], Ready], name: str, variant: int, replication: int
) -> None:
    """Door to door where nobody is in anybody's way: metres over speed, plus dwell, plus queue, plus service.

    Nothing is left over; and with others in the way only walking may take longer.
    """
    crowded, alone = (play(ready, variant, replication) for ready in (shop(name), without_crowds(shop(name))))
    day, _, response = alone
    assert response["trip_s"] * response["visitors"] == pytest.approx(_accounted_s(day), rel=1e-6)
    day, _, response = crowded
    assert response["trip_s"] * response["visitors"] > (1 - 1e-6) * _accounted_s(day)


def _accounted_s(day: Day) -> float:
    walking_s = float((day.trips.walked_m / day.population.speed_m_s).sum())
    return walking_s + float(day.trips.stood_s.data.sum()) + float((day.queues.done_s - day.queues.joined_s).sum())


def without_crowds(ready: Ready) -> Ready:
    """The same store, where others change neither pace nor sight nor wishes, however many they are."""
    nothing = [[(1.0, 1.0, 0.0)] for _ in ready.shops[0].crowding.effects]
    shops = tuple(replace(shop, crowding=replace(shop.crowding, effects=nothing)) for shop in ready.shops)
    return replace(ready, shops=shops)


@any_shop
@FEW
@given(replication=ANY_DAY)
def test_lost_sales_are_what_lists_and_hands_held_and_nobody_paid(
    shop: Callable[[str], Ready], name: str, variant: int, replication: int
) -> None:
    day, tables, response = play(shop(name), variant, replication)
    products, needs, log = day.scenario.products, day.population.needs, day.log
    taken = {(int(log.customer[row]), int(log.product[row])) for row in np.flatnonzero(log.kind == Kind.TAKE)}
    listed = zip(needs.customer.tolist(), needs.product.tolist(), strict=True)
    lost = sum(products[p].units * products[p].price for c, p in listed if (c, p) not in taken)
    paid = receipts(log)
    for row in np.flatnonzero(log.kind == Kind.TAKE).tolist():
        if int(log.customer[row]) not in paid:
            lost += log.units[row] * products[log.product[row]].price
    assert response["lost_sales"] == pytest.approx(lost)
    assert tables.products.lost_not_found.sum() + tables.products.lost_queue.sum() == pytest.approx(lost)


def test_the_same_customers_come_to_every_variant(small_ready: Ready) -> None:
    for replication in range(3):
        population = small_ready.population(replication)
        days = [small_ready.play(variant, population, replication) for variant in range(3)]
        assert len({float(measure(day)[0]) for day in days}) == 1


def test_the_same_door_is_used_by_as_many_going_in_as_coming_out(small_ready: Ready) -> None:
    day = small_ready.play(0, small_ready.population(0), 0)
    entered, left = (day.log.place[day.log.kind == kind] for kind in (Kind.ENTER, Kind.LEAVE))
    assert np.array_equal(np.sort(entered), np.sort(left)), "the shop has one door"
