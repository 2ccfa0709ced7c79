"""Tills as a scenario has them run, customer by customer; against theory they stand in tests/analytic/test_tills.py."""

from collections.abc import Callable
from math import inf
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storesim.behaviour.lines import COLLECTS, SCANS
from storesim.behaviour.paying import ServiceLaw
from storesim.engine.clock import Clock, Process
from storesim.engine.facts import FactWriter
from storesim.engine.lanes import Lanes
from storesim.engine.log import EventLog, Kind
from storesim.engine.staff import Staff
from storesim.engine.tills import Tills as PlainTills
from storesim.inputs.floor_plan import Checkout
from storesim.inputs.operations import BankRun, ClickAndCollect, Job, Opening, OpenWhen, Tills

PLACE, LAW, PLAIN = 40, ServiceLaw(10.0, 2.0), Tills()
CASHIERS, SELF = Checkout("staffed", "cashier", 2), Checkout("self", "self_service", 2)


class Comes(NamedTuple):
    """A customer at the tills; `bank` None: the one that is chosen, all being as far away."""

    at_s: float
    service_s: float = 10.0
    patience_s: float = inf
    units: int = 3
    bank: int | None = 0
    u_foresight: float = 1.0
    u_intervention: float = 1.0


class Story:
    """Tills, and what happened at them."""

    def __init__(self, *checkouts: Checkout, tills: Tills = PLAIN, shifts: tuple[Opening, ...] | None = None) -> None:
        self.env, self.facts = Clock(), FactWriter()
        self.staff = Staff(self.env, self.facts.add, shifts, 0.0)
        laws = [LAW] * len(checkouts)
        self.lanes = Lanes(self.env, self.facts, checkouts, PLACE, tills, laws, self.staff, 0.0)
        self.paid: dict[int, bool] = {}
        self.metres = [1.0] * len(checkouts)

    def play(self, *customers: Comes) -> EventLog:
        for number, customer in enumerate(customers):
            self.env.process(self._visit(number, customer))
        self.env.run()
        return self.facts.log()

    def _visit(self, c: int, comes: Comes) -> Process:
        yield float(comes.at_s)
        bank = self.lanes.choose(self.metres, comes.units) if comes.bank is None else comes.bank
        us = {"u_foresight": comes.u_foresight, "u_intervention": comes.u_intervention}
        self.paid[c] = yield from self.lanes.check_out(
            c, bank, comes.service_s, comes.patience_s, comes.units, 4.5, **us
        )


def told(log: EventLog, customer: int) -> list[tuple[float, str, int]]:
    """Return (t_s, kind, lane) of a customer's facts; of the staff's: customer -1."""
    rows = np.flatnonzero(log.customer == customer)
    return [(float(log.t_s[r]), Kind(int(log.kind[r])).name, int(log.lane[r])) for r in rows]


@given(seed=st.integers(0, 1000), lanes=st.integers(1, 3))
@settings(max_examples=15, deadline=None)
def test_plain_tills_and_lanes_of_which_nothing_is_said_tell_the_same(seed: int, lanes: int) -> None:
    draw = np.random.default_rng(seed)
    come, serve = np.cumsum(draw.exponential(20, 60)), draw.exponential(40, 60)
    patience = draw.exponential(60, 60)
    banks = (Checkout("staffed", "cashier", lanes), Checkout("self", "self_service", 2))

    def facts_of(make: Callable[[Clock, FactWriter], Any]) -> list[tuple[float, int, int, int]]:
        env, facts = Clock(), FactWriter()
        tills = make(env, facts)

        def visit(c: int) -> Process:
            yield float(come[c])
            yield from tills.check_out(c, c % 2, float(serve[c]), float(patience[c]), 3, 4.5)

        for c in range(60):
            env.process(visit(c))
        env.run()
        log = facts.log()
        own = log.customer >= 0
        return list(zip(*(column[own].tolist() for column in (log.t_s, log.customer, log.kind, log.lane)), strict=True))

    plain = facts_of(lambda env, facts: PlainTills(env, facts, banks, PLACE))
    run = facts_of(
        lambda env, facts: Lanes(env, facts, banks, PLACE, Tills(), [LAW] * 2, Staff(env, facts.add, None, 0), 0)
    )
    assert plain == run


def test_a_basket_over_the_limit_waits_though_the_express_lane_is_empty() -> None:
    tills = Tills(banks={"staffed": BankRun(express_lanes=1, item_limit=5)})
    log = Story(CASHIERS, tills=tills).play(Comes(1, units=20), Comes(2, units=20), Comes(3, units=5))
    assert told(log, 1)[:2] == [(2, "JOIN", 0), (11, "SERVE", 0)]
    assert told(log, 2)[:2] == [(3, "JOIN", 1), (3, "SERVE", 1)]


def test_where_all_lanes_are_express_a_big_basket_is_served_all_the_same() -> None:
    story = Story(CASHIERS, tills=Tills(banks={"staffed": BankRun(express_lanes=2, item_limit=5)}))
    story.play(Comes(1, units=20, bank=None))
    assert story.paid == {0: True}


def test_who_comes_when_no_lane_is_open_opens_one() -> None:
    tills = Tills(banks={"staffed": BankRun(schedule=(Opening(100, 200, 1),))})
    story = Story(CASHIERS, tills=tills)
    log = story.play(Comes(5), Comes(105), Comes(300))
    assert story.paid == {0: True, 1: True, 2: True}
    staff = [(5, "BEGIN"), (15, "END"), (100, "BEGIN"), (200, "END"), (300, "BEGIN"), (310, "END")]
    assert [fact[:2] for fact in told(log, -1)] == staff


def test_a_lane_that_closes_serves_who_is_in_its_line() -> None:
    tills = Tills(banks={"staffed": BankRun(schedule=(Opening(0, 10, 2), Opening(10, 1000, 1)))})
    log = Story(CASHIERS, tills=tills).play(Comes(1, 50), Comes(2, 20), Comes(9, 5), Comes(9.5, 5), Comes(23))
    assert [fact for fact in told(log, 3) if fact[1] != "JOIN"] == [(22, "SERVE", 1), (27, "PAY", 1)]
    assert told(log, 4)[0] == (23, "JOIN", 0)
    assert (27, "END", Job.TILL) in told(log, -1)


def test_the_rule_opens_a_lane_after_its_delay_and_closes_it_when_it_is_quiet() -> None:
    tills = Tills(
        banks={"staffed": BankRun(schedule=(Opening(0, 10_000, 1),))},
        open_when=OpenWhen(queue=3, close_below=1, delay_s=20),
    )
    log = Story(CASHIERS, tills=tills).play(*(Comes(t, 100) for t in (1, 2, 3, 30)))
    assert told(log, 3)[:2] == [(30, "JOIN", 1), (30, "SERVE", 1)]
    assert told(log, -1)[:2] == [(0, "BEGIN", Job.TILL), (23, "BEGIN", Job.TILL)]
    assert (201, "END", Job.TILL) in told(log, -1), "one customer is left, and two lanes are open"


def test_the_last_of_a_long_line_changes_and_keeps_the_patience_of_the_first() -> None:
    log = Story(CASHIERS, tills=Tills(jockey=1)).play(
        Comes(1, 1000), Comes(2, 10), Comes(3, 10), Comes(4, 500), Comes(5, 10, patience_s=30)
    )
    assert told(log, 4) == [(5, "JOIN", 0), (12, "JOIN", 1)], "gave up at 35, 30 s after the first JOIN"
    assert told(log, 2)[:3] == [(3, "JOIN", 0), (512, "JOIN", 1), (512, "SERVE", 1)]


def test_who_looks_ahead_joins_no_line_that_is_too_long() -> None:
    story = Story(Checkout("staffed", "cashier", 1), tills=Tills(foresight=0.5))
    log = story.play(Comes(1, 100), Comes(2, patience_s=15, u_foresight=0.4), Comes(3, patience_s=15, u_foresight=0.6))
    assert told(log, 1) == []
    assert [kind for _, kind, _ in told(log, 2)] == ["JOIN"]
    assert story.paid == {0: True, 1: False, 2: False}


def test_least_wait_looks_into_the_baskets() -> None:
    """Behind one with 3 units (16 s) the wait is shorter than behind one with 50 (110 s)."""
    for choice, lane in (("shortest", 0), ("least_wait", 1)):
        tills = Tills(choice=choice)  # type: ignore[arg-type]
        log = Story(CASHIERS, tills=tills).play(Comes(1, 110, units=50), Comes(2, 16), Comes(3, 16))
        assert told(log, 2)[0] == (3, "JOIN", lane)


def test_help_at_self_service_comes_from_the_attendants_one_at_a_time() -> None:
    tills = Tills(banks={"self": BankRun(attendants=1, p_intervention=0.1, intervention_s=30)})
    log = Story(SELF, tills=tills).play(Comes(1, u_intervention=0.05), Comes(1.5, u_intervention=0.05), Comes(45))
    assert told(log, 0)[-1] == (41, "PAY", 0)
    assert told(log, 1)[-1] == (71, "PAY", 0)
    helped = [(11, "BEGIN", Job.ATTEND), (41, "END", Job.ATTEND), (41, "BEGIN", Job.ATTEND), (71, "END", Job.ATTEND)]
    assert told(log, -1) == helped


def test_who_scans_pays_past_all_lines_and_orders_are_fetched_at_their_counter() -> None:
    banks = (CASHIERS, Checkout("gate", "mobile", 1), Checkout("orders", "collect", 1))
    story = Story(*banks, tills=Tills(collect=ClickAndCollect(0.1, 60, 20)), shifts=(Opening(0, 1000, 3),))
    assert story.lanes.choose(story.metres, 3, SCANS) == 1
    assert story.lanes.choose(story.metres, 3, COLLECTS) == 2
    story.env.process(story.lanes.pick(2))
    log = story.play(Comes(1, 15, bank=1), Comes(2, 15, bank=1), Comes(3, 60, bank=2))
    assert [told(log, c)[-1][0] for c in range(3)] == [16, 17, 63]
    assert (40, "END", Job.PICK) in told(log, -1)
    assert [fact for fact in told(log, -1) if fact[2] == Job.COUNTER] == [(3, "BEGIN", 2), (63, "END", 2)]


@pytest.mark.parametrize("people", [0, 1])
def test_nobody_waits_for_ever_for_staff_who_are_short(people: int) -> None:
    """One person for two lanes and self-service: an idle lane lends them; with nobody, patience ends."""
    tills = Tills(banks={"self": BankRun(attendants=1, p_intervention=1.0, intervention_s=30)}, jockey=1)
    story = Story(CASHIERS, SELF, tills=tills, shifts=(Opening(0, 100, people),))
    story.play(*(Comes(t, 10, patience_s=200, bank=t % 2, u_intervention=0) for t in range(1, 9)))
    assert len(story.paid) == 8
    assert set(story.paid.values()) == {people > 0}


@given(
    seed=st.integers(0, 10_000),
    people=st.integers(0, 3),
    lanes=st.integers(1, 4),
    express=st.integers(0, 4),
    jockey=st.integers(0, 2),
)
@settings(max_examples=60, deadline=None)
def test_everybody_pays_or_gives_up_whatever_the_tills_are_like(
    seed: int, people: int, lanes: int, express: int, jockey: int
) -> None:
    draw = np.random.default_rng(seed)
    hours = tuple(Opening(100.0 * k, 100.0 * (k + 1), int(draw.integers(0, lanes + 1))) for k in range(5))
    tills = Tills(
        banks={
            "staffed": BankRun(min(express, lanes), 3, hours),
            "self": BankRun(attendants=1, p_intervention=0.5, intervention_s=20),
        },
        jockey=jockey,
        foresight=0.3,
        open_when=OpenWhen(2, 1, 15),
        choice="least_wait",
    )
    shifts = (Opening(0, 200, people), Opening(200, 450, int(draw.integers(0, 3))))
    story = Story(Checkout("staffed", "cashier", lanes), SELF, tills=tills, shifts=shifts)
    n = 60
    log = story.play(
        *(
            Comes(t, s, p, int(u), None, a, b)
            for t, s, p, u, a, b in zip(
                draw.uniform(0, 700, n),
                draw.exponential(20, n),
                draw.exponential(100, n),
                draw.integers(1, 7, n),
                draw.random(n),
                draw.random(n),
                strict=True,
            )
        )
    )
    assert len(story.paid) == n
    assert (log.kind == Kind.PAY).sum() == sum(story.paid.values())
    begun, ended = log.kind == Kind.BEGIN, log.kind == Kind.END
    at_work = np.cumsum(begun.astype(int) - ended)
    assert at_work.min() >= 0
    assert at_work.max() <= max(s.count for s in shifts) + shifts[0].count, "who began before the shift's end finishes"
    story.lanes.everybody_out()
    log = story.facts.log()
    assert (log.kind == Kind.BEGIN).sum() == (log.kind == Kind.END).sum()
