"""Points of sale, as CSV or Parquet files, into the table `line`; rows that cannot be read are listed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from storesim.calibrate.cells import Cells, Progress, count
from storesim.calibrate.cells_csv import read_csv
from storesim.calibrate.cells_parquet import read_parquet
from storesim.calibrate.columns import ColumnMap, Columns, read_map
from storesim.calibrate.dialect import can_be_read, is_parquet
from storesim.calibrate.notation import Notation, find_notation
from storesim.calibrate.parsed import parse
from storesim.calibrate.workspace import is_full, open_workspace, room
from storesim.inputs.mistakes import InputError, Mark, Mistakes, shown

UNDERSTANDING = "reading numbers and times"
MOST_LISTED = 100
"""Unreadable rows told one by one; all are counted."""


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be read."""

    path: str
    row: int
    """Line of the file, or row of a Parquet file, from 1."""
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.row}: {self.reason}"


@dataclass(frozen=True)
class Pos:
    """Points of sale in the database's table `line`, and what was noticed on the way."""

    db: duckdb.DuckDBPyConnection
    files: tuple[Path, ...]
    columns: Columns
    rows: int
    """In `line`."""
    blank: int
    """Empty lines, left out."""
    unreadable: int
    bad_rows: tuple[BadRow, ...]
    """The first of the unreadable ones."""
    without_consent: int
    """Rows whose customer is not used, as consent is missing."""
    zones: frozenset[str]
    """What stands behind the times: "utc", "offset", or nothing."""
    notes: tuple[str, ...]
    """How the files were understood, in sentences."""


@contextmanager
def open_pos(paths: Sequence[Path], columns: Path | None = None, progress: Progress = lambda *_: None) -> Iterator[Pos]:
    """Open points of sale: one file, or several with the same columns.

    The database lies in a temporary folder, which is deleted at the end; nothing else is written.

    Args:
        paths: CSV (also gzip) or Parquet files.
        columns: the user's map of columns (YAML), where guessing does not do.
        progress: is told how far reading has come.

    Raises:
        InputError: files, columns or formats are wrong; with all that was found.
        NoRoomError: the disk of the temporary folder is too full for the database, now or while it is used.
    """
    mistakes = Mistakes()
    mapped = read_map(columns, mistakes) if columns else ColumnMap()
    with open_workspace() as (folder, db):
        with room(folder):
            pos = _opened(db, paths, mapped, folder, progress, mistakes)
        yield pos


def _opened(
    db: duckdb.DuckDBPyConnection,
    paths: Sequence[Path],
    mapped: ColumnMap,
    folder: Path,
    progress: Progress,
    mistakes: Mistakes,
) -> Pos:
    """Read and understand; that a page of a Parquet file is damaged shows only on the way."""
    try:
        table = _read(db, paths, mapped, folder, progress, mistakes)
        progress(UNDERSTANDING, 0, 3)
        notation = find_notation(db, paths[0], table, mistakes)
        mistakes.raise_if_any()
        progress(UNDERSTANDING, 1, 3)
        parse(db, table, notation)
        progress(UNDERSTANDING, 2, 3)
        pos = _counted(db, paths, table, notation, mistakes)
        progress(UNDERSTANDING, 3, 3)
        return pos
    except duckdb.Error as error:
        if isinstance(error, duckdb.OutOfMemoryException) or is_full(error) or not is_parquet(paths[0]):
            raise
        mistakes.add(paths[0], f"a Parquet file is damaged ({str(error).splitlines()[0][:120]}); export it again")
        raise InputError(mistakes.found) from error


def _read(
    db: duckdb.DuckDBPyConnection,
    paths: Sequence[Path],
    mapped: ColumnMap,
    folder: Path,
    progress: Progress,
    mistakes: Mistakes,
) -> Cells:
    for path, times in Counter(path.resolve() for path in paths).items():
        if times > 1:
            mistakes.add(path, "the file is given twice; name it once")
    readable = [path for path in paths if can_be_read(path, mistakes)]
    mistakes.raise_if_any()
    kinds = {is_parquet(path) for path in readable}
    if len(kinds) > 1:
        mistakes.add(readable[0], "some files are CSV and some Parquet; give files of one kind")
    mistakes.raise_if_any()
    if kinds == {True}:
        return read_parquet(db, readable, mapped, mistakes)
    return read_csv(db, readable, mapped, folder, progress, mistakes)


def _counted(
    db: duckdb.DuckDBPyConnection, paths: Sequence[Path], table: Cells, notation: Notation, mistakes: Mistakes
) -> Pos:
    rows, blank, bad = db.execute("""
        SELECT count(*) FILTER (wrong IS NULL), count(*) FILTER (wrong = ''), count(*) FILTER (wrong <> '') FROM parsed
    """).fetchone() or (0, 0, 0)
    listed = db.execute(f"""
        SELECT file, row, wrong FROM parsed WHERE wrong <> '' ORDER BY file, row LIMIT {MOST_LISTED}
    """).fetchall()
    bad_rows = tuple(BadRow(shown(paths[file]), row, wrong) for file, row, wrong in listed)
    if bad > rows:
        _add_mostly_bad(bad, rows, bad_rows[0], mistakes)
    elif not rows:
        mistakes.add(paths[0], "there is a header and nothing below it; export the rows too")
    mistakes.raise_if_any()
    return Pos(
        db, tuple(paths), table.columns, rows, blank, bad, bad_rows, _refused(db, table), _zones(table, notation),
        _notes(table, notation),
    )  # fmt: skip


def _add_mostly_bad(bad: int, rows: int, worst: BadRow, mistakes: Mistakes) -> None:
    what = f"{bad} of {bad + rows} rows cannot be read, the first as {worst.reason}"
    mistakes.add(Mark(worst.path, worst.row), f"{what}; look at --columns and at how the file was exported")


def _refused(db: duckdb.DuckDBPyConnection, table: Cells) -> int:
    """Return the lines whose customer did not consent."""
    asked = "consent" in table.columns and "customer" in table.columns
    return count(db, "(FROM line WHERE customer IS NULL)") if asked else 0


def _zones(table: Cells, notation: Notation) -> frozenset[str]:
    if notation.stamps:
        return notation.stamps.zones
    return frozenset({"utc"} if "TIME ZONE" in table.types["timestamp"] else ())


def _notes(table: Cells, notation: Notation) -> tuple[str, ...]:
    """Say how the files were understood."""
    notes = []
    if table.separator:
        names = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
        notes.append(f"Columns are separated by {names[table.separator]}.")
    if notation.decimals:
        kinds = sorted({{".": "point", ",": "comma"}[mark] for mark in notation.decimals.values()})
        notes.append(f"Numbers have a decimal {' or '.join(kinds)}.")
    if notation.stamps:
        notes.append(f"Times are read as {' or '.join(notation.stamps.formats)}.")
    if "net_sales" not in table.columns:
        notes.append("Sales of a line are price times quantity.")
    if "quantity" not in table.columns:
        notes.append("There is no quantity: every line counts as one unit.")
    return tuple(notes)
