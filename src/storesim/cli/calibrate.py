"""`storesim calibrate`: from the user's own points of sale to the files of a scenario."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from storesim.cli.options import FILE

if TYPE_CHECKING:
    from datetime import date

    from storesim.calibrate.fit import Store
    from storesim.calibrate.report import Section

WIDTH = 100


@click.command("calibrate")
@click.argument("pos", type=FILE, nargs=-1)
@click.option("--out", type=FILE, metavar="DIR", required=True, help="Folder to make for the files.")
@click.option("--layout", type=FILE, metavar="FILE", help="Floor plan; with --planogram conversions are solved too.")
@click.option("--planogram", type=FILE, metavar="FILE", help="What stands where, by the names of --names.")
@click.option("--names", type=FILE, metavar="FILE", help="CSV file with columns product and name: other names.")
@click.option("--customers", type=FILE, metavar="FILE", help="Table with columns customer and consent.")
@click.option("--promotions", type=FILE, metavar="FILE", help="Table of displays and mailers by item and day.")
@click.option("--paths", type=FILE, metavar="FILE", help="Recorded trips to fit walking to; needs --layout.")
@click.option("--timezone", metavar="TZ", help="Of the shop, when times are Universal Time: Europe/Berlin.")
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
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, metavar="N", help="Seed of the days played.")
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
    from storesim.calibrate.needs import MissingPartError
    from storesim.calibrate.paths import CannotFitError
    from storesim.calibrate.run import Request, calibrate
    from storesim.cli.failures import InterruptedRunError, WrongInputError
    from storesim.cli.progress import progress_stages
    from storesim.cli.totals import calibrate_totals

    if bool(pos) == bool(totals):
        raise WrongInputError("name points of sale, or weekly totals with --totals; one of the two")
    if totals:
        calibrate_totals(totals, visits, out)
        return
    request = Request(
        pos=pos, out=out, store=_store(layout, planogram, paths, visits_per_day, currency, seed),
        columns=columns, names=names, customers=customers, promotions=promotions, timezone=timezone,
        holdout=_holdout(holdout), drop_departments=dropped, least=min_cell,
    )  # fmt: skip
    try:
        with progress_stages() as progress:
            calibrate(request, _print, progress)
    except FileExistsError:
        raise WrongInputError(f"{out} is there already; name another folder with --out") from None
    except MissingPartError as error:
        raise WrongInputError(str(error)) from None
    except CannotFitError as error:
        raise WrongInputError(f"--paths: {error}") from None
    except KeyboardInterrupt:
        raise InterruptedRunError("nothing was written") from None
    click.echo(f"Files: {out}")
    if layout:
        click.echo(f"Run it with: storesim run {out / 'scenario.yaml'}")


def _store(
    layout: Path | None,
    planogram: Path | None,
    paths: Path | None,
    visits_per_day: float | None,
    currency: str,
    seed: int,
) -> "Store | None":
    from storesim.calibrate.fit import Store
    from storesim.cli.failures import WrongInputError

    if (layout is None) != (planogram is None):
        given, missing = ("--layout", "--planogram") if layout else ("--planogram", "--layout")
        raise WrongInputError(f"{given} is of no use without {missing}; give both")
    if paths and layout is None:
        raise WrongInputError("--paths is of no use without --layout and --planogram; give all three")
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise WrongInputError(f"--currency is {currency!r}; write a code of 3 letters, such as USD")
    if layout is None or planogram is None:
        return None
    return Store(layout, planogram, visits_per_day, currency.upper(), seed, paths)


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
