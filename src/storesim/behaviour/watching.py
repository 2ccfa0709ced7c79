"""What each customer watches: the products whose exposure matters."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.customers.population import Floats, Ints, Population
from storesim.store.shelves import Shelves


@dataclass(frozen=True, eq=False)
class Watched:
    """Pairs of customer and product whose exposure matters.

    For candidates every presence counts; for products on the list only displays do (the home is looked for anyhow).
    A pair is numbered over needs first, then candidates.
    """

    pair: NDArray[np.int32]
    """Shape (customers, presences): the pair whose exposure a presence adds to; -1: none."""
    threshold: Floats
    """Shape (pairs,)."""
    needs: int
    """Pairs below this number are on a list."""
    flexible: NDArray[np.bool_]
    """Shape (customers,): might find a stop needless, and so change the way; who might for no other reason than a
    display of what they look for is told by `glimpses`."""


def watched(population: Population, shelves: Shelves, undecided: Ints | None = None) -> Watched:
    """Return what a population watches in front of these shelves.

    Args:
        population: who comes.
        shelves: what stands where.
        undecided: customers who are flexible.
    """
    needs, candidates = population.needs, population.candidates
    pair = np.full((len(population), len(shelves.product)), -1, dtype=np.int32)
    pair[candidates.customer, candidates.product] = len(needs.product) + np.arange(len(candidates.product))
    for display in np.flatnonzero(shelves.display).tolist():
        product = shelves.product[display]
        pair[:, display] = pair[:, product]
        looked_for = np.flatnonzero(needs.product == product)
        pair[needs.customer[looked_for], display] = looked_for
    flexible = np.zeros(len(population), dtype=np.bool_)
    if undecided is not None:
        flexible[undecided] = True
    return Watched(pair, np.concatenate((needs.threshold, candidates.threshold)), len(needs.product), flexible)
