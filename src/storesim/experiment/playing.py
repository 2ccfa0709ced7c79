"""Plays the replications of an experiment that are not finished yet, wherever the executor plays them."""

import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from storesim.experiment.cluster import sharing
from storesim.experiment.executors import each
from storesim.experiment.finished import Finished
from storesim.experiment.replication import Outcome, replicate_there, share
from storesim.inputs.case import Scenario

Progress = Callable[[int, int], None]
Play = Callable[[int, Progress | None], None]


@contextmanager
def player(scenario: Scenario, finished: Finished, out: Path | None, executor: Executor) -> Iterator[Play]:
    """Yield what plays the first so many replications of a scenario, but for those that are `finished`.

    Each is kept there as soon as it is; with `out`, its events are left in this folder. The second argument is called
    with (finished, in all) after each.
    """
    pickled, there = pickle.dumps(replace(scenario, sources=(), sweep=None)), set(finished.numbers())
    logs = out if scenario.events != "none" else None
    with TemporaryDirectory(prefix="storesim-") as folder, sharing(executor, logs) as logs_there:
        prepared = Path(folder) / "prepared" if isinstance(executor, ProcessPoolExecutor) else None

        def play(replications: int, progress: Progress | None) -> None:
            missing = [replication for replication in range(replications) if replication not in there]

            def keep(_: int, outcome: Outcome) -> None:
                finished.keep(outcome)
                there.add(outcome.replication)
                if progress:
                    progress(replications - len(missing) + len(there.intersection(missing)), replications)

            if missing and prepared and not prepared.exists():
                share(executor, scenario, prepared)
            each(executor, replicate_there, ((pickled, number, logs_there, prepared) for number in missing), keep)

        yield play
