"""`storesim plot`: the figures of a run."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from storesim.cli.options import FILE, format_option

if TYPE_CHECKING:
    from storesim.report.figure_files import FigureFormat
    from storesim.report.plots import PlotKind


KINDS = ("heat", "forest", "plan", "flow", "dwell", "difference", "queue", "funnel", "promotion", "sweep", "all")


@click.command("plot")
@click.argument("run", type=FILE)
@click.option(
    "--kind", type=click.Choice(KINDS), default="all", show_default=True, metavar="KIND",
    help=f"What to draw: {', '.join(KINDS[:-1])} or all.",
)  # fmt: skip
@format_option
def command(run: Path, kind: str, figure_format: str) -> None:
    """Draw the figures of a run into its folder."""
    from storesim.report.plots import PLOTS, write_figures
    from storesim.report.run_directory import RunDirectory

    kinds = tuple(PLOTS) if kind == "all" else (cast("PlotKind", kind),)
    drawn = write_figures(RunDirectory.open(run), kinds, cast("FigureFormat", figure_format))
    for path in drawn:
        click.echo(path)
    if not drawn:
        click.echo(f"this run has nothing to draw of the kind {kind!r}", err=True)
