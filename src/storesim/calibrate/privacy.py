"""What may leave the data: numbers that rest on enough customers; the rest is merged, and counted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST = 50
"""Customers (baskets, where customers are not known) below which a number is not shown."""
WHO = "coalesce(customer, basket)"
"""SQL that tells customers apart: a basket that names nobody counts as a customer of its own."""


@dataclass(frozen=True)
class Withheld:
    """Numbers that rested on too few customers: how many, of what, and what stands in their place."""

    what: str
    cells: int
    instead: str

    def __str__(self) -> str:
        return f"{self.cells} {self.what} rest on too few customers: {self.instead}"


def covered(
    counts: NDArray[np.float64], people: NDArray[np.float64], least: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Merge the cells of each column that rest on fewer than `least` people, smallest first, until enough are together.

    What they count together is divided among them in proportion to their rows, so that columns keep their totals. A
    column that rests on too few people as a whole gets 0. Cells where nobody was stay empty.

    Args:
        counts: observed counts, one row a mission, one column a product, an hour, …
        people: distinct customers behind each count, same shape.
        least: customers from which on a count is kept.

    Returns:
        The table, and where cells were merged.
    """
    table, merged = counts.copy(), np.zeros(counts.shape, dtype=bool)
    rows = counts.sum(axis=1)
    for column in np.flatnonzero(((people > 0) & (people < least)).any(axis=0)):
        order = [row for row in np.argsort(people[:, column], kind="stable") if people[row, column] > 0]
        enough = int(np.searchsorted(np.cumsum(people[order, column]), least))
        pool = order[: enough + 1]
        merged[pool, column] = True
        table[pool, column] = counts[pool, column].sum() * rows[pool] / rows[pool].sum() if enough < len(order) else 0.0
    return table, merged


def runs(people: NDArray[np.float64], least: int) -> NDArray[np.int64]:
    """Group neighbouring cells, from the left, until each group rests on `least` people; return each cell's group.

    The last group takes what is left over.
    """
    group = np.zeros(len(people), dtype=np.int64)
    number, gathered = 0, 0.0
    for cell, more in enumerate(people):
        group[cell] = number
        gathered += more
        if gathered >= least:
            number, gathered = number + 1, 0.0
    return group if gathered == 0.0 or number == 0 else np.minimum(group, number - 1)
