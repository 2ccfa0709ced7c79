"""What became of the stock on one day, product by product, read from the log."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.engine.log import EventLog, Kind
from storesim.inputs.case import Case, Scenario
from storesim.results.sums import group_counts, group_sums
from storesim.results.table import Table

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MINUTE_S = 60.0


@dataclass(frozen=True, eq=False)
class StockTable(Table):
    """Rows: the scenario's products. Of what is not kept in stock: always available, and 0 of all else."""

    kept: Floats
    """1: its stock is kept; 0: it never runs out."""
    availability: Floats
    """Share of the opening time with at least one unit on any of its places."""
    out_of_stock_min: Floats
    """Minutes of the opening time with none."""
    missed: Floats
    """Customers who had it on their list, found none, and went without."""
    postponed: Floats
    """... and will buy it another day."""
    substituted: Floats
    """... and took something else."""
    lost_empty: Floats
    """Value at the regular price of what was missed or postponed."""
    opening: Floats
    """Units on shelves and in the back room at opening."""
    delivered: Floats
    put_back: Floats
    """Units from baskets that were left unpaid."""
    taken: Floats
    """Units taken from shelves, paid or not."""
    shrunk: Floats
    refilled: Floats
    """Units brought from the back room to shelves."""
    closing: Floats
    """Opening and delivered and put back, less taken and shrunk: units left at the end."""


def read_stock(log: EventLog, scenario: Scenario, case: Case) -> StockTable:
    """Return the stock of a day; all products are endless where a case keeps no stock."""
    products, kept = len(scenario.products), _kept(scenario, case)
    price = np.array([product.price for product in scenario.products])
    lasts_s = scenario.closes_s - scenario.opens_s

    def units(kind: Kind) -> Floats:
        rows = np.flatnonzero(log.kind == kind)
        return group_sums(log.product[rows], log.units[rows], products) * kept

    def customers(kind: Kind) -> Floats:
        return group_counts(log.product[log.kind == kind], products)

    opening, delivered, put_back = units(Kind.OPENING), units(Kind.DELIVER), units(Kind.PUT_BACK)
    taken, shrunk = units(Kind.TAKE), units(Kind.SHRINK)
    empty_s = np.where(kept, _empty_s(log, products, lasts_s), 0.0)
    return StockTable(
        kept=kept.astype(np.float64),
        availability=1 - empty_s / lasts_s,
        out_of_stock_min=empty_s / MINUTE_S,
        missed=customers(Kind.MISS),
        postponed=customers(Kind.POSTPONE),
        substituted=customers(Kind.SWITCH),
        lost_empty=(units(Kind.MISS) + units(Kind.POSTPONE)) * price,
        opening=opening,
        delivered=delivered,
        put_back=put_back,
        taken=taken,
        shrunk=shrunk,
        refilled=units(Kind.REFILL),
        closing=opening + delivered + put_back - taken - shrunk,
    )


def _kept(scenario: Scenario, case: Case) -> NDArray[np.bool_]:
    """Return which products can run out: those that stock is kept of, and that have a place; shape (products,)."""
    stock = case.operations.stock
    if stock is None:
        return np.zeros(len(scenario.products), dtype=np.bool_)
    placed = {placement.product for placement in case.placements}
    return np.array([product.id in stock.held and product.id in placed for product in scenario.products])


def _empty_s(log: EventLog, products: int, lasts_s: float) -> Floats:
    """Return the seconds of the opening time in which no place of a product has a unit, shape (products,)."""
    sign = np.zeros(len(Kind), dtype=np.int64)
    sign[[Kind.OPENING, Kind.REFILL]], sign[[Kind.TAKE, Kind.SHRINK]] = 1, -1
    on_shelf = (sign[log.kind] != 0) & ((log.kind != Kind.OPENING) | (log.place >= 0))
    rows = np.flatnonzero(on_shelf)
    rows = rows[np.argsort(log.product[rows], kind="stable")]
    # Before its first fact a shelf is empty; the row of each product that says so comes first.
    product: Ints = np.concatenate((np.arange(products), log.product[rows].astype(np.int64)))
    change = np.concatenate((np.zeros(products, dtype=np.int64), (sign[log.kind] * log.units)[rows]))
    at_s = np.concatenate((np.zeros(products), np.minimum(log.t_s[rows], lasts_s)))
    order = np.argsort(product, kind="stable")
    product, change, at_s = product[order], change[order], at_s[order]
    total = np.cumsum(change)
    first = np.searchsorted(product, np.arange(products))
    level = total - np.append(0, total)[first][product]
    until_s = np.append(at_s[1:], lasts_s)
    until_s[np.append(first[1:], len(at_s)) - 1] = lasts_s
    return group_sums(product, np.where(level <= 0, until_s - at_s, 0.0), products)
