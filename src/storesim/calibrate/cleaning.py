"""Table `line` into `clean`: what was no purchase from the shop floor is left out by rules, each with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import duckdb

from storesim.calibrate.clock import Clock, check_zone, find_clock
from storesim.calibrate.extract import Pos
from storesim.calibrate.off_floor import kind_of
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
SHARED_NUMBERS = 0.05
"""Share of baskets in several shops or days from which on basket numbers are used again, not wrong."""
RARELY = 0.01
"""A product that stands more than once in a basket in fewer cases than this: the till adds up what is alike."""
ROWS_A_PASS = 5_000_000

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
) -> Cleaned:
    """Make `clean` from `line`, and `held_out` with the days kept for checking; `whole` is both.

    Args:
        pos: the extract, opened.
        drop_departments: further departments that are left out.
        timezone: of the shop, where times are Universal Time; else the clock is guessed from the hours.
        pharmacy: whether prescriptions are left out too.
        most_hours: that a basket may be spread over.
        holdout: first and last day, of the shop's calendar, that are kept for checking.

    Raises:
        InputError: an unknown time zone or department, or nothing is left.
    """
    _check(pos, drop_departments, timezone)
    notes = _name_baskets(pos.db, most_hours)
    off_floor = _find_off_floor(pos.db, drop_departments, pharmacy)
    _find_cancelled(pos.db)
    copies_reason = _find_copies(pos.db, pos.rows)
    _find_bad_baskets(pos.db, most_hours)
    steps = _steps(copies_reason, most_hours)
    _judge(pos.db, steps)
    clock = _settle(pos, timezone, holdout)
    return _counted(pos, steps, clock, off_floor, notes)


def _check(pos: Pos, drop_departments: Sequence[str], timezone: str | None) -> None:
    mistakes = Mistakes()
    if timezone:
        check_zone(timezone, pos.files[0], mistakes)
    known = {
        folded(row[0]): row[0] for row in _rows(pos.db, "SELECT DISTINCT department FROM line WHERE department NOTNULL")
    }
    for name in drop_departments:
        if folded(name) not in known:
            mistakes.add(
                pos.files[0], f"department {quoted(name)} is not in the extract{suggest(name, known.values())}"
            )
    mistakes.raise_if_any()


def _name_baskets(db: duckdb.DuckDBPyConnection, most_hours: float) -> tuple[str, ...]:
    """Make view `item`: `line` with baskets that are unique, where numbers are used again in other shops or days."""
    [(shared,)] = _rows(
        db,
        f"""
        SELECT avg((many OR spread > {most_hours * 3600})::INTEGER) FROM (
            SELECT min(store) <> max(store) AS many, epoch(max(t)) - epoch(min(t)) AS spread
            FROM line GROUP BY basket)
    """,
    )
    again = (shared or 0) > SHARED_NUMBERS
    basket = "concat_ws('|', store, t::DATE, basket)" if again else "basket"
    db.execute(f"CREATE OR REPLACE VIEW item AS SELECT * REPLACE ({basket} AS basket) FROM line")
    what = f"Basket numbers are used again ({shared or 0:.0%} in several shops or days)"
    return (f"{what}: a basket is a number, a shop and a day.",) if again else ()


def _find_off_floor(
    db: duckdb.DuckDBPyConnection, drop_departments: Sequence[str], pharmacy: bool
) -> tuple[tuple[str, str, str], ...]:
    """Make tables `off_department` and `off_product`: names and what they mean."""
    dropped = {folded(name) for name in drop_departments}
    found = []
    for column in ("department", "product"):
        names = [row[0] for row in _rows(db, f"SELECT DISTINCT {column} FROM line WHERE {column} NOTNULL ORDER BY 1")]
        kinds = [(name, kind) for name in names if (kind := kind_of(name, pharmacy=pharmacy))]
        if column == "department":
            kinds += [
                (name, "as asked") for name in names if folded(name) in dropped and not kind_of(name, pharmacy=pharmacy)
            ]
        db.execute(f"CREATE OR REPLACE TABLE off_{column} (name VARCHAR, kind VARCHAR)")
        if kinds:
            db.executemany(f"INSERT INTO off_{column} VALUES (?, ?)", kinds)
        found += [(column, name, kind) for name, kind in kinds]
    return tuple(found)


def _find_cancelled(db: duckdb.DuckDBPyConnection) -> None:
    """Make table `cancelled`: as many lines of a product and amount as its basket takes back."""
    db.execute("""
        CREATE OR REPLACE TABLE cancelled AS
        WITH back AS (
            SELECT basket, product, -net_sales AS amount, count(*) AS n FROM item WHERE net_sales < 0 GROUP BY ALL)
        SELECT file, row FROM (
            SELECT item.file, item.row, n,
                row_number() OVER (PARTITION BY basket, product, amount ORDER BY item.file DESC, item.row DESC) AS k
            FROM item JOIN back USING (basket, product) WHERE net_sales = amount)
        WHERE k <= n
    """)


def _find_copies(db: duckdb.DuckDBPyConnection, rows: int) -> str:
    """Make table `copied` with the repetitions of equal rows that are mistakes; return why they are.

    Two equal lines may be one product scanned twice. They are copies where the till adds up what is alike, or where
    every line of the basket is repeated equally often.
    """
    passes = rows // ROWS_A_PASS + 1
    db.execute("CREATE OR REPLACE TABLE repeated (print UBIGINT)")
    for k in range(passes):
        db.execute(f"""
            INSERT INTO repeated SELECT print FROM line WHERE print % {passes} = {k} GROUP BY print HAVING count(*) > 1
        """)
    adds_up = _adds_up(db)
    whole = "SELECT basket FROM counts GROUP BY basket HAVING min(n) > 1 AND min(n) = max(n) AND count(*) > 1"
    db.execute(f"""
        CREATE OR REPLACE TABLE copied AS
        WITH suspect AS (SELECT DISTINCT basket FROM item SEMI JOIN repeated USING (print)),
        counts AS (SELECT basket, print, count(*) AS n FROM item SEMI JOIN suspect USING (basket) GROUP BY ALL)
        SELECT file, row FROM (
            SELECT file, row, row_number() OVER (PARTITION BY basket, print ORDER BY file, row) AS k
            FROM item SEMI JOIN repeated USING (print)
            {"" if adds_up else f"SEMI JOIN ({whole}) USING (basket)"})
        WHERE k > 1
    """)
    if adds_up:
        return "equal to another row in every cell, in an extract with one row a product and basket"
    return "the whole basket stands there more than once; single equal rows stay, as a product scanned twice"


def _adds_up(db: duckdb.DuckDBPyConnection) -> bool:
    """Whether lines are a product each, with its quantity: told by a sample of baskets."""
    [(many, again)] = _rows(
        db,
        f"""
        SELECT avg((quantity > 1)::INTEGER), avg((kinds > 1)::INTEGER) FROM (
            SELECT max(quantity) AS quantity, count(DISTINCT print) AS kinds
            FROM item WHERE hash(basket) % {_one_in(db)} = 0 GROUP BY basket, product)
    """,
    )
    return (many or 0) > RARELY and (again or 0) < RARELY


def _one_in(db: duckdb.DuckDBPyConnection) -> int:
    [(rows,)] = _rows(db, "SELECT count(*) FROM line")
    return max(1, int(rows) // 1_000_000)


def _find_bad_baskets(db: duckdb.DuckDBPyConnection, most_hours: float) -> None:
    db.execute(f"""
        CREATE OR REPLACE TABLE bad_basket AS
        SELECT basket, min(store) <> max(store) AS stores, min(customer) <> max(customer) AS customers,
            epoch(max(t)) - epoch(min(t)) > {most_hours * 3600} AS hours
        FROM item GROUP BY basket HAVING stores OR customers OR hours
    """)


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
    [(first, last)] = _rows(pos.db, "SELECT min(t), max(t) FROM judged WHERE rule = 0")
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
        for rule, n, sales in _rows(pos.db, "SELECT rule, count(*), round(sum(net_sales), 2) FROM judged GROUP BY 1")
    }
    names = [*((step.name, step.reason) for step in steps), OUTLIERS]
    rules = [Rule(*name, "left out", *found.get(k, (0, 0.0))) for k, name in enumerate(names, start=1)]
    [changed] = _rows(
        pos.db,
        "SELECT count(*), coalesce(round(sum(net_sales), 2), 0) FROM judged WHERE rule = 0 AND units <> quantity",
    )
    [(before, sales_before)] = _rows(pos.db, "SELECT count(DISTINCT basket), round(sum(net_sales), 2) FROM item")
    [(baskets,)] = _rows(pos.db, "SELECT count(DISTINCT basket) FROM judged WHERE rule = 0")
    lines, sales = found.get(0, (0, 0.0))
    return Cleaned(
        (*rules, Rule(*WEIGHED, "changed", *changed)),
        pos.rows, lines, before, baskets, sales_before, sales, clock, off_floor, notes,
    )  # fmt: skip


def _rows(db: duckdb.DuckDBPyConnection, sql: str) -> list[tuple]:  # type: ignore[type-arg]
    return db.execute(sql).fetchall()
