"""A run's logs and tables asked in SQL: nothing but the run's own folder can be read, and nothing written."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from glob import escape
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from storesim.inputs.mistakes import did_you_mean, quoted
from storesim.results.interrupts import interruptibly
from storesim.results.run_views import CUSTOMERS, EVENTS, make_views
from storesim.results.run_views import quoted as sql_text

if TYPE_CHECKING:
    import pandas as pd

MEMORY_LIMIT = "1500MB"
"""Of the database; the process needs a quarter of a gigabyte besides."""
THREADS = 2
BATCH = 10_000
"""Rows held at once."""
REMEDY = "ask for fewer rows or groups, or one variant or replication at a time"
LONGEST_COMPLAINT = 300
_UNKNOWN_TABLE = re.compile(r"Table with name (.+?) does not exist")
_KIND = re.compile(r"^[A-Z][\w -]* Error: ")

Row = tuple[Any, ...]
T = TypeVar("T")


class QueryError(Exception):
    """A folder or a query cannot be used; the message says what would be right."""


class QueryFailedError(Exception):
    """A query is right but cannot be answered here: no memory, no disk, a damaged file."""


@dataclass(frozen=True)
class Answer:
    """Rows as they come; they can be taken once."""

    columns: tuple[str, ...]
    batches: Iterator[Sequence[Row]]
    """Of at most BATCH rows each."""


@dataclass(frozen=True)
class RunQueries:
    """The database of one run."""

    database: duckdb.DuckDBPyConnection
    views: tuple[str, ...]
    kept: str
    """Which event logs the run kept: all, sample or none."""

    def ask(self, sql: str) -> Answer:
        """Begin to answer one statement that returns rows.

        Raises:
            QueryError: the SQL is wrong.
            QueryFailedError: there is no room for the answer.
        """
        select = self._select(sql)
        with self._explained():
            self._patiently(partial(self.database.execute, select))
        return Answer(tuple(str(column[0]) for column in self.database.description or ()), self._batches())

    def count(self, sql: str) -> int:
        """Return how many rows a statement returns, which takes as long as to answer it."""
        select = self._select(sql)
        with self._explained():
            counting = f"SELECT count(*) FROM (\n{select}\n)"  # noqa: S608 - the user's own
            row = self._patiently(lambda: self.database.execute(counting).fetchone())
        return int(row[0]) if row else 0

    def frame(self, sql: str) -> "pd.DataFrame":
        """Return all rows of a statement as a table."""
        select = self._select(sql)
        with self._explained():
            table: pd.DataFrame = self._patiently(lambda: self.database.execute(select).df())
        return table

    def columns(self, view: str) -> tuple[tuple[str, str], ...]:
        """Return name and type of each column of a view."""
        rows = self.database.execute(f'DESCRIBE "{view}"').fetchall()
        return tuple((str(name), str(kind).lower()) for name, kind, *_ in rows)

    def _select(self, sql: str) -> str:
        """Return the statement once DuckDB finds it sound, and to read only.

        Bound as a subquery, it can neither be two statements nor have a `WITH` that writes.
        """
        sql = sql.encode(errors="replace").decode().strip().rstrip("; \n\t")
        with self._explained():
            statements = self.database.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise QueryError("the SQL is not one statement that returns rows; write one that begins with SELECT")
            if statements[0].named_parameters:
                raise QueryError("the SQL has parameters ($ or ?); write their values in")
            self._patiently(partial(self.database.execute, f"DESCRIBE SELECT * FROM (\n{sql}\n)"))  # noqa: S608
        return sql

    def _batches(self) -> Iterator[Sequence[Row]]:
        with self._explained():
            while rows := self._patiently(lambda: self.database.fetchmany(BATCH)):
                yield rows

    def _patiently(self, work: Callable[[], T]) -> T:
        return interruptibly(work, self.database.interrupt)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except duckdb.OutOfMemoryException as error:
            raise QueryFailedError(f"the question needs more memory than {MEMORY_LIMIT}; {REMEDY}") from error
        except duckdb.OperationalError as error:
            raise QueryFailedError(in_a_sentence(str(error))) from error
        except duckdb.Error as error:
            raise QueryError(self._complaint(str(error))) from error

    def _complaint(self, said: str) -> str:
        """Return what DuckDB says of a statement, in a sentence; it does not know which tables are the user's."""
        unknown = _UNKNOWN_TABLE.search(said)
        if unknown is None:
            return f"the SQL is wrong: {in_a_sentence(said)}"
        name = unknown[1].strip('"')
        if name.casefold() in (EVENTS, CUSTOMERS) and self.kept == "none":
            return f"the run kept no {name.casefold()}; play it again with 'events: all' or 'sample' in the scenario"
        near = did_you_mean(name, self.views) or f"; it has {', '.join(self.views) or 'none so far'}"
        return f"the run has no table {quoted(name)}{near}"


@contextmanager
def open_queries(run: Path) -> Iterator[RunQueries]:
    """Open a run's folder for questions; it need not be over.

    Raises:
        QueryError: the folder is no run's, or a file in it cannot be read.
    """
    manifest = _manifest(run)
    folder = run.resolve()
    with TemporaryDirectory(prefix="storesim-query-") as spill, _database(Path(spill)) as db:
        try:
            views = make_views(db, folder)
        except (duckdb.Error, OSError, UnicodeDecodeError) as error:
            raise QueryError(f"a file in {run} cannot be read: {in_a_sentence(str(error))}") from error
        named = f"{sql_text(str(folder))}, {sql_text(escape(str(folder)))}"  # as it is, and as patterns have it
        db.execute(f"SET allowed_directories = [{named}]")
        db.execute("SET enable_external_access = false")
        db.execute("SET lock_configuration = true")
        yield RunQueries(db, views, str(manifest.get("events", "all")))


def read_events(run: Path | str, sql: str) -> "pd.DataFrame":
    """Return what a run's logs and tables say to a question in SQL (DuckDB's).

    Views: `events` and `customers`, and the tables, such as `summary` and `products`, by the names of their files;
    `storesim query RUN --schema` lists them with their columns.

    Args:
        run: folder of the run.
        sql: one statement that returns rows, such as `select kind, count(*) from events group by kind`.

    Raises:
        QueryError: the folder is no run's, or the SQL is wrong.
        QueryFailedError: there is no room for the answer.
    """
    with open_queries(Path(run)) as queries:
        return queries.frame(sql)


def in_a_sentence(said: str) -> str:
    """Return what DuckDB says without its kinds, exclamations and pictures of the statement."""
    words = _KIND.sub("", said.partition("\n\nLINE ")[0])
    lines = (line.strip().rstrip("!.") for line in words.splitlines() if line.strip())
    first, *others = takewhile(lambda line: not line.endswith(":"), lines)  # a long list follows
    sentence = "; ".join([first, *(line[:1].lower() + line[1:] for line in others)])
    return sentence if len(sentence) <= LONGEST_COMPLAINT else f"{sentence[:LONGEST_COMPLAINT]}…"


def _manifest(run: Path) -> Mapping[str, Any]:
    try:
        manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        what = f"{run} is not a run directory: it has no manifest.json; name one that `storesim run` wrote"
        raise QueryError(what) from None
    except (OSError, ValueError) as error:
        raise QueryError(f"{run / 'manifest.json'} cannot be read ({error}); run the scenario again") from None
    if not isinstance(manifest, dict):
        raise QueryError(f"{run / 'manifest.json'} is not a manifest; run the scenario again")
    return manifest


def _database(spill: Path) -> duckdb.DuckDBPyConnection:
    """Return a database of bounded memory that fetches nothing from the network and nothing of Python's."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "threads": THREADS,
        "temp_directory": str(spill),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
    }
    return duckdb.connect(":memory:", config=config)
