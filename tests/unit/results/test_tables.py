"""Tables add up, and say what happened."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest

from storesim.engine.log import Kind
from storesim.results.day import Day
from storesim.results.presence import SLOT_S
from storesim.results.responses import RESPONSES, measure
from storesim.results.table import Table
from storesim.results.tables import Tables, row_names, tabulate

if TYPE_CHECKING:
    from tests.unit.results.conftest import Story

MILK, BREAD, COLA = range(3)
NORTH, SOUTH, NO_ZONE = range(3)
A, B = range(2)
EXIT_M = 12.0
"""The way out behind the till."""


def responses(day: Day) -> dict[str, float]:
    return dict(zip([r.name for r in RESPONSES], measure(day).tolist(), strict=True))


# What was sold adds up


def test_units_sold_are_those_of_the_baskets_and_of_the_product_table(busy_day: Day) -> None:
    log = busy_day.log
    units = tabulate(busy_day).products.units.sum()
    assert units == log.units[log.kind == Kind.PAY].sum() > 100


def test_sales_are_the_sum_of_every_table(busy_day: Day) -> None:
    tables, sales = tabulate(busy_day), responses(busy_day)["sales"]
    assert tables.zones.sales.sum() == pytest.approx(sales)
    assert tables.fixtures.sales.sum() == pytest.approx(sales)
    assert tables.products.sales.sum() == pytest.approx(sales)
    assert tables.fixtures.sales_share.sum() == pytest.approx(1)
    assert tables.fixtures.space_share.tolist() == [0.5, 0.5]


def test_margin_is_the_sum_of_products_and_without_set_up_that_of_zones(busy_day: Day) -> None:
    tables, margin = tabulate(busy_day), responses(busy_day)["margin"]
    assert tables.products.margin.sum() == pytest.approx(margin)
    assert tables.zones.margin.sum() == tables.fixtures.margin.sum() == pytest.approx(margin + 8.0)


def test_lost_sales_are_the_sum_of_products_and_causes(busy_day: Day) -> None:
    products = tabulate(busy_day).products
    assert products.lost_not_found.sum() + products.lost_queue.sum() == pytest.approx(responses(busy_day)["lost_sales"])
    assert products.lost_not_found.min() > 0
    assert products.lost_queue.min() > 0


def test_tills_add_up_to_the_responses(busy_day: Day) -> None:
    tills, found = tabulate(busy_day).checkouts, responses(busy_day)
    assert tills.arrivals.sum() == found["transactions"] + found["left_without_paying"]
    assert tills.left_without_paying.sum() == found["left_without_paying"]
    assert (tills.arrivals * tills.wait_s).sum() == pytest.approx(tills.arrivals.sum() * found["wait_s"])


def test_dwell_of_the_zones_adds_up_to_that_of_the_visit(busy_day: Day) -> None:
    zones = tabulate(busy_day).zones
    assert (zones.dwell_s * zones.visits).sum() == pytest.approx(200 * responses(busy_day)["dwell_s"])


# Zones


def test_a_zone_is_visited_by_who_walks_through_it(story: "Story") -> None:
    story.visit(0).goes_to("A/front/2").leaves()
    story.visit(0).goes_to("B/front/1").leaves()
    zones = tabulate(story.day()).zones
    assert zones.visits.tolist() == [2, 1, 0]
    assert zones.visit_share.tolist() == [1.0, 0.5, 0.0]


def test_sales_per_square_metre_need_an_area(story: "Story") -> None:
    story.visit(0).buys("A/front/1", "milk", units=5).pays()
    zones = tabulate(story.day()).zones
    assert zones.area_m2.tolist() == [50, 40, 0]
    assert zones.sales_per_m2.tolist() == [10.0 / 50, 0, 0]


def test_peak_occupancy_is_that_of_a_plain_count(busy_day: Day) -> None:
    """Counted anew every second; the stretch from 20 to 30 m, half in the north, counts in the north."""
    moves, peak = busy_day.trips.moves, tabulate(busy_day).zones.peak_occupancy
    until_s = moves.until_s(np.arange(len(moves.t_s)))
    seconds = np.arange(0.5, until_s.max(), 1.0)
    inside = np.zeros(len(seconds))
    x_of = np.array([10.0, 20.0, 30.0, 40.0, 0.0, 50.0])
    for i in range(1, len(moves.t_s)):
        if moves.kind[i] not in (Kind.WALK, Kind.STOP) or moves.place[i - 1] == 5:
            continue
        during = (moves.t_s[i] <= seconds) & (seconds < until_s[i])
        if moves.kind[i] == Kind.STOP:
            inside += during & (x_of[moves.place[i]] < 25)
        else:
            begin, end = x_of[moves.place[i - 1]], x_of[moves.place[i]]
            at = begin + np.sign(end - begin) * (seconds - moves.t_s[i])
            inside += during & (at < 30)
    slot = (seconds // SLOT_S).astype(int)
    assert peak[NORTH] == pytest.approx((np.bincount(slot, inside) / SLOT_S).max(), rel=0.03)
    assert peak[NORTH] > 1


# From in view to bought


def test_a_purchase_is_counted_at_every_step(story: "Story") -> None:
    story.candidates = [(0, "bread")]
    story.visit(0).notices("bread", "A/front/2").buys("A/front/2", "bread").pays()
    products = tabulate(story.day()).products
    steps = [products.exposed, products.noticed, products.wanted, products.bought]
    assert [step[BREAD] for step in steps] == [1, 1, 1, 1]
    assert products.bought_planned[BREAD] == 0


def test_who_cannot_want_it_notices_in_expectation(story: "Story") -> None:
    story.visit(0).goes_to("A/front/1").leaves()
    in_view_s = 2 * 4.0  # there and back at 1 m/s
    products = tabulate(story.day()).products
    assert products.noticed[MILK] == pytest.approx(1 - np.exp(-0.1 * in_view_s))
    assert products.exposed.tolist() == [1, 0, 0]


def test_standing_in_front_counts_as_exposure(story: "Story") -> None:
    story.visit(0).goes_to("A/front/1").stops("bread", dwell_s=30).leaves()
    assert tabulate(story.day()).products.noticed[MILK] == pytest.approx(1 - np.exp(-0.1 * 38))


def test_who_might_have_wanted_it_and_saw_nothing_did_not_notice(story: "Story") -> None:
    story.candidates = [(0, "milk")]
    story.visit(0).goes_to("A/front/1").leaves()
    products = tabulate(story.day()).products
    assert (products.exposed[MILK], products.noticed[MILK]) == (1, 0)


def test_what_stands_on_the_list_is_no_unplanned_purchase(story: "Story") -> None:
    story.needs = [(0, "milk")]
    story.visit(0).buys("A/front/1", "milk", planned=True).pays()
    products = tabulate(story.day()).products
    assert products.exposed[MILK] == products.noticed[MILK] == products.wanted[MILK] == products.bought[MILK] == 0
    assert products.bought_planned[MILK] == 1


def test_the_wallet_stands_between_wanted_and_bought(story: "Story") -> None:
    story.candidates = [(0, "cola")]
    story.visit(0).notices("cola", "B/front/1").goes_to("B/front/1").stops("cola").leaves()
    products = tabulate(story.day()).products
    assert (products.wanted[COLA], products.bought[COLA]) == (1, 0)


def test_funnels_never_grow(busy_day: Day) -> None:
    products, fixtures = tabulate(busy_day).products, tabulate(busy_day).fixtures
    assert (products.exposed >= products.noticed).all()
    assert (products.noticed >= products.wanted).all()
    assert (products.wanted > products.bought).all()
    assert (products.bought > 0).all()
    assert (fixtures.passed >= fixtures.noticed).all()
    assert (fixtures.noticed >= fixtures.bought).all()


def test_a_fixture_is_noticed_for_all_it_holds(story: "Story") -> None:
    story.visit(0).goes_to("A/front/2").leaves()
    fixtures = tabulate(story.day()).fixtures
    assert fixtures.noticed[A] == pytest.approx(1 - np.exp(-(0.1 * 16 + 0.2 * 8)))
    assert fixtures.passed.tolist() == [1, 0]


def test_who_took_something_had_noticed_the_fixture(story: "Story") -> None:
    story.visit(0).buys("A/front/1", "milk").pays()
    fixtures = tabulate(story.day()).fixtures
    assert fixtures.noticed[A] == fixtures.bought[A] == 1
    assert 0 < fixtures.noticed[B] < fixtures.passed[B] == 1


# Tills by the hour: rows 08:00, 09:00 and from closing at 10:00


def test_a_queue_that_stands_over_the_hour_counts_in_both(story: "Story") -> None:
    for begin in (3400, 3410, 3420):
        visit = story.visit(begin).goes_to("A/front/1").stops("milk", 0).takes("milk", 1)
        visit.pays(wait_s=400, service_s=10)
    tills = tabulate(story.day()).checkouts
    assert tills.arrivals.tolist() == [3, 0, 0]
    assert tills.longest_queue.tolist() == [3, 3, 0]


def test_each_lane_has_a_queue_of_its_own(story: "Story") -> None:
    for lane in (0, 1, 1):
        story.visit(0).buys("A/front/1", "milk").pays(wait_s=60, lane=lane)
    assert tabulate(story.day()).checkouts.longest_queue[0] == 2


def test_who_changes_to_another_line_counts_in_each_while_standing_there(story: "Story") -> None:
    """For five seconds three wait in lane 0; when the third has gone over, two are left there."""
    for _ in range(2):
        story.visit(0).buys("A/front/1", "milk").pays(wait_s=60)
    third = story.visit(0).buys("A/front/1", "milk").queues(5)
    third.note(Kind.JOIN, "till", lane=1).t_s += 50
    third.note(Kind.SERVE, "till", lane=1).t_s += 10
    third.note(Kind.PAY, "till", lane=1).leaves()
    tills = tabulate(story.day()).checkouts
    assert (tills.longest_queue[0], tills.arrivals[0]) == (3, 3)
    assert tills.wait_s[0] == pytest.approx((60 + 60 + 55) / 3)


def test_who_steps_up_at_once_was_never_in_a_queue(story: "Story") -> None:
    story.visit(0).buys("A/front/1", "milk").pays(wait_s=0)
    assert tabulate(story.day()).checkouts.longest_queue[0] == 0


def test_utilisation_is_the_share_of_lane_time_spent_serving(story: "Story") -> None:
    story.visit(0).buys("A/front/1", "milk").pays(wait_s=0, service_s=720)
    late = story.visit(7190).buys("A/front/1", "milk")
    late.pays(wait_s=0, service_s=90)
    tills = tabulate(story.day()).checkouts
    after_closing_s = late.t_s - EXIT_M - 7200
    assert tills.utilisation == pytest.approx([720 / 7200, 0, 90 / (2 * after_closing_s)])
    assert tills.arrivals.tolist() == [1, 0, 1]


def test_ninety_five_percent_waited_no_longer(story: "Story") -> None:
    for wait_s in range(1, 42):
        story.visit(0).buys("A/front/1", "milk").pays(wait_s=float(wait_s))
    assert tabulate(story.day()).checkouts.wait_p95_s.tolist() == [39, 0, 0]


# Form


def test_a_day_without_customers_has_finite_tables(story: "Story") -> None:
    tables = tabulate(story.day())
    for table in (tables.zones, tables.fixtures, tables.products, tables.checkouts):
        assert all(np.isfinite(getattr(table, column)).all() for column in table.columns())


def test_rows_have_names(busy_day: Day) -> None:
    tables, names = tabulate(busy_day), row_names(busy_day.scenario, busy_day.case)
    assert names["zones"] == (("north",), ("south",), ("(no zone)",))
    assert names["checkouts"] == (("till", "08:00"), ("till", "09:00"), ("till", "10:00"))
    for table in ("zones", "fixtures", "products", "checkouts"):
        rows = getattr(tables, table)
        assert {len(getattr(rows, column)) for column in rows.columns()} == {len(names[table])}


def test_days_stack_into_replications_by_rows(tell: Callable[[int], Day]) -> None:
    few, many = tabulate(tell(10)), tabulate(tell(40))
    stacked = Tables.stack([few, many])
    for table in (stacked.zones, stacked.fixtures, stacked.products, stacked.checkouts):
        assert isinstance(table, Table)
        assert all(len(getattr(table, column)) == 2 for column in table.columns())
    assert stacked.products.units.tolist() == [few.products.units.tolist(), many.products.units.tolist()]
