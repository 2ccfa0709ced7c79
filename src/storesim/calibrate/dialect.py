"""The bytes of a CSV extract into lines of text: encoding, separator, header, and lines cut inside quotes."""

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from storesim.inputs.mistakes import Mark, Mistakes, shown

SEPARATORS = (",", ";", "\t", "|")
CHUNK = 1 << 23
"""Bytes, or characters, read at a time."""
LONGEST_LINE = 100_000
MOST_JOINED = 20
"""Lines that one row may run over, inside quotes."""
LINES_TRIED = 200

_CONTROL = bytes(byte for byte in range(32) if byte not in b"\t\n\r\x0c") + b"\x7f"
_OTHER_KINDS = {
    b"PK\x03\x04": "an Excel workbook or a ZIP archive; save the table as CSV",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; save the table as CSV",
    b"%PDF": "a PDF; export the table as CSV",
    b"SQLite format 3": "a SQLite database; export the table as CSV",
    b"\x28\xb5\x2f\xfd": "compressed by zstd; unpack it, or compress it by gzip",
    b"BZh": "compressed by bzip2; unpack it, or compress it by gzip",
}
_GZIP = b"\x1f\x8b"
_PARQUET = b"PAR1"


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is written."""

    path: Path
    encoding: str
    separator: str
    header: tuple[str, ...]
    header_line: int
    first_rows: tuple[tuple[str, ...], ...]
    size: int
    """Bytes on disk."""


@dataclass(frozen=True)
class Part:
    """Some lines of a file, one a row, in a file of their own: UTF-8, ended by a line feed, empty ones kept."""

    path: Path
    lines: int
    done: int
    """Bytes of the extract read so far."""


def can_be_read(path: Path, mistakes: Mistakes) -> bool:
    """Whether there is such a file, with something in it; says what is wrong otherwise."""
    try:
        if path.is_dir():
            mistakes.add(path, "this is a folder; name the files in it")
        elif not path.exists():
            mistakes.add(path, "the file does not exist; check the name and the folder")
        elif not path.is_file():
            mistakes.add(path, "this is not a plain file; copy its content into one")
        else:
            with path.open("rb") as stream:
                if stream.read(1):
                    return True
            mistakes.add(path, "the file is empty; export it again")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        mistakes.add(path, f"the file cannot be read ({reason.lower()}); check its name and its permissions")
    return False


def is_parquet(path: Path) -> bool:
    """Whether a file begins as Parquet does."""
    with path.open("rb") as stream:
        return stream.read(4) == _PARQUET


def sniff(path: Path, mistakes: Mistakes) -> Dialect | None:
    """Return how a CSV file is written, after reading all its bytes once; None after adding what is wrong."""
    with path.open("rb") as stream:
        head = stream.read(64)
    for magic, kind in _OTHER_KINDS.items():
        if head.startswith(magic):
            mistakes.add(path, f"this is {kind}")
            return None
    encoding = _encoding(path, mistakes)
    return _header(path, encoding, mistakes) if encoding else None


@contextmanager
def _bytes(path: Path) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Open a file and its content, unpacked where it is gzip."""
    with path.open("rb") as raw:
        packed = raw.read(2) == _GZIP
        raw.seek(0)
        if not packed:
            yield raw, raw
            return
        with gzip.GzipFile(fileobj=raw) as content:
            yield raw, cast(BinaryIO, content)


def _chunks(path: Path, mistakes: Mistakes) -> Iterator[bytes]:
    try:
        with _bytes(path) as (_, content):
            while chunk := content.read(CHUNK):
                yield chunk
    except (EOFError, gzip.BadGzipFile, zlib.error):
        mistakes.add(path, "the gzip file is cut off or damaged; copy it again")


def _encoding(path: Path, mistakes: Mistakes) -> str | None:
    """Return the encoding: by a byte order mark, by zeros between (UTF-16), else UTF-8 if it is, else Windows-1252."""
    before = len(mistakes)
    first = next(_chunks(path, mistakes), b"")
    marked = _marked(first)
    encoding = marked or "utf-8"
    problem = _first_problem(path, encoding, mistakes)
    if len(mistakes) > before:
        return None
    if problem and isinstance(problem.error, UnicodeDecodeError) and not marked and not problem.beyond_ascii:
        encoding = "cp1252"
        problem = _first_problem(path, encoding, mistakes)
    if problem:
        mistakes.add(Mark(shown(path), problem.line), problem.what(encoding))
        return None
    return encoding


def _marked(first: bytes) -> str | None:
    if first.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = first[0:2000:2], first[1:2000:2]
    if odd.count(0) > 0.7 * len(odd) and not even.count(0):
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > 0.7 * len(even) and not odd.count(0) else None


@dataclass(frozen=True)
class _Problem:
    line: int
    error: UnicodeDecodeError | bytes
    """What cannot be decoded, or the control character found."""
    beyond_ascii: bool
    """Whether there were letters beyond ASCII before, so that the encoding is right and a byte is wrong."""

    def what(self, encoding: str) -> str:
        if isinstance(self.error, bytes):
            return f"control character #x{self.error[0]:02x}; this is no text, export the table as CSV"
        byte = self.error.object[self.error.start]
        name = {"cp1252": "UTF-8 nor Windows-1252"}.get(encoding, encoding.upper().removesuffix("-SIG"))
        return f"byte 0x{byte:02x} is not {name}; save the file as UTF-8"


def _first_problem(path: Path, encoding: str, mistakes: Mistakes) -> _Problem | None:
    """Return the first thing that is no text in an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, beyond_ascii = 1, False
    for chunk in _with_end(_chunks(path, mistakes)):
        try:
            plain = decoder.decode(chunk, final=not chunk).encode()
        except UnicodeDecodeError as error:
            before = error.object[: error.start]
            return _Problem(line + before.count(b"\n"), error, beyond_ascii or not before.isascii())
        if len(plain.translate(None, _CONTROL)) < len(plain):
            bad = re.search(b"[" + re.escape(_CONTROL) + b"]", plain)
            return _Problem(line + plain.count(b"\n", 0, bad.start()), bad[0], beyond_ascii) if bad else None
        beyond_ascii = beyond_ascii or not plain.isascii()
        line += plain.count(b"\n")
    return None


def _with_end(chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield from chunks
    yield b""


def _header(path: Path, encoding: str, mistakes: Mistakes) -> Dialect | None:
    """Return the dialect with separator and header, from the first lines."""
    lines = _first_lines(path, encoding)
    start = next((k for k, line in enumerate(lines) if line.strip() and not re.fullmatch(r"sep=.", line.strip())), None)
    if start is None:
        mistakes.add(path, "the file holds empty lines only; export it again")
        return None
    if len(lines[start]) > LONGEST_LINE:
        mistakes.add(Mark(shown(path), start + 1), _too_long())
        return None
    tried = [line for line in lines[start:] if line.strip()]
    separator = max(SEPARATORS, key=lambda sep: _fit(tried, sep))
    header = tuple(name.strip() for name in split(tried[0], separator))
    if len(header) < 2:
        mistakes.add(Mark(shown(path), start + 1), "there is one column only; separate columns by , ; | or tabs")
        return None
    if len(tried) < 2:
        mistakes.add(Mark(shown(path), start + 1), "there is a header and nothing below it; export the rows too")
        return None
    rows = tuple(tuple(split(line, separator)) for line in tried[1:])
    return Dialect(path, encoding, separator, header, start + 1, rows, path.stat().st_size)


def _first_lines(path: Path, encoding: str) -> list[str]:
    """Return the first lines, whole ones unless the first is endless."""
    with _bytes(path) as (_, content), io.TextIOWrapper(content, encoding=encoding) as stream:
        text = stream.read(1_000_000)
    lines = text.split("\n")
    whole = lines if len(text) < 1_000_000 else lines[:-1] or lines
    return whole[:LINES_TRIED]


def _fit(lines: Sequence[str], separator: str) -> tuple[int, int]:
    """Return how many lines have as many cells as the header, and how many those are; (0, 0) for one cell."""
    widths = [len(split(line, separator)) for line in lines]
    return (sum(width == widths[0] for width in widths), widths[0]) if widths[0] > 1 else (0, 0)


def split(line: str, separator: str) -> list[str]:
    """Return the cells of one line."""
    usual = csv.field_size_limit(2 * LONGEST_LINE)
    try:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    finally:
        csv.field_size_limit(usual)  # it is the limit of the whole process


def _too_long() -> str:
    return f"a line is longer than {LONGEST_LINE} characters; this is no table with a row a line"


def open_quote(separator: str) -> str:
    """Return the expression for a line whose last cell begins with a quote and does not end; RE2 and Python read it."""
    mark = r"\|" if separator == "|" else separator
    return rf'^(?:(?: *"(?:[^"]|"")*" *| *[^" {mark}][^{mark}]*| *){mark})* *"(?:[^"]|"")*$'


def parts(dialect: Dialect, folder: Path, mistakes: Mistakes) -> Iterator[Part]:
    """Yield the rows below the header, some lines at a time; each part's file is gone when the next is asked for.

    A row that runs over several lines inside quotes is put into its first line and followed by empty lines, so that
    lines keep their numbers.
    """
    path = folder / "part.csv"
    for lines, done in _line_blocks(dialect, mistakes):
        with path.open("w", encoding="utf-8", newline="") as out:
            out.write("\n".join(lines))
            out.write("\n")
        yield Part(path, len(lines), done)
        path.unlink()


def _line_blocks(dialect: Dialect, mistakes: Mistakes) -> Iterator[tuple[list[str], int]]:
    skip, number, rest, waiting = dialect.header_line, 1, "", list[str]()
    with _bytes(dialect.path) as (raw, content), io.TextIOWrapper(content, encoding=dialect.encoding) as text:
        while chunk := text.read(CHUNK):
            *lines, rest = (rest + chunk).split("\n")
            long = next((k for k, line in enumerate((*lines, rest)) if len(line) > LONGEST_LINE), None)
            if long is not None:
                mistakes.add(Mark(shown(dialect.path), number + long), _too_long())
                return
            number += len(lines)
            lines, skip = lines[skip:], max(0, skip - len(lines))
            ready, waiting = _joined([*waiting, *lines], dialect, last=False)
            if ready:
                yield ready, raw.tell()
        ready, _ = _joined([*waiting, *([rest] if rest and not skip else [])], dialect, last=True)
        if ready:
            yield ready, dialect.size


def _joined(lines: list[str], dialect: Dialect, *, last: bool) -> tuple[list[str], list[str]]:
    """Return lines with rows in one line each, and the last lines where they may go on in those to come."""
    until = len(lines) if last else max(0, len(lines) - MOST_JOINED)
    ready, waiting = lines[:until], lines[until:]
    if not any(line.count('"') & 1 for line in ready):
        return ready, waiting
    opens = re.compile(open_quote(dialect.separator))
    k = 0
    while k < until:
        if lines[k].count('"') & 1 and opens.search(lines[k]):
            k += _join_at(lines, k, dialect)
        k += 1
    return lines[:k], lines[k:]


def _join_at(lines: list[str], first: int, dialect: Dialect) -> int:
    """Join a row that begins in a line, when this makes a row as wide as the header; return the lines swallowed."""
    for last in range(first + 1, min(first + MOST_JOINED, len(lines))):
        if lines[last].count('"') & 1:
            whole = " ".join(lines[first : last + 1])
            if not _is_row(whole, dialect) or len(whole) > LONGEST_LINE:
                return 0
            lines[first : last + 1] = [whole, *[""] * (last - first)]
            return last - first
    return 0


def _is_row(line: str, dialect: Dialect) -> bool:
    """Whether a line has as many cells as the header, with quotes at their ends only."""
    try:
        cells = next(csv.reader([line], delimiter=dialect.separator, skipinitialspace=True, strict=True))
    except csv.Error:
        return False
    return len(cells) == len(dialect.header)
