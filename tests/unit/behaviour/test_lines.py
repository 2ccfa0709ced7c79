"""In front of the tills: what customers choose, by hand."""

import numpy as np
import pytest

from storesim.behaviour.lines import (
    COLLECTS,
    ORDINARY,
    SCANS,
    best_line,
    changes_line,
    expected_wait_s,
    lanes_called,
    payment_s,
    turns_away,
    ways_to_pay,
)
from storesim.customers.at_tills import draw_at_tills
from storesim.customers.streams import Streams
from storesim.inputs.operations import ClickAndCollect, Payment, ScanAndPay, Tills


def test_shares_of_customers_scan_or_collect() -> None:
    tills = Tills(scan_and_pay=ScanAndPay(0.2, 15, 2), collect=ClickAndCollect(0.1, 60, 20))
    u_scan, u_collect = np.array([0.1, 0.3, 0.1]), np.array([0.5, 0.5, 0.05])
    assert ways_to_pay(u_scan, u_collect, tills).tolist() == [SCANS, ORDINARY, COLLECTS]
    assert ways_to_pay(u_scan, u_collect, Tills()).tolist() == [ORDINARY] * 3


def test_payments_add_their_seconds() -> None:
    payments = (Payment("card", 0.7, 0.0), Payment("cash", 0.3, 12.0))
    assert payment_s(np.array([0.1, 0.69, 0.71]), payments).tolist() == [0, 0, 12]
    assert payment_s(np.array([0.1]), ()).tolist() == [0]


@pytest.mark.parametrize(("ahead", "wait_s"), [(3, 0.0), (4, 25.0)])
def test_a_shared_line_with_somebody_free_is_no_wait(ahead: int, wait_s: float) -> None:
    assert expected_wait_s(100.0, ahead, 4) == wait_s


def test_the_nearer_line_wins_a_tie() -> None:
    assert best_line([1.0, 0.0, 0.0], [1.0, 9.0, 5.0]) == 2


def test_jockey_is_how_many_fewer_are_ahead() -> None:
    assert [changes_line(3, there, 2) for there in (0, 1, 2)] == [True, True, False]
    assert not changes_line(9, 0, 0)


def test_only_who_looks_ahead_and_lacks_patience_turns_away() -> None:
    assert turns_away(100, 50, 0.2, 0.3)
    assert not turns_away(100, 50, 0.3, 0.3)
    assert not turns_away(50, 50, 0.2, 0.3)


def test_the_rule_by_customers_per_open_lane() -> None:
    assert [lanes_called(per_lane, 3, 1) for per_lane in (3.0, 2.9, 1.0, 0.9)] == [1, 0, 0, -1]


def test_more_customers_leave_the_draws_of_the_first_alone() -> None:
    few, many = (draw_at_tills(Streams(1, 2), n) for n in (5, 9))
    for name in ("u_intervention", "u_payment", "u_foresight", "u_scan", "u_collect"):
        assert (getattr(few, name) == getattr(many, name)[:5]).all()
    assert (few.u_scan != few.u_collect).all()
