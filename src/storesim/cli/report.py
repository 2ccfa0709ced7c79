"""`storesim report`: what a run found, as one HTML file to pass on."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from storesim.cli.options import FILE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storesim.report.page.section import SectionMaker


@click.command("report")
@click.argument("run", type=FILE)
@click.option("--out", type=FILE, metavar="FILE", help="Where to write it; else report.html in the run's folder.")
@click.option("--no-replay", is_flag=True, help="Leave out the replay of a day, for a smaller file.")
def command(run: Path, out: Path | None, no_replay: bool) -> None:
    """Write what a run found as one HTML file.

    It opens anywhere, offline. A run that failed or was interrupted reports the
    days that it finished.
    """
    from storesim.cli.failures import WrongInputError
    from storesim.report.page.build import SECTIONS
    from storesim.report.page.replay import replay_section

    if out and out.is_dir():
        raise WrongInputError(f"{out} is a folder; name a file, such as {out / 'report.html'}")
    left_out = (replay_section,) if no_replay else ()
    click.echo(write(run, out, [section for section in SECTIONS if section not in left_out]))
    _complete(run)


def _complete(run: Path) -> None:
    """Write the workbook of a run that ended before it had one."""
    from storesim.report.run_directory import RunDirectory
    from storesim.report.workbook import NAME, write_workbook

    opened = RunDirectory.open(run)
    if opened.shortfall and opened.has("summary.csv") and not opened.has(NAME):
        click.echo(write_workbook(opened))


def write(run: Path, out: Path | None = None, sections: "Sequence[SectionMaker] | None" = None) -> Path:
    """Write the page of a run with a progress bar and return where it is; None: all sections.

    Raises:
        RunDirectoryError: the folder holds no run that can be read.
    """
    from storesim.cli.progress import progress_bar
    from storesim.report.page.build import SECTIONS, write_report
    from storesim.report.run_directory import RunDirectory

    with progress_bar("writing the report") as progress:
        return write_report(RunDirectory.open(run), out, progress, SECTIONS if sections is None else sections)
