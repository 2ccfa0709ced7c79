"""`storesim import`: the space report of a planning tool as a planogram."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from storesim.cli.options import FILE

if TYPE_CHECKING:
    from storesim.inputs.space_filling import SpaceReport


@click.command("import")
@click.argument("space", type=FILE)
@click.option("--map", "columns", type=FILE, required=True, metavar="FILE", help="YAML: which column says what.")
@click.option("--layout", type=FILE, required=True, metavar="FILE", help="The floor plan that the report is about.")
@click.option("--out", type=FILE, metavar="FILE", help="File to write; else planogram_NAME.csv.")
def command(space: Path, columns: Path, layout: Path, out: Path | None) -> None:
    """Make a planogram of SPACE, a space report (.xlsx or .csv).

    Tells what found no fixture and what does not fit, and then writes nothing.
    """
    from storesim.cli.new_planogram import refuse_existing
    from storesim.inputs.layout import read_layout
    from storesim.inputs.mistakes import Mistakes
    from storesim.inputs.reading import sound
    from storesim.inputs.space_filling import COLUMNS
    from storesim.inputs.space_report import read_space_report
    from storesim.results.write import text, write_csv

    target = out or Path(f"planogram_{layout.stem}.csv")
    refuse_existing(target)
    mistakes = Mistakes()
    plan = read_layout(layout, mistakes)
    report = sound(read_space_report(space, columns, plan, mistakes), mistakes)
    write_csv(target, COLUMNS, [map(text, row) for row in report.rows])
    for line in _said(target, report):
        click.echo(line)


def _said(path: Path, report: "SpaceReport") -> list[str]:
    """Return what was written, and what to know about it."""
    lines = [f"{path}: {report.metres:,.1f} m of shelf from {report.read} rows, as {len(report.rows)} rows"]
    if report.left_out:
        lines.append(f"{report.left_out} rows are left out: no amount, or an empty name in the map")
    if report.spread:
        lines.append(f"{report.spread} rows name no face: spread evenly over the faces of their fixtures")
    return [*lines, "Next: name it as the planogram of a scenario, and check that with storesim check"]
