"""Collects facts while a day is played, and hands them over as an event log."""

from dataclasses import fields
from struct import Struct

import numpy as np
from numpy.typing import NDArray

from storesim.engine.log import EventLog, Kind

ROW = np.dtype(
    [
        ("t_s", "f8"),
        ("customer", "i4"),
        ("kind", "i1"),
        ("place", "i2"),
        ("subject", "i2"),
        ("planned", "?"),
        ("promotion", "i2"),
        ("units", "i4"),
        ("amount", "f8"),
    ]
)
"""One fact as it is kept: packed, it takes a tenth of a tuple's memory, and no time to become a column."""

moved = Struct("=dibh17x").pack
"""Pack what is said on the way: (t_s, customer, kind, place)."""
met = Struct("=dibhh?h12x").pack
"""Pack what is said at a shelf or a till: the same, and (subject, planned, promotion).

The subject is the lane at a till and the product at a shelf; promotion -1 is none.
"""
went = Struct("=dibh17xdibhh?h12x").pack
"""Pack what is said of a way that ends at a shelf: `moved`, then `met`."""
took = Struct("=dibhh?hid").pack
"""Pack what is said with goods in the hands: the same, and (units, amount)."""

LOT_BYTES = 2**22
"""Rows that are sorted at a time: those of a market's day in one."""

AT_TILL = np.isin(list(Kind), (Kind.JOIN, Kind.SERVE, Kind.PAY, Kind.BEGIN, Kind.END))
"""Kinds whose subject is a lane, or a job."""
AT_SHELF = ~AT_TILL & ~np.isin(list(Kind), (Kind.ENTER, Kind.WALK, Kind.LEAVE, Kind.WAIT))
"""Kinds whose subject is a product."""


class FactWriter:
    """Rows of facts that only grow; those of the past become columns lot by lot, in order, while the day goes on."""

    def __init__(self, lot_bytes: int = LOT_BYTES) -> None:
        self._rows = bytearray()
        self._enough = self._lot_bytes = lot_bytes
        self._lots: list[EventLog] = []
        self.add = self._rows.extend
        """Append what `moved`, `met`, `went` or `took` packed: a day has so many that a call more would be felt."""

    def put_away(self, now_s: float) -> None:
        """Take what happened before now out of the rows, once they are many; nothing is added to the past."""
        if len(self._rows) < self._enough:
            return
        rows = np.frombuffer(bytes(self._rows), dtype=ROW)
        past = rows["t_s"] < now_s
        self._lots.append(_log_of(rows[past]))
        self._rows[:] = rows[~past].tobytes()
        self._enough = self._lot_bytes + len(self._rows)

    def log(self) -> EventLog:
        """Return all facts by (t_s, customer), facts of a customer in their order."""
        lots = [*self._lots, _log_of(np.frombuffer(bytes(self._rows), dtype=ROW))]
        return EventLog(*(np.concatenate([getattr(lot, column.name) for lot in lots]) for column in fields(EventLog)))


def _log_of(rows: NDArray[np.void]) -> EventLog:
    """Return rows by (t_s, customer), those of a customer in their order."""
    order = _by_time(rows["t_s"], rows["customer"])
    kind, subject = rows["kind"][order], rows["subject"][order]
    at_shelf, at_till = AT_SHELF[kind], AT_TILL[kind]
    none = np.int16(-1)
    return EventLog(
        t_s=rows["t_s"][order],
        customer=rows["customer"][order],
        kind=kind,
        place=rows["place"][order],
        lane=np.where(at_till, subject, none),
        product=np.where(at_shelf, subject, none),
        units=rows["units"][order],
        amount=rows["amount"][order],
        planned=rows["planned"][order],
        promotion=np.where(at_shelf, rows["promotion"][order], none),
    )


def _by_time(t_s: NDArray[np.float64], customer: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the order of facts by (t_s, customer), else as they are.

    They come nearly in order of time, and hardly ever two customers' at once: sorting by time alone is five times as
    fast as by both.
    """
    order = np.argsort(t_s, kind="stable")
    times, who = t_s[order], customer[order]
    if np.any((times[1:] == times[:-1]) & (who[1:] < who[:-1])):
        return np.lexsort((customer, t_s))
    return order
