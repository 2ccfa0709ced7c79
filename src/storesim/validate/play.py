"""Plays facts, one a task, and judges them."""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from storesim.experiment.executors import gather, opened
from storesim.experiment.replication import Ready
from storesim.inputs.case import Scenario
from storesim.validate.fact import Fact, Finding, Floats, judge
from storesim.validate.facts import FACTS
from storesim.validate.stores import ready

REPLICATIONS = 30
QUICK_REPLICATIONS = 8

Progress = Callable[[int, int], None]


def play_all(
    facts: Sequence[Fact], replications: int, workers: int = 1, progress: Progress | None = None
) -> tuple[Finding, ...]:
    """Return the findings of some of `FACTS`, in their order; `progress` is called with (facts done, facts in all)."""
    tasks = [(fact.number, fact.title, replications) for fact in sorted(facts, key=lambda fact: -fact.takes_s)]
    with opened(min(workers, len(tasks))) as executor:
        results = gather(executor, _observe, tasks, progress)
    observed = {task[:2]: result for task, result in zip(tasks, results, strict=True)}
    return tuple(finding for fact in facts for finding in judge(fact, observed[fact.number, fact.title]))


def observe(fact: Fact, replications: int) -> Floats:
    """Return what a fact observes, shape (replications, numbers)."""
    store = _ready(fact.scenario)
    return np.stack([_observe_one(fact, store, replication) for replication in range(replications)])


def _observe_one(fact: Fact, store: Ready, replication: int) -> Floats:
    population = store.population(replication)
    return fact.observe(tuple(store.play(v, population, replication) for v in range(len(store.shops))))


def _observe(number: int, title: str, replications: int) -> Floats:
    """Return what one fact observes; its name travels to other processes, its functions may not."""
    return observe(next(fact for fact in FACTS if (fact.number, fact.title) == (number, title)), replications)


@lru_cache(maxsize=2)
def _ready(scenario: Callable[[], Scenario]) -> Ready:
    """Return the scenario ready to be played; several facts are played in the same store."""
    return ready(scenario())
