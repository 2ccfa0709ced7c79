"""The pool of staff against queueing theory: the most urgent job first, and a job that is begun is finished."""

from math import factorial

import numpy as np
import pytest
from numpy.typing import NDArray

from storesim.engine.clock import Clock, Process
from storesim.engine.facts import FactWriter
from storesim.engine.log import Kind
from storesim.engine.staff import Staff
from storesim.inputs.operations import Job, Opening
from storesim.results.intervals import mean_interval

Floats = NDArray[np.float64]
JOB_S, DAY_S, REPLICATIONS, JOBS, WARM_UP = 60.0, 1e9, 16, 2500, 300
JOBS_IN_TURN = (Job.ATTEND, Job.REFILL)


def waits_s(people: int, utilisation: float, replication: int) -> tuple[float, float]:
    """Return the mean waits of urgent and of other jobs that come at random, equally often."""
    draw = np.random.default_rng([7, replication])
    come = np.cumsum(draw.exponential(JOB_S / (utilisation * people), JOBS))
    last, urgent = draw.exponential(JOB_S, JOBS), draw.random(JOBS) < 0.5
    env, waited = Clock(), np.zeros(JOBS)
    staff = Staff(env, FactWriter().add, (Opening(0, DAY_S, people),), 0)

    def job(n: int) -> Process:
        yield float(come[n])
        kind = JOBS_IN_TURN[0] if urgent[n] else JOBS_IN_TURN[1]
        yield staff.ask(kind, 0)
        waited[n] = env.now - come[n]
        yield float(last[n])
        staff.done(kind, 0)

    for n in range(JOBS):
        env.process(job(n))
    env.run(until=come[-1] + 100 * JOB_S)
    counts = np.arange(JOBS) >= WARM_UP
    return float(waited[counts & urgent].mean()), float(waited[counts & ~urgent].mean())


def cobham_s(people: int, utilisation: float) -> tuple[float, float]:
    """Mean waits in a non-preemptive M/M/c with two equally frequent classes (Cobham 1954): W0 / ((1 - σ₋)(1 - σ)).

    W0 = C(c, a) s / c, the wait for the next to be free; σ is the load of a class and of those before it.
    """
    load = people * utilisation
    waiting = load**people / factorial(people) / (1 - utilisation)
    p_wait = waiting / (sum(load**k / factorial(k) for k in range(people)) + waiting)
    first, half = p_wait * JOB_S / people, utilisation / 2
    return first / (1 - half), first / ((1 - half) * (1 - utilisation))


@pytest.mark.parametrize(("people", "utilisation"), [(1, 0.7), (3, 0.75)])
def test_the_pool_is_a_priority_queue(people: int, utilisation: float) -> None:
    found = np.array([waits_s(people, utilisation, replication) for replication in range(REPLICATIONS)])
    for values, theory, power in zip(found.T, cobham_s(people, utilisation), (0.15, 0.3), strict=True):
        interval = mean_interval(values, level=0.99)
        assert interval.half_width < power * theory
        assert interval.low < theory < interval.high


def test_without_other_jobs_cobham_is_erlang() -> None:
    """The mean over both classes is that of one M/M/1, whatever the order: ρ s / (1 - ρ)."""
    assert np.mean(cobham_s(1, 0.7)) == pytest.approx(0.7 / 0.3 * JOB_S)


class Pool:
    """A pool, and what its people did."""

    def __init__(self, *shifts: Opening, opens_s: float = 0.0) -> None:
        self.env, self.facts = Clock(), FactWriter()
        self.staff = Staff(self.env, self.facts.add, shifts, opens_s)

    def do(self, at_s: float, job: Job, for_s: float) -> None:
        def work() -> Process:
            yield at_s
            yield self.staff.ask(job, 5)
            yield for_s
            self.staff.done(job, 5)

        self.env.process(work())

    def told(self) -> list[tuple[float, str, int]]:
        self.env.run()
        log = self.facts.log()
        assert (log.customer == -1).all()
        assert (log.place == 5).all()
        return [
            (t, Kind(k).name, lane)
            for t, k, lane in zip(log.t_s.tolist(), log.kind.tolist(), log.lane.tolist(), strict=True)
        ]


def test_who_is_at_work_finishes_and_then_takes_the_most_urgent() -> None:
    pool = Pool(Opening(0, 1000, 1))
    pool.do(1.0, Job.REFILL, 10.0)
    pool.do(2.0, Job.REFILL, 10.0)
    pool.do(3.0, Job.TILL, 10.0)
    assert [fact[2] for fact in pool.told() if fact[1] == "BEGIN"] == [Job.REFILL, Job.TILL, Job.REFILL]


def test_shifts_are_times_of_day_and_people_finish_what_they_do() -> None:
    pool = Pool(Opening(36_000, 36_100, 1), Opening(36_200, 36_300, 1), opens_s=36_000)
    pool.do(90.0, Job.REFILL, 20.0)
    pool.do(95.0, Job.REFILL, 20.0)
    found = [(90, "BEGIN", 4), (110, "END", 4), (200, "BEGIN", 4), (220, "END", 4)]
    assert pool.told() == found


def test_after_the_last_shift_one_stays_for_customers_only() -> None:
    pool = Pool(Opening(0, 100, 2))
    for at_s, job in ((110.0, Job.REFILL), (111.0, Job.ATTEND), (112.0, Job.COUNTER)):
        pool.do(at_s, job, 20.0)
    found = [(111, "BEGIN", Job.ATTEND), (131, "END", Job.ATTEND)]
    assert pool.told() == [*found, (131, "BEGIN", Job.COUNTER), (151, "END", Job.COUNTER)]


def test_who_withdraws_is_not_waited_for() -> None:
    pool = Pool(Opening(0, 100, 1))
    pool.do(1.0, Job.TILL, 10.0)

    def gives_up() -> Process:
        yield 2.0
        asked = pool.staff.ask(Job.TILL, 5)
        yield 3.0
        pool.staff.withdraw(asked)

    pool.env.process(gives_up())
    assert pool.told() == [(1, "BEGIN", Job.TILL), (11, "END", Job.TILL)]
