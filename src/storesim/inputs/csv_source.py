"""CSV files, and sheets of the same form, into rows whose every cell knows its place."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from storesim.inputs.files import read_text
from storesim.inputs.mistakes import Mark, Mistakes, quoted, shown, suggest
from storesim.inputs.sheet import is_sheet, read_sheet

MOST_BYTES = 50_000_000
MOST_ROWS = 200_000
MOST_LINES = 1_000_000
MOST_COLUMNS = 200
MOST_CELLS = 2_000_000
MOST_CHARACTERS = 10_000
"""In one cell."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


@dataclass(frozen=True)
class Row:
    """One row: stripped values by column name; cells left out at the end of the row are ''."""

    path: str
    line: int
    values: Mapping[str, str]
    columns: Mapping[str, int] = field(repr=False)
    """Number of each column, from 1."""

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")

    def mark(self, column: str = "") -> Mark:
        """Return line and column number (cells count from 1) of a cell; other names: of the row's head."""
        return Mark(self.path, self.line, self.columns.get(column, 1))


@dataclass(frozen=True)
class Table:
    """A table whose header was read; its rows are still to come."""

    path: Path
    columns: Mapping[str, int]
    """Number of each known column, from 1."""
    width: int
    lines: Iterator[tuple[int, list[str]]]
    """(line number, cells), only once."""

    def rows(self, mistakes: Mistakes) -> Iterator[Row]:
        """Yield the rows, one at a time; those with too many cells are mistakes and left out."""
        name = shown(self.path)
        for line, cells in self.lines:
            if any(cell.strip() for cell in cells[self.width :]):
                what = f"the row has {len(cells)} cells, the header {self.width}; quote a cell that holds the separator"
                mistakes.add(Mark(name, line, self.width + 1), what)
                continue
            values = {key: cells[number - 1].strip() for key, number in self.columns.items() if number <= len(cells)}
            if any(len(value) > MOST_CHARACTERS for value in values.values()):
                what = f"a cell holds over {MOST_CHARACTERS} characters; close a quote left open"
                mistakes.add(Mark(name, line), what)
            yield Row(name, line, values, self.columns)


def read_csv(
    path: Path,
    required: Sequence[str],
    optional: Sequence[str],
    mistakes: Mistakes,
    prefixes: Sequence[str] = (),
    named_at: Mark | None = None,
) -> list[Row] | None:
    """Read a CSV file with a header, split by ',' or ';'; None when it cannot be made sense of.

    Columns are named as in `required` and `optional`, whatever the case and spaces in the file; a column
    that begins with one of `prefixes` (such as 'penetration: ') is named by the prefix and the rest as
    written. Empty lines are left out.
    """
    table = open_csv(path, required, optional, mistakes, prefixes, named_at)
    return _few_rows(table, mistakes) if table else None


def open_csv(
    path: Path,
    required: Sequence[str],
    optional: Sequence[str],
    mistakes: Mistakes,
    prefixes: Sequence[str] = (),
    named_at: Mark | None = None,
) -> Table | None:
    """Read the header of a CSV file as `read_csv` does, for long files whose rows are taken one by one."""
    lines = read_lines(path, mistakes, named_at)
    if lines is None:
        return None
    header = next(lines, None)
    if header is None:
        if not any(mistake.path == shown(path) for mistake in mistakes.found):
            mistakes.add(path, f"the file is empty; begin with the header {','.join(required)}")
        return None
    columns = known_columns(path, header, required, optional, mistakes, prefixes)
    return Table(path, columns, len(header[1]), lines) if columns else None


def read_lines(path: Path, mistakes: Mistakes, named_at: Mark | None = None) -> Iterator[tuple[int, list[str]]] | None:
    """Return (line number, cells) of every line that is not empty, of a CSV file or of a workbook's first sheet."""
    if is_sheet(path):
        sheet = read_sheet(path, mistakes, MOST_LINES, MOST_COLUMNS, named_at)
        return None if sheet is None else iter(sheet)
    text = read_text(path, mistakes, MOST_BYTES, named_at)
    return None if text is None else _lines(path, text, mistakes)


def _lines(path: Path, text: str, mistakes: Mistakes) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, cells) of every line that is not empty, up to the first that cannot be read."""
    head = text.lstrip().partition("\n")[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    reader = csv.reader(
        (match[0] for match in _LINE.finditer(text)), delimiter=delimiter, strict=True, skipinitialspace=True
    )
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
            if line > MOST_LINES:
                mistakes.add(Mark(shown(path), line), f"there are more than {MOST_LINES} lines; delete empty ones")
                return
    except csv.Error as error:
        mistakes.add(
            Mark(shown(path), line),
            f"cannot be read as CSV ({error}); close quotes, and double those inside a cell",
        )


def known_columns(
    path: Path,
    header: tuple[int, list[str]],
    required: Sequence[str],
    optional: Sequence[str],
    mistakes: Mistakes,
    prefixes: Sequence[str] = (),
) -> dict[str, int] | None:
    """Return the number of each column of a header (line number, names), from 1; None when one is missing."""
    columns = _columns(path, header, (*required, *optional), prefixes, mistakes)
    has_all = columns is not None and _has_all(path, header[0], required, columns, mistakes)
    return columns if has_all else None


def _columns(
    path: Path,
    header: tuple[int, list[str]],
    known: Sequence[str],
    prefixes: Sequence[str],
    mistakes: Mistakes,
) -> dict[str, int] | None:
    line, cells = header
    if len(cells) > MOST_COLUMNS:
        mistakes.add(Mark(shown(path), line), f"there are {len(cells)} columns; write at most {MOST_COLUMNS}")
        return None
    columns: dict[str, int] = {}
    for number, cell in enumerate(cells, start=1):
        mark = Mark(shown(path), line, number)
        name = _column_name(cell, known, prefixes)
        if name is None:
            what = f"unknown column {quoted(cell.strip())}" if cell.strip() else f"column {number} has no name"
            mistakes.add(mark, what + suggest(cell.strip(), [*known, *prefixes]))
        elif name in columns:
            mistakes.add(mark, f"column {quoted(name)} stands twice; keep one")
        else:
            columns[name] = number
    return columns


def _column_name(cell: str, known: Sequence[str], prefixes: Sequence[str]) -> str | None:
    """Return the name of a column as the reader knows it."""
    exact = next((name for name in known if _folded(name) == _folded(cell)), None)
    if exact:
        return exact
    for prefix in prefixes:
        head, colon, rest = cell.strip().partition(":")
        if colon and rest.strip() and _folded(head + colon) == _folded(prefix):
            return prefix + rest.strip()
    return None


def _folded(name: str) -> str:
    return "".join(name.casefold().replace("_", " ").split())


def _has_all(path: Path, line: int, required: Sequence[str], columns: Mapping[str, int], mistakes: Mistakes) -> bool:
    missing = [name for name in required if name not in columns]
    for name in missing:
        mistakes.add(Mark(shown(path), line), f"column {quoted(name)} is missing; add it to the header")
    return not missing


def _few_rows(table: Table, mistakes: Mistakes) -> list[Row] | None:
    """Return all rows, None when there are too many to hold."""
    most = min(MOST_ROWS, MOST_CELLS // table.width)
    rows = list(islice(table.rows(mistakes), most + 1))
    if len(rows) > most:
        mistakes.add(Mark(shown(table.path), rows[-1].line), f"there are more than {most} rows; split the file")
        return None
    return rows
