"""How an extract writes its numbers and times, told by all its cells."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from storesim.calibrate import formats
from storesim.calibrate.cells import NUMBERS, Cells
from storesim.calibrate.formats import Shapes, Stamps
from storesim.inputs.mistakes import Mistakes, quoted

AMOUNTS = ("net_sales", "price", "regular_price", "discount")
MOST_SHAPES = 5_000
LONGEST_SHAPE = 40


@dataclass(frozen=True)
class Notation:
    """How the columns of text are to be read."""

    shapes: Mapping[str, Shapes]
    """By role: numbers and times that are text."""
    decimals: Mapping[str, str]
    """Decimal mark by role."""
    stamps: Stamps | None
    """None: the files have times as such."""


def find_notation(db: duckdb.DuckDBPyConnection, path: Path, table: Cells, mistakes: Mistakes) -> Notation:
    """Return how numbers and times are written; adds what cannot be told, or is written in two ways."""
    shapes = {role: _shapes(db, role) for role in (*NUMBERS, "timestamp") if table.types.get(role) == "VARCHAR"}
    _check_currencies(db, path, table, shapes, mistakes)
    decimals = _decimals(path, table, shapes, mistakes)
    return Notation(shapes, decimals, _stamps(db, path, table, shapes.get("timestamp"), mistakes))


def _shapes(db: duckdb.DuckDBPyConnection, role: str) -> dict[str, int]:
    """Return the commonest ways of writing a column, digits as 9, and how often each occurs."""
    rows = db.execute(f"""
        SELECT translate(left({role}, {LONGEST_SHAPE}), '012345678', '999999999') AS shape, count(*) AS n
        FROM cells WHERE {role} IS NOT NULL GROUP BY shape ORDER BY n DESC, shape LIMIT {MOST_SHAPES}
    """).fetchall()
    return {shape: n for shape, n in rows if shape.casefold() not in formats.EMPTY}


def _check_currencies(
    db: duckdb.DuckDBPyConnection,
    path: Path,
    table: Cells,
    shapes: Mapping[str, Shapes],
    mistakes: Mistakes,
) -> None:
    found = set().union(*(formats.currencies(shapes[role]) for role in AMOUNTS if role in shapes))
    if "currency" in table.columns:
        rows = db.execute(
            "SELECT DISTINCT upper(currency) FROM cells WHERE currency <> '' ORDER BY 1 LIMIT 9"
        ).fetchall()
        found = {formats.CURRENCIES.get(str(row[0]).casefold(), str(row[0])) for row in rows}
    if len(found) > 1:
        listed = ", ".join(sorted(found))
        mistakes.add(path, f"amounts are in several currencies ({listed}); export one currency, or convert them first")


def _decimals(path: Path, table: Cells, shapes: Mapping[str, Shapes], mistakes: Mistakes) -> dict[str, str]:
    """Return the decimal mark of each column of numbers: as it shows itself, else as in the file's other columns."""
    said = table.columns.settings.get("decimal")
    evidence = {role: formats.decimal_evidence(shapes[role]) for role in NUMBERS if role in shapes}
    total = sum(evidence.values(), Counter[str]())
    marks = {}
    for role, found in evidence.items():
        point, comma = found["."], found[","]
        name = table.columns[role].name
        if said:
            marks[role] = said
        elif min(point, comma) >= max(1, formats.FEW * (point + comma)) and max(point, comma) > 0:
            what = f"{quoted(name)} has {point} numbers with a decimal point and {comma} with a decimal comma"
            mistakes.add(path, f"{what}; export it in one way, or say decimal: '.' or ',' in --columns")
        elif not found and not total and formats.is_open(shapes[role]):
            what = f"{quoted(name)} has numbers such as 1.234 or 1,234 only, which may be a thousand or one and a bit"
            mistakes.add(path, f"{what}; say decimal: '.' or ',' in --columns")
        else:
            chosen = found or total
            marks[role] = "," if chosen[","] > chosen["."] else "."
    return marks


def _stamps(
    db: duckdb.DuckDBPyConnection, path: Path, table: Cells, shapes: Shapes | None, mistakes: Mistakes
) -> Stamps | None:
    """Return how times are written; None where the file has them as such."""
    if shapes is None:
        kind = table.types["timestamp"]
        if kind == "DATE":
            mistakes.add(path, _no_time(table))
        elif not kind.startswith("TIMESTAMP"):
            mistakes.add(
                path, f"the timestamp {quoted(table.columns['timestamp'].name)} is {kind}; export it as a time"
            )
        return None
    order = table.columns.settings.get("dates")
    if order is None and formats.needs_order(shapes):
        order = _order(db, path, mistakes)
    written = formats.stamps(shapes, order)
    if not written.formats:
        example = next(iter(shapes), "")
        mistakes.add(path, f"no timestamp can be read (they look like {quoted(example)}); write 2026-01-31 18:05:00")
    elif not formats.has_time(shapes):
        mistakes.add(path, _no_time(table))
    return written


def _no_time(table: Cells) -> str:
    name = next((table.columns[role].name for role in ("timestamp", "date") if role in table.columns), "timestamp")
    return f"{quoted(name)} has dates without a time of day; export the time too, arrivals need it"


def _order(db: duckdb.DuckDBPyConnection, path: Path, mistakes: Mistakes) -> str | None:
    """Return whether days or months come first, by the numbers over 12."""
    days, months, n = db.execute(r"""
        SELECT count(*) FILTER (first > 12), count(*) FILTER (second > 12), count(*)
        FROM (SELECT TRY_CAST(regexp_extract(timestamp, '^(\d\d?)[-/]\d\d?[-/]', 1) AS INTEGER) AS first,
                TRY_CAST(regexp_extract(timestamp, '^\d\d?[-/](\d\d?)[-/]', 1) AS INTEGER) AS second FROM cells)
        WHERE first NOTNULL
    """).fetchone() or (0, 0, 0)
    if min(days, months) > formats.FEW * n:
        what = f"{days} dates have the day first, {months} the month first"
        mistakes.add(path, f"{what}; export all in one way, best like 2026-01-31")
    elif not days and not months:
        mistakes.add(path, "dates such as 03/04/2026 may be in March or April; say dates: D/M/Y or M/D/Y in --columns")
    return "D/M/Y" if days >= months else "M/D/Y"
