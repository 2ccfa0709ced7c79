"""`storesim check`: everything that is wrong with files, before anything runs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from storesim.cli.failures import WRONG_INPUT
from storesim.cli.options import FILE

if TYPE_CHECKING:
    from storesim.inputs.floor_plan import FloorPlan
    from storesim.inputs.parameters import Parameters


@click.command("check")
@click.argument("files", type=FILE, nargs=-1, required=True, metavar="FILE...")
@click.pass_context
def command(ctx: click.Context, files: tuple[Path, ...]) -> None:
    """Tell every mistake in files, and every shelf that cannot be reached.

    FILES are layouts, scenarios, segments, products, planograms or profiles; a
    scenario is checked with all the files that it names.
    """
    from storesim.cli.answer import warnings
    from storesim.experiment.walkable import stranded
    from storesim.inputs.load import check_files
    from storesim.inputs.parameters import Parameters

    wrong = False
    for path in files:
        mistakes = [str(mistake) for mistake in check_files([path])]
        found = _Found() if mistakes else _read(path)
        mistakes += [str(mistake) for mistake in stranded(path, found.plans, found.parameters or Parameters())]
        odd = () if mistakes else (*found.warnings, *_unseen(found))
        for line in (*mistakes, *warnings(odd)):
            click.echo(line, err=True)
        if not mistakes:
            click.echo(f"{path}: ok{_sizes(found.plans)}")
        wrong = wrong or bool(mistakes)
    if wrong:
        ctx.exit(WRONG_INPUT)


@dataclass(frozen=True)
class _Found:
    """What is in a file without mistakes: each floor plan once, and what is odd though not wrong."""

    plans: tuple["FloorPlan", ...] = ()
    warnings: tuple[str, ...] = ()
    parameters: "Parameters | None" = None


def _read(path: Path) -> _Found:
    from storesim.inputs.load import load_layout, load_scenario
    from storesim.inputs.mistakes import Mistakes
    from storesim.inputs.yaml_source import read_yaml

    source = read_yaml(path, Mistakes()) if path.suffix.lower() in (".yaml", ".yml") else None
    if source is None:
        return _Found()
    if source.has(("scenario",)) or source.has(("variants",)):
        scenario = load_scenario(path)
        plans = tuple(dict.fromkeys(case.plan for case in scenario.cases))
        return _Found(plans, scenario.warnings, scenario.parameters)
    if source.has(("segments",)) or source.has(("missions",)):
        return _Found()
    return _Found((load_layout(path),))


def _unseen(found: _Found) -> Iterator[str]:
    """Yield a sentence for each shelf that can be reached and yet lies on nobody's way."""
    from storesim.inputs.parameters import Parameters
    from storesim.store.build import build_floor
    from storesim.store.lint import unseen

    for plan in found.plans:
        for sentence in unseen(build_floor(plan, found.parameters or Parameters(), seed=0)):
            yield f"{plan.name}: {sentence}"


def _sizes(plans: Sequence["FloorPlan"]) -> str:
    """Return how large the plans are, for who checks whether they are what was meant."""
    sizes = []
    for plan in plans:
        shelf_m = sum(bay.width_m for fixture in plan.fixtures for face in fixture.faces for bay in face.bays)
        sizes.append(f"{plan.name}: {len(plan.fixtures)} fixtures, {shelf_m:.0f} m of shelf front")
    return f" ({'; '.join(sizes)})" if sizes else ""
