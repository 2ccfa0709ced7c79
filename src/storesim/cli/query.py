"""`storesim query`: a run's logs and tables asked in SQL."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from storesim.cli.options import FILE

if TYPE_CHECKING:
    from storesim.results.query import RunQueries

FORMATS = ("table", "csv", "json")


@click.command("query")
@click.argument("run", type=FILE)
@click.argument("sql", required=False)
@click.option(
    "--format", "written_as", type=click.Choice(FORMATS),
    help="How to write the rows; else as FILE ends, or a table.",
)  # fmt: skip
@click.option("--out", type=FILE, metavar="FILE", help="Where to write all rows; else the terminal.")
@click.option("--schema", is_flag=True, help="List the tables with their columns and units.")
def command(run: Path, sql: str | None, written_as: str | None, out: Path | None, schema: bool) -> None:
    """Ask a run's logs and tables in SQL (DuckDB's).

    The tables are `events` and `customers`, and each CSV file of the run by its
    name, such as `summary` or `products`. Nothing is changed. For example:
    "select variant, count(*) from events where kind = 'take' group by variant"
    """
    if (sql is None) != schema:
        raise click.UsageError("write either a statement in SQL or --schema")
    from storesim.results.query import open_queries

    with _explained(), open_queries(run) as queries:
        if sql is None:
            from storesim.cli.query_schema import schema_lines

            click.echo("\n".join(schema_lines(queries)))
        else:
            _note_sample(queries, sql)
            _write(queries, sql, written_as or _by_ending(out), out)


def _by_ending(out: Path | None) -> str:
    ending = out.suffix.casefold().removeprefix(".") if out else ""
    return ending if ending in FORMATS else "table"


def _write(queries: "RunQueries", sql: str, written_as: str, out: Path | None) -> None:
    """Write the answer to the terminal or to a file, which is there whole or not at all."""
    from storesim.results.replacing import replacing

    if out is None:
        stream = sys.stdout
        width = shutil.get_terminal_size().columns if stream.isatty() else None
        _write_rows(stream, queries, sql, written_as, width)
        return
    _refuse_folder(out)
    with replacing(out) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        _write_rows(file, queries, sql, written_as, None)
    click.echo(out)


def _write_rows(stream: TextIO, queries: "RunQueries", sql: str, written_as: str, width: int | None) -> None:
    from storesim.cli.rows import write_csv, write_json, write_table

    answer = queries.ask(sql)
    match written_as:
        case "csv":
            write_csv(stream, answer)
        case "json":
            write_json(stream, answer)
        case _:
            cut = write_table(stream, answer, width)
            if cut:
                left_out = queries.count(sql) - cut
                stream.write(f"{left_out:,} more rows; --format csv or json writes all\n")


def _refuse_folder(out: Path) -> None:
    from storesim.cli.failures import WrongInputError

    if out.is_dir():
        raise WrongInputError(f"{out} is a folder; name a file, such as {out / 'rows.csv'}")


def _note_sample(queries: "RunQueries", sql: str) -> None:
    """Say that logs are not of all days, when they are asked for."""
    if queries.kept == "sample" and any(log in sql.casefold() for log in ("events", "customers")):
        click.echo("the run kept the logs of some days only (events: sample)", err=True)


@contextmanager
def _explained() -> Iterator[None]:
    """Say in a sentence what is wrong; a reader that has had enough, such as `head`, is none of it."""
    from storesim.cli.failures import FailedRunError, WrongInputError
    from storesim.results.query import QueryError, QueryFailedError

    try:
        yield
        sys.stdout.flush()
    except QueryError as error:
        raise WrongInputError(str(error)) from error
    except QueryFailedError as error:
        raise FailedRunError(str(error)) from error
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
