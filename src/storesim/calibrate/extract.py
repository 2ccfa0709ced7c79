"""Points of sale, as CSV or Parquet files, into the table `line`; rows that cannot be read are listed."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from storesim.calibrate import formats
from storesim.calibrate.columns import ColumnMap, Columns, guess, read_map
from storesim.calibrate.dialect import Dialect, Part, can_be_read, is_parquet, open_quote, parts, sniff
from storesim.calibrate.formats import Stamps, literal
from storesim.inputs.mistakes import InputError, Mark, Mistakes, quoted, shown, suggest

MEMORY_LIMIT = "1500MB"
THREADS = 2
MOST_LISTED = 100
"""Unreadable rows told one by one; all are counted."""
MOST_SHAPES = 5_000
LONGEST_SHAPE = 40
YEARS = (1990, 2100)

NUMBERS = ("quantity", "net_sales", "price", "regular_price", "discount")
AMOUNTS = ("net_sales", "price", "regular_price", "discount")
YES = (
    "1",
    "y",
    "yes",
    "true",
    "t",
    "j",
    "ja",
    "wahr",
    "o",
    "oui",
    "vrai",
    "s",
    "si",
    "sí",
    "opt-in",
    "optin",
    "in",
    "granted",
)

Progress = Callable[[str, int, int], None]
"""Takes what is going on, bytes read, and bytes in all."""
_NUMERIC = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*|VARCHAR")


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


@dataclass(frozen=True)
class _Table:
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
    """
    mistakes = Mistakes()
    mapped = read_map(columns, mistakes) if columns else ColumnMap()
    with TemporaryDirectory(prefix="storesim-") as folder, _database(Path(folder)) as db:
        yield _opened(db, paths, mapped, Path(folder), progress, mistakes)


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
        mistakes.raise_if_any()
        if table is None:
            raise AssertionError("nothing could be read, and no mistake says why")
        return _understood(db, paths, table, mistakes)
    except duckdb.Error as error:
        if isinstance(error, duckdb.OutOfMemoryException) or not is_parquet(paths[0]):
            raise
        mistakes.add(paths[0], f"a Parquet file is damaged ({str(error).splitlines()[0][:120]}); export it again")
        raise InputError(mistakes.found) from error


@contextmanager
def _database(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "threads": THREADS,
        "temp_directory": str(folder / "spill"),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(str(folder / "pos.duckdb"), config=config) as db:
        yield db


def _read(
    db: duckdb.DuckDBPyConnection,
    paths: Sequence[Path],
    mapped: ColumnMap,
    folder: Path,
    progress: Progress,
    mistakes: Mistakes,
) -> _Table | None:
    for path, times in Counter(path.resolve() for path in paths).items():
        if times > 1:
            mistakes.add(path, "the file is given twice; name it once")
    readable = [path for path in paths if can_be_read(path, mistakes)]
    mistakes.raise_if_any()
    kinds = {is_parquet(path) for path in readable}
    if len(kinds) > 1:
        mistakes.add(readable[0], "some files are CSV and some Parquet; give files of one kind")
        return None
    return (
        _read_parquet(db, readable, mapped, mistakes)
        if kinds == {True}
        else _read_csv(db, readable, mapped, folder, progress, mistakes)
    )


def _read_csv(
    db: duckdb.DuckDBPyConnection,
    paths: Sequence[Path],
    mapped: ColumnMap,
    folder: Path,
    progress: Progress,
    mistakes: Mistakes,
) -> _Table | None:
    dialects = [dialect for path in paths if (dialect := sniff(path, mistakes))]
    mistakes.raise_if_any()
    first = dialects[0]
    columns = guess(first.path, first.header, first.first_rows, mapped, mistakes, first.header_line)
    for dialect in dialects[1:]:
        _check_same(Mark(shown(dialect.path), dialect.header_line), columns, dialect.header, first.path, mistakes)
    mistakes.raise_if_any()
    stored = ", ".join(f"{role} VARCHAR" for role in _roles(columns))
    db.execute(f"CREATE TABLE cells (file USMALLINT, {stored}, width INTEGER, open BOOLEAN, print UBIGINT)")
    starts, done, total = [], 0, sum(dialect.size for dialect in dialects)
    for number, dialect in enumerate(dialects):
        starts.append(_count(db, "cells") - dialect.header_line - 1)
        for part in parts(dialect, folder, mistakes):
            _load(db, number, part, dialect, columns)
            progress("reading", done + part.done, total)
        done += dialect.size
        mistakes.raise_if_any()
    rows = f"rowid - {starts}[file + 1] AS row"
    widths = f"{[len(dialect.header) for dialect in dialects]}[file + 1]"
    return _Table(columns, dict.fromkeys(_roles(columns), "VARCHAR"), widths, first.separator, rows)


def _check_same(mark: Mark, columns: Columns, header: Sequence[str], first: Path, mistakes: Mistakes) -> None:
    for column in columns.found:
        if column.name not in header:
            remedy = suggest(column.name, header)
            mistakes.add(mark, f"column {quoted(column.name)} of {shown(first)} is missing here{remedy}")


def _roles(columns: Columns) -> list[str]:
    """Return the columns of `cells`; date and time become one."""
    roles = [column.role for column in columns.found if column.role not in ("date", "time")]
    return roles if "timestamp" in roles else [*roles, "timestamp"]


def _load(db: duckdb.DuckDBPyConnection, number: int, part: Part, dialect: Dialect, columns: Columns) -> None:
    """Put a part's rows into `cells`: one a line, in order, so that a row's id tells its line."""
    separator = dialect.separator
    quoted_cell = literal(f'( *"(?:[^"]|"")*" *|[^{separator}]*){_escaped(separator)}')
    opens = literal(open_quote(separator))
    split = (
        f"CASE WHEN contains(line, '\"') THEN regexp_extract_all(line || {literal(separator)}, {quoted_cell}, 1) "
        f"ELSE string_split(line, {literal(separator)}) END"
    )
    cells = ", ".join(_cell(role, columns, dialect.header) for role in _roles(columns))
    n = len(dialect.header)
    before = _count(db, "cells")
    db.execute(f"""
        INSERT INTO cells
        SELECT {number}, {cells}, len(c) - (len(c) = {n + 1} AND c[{n + 1}] = '')::INTEGER,
            contains(line, '"') AND regexp_matches(line, {opens}), hash(line)
        FROM (SELECT line, {split} AS c FROM read_csv(
            {literal(str(part.path))}, columns = {{'line': 'VARCHAR'}}, header = false, auto_detect = false,
            delim = '\x1f', quote = '', escape = '', new_line = '\\n', max_line_size = 2000000))
    """)
    if _count(db, "cells") != before + part.lines:
        raise AssertionError(f"{part.lines} lines became {_count(db, 'cells') - before} rows")


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


def _read_parquet(
    db: duckdb.DuckDBPyConnection, paths: Sequence[Path], mapped: ColumnMap, mistakes: Mistakes
) -> _Table | None:
    headers = [header for path in paths if (header := _parquet_header(db, path, mistakes)) is not None]
    mistakes.raise_if_any()
    first = headers[0]
    columns = guess(paths[0], list(first), _first_cells(db, paths[0]), mapped, mistakes)
    for path, header in zip(paths[1:], headers[1:], strict=True):
        _check_same(Mark(shown(path)), columns, list(header), paths[0], mistakes)
    mistakes.raise_if_any()
    for path, header in zip(paths, headers, strict=True):
        _check_types(path, columns, header, first, mistakes)
    mistakes.raise_if_any()
    types = {column.role: first[column.name] for column in columns.found}
    each = [
        _parquet_cells(k, path, columns, header) for k, (path, header) in enumerate(zip(paths, headers, strict=True))
    ]
    db.execute(f"CREATE VIEW cells AS {' UNION ALL '.join(each)}")
    if not _count(db, "cells"):
        mistakes.add(paths[0], "there are columns and no rows; export the rows too")
    return _Table(columns, {"timestamp": "VARCHAR"} | types, str(len(first)), None, "file_row + 1 AS row")


def _parquet_header(db: duckdb.DuckDBPyConnection, path: Path, mistakes: Mistakes) -> dict[str, str] | None:
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


def _parquet_cells(number: int, path: Path, columns: Columns, header: Mapping[str, str]) -> str:
    """Return the query for a file's cells: numbers and times as they are, everything else as text."""

    def cell(role: str) -> str:
        if role == "timestamp" and role not in columns:
            day, time = (_identifier(columns[part].name) for part in ("date", "time"))
            return f"split_part({day}::VARCHAR, ' ', 1) || ' ' || {time}::VARCHAR"
        name = columns[role].name
        typed = role in (*NUMBERS, "timestamp") and header[name] != "VARCHAR"
        return _identifier(name) if typed else f"trim({_identifier(name)}::VARCHAR)"

    cells = ", ".join(f"{cell(role)} AS {role}" for role in _roles(columns))
    source = f"read_parquet({literal(str(path))}, file_row_number = true)"
    return (
        f"SELECT {number}::USMALLINT AS file, file_row_number AS file_row, {cells}, NULL::INTEGER AS width, "
        f"false AS open, hash({', '.join(map(_identifier, sorted(header)))}) AS print FROM {source}"
    )


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _understood(db: duckdb.DuckDBPyConnection, paths: Sequence[Path], table: _Table, mistakes: Mistakes) -> Pos:
    """Turn cells into numbers and times."""
    shapes = {role: _shapes(db, role) for role in (*NUMBERS, "timestamp") if table.types.get(role) == "VARCHAR"}
    _check_currencies(db, paths[0], table, shapes, mistakes)
    marks = _decimals(paths[0], table, shapes, mistakes)
    written = _stamps(db, paths[0], table, shapes.get("timestamp"), mistakes)
    mistakes.raise_if_any()
    numbers = {role: formats.number_sql(role, mark, shapes[role]) for role, mark in marks.items()}
    db.execute(f"CREATE TABLE parsed AS {_parse_sql(table, numbers, written)}")
    db.execute("DROP TABLE cells" if table.separator else "DROP VIEW cells")
    db.execute("CREATE VIEW line AS SELECT * EXCLUDE (wrong) FROM parsed WHERE wrong IS NULL")
    pos = _counted(db, paths, table, marks, written)
    if pos.unreadable > pos.rows:
        worst = pos.bad_rows[0]
        what = f"{pos.unreadable} of {pos.unreadable + pos.rows} rows cannot be read, the first as {worst.reason}"
        mistakes.add(Mark(worst.path, worst.row), f"{what}; look at --columns and at how the file was exported")
    elif not pos.rows:
        mistakes.add(paths[0], "there is a header and nothing below it; export the rows too")
    mistakes.raise_if_any()
    return pos


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
    table: _Table,
    shapes: Mapping[str, Mapping[str, int]],
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


def _decimals(path: Path, table: _Table, shapes: Mapping[str, Mapping[str, int]], mistakes: Mistakes) -> dict[str, str]:
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
    db: duckdb.DuckDBPyConnection, path: Path, table: _Table, shapes: Mapping[str, int] | None, mistakes: Mistakes
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


def _no_time(table: _Table) -> str:
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


def _parse_sql(table: _Table, numbers: Mapping[str, str], written: Stamps | None) -> str:
    """Return the query that makes `parsed`: `line` and, where a row cannot be read, the reason in `wrong`."""
    values = _values_sql(table, numbers, written)
    typed = ", ".join(f"{sql} AS {name}" for name, sql in values.items())
    net = "_net_sales" if "net_sales" in table.columns else "_price * _quantity"
    return f"""
        SELECT file, row, basket, t, _product AS product, _sku AS sku, _department AS department, _quantity AS quantity,
            {net} AS net_sales, {_regular_sql(table, net)} AS regular_price, _store AS store, _customer AS customer,
            print, {_wrong_sql(table)} AS wrong
        FROM (SELECT *, {typed} FROM (SELECT *, {table.rows_sql} FROM cells))
    """


def _values_sql(table: _Table, numbers: Mapping[str, str], written: Stamps | None) -> dict[str, str]:
    roles = table.columns
    sql = {f"_{role}": numbers.get(role, f"{role}::DOUBLE") for role in NUMBERS if role in roles}
    sql.setdefault("_quantity", "1.0")
    sql["t"] = written.sql("timestamp") if written else "make_timestamp(epoch_us(timestamp))"
    sql["basket"] = _text("basket_id")
    for role in ("product", "sku", "department", "store"):
        sql[f"_{role}"] = _text(role) if role in roles else "NULL::VARCHAR"
    customer = _text("customer") if "customer" in roles else "NULL::VARCHAR"
    if "consent" in roles and "customer" in roles:
        allowed = ", ".join(map(literal, YES))
        customer = f"CASE WHEN lower(trim(consent)) IN ({allowed}) THEN {customer} END"
    sql["_customer"] = customer
    return sql


def _text(role: str) -> str:
    return f"CASE WHEN lower({role}) NOT IN ({', '.join(map(literal, formats.EMPTY))}) THEN {role} END"


def _regular_sql(table: _Table, net: str) -> str:
    """Return SQL for the regular price of a unit: as given, or what was paid and the discount together."""
    if "regular_price" in table.columns:
        return "_regular_price"
    if "discount" in table.columns:
        return f"CASE WHEN _quantity > 0 THEN ({net} + abs(coalesce(_discount, 0))) / _quantity END"
    return "NULL::DOUBLE"


def _wrong_sql(table: _Table) -> str:
    """Return SQL for what is wrong with a row, NULL for a good one and '' for an empty line."""
    cases = []
    if table.separator:
        cases += [
            ("width IS NULL OR width = 0", "''"),
            ("open", "'the line ends inside quotes'"),
            (f"width <> {table.width_sql}", f"format('it has {{}} cells, the header {{}}', width, {table.width_sql})"),
        ]
    cases.append(("basket IS NULL", "'the basket is empty'"))
    cases.append((f"t IS NULL OR year(t) NOT BETWEEN {YEARS[0]} AND {YEARS[1]}", _said("timestamp", "is not a time")))
    needed = [role for role in ("quantity", "net_sales") if role in table.columns]
    needed += ["price"] if "net_sales" not in table.columns else []
    cases += [(f"_{role} IS NULL OR NOT isfinite(_{role})", _said(role, "is not a number")) for role in needed]
    return "CASE " + " ".join(f"WHEN {when} THEN {then}" for when, then in cases) + " END"


def _said(role: str, what: str) -> str:
    return f"'{role} ''' || coalesce(left({role}::VARCHAR, 40), '') || ''' {what}'"


def _counted(
    db: duckdb.DuckDBPyConnection,
    paths: Sequence[Path],
    table: _Table,
    marks: Mapping[str, str],
    written: Stamps | None,
) -> Pos:
    rows, blank, bad = db.execute("""
        SELECT count(*) FILTER (wrong IS NULL), count(*) FILTER (wrong = ''), count(*) FILTER (wrong <> '') FROM parsed
    """).fetchone() or (0, 0, 0)
    listed = db.execute(f"""
        SELECT file, row, wrong FROM parsed WHERE wrong <> '' ORDER BY file, row LIMIT {MOST_LISTED}
    """).fetchall()
    refused = 0
    if "consent" in table.columns and "customer" in table.columns:
        refused = _count(db, "(FROM line WHERE customer IS NULL)")
    zones = written.zones if written else frozenset({"utc"} if "TIME ZONE" in table.types["timestamp"] else ())
    bad_rows = tuple(BadRow(shown(paths[file]), row, wrong) for file, row, wrong in listed)
    return Pos(
        db, tuple(paths), table.columns, rows, blank, bad, bad_rows, refused, zones, _notes(table, marks, written)
    )


def _notes(table: _Table, marks: Mapping[str, str], written: Stamps | None) -> tuple[str, ...]:
    notes = []
    if table.separator:
        names = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
        notes.append(f"Columns are separated by {names[table.separator]}.")
    if marks:
        kinds = sorted({{".": "point", ",": "comma"}[mark] for mark in marks.values()})
        notes.append(f"Numbers have a decimal {' or '.join(kinds)}.")
    if written:
        notes.append(f"Times are read as {' or '.join(written.formats)}.")
    if "net_sales" not in table.columns:
        notes.append("Sales of a line are price times quantity.")
    if "quantity" not in table.columns:
        notes.append("There is no quantity: every line counts as one unit.")
    return tuple(notes)


def _count(db: duckdb.DuckDBPyConnection, table: str) -> int:
    row = db.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0
