"""XLSX workbooks into the lines of a table, carefully: bounded in size, formulas never computed."""

import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from storesim.inputs.files import FORBIDDEN, read_bytes
from storesim.inputs.mistakes import InputError, Mark, Mistakes, quoted, shown

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

SUFFIXES = (".xlsx", ".xlsm")
MOST_BYTES = 20_000_000
MOST_UNPACKED_BYTES = 150_000_000
"""Of all parts together, as the archive declares them: no part is unpacked further than that."""
MOST_PARTS = 2_000
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
"""The head of an old .xls file, and of a workbook with a password."""
Line = tuple[int, list[str]]


def is_sheet(path: Path) -> bool:
    """Whether a file is named as a workbook."""
    return path.suffix.lower() in SUFFIXES


def read_sheet(
    path: Path, mistakes: Mistakes, most_rows: int, most_columns: int, named_at: Mark | None = None
) -> list[Line] | None:
    """Return (row number, cells as text) of each row with content of the first visible sheet; None when broken.

    A formula has the value that the spreadsheet program stored; one without a stored value is a mistake.
    """
    content = read_bytes(path, mistakes, MOST_BYTES, named_at)
    if content is None:
        return None
    mistakes.add_source(path, content)
    flaw = _flaw(content)
    if flaw:
        mistakes.add(path, flaw)
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts of the workbook that are of no use here
            return list(_lines(path, content, mistakes, most_rows, most_columns))
    except (InputError, MemoryError):
        raise
    except _StoppedError:
        return None
    except Exception:  # whatever a broken file makes the parsers raise; its own name is of no use to anybody
        mistakes.add(path, "the workbook is broken and cannot be read; open it and save it again, or save it as CSV")
        return None


class _StoppedError(Exception):
    """The rest of a sheet is not worth reading; the mistake says why."""


def _flaw(content: bytes) -> str | None:
    """Return why a file is not even opened, or None."""
    if content.startswith(OLD_OR_LOCKED):
        return "this is an old .xls file, or has a password; save it as .xlsx without a password, or as CSV"
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (BadZipFile, ValueError, NotImplementedError, OSError):
        return "this is no XLSX workbook; save it as .xlsx, or as CSV"
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        return f"the workbook unpacks to more than {MOST_UNPACKED_BYTES / 1e6:g} MB; keep the one sheet that is needed"
    return None


def _lines(path: Path, content: bytes, mistakes: Mistakes, most_rows: int, most_columns: int) -> Iterator[Line]:
    values, formulas = (_first_sheet(content, data_only) for data_only in (True, False))
    limits = {"max_row": most_rows + 1, "max_col": most_columns + 1, "values_only": True}
    pairs = zip_longest(values.iter_rows(**limits), formulas.iter_rows(**limits), fillvalue=())
    for row, (cells, written) in enumerate(pairs, start=1):
        if row > most_rows:
            mistakes.add(Mark(shown(path), row), f"there are more than {most_rows} rows; delete empty ones")
            raise _StoppedError
        if any(cell is not None for cell in written):
            texts = [_text(cell) for cell in cells]
            _check(path, row, texts, written, mistakes)
            while texts and not texts[-1].strip():
                texts.pop()
            if texts:
                yield row, texts


def _first_sheet(content: bytes, data_only: bool) -> "ReadOnlyWorksheet":
    """Return the first visible sheet, with values or with formulas as they are written."""
    from openpyxl import load_workbook

    sheets = load_workbook(BytesIO(content), read_only=True, data_only=data_only, keep_links=False).worksheets
    return next((sheet for sheet in sheets if sheet.sheet_state == "visible"), sheets[0])


def _check(path: Path, row: int, texts: list[str], written: tuple[Any, ...], mistakes: Mistakes) -> None:
    """Tell of control characters, and of formulas whose value is not in the file."""
    for number, (text, formula) in enumerate(zip(texts, written, strict=False), start=1):
        bad = FORBIDDEN.search(text)
        if bad:
            mistakes.add(Mark(shown(path), row, number), f"control character #x{ord(bad[0]):02x}; delete it")
        elif not text and formula is not None and str(formula).strip():
            what = f"formula {quoted(str(formula))} has no value in the file; open and save it, or write the value"
            mistakes.add(Mark(shown(path), row, number), what)


def _text(cell: object) -> str:
    """Return a cell as one would write it in a CSV file."""
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.12g}"
        case datetime() if not (cell.hour or cell.minute or cell.second):
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
    return str(cell)
