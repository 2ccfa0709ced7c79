"""Baskets as they were observed against those of the simulated store, by the same measures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import duckdb
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from storesim.engine.log import Kind
from storesim.experiment.replication import Ready
from storesim.results.day import Day

Array = NDArray[np.float64]
PAIRED = 40
"""Most frequent products among which pairs are counted: the twenty most frequent pairs are among them."""
PAIRS = 20
SPENDS = 40
"""Classes of spend; the last is open."""


@dataclass(frozen=True)
class Shelves:
    """What is compared: products that stand in the store, in the order of the products file."""

    products: tuple[str, ...]
    departments: tuple[str, ...]
    """Of each product, shape (products,)."""
    paired: tuple[int, ...]
    """Numbers of the products among which pairs are counted."""
    spend_step: float
    """Width of a class of spend, in the currency of the data."""
    hours: tuple[int, int] = (0, 24)
    """Opening hours: the hour profile is compared within them."""

    @property
    def sections(self) -> tuple[str, ...]:
        """Departments, each once, in order."""
        return tuple(dict.fromkeys(self.departments))


@dataclass(frozen=True, eq=False)
class Baskets:
    """What baskets that hold any of the products look like; counts of baskets."""

    baskets: int
    sizes: Array
    """With 1, 2, … products, shape (n,)."""
    with_product: Array
    """Shape (products,)."""
    with_section: Array
    """Shape (departments,)."""
    with_pair: Array
    """Shape (pairs,), in the order of combinations of `Shelves.paired`."""
    hours: Array
    """Paid in each hour of the day, shape (24,); 0 outside the opening hours."""
    spends: Array
    """By class of spend, shape (SPENDS,)."""
    spend: float
    """In all, in the currency of the data."""

    def __add__(self, other: "Baskets") -> "Baskets":
        longest = max(len(self.sizes), len(other.sizes))
        sizes = sum(np.pad(each.sizes, (0, longest - len(each.sizes))) for each in (self, other))
        return Baskets(
            self.baskets + other.baskets, np.asarray(sizes), self.with_product + other.with_product,
            self.with_section + other.with_section, self.with_pair + other.with_pair, self.hours + other.hours,
            self.spends + other.spends, self.spend + other.spend,
        )  # fmt: skip


def observed(db: duckdb.DuckDBPyConnection, table: str, shelves: Shelves) -> Baskets:
    """Return the baskets of `clean` or `held_out`, by the names in table `offer`."""
    db.execute("CREATE OR REPLACE TEMP TABLE standing (name VARCHAR, number INTEGER, section INTEGER, paired INTEGER)")
    order = {section: number for number, section in enumerate(shelves.sections)}
    paired = {product: number for number, product in enumerate(shelves.paired)}
    db.executemany(
        "INSERT INTO standing VALUES (?, ?, ?, ?)",
        [
            (name, number, order[section], paired.get(number))
            for number, (name, section) in enumerate(zip(shelves.products, shelves.departments, strict=True))
        ],
    )
    db.execute(f"""
        CREATE OR REPLACE TEMP TABLE compared AS
        SELECT basket, number, section, any_value(paired) AS paired, min(t) AS t, sum(net_sales) AS spend
        FROM {table} JOIN offer USING (product) JOIN standing USING (name) GROUP BY ALL""")
    db.execute("""
        CREATE OR REPLACE TEMP TABLE compared_basket AS
        SELECT count(*) AS size, hour(min(t)) AS hour, sum(spend) AS spend FROM compared GROUP BY basket""")
    pairs = _pair_numbers(shelves)
    step = shelves.spend_step
    found = Baskets(
        baskets=int(db.execute("SELECT count(*) FROM compared_basket").fetchall()[0][0]),
        sizes=_counts(db, "SELECT size - 1, count(*) FROM compared_basket GROUP BY 1"),
        with_product=_counts(db, "SELECT number, count(*) FROM compared GROUP BY 1", len(shelves.products)),
        with_section=_counts(
            db, "SELECT section, count(DISTINCT basket) FROM compared GROUP BY 1", len(shelves.sections)
        ),
        with_pair=_counts(db, f"""
            SELECT ({pairs.tolist()})[one.paired + 1][other.paired + 1], count(*)
            FROM compared AS one JOIN compared AS other USING (basket) WHERE one.paired < other.paired GROUP BY 1
            """, len(shelves.paired) * (len(shelves.paired) - 1) // 2),
        hours=_within(shelves.hours, _counts(db, "SELECT hour, count(*) FROM compared_basket GROUP BY 1", 24)),
        spends=_counts(db, f"""
            SELECT greatest(least(floor(spend / {step!r}), {SPENDS - 1}), 0)::INT, count(*)
            FROM compared_basket GROUP BY 1""", SPENDS),
        spend=float(db.execute("SELECT coalesce(sum(spend), 0) FROM compared_basket").fetchall()[0][0]),
    )  # fmt: skip
    db.execute("DROP TABLE compared")
    db.execute("DROP TABLE compared_basket")
    return found


def _pair_numbers(shelves: Shelves) -> NDArray[np.int64]:
    """Return a table of the number of each pair (i < j), shape (paired, paired)."""
    table = np.zeros((len(shelves.paired), len(shelves.paired)), dtype=np.int64)
    for number, (one, other) in enumerate(combinations(range(len(shelves.paired)), 2)):
        table[one, other] = table[other, one] = number
    return table


def _counts(db: duckdb.DuckDBPyConnection, query: str, length: int = 0) -> Array:
    rows = db.execute(query).fetchall()
    counts = np.zeros(max([length, *(row[0] + 1 for row in rows)]))
    for place, count in rows:
        counts[place] = count
    return counts


def simulated(
    ready: Ready, shelves: Shelves, replications: Sequence[int], progress: Callable[[int, int], None] = lambda *_: None
) -> Baskets:
    """Return the paid baskets of some days of the store."""
    total = None
    for done, replication in enumerate(replications, start=1):
        day = _of_day(ready.play(0, ready.population(replication), replication), shelves)
        total = total + day if total else day
        progress(done, len(replications))
    if total is None:
        raise ValueError("no days are to be played")
    return total


def _of_day(day: Day, shelves: Shelves) -> Baskets:
    number = {product.id: place for place, product in enumerate(day.scenario.products)}
    columns = [number[product] for product in shelves.products]
    taken, spend = _taken(day)
    own = taken[:, columns]
    bought = np.flatnonzero(np.diff(own.indptr))
    own, spend = own[bought], spend[bought]
    sections = {section: place for place, section in enumerate(shelves.sections)}
    section = np.array([sections[name] for name in shelves.departments])
    by_section = own @ sparse.csr_array(
        (np.ones(len(section)), (np.arange(len(section)), section)), shape=(len(section), len(sections))
    )
    paired = own[:, list(shelves.paired)]
    together = (paired.T @ paired).toarray()
    log = day.log
    pays = np.flatnonzero((log.kind == Kind.PAY) & np.isin(log.customer, bought))
    hours = ((day.scenario.opens_s + log.t_s[pays]) // 3600).astype(np.int64) % 24
    classes = np.minimum(spend // shelves.spend_step, SPENDS - 1).astype(np.int64)
    return Baskets(
        baskets=len(bought),
        sizes=np.bincount(np.diff(own.indptr) - 1).astype(float),
        with_product=np.asarray(own.sum(axis=0)),
        with_section=np.asarray((by_section > 0).sum(axis=0), dtype=float),
        with_pair=together[np.triu_indices(len(together), 1)],
        hours=_within(shelves.hours, np.bincount(hours, minlength=24).astype(float)),
        spends=np.bincount(classes, minlength=SPENDS).astype(float),
        spend=float(spend.sum()),
    )


def _within(hours: tuple[int, int], counts: Array) -> Array:
    """Return counts by hour of the day, shape (24,), with 0 outside opening hours."""
    opens, closes = hours
    return np.where((np.arange(24) >= opens) & (np.arange(24) < closes), counts, 0.0)


def _taken(day: Day) -> tuple[sparse.csr_array, Array]:
    """Return which product is in which paid basket (0 or 1), shape (customers, products), and what each was worth."""
    baskets = day.baskets
    shape = (len(baskets.customer_paid), len(day.scenario.products))
    paid = baskets.paid
    table = sparse.csr_array((np.ones(paid.sum()), (baskets.customer[paid], baskets.product[paid])), shape=shape)
    table.data[:] = 1.0
    spend = np.bincount(baskets.customer[paid], baskets.amount[paid], minlength=shape[0])
    return table, np.asarray(spend, dtype=np.float64)


NAMES = (
    "categories per basket, KS",
    "product penetration, WAPE",
    "department penetration, WAPE",
    "pairs bought together (top 20), WAPE",
    "hour profile, total variation",
    "mean spend, difference",
)
BARS: dict[str, tuple[float, float]] = dict(
    zip(NAMES, ((0.03, 0.03), (0.03, 0.13), (0.04, 0.04), (0.16, 0.16), (0.05, 0.05), (0.03, 0.03)), strict=True)
)
"""The most that a calibrated store may be off: in the weeks that it was fitted to, and in held-out weeks."""


def differences(truth: Baskets, other: Baskets) -> dict[str, float]:
    """Return how far other baskets are from the observed ones, by name of the measure.

    KS: the largest difference of the distribution functions. WAPE: Σ|other - truth| / Σ truth of the shares of baskets.
    Total variation: half the sum of the absolute differences, within opening hours. Spend: |other / truth - 1|.
    """
    top = np.argsort(-truth.with_pair, kind="stable")[:PAIRS]
    n, m = truth.baskets, other.baskets
    values = (
        ks(truth.sizes, other.sizes),
        wape(truth.with_product / n, other.with_product / m),
        wape(truth.with_section / n, other.with_section / m),
        wape(truth.with_pair[top] / n, other.with_pair[top] / m),
        float(np.abs(truth.hours / truth.hours.sum() - other.hours / other.hours.sum()).sum() / 2),
        abs(other.spend / m / (truth.spend / n) - 1),
    )
    return dict(zip(NAMES, values, strict=True))


def ks(one: Array, other: Array) -> float:
    """Return the largest difference of two distribution functions, given as counts."""
    longest = max(len(one), len(other))
    sums = [np.cumsum(np.pad(each, (0, longest - len(each)))) / each.sum() for each in (one, other)]
    return float(np.abs(sums[0] - sums[1]).max())


def wape(truth: Array, other: Array) -> float:
    """Return Σ|other - truth| / Σ truth."""
    return float(np.abs(other - truth).sum() / truth.sum())
