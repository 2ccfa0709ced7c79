"""What each customer watches: the products whose exposure matters."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storesim.customers.population import Candidates, Floats, Ints, Population
from storesim.store.shelves import Shelves

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Watched:
    """Pairs of customer and product whose exposure matters, of some customers who follow one another.

    For candidates every presence counts; for products on the list only displays do (the home is looked for anyhow).
    """

    pair: NDArray[np.int32]
    """Shape (customers, presences): the row, in `number` and `threshold`, whose exposure a presence adds to; -1: none.
    """
    threshold: Floats
    """Shape (pairs,): needs first, then candidates."""
    number: NDArray[np.int32]
    """Shape (pairs,): of each pair among those of the whole population, needs first, then candidates."""
    needs: int
    """Pairs below this row are on a list."""
    flexible: Bools
    """Shape (customers,): might find a stop needless, and so change the way; who might for no other reason than a
    display of what they look for is told by `glimpses`."""


def watched(
    population: Population, shelves: Shelves, flexible: Bools | None = None, some: slice = slice(None)
) -> Watched:
    """Return what customers watch in front of these shelves.

    Args:
        population: who comes.
        shelves: what stands where.
        flexible: shape (customers of the population,); None: nobody is.
        some: the customers asked for.
    """
    begin, end, _ = some.indices(len(population))
    needs, candidates = population.needs, population.candidates
    listed, tempts = _rows(needs, begin, end), _rows(candidates, begin, end)
    count = len(listed.product)
    pair = np.full((end - begin, len(shelves.product)), -1, dtype=np.int32)
    pair[tempts.customer, tempts.product] = count + np.arange(len(tempts.product))
    for display in np.flatnonzero(shelves.display).tolist():
        product = shelves.product[display]
        pair[:, display] = pair[:, product]
        looked_for = np.flatnonzero(listed.product == product)
        pair[listed.customer[looked_for], display] = looked_for
    return Watched(
        pair=pair,
        threshold=np.concatenate((listed.threshold, tempts.threshold)),
        number=np.concatenate((listed.number, len(needs.product) + tempts.number)),
        needs=count,
        flexible=np.zeros(end - begin, dtype=np.bool_) if flexible is None else flexible[begin:end],
    )


@dataclass(frozen=True)
class _Rows:
    """Pairs of some customers: shapes (pairs,)."""

    customer: Ints
    """Counted from the first of them."""
    product: NDArray[np.integer]
    threshold: NDArray[np.floating[Any]]
    number: NDArray[np.int32]


def _rows(pairs: Candidates, begin: int, end: int) -> _Rows:
    first = pairs.first[begin : end + 1]
    mine = slice(first[0], first[-1])
    customer = np.repeat(np.arange(end - begin), np.diff(first))
    return _Rows(customer, pairs.product[mine], pairs.threshold[mine], np.arange(mine.start, mine.stop, dtype=np.int32))
