"""The counters of one day, read from the log: who asked, who was served, how long they waited."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.engine.log import EventLog, Kind
from storesim.inputs.operations import Counter
from storesim.results.sums import group_counts, share
from storesim.results.table import Table
from storesim.results.till_hours import wait_mean_s, wait_p95_s
from storesim.results.trips import Moves
from storesim.store.floor import Floor

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CounterTable(Table):
    """Rows: the counters of a case, in its order."""

    asked: Floats
    """Times that a customer joined the line for a product."""
    served: Floats
    gave_up: Floats
    """Times that a customer lost patience."""
    wait_s: Floats
    """Mean wait until service began or patience ended; 0 when nobody asked."""
    wait_p95_s: Floats
    """Smallest wait that 95 % do not exceed; 0 when nobody asked."""
    conversion: Floats
    """Takes at the counter ÷ served; 0 when nobody was."""


def read_counters(moves: Moves, log: EventLog, floor: Floor, counters: tuple[Counter, ...]) -> CounterTable:
    """Return the counters of a day; `moves` are those of the log."""
    ids = [fixture.id for fixture in floor.plan.fixtures]
    number = {ids.index(counter.fixture): i for i, counter in enumerate(counters)}
    of_place = np.full(len(floor.places.zone) + 1, -1)
    of_place[: floor.places.bays] = [number.get(fixture, -1) for fixture in floor.places.fixture.tolist()]
    asks, count = moves.rows(Kind.ASK), len(counters)
    counter, wait_s = of_place[moves.place[asks]], moves.lasts_s(asks)
    asked = group_counts(counter, count)
    served = group_counts(counter[moves.next_kind[asks] == Kind.ATTEND], count)
    takes = of_place[log.place[log.kind == Kind.TAKE]]
    return CounterTable(
        asked=asked,
        served=served,
        gave_up=asked - served,
        wait_s=wait_mean_s(counter, wait_s, count),
        wait_p95_s=wait_p95_s(counter, wait_s, count),
        conversion=share(group_counts(takes[takes >= 0], count), served),
    )
