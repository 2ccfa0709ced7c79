"""Plays the replications of an experiment that are not finished yet, wherever the executor plays them."""

import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from storesim.experiment.executors import each
from storesim.experiment.finished import Finished
from storesim.experiment.replication import Outcome, replicate_there, share_floors
from storesim.inputs.case import Scenario

Progress = Callable[[int, int], None]


def play(
    scenario: Scenario, finished: Finished, out: Path | None, executor: Executor, progress: Progress | None = None
) -> None:
    """Play the replications of a scenario that are not `finished`, and keep each there as soon as it is.

    With `out`, their events are left in this folder. `progress` is called with (finished, in all) after each.
    """
    there = set(finished.numbers())
    missing = [replication for replication in range(scenario.replications) if replication not in there]

    def keep(_: int, outcome: Outcome) -> None:
        finished.keep(outcome)
        there.add(outcome.replication)
        if progress:
            progress(len(there), scenario.replications)

    if missing:
        with _floors(executor, scenario) as floors:
            pickled = pickle.dumps(replace(scenario, sources=()))
            each(executor, replicate_there, ((pickled, replication, out, floors) for replication in missing), keep)


@contextmanager
def _floors(executor: Executor, scenario: Scenario) -> Iterator[Path | None]:
    """Yield a file with the floors for the processes of this machine; None where there is nobody to share it with."""
    if not isinstance(executor, ProcessPoolExecutor):
        yield None
        return
    with TemporaryDirectory(prefix="storesim-") as folder:
        file = Path(folder) / "floors"
        share_floors(executor, scenario, file)
        yield file
