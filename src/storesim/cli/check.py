"""`storesim check`: everything that is wrong with files, before anything runs."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from storesim.cli.failures import WRONG_INPUT
from storesim.cli.options import FILE

if TYPE_CHECKING:
    from storesim.inputs.floor_plan import FloorPlan
    from storesim.inputs.load import Checked


@click.command("check")
@click.argument("files", type=FILE, nargs=-1, required=True, metavar="FILE...")
@click.pass_context
def command(ctx: click.Context, files: tuple[Path, ...]) -> None:
    """Tell every mistake in files, and every shelf that cannot be reached.

    FILES are layouts, scenarios, segments, products or planograms; a scenario is
    checked with all that it names.
    """
    from storesim.cli.answer import warnings
    from storesim.inputs.load import check_file

    wrong = False
    for path in files:
        checked = check_file(path)
        mistakes = [str(mistake) for mistake in checked.mistakes]
        mistakes += [] if mistakes else [f"{path}: {sentence}" for sentence in _unreachable(checked)]
        for line in (*mistakes, *warnings(checked.warnings)):
            click.echo(line, err=True)
        if not mistakes:
            click.echo(f"{path}: ok{_size(checked)}")
        wrong = wrong or bool(mistakes)
    if wrong:
        ctx.exit(WRONG_INPUT)


def _unreachable(checked: "Checked") -> Iterator[str]:
    """Yield a sentence for each thing on a floor plan that nobody can walk to."""
    from storesim.store.lint import unreachable

    for plan in _plans(checked):
        for sentence in unreachable(plan, checked.parameters):
            yield f"{plan.name}: {sentence}"


def _plans(checked: "Checked") -> "tuple[FloorPlan, ...]":
    return tuple(dict.fromkeys(checked.plans))


def _size(checked: "Checked") -> str:
    """Return how large the plans are, for who checks whether they are what was meant."""
    sizes = []
    for plan in _plans(checked):
        shelf_m = sum(bay.width_m for fixture in plan.fixtures for face in fixture.faces for bay in face.bays)
        sizes.append(f"{plan.name}, {len(plan.fixtures)} fixtures, {shelf_m:.0f} m of shelf front")
    return f" ({'; '.join(sizes)})" if sizes else ""
