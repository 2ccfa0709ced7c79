"""The Python face: load a scenario, run it, look at the summary."""

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from storesim.experiment.assumptions import without_tight_bodies
from storesim.experiment.digest import key
from storesim.experiment.executors import opened
from storesim.experiment.finished import Finished
from storesim.experiment.forkserver import begin_forkserver
from storesim.experiment.result import Result
from storesim.experiment.run_directory import RunWriter, UnfitRunError
from storesim.experiment.running import Progress, Running, Told
from storesim.experiment.sweep import refuse_stranded_points
from storesim.experiment.walkable import refuse_stranded
from storesim.inputs.case import Scenario
from storesim.inputs.load import compare_layouts, load_swept
from storesim.results.responses import responses_of


@dataclass(frozen=True, eq=False)
class Study:
    """A scenario that was read and found right."""

    scenario: Scenario
    path: Path
    """The scenario file."""
    layouts: tuple[Path, ...] = ()
    """Floor plans put in the place of the scenario's own variants; () when it is played as written."""
    points: tuple[Scenario, ...] = ()
    """The scenario at each point of its sweep; () when it has none."""

    def run(
        self,
        out: Path | str | None = None,
        workers: int = 1,
        progress: Progress | None = None,
        set_progress: Progress | None = None,
        resume: bool = False,
        cluster: str | None = None,
        point_progress: Progress | None = None,
    ) -> Result:
        """Play all replications of all variants, then the sets of assumed parameters and the sweep if there are any.

        Args:
            out: folder to make for the run directory; None writes nothing that stays.
            workers: processes; the result is the same for any number. More than 1 needs, in a script of your own,
                the usual `if __name__ == "__main__":`.
            progress: called as replications finish.
            set_progress: called as sets of assumed parameters begin and finish.
            resume: take up the run in `out` where it ended, whatever ended it; begin it if there is none. What is
                finished is not played again, and the files become those of a run that nothing disturbed.
            cluster: address of a Dask scheduler, whose workers play instead of processes here.
            point_progress: called as points of the sweep begin and finish.

        Raises:
            ClusterError: the cluster cannot be used, or was lost.
            FileExistsError: `out` is there already, and is not to be taken up.
            UnfitRunError: what is in `out` was begun with other inputs, or is being written by another run.
        """
        if not cluster:
            begin_forkserver(workers)
        told, own = Told(progress, set_progress, point_progress), key(self.scenario)
        if out is None:
            with TemporaryDirectory(prefix="storesim-") as folder:
                return self._run(self._running(Path(folder), own, None), workers, cluster, told)
        with RunWriter.begin(Path(out), self.scenario, self.path, self.layouts, own, resume) as writer:
            return self._run(self._running(writer.path, own, writer), workers, cluster, told)

    def _running(self, folder: Path, own: str, writer: RunWriter | None) -> Running:
        """Return the run in a folder, with what is finished of it; `own` is the key of its inputs.

        Raises:
            UnfitRunError: there is more than is asked for.
        """
        scenario = self.scenario
        finished = Finished.of(folder, own, len(scenario.cases), len(responses_of(scenario)))
        there, most = finished.named()[-1:], self.scenario.most_replications
        if there and there[0] >= most:
            raise UnfitRunError(
                f"{folder} has {there[0] + 1} replications, more than the {most} asked for; "
                "ask for as many, or name another folder"
            )
        return Running(self.scenario, self.points, finished, writer)

    def _run(self, running: Running, workers: int, cluster: str | None, told: Told) -> Result:
        tasks, result = max(self.scenario.most_replications, len(self.points)), None
        try:
            with opened(min(workers, tasks), cluster) as executor:
                if running.writer:
                    running.writer.start()
                result = running.play(executor, told)
                return running.go_on(result, executor, told)
        except BaseException as error:
            if result is None:
                running.rescue(error)
            raise


def load(
    path: Path | str, replications: int | None = None, seed: int | None = None, assumptions: bool = False
) -> Study:
    """Return the study of a scenario file; with `assumptions`, they are varied though the file does not say so.

    Raises:
        InputError: with every mistake in every file.
    """
    path = Path(path)
    scenario, points = load_swept(path, replications=replications, seed=seed, assumptions=assumptions)
    study = _study(scenario, path)
    refuse_stranded_points(path, scenario, points)
    return replace(study, points=points)


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
