"""`storesim calibrate --totals`: weekly sales per category into the files of a scenario, without baskets."""

from pathlib import Path

import click

MOST_LISTED = 8


def calibrate_totals(path: Path, visits_per_week: float | None, out: Path) -> None:
    """Write products, segments and laws to a new folder and say what they rest on.

    Raises:
        WrongInputError: the number of visits is missing, or the folder is there already.
        InputError: with all mistakes in the totals.
    """
    from storesim.calibrate.totals import Shapes, from_totals
    from storesim.calibrate.totals_written import write_totals
    from storesim.cli.examples import DEMO, examples
    from storesim.cli.failures import WrongInputError
    from storesim.inputs.load import load_scenario
    from storesim.inputs.mistakes import Mistakes
    from storesim.inputs.reading import sound

    if visits_per_week is None:
        raise WrongInputError("--totals needs --visits, the number of baskets paid in a week")
    if out.exists():
        raise WrongInputError(f"{out} is there already; name another folder with --out")
    mistakes = Mistakes()
    shapes = Shapes.of(load_scenario(examples() / DEMO))
    totals = sound(from_totals(path, visits_per_week, shapes, mistakes), mistakes)
    write_totals(totals, out)
    per_visit = float(totals.weekly_sales.sum()) / visits_per_week
    categories = float(shapes.share @ totals.penetration.sum(axis=1))
    click.echo(
        f"{len(totals.categories)} categories, {totals.weekly_sales.sum():,.0f} a week in "
        f"{visits_per_week:,.0f} visits: {per_visit:,.2f} and {categories:.1f} categories a visit."
    )
    click.echo(f"Published, not yours: missions ({', '.join(m.name for m in shapes.missions)}), hours, units of a buy.")
    if totals.unpublished:
        more = f" and {len(totals.unpublished) - MOST_LISTED} more" if len(totals.unpublished) > MOST_LISTED else ""
        listed = ", ".join(totals.unpublished[:MOST_LISTED])
        click.echo(f"Nothing is published of {listed}{more}: the mean of all is taken.")
    click.echo(
        f"Files: {out}; a scenario names products.csv and segments.yaml, visits_per_day {visits_per_week / 7:,.0f}"
    )
