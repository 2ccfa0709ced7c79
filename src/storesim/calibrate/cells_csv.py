"""CSV files into the table `cells`: a row a line, every cell as text."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from storesim.calibrate.cells import Cells, Progress, check_same, count, roles
from storesim.calibrate.columns import ColumnMap, Columns, guess
from storesim.calibrate.dialect import Dialect, Part, open_quote, parts, sniff
from storesim.calibrate.formats import literal
from storesim.inputs.mistakes import Mark, Mistakes, shown


def read_csv(
    db: duckdb.DuckDBPyConnection,
    paths: Sequence[Path],
    mapped: ColumnMap,
    folder: Path,
    progress: Progress,
    mistakes: Mistakes,
) -> Cells:
    """Make table `cells` of CSV files, some lines at a time; the pieces pass through a folder.

    Raises:
        InputError: a file is no table, or its header does not do.
    """
    dialects = [dialect for path in paths if (dialect := sniff(path, mistakes))]
    mistakes.raise_if_any()
    first = dialects[0]
    columns = guess(first.path, first.header, first.first_rows, mapped, mistakes, first.header_line)
    for dialect in dialects[1:]:
        check_same(Mark(shown(dialect.path), dialect.header_line), columns, dialect.header, first.path, mistakes)
    mistakes.raise_if_any()
    stored = ", ".join(f"{role} VARCHAR" for role in roles(columns))
    db.execute(f"CREATE TABLE cells (file USMALLINT, {stored}, width INTEGER, open BOOLEAN, print UBIGINT)")
    starts, done, total = [], 0, sum(dialect.size for dialect in dialects)
    for number, dialect in enumerate(dialects):
        starts.append(count(db, "cells") - dialect.header_line - 1)
        for part in parts(dialect, folder, mistakes):
            _load(db, number, part, dialect, columns)
            progress("reading", done + part.done, total)
        done += dialect.size
        mistakes.raise_if_any()
    rows = f"rowid - {starts}[file + 1] AS row"
    widths = f"{[len(dialect.header) for dialect in dialects]}[file + 1]"
    return Cells(columns, dict.fromkeys(roles(columns), "VARCHAR"), widths, first.separator, rows)


def _load(db: duckdb.DuckDBPyConnection, number: int, part: Part, dialect: Dialect, columns: Columns) -> None:
    """Put a part's rows into `cells`: one a line, in order, so that a row's id tells its line."""
    separator = dialect.separator
    quoted_cell = literal(f'( *"(?:[^"]|"")*" *|[^{separator}]*){_escaped(separator)}')
    opens = literal(open_quote(separator))
    split = (
        f"CASE WHEN contains(line, '\"') THEN regexp_extract_all(line || {literal(separator)}, {quoted_cell}, 1) "
        f"ELSE string_split(line, {literal(separator)}) END"
    )
    cells = ", ".join(_cell(role, columns, dialect.header) for role in roles(columns))
    n = len(dialect.header)
    before = count(db, "cells")
    db.execute(f"""
        INSERT INTO cells
        SELECT {number}, {cells}, len(c) - (len(c) = {n + 1} AND c[{n + 1}] = '')::INTEGER,
            contains(line, '"') AND regexp_matches(line, {opens}), hash(line)
        FROM (SELECT line, {split} AS c FROM read_csv(
            {literal(str(part.path))}, columns = {{'line': 'VARCHAR'}}, header = false, auto_detect = false,
            delim = '\x1f', quote = '', escape = '', new_line = '\\n', max_line_size = 2000000))
    """)
    if count(db, "cells") != before + part.lines:
        raise AssertionError(f"{part.lines} lines became {count(db, 'cells') - before} rows")


def _escaped(separator: str) -> str:
    return r"\|" if separator == "|" else separator


def _cell(role: str, columns: Columns, header: Sequence[str]) -> str:
    """Return SQL for a cell without its quotes; of the date and the time together for the time."""
    if role == "timestamp" and role not in columns:
        day, time = (_unquoted(header.index(columns[part].name) + 1) for part in ("date", "time"))
        return f"split_part({day}, ' ', 1) || ' ' || {time}"
    return _unquoted(header.index(columns[role].name) + 1)


def _unquoted(number: int) -> str:
    cell = f"trim(c[{number}], ' \t')"
    return f"CASE WHEN {cell} LIKE '\"%\"' THEN trim(replace({cell}[2:-2], '\"\"', '\"'), ' \t') ELSE {cell} END"
