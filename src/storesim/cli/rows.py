"""Rows of any query as text: a table for the eye, CSV and JSON for other programs."""

import csv
import json
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from math import isfinite, log10
from typing import Any, TextIO

from rich.cells import cell_len, set_cell_size

from storesim.results.query import Answer, Row
from storesim.results.write import cell, text

MOST_ROWS = 50
"""Of a table; more are for a file."""
LONGEST_CELL = 40
"""Columns of the terminal that a cell of a table takes, at most."""
DIGITS, MOST_PLACES = 6, 6
"""Of a column's largest number; the other formats have more."""
HUGE = 1e15
GAP = "  "


def write_csv(stream: TextIO, answer: Answer) -> None:
    """Write rows as CSV, no text a formula; only a batch is held at once."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(map(text, answer.columns))
    for batch in answer.batches:
        writer.writerows([_csv_cell(value) for value in row] for row in batch)


def _csv_cell(value: Any) -> str:
    if value is None or isinstance(value, int | float):
        return cell(value)
    return text(str(value))


def write_json(stream: TextIO, answer: Answer) -> None:
    """Write rows as a list of objects, one a line; no number is null."""
    between = "[\n"
    for row in chain.from_iterable(answer.batches):
        one = {name: _json_value(value) for name, value in zip(answer.columns, row, strict=True)}
        stream.write(between + json.dumps(one, ensure_ascii=False, default=str))
        between = ",\n"
    stream.write("[]\n" if between == "[\n" else "\n]\n")


def _json_value(value: Any) -> Any:
    return None if isinstance(value, float) and not isfinite(value) else value


def write_table(stream: TextIO, answer: Answer, width: int | None) -> int:
    """Write the first rows for the eye, and return how many if there are more, else 0."""
    rows = list(islice(chain.from_iterable(answer.batches), MOST_ROWS + 1))
    for line in table_lines(answer.columns, rows[:MOST_ROWS], width):
        stream.write(f"{line}\n")
    if not rows:
        stream.write("no rows\n")
    return MOST_ROWS if len(rows) > MOST_ROWS else 0


def table_lines(columns: Sequence[str], rows: Sequence[Row], width: int | None) -> Iterator[str]:
    """Yield an aligned table; columns and cells beyond the width are cut, None cuts nothing."""
    texts = [[printable(name), *column_texts([row[i] for row in rows])] for i, name in enumerate(columns)]
    widths = [max(map(cell_len, column)) for column in texts]
    shown = len(columns) if width is None else _fitting([min(w, LONGEST_CELL) for w in widths], width)
    if width is not None:
        widths = [min(w, LONGEST_CELL, width) for w in widths]
    right = [any(_is_number(row[i]) for row in rows) for i in range(len(columns))]
    for line in zip(*texts[:shown], strict=True):
        yield GAP.join(map(_aligned, line, widths, right)).rstrip()
    if shown < len(columns):
        yield f"left out: {', '.join(column[0] for column in texts[shown:])}"


def _fitting(widths: Sequence[int], width: int) -> int:
    """Return how many columns stand within a width, at least one."""
    ends = [sum(widths[: i + 1]) + i * len(GAP) for i in range(len(widths))]
    return max(1, sum(end <= width for end in ends))


def _aligned(words: str, width: int, right: bool) -> str:
    if cell_len(words) > width:
        return set_cell_size(words, width - 1) + "…"
    padding = " " * (width - cell_len(words))
    return padding + words if right else words + padding


def column_texts(values: Sequence[Any]) -> list[str]:
    """Return the cells of a column, its numbers with as many decimals as the largest has digits left for.

    >>> column_texts([12345.678, 0.5, None])
    ['12,345.7', '0.5', '']
    """
    usual = [value for value in values if isinstance(value, float) and (value == 0 or 1 / HUGE < abs(value) < HUGE)]
    largest = max(map(abs, usual), default=0.0)
    most = min(max(DIGITS - 1 - int(log10(max(largest, 1))), 0), MOST_PLACES)
    places = max((len(f"{value:.{most}f}".rstrip("0").partition(".")[2]) for value in usual), default=0)
    return [_text(value, places) for value in values]


def _text(value: Any, places: int) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float() if value == 0 or 10**-places <= abs(value) < HUGE:
            return f"{value:,.{places}f}"
        case float():
            return f"{value:.{DIGITS}g}"
    return printable(str(value))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def printable(words: str) -> str:
    """Return words of a run, which may be anybody's, without what would move the terminal's cursor."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in words)
