"""Plays a study for a command: where the results go, the progress bar, and what a Ctrl-C leaves."""

from concurrent.futures import BrokenExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from storesim.cli.failures import FailedRunError, InterruptedRunError, WrongInputError
from storesim.cli.options import processors
from storesim.cli.progress import progress_bar

if TYPE_CHECKING:
    from storesim.experiment.result import Result
    from storesim.experiment.study import Study

RUNS = Path("runs")


def play(
    study: "Study",
    out: Path | None,
    workers: int | None,
    name: str,
    resume: bool = False,
    cluster: str | None = None,
) -> "Result":
    """Play a study into `out`, or a new folder runs/NAME; with `resume`, go on there, or in the last of those.

    Raises:
        WrongInputError: `out` is there already, or cannot be taken up.
        InterruptedRunError: by Ctrl-C.
        FailedRunError: a process, the cluster or the disk failed; what is finished stays.
    """
    from storesim.experiment.cluster import ClusterError
    from storesim.experiment.run_directory import UnfitRunError
    from storesim.results.interrupts import interrupts_noted

    if cluster and workers:
        raise WrongInputError("--workers are processes here and --cluster has its own; name one of them")

    folder = out or (last_folder if resume else free_folder)(RUNS / name)
    try:
        with interrupts_noted():
            with (
                progress_bar("playing days") as days,
                progress_bar("assumptions: sets") as sets,
                progress_bar("sweep: points") as points,
            ):
                result = study.run(folder, workers or processors(), days, sets, resume, cluster, points)
            _write_workbook(folder)
    except FileExistsError:
        raise WrongInputError(
            f"{folder} is there already; name another folder with --out, or add --resume to go on in it"
        ) from None
    except UnfitRunError as error:
        raise WrongInputError(str(error)) from None
    except KeyboardInterrupt:
        raise InterruptedRunError(_left_in(folder)) from None
    except (OSError, BrokenExecutor, ClusterError) as error:
        raise FailedRunError(f"{_reason(error)}; {_left_in(folder)}") from error
    return result


def _reason(error: Exception) -> str:
    """Return what failed, and what would help."""
    if isinstance(error, BrokenExecutor):
        return "a process was ended from outside, perhaps for want of memory: fewer --workers need less"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror.lower()}" if error.filename else error.strerror.lower()
    return str(error)


def _write_workbook(folder: Path) -> None:
    from storesim.report.run_directory import RunDirectory
    from storesim.report.workbook import write_workbook

    write_workbook(RunDirectory.open(folder))


def free_folder(wanted: Path) -> Path:
    """Return the folder, or the first of NAME-2, NAME-3, … that is not there."""
    found = wanted
    while found.exists():
        found = _next(wanted, found)
    return found


def _next(wanted: Path, found: Path) -> Path:
    number = 1 if found == wanted else int(found.name.rpartition("-")[2])
    return wanted.with_name(f"{wanted.name}-{number + 1}")


def last_folder(wanted: Path) -> Path:
    """Return the folder, or the last of NAME-2, NAME-3, … that is there."""
    found = wanted
    while (following := _next(wanted, found)).exists():
        found = following
    return found


def _left_in(folder: Path) -> str:
    """Return what there is of a run that ended before its time, and what to do with it."""
    if not (folder / "finished").is_dir():
        return "nothing is finished"
    shown = f", `storesim report {folder}` shows it" if (folder / "summary.csv").exists() else ""
    return f"finished work is in {folder}; `--resume --out {folder}` goes on with it{shown}"
