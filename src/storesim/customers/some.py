"""Some of the customers of a day, with everything that is theirs."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storesim.customers.at_shelves import of_some
from storesim.customers.at_tills import TillDraws
from storesim.customers.population import Candidates, Ints, Pairs, Population
from storesim.customers.steps import Steps


def some_of(population: Population, customers: Ints) -> Population:
    """Return a population without the others; `customers` in ascending order are then numbered from 0."""
    if len(customers) == len(population):
        return population
    listed = _rows(population.needs.first, customers)
    own = {
        column.name: value[customers]
        for column in fields(population)
        if isinstance(value := getattr(population, column.name), np.ndarray) and column.name != "u_switch"
    }
    return replace(
        population,
        **own,
        needs=_pairs_of(population.needs.only(listed), population.needs.first, customers),
        candidates=ChosenPairs.of(population.candidates, customers),
        u_order=_steps_of(population.u_order, customers),
        u_wander=_steps_of(population.u_wander, customers),
        u_switch=population.u_switch[listed],
        u_coupon={product: u[customers] for product, u in population.u_coupon.items()},
        at_shelves=population.at_shelves and of_some(population.at_shelves, customers, listed),
        at_tills=population.at_tills and _rows_of(population.at_tills, customers),
    )


@dataclass(frozen=True)
class ChosenPairs:
    """The candidates of some customers, whose draws are those of all."""

    first: Ints
    product: NDArray[Any]
    threshold: NDArray[np.floating[Any]]
    _rows: Ints
    """Of each pair among those of all customers."""
    _all: Candidates

    @classmethod
    def of(cls, pairs: Candidates, customers: Ints) -> "ChosenPairs":
        """Return the candidates of customers in ascending order."""
        rows = _rows(pairs.first, customers)
        return cls(_counted(pairs.first, customers), pairs.product[rows], pairs.threshold[rows], rows, pairs)

    @property
    def customer(self) -> Ints:
        """Shape (pairs,): counted among the chosen."""
        return np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))

    def only(self, rows: Ints) -> Pairs:
        """Return some of the pairs, by row number in ascending order."""
        found = self._all.only(self._rows[rows])
        return replace(found, first=np.searchsorted(rows, self.first), customer=self.customer[rows])


def _rows_of(draws: TillDraws, customers: Ints) -> TillDraws:
    return TillDraws(*(getattr(draws, column.name)[customers] for column in fields(draws)))


def _steps_of(steps: Steps, customers: Ints) -> Steps:
    return Steps(_counted(steps.first, customers), steps.u[_rows(steps.first, customers)])


def _pairs_of(pairs: Pairs, first: Ints, customers: Ints) -> Pairs:
    """Return pairs of some customers, numbered among these."""
    count = _counted(first, customers)
    return replace(pairs, first=count, customer=np.repeat(np.arange(len(customers)), np.diff(count)))


def _counted(first: Ints, customers: Ints) -> Ints:
    return np.concatenate(([0], np.cumsum(np.diff(first)[customers])))


def _rows(first: Ints, customers: Ints) -> Ints:
    """Return the rows of some customers' pairs, in order."""
    chosen = np.zeros(len(first) - 1, dtype=np.bool_)
    chosen[customers] = True
    return np.flatnonzero(np.repeat(chosen, np.diff(first)))
