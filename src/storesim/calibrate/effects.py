"""What a price and a display do to a product's units, from weekly sales, with a placebo, shrunk to its department."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb
import numpy as np
from numpy.typing import NDArray

from storesim.calibrate import poisson
from storesim.calibrate.poisson import Codes, Panel, Slopes

Array = NDArray[np.float64]
WEEKS_SOLD = 3
"""Weeks in which a store must have sold an item for its silence in other weeks to count (assumed)."""
FEWEST_WEEKS = 12
"""Weeks from which on a product's own price slope is looked at (assumed)."""
LEAST_VARIATION = 0.01
"""Standard deviation of a product's log price over the weeks below which there is nothing to learn from (assumed)."""
FEWEST_OWN = 5
"""Measured products from which on a department has a mean of its own; the mean of few is their noise again."""
HIGHEST_ELASTICITY = -0.3
LEAST_LIFT = 1.0


@dataclass(frozen=True)
class Effect:
    """One effect for each product (p): as measured, and shrunk to the mean of its department.

    NaN where it was not measured; the shrunken values are there for all products.
    """

    measured: Array
    standard_error: Array
    weeks: Codes
    """Clusters (product-weeks or items) that the measurement rests on, shape (p,)."""

    shrunk: Array
    shrunk_error: Array
    pooled: float
    """Mean of the measured, weighted by precision."""

    pooled_error: float


@dataclass(frozen=True)
class Effects:
    """Elasticity and display lift of the products (p)."""

    products: tuple[str, ...]
    elasticity: Effect | None
    """Of units on the price paid; None where prices do not vary."""

    log_lift: Effect | None
    """Log of units with a display over units without one at unchanged price; None without promotions."""

    placebo: tuple[float, float] | None
    """Log lift of *next* week's display and its standard error: 0 unless displays go where sales are high anyway."""

    between_stores: bool
    """Whether lifts compare stores within an item's week; else weeks of one store, less what all products did."""

    @property
    def elasticities(self) -> Array | None:
        """Shrunken elasticities, at most -0.3, shape (p,)."""
        return None if self.elasticity is None else np.minimum(self.elasticity.shrunk, HIGHEST_ELASTICITY)

    @property
    def lifts(self) -> Array | None:
        """Shrunken lifts, at least 1, shape (p,)."""
        return None if self.log_lift is None else np.maximum(np.exp(self.log_lift.shrunk), LEAST_LIFT)


def fit_effects(
    db: duckdb.DuckDBPyConnection, products: Sequence[str], departments: Sequence[str], item: str = "product"
) -> Effects:
    """Return the effects of the products on offer, from `clean`, `offer` and, where there is one, `promotion`.

    `promotion` has columns item, store (NULL: all stores), week (its Monday), display and mailer (both BOOLEAN). `item`
    is the column of `clean` that it names: the product itself, or an item of which products are made.

    Prices move from week to week: units of a product-week on the mean change of its items' log prices (fixed weights,
    so that a shift to cheap items is no price cut) and the share of sales on display, with effects of product and week.
    Displays differ between stores in the same week: units of an item-week with and without display, per visit, with
    effects of item and week; where no week has both (one store), displays are taken from the first regression.
    """
    has_promotions = make_weekly(db, item)
    weekly, price_varies = _weekly_panel(db, products)
    slopes = poisson.fit(weekly, _week(db))
    measured = price_varies & (slopes.clusters >= FEWEST_WEEKS)
    elasticity = _effect(slopes, 0, measured, departments) if measured.any() else None
    if not has_promotions:
        return Effects(tuple(products), elasticity, None, None, False)
    stores = _display_panel(db, products)
    if stores is not None:
        compared, future = poisson.fit(_columns(stores, [0, 1])), poisson.fit(stores)
        known, at, then = _varied(stores, 0), 0, 2
    else:
        compared = future = slopes
        known, at, then = _varied(weekly, 1), 1, 2
    return Effects(
        tuple(products),
        elasticity,
        _effect(compared, at, known, departments) if known.any() else None,
        _mean(future.value[known, then], future.standard_error[known, then]) if known.any() else None,
        stores is not None,
    )


def make_weekly(db: duckdb.DuckDBPyConnection, item: str = "product") -> bool:
    """Make tables `weekly`, `traffic`, `carried` and `promoted`; return whether there are promotions.

    Half weeks at the ends of the data are left out.
    """
    if not db.execute("SELECT 1 FROM information_schema.tables WHERE table_name = 'promotion'").fetchone():
        db.execute(
            "CREATE TEMP TABLE promotion (item VARCHAR, store VARCHAR, week DATE, display BOOLEAN, mailer BOOLEAN)"
        )
    promoted = db.execute("SELECT 1 FROM promotion LIMIT 1").fetchone() is not None
    db.execute("""
        CREATE OR REPLACE TEMP TABLE traffic AS
        SELECT coalesce(store, '') AS store, date_trunc('week', t)::DATE AS week, count(DISTINCT basket) AS visits
        FROM clean, (SELECT min(t)::DATE AS first, max(t)::DATE AS last FROM clean)
        WHERE date_trunc('week', t) >= first AND date_trunc('week', t) + INTERVAL 6 DAY <= last
        GROUP BY ALL""")
    db.execute(f"""
        CREATE OR REPLACE TEMP TABLE weekly AS
        SELECT clean."{item}" AS item, coalesce(store, '') AS store, any_value(offer.name) AS product,
               date_trunc('week', t)::DATE AS week, sum(quantity) AS units, sum(net_sales) / sum(quantity) AS price
        FROM clean JOIN offer USING (product)
        WHERE offer.name IS NOT NULL AND clean."{item}" IS NOT NULL AND net_sales > 0 AND quantity > 0
        GROUP BY ALL""")
    db.execute("DELETE FROM weekly WHERE week NOT IN (SELECT week FROM traffic)")
    db.execute(f"""
        CREATE OR REPLACE TEMP TABLE carried AS
        SELECT item, store, any_value(product) AS product, min(week) AS since, max(week) AS until
        FROM weekly GROUP BY item, store HAVING count(*) >= {WEEKS_SOLD}""")
    # Two joins, not one with OR: promotions of all stores are few, those of single stores may be tens of millions.
    db.execute("""
        CREATE OR REPLACE TEMP TABLE promoted AS
        SELECT item, store, week, coalesce(bool_or(display), false) AS display,
               coalesce(bool_or(mailer), false) AS mailer
        FROM (SELECT p.item, p.store, p.week, p.display, p.mailer FROM promotion p JOIN carried USING (item, store)
              UNION ALL
              SELECT p.item, carried.store, p.week, p.display, p.mailer FROM promotion p JOIN carried USING (item)
              WHERE p.store IS NULL)
        GROUP BY item, store, week""")
    return promoted


def _weekly_panel(db: duckdb.DuckDBPyConnection, products: Sequence[str]) -> tuple[Panel, NDArray[np.bool_]]:
    """Return product-weeks with x = (log price, share on display, the same next week), and whose price varies."""
    _product_weeks(db)
    rows = db.execute("SELECT * FROM product_week ORDER BY product, week").fetchnumpy()
    order = {name: place for place, name in enumerate(products)}
    owner = np.array([order[str(name)] for name in rows["product"]], dtype=np.int64)
    x = np.column_stack([np.asarray(rows[name], dtype=float) for name in ("price", "display", "next_display")])
    panel = Panel(
        np.asarray(rows["units"], dtype=float), np.asarray(rows["visits"], dtype=float), x, owner, owner,
        np.arange(len(owner)), len(products),
    )  # fmt: skip
    count = np.maximum(np.bincount(owner, minlength=len(products)), 1)
    mean, square = (np.bincount(owner, x[:, 0] ** n, minlength=len(products)) / count for n in (1, 2))
    return panel, np.sqrt(np.maximum(square - mean**2, 0)) >= LEAST_VARIATION


def _product_weeks(db: duckdb.DuckDBPyConnection) -> None:
    """Make table `product_week` (product, week, price, display, next_display, units, visits).

    A price stands until another is seen: weeks in which an item was not sold have the last one, or the first to come.
    """
    db.execute("""
        CREATE OR REPLACE TEMP TABLE priced AS
        SELECT item, any_value(product) AS product, week, sum(units) AS units,
               ln(sum(units * price) / sum(units)) AS log_price
        FROM weekly GROUP BY item, week""")
    db.execute("""
        CREATE OR REPLACE TEMP TABLE shown AS
        SELECT item, week, sum(display::INT * visits) AS visits FROM promoted JOIN traffic USING (store, week)
        GROUP BY item, week""")
    db.execute("""
        CREATE OR REPLACE TEMP TABLE product_week AS
        WITH weight AS (SELECT item, any_value(product) AS product, sum(units) AS weight,
                               sum(units * log_price) / sum(units) AS usual FROM priced GROUP BY item),
        total AS (SELECT week, sum(visits) AS visits FROM traffic GROUP BY week),
        standing AS (
            SELECT item, weight.product, week, weight, total.visits,
                   coalesce(last_value(log_price IGNORE NULLS) OVER so_far,
                            first_value(log_price IGNORE NULLS) OVER to_come) - usual AS change
            FROM weight CROSS JOIN total LEFT JOIN priced USING (item, week)
            WINDOW so_far AS (PARTITION BY item ORDER BY week),
                   to_come AS (PARTITION BY item ORDER BY week ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)),
        sold AS (SELECT product, week, sum(units) AS units FROM priced GROUP BY product, week)
        SELECT s.product, s.week, sum(weight * change) / sum(weight) AS price,
               sum(weight * coalesce(present.visits, 0) / s.visits) / sum(weight) AS display,
               sum(weight * coalesce(later.visits / after.visits, 0)) / sum(weight) AS next_display,
               coalesce(any_value(sold.units), 0) AS units, any_value(s.visits) AS visits
        FROM standing s LEFT JOIN sold USING (product, week)
             LEFT JOIN shown AS present ON present.item = s.item AND present.week = s.week
             LEFT JOIN shown AS later ON later.item = s.item AND later.week = s.week + 7
             LEFT JOIN total AS after ON after.week = s.week + 7
        GROUP BY s.product, s.week""")


def _week(db: duckdb.DuckDBPyConnection) -> Codes:
    rows = db.execute(
        "SELECT dense_rank() OVER (ORDER BY week) - 1 FROM product_week ORDER BY product, week"
    ).fetchnumpy()
    return np.asarray(next(iter(rows.values())), dtype=np.int64)


def _display_panel(db: duckdb.DuckDBPyConnection, products: Sequence[str]) -> Panel | None:
    """Return item-weeks by x = (display, mailer, next week's display), or None where no week has both.

    Stores in the same state are summed: units and visits by state are all that the likelihood needs, which keeps any
    number of stores small.
    """
    rows = db.execute("""
        WITH cell AS (
            SELECT c.item, c.product, t.week, t.visits, coalesce(w.units, 0) AS units,
                   coalesce(present.display, false) AS display, coalesce(present.mailer, false) AS mailer,
                   coalesce(later.display, false) AS next_display
            FROM carried c JOIN traffic t ON t.store = c.store AND t.week BETWEEN c.since AND c.until
            LEFT JOIN weekly w ON w.item = c.item AND w.store = c.store AND w.week = t.week
            LEFT JOIN promoted present ON present.item = c.item AND present.store = c.store AND present.week = t.week
            LEFT JOIN promoted later ON later.item = c.item AND later.store = c.store AND later.week = t.week + 7
            -- a store that no promotion is known of may have had any: it tells nothing about displays
            WHERE c.store IN (SELECT store FROM promoted)),
        state AS (SELECT item, product, week, display, mailer, next_display, sum(units) AS units, sum(visits) AS visits
                  FROM cell GROUP BY ALL)
        SELECT *, dense_rank() OVER (ORDER BY item, week) - 1 AS "group",
               dense_rank() OVER (ORDER BY item) - 1 AS cluster
        FROM (SELECT * FROM state
              WINDOW w AS (PARTITION BY item, week)
              QUALIFY min(display) OVER w < max(display) OVER w AND sum(units) OVER w > 0)
        ORDER BY item, week, display, mailer, next_display""").fetchnumpy()
    if not len(rows["units"]):
        return None
    order = {name: place for place, name in enumerate(products)}
    owner = np.array([order[str(name)] for name in rows["product"]], dtype=np.int64)
    x = np.column_stack([np.asarray(rows[name], dtype=float) for name in ("display", "mailer", "next_display")])
    units, visits = (np.asarray(rows[name], dtype=float) for name in ("units", "visits"))
    group, cluster = (np.asarray(rows[name], dtype=np.int64) for name in ("group", "cluster"))
    return Panel(units, visits, x, group, owner, cluster, len(products))


def _columns(panel: Panel, columns: Sequence[int]) -> Panel:
    return replace(panel, x=panel.x[:, columns])


def _varied(panel: Panel, column: int) -> NDArray[np.bool_]:
    """Return which owners have different values in a column, and enough clusters to look at, shape (o,)."""
    low, high = np.full(panel.owners, np.inf), np.full(panel.owners, -np.inf)
    np.minimum.at(low, panel.owner, panel.x[:, column])
    np.maximum.at(high, panel.owner, panel.x[:, column])
    return low < high


def _effect(slopes: Slopes, column: int, known: NDArray[np.bool_], departments: Sequence[str]) -> Effect:
    measured = np.where(known, slopes.value[:, column], np.nan)
    error = np.where(known, slopes.standard_error[:, column], np.nan)
    shrunk, shrunk_error = shrink(measured, error, departments)
    pooled, pooled_error = _mean(measured[known], error[known])
    return Effect(measured, error, np.where(known, slopes.clusters, 0), shrunk, shrunk_error, pooled, pooled_error)


def shrink(measured: Array, error: Array, departments: Sequence[str]) -> tuple[Array, Array]:
    """Return effects shrunk to the mean of their department, and their standard errors, shape (p,).

    Empirical Bayes: true effects ~ N(m_department, τ²), measured ~ N(true, s²), hence
    shrunk = (measured / s² + m / τ²) / (1 / s² + 1 / τ²). τ² is that of DerSimonian & Laird (1986) over all products;
    departments with fewer than 5 measured products have the overall mean. What was not measured (NaN) gets m.
    """
    known = np.isfinite(measured)
    spread = _spread(measured[known], error[known])
    centre = np.full(len(measured), _mean(measured[known], np.hypot(error[known], np.sqrt(spread)))[0])
    named = np.array(departments)
    for department in dict.fromkeys(departments):
        own = known & (named == department)
        if own.sum() >= FEWEST_OWN:
            centre[named == department] = _mean(measured[own], np.hypot(error[own], np.sqrt(spread)))[0]
    precision = np.where(known, 1 / np.where(known, error, 1.0) ** 2, 0.0)
    prior = 1 / max(spread, 1e-8)
    value = (precision * np.where(known, measured, 0.0) + prior * centre) / (precision + prior)
    return value, 1 / np.sqrt(precision + prior)


def _spread(measured: Array, error: Array) -> float:
    """Return τ², the variance of the true effects (DerSimonian & Laird 1986), at least 0."""
    weight = error**-2
    centre = (weight @ measured) / weight.sum()
    q = weight @ (measured - centre) ** 2
    scale = weight.sum() - (weight @ weight) / weight.sum()
    return float(max((q - (len(measured) - 1)) / scale, 0.0)) if len(measured) > 1 else 0.0


def _mean(value: Array, error: Array) -> tuple[float, float]:
    """Return the mean weighted by precision, and its standard error."""
    weight = error**-2
    return float(weight @ value / weight.sum()), float(weight.sum() ** -0.5)
