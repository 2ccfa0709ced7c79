"""Parquet files as the view `cells`: numbers and times as they are, everything else as text."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from storesim.calibrate.cells import NUMBERS, Cells, check_same, count, roles
from storesim.calibrate.columns import ColumnMap, Columns, guess
from storesim.calibrate.formats import literal
from storesim.inputs.mistakes import Mark, Mistakes, quoted, shown

_NUMERIC = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*|VARCHAR")


def read_parquet(db: duckdb.DuckDBPyConnection, paths: Sequence[Path], mapped: ColumnMap, mistakes: Mistakes) -> Cells:
    """Make view `cells` of Parquet files.

    Raises:
        InputError: a file is no table, or its columns do not do.
    """
    headers = [header for path in paths if (header := _header(db, path, mistakes)) is not None]
    mistakes.raise_if_any()
    first = headers[0]
    columns = guess(paths[0], list(first), _first_cells(db, paths[0]), mapped, mistakes)
    for path, header in zip(paths[1:], headers[1:], strict=True):
        check_same(Mark(shown(path)), columns, list(header), paths[0], mistakes)
    mistakes.raise_if_any()
    for path, header in zip(paths, headers, strict=True):
        _check_types(path, columns, header, first, mistakes)
    mistakes.raise_if_any()
    types = {column.role: first[column.name] for column in columns.found}
    each = [_cells_sql(k, path, columns, header) for k, (path, header) in enumerate(zip(paths, headers, strict=True))]
    db.execute(f"CREATE VIEW cells AS {' UNION ALL '.join(each)}")
    if not count(db, "cells"):
        mistakes.add(paths[0], "there are columns and no rows; export the rows too")
    mistakes.raise_if_any()
    return Cells(columns, {"timestamp": "VARCHAR"} | types, str(len(first)), None, "file_row + 1 AS row")


def _header(db: duckdb.DuckDBPyConnection, path: Path, mistakes: Mistakes) -> dict[str, str] | None:
    """Return types by column name."""
    try:
        rows = db.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(str(path))})").fetchall()
    except duckdb.Error:
        mistakes.add(path, "the Parquet file is cut off or damaged; export it again")
        return None
    return {str(row[0]): str(row[1]) for row in rows}


def _check_types(
    path: Path, columns: Columns, header: Mapping[str, str], first: Mapping[str, str], mistakes: Mistakes
) -> None:
    for column in columns.found:
        kind, name = header[column.name], quoted(column.name)
        if column.role in NUMBERS and not _NUMERIC.fullmatch(kind):
            mistakes.add(path, f"{name} is taken for {column.role} and holds {kind}; export it as a number")
        elif column.role in (*NUMBERS, "timestamp") and kind != first[column.name]:
            mistakes.add(path, f"{name} holds {kind} here and {first[column.name]} in the first file; export all alike")


def _first_cells(db: duckdb.DuckDBPyConnection, path: Path) -> list[list[str]]:
    rows = db.execute(f"SELECT COLUMNS(*)::VARCHAR FROM read_parquet({literal(str(path))}) LIMIT 200").fetchall()
    return [[cell or "" for cell in row] for row in rows]


def _cells_sql(number: int, path: Path, columns: Columns, header: Mapping[str, str]) -> str:
    """Return the query for a file's cells: numbers and times as they are, everything else as text."""

    def cell(role: str) -> str:
        if role == "timestamp" and role not in columns:
            day, time = (_identifier(columns[part].name) for part in ("date", "time"))
            return f"split_part({day}::VARCHAR, ' ', 1) || ' ' || {time}::VARCHAR"
        name = columns[role].name
        typed = role in (*NUMBERS, "timestamp") and header[name] != "VARCHAR"
        return _identifier(name) if typed else f"trim({_identifier(name)}::VARCHAR)"

    cells = ", ".join(f"{cell(role)} AS {role}" for role in roles(columns))
    source = f"read_parquet({literal(str(path))}, file_row_number = true)"
    return (
        f"SELECT {number}::USMALLINT AS file, file_row_number AS file_row, {cells}, NULL::INTEGER AS width, "
        f"false AS open, hash({', '.join(map(_identifier, sorted(header)))}) AS print FROM {source}"
    )


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
