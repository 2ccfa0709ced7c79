"""Days that were played, and the trips in them, customer by customer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pytest

from storesim.engine.log import EventLog, Kind
from storesim.experiment.replication import Ready, prepare
from storesim.inputs.case import Promotion, Scenario
from storesim.results.day import Day


class Fact(NamedTuple):
    """One row of the log."""

    t_s: float
    kind: Kind
    place: int
    lane: int
    product: int
    units: int
    amount: float
    planned: bool
    promotion: int


@dataclass(frozen=True, eq=False)
class Played:
    """A day, and its trips by customer number."""

    day: Day
    trips: list[list[Fact]]


def trips_of(log: EventLog, customers: int) -> list[list[Fact]]:
    trips: list[list[Fact]] = [[] for _ in range(customers)]
    columns = (log.t_s, log.kind, log.place, log.lane, log.product, log.units, log.amount, log.planned, log.promotion)
    for customer, *fact in zip(log.customer.tolist(), *(column.tolist() for column in columns), strict=True):
        trips[customer].append(Fact(*fact)._replace(kind=Kind(fact[1])))
    return trips


@pytest.fixture(scope="session")
def play() -> Callable[[Ready, int, int], Played]:
    """Play one replication of one variant."""

    def play(ready: Ready, variant: int, replication: int) -> Played:
        population = ready.population(replication)
        every = np.arange(len(population.candidates.product))
        population = replace(population, candidates=population.candidates.only(every))
        day = ready.play(variant, population, replication)
        return Played(day, trips_of(day.log, len(population)))

    return play


@pytest.fixture(scope="session")
def rush(small_scenario: Scenario) -> Ready:
    """The small shop with ten times its customers, observant and of little patience: queues, people in at closing."""
    hurry = small_scenario.parameters.model_copy(update={"patience_scale_s": 150.0, "notice_rate": 0.05})
    return prepare(replace(small_scenario, visits_per_day=3000.0, parameters=hurry))


@pytest.fixture(scope="session")
def on_offer(small_scenario: Scenario, make_promotion: Callable[..., Promotion]) -> Callable[..., Ready]:
    """The small shop's baseline with promotions (say what matters); five times as many come, and look closely."""

    def ready(*promotions: dict[str, object], days: int = 1) -> Ready:
        offers = tuple(make_promotion(**promotion) for promotion in promotions)
        case = replace(small_scenario.cases[0], promotions=offers)
        keen = small_scenario.parameters.model_copy(update={"notice_rate": 0.3})
        return prepare(replace(small_scenario, cases=(case,), days=days, visits_per_day=1500.0, parameters=keen))

    return ready


@pytest.fixture(scope="session")
def small_days(small_ready: Ready, rush: Ready, play: Callable[[Ready, int, int], Played]) -> list[Played]:
    """Two days of every variant of the small shop, and one of each with a rush."""
    quiet = [play(small_ready, variant, replication) for variant in range(3) for replication in range(2)]
    return [*quiet, *(play(rush, variant, 0) for variant in range(3))]
