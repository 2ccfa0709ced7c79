"""Table `line` into `clean`: what was no purchase from the shop floor is left out by rules, each with its reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import duckdb

from storesim.calibrate.clock import Clock, check_zone, find_clock
from storesim.calibrate.extract import Pos
from storesim.calibrate.suspects import (
    fetched,
    find_bad_baskets,
    find_cancelled,
    find_copies,
    find_off_floor,
    name_baskets,
)
from storesim.inputs.mistakes import Mistakes, quoted, suggest
from storesim.inputs.names import folded
from storesim.inputs.values import read_date

MOST_HOURS = 3.0
"""Between the first and the last line of a basket."""
ABSURD_FACTOR = 20.0
"""A unit this many times cheaper than its product's median: the quantity is no count."""
OUTLIER_FACTOR = 100.0
"""A unit price this many times over or under its product's median was keyed wrong."""
WEIGHED_SHARE = 0.2
"""Share of lines with a fraction as quantity from which on a product is sold by weight."""
STEPS = 6

Action = Literal["left out", "changed"]


@dataclass(frozen=True)
class Rule:
    """What a rule found."""

    name: str
    reason: str
    """Why, in words."""
    action: Action
    lines: int
    net_sales: float


@dataclass(frozen=True)
class Cleaned:
    """What cleaning did; `whole` (`clean` and `held_out`) has what is left, with the shop's times."""

    rules: tuple[Rule, ...]
    """In the order in which they are applied; a line counts in the first that leaves it out."""
    lines_before: int
    lines: int
    baskets_before: int
    baskets: int
    net_sales_before: float
    net_sales: float
    clock: Clock
    off_floor: tuple[tuple[str, str, str], ...]
    """Departments and products left out: (department or product, name, kind)."""
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Step:
    """A rule as it is applied to `line` joined with what is known of its names, copies, product and basket."""

    name: str
    reason: str
    when: str
    """SQL condition."""


def clean(
    pos: Pos,
    *,
    drop_departments: Sequence[str] = (),
    timezone: str | None = None,
    pharmacy: bool = False,
    most_hours: float = MOST_HOURS,
    holdout: tuple[date, date] | None = None,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Cleaned:
    """Make `clean` from `line`, and `held_out` with the days kept for checking; `whole` is both.

    Args:
        pos: the extract, opened.
        drop_departments: further departments that are left out.
        timezone: of the shop, where times are Universal Time; else the clock is guessed from the hours.
        pharmacy: whether prescriptions are left out too.
        most_hours: that a basket may be spread over.
        holdout: first and last day, of the shop's calendar, that are kept for checking.
        progress: is told how many of the steps are done.

    Raises:
        InputError: an unknown time zone or department, or nothing is left.
    """
    progress(0, STEPS)
    _check(pos, drop_departments, timezone)
    notes = name_baskets(pos.db, most_hours)
    progress(1, STEPS)
    off_floor = find_off_floor(pos.db, drop_departments, pharmacy)
    find_cancelled(pos.db)
    progress(2, STEPS)
    copies_reason = find_copies(pos.db, pos.rows)
    progress(3, STEPS)
    find_bad_baskets(pos.db, most_hours)
    progress(4, STEPS)
    steps = _steps(copies_reason, most_hours)
    _judge(pos.db, steps)
    progress(5, STEPS)
    clock = _settle(pos, timezone, holdout)
    cleaned = _counted(pos, steps, clock, off_floor, notes)
    progress(6, STEPS)
    return cleaned


def _check(pos: Pos, drop_departments: Sequence[str], timezone: str | None) -> None:
    mistakes = Mistakes()
    if timezone:
        check_zone(timezone, pos.files[0], mistakes)
    known = {
        folded(row[0]): row[0]
        for row in fetched(pos.db, "SELECT DISTINCT department FROM line WHERE department NOTNULL")
    }
    for name in drop_departments:
        if folded(name) not in known:
            mistakes.add(
                pos.files[0], f"department {quoted(name)} is not in the extract{suggest(name, known.values())}"
            )
    mistakes.raise_if_any()


def _steps(copies_reason: str, most_hours: float) -> tuple[_Step, ...]:
    return (
        _Step("refunds", "sales below zero: returned, or taken off the bill", "net_sales < 0"),
        _Step("cancelled", "taken back by a refund in the same basket", "cancelled.row NOTNULL"),
        _Step("no quantity", "a quantity of zero or less", "quantity <= 0"),
        _Step("no sales", "nothing was paid", "net_sales = 0"),
        _Step("no product", "the product's cell is empty", "product ISNULL"),
        _Step("not shop floor", "departments and products that no customer walks to", "off_floor"),
        _Step("duplicates", copies_reason, "copied.row NOTNULL"),
        _Step("several stores", "a basket in two stores", "coalesce(stores, false)"),
        _Step("several customers", "a basket of two customers", "coalesce(customers, false)"),
        _Step("several times", f"a basket spread over more than {most_hours:g} hours", "coalesce(hours, false)"),
    )


OUTLIERS = (
    "price outliers",
    f"a unit costs over {OUTLIER_FACTOR:g} times or under 1/{OUTLIER_FACTOR:g} of its product's median",
)
WEIGHED = (
    "weighed goods",
    f"quantity set to 1: it is a fraction, or the product has one in {WEIGHED_SHARE:.0%} of its lines or more, or "
    f"a unit would cost under 1/{ABSURD_FACTOR:g} of the product's median",
)


def _judge(db: duckdb.DuckDBPyConnection, steps: Sequence[_Step]) -> None:
    """Make table `judged`: every line with the number of the rule that leaves it out (0: none), and its quantity."""
    cases = " ".join(f"WHEN {step.when} THEN {k}" for k, step in enumerate(steps, start=1))
    db.execute(f"""
        CREATE OR REPLACE TABLE sifted AS
        SELECT item.* EXCLUDE (print), CASE {cases} ELSE 0 END::UTINYINT AS rule
        FROM (SELECT *, department IN (SELECT name FROM off_department) IS TRUE
                OR product IN (SELECT name FROM off_product) IS TRUE AS off_floor FROM item) AS item
        LEFT JOIN cancelled USING (file, row) LEFT JOIN copied USING (file, row) LEFT JOIN bad_basket USING (basket)
    """)
    db.execute(f"""
        CREATE OR REPLACE TABLE by_product AS
        SELECT product, fraction >= {WEIGHED_SHARE} AS weighed, median(unit) AS median FROM (
            SELECT product, fraction,
                (net_sales / CASE WHEN fraction >= {WEIGHED_SHARE} OR quantity <> floor(quantity) THEN 1
                    ELSE quantity END)::FLOAT AS unit
            FROM sifted JOIN (SELECT product, avg((quantity <> floor(quantity))::INTEGER) AS fraction
                              FROM sifted WHERE rule = 0 GROUP BY product) USING (product)
            WHERE rule = 0) GROUP BY ALL
    """)
    outlier = len(steps) + 1
    db.execute(f"""
        CREATE OR REPLACE TABLE judged AS
        SELECT * EXCLUDE (rule, median), CASE WHEN rule = 0 AND (net_sales / units > median * {OUTLIER_FACTOR}
            OR net_sales / units < median / {OUTLIER_FACTOR}) THEN {outlier} ELSE rule END::UTINYINT AS rule
        FROM (SELECT sifted.*, median, CASE WHEN rule = 0 AND (weighed OR quantity <> floor(quantity)
                  OR quantity > 1 AND net_sales / quantity < median / {ABSURD_FACTOR}) THEN 1 ELSE quantity END AS units
              FROM sifted LEFT JOIN by_product USING (product))
    """)
    db.execute("DROP TABLE sifted")


def _settle(pos: Pos, timezone: str | None, holdout: tuple[date, date] | None) -> Clock:
    """Make `whole`, with the shop's times, and its parts `clean` and `held_out`."""
    kept = "SELECT min(t) AS t FROM judged WHERE rule = 0 GROUP BY basket"
    [(first, last)] = fetched(pos.db, "SELECT min(t), max(t) FROM judged WHERE rule = 0")
    if first is None:
        mistakes = Mistakes()
        mistakes.add(pos.files[0], "cleaning left no row; look at the columns, and at what was counted as refunds")
        mistakes.raise_if_any()
    clock = find_clock(pos.db, kept, timezone, pos.zones)
    pos.db.execute(f"CREATE OR REPLACE VIEW whole AS {_clean_sql(clock, first, last)}")
    held = f"t::DATE BETWEEN DATE '{holdout[0]}' AND DATE '{holdout[1]}'" if holdout else "false"
    pos.db.execute(f"CREATE OR REPLACE VIEW clean AS SELECT * FROM whole WHERE NOT ({held})")
    pos.db.execute(f"CREATE OR REPLACE VIEW held_out AS SELECT * FROM whole WHERE {held}")
    return clock


def read_holdout(text: str) -> tuple[date, date]:
    """Return 2026-06-01..2026-08-31 as first and last day; either end may be left open.

    Raises:
        ValueError: it is written otherwise, or ends before it begins.
    """
    first, dots, last = text.strip().partition("..")
    if not dots or not (first or last):
        raise ValueError(f"{quoted(text)} is no span of days; write 2026-06-01..2026-08-31, or 2026-06-01..")
    span = read_date(first) if first else date.min, read_date(last) if last else date.max
    if span[0] > span[1]:
        raise ValueError(f"{quoted(text)} ends before it begins; write {last}..{first}")
    return span


def _clean_sql(clock: Clock, first: datetime, last: datetime) -> str:
    return f"""
        SELECT row, basket, {clock.local_sql("t", first, last)} AS t, product, coalesce(sku, product) AS sku,
            department, units AS quantity, net_sales, regular_price * quantity / units AS regular_price, store, customer
        FROM judged WHERE rule = 0
    """


def _counted(
    pos: Pos,
    steps: Sequence[_Step],
    clock: Clock,
    off_floor: tuple[tuple[str, str, str], ...],
    notes: tuple[str, ...],
) -> Cleaned:
    found = {
        rule: (n, sales)
        for rule, n, sales in fetched(pos.db, "SELECT rule, count(*), round(sum(net_sales), 2) FROM judged GROUP BY 1")
    }
    names = [*((step.name, step.reason) for step in steps), OUTLIERS]
    rules = [Rule(*name, "left out", *found.get(k, (0, 0.0))) for k, name in enumerate(names, start=1)]
    [changed] = fetched(
        pos.db,
        "SELECT count(*), coalesce(round(sum(net_sales), 2), 0) FROM judged WHERE rule = 0 AND units <> quantity",
    )
    [(before, sales_before)] = fetched(pos.db, "SELECT count(DISTINCT basket), round(sum(net_sales), 2) FROM item")
    [(baskets,)] = fetched(pos.db, "SELECT count(DISTINCT basket) FROM judged WHERE rule = 0")
    lines, sales = found.get(0, (0, 0.0))
    return Cleaned(
        (*rules, Rule(*WEIGHED, "changed", *changed)),
        pos.rows, lines, before, baskets, sales_before, sales, clock, off_floor, notes,
    )  # fmt: skip
