"""Units sold on display in held-out weeks against what the fitted weeks and the calibrated effects expect."""

from dataclasses import dataclass

import duckdb
import numpy as np

from storesim.calibrate.against import wape
from storesim.calibrate.written import Calibrated

BAR = 0.30


@dataclass(frozen=True)
class Displayed:
    """How far expected units on display are off, Σ over products |expected - sold| / Σ sold."""

    rows: int
    """Items in a store in a week on display."""
    units: float
    """Sold on them."""
    off: float
    """With the display lift and the price elasticity of each product."""
    off_without: float
    """With neither: as many as on ordinary days."""


def displayed(db: duckdb.DuckDBPyConnection, calibrated: Calibrated) -> Displayed | None:
    """Return how well displays in table `held_out` are foretold; None without any.

    An item is expected to sell, per visit, as on the weeks of the fitted data in which it was not on display (all
    stores that carry it together), times its product's lift, times the ratio of prices to its elasticity. Needs the
    tables that `effects.fit_effects` leaves.
    """
    effects = calibrated.effects
    if effects.lifts is None:
        return None
    elasticities = np.zeros(len(effects.products)) if effects.elasticities is None else effects.elasticities
    _make_expected(db, effects.products, effects.lifts.tolist(), elasticities.tolist())
    rows = db.execute("""
        SELECT product, sum(n) AS n, sum(sold) AS sold, sum(usual) AS usual, sum(expected) AS expected
        FROM expected GROUP BY product ORDER BY product""").fetchnumpy()
    db.execute("DROP TABLE expected")
    sold, usual, expected = (np.asarray(rows[name], dtype=float) for name in ("sold", "usual", "expected"))
    if not sold.sum():
        return None
    return Displayed(int(np.sum(rows["n"])), float(sold.sum()), wape(sold, expected), wape(sold, usual))


def _make_expected(
    db: duckdb.DuckDBPyConnection, products: tuple[str, ...], lifts: list[float], elasticities: list[float]
) -> None:
    """Make table `expected` (product, n, sold, usual, expected), a row an item and week."""
    db.execute("CREATE OR REPLACE TEMP TABLE effect (product VARCHAR, lift DOUBLE, elasticity DOUBLE)")
    db.execute(
        "INSERT INTO effect SELECT unnest(?::VARCHAR[]), unnest(?::DOUBLE[]), unnest(?::DOUBLE[])",
        [list(products), lifts, elasticities],
    )
    db.execute("""
        CREATE OR REPLACE TEMP TABLE usual_rate AS
        SELECT c.item, any_value(c.product) AS product, coalesce(sum(w.units), 0) / sum(t.visits) AS rate,
               sum(w.units * w.price) / sum(w.units) AS price
        FROM carried c JOIN traffic t ON t.store = c.store AND t.week >= c.since
        LEFT JOIN weekly w ON w.item = c.item AND w.store = c.store AND w.week = t.week
        LEFT JOIN promoted p ON p.item = c.item AND p.store = c.store AND p.week = t.week
        WHERE c.store IN (SELECT store FROM promoted) AND NOT coalesce(p.display, false)
        GROUP BY c.item""")
    db.execute("""
        CREATE OR REPLACE TEMP TABLE expected AS
        WITH whole_week AS (
            SELECT min(t)::DATE AS first, max(t)::DATE AS last FROM held_out),
        visits AS (
            SELECT coalesce(store, '') AS store, date_trunc('week', t)::DATE AS week, count(DISTINCT basket) AS visits
            FROM held_out, whole_week
            WHERE date_trunc('week', t) >= first AND date_trunc('week', t) + INTERVAL 6 DAY <= last GROUP BY ALL),
        sold AS (
            SELECT sku AS item, coalesce(store, '') AS store, date_trunc('week', t)::DATE AS week,
                   sum(quantity) AS units FROM held_out WHERE quantity > 0 AND net_sales > 0 GROUP BY ALL),
        paid AS (
            SELECT sku AS item, date_trunc('week', t)::DATE AS week, sum(net_sales) / sum(quantity) AS price
            FROM held_out WHERE quantity > 0 AND net_sales > 0 GROUP BY ALL),
        shown AS (
            SELECT p.item, week, count(*) AS n, sum(visits.visits) AS visits, coalesce(sum(sold.units), 0) AS sold
            FROM promoted p JOIN visits USING (store, week) LEFT JOIN sold USING (item, store, week)
            WHERE p.display GROUP BY ALL)
        SELECT product, n, sold, rate * visits AS usual,
               rate * visits * lift * coalesce(power(paid.price / usual_rate.price, elasticity), 1) AS expected
        FROM shown JOIN usual_rate USING (item) JOIN effect USING (product) LEFT JOIN paid USING (item, week)""")
    db.execute("DROP TABLE usual_rate")
