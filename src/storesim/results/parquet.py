"""The event log and the customers of a replication, as Parquet: names instead of numbers."""

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from shutil import disk_usage

import duckdb
import numpy as np
from numpy.typing import NDArray

from storesim.customers.population import Population
from storesim.engine.log import EventLog, Kind
from storesim.inputs.case import Scenario
from storesim.results.interrupts import interrupts_put_off
from storesim.results.replacing import replacing
from storesim.store.floor import Floor

Column = NDArray[np.generic]
FULL_BYTES = 2**20
"""With less room than this a disk is full: what failed may have needed more than is left."""


def write_events(path: Path, log: EventLog, scenario: Scenario, floor: Floor) -> None:
    """Write an event log, one row a fact in the log's order; absent places, lanes and products are null."""
    zone = np.append(floor.places.zone, -1)[log.place].astype(np.int16)  # place -1, none: the last
    columns: dict[str, Column] = {
        "t_s": log.t_s,
        "customer": log.customer,
        "kind": log.kind,
        "zone": zone,
        "place": log.place,
        "lane": log.lane,
        "product": log.product,
        "units": log.units,
        "amount": log.amount,
        "planned": log.planned,
    }
    named = {
        "kind": _kinds(log),
        "zone": [zone.id for zone in floor.plan.zones],
        "place": floor.places.names,
        "product": [product.id for product in scenario.products],
    }
    _write(path, columns, named, nullable=("lane",))


def _kinds(log: EventLog) -> list[str]:
    """Return the names of kinds up to the last that there is: a file's bytes do not hang on kinds that it has not."""
    last = max(int(log.kind.max(initial=0)), Kind.LEAVE)
    return [kind.name.lower() for kind in Kind if kind <= last]


def write_customers(path: Path, population: Population, scenario: Scenario) -> None:
    """Write who came, one row a customer; `planned_items` counts the products on the list."""
    columns: dict[str, Column] = {
        "customer": np.arange(len(population), dtype=np.int32),
        "segment": population.segment.astype(np.int16),
        "tier": population.segment.astype(np.int16),
        "mission": population.mission.astype(np.int16),
        "arrives_s": population.arrives_s,
        "planned_items": np.diff(population.needs.first).astype(np.int32),
        "budget": population.budget,
    }
    named = {
        "segment": [segment.name for segment in scenario.segments],
        "tier": [segment.tier for segment in scenario.segments],
        "mission": [mission.name for mission in scenario.missions],
    }
    _write(path, columns, named, nullable=())


def _write(
    path: Path, columns: Mapping[str, Column], named: Mapping[str, Sequence[str]], nullable: Sequence[str]
) -> None:
    """Write columns in order; those in `named` number names, those in `nullable` have -1 for none."""
    chosen = []
    # DuckDB would answer a Ctrl-C with an error of its own, or with nothing.
    with replacing(path) as temporary, interrupts_put_off(), _table_of(columns) as connection:
        for column in columns:
            if column in named:
                chosen.append(f"{_pick(column, tuple(named[column]))} AS {column}")
            else:
                chosen.append(f"nullif({column}, -1) AS {column}" if column in nullable else column)
        query = f"SELECT {', '.join(chosen)} FROM facts"  # noqa: S608 - users' words are quoted
        try:
            connection.execute(f"COPY ({query}) TO {_quoted(str(temporary))} (FORMAT parquet, COMPRESSION zstd)")
        except duckdb.IOException as error:
            raise _os_error(path) from error


def _os_error(path: Path) -> OSError:
    """Return what stands behind an error of DuckDB, which words it in its own way: a full disk, or another."""
    number = errno.ENOSPC if disk_usage(path.parent).free < FULL_BYTES else errno.EIO
    return OSError(number, os.strerror(number), str(path))


@contextmanager
def _table_of(columns: Mapping[str, Column]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield the database with the columns as the table `facts`."""
    connection = _database()
    connection.register("facts", columns)
    try:
        yield connection
    finally:
        connection.unregister("facts")


def _pick(column: str, names: tuple[str, ...]) -> str:
    """Return the SQL that turns numbers into names: a list of ENUMs is the fastest way that keeps the order."""
    return f"getvariable('{_remembered(names)}')[{column} + 1]" if names else "NULL::VARCHAR"


@lru_cache
def _remembered(names: tuple[str, ...]) -> str:
    """Let the database hold a list of names, and return what it is called: reading it anew takes long."""
    called = f"names_{sha256(repr(names).encode()).hexdigest()}"
    distinct = ", ".join(map(_quoted, dict.fromkeys(names)))
    listed = ", ".join(map(_quoted, names))
    _database().execute(f"SET VARIABLE {called} = [{listed}]::ENUM({distinct})[]")
    return called


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


@lru_cache(maxsize=1)
def _database() -> duckdb.DuckDBPyConnection:
    """Return this process's database: it fetches nothing, and has one thread, as replications run side by side.

    It is opened once: opening costs as much as a third of a day's file.
    """
    return duckdb.connect(
        ":memory:",
        config={"threads": 1, "autoinstall_known_extensions": False, "autoload_known_extensions": False},
    )
