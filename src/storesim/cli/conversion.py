"""`storesim conversion`: what buying takes once a product is noticed, solved from what was sold."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from storesim.cli.options import FILE

if TYPE_CHECKING:
    from storesim.experiment.conversion import Conversion

WORST = 5
"""So many of the largest residuals are printed."""


@click.command("conversion")
@click.argument("scenario", type=FILE)
@click.option(
    "--out", type=FILE, metavar="FILE", help="CSV file to write; else conversion.csv beside the products file."
)
def command(scenario: Path, out: Path | None) -> None:
    """Solve every product's conversion, so that the baseline sells what was seen.

    Writes a CSV file that a scenario names as `conversion:`, with what is left
    unexplained. An older file of that name is replaced.
    """
    from storesim.cli.progress import progress_bar
    from storesim.experiment.conversion import solve, write_conversion
    from storesim.experiment.study import load

    study = load(scenario)
    target = out or _beside_products(scenario)
    with progress_bar("solving") as progress:
        solved = solve(study.scenario, progress=progress)
    write_conversion(target, solved)
    click.echo(_summary(solved))
    click.echo(f"File: {target}; name it in the scenario as `conversion: {target.name}`, by its path from there.")


def _beside_products(scenario: Path) -> Path:
    """Return conversion.csv in the folder of the scenario's products file."""
    from storesim.inputs.mistakes import Mistakes
    from storesim.inputs.yaml_source import read_yaml

    source = read_yaml(scenario, Mistakes())
    products = source.data.get("products") if source and isinstance(source.data, dict) else None
    return (scenario.parent / str(products or ".")).with_name("conversion.csv")


def _summary(solved: "tuple[Conversion, ...]") -> str:
    """Return how well the baseline now sells what was seen, the worst products first."""
    wape = sum(abs(row.residual) for row in solved) / (sum(row.target for row in solved) or 1.0)
    moved = sum(row.excess > 0 for row in solved)
    worst = sorted(solved, key=lambda row: (-abs(row.residual), row.product))[:WORST]
    lines = [
        f"{len(solved)} products: simulated penetration is off by {100 * wape:.1f} % of the observed, on fresh days.",
        f"{moved} products sell more than noticing them explains; the rest of theirs is now planned.",
        "Largest residuals (simulated - observed, share of baskets):",
    ]
    return "\n".join([*lines, *(f"  {row.product}: {row.residual:+.4f} of {row.target:.4f}" for row in worst)])
