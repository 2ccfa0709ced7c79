"""From being in view to being bought: how many customers each product and fixture carries to each step."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from storesim.behaviour.attention import p_notice
from storesim.engine.log import Kind
from storesim.results.day import Day

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Funnel:
    """Customers at each step towards an unplanned purchase; arrays of shape (products,), never growing.

    Customers with the product on their list are left out: they look for it.
    """

    exposed: Floats
    """Had the product in view."""
    noticed: Floats
    """Noticed it: counted for customers who might buy it, expected (1 - exp(-exposure)) for all others."""
    wanted: Floats
    """Noticed it, wanted it at the price there, and went to its shelf for it: STOP or TAKE."""
    bought: Floats
    """Took it and paid."""


def product_funnel(day: Day) -> Funnel:
    """Return the products' funnels of a day."""
    shape = len(day.scenario.products), len(day.population)
    needs, candidates, baskets = day.population.needs, day.population.candidates, day.baskets
    log = day.log
    went = (log.kind == Kind.STOP) | (log.kind == Kind.TAKE)
    unlisted = ~_marked(shape, needs.product, needs.customer)
    watched = _marked(shape, candidates.product, candidates.customer)
    seen = _marked_by_facts(day, went | (log.kind == Kind.NOTICE)) & unlisted
    wanted = _marked_by_facts(day, went) & unlisted
    bought = _marked(shape, baskets.product[baskets.paid], baskets.customer[baskets.paid]) & unlisted

    exposure = np.asarray(sparse.csr_array(day.exposure.T) @ day.trips.in_view_s)
    expected = np.where(unlisted & ~watched & ~seen, p_notice(exposure), 0.0)
    return Funnel(
        exposed=_counted(unlisted & (exposure > 0) | seen),
        noticed=_counted(seen) + expected.sum(axis=1),
        wanted=_counted(wanted),
        bought=_counted(bought),
    )


@dataclass(frozen=True, eq=False)
class FixtureFunnel:
    """Customers at each step at a fixture; arrays of shape (fixtures,)."""

    passed: Floats
    """Had any of its bays in view."""
    noticed: Floats
    """Noticed something on it: counted where a fact says so, else expected from all its goods."""
    bought: Floats
    """Took something from it, planned or not, and paid."""


def fixture_funnel(day: Day) -> FixtureFunnel:
    """Return the fixtures' funnels of a day."""
    shape = len(day.floor.plan.fixtures), len(day.population)
    fixture, bays, in_view_s = day.floor.places.fixture, day.floor.places.bays, day.trips.in_view_s
    attention = np.asarray(day.exposure.sum(axis=1)).ravel()
    each_bay = np.arange(bays + 1)
    holds = sparse.csc_array((np.ones(bays), fixture, each_bay), shape=(shape[0], bays)).tocsr()
    weighs = sparse.csc_array((attention, fixture, each_bay), shape=(shape[0], bays)).tocsr()
    passed = np.asarray(holds @ in_view_s) > 0
    noticed = p_notice(np.asarray(weighs @ in_view_s))

    log, baskets = day.log, day.baskets
    told = ((log.kind == Kind.NOTICE) | (log.kind == Kind.TAKE)) & (log.place >= 0) & (log.place < bays)
    fact = _marked(shape, fixture[log.place[told]], log.customer[told])
    sold = baskets.paid & (baskets.place >= 0) & (baskets.place < bays)
    bought = _marked(shape, fixture[baskets.place[sold]], baskets.customer[sold])
    return FixtureFunnel(_counted(passed | fact), np.where(fact, 1.0, noticed).sum(axis=1), _counted(bought))


def _marked_by_facts(day: Day, rows: Bools) -> Bools:
    """Return which (product, customer) some facts are about; shape (products, customers)."""
    shape = len(day.scenario.products), len(day.population)
    return _marked(shape, day.log.product[rows], day.log.customer[rows])


def _marked(shape: tuple[int, int], row: NDArray[np.integer], column: NDArray[np.integer]) -> Bools:
    marks = np.zeros(shape, dtype=np.bool_)
    marks[row, column] = True
    return marks


def _counted(marks: Bools) -> Floats:
    """Return the customers marked in each row; shape (rows,)."""
    return np.asarray(np.count_nonzero(marks, axis=1), dtype=np.float64)
