"""`storesim conversion`: what buying takes once a product is noticed, solved from what was sold."""

from pathlib import Path

import click

from storesim.cli.options import FILE


@click.command("conversion")
@click.argument("scenario", type=FILE)
@click.option(
    "--out", type=FILE, metavar="FILE", help="CSV file to write; else conversion.csv beside the products file."
)
def command(scenario: Path, out: Path | None) -> None:
    """Solve every product's conversion, so that the baseline sells what was seen.

    Writes a CSV file that a scenario names as `conversion:`, with the residuals.
    """
    from storesim.cli.progress import progress_bar
    from storesim.experiment.conversion import solve
    from storesim.experiment.study import load

    study = load(scenario)
    with progress_bar("solving") as progress:
        solved = solve(study.scenario, progress=progress)
    target = out or scenario.with_name("conversion.csv")
    click.echo(f"{target}: {len(solved)} products")
