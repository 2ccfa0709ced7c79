"""Collects facts while a day is played, and hands them over as an event log."""

from itertools import chain

import numpy as np

from storesim.engine.log import EventLog

COLUMNS = 10


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
        lane: int = -1,
        product: int = -1,
        units: int = 0,
        amount: float = 0.0,
        planned: bool = False,
        promotion: int = -1,
    ) -> None:
        """Append one fact; the arguments are the log's columns."""
        self._rows.append((t_s, customer, kind, place, lane, product, units, amount, planned, promotion))

    def log(self) -> EventLog:
        """Return all facts by (t_s, customer); facts of a customer keep their order."""
        flat = np.fromiter(chain.from_iterable(self._rows), dtype=float, count=COLUMNS * len(self._rows))
        table = flat.reshape(-1, COLUMNS)
        # Facts come in order of time already; only different customers at the same instant may need a swap.
        table = table[np.lexsort((table[:, 1], table[:, 0]))]
        t_s, customer, kind, place, lane, product, units, amount, planned, promotion = table.T
        return EventLog(
            t_s=t_s.copy(),
            customer=customer.astype(np.int32),
            kind=kind.astype(np.int8),
            place=place.astype(np.int16),
            lane=lane.astype(np.int16),
            product=product.astype(np.int16),
            units=units.astype(np.int32),
            amount=amount.copy(),
            planned=planned.astype(bool),
            promotion=promotion.astype(np.int16),
        )
