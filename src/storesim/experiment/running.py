"""One run from its first day to its last file, and what is left of it when it ends before its time."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

import numpy as np

from storesim.experiment.assumptions import play_assumed
from storesim.experiment.finished import Finished
from storesim.experiment.played import Played
from storesim.experiment.playing import player
from storesim.experiment.result import Result
from storesim.experiment.run_directory import RunWriter
from storesim.experiment.sweep import play_sweep
from storesim.inputs.case import Scenario
from storesim.results.precision import replications_needed

Progress = Callable[[int, int], None]
"""Called with (replications done, replications in all), or so with sets of settings."""


@dataclass(frozen=True)
class Told:
    """Who is told how far a run has come."""

    days: Progress | None = None
    sets: Progress | None = None
    points: Progress | None = None


@dataclass(frozen=True, eq=False)
class Running:
    """A run that is being played."""

    scenario: Scenario
    points: Sequence[Scenario]
    """The scenario at every point of its sweep."""
    finished: Finished
    writer: RunWriter | None
    """None: nothing is written that stays."""

    def play(self, executor: Executor, told: Told) -> Result:
        """Play the days, and write what they say; the rest comes after a run that is done."""
        with player(self.scenario, self.finished, self.writer.path if self.writer else None, executor) as play:
            play(self.scenario.replications, told.days)
            replications = self._needed()
            play(replications, told.days)
        result = self._result(replications)
        if self.writer:
            self.writer.stop("done")
        return result

    def go_on(self, result: Result, executor: Executor, told: Told) -> Result:
        """Play what comes after the days; whatever happens, the finished run stays."""
        if self.scenario.assumptions:
            with self._part("assumptions"):
                assumed = play_assumed(self.scenario, self.scenario.assumptions, executor, self.finished, told.sets)
                result = replace(result, assumed=assumed)
                if self.writer:
                    self.writer.finish_assumptions(result.comparison, assumed)
        if self.points:
            with self._part("sweep"):
                swept = play_sweep(self.scenario, self.points, executor, self.finished, told.points)
                result = replace(result, swept=swept)
                if self.writer:
                    self.writer.finish_sweep(swept)
        return result

    def rescue(self, error: BaseException) -> None:
        """Write the tables of the days that were finished, as far as it is still possible.

        On a full disk it is not: the first error is the one to tell.
        """
        if self.writer is None or not self.writer.is_begun:
            return
        try:
            with suppress(OSError):
                if self.finished.read(0):
                    self._result(self.scenario.most_replications)
        finally:
            with suppress(OSError):
                self.writer.stop(_ending(error))

    def _needed(self) -> int:
        """Return how many replications are played: as many as asked for, or as a precision needs by these."""
        if self.scenario.precision is None:
            return self.scenario.replications
        first = self.finished.upto(self.scenario.replications)
        return replications_needed(self.scenario, np.stack([outcome.responses for outcome in first], axis=1))

    def _result(self, replications: int) -> Result:
        """Return what the finished ones of so many days say, and write it."""
        played = Played.collect(self.finished.upto(replications))
        result = Result(self.scenario, played, self.writer.path if self.writer else None)
        if self.writer:
            self.writer.write(result.comparison, played)
        return result

    @contextmanager
    def _part(self, name: str) -> Iterator[None]:
        """Say meanwhile that a part of the run is being played, and how it ends if it does so before its time."""
        if self.writer is None:
            yield
            return
        self.writer.stop("done", **{name: "running"})
        try:
            yield
        except BaseException as error:
            with suppress(OSError):
                self.writer.stop("done", **{name: _ending(error)})
            raise


def _ending(error: BaseException) -> str:
    return "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
