"""From being in view to being bought: how many customers each product and fixture carries to each step."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from storesim.behaviour.attention import p_notice
from storesim.customers.population import Candidates, Pairs, Population
from storesim.engine.log import EventLog, Kind
from storesim.results.baskets import Baskets
from storesim.results.trips import Trips
from storesim.store.floor import Floor

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
BLOCK = 3072
"""Customers looked at together, at most: bounds memory, whatever the day."""


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


@dataclass(frozen=True, eq=False)
class FixtureFunnel:
    """Customers at each step at a fixture; arrays of shape (fixtures,)."""

    passed: Floats
    """Had any of its bays in view."""
    noticed: Floats
    """Noticed something on it: counted where a fact says so, else expected from all its goods."""
    bought: Floats
    """Took something from it, planned or not, and paid."""


@dataclass(frozen=True, eq=False)
class Funnels:
    """The funnels of a day."""

    products: Funnel
    fixtures: FixtureFunnel
    passed_bays: float
    """Bays passed, all customers together."""


def read_funnels(
    trips: Trips, baskets: Baskets, population: Population, log: EventLog, exposure: sparse.csr_array
) -> Funnels:
    """Return the funnels of a day; `exposure` is as in `Day`."""
    facts, goods = _facts(trips.floor, baskets, population, log, exposure.shape[1]), _goods(trips.floor, exposure)
    counts = _counts(trips, facts, goods, 0, len(population))
    return Funnels(
        products=Funnel(counts.exposed, counts.seen + counts.expected, counts.wanted, counts.bought),
        fixtures=FixtureFunnel(counts.passed, counts.noticed, counts.sold),
        passed_bays=float(counts.passed_bays),
    )


@dataclass(frozen=True, eq=False)
class _Goods:
    """What stands where: sparse, shapes (products, bays) and twice (fixtures, bays)."""

    shown: sparse.csr_array
    """Notices of the product expected per second in full view of the bay."""
    holds: sparse.csr_array
    weighs: sparse.csr_array
    """Notices of anything in the bay expected per second."""


def _goods(floor: Floor, exposure: sparse.csr_array) -> _Goods:
    bays = floor.places.bays
    shape, each_bay = (len(floor.plan.fixtures), bays), np.arange(bays + 1)
    attention = np.asarray(exposure.sum(axis=1)).ravel()
    return _Goods(
        shown=sparse.csr_array(exposure.T),
        holds=sparse.csc_array((np.ones(bays), floor.places.fixture, each_bay), shape=shape).tocsr(),
        weighs=sparse.csc_array((attention, floor.places.fixture, each_bay), shape=shape).tocsr(),
    )


@dataclass(frozen=True, eq=False)
class _Marks:
    """Cells of a table (rows, customers) that something is true of."""

    rows: int
    row: NDArray[np.integer]
    customer: NDArray[np.integer]

    def of(self, begin: int, end: int) -> Bools:
        """Return the table for some customers."""
        marks = np.zeros((self.rows, end - begin), dtype=np.bool_)
        mine = (self.customer >= begin) & (self.customer < end)
        marks[self.row[mine], self.customer[mine] - begin] = True
        return marks


@dataclass(frozen=True, eq=False)
class _PairMarks:
    """Cells (products, customers) that there is a pair of: those of a big day are millions, and in order."""

    rows: int
    pairs: Pairs | Candidates

    def of(self, begin: int, end: int) -> Bools:
        """Return the table for some customers."""
        marks = np.zeros((self.rows, end - begin), dtype=np.bool_)
        first = self.pairs.first[begin : end + 1]
        marks[self.pairs.product[first[0] : first[-1]], np.repeat(np.arange(end - begin), np.diff(first))] = True
        return marks


@dataclass(frozen=True, eq=False)
class _Facts:
    """What draws and log say of products, and of fixtures."""

    listed: _PairMarks
    watched: _PairMarks
    seen: _Marks
    went: _Marks
    paid: _Marks
    told: _Marks
    """Fixtures that something was noticed on or taken from."""
    sold: _Marks
    """Fixtures that something was bought from."""


def _facts(floor: Floor, baskets: Baskets, population: Population, log: EventLog, products: int) -> _Facts:
    fixture, bays, fixtures = floor.places.fixture.astype(np.int32), floor.places.bays, len(floor.plan.fixtures)
    noticed, took = log.kind == Kind.NOTICE, log.kind == Kind.TAKE
    went = (log.kind == Kind.STOP) | took
    told = (noticed | took) & (log.place >= 0) & (log.place < bays)
    sold = baskets.paid & (baskets.place >= 0) & (baskets.place < bays)
    return _Facts(
        listed=_PairMarks(products, population.needs),
        watched=_PairMarks(products, population.candidates),
        seen=_Marks(products, log.product[went | noticed], log.customer[went | noticed]),
        went=_Marks(products, log.product[went], log.customer[went]),
        paid=_Marks(products, baskets.product[baskets.paid], baskets.customer[baskets.paid]),
        told=_Marks(fixtures, fixture[log.place[told]], log.customer[told]),
        sold=_Marks(fixtures, fixture[baskets.place[sold]], baskets.customer[sold]),
    )


@dataclass(frozen=True, eq=False)
class _Counts:
    """Customers at each step, of some or all: shapes (products,) and (fixtures,)."""

    exposed: Floats
    seen: Floats
    expected: Floats
    wanted: Floats
    bought: Floats
    passed: Floats
    noticed: Floats
    sold: Floats
    passed_bays: int

    def __add__(self, other: "_Counts") -> "_Counts":
        return _Counts(*(getattr(self, own.name) + getattr(other, own.name) for own in fields(self)))


def _counts(trips: Trips, facts: _Facts, goods: _Goods, begin: int, end: int) -> _Counts:
    """Return the counts of customers begin..end, added up in halves as NumPy's own sums are.

    So no digit depends on the size of the block.
    """
    half = (end - begin) // 2
    middle = begin + half - half % 8
    if end - begin > BLOCK:
        return _counts(trips, facts, goods, begin, middle) + _counts(trips, facts, goods, middle, end)
    in_view_s = trips.in_view_s(slice(begin, end))
    exposure = np.asarray(goods.shown @ in_view_s)
    unlisted, told = ~facts.listed.of(begin, end), facts.told.of(begin, end)
    seen = facts.seen.of(begin, end) & unlisted
    unwatched = unlisted & ~facts.watched.of(begin, end) & ~seen
    return _Counts(
        exposed=_counted(unlisted & (exposure > 0) | seen),
        seen=_counted(seen),
        expected=np.where(unwatched, p_notice(exposure), 0.0).sum(axis=1),
        wanted=_counted(facts.went.of(begin, end) & unlisted),
        bought=_counted(facts.paid.of(begin, end) & unlisted),
        passed=_counted((np.asarray(goods.holds @ in_view_s) > 0) | told),
        noticed=np.where(told, 1.0, p_notice(np.asarray(goods.weighs @ in_view_s))).sum(axis=1),
        sold=_counted(facts.sold.of(begin, end)),
        passed_bays=int(np.count_nonzero(in_view_s)),
    )


def _counted(marks: Bools) -> Floats:
    """Return the customers marked in each row; shape (rows,)."""
    return np.asarray(np.count_nonzero(marks, axis=1), dtype=np.float64)
