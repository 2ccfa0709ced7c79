"""The files of a run directory as views that SQL can ask: the logs, and every table."""

import csv
import re
from collections.abc import Iterator
from glob import escape
from pathlib import Path

import duckdb

from storesim.results.text_columns import GUARD, TEXT_COLUMNS

EVENTS, CUSTOMERS = "events", "customers"
DIFFERENCES = ("difference", "low", "high", "percent")
"""How columns end that are numbers though a run of one variant has none to compare."""
_NUMBERED = r"replication=(\d+)\.parquet$"
_VARIANT = r"variant=([^/\\]*)[/\\]" + _NUMBERED
_LOOKED_AT = re.compile(r"\(\?=(.*)\)$")
_TABLE = re.compile(r"[a-z][a-z0-9_]*")


def make_views(db: duckdb.DuckDBPyConnection, run: Path) -> tuple[str, ...]:
    """Make a view of every kind of file in a run's folder, and return their names, the logs first.

    Raises:
        duckdb.Error: a file cannot be read as what its name says.
    """
    made = []
    for name, query in _queries(run):
        db.execute(f'CREATE VIEW "{name}" AS {query}')
        made.append(name)
    return tuple(made)


def _queries(run: Path) -> Iterator[tuple[str, str]]:
    if any(run.glob("events/variant=*/replication=*.parquet")):
        files = f"{escape(str(run))}/events/variant=*/replication=*.parquet"
        yield (
            EVENTS,
            _log_query(files, f"{_part(_VARIANT, 1)} AS variant, {_part(_VARIANT, 2)}::INTEGER AS replication"),
        )
    if any(run.glob("customers/replication=*.parquet")):
        files = f"{escape(str(run))}/customers/replication=*.parquet"
        yield CUSTOMERS, _log_query(files, f"{_part(_NUMBERED, 1)}::INTEGER AS replication")
    for table in sorted(run.glob("*.csv")):
        if _TABLE.fullmatch(table.stem) and table.stem not in (EVENTS, CUSTOMERS):
            yield table.stem, _table_query(table)


def _log_query(files: str, from_name: str) -> str:
    """Return the query of a log; what stands in the files' names comes first.

    DuckDB's own reading of such names would decode `%20` in a variant's name, and takes folders only.
    """
    return (
        f"SELECT {from_name}, * EXCLUDE (filename) "  # noqa: S608 - users' words are quoted
        f"FROM read_parquet({quoted(files)}, filename = true, hive_partitioning = false)"
    )


def _part(pattern: str, group: int) -> str:
    return f"regexp_extract(filename, {quoted(pattern)}, {group})"


def _table_query(path: Path) -> str:
    """Return the query of a table: names stay text, and lose what guards spreadsheets from them."""
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file), [])
    texts = [column for column in TEXT_COLUMNS if column in header]
    typed = dict.fromkeys((column for column in header if column.endswith(DIFFERENCES)), "DOUBLE")
    typed |= dict.fromkeys(texts, "VARCHAR") | ({"replication": "INTEGER"} if "replication" in header else {})
    types = ", ".join(f"{quoted(column)}: {quoted(kind)}" for column, kind in typed.items())
    bare = ", ".join(f"regexp_replace({column}, {_guard()}) AS {column}" for column in texts)
    return (
        f"SELECT *{f' REPLACE ({bare})' if texts else ''} FROM read_csv({quoted(escape(str(path)))}, "  # noqa: S608
        "header = true, delim = ',', quote = '\"', escape = '\"', nullstr = '', sample_size = -1, "
        f"auto_type_candidates = ['DOUBLE', 'VARCHAR']{f', types = {{{types}}}' if typed else ''})"
    )


def _guard() -> str:
    """Return the guard as DuckDB can find it, which cannot look ahead, and what is left of it."""
    bare = _LOOKED_AT.sub(r"(\1)", GUARD)
    return f"{quoted(bare)}, '\\1'"


def quoted(words: str) -> str:
    """Return words as SQL has them."""
    return "'" + words.replace("'", "''") + "'"
