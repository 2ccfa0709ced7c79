"""In front of the tills: which line to join, when to change it, and when to join none."""

from collections.abc import Sequence

import numpy as np

from storesim.customers.laws import pick
from storesim.customers.population import Floats, Ints
from storesim.inputs.operations import Payment, Tills

ORDINARY, SCANS, COLLECTS = range(3)
"""Ways to pay: at a till, by telephone past all lines, or for an order at the counter that hands it over."""


def ways_to_pay(u_scan: Floats, u_collect: Floats, tills: Tills) -> Ints:
    """Return how each customer pays, shape (customers,); who collects an order does not scan."""
    scan, collect = (part.share if part else 0.0 for part in (tills.scan_and_pay, tills.collect))
    return np.where(u_collect < collect, COLLECTS, np.where(u_scan < scan, SCANS, ORDINARY))


def payment_s(u_payment: Floats, payments: Sequence[Payment]) -> Floats:
    """Return the seconds that each customer's way to pay adds, shape (customers,); 0 where no ways are told apart."""
    if not payments:
        return np.zeros(len(u_payment))
    chosen = pick(u_payment, np.array([payment.share for payment in payments]))
    return np.array([payment.added_s for payment in payments])[chosen]


def expected_wait_s(work_s: float, ahead: int, servers: float) -> float:
    """Return the wait that a line looks like: 0 with a server free, else the mean service of all ahead, per server.

    `work_s` holds the mean service of each basket ahead. Who is being served counts in full: nobody sees how far on
    they are.
    """
    return 0.0 if ahead < servers else work_s / servers


def best_line(costs: Sequence[float], metres: Sequence[float]) -> int:
    """Return the line with the least cost (length or wait), the nearer on a tie, then the first."""
    return min(range(len(costs)), key=lambda line: (costs[line], metres[line]))


def changes_line(ahead_here: int, ahead_there: int, jockey: int) -> bool:
    """Return whether the last of a line changes to another; 0: nobody does."""
    return jockey > 0 and ahead_here - ahead_there >= jockey


def turns_away(expected_s: float, patience_s: float, u_foresight: float, foresight: float) -> bool:
    """Return whether a customer does not join a line that is expected to last longer than their patience."""
    return u_foresight < foresight and expected_s > patience_s


def lanes_called(per_lane: float, opens_from: float, closes_below: float) -> int:
    """Return 1 where another lane is to open, -1 where one is to close, else 0, by customers per open lane."""
    if per_lane >= opens_from:
        return 1
    return -1 if per_lane < closes_below else 0
