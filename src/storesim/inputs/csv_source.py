"""CSV files into rows whose every cell knows its place."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from storesim.inputs.files import read_text
from storesim.inputs.mistakes import Mark, Mistakes, quoted, shown, suggest

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
    text = read_text(path, mistakes, MOST_BYTES, named_at)
    if text is None:
        return None
    lines = _lines(path, text, mistakes)
    header = next(lines, None)
    if header is None:
        if not any(mistake.path == shown(path) for mistake in mistakes.found):
            mistakes.add(path, f"the file is empty; begin with the header {','.join(required)}")
        return None
    columns = _columns(path, header, (*required, *optional), prefixes, mistakes)
    if columns is None or not _has_all(path, header[0], required, columns, mistakes):
        return None
    return _rows(path, lines, columns, len(header[1]), mistakes)


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


def _rows(
    path: Path,
    lines: Iterator[tuple[int, list[str]]],
    columns: Mapping[str, int],
    width: int,
    mistakes: Mistakes,
) -> list[Row] | None:
    rows: list[Row] = []
    for line, cells in lines:
        if len(rows) >= MOST_ROWS or len(rows) * width >= MOST_CELLS:
            most = min(MOST_ROWS, MOST_CELLS // width)
            mistakes.add(Mark(shown(path), line), f"there are more than {most} rows; split the file")
            return None
        if any(cell.strip() for cell in cells[width:]):
            what = f"the row has {len(cells)} cells, the header {width}; quote a cell that holds the separator"
            mistakes.add(Mark(shown(path), line, width + 1), what)
            continue
        values = {name: cells[number - 1].strip() for name, number in columns.items() if number <= len(cells)}
        rows.append(Row(shown(path), line, values, columns))
        if any(len(value) > MOST_CHARACTERS for value in values.values()):
            mistakes.add(
                Mark(shown(path), line),
                f"a cell holds over {MOST_CHARACTERS} characters; close a quote left open",
            )
    return rows
