"""summary.xlsx: a sheet for each table of a run, and the differences as charts; the same bytes for the same run."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from storesim.report.colours import VERDICT_COLOURS
from storesim.report.columns import FORMATS, Kind, heading
from storesim.report.run_directory import RunDirectory
from storesim.report.workbook_charts import add_charts
from storesim.results.replacing import replacing
from storesim.results.responses import Response, responses_of

NAME = "summary.xlsx"
MOST_ROWS = 1_048_576
"""Of a sheet, its header included."""
MOST_CELLS = 3_000_000
"""More take minutes to write and to open: such a table is left to its CSV file."""
CREATED = datetime(2026, 1, 1)
"""Fixed: the time of writing would make the bytes differ."""
KEYS = frozenset(
    ("variant", "response", "zone", "fixture", "product", "checkout", "hour", "promotion", "scope", "category",
     "measure", "period", "replication", "swept")
)  # fmt: skip
SAYS_COLOURS = {
    **VERDICT_COLOURS,
    "winner": VERDICT_COLOURS["higher"],
    "pays back": VERDICT_COLOURS["higher"],
    "loser": VERDICT_COLOURS["lower"],
    "never": VERDICT_COLOURS["lower"],
    "unclear": VERDICT_COLOURS["undecided"],
    "not surely": VERDICT_COLOURS["undecided"],
}
LEAST_WIDTH, MOST_WIDTH = 9, 34
HEADER_LINES = 3


@dataclass(frozen=True)
class Sheet:
    """A table to be written."""

    name: str
    table: pd.DataFrame
    file: str
    """Where the whole of it is when it does not fit."""


def write_workbook(run: RunDirectory) -> Path:
    """Write the run's tables as a workbook beside them, whole or not at all, and return where.

    Raises:
        RunDirectoryError: a table is missing or cannot be read.
    """
    path = run.path / NAME
    with replacing(path) as temporary, Workbook(str(temporary), {"nan_inf_to_errors": False}) as book:
        book.set_properties({"title": run.manifest.get("question", ""), "created": CREATED})
        write = _writer(book, run.scenario.currency)
        if run.shortfall:
            book.add_worksheet("Note").write_string(0, 0, run.shortfall)
        for number, sheet in enumerate(sheets(run)):
            write(sheet)
            if number == 0:
                add_charts(book, run.summary, run.scenario.baseline)
    return path


def sheets(run: RunDirectory) -> Iterator[Sheet]:
    """Yield the sheets of a run, in their order; tables that an older run has not are left out."""
    yield Sheet("Summary", run.summary, "summary.csv")
    for name in ("money", "categories", "promotions"):
        table: pd.DataFrame | None = getattr(run, name)
        if table is not None:
            yield Sheet(name.title(), table, f"{name}.csv")
    for name in ("zones", "fixtures", "products", "checkouts"):
        yield Sheet(name.title(), getattr(run, name), f"{name}.csv")
    for name in ("stock", "counters", "staff", "tiers", "churn"):
        found = run.table_if_any(name)
        if found is not None:
            yield Sheet(name.title(), found, f"{name}.csv")
    if run.sweep_effects is not None:
        yield Sheet("Sweep", run.sweep_effects, "sweep_effects.csv")
    yield Sheet("Responses", wide(run.responses, responses_of(run.scenario)), "responses.csv")


def wide(responses: pd.DataFrame, in_order: Sequence[Response]) -> pd.DataFrame:
    """Return one row a variant and replication, one column a response, in the order they are played and defined."""
    variants = list(dict.fromkeys(responses["variant"]))
    table = responses.pivot_table(index=["variant", "replication"], columns="response", values="value", sort=False)
    known = [response.name for response in in_order if response.name in table.columns]
    order = [(variant, day) for variant in variants for day in sorted(set(responses["replication"]))]
    return table.reindex(index=[row for row in order if row in table.index], columns=known).reset_index()


def _writer(book: Workbook, currency: str) -> Callable[[Sheet], None]:
    """Return what writes a sheet, with the formats that all sheets share."""
    formats = {kind: book.add_format({"num_format": code}) for kind, code in FORMATS.items()}
    bold = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
    header = book.add_format(bold)
    colours = {word: book.add_format({"font_color": colour, "bold": True}) for word, colour in SAYS_COLOURS.items()}

    def write(sheet: Sheet) -> None:
        rows, columns = sheet.table.shape
        if rows >= MOST_ROWS or rows * columns > MOST_CELLS:
            _write_note(book.add_worksheet(sheet.name), sheet, rows)
            return
        page = book.add_worksheet(sheet.name)
        for number, column in enumerate(sheet.table.columns):
            title = _title(str(column), currency)
            page.write_string(0, number, title[0], header)
            page.set_column(number, number, _width(title[0], sheet.table[column]))
            _write_column(page, number, sheet.table[column], formats[title[1]])
        page.set_row(0, 15 * HEADER_LINES)
        page.freeze_panes(1, sum(column in KEYS for column in sheet.table.columns))
        page.autofilter(0, 0, max(rows, 1), columns - 1)
        for word, style in colours.items():
            for number, column in enumerate(sheet.table.columns):
                if column in ("verdict", "says") and rows:
                    rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": style}
                    page.conditional_format(1, number, rows, number, rule)

    return write


def _title(column: str, currency: str) -> tuple[str, Kind]:
    found = heading(column, currency)
    return found.words, found.kind


def _write_column(page: Worksheet, number: int, values: "pd.Series[Any]", style: Any) -> None:
    """Write the cells below the header; text is never taken for a formula, no number is an empty cell."""
    for row, value in enumerate(values.tolist(), 1):
        if isinstance(value, str):
            page.write_string(row, number, value)
        elif isinstance(value, bool | int | float) and abs(value) < float("inf"):
            page.write_number(row, number, value, style)


def _write_note(page: Worksheet, sheet: Sheet, rows: int) -> None:
    page.write_string(0, 0, f"{rows:,} rows are too many for a sheet; the table is in {sheet.file}.")


def _width(title: str, values: "pd.Series[Any]") -> int:
    """Return a width in letters: names in full as far as there is room, headers on a few lines."""
    names = max((len(value) for value in values.unique() if isinstance(value, str)), default=0)
    longest_word = max(len(word) for word in title.split())
    return min(max(LEAST_WIDTH, names + 2, longest_word + 3, len(title) // HEADER_LINES + 3), MOST_WIDTH)
