"""`storesim calibrate`: from the user's own points of sale to the files of a scenario."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from storesim.cli.options import FILE

if TYPE_CHECKING:
    from datetime import date

    from storesim.calibrate.report import Section
    from storesim.calibrate.solved import Progress

WIDTH = 100


@click.command("calibrate")
@click.argument("pos", type=FILE, nargs=-1)
@click.option("--out", type=FILE, metavar="DIR", required=True, help="Folder to make for the files.")
@click.option("--layout", type=FILE, metavar="FILE", help="Floor plan; with --planogram conversions are solved too.")
@click.option("--planogram", type=FILE, metavar="FILE", help="What stands where, by the names of --names.")
@click.option("--names", type=FILE, metavar="FILE", help="CSV file with columns product and name: other names.")
@click.option("--customers", type=FILE, metavar="FILE", help="Table with columns customer and consent, tier, or both.")
@click.option("--promotions", type=FILE, metavar="FILE", help="Table of displays and mailers by item and day.")
@click.option("--paths", type=FILE, metavar="FILE", help="Recorded trips to fit walking to; needs --layout.")
@click.option("--timezone", metavar="TZ", help="Of the shop, when times are Universal Time: Europe/Berlin.")
@click.option("--hours", metavar="A-B", help="Opening hours, 06:00-24:00; else guessed from the visits.")
@click.option("--columns", type=FILE, metavar="FILE", help="YAML file such as {net_sales: Umsatz}.")
@click.option("--holdout", metavar="A..B", help="Days kept for checking: 2026-06-01..2026-08-31.")
@click.option("--drop-department", "dropped", multiple=True, metavar="NAME", help="Not shop floor; may be repeated.")
@click.option("--min-cell", type=click.IntRange(1, 1_000_000), default=50, show_default=True, metavar="N",
              help="Customers under which nothing is told apart.")  # fmt: skip
@click.option("--visits-per-day", type=click.FloatRange(1, 1_000_000), metavar="N",
              help="Of the scenario; else as many as are in the data.")  # fmt: skip
@click.option("--totals", type=FILE, metavar="FILE", help="In place of POS: weekly sales per category.")
@click.option("--visits", type=float, metavar="N", help="Baskets paid in a week, for --totals.")
@click.option("--currency", default="XXX", metavar="CODE", help="Code of 3 letters for the scenario.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, metavar="N",
              help="Seed of samples and of the days played.")  # fmt: skip
def command(
    pos: tuple[Path, ...],
    out: Path,
    layout: Path | None,
    planogram: Path | None,
    names: Path | None,
    customers: Path | None,
    promotions: Path | None,
    paths: Path | None,
    timezone: str | None,
    hours: str | None,
    columns: Path | None,
    holdout: str | None,
    dropped: tuple[str, ...],
    min_cell: int,
    visits_per_day: float | None,
    totals: Path | None,
    visits: float | None,
    currency: str,
    seed: int,
) -> None:
    """Make a scenario's files from points of sale.

    POS are CSV or Parquet files of basket, time, product, quantity and sales.
    Writes products, segments and laws with the source of every number, and with
    a floor plan a scenario that sells what was observed. Nothing about single
    customers is written.
    """
    from storesim.calibrate.run import Request, calibrate
    from storesim.calibrate.solved import Store
    from storesim.cli.failures import WrongInputError
    from storesim.cli.totals import Asked, calibrate_totals, useless

    if bool(pos) == bool(totals):
        raise WrongInputError("name points of sale, or weekly totals with --totals; one of the two")
    wrong = [*useless(_chosen(), with_totals=bool(totals)), *_wrong_store(layout, planogram, paths, currency)]
    if wrong:
        raise WrongInputError("\nstoresim: ".join(wrong))
    store = None
    if layout and planogram:
        store = Store(layout, planogram, visits_per_day, currency.upper(), seed, paths)
    if totals and visits is not None:
        asked = Asked(totals, visits, out, store, _hours(hours))
        _with_reasons(out, lambda progress: calibrate_totals(asked, _print, progress))
        return
    request = Request(
        pos=pos, out=out, store=store,
        columns=columns, names=names, customers=customers, promotions=promotions, timezone=timezone,
        holdout=_holdout(holdout), drop_departments=dropped, least=min_cell, seed=seed,
        opening_hours=_hours(hours),
    )  # fmt: skip
    _with_reasons(out, lambda progress: calibrate(request, _print, progress))
    click.echo(f"Files: {out}")
    if layout:
        click.echo(f"Run it with: storesim run {out / 'scenario.yaml'}")


def _with_reasons(out: Path, work: "Callable[[Progress], object]") -> None:
    """Do the work under a bar of progress; what stops it is told in a sentence."""
    from storesim.calibrate.needs import MissingPartError
    from storesim.calibrate.walkers import CannotFitError
    from storesim.calibrate.workspace import NoRoomError
    from storesim.cli.failures import FailedRunError, InterruptedRunError, WrongInputError
    from storesim.cli.progress import progress_stages

    try:
        with progress_stages() as progress:
            work(progress)
    except FileExistsError:
        raise WrongInputError(f"{out} is there already; name another folder with --out") from None
    except MissingPartError as error:
        raise WrongInputError(str(error)) from None
    except CannotFitError as error:
        raise WrongInputError(f"--paths: {error}") from None
    except NoRoomError as error:
        raise FailedRunError(str(error)) from None
    except KeyboardInterrupt:
        raise InterruptedRunError("nothing was written") from None


def _chosen() -> frozenset[str]:
    """Return the names of the parameters that were given on the command line."""
    from click.core import ParameterSource

    context = click.get_current_context()
    return frozenset(
        name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    )


def _wrong_store(layout: Path | None, planogram: Path | None, paths: Path | None, currency: str) -> Iterator[str]:
    """Yield what is wrong with the choices that a scenario needs."""
    if (layout is None) != (planogram is None):
        given, missing = ("--layout", "--planogram") if layout else ("--planogram", "--layout")
        yield f"{given} is of no use without {missing}; give both"
    if paths and layout is None:
        yield "--paths is of no use without --layout and --planogram; give all three"
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        yield f"--currency is {currency!r}; write a code of 3 letters, such as USD"


def _hours(text: str | None) -> tuple[int, int] | None:
    import re

    from storesim.cli.failures import WrongInputError

    if text is None:
        return None
    found = re.fullmatch(r"(\d\d?):00-(\d\d?):00", text)
    opens, closes = map(int, found.groups()) if found else (0, 0)
    if not opens < closes <= 24:
        raise WrongInputError(f"--hours: {text!r} are no whole hours of one day; write 06:00-24:00")
    return opens, closes


def _holdout(text: str | None) -> "tuple[date, date] | None":
    from storesim.calibrate.cleaning import read_holdout
    from storesim.cli.failures import WrongInputError

    try:
        return read_holdout(text) if text else None
    except ValueError as error:
        raise WrongInputError(f"--holdout: {error}") from None


def _print(section: "Section") -> None:
    """Print a section at most 100 columns wide."""
    import textwrap

    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    click.echo(f"\n{section.title}")
    if section.rows:
        table = Table(*section.columns, box=SIMPLE, pad_edge=False, padding=(0, 1, 0, 0))
        for row in section.rows:
            table.add_row(*row)
        console = Console(width=WIDTH, color_system=None, markup=False, highlight=False)
        with console.capture() as captured:
            console.print(table)
        click.echo("\n".join(line.rstrip() for line in captured.get().strip("\n").splitlines()))
    for line in section.words:
        click.echo(textwrap.fill(line, WIDTH))
