"""The tills, customer by customer; against queueing theory they stand in tests/analytic/test_queues.py."""

from math import inf
from typing import NamedTuple

import pytest

from storesim.engine.clock import Clock, Process
from storesim.engine.facts import FactWriter
from storesim.engine.log import Kind
from storesim.engine.tills import Tills
from storesim.inputs.floor_plan import Checkout

FIRST_PLACE = 40
CASHIERS, SELF = Checkout("staffed", "cashier", 2), Checkout("self", "self_service", 2)


class Comes(NamedTuple):
    """A customer at the tills."""

    at_s: float
    service_s: float = 10.0
    patience_s: float = inf
    bank: int = 0


class Story:
    """Tills, and what happened at them."""

    def __init__(self, *checkouts: Checkout):
        self.env, self.facts = Clock(), FactWriter()
        self.tills = Tills(self.env, self.facts, checkouts, FIRST_PLACE)

    def play(self, *customers: Comes) -> list[tuple[float, int, str, int]]:
        """Return (t_s, customer, kind, lane) of every fact."""
        for number, customer in enumerate(customers):
            self.env.process(self._visit(number, customer))
        self.env.run()
        log = self.facts.log()
        kinds = [Kind(kind).name for kind in log.kind.tolist()]
        return list(zip(log.t_s.tolist(), log.customer.tolist(), kinds, log.lane.tolist(), strict=True))

    def _visit(self, number: int, comes: Comes) -> Process:
        yield comes.at_s
        yield from self.tills.check_out(number, comes.bank, comes.service_s, comes.patience_s, 3, 4.5)


def test_an_empty_till_serves_at_once() -> None:
    assert Story(CASHIERS).play(Comes(5, service_s=10)) == [
        (5, 0, "JOIN", 0),
        (5, 0, "SERVE", 0),
        (15, 0, "PAY", 0),
    ]


def test_the_receipt_says_what_was_in_the_basket_and_where() -> None:
    story = Story(CASHIERS, SELF)
    story.play(Comes(5, bank=1))
    log = story.facts.log()
    assert (log.units.tolist(), log.amount.tolist()) == ([0, 0, 3], [0, 0, 4.5])
    assert log.place.tolist() == [FIRST_PLACE + 1] * 3


def test_cashiers_have_a_queue_each_and_the_shortest_is_joined() -> None:
    joined = [fact[3] for fact in Story(CASHIERS).play(*(Comes(t, 100) for t in range(5))) if fact[2] == "JOIN"]
    assert joined == [0, 1, 0, 1, 0], "the first of equals"


def test_who_is_served_counts_in_the_length_of_a_queue() -> None:
    """Lane 0 serves somebody for long, lane 1 is through with its first: the next goes to lane 1."""
    facts = Story(CASHIERS).play(Comes(0, 100), Comes(1, 2), Comes(10, 5))
    assert (10, 2, "JOIN", 1) in facts
    assert (10, 2, "SERVE", 1) in facts


def test_nobody_changes_queues() -> None:
    """Customer 2 joined behind 0, and stays although lane 1 stands empty from 3 s on."""
    facts = Story(CASHIERS).play(Comes(0, 50), Comes(1, 2), Comes(2, 5))
    assert (50, 2, "SERVE", 0) in facts


def test_self_service_shares_one_queue() -> None:
    facts = Story(SELF).play(Comes(0, 50), Comes(1, 9), Comes(2, 5))
    assert {lane for *_, lane in facts} == {0}
    assert (10, 2, "SERVE", 0) in facts, "whichever machine is free first"


def test_lengths_are_per_server_and_go_back_to_nothing() -> None:
    story, lengths = Story(CASHIERS, SELF), []

    def look() -> Process:
        yield 5
        lengths.extend([list(bank) for bank in story.tills.lengths])

    story.env.process(look())
    story.play(Comes(0), Comes(1), Comes(2), *(Comes(t, bank=1) for t in (0, 1, 2)))
    assert lengths == [[2.0, 1.0], [1.5]]
    assert story.tills.lengths == [[0.0, 0.0], [0.0]]


def test_who_loses_patience_is_no_longer_in_the_queue() -> None:
    story = Story(Checkout("one", "cashier", 1))
    facts = story.play(Comes(0, 100), Comes(1, 10, patience_s=20), Comes(2, 10))
    assert [fact[1:3] for fact in facts if fact[1] == 1] == [(1, "JOIN")], "neither served nor paying"
    assert (100, 2, "SERVE", 0) in facts
    assert story.tills.lengths == [[0.0]]


@pytest.mark.parametrize("patience_s", [0.0, 5.0])
def test_the_impatient_do_not_leave_a_till_that_is_free(patience_s: float) -> None:
    facts = Story(CASHIERS).play(Comes(0, 100, patience_s))
    assert (100, 0, "PAY", 0) in facts


def test_banks_do_not_mix() -> None:
    facts = Story(CASHIERS, SELF).play(Comes(0, 100), Comes(1, 100), Comes(2, 100, bank=1))
    assert (2, 2, "SERVE", 0) in facts
