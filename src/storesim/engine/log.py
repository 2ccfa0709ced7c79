"""The event log: what happened, one fact a row, as arrays; nothing in it is computed."""

from dataclasses import dataclass
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


@dataclass(frozen=True)
class EventLog:
    """The facts of one store day, sorted by (t_s, customer), in the customer's own order where both tie.

    All arrays have shape (facts,). -1 says "none" in place, lane, product and promotion; 0 in units and amount.
    """

    t_s: NDArray[np.float64]
    """Seconds after opening."""
    customer: NDArray[np.int32]
    """Number in draw order."""
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
