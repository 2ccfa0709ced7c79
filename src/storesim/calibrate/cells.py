"""Cells of an extract's files as text or as typed, and what the readers of CSV and Parquet share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from storesim.calibrate.columns import Columns
from storesim.inputs.mistakes import Mark, Mistakes, quoted, shown, suggest

NUMBERS = ("quantity", "net_sales", "price", "regular_price", "discount")

Progress = Callable[[str, int, int], None]
"""Takes what is going on, bytes read, and bytes in all."""


@dataclass(frozen=True)
class Cells:
    """The files' cells: table or view `cells` with a column a role, and `file`, `width`, `open`, `print`."""

    columns: Columns
    types: Mapping[str, str]
    """DuckDB type of each role; VARCHAR in CSV."""
    width_sql: str
    """SQL for the number of cells in a row's header."""
    separator: str | None
    """None: Parquet."""
    rows_sql: str
    """SQL for a row's number in its file, named `row`."""


def roles(columns: Columns) -> list[str]:
    """Return the columns of `cells`; date and time become one."""
    found = [column.role for column in columns.found if column.role not in ("date", "time")]
    return found if "timestamp" in found else [*found, "timestamp"]


def check_same(mark: Mark, columns: Columns, header: Sequence[str], first: Path, mistakes: Mistakes) -> None:
    """Add a mistake for each column used that a further file does not have."""
    for column in columns.found:
        if column.name not in header:
            remedy = suggest(column.name, header)
            mistakes.add(mark, f"column {quoted(column.name)} of {shown(first)} is missing here{remedy}")


def count(db: duckdb.DuckDBPyConnection, table: str) -> int:
    """Return the rows of a table."""
    row = db.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0
