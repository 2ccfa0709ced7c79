"""Waiting and being served at the tills, one row a customer who joined a queue."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.engine.log import Kind
from storesim.results.trips import Moves

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Lines:
    """Every stretch of time that a customer waited in one line; all arrays have shape (stretches,)."""

    place: Ints
    """The checkout, as a place."""
    lane: Ints
    from_s: Floats
    until_s: Floats
    """When service began, or the customer went to another line or gave up."""


@dataclass(frozen=True, eq=False)
class Queues:
    """Every customer who joined a queue, who changed to another once only; all arrays have shape (joins,)."""

    customer: Ints
    place: Ints
    """The checkout, as a place."""
    joined_s: Floats
    """When the customer joined the first."""
    until_s: Floats
    """When service began, or the customer gave up."""
    done_s: Floats
    """When service ended; `until_s` for who gave up."""
    served: Bools
    lines: Lines
    """Of all of them, in the same order: of who changed, one after the other."""

    @property
    def wait_s(self) -> Floats:
        """Seconds in the queue, service not counted; shape (joins,)."""
        return self.until_s - self.joined_s


def read_queues(moves: Moves) -> Queues:
    """Return the queues of a day; who is still waiting when the log ends has waited 0 s and is not served."""
    joins = moves.rows(Kind.JOIN)
    lines = Lines(
        moves.place[joins].astype(np.int64),
        moves.lane[joins].astype(np.int64),
        moves.t_s[joins],
        moves.until_s(joins),
    )
    changes = moves.next_kind[joins] == Kind.JOIN
    joined_s = moves.t_s[joins[~np.insert(changes[:-1], 0, False)]] if len(joins) else moves.t_s[joins]
    joins = joins[~changes]
    served = moves.next_kind[joins] == Kind.SERVE
    done_s = moves.until_s(joins)
    done_s[served] = moves.until_s(joins[served] + 1)
    return Queues(
        moves.customer[joins].astype(np.int64),
        moves.place[joins].astype(np.int64),
        joined_s,
        moves.until_s(joins),
        done_s,
        served,
        lines,
    )
