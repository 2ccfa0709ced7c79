"""`storesim report`: what a run found, as one HTML file to pass on."""

from functools import partial
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
    from storesim.report.page.replay import replay_section

    if out and out.is_dir():
        raise WrongInputError(f"{out} is a folder; name a file, such as {out / 'report.html'}")
    click.echo(write(run, out, (replay_section,) if no_replay else ()))
    _complete(run)


def _complete(run: Path) -> None:
    """Write the workbook of a run that ended before it had one."""
    from storesim.report.run_directory import RunDirectory
    from storesim.report.workbook import NAME, write_workbook

    opened = RunDirectory.open(run)
    if opened.shortfall and opened.has("summary.csv") and not opened.has(NAME):
        click.echo(write_workbook(opened))


def write(run: Path, out: Path | None = None, left_out: "Sequence[SectionMaker]" = ()) -> Path:
    """Write the page of a run, but for some sections, with a progress bar, and return where it is.

    Raises:
        RunDirectoryError: the folder holds no run that can be read.
    """
    from storesim.cli.progress import progress_stages
    from storesim.report.page.build import SECTIONS, write_report
    from storesim.report.page.replay import replay_section
    from storesim.report.run_directory import RunDirectory

    with progress_stages() as tell:
        # It plays a day again, which takes longer than all the rest, and tells how far it is.
        slow: dict[SectionMaker, SectionMaker] = {
            replay_section: partial(replay_section, progress=partial(tell, "playing a day again"))
        }
        sections = [slow.get(section, section) for section in SECTIONS if section not in left_out]
        return write_report(RunDirectory.open(run), out, partial(tell, "writing the report"), sections)
