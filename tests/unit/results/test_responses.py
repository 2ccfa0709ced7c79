"""Responses, counted by hand on small days and against plain loops on a busy one."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from storesim.engine.log import Kind
from storesim.results.day import Day
from storesim.results.responses import RESPONSES, measure

if TYPE_CHECKING:
    from tests.unit.results.conftest import Story


def response(day: Day, name: str) -> float:
    return dict(zip([r.name for r in RESPONSES], measure(day), strict=True))[name]


def test_a_visit_counted_by_hand(story: "Story") -> None:
    story.needs = [(0, "milk")]
    visit = story.visit(at_s=100).buys("A/front/1", "milk", units=2, planned=True, dwell_s=20)
    visit.buys("B/front/1", "cola", units=1, dwell_s=10).pays(wait_s=30, service_s=60)
    found = dict(zip([r.name for r in RESPONSES], measure(story.day()), strict=True))
    assert found == pytest.approx(
        {
            "visitors": 1,
            "transactions": 1,
            "conversion": 1,
            "sales": 2 * 2.0 + 1.5,
            "margin": 2 * 1.0 + 1.0,
            "units_per_basket": 3,
            "sales_per_visit": 5.5,
            "unplanned_sales": 1.5,
            "trip_s": 50 + 20 + 10 + 30 + 60 + 12,
            "dwell_s": 30,
            "walked_m": 50 + 12,
            "store_coverage": 1.0,
            "wait_s": 30,
            "left_without_paying": 0,
            "lost_sales": 0,
        }
    )


def test_a_basket_left_at_the_till_is_no_sale_but_lost(story: "Story") -> None:
    story.needs = [(0, "milk"), (0, "bread")]
    visit = story.visit(0).buys("A/front/1", "milk", units=3, planned=True)
    visit.buys("B/front/1", "cola").queues(wait_s=500).leaves()
    day = story.day()
    assert response(day, "sales") == response(day, "margin") == response(day, "units_per_basket") == 0
    assert response(day, "unplanned_sales") == 0
    assert response(day, "left_without_paying") == 1
    assert response(day, "wait_s") == 500
    missed, left = 2.0 * 3.0, 3 * 2.0 + 1.5  # mean units times price; units taken times price
    assert response(day, "lost_sales") == missed + left


def test_who_turns_round_covers_half_the_store(story: "Story") -> None:
    story.visit(0).goes_to("A/front/1").goes_to("A/front/2").leaves()
    day = story.day()
    assert response(day, "store_coverage") == 0.5
    assert response(day, "walked_m") == 40
    assert response(day, "trip_s") == 40


def test_nobody_came_and_every_response_is_zero(story: "Story") -> None:
    assert measure(story.day()).tolist() == [0.0] * len(RESPONSES)


def test_nobody_came_and_the_promotion_still_cost_its_set_up(promoted: "Callable[..., Story]") -> None:
    assert response(promoted().day(), "margin") == -8.0


@pytest.mark.parametrize(("replication", "cost"), [(0, 0.0), (1, 8.0), (2, 0.0)])
def test_set_up_is_paid_on_the_days_of_the_promotion_only(
    promoted: "Callable[..., Story]", replication: int, cost: float
) -> None:
    second_day_only = promoted(first_day=date(2026, 3, 3), last_day=date(2026, 3, 3))
    assert response(second_day_only.day(replication), "margin") == -cost


def test_the_supplier_funds_promoted_units_only(promoted: "Callable[..., Story]") -> None:
    story = promoted(set_up_cost=0.0)
    visit = story.visit(0).goes_to("B/front/1").stops("cola").takes("cola", 2, price=1.0, promotion=0)
    visit.buys("B/front/2", "cola", units=1).pays()
    assert response(story.day(), "margin") == pytest.approx(2 * (1.0 - 0.5 + 0.1) + (1.5 - 0.5))


def test_all_that_comes_in_goes_out(busy_day: Day) -> None:
    kinds = np.bincount(busy_day.log.kind, minlength=len(Kind))
    assert kinds[Kind.ENTER] == kinds[Kind.LEAVE] == response(busy_day, "visitors")
    assert kinds[Kind.JOIN] == kinds[Kind.PAY] + response(busy_day, "left_without_paying")
    assert 0 < response(busy_day, "left_without_paying") < kinds[Kind.PAY]


def test_means_agree_with_a_walk_through_the_log(busy_day: Day) -> None:
    log, since, dwelt, waited = busy_day.log, {}, 0.0, []
    for i in np.lexsort((np.arange(len(log)), log.customer)):
        customer, kind, t_s = log.customer[i], log.kind[i], log.t_s[i]
        if kind in (Kind.WALK, Kind.SERVE) and customer in since:
            begun, what = since.pop(customer)
            if what == Kind.STOP:
                dwelt += t_s - begun
            else:
                waited.append(t_s - begun)
        if kind in (Kind.STOP, Kind.JOIN):
            since[customer] = t_s, kind
    assert response(busy_day, "dwell_s") == pytest.approx(dwelt / 200)
    assert response(busy_day, "wait_s") == pytest.approx(np.mean(waited))


def test_littles_law_holds_in_the_queue(busy_day: Day) -> None:
    """Mean queue length times time = arrivals times mean wait, the left side added up second by second."""
    queues = busy_day.queues
    borders = np.unique(np.concatenate((queues.joined_s, queues.until_s)))
    middles = (borders[1:] + borders[:-1]) / 2
    length = [np.sum((queues.joined_s <= t) & (t < queues.until_s)) for t in middles]
    area = float(np.dot(length, np.diff(borders)))
    assert area == pytest.approx(len(queues.customer) * response(busy_day, "wait_s"))
    assert area > 1000


def test_two_identical_days_differ_by_exactly_nothing(tell: Callable[[int], Day]) -> None:
    assert (measure(tell(50)) - measure(tell(50)) == 0).all()


def test_every_response_has_a_definition_a_unit_and_a_direction() -> None:
    assert len({r.name for r in RESPONSES}) == len(RESPONSES)
    for r in RESPONSES:
        assert r.definition.strip().endswith(".")
        assert r.unit
        assert r.better in ("higher", "lower", "reader")


def test_results_do_without_pandas() -> None:
    modules = "responses, tables, comparison, things, write, parquet"
    code = f"import sys; from storesim.results import {modules}; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
