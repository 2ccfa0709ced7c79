"""`storesim calibrate --totals`: weekly sales per category into the files of a scenario, without baskets."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from storesim.calibrate.report import Section
    from storesim.calibrate.solved import Progress, Store
    from storesim.calibrate.totals import Totals
    from storesim.inputs.case import Scenario

MOST_LISTED = 8
NO_USE = {
    "names": "--names renames products of POS; write the planogram's names in the totals",
    "customers": "--customers is of no use with --totals, which hold no customers; leave it out",
    "promotions": "--promotions is of no use with --totals, which hold no days; set display_lift in products.csv",
    "timezone": "--timezone is of no use with --totals, which hold no times; leave it out",
    "columns": "--columns is of no use with --totals; call its columns category, price, and sales or units",
    "holdout": "--holdout is of no use with --totals, which hold no days; leave it out",
    "dropped": "--drop-department is of no use with --totals; delete its rows from the totals",
    "min_cell": "--min-cell is of no use with --totals, which hold no customers; leave it out",
    "visits_per_day": "--visits-per-day is of no use with --totals; --visits says how many pay in a week",
}
"""Parameter of the command -> why it cannot be given with --totals."""
OF_A_STORE = ("hours", "currency", "seed")


@dataclass(frozen=True)
class Asked:
    """What the user asks for."""

    totals: Path
    visits_per_week: float
    out: Path
    store: "Store | None"
    hours: tuple[int, int] | None
    """Opening hours; None: the example market's."""


def useless(chosen: frozenset[str], *, with_totals: bool) -> Iterator[str]:
    """Yield a sentence for each option that is of no use with weekly totals, or without them."""
    if not with_totals:
        if "visits" in chosen:
            yield "--visits goes with --totals; with POS, --visits-per-day says how many come"
        return
    yield from (why for name, why in NO_USE.items() if name in chosen)
    if "visits" not in chosen:
        yield "--totals needs --visits, the number of baskets paid in a week"
    if not chosen & {"layout", "planogram"}:
        remedy = "give --layout and --planogram, or leave it out"
        yield from (f"--{name} is of the scenario; {remedy}" for name in OF_A_STORE if name in chosen)


def calibrate_totals(asked: Asked, tell: Callable[["Section"], None], progress: "Progress") -> None:
    """Write products, segments and laws to a new folder, with a store also a scenario that sells the totals.

    Raises:
        FileExistsError: the folder is there already.
        InputError: with all mistakes in the totals, the floor plan, the planogram and the trips.
        CannotFitError: walking cannot be fitted to the recorded trips.
    """
    from storesim.calibrate.solved import check_store
    from storesim.calibrate.totals import Shapes, from_totals
    from storesim.calibrate.totals_written import write_totals
    from storesim.calibrate.whole import whole_folder
    from storesim.cli.examples import DEMO, examples
    from storesim.inputs.load import load_scenario
    from storesim.inputs.mistakes import Mistakes
    from storesim.inputs.reading import sound

    mistakes, example = Mistakes(), load_scenario(examples() / DEMO)
    totals = from_totals(asked.totals, asked.visits_per_week, Shapes.of(example), mistakes)
    if asked.store:
        check_store(asked.store, mistakes)
    totals = sound(totals, mistakes)
    with whole_folder(asked.out) as folder:
        write_totals(totals, folder)
        _echo_totals(totals)
        if asked.store:
            _play_store(asked, totals, example, folder, tell, progress)
    click.echo(f"Files: {asked.out}")
    if asked.store:
        click.echo(f"Run it with: storesim run {asked.out / 'scenario.yaml'}")
    else:
        visits = asked.visits_per_week / 7
        click.echo(f"A scenario names products.csv and segments.yaml, visits_per_day {visits:,.0f}; --layout and "
                   "--planogram write it.")  # fmt: skip


def _play_store(
    asked: Asked,
    totals: "Totals",
    example: "Scenario",
    folder: Path,
    tell: Callable[["Section"], None],
    progress: "Progress",
) -> None:
    from datetime import timedelta

    from storesim.calibrate.report import markdown
    from storesim.calibrate.solved import Traffic
    from storesim.calibrate.totals_store import add_store, fit_totals, totals_sections

    if asked.store is None:
        raise ValueError("no store to play")
    hours = asked.hours or (int(example.opens_s // 3600), int(-(-example.closes_s // 3600)))
    monday = example.first_day - timedelta(days=example.first_day.weekday())
    traffic = Traffic(hours, asked.visits_per_week / 7, monday)
    fit = fit_totals(totals, asked.store, traffic, folder, asked.out, progress)
    add_store(fit, folder)
    sections = totals_sections(fit)
    for section in sections:
        tell(section)
    (folder / "report.md").write_text(markdown(sections), encoding="utf-8", newline="\n")


def _echo_totals(totals: "Totals") -> None:
    """Say what the totals come to, and what they rest on."""
    visits, shapes = totals.visits_per_week, totals.shapes
    per_visit = float(totals.weekly_sales.sum()) / visits
    categories = float(shapes.share @ totals.penetration.sum(axis=1))
    click.echo(
        f"{len(totals.categories)} categories, {totals.weekly_sales.sum():,.0f} a week in "
        f"{visits:,.0f} visits: {per_visit:,.2f} and {categories:.1f} categories a visit."
    )
    click.echo(f"Published, not yours: missions ({', '.join(m.name for m in shapes.missions)}), hours, units of a buy.")
    if totals.unpublished:
        more = f" and {len(totals.unpublished) - MOST_LISTED} more" if len(totals.unpublished) > MOST_LISTED else ""
        listed = ", ".join(totals.unpublished[:MOST_LISTED])
        click.echo(f"Nothing is published of {listed}{more}: the mean of all is taken.")
