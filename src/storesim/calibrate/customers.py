"""Who comes: tiers, lifecycle and visit frequency of known customers, as aggregates only."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from storesim.calibrate.customers_file import TIERS
from storesim.calibrate.privacy import LEAST, WHO, Withheld
from storesim.calibrate.tiers_in_words import Explained, explain

VALUE_TIERS = (("top", 0.8), ("middle", 0.5), ("light", 0.0))
"""Value tiers, and the quantile of spend a week from which on a customer belongs to one (assumed)."""
BY_VALUE = "by spend a week: light is the lower half, top the highest fifth, middle between"
OWN = "those of --customers"
NO_TIER = "no tier"
NEW_WEEKS = LAPSED_WEEKS = 8
"""Weeks since the first visit up to which a customer is new; since the last from which on lapsed (assumed)."""
GUESTS = "guests"
EVERYBODY = "everybody"


@dataclass(frozen=True)
class Tier:
    """Customers of one tier."""

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
    tiers_are: str
    """What the tiers are: the user's own, or how they were made."""

    tiers: tuple[Tier, ...]
    """The highest spend a week first."""

    lifecycle: dict[str, int]
    """new, regular, lapsed -> customers."""

    loyalty_visits: float
    """Share of visits whose customer is known."""

    loyalty_sales: float
    """Share of sales whose customer is known."""

    explained: Explained | None
    """What kind of customers are in each tier."""

    segments: tuple[SegmentMix, ...]
    withheld: tuple[Withheld, ...]


def fit_customers(db: duckdb.DuckDBPyConnection, least: int = LEAST, seed: int = 1) -> Customers:
    """Return the customers of table `basket`, whose `customer` is NULL unless consent allows it to be used.

    Tiers are those of table `tier_list`, where the user gave any, else tiers of value. The table of customers is
    dropped again; tiers and stages of fewer than `least` customers are merged.
    """
    totals = db.execute("""
        SELECT count(DISTINCT customer), count(customer) / count(*),
               coalesce(sum(spend) FILTER (customer IS NOT NULL) / nullif(sum(spend), 0), 0) FROM basket""")
    known, visits, sales = totals.fetchone() or (0, 0.0, 0.0)
    if known < least:
        hidden = (Withheld("known customers", known, "all visits are one segment"),) if known else ()
        everybody = f"SELECT basket, NULL AS customer, mission, '{EVERYBODY}' AS segment FROM basket"
        segments, _ = _segments(db, least, everybody, (EVERYBODY,))
        return Customers(0, "", (), {}, visits, sales, None, segments, hidden)
    tiers_are, few_tiers = _make_customer(db, least)
    tiers, (lifecycle, few_stages) = _tiers(db), _lifecycle(db, least)
    explained = explain(db, least, seed)
    tiered = f"SELECT basket.*, coalesce(tier, '{GUESTS}') AS segment FROM basket LEFT JOIN customer USING (customer)"
    segments, few_missions = _segments(db, least, tiered, (*(tier.name for tier in tiers), GUESTS))
    db.execute("DROP TABLE customer")
    small = (
        Withheld("tiers", few_tiers, "counted with the next tier by spend a week"),
        Withheld("lifecycle stages", few_stages, "counted as regular"),
        Withheld("missions of a segment", few_missions, "left out of the segment"),
    )
    withheld = tuple(entry for entry in small if entry.cells)
    return Customers(known, tiers_are, tiers, lifecycle, visits, sales, explained, segments, withheld)


def _make_customer(db: duckdb.DuckDBPyConnection, least: int) -> tuple[str, int]:
    """Make table `customer`: recency, frequency, money, behaviour and tier.

    Returns:
        What the tiers are, and how many were merged.
    """
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
    own = db.execute(f"SELECT 1 FROM information_schema.tables WHERE table_name = '{TIERS}'").fetchone()
    (_own_tiers if own else _value_tiers)(db)
    return OWN if own else BY_VALUE, _merge_small(db, least)


def _value_tiers(db: duckdb.DuckDBPyConnection) -> None:
    """Add the tier by spend a week to table `customer`."""
    cases = " ".join(f"WHEN rank >= {quantile} THEN '{name}'" for name, quantile in VALUE_TIERS)
    db.execute(f"""
        CREATE OR REPLACE TEMP TABLE customer AS
        SELECT *, CASE {cases} END AS tier
        FROM (SELECT *, percent_rank() OVER (ORDER BY spend_per_week, customer) AS rank FROM customer)""")


def _own_tiers(db: duckdb.DuckDBPyConnection) -> None:
    """Add the user's tier to table `customer`."""
    db.execute(f"""
        CREATE OR REPLACE TEMP TABLE customer AS
        SELECT customer.*, coalesce({TIERS}.tier, '{NO_TIER}') AS tier
        FROM customer LEFT JOIN {TIERS} USING (customer)""")


def _merge_small(db: duckdb.DuckDBPyConnection, least: int) -> int:
    """Put tiers of fewer than `least` customers with the next lower one, the lowest with the one above; count them."""
    merged = 0
    while len(tiers := _tiers(db)) > 1:
        small = next((place for place, tier in enumerate(tiers) if tier.customers < least), None)
        if small is None:
            break
        into = tiers[small + 1] if small + 1 < len(tiers) else tiers[small - 1]
        db.execute("UPDATE customer SET tier = $1 WHERE tier = $2", [into.name, tiers[small].name])
        merged += 1
    return merged


def _tiers(db: duckdb.DuckDBPyConnection) -> tuple[Tier, ...]:
    rows = db.execute("""
        SELECT tier, count(*), avg(visits_per_week), avg(spend_per_week), avg(recency_days),
               sum(spend) / (SELECT sum(spend) FROM customer) FROM customer GROUP BY tier
        ORDER BY avg(spend_per_week) DESC, tier""").fetchall()
    return tuple(Tier(*row) for row in rows)


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


def _segments(
    db: duckdb.DuckDBPyConnection, least: int, visits: str, order: Sequence[str]
) -> tuple[tuple[SegmentMix, ...], int]:
    """Return the segments of a query on baskets, in this order, and how many of their missions are left out.

    Left out is what fewer than `least` customers do; a visit without a known customer counts as a customer's.
    """
    rows = db.execute(f"""
        SELECT segment, mission, count(*), count(DISTINCT {WHO}) FROM ({visits}) GROUP BY ALL
        ORDER BY segment, mission""").fetchall()
    mixes: dict[str, dict[str, int]] = {}
    for segment, mission, count, customers in rows:
        if customers >= least:
            mixes.setdefault(segment, {})[mission] = count
    total = sum(sum(counts.values()) for counts in mixes.values())
    few = len(rows) - sum(map(len, mixes.values()))
    return tuple(_segment(name, mixes[name], total) for name in order if name in mixes), few


def _segment(name: str, counts: dict[str, int], total: int) -> SegmentMix:
    visits = sum(counts.values())
    return SegmentMix(name, visits / total, {mission: count / visits for mission, count in counts.items()}, visits)
