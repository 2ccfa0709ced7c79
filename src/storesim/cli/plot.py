"""`storesim plot`: the figures of a run."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from storesim.cli.options import FILE, format_option

if TYPE_CHECKING:
    from storesim.report.figure_files import FigureFormat
    from storesim.report.plots import PlotKind


@click.command("plot")
@click.argument("run", type=FILE)
@click.option(
    "--kind", type=click.Choice(["heat", "forest", "plan", "all"]), default="all", show_default=True,
    help="Heat maps, differences with intervals, or floor plans.",
)  # fmt: skip
@format_option
def command(run: Path, kind: str, figure_format: str) -> None:
    """Draw the figures of a run into its folder."""
    from storesim.report.plots import PLOTS, write_figures
    from storesim.report.run_directory import RunDirectory

    kinds = tuple(PLOTS) if kind == "all" else (cast("PlotKind", kind),)
    for path in write_figures(RunDirectory.open(run), kinds, cast("FigureFormat", figure_format)):
        click.echo(path)
