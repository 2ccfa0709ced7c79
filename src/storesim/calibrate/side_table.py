"""Tables beside the points of sale (promotions, customers): any size, columns known by their names, all cells text."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from storesim.calibrate.columns import folded
from storesim.calibrate.dialect import can_be_read, is_parquet
from storesim.calibrate.formats import literal
from storesim.calibrate.parsed import YES
from storesim.inputs.mistakes import Mistakes, quoted

Spellings = Mapping[str, str]
"""Column -> names that it may have in the file, between blanks."""


def view(
    db: duckdb.DuckDBPyConnection, path: Path, name: str, spellings: Spellings, mistakes: Mistakes
) -> tuple[str, ...]:
    """Make view `name` with a text column for each of `spellings` that the file has; return which it has."""
    if not can_be_read(path, mistakes):
        return ()
    source = f"read_parquet({literal(str(path))})" if is_parquet(path) else (
        f"read_csv({literal(str(path))}, header = true, all_varchar = true, sample_size = 20000)"
    )  # fmt: skip
    try:
        header = [str(row[0]) for row in db.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
        db.execute(f"SELECT count(*) FROM {source}")
    except duckdb.Error as error:
        mistakes.add(path, f"the table cannot be read ({str(error).splitlines()[0][:120]}); save it as UTF-8 CSV")
        return ()
    found = {role: column for role, words in spellings.items() if (column := _named(words, header))}
    cells = ", ".join(f"trim({_identifier(column)}::VARCHAR) AS {_identifier(role)}" for role, column in found.items())
    if found:
        db.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT {cells} FROM {source}")
    return tuple(found)


def _named(words: str, header: list[str]) -> str | None:
    wanted = [folded(word) for word in words.split()]
    return next((column for word in wanted for column in header if folded(column) == word), None)


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def need(path: Path, found: tuple[str, ...], choices: tuple[str, ...], mistakes: Mistakes) -> None:
    """Add a mistake when a table has none of some columns."""
    if not set(choices) & set(found):
        mistakes.add(path, f"column {' or '.join(map(quoted, choices))} is missing; add it to the header")


def says_yes(column: str) -> str:
    """Return SQL for whether a cell says yes."""
    return f"lower({column}) IN ({', '.join(map(literal, YES))})"


def count(db: duckdb.DuckDBPyConnection, query: str) -> int:
    """Return the number that a query counts."""
    row = db.execute(query).fetchone()
    return int(row[0]) if row else 0
