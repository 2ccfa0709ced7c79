"""The event log: what happened, one fact a row, as arrays; nothing in it is computed."""

from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Kind(IntEnum):
    """What a fact says."""

    ENTER = 0
    """Came in; `place` is the door."""
    WALK = 1
    """Set out for `place`."""
    STOP = 2
    """Reached `place` to look for `product`."""
    NOTICE = 3
    """Saw `product` at `place` (a product that could be wanted; not on the list unless `planned`)."""
    TAKE = 4
    """Put `units` of `product` into the basket, worth `amount`."""
    JOIN = 5
    """Joined the queue of `lane` at checkout `place`."""
    SERVE = 6
    """Service began."""
    PAY = 7
    """Service ended; `units` and `amount` of the whole basket."""
    LEAVE = 8
    """Went out by the door `place`; with a JOIN and no PAY before, without paying."""
    WAIT = 9
    """Waits outside door `place`, as the store is full; comes before ENTER."""
    ASK = 10
    """Joined the line of the counter at `place` for `product`."""
    ATTEND = 11
    """Service at the counter, or advice, began."""
    ATTENDED = 12
    """It ended; the customer may take `product` now."""
    MISS = 13
    """Found no unit of `product`, which is on the list, at `place`, and goes without; `units` were wanted."""
    POSTPONE = 14
    """The same, and will buy it another day."""
    SWITCH = 15
    """The same, and takes something else for it: the TAKE that follows."""
    PUT_BACK = 16
    """`units` of `product` from a basket that was left unpaid went to the back room."""
    OPENING = 17
    """`units` of `product` are there at opening: on the shelf at `place`, or in the back room (no place)."""
    DELIVER = 18
    """`units` of `product` came into the back room."""
    REFILL = 19
    """`units` of `product` went from the back room to the shelf at `place`."""
    SHRINK = 20
    """`units` of `product` were lost from the shelf at `place`."""
    BEGIN = 21
    """Somebody of the staff began job `lane` (a `Job`) at `place`."""
    END = 22
    """Somebody of the staff ended job `lane` at `place`."""


@dataclass(frozen=True)
class EventLog:
    """The facts of one store day, sorted by (t_s, customer), in the customer's own order where both tie.

    All arrays have shape (facts,). -1 says "none" in place, lane, product and promotion; 0 in units and amount.
    """

    t_s: NDArray[np.float64]
    """Seconds after opening."""
    customer: NDArray[np.int32]
    """Number in draw order; -1: nobody, what the store itself does."""
    kind: NDArray[np.int8]
    place: NDArray[np.int16]
    """Index into `Floor.places`."""
    lane: NDArray[np.int16]
    product: NDArray[np.int16]
    """Index into `Scenario.products`."""
    units: NDArray[np.int32]
    amount: NDArray[np.float64]
    """Money paid or to be paid, in the scenario's currency."""
    planned: NDArray[np.bool_]
    promotion: NDArray[np.int16]
    """Index into `Case.promotions` of the offer in force, on NOTICE (display seen) and TAKE."""

    def __len__(self) -> int:
        return len(self.t_s)


def renumbered(log: EventLog, customers: NDArray[np.int64]) -> EventLog:
    """Return a log with other numbers for its customers: the c-th is `customers[c]`, in ascending order."""
    return replace(log, customer=np.append(customers, -1)[log.customer].astype(np.int32))
