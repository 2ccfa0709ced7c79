"""Who comes: value tiers, lifecycle and visit frequency of known customers, as aggregates only."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from storesim.calibrate.missions import SEED
from storesim.calibrate.needs import sklearn
from storesim.calibrate.privacy import LEAST, Withheld

Array = NDArray[np.float64]
TIERS = (("top", 0.8), ("middle", 0.5), ("light", 0.0))
"""Value tiers, and the quantile of spend a week from which on a customer belongs to one (assumed)."""
NEW_WEEKS = LAPSED_WEEKS = 8
"""Weeks since the first visit up to which a customer is new; since the last from which on lapsed (assumed)."""
GUESTS = "guests"
EVERYBODY = "everybody"
DEPTH = 3
MOST_TAUGHT = 200_000
BEHAVIOUR = {
    "visits_per_week": "visits a week",
    "spend_per_visit": "spend a visit",
    "categories_per_visit": "products a visit",
    "weekend_share": "share of visits at the weekend",
    "evening_share": "share of visits after 17:00",
}


@dataclass(frozen=True)
class Tier:
    """Customers of one value tier."""

    name: str
    customers: int
    visits_per_week: float
    """Mean over its customers, from the first visit to the end of the data."""

    spend_per_week: float
    """In the currency of the data."""

    recency_days: float
    """Mean days since the last visit."""

    sales_share: float
    """Share of the known customers' sales."""


@dataclass(frozen=True)
class SegmentMix:
    """Visits of a tier, or of customers who are not known: what a segments file needs of them."""

    name: str
    share: float
    """Share of all visits."""

    missions: dict[str, float]
    """Mission -> share of the segment's visits; they add up to 1."""

    visits: int


@dataclass(frozen=True)
class Customers:
    """What may be said of the customers; empty where nobody is known."""

    known: int
    tiers: tuple[Tier, ...]
    lifecycle: dict[str, int]
    """new, regular, lapsed -> customers."""

    loyalty_visits: float
    """Share of visits whose customer is known."""

    loyalty_sales: float
    """Share of sales whose customer is known."""

    rules: tuple[str, ...]
    """The tree that explains the tiers, a sentence a leaf."""

    accuracy: float
    """Share of customers that the tree puts in their tier; NaN without a tree."""

    segments: tuple[SegmentMix, ...]
    withheld: tuple[Withheld, ...]


def fit_customers(db: duckdb.DuckDBPyConnection, least: int = LEAST) -> Customers:
    """Return the customers of table `basket`, whose `customer` is NULL unless consent allows it to be used.

    The table of customers is dropped again; tiers and stages of fewer than `least` customers are merged.
    """
    totals = db.execute("""
        SELECT count(DISTINCT customer), count(customer) / count(*),
               coalesce(sum(spend) FILTER (customer IS NOT NULL) / nullif(sum(spend), 0), 0) FROM basket""")
    known, visits, sales = totals.fetchone() or (0, 0.0, 0.0)
    if known < least:
        withheld = (Withheld("known customers", known, "all visits are one segment"),) if known else ()
        segments = _segments(db, least, f"SELECT *, '{EVERYBODY}' AS segment FROM basket")
        return Customers(0, (), {}, visits, sales, (), float("nan"), segments, withheld)
    _make_customer(db, least)
    tiers, (lifecycle, few) = _tiers(db), _lifecycle(db, least)
    rules, accuracy = _explain(db, least)
    tiered = f"SELECT basket.*, coalesce(tier, '{GUESTS}') AS segment FROM basket LEFT JOIN customer USING (customer)"
    segments = _segments(db, least, tiered)
    db.execute("DROP TABLE customer")
    withheld = (Withheld("lifecycle stages", few, "counted as regular"),) if few else ()
    return Customers(known, tiers, lifecycle, visits, sales, rules, accuracy, segments, withheld)


def _make_customer(db: duckdb.DuckDBPyConnection, least: int) -> None:
    """Make table `customer`: recency, frequency, money, behaviour and tier; tiers too small join the next one down."""
    db.execute("""
        CREATE OR REPLACE TEMP TABLE customer AS
        WITH last AS (SELECT max(t) AS t FROM basket)
        SELECT customer, count(*) AS visits, sum(spend) AS spend,
               datediff('day', max(basket.t), any_value(last.t)) AS recency_days,
               datediff('day', min(basket.t), any_value(last.t)) AS age_days,
               greatest(age_days, 7) / 7 AS weeks, visits / weeks AS visits_per_week,
               sum(spend) / weeks AS spend_per_week,
               avg(spend) AS spend_per_visit, avg(categories) AS categories_per_visit,
               avg((isodow(basket.t) >= 6)::INT) AS weekend_share, avg((hour(basket.t) >= 17)::INT) AS evening_share
        FROM basket, last WHERE customer IS NOT NULL GROUP BY customer""")
    cases = " ".join(f"WHEN rank >= {quantile} THEN '{name}'" for name, quantile in TIERS)
    db.execute(f"""
        CREATE OR REPLACE TEMP TABLE customer AS
        SELECT *, CASE {cases} END AS tier
        FROM (SELECT *, percent_rank() OVER (ORDER BY spend_per_week, customer) AS rank FROM customer)""")
    for (name, _), (below, _) in pairwise(TIERS):
        db.execute(f"""
            UPDATE customer SET tier = '{below}'
            WHERE tier = '{name}' AND (SELECT count(*) FROM customer WHERE tier = '{name}') < {least}""")


def _tiers(db: duckdb.DuckDBPyConnection) -> tuple[Tier, ...]:
    rows = db.execute("""
        SELECT tier, count(*), avg(visits_per_week), avg(spend_per_week), avg(recency_days),
               sum(spend) / (SELECT sum(spend) FROM customer) FROM customer GROUP BY tier""").fetchall()
    order = [name for name, _ in TIERS]
    return tuple(Tier(*row) for row in sorted(rows, key=lambda row: order.index(row[0])))


def _lifecycle(db: duckdb.DuckDBPyConnection, least: int) -> tuple[dict[str, int], int]:
    """Return customers by stage, and how many stages had too few.

    Those count as regular: left out, they could be told from the total.
    """
    rows = db.execute(f"""
        SELECT CASE WHEN recency_days >= {7 * LAPSED_WEEKS} THEN 'lapsed'
                    WHEN age_days < {7 * NEW_WEEKS} THEN 'new' ELSE 'regular' END AS stage, count(*)
        FROM customer GROUP BY stage ORDER BY stage""").fetchall()
    few = {stage: count for stage, count in rows if count < least and stage != "regular"}
    stages = {stage: count for stage, count in rows if stage not in few}
    if few:
        stages["regular"] = stages.get("regular", 0) + sum(few.values())
    return stages, len(few)


def _explain(db: duckdb.DuckDBPyConnection, least: int) -> tuple[tuple[str, ...], float]:
    """Return the leaves of a small tree as sentences, and the share of customers it puts in their tier."""
    names = tuple(BEHAVIOUR)
    rows = db.execute(
        f"SELECT {', '.join(names)}, tier FROM customer ORDER BY md5(customer) LIMIT {MOST_TAUGHT}"
    ).fetchnumpy()
    x = np.column_stack([np.asarray(rows[name], dtype=float) for name in names])
    tier = np.asarray(rows["tier"], dtype=str)
    model = sklearn("tree").DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=least, random_state=SEED)
    model.fit(x, tier)
    return tuple(_leaves(model, 0, ())), float((model.predict(x) == tier).mean())


def _leaves(model: Any, node: int, path: tuple[str, ...]) -> list[str]:
    """Return a sentence for each leaf below a node."""
    tree = model.tree_
    if tree.children_left[node] < 0:
        share = tree.value[node][0] / tree.value[node][0].sum()
        best = int(np.argmax(share))
        where = " and ".join(path) or "all"
        return [f"{where}: {model.classes_[best]} ({share[best]:.0%} of {tree.n_node_samples[node]} customers)"]
    name, limit = tuple(BEHAVIOUR.values())[tree.feature[node]], tree.threshold[node]
    low = _leaves(model, int(tree.children_left[node]), (*path, f"{name} up to {limit:.3g}"))
    return low + _leaves(model, int(tree.children_right[node]), (*path, f"{name} above {limit:.3g}"))


def _segments(db: duckdb.DuckDBPyConnection, least: int, visits: str) -> tuple[SegmentMix, ...]:
    """Return the segments of a query on baskets, guests last; what fewer than `least` visits share is left out."""
    rows = db.execute(f"""
        SELECT segment, mission, count(*) FROM ({visits}) GROUP BY ALL HAVING count(*) >= {least}
        ORDER BY segment, mission""").fetchall()
    mixes: dict[str, dict[str, int]] = {}
    for segment, mission, count in rows:
        mixes.setdefault(segment, {})[mission] = count
    total = sum(count for _, _, count in rows)
    order = [*(tier for tier, _ in TIERS), GUESTS, EVERYBODY]
    return tuple(_segment(name, mixes[name], total) for name in sorted(mixes, key=order.index))


def _segment(name: str, counts: dict[str, int], total: int) -> SegmentMix:
    visits = sum(counts.values())
    return SegmentMix(name, visits / total, {mission: count / visits for mission, count in counts.items()}, visits)
