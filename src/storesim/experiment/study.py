"""The Python face: load a scenario, run it, look at the summary."""

import pickle
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from storesim.experiment.assumptions import play_assumed, without_tight_bodies
from storesim.experiment.executors import gather, make_executor, stop
from storesim.experiment.replication import Outcome, replicate_there, share_floors
from storesim.experiment.run_directory import RunWriter
from storesim.experiment.walkable import refuse_stranded
from storesim.inputs.case import Scenario
from storesim.inputs.load import compare_layouts, load_scenario
from storesim.results.actuals import Against, against
from storesim.results.assumed import Assumed, standing
from storesim.results.comparison import Comparison, compare
from storesim.results.promotions import Effect, take_apart
from storesim.results.tables import Tables
from storesim.results.write import PROMOTION_COLUMNS, SUMMARY_COLUMNS, promotion_row, summary_row

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int], None]
"""Called with (replications done, replications in all), or so with sets of settings."""


@dataclass(frozen=True, eq=False)
class Result:
    """What an experiment says."""

    scenario: Scenario
    outcomes: tuple[Outcome, ...]
    """By replication."""
    directory: Path | None
    """Where the run directory is; None when nothing was written."""
    assumed: Assumed | None = None
    """What varying the assumed parameters says; None when they were not varied."""

    @cached_property
    def comparison(self) -> tuple[Comparison, ...]:
        """One row per variant and response."""
        values = np.stack([outcome.responses for outcome in self.outcomes], axis=1)
        margin = self.scenario.same_within
        rows = compare(values, [case.name for case in self.scenario.cases], margin)
        return standing(rows, self.assumed, margin) if self.assumed else rows

    @property
    def tables(self) -> tuple[Tables, ...]:
        """The tables of each variant, stacked: arrays of shape (replications, rows)."""
        variants = range(len(self.scenario.cases))
        return tuple(Tables.stack([outcome.tables[v] for outcome in self.outcomes]) for v in variants)

    @cached_property
    def against(self) -> tuple[Against, ...]:
        """The baseline beside every number that is known of the user's store, as in actuals.csv."""
        return against(self.scenario, np.stack([outcome.responses[0] for outcome in self.outcomes]), self.tables[0])

    @property
    def summary(self) -> "pd.DataFrame":
        """The comparison as a table, one row per variant and response, as in summary.csv."""
        import pandas as pd

        rows = [list(summary_row(row, self.scenario.currency)) for row in self.comparison]
        return pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """Every promotion taken apart, by scope."""
        return take_apart(self.scenario, [tables.products for tables in self.tables])

    @property
    def promotions(self) -> "pd.DataFrame":
        """What every promotion does to its product, the category and the rest, as in promotions.csv."""
        import pandas as pd

        return pd.DataFrame(map(promotion_row, self.effects), columns=list(PROMOTION_COLUMNS))


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
    ) -> Result:
        """Play all replications of all variants, and then the sets of assumed parameters if the scenario has any.

        Args:
            out: folder to make for the run directory; None writes nothing.
            workers: processes; the result is the same for any number. More than 1 needs, in a script of your own,
                the usual `if __name__ == "__main__":`.
            progress: called as replications finish.
            set_progress: called as sets of assumed parameters begin and finish.

        Raises:
            FileExistsError: `out` is there already.
        """
        writer = RunWriter.create(Path(out), self.scenario, self.path, self.layouts) if out is not None else None
        folder, rescued = writer.path if writer else None, list[Outcome]()
        try:
            result = Result(self.scenario, play_all(self.scenario, folder, workers, progress, rescued.extend), folder)
            if writer:
                writer.write(result.comparison, result.tables, result.outcomes)
                writer.stop("done")
        except BaseException as error:
            if writer:
                self._rescue(writer, _ending(error), tuple(rescued))
            raise
        return self._vary(result, writer, workers, set_progress)

    def _rescue(self, writer: RunWriter, status: str, outcomes: tuple[Outcome, ...]) -> None:
        """Write the tables of the days that were finished, as far as it is still possible."""
        try:
            if outcomes:
                result = Result(self.scenario, outcomes, writer.path)
                writer.write(result.comparison, result.tables, outcomes)
        except OSError:
            pass  # the first error is the one to tell, and may be the same
        finally:
            writer.stop(status)

    def _vary(self, result: Result, writer: RunWriter | None, workers: int, progress: Progress | None) -> Result:
        """Play the sets of assumed parameters; whatever happens, the finished run stays."""
        if self.scenario.assumptions is None:
            return result
        try:
            if writer:
                writer.stop("done", assumptions="running")
            assumed = play_assumed(self.scenario, self.scenario.assumptions, workers, progress)
            result = replace(result, assumed=assumed)
            if writer:
                writer.finish_assumptions(result.comparison, assumed)
        except BaseException as error:
            if writer:
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


def play_all(
    scenario: Scenario,
    out: Path | None,
    workers: int,
    progress: Progress | None = None,
    rescue: Callable[[Iterable[Outcome]], None] | None = None,
) -> tuple[Outcome, ...]:
    """Return the outcomes of all replications, in order, however they were played.

    When it ends before its time `rescue` is called with those up to the first that is not there.
    """
    workers = min(workers, scenario.replications)
    with make_executor(workers) as executor, TemporaryDirectory(prefix="storesim-") as folder:
        try:
            floors = Path(folder) / "floors" if workers > 1 else None
            if floors:
                share_floors(executor, scenario, floors)
            pickled = pickle.dumps(scenario)
            tasks = [(pickled, replication, out, floors) for replication in range(scenario.replications)]
            return gather(executor, replicate_there, tasks, progress, rescue)
        except BaseException:
            stop(executor)
            raise
