"""Plays a scenario many times, each time with other settings: the same customers, the same variants."""

import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from functools import lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from storesim.customers.population import Floats
from storesim.experiment.conversion import hold
from storesim.experiment.executors import each
from storesim.experiment.finished import FinishedSets
from storesim.experiment.replication import Ready, prepare
from storesim.inputs.case import Scenario
from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.parameters import Parameters
from storesim.results.responses import measure
from storesim.store.build import build_floor
from storesim.store.floor import Floor

AT_ONCE = 500
"""Sets that are handed to the executor together: with all of them, thousands of scenarios would wait in memory."""
MOST_FLOORS = 6
"""Floors that a process keeps: most sets change nothing that a floor is built from."""
WALKING = (
    "body_radius_m", "habit_length_m", "habit_sigma", "habit_sigma_known", "perimeter_pull", "sight_range_m",
    "sign_effect",
)  # fmt: skip
"""Parameters from which floors are built."""

Progress = Callable[[int, int], None]
"""Called with (sets done, sets in all)."""


def play_sets(
    executor: Executor,
    scenarios: Sequence[Scenario],
    replications: int,
    promised: Floats | None = None,
    progress: Progress | None = None,
    finished: FinishedSets | None = None,
) -> NDArray[np.float64]:
    """Return the responses of every set, shape (sets, replications, variants, responses), the same for any executor.

    Args:
        executor: plays a set as one task.
        scenarios: one for each set, all with the same variants.
        replications: days of each set, the first ones of the experiment.
        promised: purchases that conversions are fitted to, as `promises` returns them; None: they stay as they are.
        progress: called before the first set and after each.
        finished: those of the sets that are not played again, where the others are kept; None keeps none.
    """
    found = dict(_read(finished, len(scenarios)))
    if progress:
        progress(len(found), len(scenarios))
    waiting = iter([(number, scenario) for number, scenario in enumerate(scenarios) if number not in found])
    while batch := list(islice(waiting, AT_ONCE)):
        numbers = [number for number, _ in batch]

        def keep(task: int, days: NDArray[np.float64], numbers: list[int] = numbers) -> None:
            found[numbers[task]] = days
            if finished:
                finished.keep(numbers[task], days)
            if progress:
                progress(len(found), len(scenarios))

        each(executor, play_there, _tasks(batch, promised, replications), keep)
    return np.stack([found[number] for number in range(len(scenarios))])


def _read(finished: FinishedSets | None, sets: int) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """Yield the number and the responses of every set that is finished."""
    if finished:
        read = ((number, finished.read(number)) for number in range(sets))
        yield from ((number, days) for number, days in read if days is not None)


def _tasks(
    batch: Sequence[tuple[int, Scenario]], promised: Floats | None, replications: int
) -> Iterator[tuple[bytes, Floats | None, int]]:
    for _, scenario in batch:
        yield pickle.dumps(scenario), promised, replications


def play_there(pickled: bytes, promised: Floats | None, replications: int) -> NDArray[np.float64]:
    """Play one set, given as a pickled scenario; returns shape (replications, variants, responses)."""
    ready = _ready(pickle.loads(pickled))  # noqa: S301 - our own bytes, from the parent process
    if promised is not None:
        ready = hold(ready, promised)
    days = []
    for replication in range(replications):
        population = ready.population(replication)
        days.append([measure(ready.play(variant, population, replication)) for variant in range(len(ready.shops))])
    return np.array(days)


def _ready(scenario: Scenario) -> Ready:
    """Return a scenario ready to be played, on floors that this process may have built for another set."""
    walking = Parameters(**{name: getattr(scenario.parameters, name) for name in WALKING})
    plans = dict.fromkeys(case.plan for case in scenario.cases)
    return prepare(scenario, {plan: _floor(plan, walking, scenario.seed) for plan in plans})


@lru_cache(maxsize=MOST_FLOORS)
def _floor(plan: FloorPlan, walking: Parameters, seed: int) -> Floor:
    return build_floor(plan, walking, seed)
