"""Plays a study for a command: where the results go, the progress bar, and what a Ctrl-C leaves."""

from pathlib import Path
from typing import TYPE_CHECKING

from storesim.cli.failures import InterruptedRunError, WrongInputError
from storesim.cli.options import processors
from storesim.cli.progress import progress_bar

if TYPE_CHECKING:
    from storesim.experiment.study import Result, Study

RUNS = Path("runs")


def play(study: "Study", out: Path | None, workers: int | None, name: str) -> "Result":
    """Play a study into `out`, or else into a new folder runs/NAME.

    Raises:
        WrongInputError: `out` is there already.
        InterruptedRunError: by Ctrl-C.
    """
    folder = out or free_folder(RUNS / name)
    try:
        with progress_bar("playing days") as days, progress_bar("assumptions: sets") as sets:
            result = study.run(out=folder, workers=workers or processors(), progress=days, set_progress=sets)
    except FileExistsError:
        raise WrongInputError(f"{folder} is there already; name another folder with --out") from None
    except KeyboardInterrupt:
        raise InterruptedRunError(_left_in(folder)) from None
    _write_workbook(folder)
    return result


def _write_workbook(folder: Path) -> None:
    from storesim.report.run_directory import RunDirectory
    from storesim.report.workbook import write_workbook

    write_workbook(RunDirectory.open(folder))


def free_folder(wanted: Path) -> Path:
    """Return the folder, or the first of NAME-2, NAME-3, … that is not there."""
    found, number = wanted, 1
    while found.exists():
        number += 1
        found = wanted.with_name(f"{wanted.name}-{number}")
    return found


def _left_in(folder: Path) -> str:
    if not (folder / "summary.csv").exists():
        return f"finished work is in {folder}" if folder.exists() else "nothing was written"
    return f"finished work is in {folder}; `storesim report {folder}` shows it"
