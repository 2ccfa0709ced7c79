"""Collects facts while a day is played, and hands them over as an event log."""

from collections.abc import Sequence
from struct import Struct

import numpy as np

from storesim.engine.log import EventLog, Kind

ROW = np.dtype(
    [
        ("t_s", "f8"),
        ("amount", "f8"),
        ("customer", "i4"),
        ("what", "i4"),
        ("units", "i4"),
        ("place", "i2"),
        ("promotion", "i2"),
        ("kind", "i1"),
    ]
)
"""One fact as it is kept: packed, it takes a fifth of a tuple's memory, and no time to become a column."""
_pack = Struct("=ddiiihhb").pack
LANE_KINDS = (Kind.JOIN, Kind.SERVE, Kind.PAY)


class FactWriter:
    """A list of facts that only grows."""

    def __init__(self) -> None:
        self._rows: list[bytes] = []

    def note(
        self,
        t_s: float,
        customer: int,
        kind: int,
        place: int,
        what: int = -1,
        units: int = 0,
        amount: float = 0.0,
        promotion: int = -1,
    ) -> None:
        """Append one fact; `what` is the lane at a till, and the pair of customer and product at a shelf.

        A product taken in place of what stood on the list has no pair: it counts on from the last pair's number.
        """
        self._rows.append(_pack(t_s, amount, customer, what, units, place, promotion, kind))

    def log(self, product_of_pair: Sequence[int], needs: int) -> EventLog:
        """Return all facts by (t_s, customer), facts of a customer in their order.

        Pairs below `needs` were planned, and so was what is taken in their place.
        """
        rows = np.frombuffer(b"".join(self._rows), dtype=ROW)
        rows = rows[np.lexsort((rows["customer"], rows["t_s"]))]
        kind, subject, pairs = rows["kind"].copy(), rows["what"], len(product_of_pair)
        at_till = np.isin(kind, LANE_KINDS)
        switched = ~at_till & (subject >= pairs)
        product = np.append(np.asarray(product_of_pair, dtype=np.int16), np.int16(-1))
        own = product[np.where(at_till | switched, -1, subject)]
        return EventLog(
            t_s=rows["t_s"].copy(),
            customer=rows["customer"].copy(),
            kind=kind,
            place=rows["place"].copy(),
            lane=np.where(at_till, subject, -1).astype(np.int16),
            product=np.where(switched, subject - pairs, own).astype(np.int16),
            units=rows["units"].copy(),
            amount=rows["amount"].copy(),
            planned=switched | ~at_till & (subject >= 0) & (subject < needs),
            promotion=rows["promotion"].copy(),
        )
