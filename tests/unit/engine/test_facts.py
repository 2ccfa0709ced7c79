"""Facts come out in the order of time, then of customers, then as noted; and say what they were noted with."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from storesim.engine.facts import FactWriter, met, moved, took
from storesim.engine.log import Kind

KINDS = st.sampled_from([int(kind) for kind in Kind])
NOTED = st.lists(st.tuples(st.sampled_from([0.0, 1.5, 1.5000001, 7.0]), st.integers(0, 3), KINDS), max_size=30)


def test_a_day_without_facts_has_an_empty_log() -> None:
    log = FactWriter().log()
    assert len(log) == 0
    assert log.product.dtype == np.int16


@given(NOTED)
def test_facts_are_sorted_by_time_and_customer_and_else_stay_as_noted(noted: list[tuple[float, int, int]]) -> None:
    facts = FactWriter()
    for number, (t_s, customer, kind) in enumerate(noted):
        facts.add(took(t_s, customer, kind, 0, 0, False, -1, number, 0.0))
    log = facts.log()
    found = list(zip(log.t_s.tolist(), log.customer.tolist(), log.units.tolist(), strict=True))
    assert found == sorted(found), "units number the facts: among ties they must not be shuffled"
    assert sorted(log.units.tolist()) == list(range(len(noted))), "none is lost"


STEPS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from([0.0, 0.5, 2.0]), st.integers(0, 3)), max_size=40
)
"""(seconds that pass, seconds ahead that something is known, customer)."""


@given(STEPS, st.integers(1, 300))
def test_putting_away_the_past_changes_nothing(steps: list[tuple[float, float, int]], lot_bytes: int) -> None:
    """A stop is noted when the way to it begins: what lies ahead must wait for its turn."""
    at_once, by_lots, now_s = FactWriter(), FactWriter(lot_bytes), 0.0
    for number, (passed_s, ahead_s, customer) in enumerate(steps):
        now_s += passed_s
        by_lots.put_away(now_s)
        for facts in (at_once, by_lots):
            facts.add(took(now_s + ahead_s, customer, Kind.TAKE, 0, 0, False, -1, number, 0.0))
    whole, joined = vars(at_once.log()), vars(by_lots.log())
    assert {name: column.tolist() for name, column in joined.items()} == {
        name: column.tolist() for name, column in whole.items()
    }
    assert [column.dtype for column in joined.values()] == [column.dtype for column in whole.values()]


def test_a_fact_at_a_shelf_names_the_product_and_whether_it_was_planned() -> None:
    facts = FactWriter()
    facts.add(met(1.0, 0, Kind.STOP, 4, 17, True, -1))
    facts.add(took(2.0, 0, Kind.TAKE, 4, 17, True, 1, 2, 3.5))
    facts.add(met(3.0, 0, Kind.NOTICE, 5, 11, False, -1))
    log = facts.log()
    assert log.product.tolist() == [17, 17, 11]
    assert log.planned.tolist() == [True, True, False]
    assert log.lane.tolist() == [-1, -1, -1]
    assert log.place.tolist() == [4, 4, 5]
    assert (log.units[1], log.amount[1], log.promotion.tolist()) == (2, 3.5, [-1, 1, -1])


def test_a_fact_at_a_till_names_the_lane_and_no_product() -> None:
    """Lane 0 is also the number of a product: it must not be taken for it."""
    facts = FactWriter()
    facts.add(met(0.0, 0, Kind.JOIN, 9, 0, False, -1))
    facts.add(met(1.0, 0, Kind.SERVE, 9, 0, False, -1))
    facts.add(took(2.0, 0, Kind.PAY, 9, 0, False, -1, 3, 4.5))
    log = facts.log()
    assert log.lane.tolist() == [0, 0, 0]
    assert log.product.tolist() == [-1, -1, -1]
    assert (log.units.tolist(), log.amount.tolist()) == ([0, 0, 3], [0.0, 0.0, 4.5])
    assert not log.planned.any()


def test_a_fact_on_the_way_names_neither() -> None:
    facts = FactWriter()
    for kind in (Kind.ENTER, Kind.WALK, Kind.LEAVE):
        facts.add(moved(0.0, 0, kind, 2))
    log = facts.log()
    assert log.place.tolist() == [2, 2, 2]
    assert set(log.lane.tolist()) == set(log.product.tolist()) == set(log.promotion.tolist()) == {-1}
    assert not log.planned.any()
    assert not log.amount.any()


def test_the_log_can_be_read_while_the_day_goes_on() -> None:
    """The arrays are copies: a later fact changes no earlier log."""
    facts = FactWriter()
    facts.add(moved(1.0, 0, Kind.ENTER, 2))
    before = facts.log()
    facts.add(moved(0.5, 1, Kind.ENTER, 2))
    assert before.t_s.tolist() == [1.0]
    assert facts.log().customer.tolist() == [1, 0]
