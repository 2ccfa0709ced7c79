"""The Python face: load a scenario, run it, look at the summary."""

from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from storesim.experiment.assumptions import play_assumed, without_tight_bodies
from storesim.experiment.digest import key
from storesim.experiment.executors import opened
from storesim.experiment.finished import Finished
from storesim.experiment.played import Played
from storesim.experiment.playing import play
from storesim.experiment.result import Result
from storesim.experiment.run_directory import RunWriter, UnfitRunError
from storesim.experiment.walkable import refuse_stranded
from storesim.inputs.case import Scenario
from storesim.inputs.load import compare_layouts, load_scenario

Progress = Callable[[int, int], None]
"""Called with (replications done, replications in all), or so with sets of settings."""


@dataclass(frozen=True, eq=False)
class Study:
    """A scenario that was read and found right."""

    scenario: Scenario
    path: Path
    """The scenario file."""
    layouts: tuple[Path, ...] = ()
    """Floor plans put in the place of the scenario's own variants; () when it is played as written."""

    def run(
        self,
        out: Path | str | None = None,
        workers: int = 1,
        progress: Progress | None = None,
        set_progress: Progress | None = None,
        resume: bool = False,
    ) -> Result:
        """Play all replications of all variants, and then the sets of assumed parameters if the scenario has any.

        Args:
            out: folder to make for the run directory; None writes nothing that stays.
            workers: processes; the result is the same for any number. More than 1 needs, in a script of your own,
                the usual `if __name__ == "__main__":`.
            progress: called as replications finish.
            set_progress: called as sets of assumed parameters begin and finish.
            resume: take up the run in `out` where it ended, whatever ended it; begin it if there is none. What is
                finished is not played again, and the files become those of a run that nothing disturbed.

        Raises:
            FileExistsError: `out` is there already, and is not to be taken up.
            UnfitRunError: what is in `out` was begun with other inputs, or is being written by another run.
        """
        if out is None:
            with TemporaryDirectory(prefix="storesim-") as folder:
                return self._run(None, self._finished(Path(folder)), workers, progress, set_progress)
        with RunWriter.begin(Path(out), self.scenario, self.path, self.layouts, key(self.scenario), resume) as writer:
            return self._run(writer, self._finished(writer.path), workers, progress, set_progress)

    def _finished(self, folder: Path) -> Finished:
        """Return the finished replications in a folder.

        Raises:
            UnfitRunError: there are more than are asked for.
        """
        finished = Finished.of(folder, key(self.scenario), len(self.scenario.cases))
        there = finished.numbers()[-1:]
        if there and there[0] >= self.scenario.replications:
            raise UnfitRunError(
                f"{folder} has {there[0] + 1} replications, more than the {self.scenario.replications} asked for; "
                "ask for as many, or name another folder"
            )
        return finished

    def _run(
        self,
        writer: RunWriter | None,
        finished: Finished,
        workers: int,
        progress: Progress | None,
        set_progress: Progress | None,
    ) -> Result:
        result: Result | None = None
        try:
            if writer:
                writer.start()
            with opened(min(workers, self.scenario.replications)) as executor:
                play(self.scenario, finished, writer.path if writer else None, executor, progress)
                result = self._result(finished, writer)
                return self._vary(result, writer, executor, set_progress)
        except BaseException as error:
            if writer and result is None:
                self._rescue(writer, _ending(error), finished)
            raise

    def _result(self, finished: Finished, writer: RunWriter | None) -> Result:
        """Return what the finished replications say, and write it."""
        result = Result(self.scenario, Played.collect(finished.upto(self.scenario.replications)), None)
        if writer:
            result = replace(result, directory=writer.path)
            writer.write(result.comparison, result.played)
            writer.stop("done")
        return result

    def _rescue(self, writer: RunWriter, status: str, finished: Finished) -> None:
        """Write the tables of the days that were finished, as far as it is still possible.

        On a full disk it is not: the first error is the one to tell.
        """
        try:
            with suppress(OSError):
                if finished.read(0):
                    played = Played.collect(finished.upto(self.scenario.replications))
                    writer.write(Result(self.scenario, played, writer.path).comparison, played)
        finally:
            with suppress(OSError):
                writer.stop(status)

    def _vary(self, result: Result, writer: RunWriter | None, executor: Executor, progress: Progress | None) -> Result:
        """Play the sets of assumed parameters; whatever happens, the finished run stays."""
        if self.scenario.assumptions is None:
            return result
        try:
            if writer:
                writer.stop("done", assumptions="running")
            assumed = play_assumed(self.scenario, self.scenario.assumptions, executor, progress)
            result = replace(result, assumed=assumed)
            if writer:
                writer.finish_assumptions(result.comparison, assumed)
        except BaseException as error:
            if writer:
                with suppress(OSError):
                    writer.stop("done", assumptions=_ending(error))
            raise
        return result


def load(
    path: Path | str, replications: int | None = None, seed: int | None = None, assumptions: bool = False
) -> Study:
    """Return the study of a scenario file; with `assumptions`, they are varied though the file does not say so.

    Raises:
        InputError: with every mistake in every file.
    """
    path = Path(path)
    return _study(load_scenario(path, replications=replications, seed=seed, assumptions=assumptions), path)


def load_layouts(
    layouts: tuple[Path, ...],
    scenario: Path,
    replications: int | None = None,
    seed: int | None = None,
    assumptions: bool = False,
) -> Study:
    """Return a study that compares floor plans, all else as in the scenario's baseline; the first is the baseline.

    Raises:
        InputError: with every mistake in every file.
    """
    compared = compare_layouts(layouts, scenario, replications=replications, seed=seed, assumptions=assumptions)
    return _study(compared, scenario, layouts)


def _study(scenario: Scenario, path: Path, layouts: tuple[Path, ...] = ()) -> Study:
    refuse_stranded(path, [case.plan for case in scenario.cases], scenario.parameters)
    return Study(without_tight_bodies(scenario), path, layouts)


def _ending(error: BaseException) -> str:
    return "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
