"""Collects facts while a day is played, and hands them over as an event log."""

from collections.abc import Sequence
from itertools import chain

import numpy as np

from storesim.engine.log import EventLog, Kind

COLUMNS = 8
LANE_KINDS = (Kind.JOIN, Kind.SERVE, Kind.PAY)


class FactWriter:
    """A list of facts that only grows."""

    def __init__(self) -> None:
        self._rows: list[tuple[float, ...]] = []

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
        self._rows.append((t_s, customer, kind, place, what, units, amount, promotion))

    def log(self, product_of_pair: Sequence[int], needs: int) -> EventLog:
        """Return all facts by (t_s, customer), facts of a customer in their order.

        Pairs below `needs` were planned, and so was what is taken in their place.
        """
        flat = np.fromiter(chain.from_iterable(self._rows), dtype=float, count=COLUMNS * len(self._rows))
        table = flat.reshape(-1, COLUMNS)
        table = table[np.lexsort((table[:, 1], table[:, 0]))]
        t_s, customer, kind, place, what, units, amount, promotion = table.T
        kinds, subject = kind.astype(np.int8), what.astype(np.int64)
        at_till = np.isin(kinds, LANE_KINDS)
        pairs = len(product_of_pair)
        product = np.append(np.asarray(product_of_pair, dtype=np.int16), np.int16(-1))
        switched = ~at_till & (subject >= pairs)
        return EventLog(
            t_s=t_s.copy(),
            customer=customer.astype(np.int32),
            kind=kinds,
            place=place.astype(np.int16),
            lane=np.where(at_till, subject, -1).astype(np.int16),
            product=np.where(switched, subject - pairs, product[np.where(at_till | switched, -1, subject)]).astype(
                np.int16
            ),
            units=units.astype(np.int32),
            amount=amount.copy(),
            planned=switched | ~at_till & (subject >= 0) & (subject < needs),
            promotion=promotion.astype(np.int16),
        )
