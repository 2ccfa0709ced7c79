"""Parquet files into the same rows as CSV files, through DuckDB; the first row is row 2, as after a header."""

import glob
from collections.abc import Iterator, Sequence
from pathlib import Path

from storesim.inputs.csv_source import MOST_BYTES, MOST_COLUMNS, Table, known_columns
from storesim.inputs.files import read_bytes
from storesim.inputs.mistakes import Mark, Mistakes, shown

BATCH = 10_000


def is_parquet(path: Path) -> bool:
    """Whether a file is named as Parquet."""
    return path.suffix.casefold() in (".parquet", ".pq")


def open_parquet(
    path: Path, required: Sequence[str], optional: Sequence[str], mistakes: Mistakes, named_at: Mark | None = None
) -> Table | None:
    """Read the columns of a Parquet file; None when it cannot be made sense of. Cells are taken as text."""
    import duckdb  # takes a while, and few scenarios have such files

    content = read_bytes(path, mistakes, MOST_BYTES, named_at)
    if content is None:
        return None
    mistakes.add_source(path, content)
    database = duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False})
    try:
        answer = database.execute("SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)", [glob.escape(str(path))])
    except duckdb.Error:
        mistakes.add(path, "cannot be read as Parquet; export it again, or as CSV")
        return None
    names = [str(column[0]) for column in answer.description]
    if len(names) > MOST_COLUMNS:
        mistakes.add(path, f"there are {len(names)} columns; write at most {MOST_COLUMNS}")
        return None
    columns = known_columns(path, (1, names), required, optional, mistakes)

    def lines() -> Iterator[tuple[int, list[str]]]:
        first = 2
        try:
            while batch := answer.fetchmany(BATCH):
                for line, row in enumerate(batch, start=first):
                    yield line, ["" if cell is None else str(cell) for cell in row]
                first += len(batch)
        except duckdb.Error:
            mistakes.add(Mark(shown(path), first), "the Parquet file is damaged from about here on; export it again")

    return Table(path, columns, len(names), lines()) if columns else None
