"""Counters with service against queueing theory, and the promises they keep: patience, order, nobody stuck."""

from math import inf

import numpy as np
import pytest
from numpy.typing import NDArray

from storesim.customers.at_shelves import ShelfDraws
from storesim.engine.clock import Clock, Process
from storesim.engine.counters import ServiceCounter
from storesim.engine.facts import FactWriter
from storesim.engine.log import EventLog, Kind
from storesim.engine.staff import Staff
from storesim.inputs.operations import Counter, Job, Opening
from storesim.results.intervals import mean_interval

Floats = NDArray[np.float64]
MEAN_S, CUSTOMERS, WARM_UP, REPLICATIONS = 60.0, 1500, 300, 12


def served(
    counter: Counter,
    arrives_s: Floats,
    u_service: Floats,
    patience_s: float = inf,
    shifts: tuple[Opening, ...] | None = None,
) -> tuple[list[bool], EventLog]:
    """Play customers at one counter; return who takes what they came for, and the log."""
    env, facts, n = Clock(), FactWriter(), len(arrives_s)
    u = np.linspace(0, 1, n, endpoint=False)
    draws = ShelfDraws(np.empty(0), {counter.name: u_service}, {counter.name: u}, u)
    at = ServiceCounter(env, facts.add, counter, Staff(env, facts.add, shifts, 0.0), draws)
    takes = [False] * n

    def customer(c: int) -> Process:
        yield float(arrives_s[c])
        takes[c] = yield from at.serve(c, 0, 0, patience_s)

    for c in range(n):
        env.process(customer(c))
    env.run()
    return takes, facts.log()


def waits_s(log: EventLog, customers: int) -> Floats:
    asked, attended = np.zeros(customers), np.full(customers, np.nan)
    asked[log.customer[log.kind == Kind.ASK]] = log.t_s[log.kind == Kind.ASK]
    attended[log.customer[log.kind == Kind.ATTEND]] = log.t_s[log.kind == Kind.ATTEND]
    return attended - asked


@pytest.mark.parametrize("cv", [0.0, 1.0])
def test_one_server_is_an_mg1_queue(cv: float) -> None:
    """Pollaczek-Khinchine: Wq = ρ / (1 - ρ) · (1 + cv²) / 2 · s."""
    load, means = 0.6, []
    for replication in range(REPLICATIONS):
        generator = np.random.default_rng([7, replication])
        arrives_s = np.cumsum(generator.exponential(MEAN_S / load, CUSTOMERS))
        _, log = served(Counter("deli", "f", 1, MEAN_S, cv), arrives_s, generator.random(CUSTOMERS))
        means.append(float(waits_s(log, CUSTOMERS)[WARM_UP:].mean()))
    theory = load / (1 - load) * (1 + cv**2) / 2 * MEAN_S
    interval = mean_interval(means, level=0.99)
    assert interval.low < theory < interval.high
    assert interval.half_width < 0.3 * theory, "narrow enough to find it out"


def test_nobody_waits_longer_than_they_can_bear_and_everybody_is_told_of() -> None:
    arrives_s = np.arange(50.0)
    takes, log = served(Counter("deli", "f", 2, MEAN_S, 0.0), arrives_s, np.full(50, 0.5), patience_s=200.0)
    wait_s = waits_s(log, 50)
    assert np.nanmax(wait_s) <= 200.0
    assert np.isnan(wait_s).sum() == 50 - sum(takes) > 0


def test_who_is_served_takes_it_with_the_share_that_is_written() -> None:
    arrives_s = 1000.0 * np.arange(200)
    takes, _ = served(Counter("deli", "f", 1, MEAN_S, 0.0, conversion=0.7), arrives_s, np.full(200, 0.5))
    assert sum(takes) == 140


@pytest.mark.parametrize(("people", "shift"), [(0, 1), (1, 0)])
def test_a_counter_without_anybody_lets_customers_go_when_they_have_waited_enough(people: int, shift: int) -> None:
    shifts = (Opening(0.0, 1e5, shift),)
    takes, log = served(
        Counter("deli", "f", people, MEAN_S, 0.0), np.arange(5.0), np.full(5, 0.5), patience_s=100.0, shifts=shifts
    )
    assert not any(takes)
    assert not (log.kind == Kind.ATTEND).any()


def test_people_of_the_pool_serve_one_customer_each() -> None:
    shifts = (Opening(0.0, 1e5, 1),)
    _, log = served(Counter("deli", "f", 3, MEAN_S, 0.0), np.zeros(4), np.full(4, 0.5), shifts=shifts)
    assert sorted(waits_s(log, 4)) == [0.0, 60.0, 120.0, 180.0], "three places, but one person"
    work = log.lane == Job.COUNTER
    assert np.count_nonzero(work & (log.kind == Kind.BEGIN)) == np.count_nonzero(work & (log.kind == Kind.END)) == 4
