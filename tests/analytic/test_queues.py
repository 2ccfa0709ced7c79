"""The tills against queueing theory: waits, utilisation, people who give up, order of service, Little's law.

Theory is held to hold when it lies inside the 99 % interval over independent replications; every test also says how
wide that interval may be at most, so that agreement means something.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import exp, factorial, fsum, inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from storesim.engine.clock import Clock, Process
from storesim.engine.facts import FactWriter
from storesim.engine.log import EventLog, Kind
from storesim.engine.tills import Tills
from storesim.experiment.replication import Ready, prepare
from storesim.inputs.case import Scenario
from storesim.inputs.floor_plan import Checkout, CheckoutKind
from storesim.results.intervals import mean_interval, paired_difference

Floats = NDArray[np.float64]

SERVICE_S = 60.0
REPLICATIONS, CUSTOMERS, WARM_UP = 16, 2500, 500
LEVEL = 0.99


@dataclass(frozen=True)
class Served:
    """What happened to each customer, by number; nan where it did not happen."""

    joined_s: Floats
    served_s: Floats
    paid_s: Floats
    lane: NDArray[np.int64]
    until_s: Floats
    """When service began, or patience ended."""
    log: EventLog

    @property
    def wait_s(self) -> Floats:
        return self.until_s - self.joined_s

    @property
    def left(self) -> NDArray[np.bool_]:
        return np.isnan(self.served_s)


def serve(
    kind: CheckoutKind, lanes: int, arrives_s: Floats, service_s: Floats, patience_s: Floats | float = inf
) -> Served:
    """Play customers at one checkout, and nothing else of the shop."""
    env, facts, n = Clock(), FactWriter(), len(arrives_s)
    tills = Tills(env, facts, (Checkout("tills", kind, lanes),), first_place=0)
    patience = np.broadcast_to(patience_s, n)

    def customer(c: int) -> Process:
        yield arrives_s[c]
        yield from tills.check_out(c, 0, service_s[c], patience[c], units=1, amount=1.0)

    for c in range(n):
        env.process(customer(c))
    env.run()
    log = facts.log()
    joined_s, served_s, paid_s = (_time_of(log, kind, n) for kind in (Kind.JOIN, Kind.SERVE, Kind.PAY))
    lane = np.full(n, -1)
    lane[log.customer[log.kind == Kind.JOIN]] = log.lane[log.kind == Kind.JOIN]
    return Served(joined_s, served_s, paid_s, lane, np.fmin(served_s, joined_s + patience), log)


def _time_of(log: EventLog, kind: Kind, customers: int) -> Floats:
    t_s = np.full(customers, np.nan)
    t_s[log.customer[log.kind == kind]] = log.t_s[log.kind == kind]
    return t_s


Draw = Callable[[np.random.Generator, int], Floats]


def exponential(mean: float) -> Draw:
    return lambda generator, n: generator.exponential(mean, n)


def constant(value: float) -> Draw:
    return lambda _, n: np.full(n, value)


MARKOVIAN, ENDLESS = exponential(SERVICE_S), constant(inf)


def over_replications(
    measure: Callable[[Served], float],
    *,
    kind: CheckoutKind,
    lanes: int,
    utilisation: float,
    service: Draw = MARKOVIAN,
    patience: Draw = ENDLESS,
) -> Floats:
    """Return a measure of independent replications of Poisson arrivals to tills that are so busy."""
    values = []
    for replication in range(REPLICATIONS):
        generator = np.random.default_rng([2026, replication])
        arrives_s = np.cumsum(generator.exponential(SERVICE_S / (utilisation * lanes), CUSTOMERS))
        service_s, patience_s = service(generator, CUSTOMERS), patience(generator, CUSTOMERS)
        values.append(measure(serve(kind, lanes, arrives_s, service_s, patience_s)))
    return np.array(values)


def mean_wait_s(served: Served) -> float:
    """Mean wait of the customers after the warm-up."""
    return float(served.wait_s[WARM_UP:].mean())


def agrees(values: Floats, theory: float, power: float) -> bool:
    """Return whether theory lies inside the interval of the mean, which must be narrow enough to find it out."""
    interval = mean_interval(values, level=LEVEL)
    assert interval.half_width < power * theory, f"no power: ± {interval.half_width:.3g} about {theory:.3g}"
    return interval.low < theory < interval.high


def erlang_c_wait_s(load: float, servers: int) -> float:
    """Mean wait in M/M/c, Wq = C(c, a) · s / (c - a) with offered load a = λ s (Erlang 1917)."""
    waiting = load**servers / factorial(servers) * servers / (servers - load)
    p_wait = waiting / (sum(load**k / factorial(k) for k in range(servers)) + waiting)
    return p_wait * SERVICE_S / (servers - load)


# Waits


@pytest.mark.parametrize("utilisation", [0.5, 0.75])
def test_one_cashier_is_an_mm1_queue(utilisation: float) -> None:
    """Wq = ρ s / (1 - ρ)."""
    found = over_replications(mean_wait_s, kind="cashier", lanes=1, utilisation=utilisation)
    assert agrees(found, utilisation / (1 - utilisation) * SERVICE_S, power=0.15)


@pytest.mark.parametrize(("servers", "utilisation"), [(2, 0.75), (4, 0.75)])
def test_self_service_is_an_mmc_queue(servers: int, utilisation: float) -> None:
    found = over_replications(mean_wait_s, kind="self_service", lanes=servers, utilisation=utilisation)
    assert agrees(found, erlang_c_wait_s(utilisation * servers, servers), power=0.15)


def test_service_that_never_varies_halves_the_wait() -> None:
    """M/D/1, Pollaczek and Khinchine: Wq = ρ s / (2 (1 - ρ)), half of M/M/1."""
    found = over_replications(mean_wait_s, kind="cashier", lanes=1, utilisation=0.75, service=constant(SERVICE_S))
    assert agrees(found, 0.75 / (2 * 0.25) * SERVICE_S, power=0.1)


def test_queues_of_their_own_wait_longer_than_a_shared_one_and_shorter_than_by_lot() -> None:
    """Joining the shorter of two queues lies between M/M/2, with the same customers, and two separate M/M/1."""
    own = over_replications(mean_wait_s, kind="cashier", lanes=2, utilisation=0.75)
    shared = over_replications(mean_wait_s, kind="self_service", lanes=2, utilisation=0.75)
    assert paired_difference(own, shared, level=LEVEL).low > 0
    assert mean_interval(own, level=LEVEL).high < 0.75 / 0.25 * SERVICE_S


def test_erlang_c_is_mm1_for_one_server() -> None:
    assert erlang_c_wait_s(0.75, 1) == pytest.approx(3 * SERVICE_S)


# Utilisation


@pytest.mark.parametrize(("kind", "lanes"), [("cashier", 1), ("cashier", 3), ("self_service", 4)])
def test_tills_are_as_busy_as_arrivals_times_service(kind: CheckoutKind, lanes: int) -> None:
    """ρ = λ s / c, whatever the discipline."""

    def busy(served: Served) -> float:
        window = served.joined_s[WARM_UP], served.joined_s[-1]
        seconds = np.clip(served.paid_s, *window) - np.clip(served.served_s, *window)
        return float(seconds.sum() / (lanes * (window[1] - window[0])))

    found = over_replications(busy, kind=kind, lanes=lanes, utilisation=0.6)
    assert agrees(found, 0.6, power=0.05)


# Impatience


def erlang_a(load: float, patience: float) -> tuple[float, float]:
    """Return P(give up) and mean queue length of M/M/1+M, service rate 1, from its birth-death balance."""
    up_to = 200
    weight = np.cumprod(np.concatenate(([1.0], load / (1 + np.arange(up_to) / patience))))
    p = weight / weight.sum()
    return 1 - (1 - p[0]) / load, float(np.maximum(np.arange(up_to + 1) - 1, 0) @ p)


def test_who_loses_patience_leaves_as_in_an_mm1_queue_with_impatience() -> None:
    """M/M/1+M at an offered load of 1.2, which would never settle if nobody left."""
    load, patience = 1.2, 2.0
    p_leave, queue = erlang_a(load, patience)
    tills: dict[str, Any] = {"kind": "cashier", "lanes": 1, "utilisation": load}
    tills["patience"] = exponential(patience * SERVICE_S)
    left = over_replications(lambda served: float(served.left[WARM_UP:].mean()), **tills)
    assert agrees(left, p_leave, power=0.1)
    waited = over_replications(mean_wait_s, **tills)
    assert agrees(waited, queue / load * SERVICE_S, power=0.1)


def test_erlang_a_without_patience_is_erlang_s_loss() -> None:
    """Who never waits is lost when the server is busy: B(1, a) = a / (1 + a)."""
    assert erlang_a(1.2, 1e-9)[0] == pytest.approx(1.2 / 2.2)


@pytest.mark.parametrize(
    ("patience_s", "waits_s", "leaves"),
    [(50.0, 50.0, True), (89.9, 89.9, True), (90.0, 90.0, False), (500.0, 90.0, False)],
)
def test_patience_ends_to_the_second(patience_s: float, waits_s: float, leaves: bool) -> None:
    """Served for 100 s is who came first; who comes 10 s later bears just so much, and whose turn comes stays."""
    served = serve("cashier", 1, np.array([0.0, 10.0]), np.array([100.0, 30.0]), np.array([inf, patience_s]))
    assert served.wait_s[1] == waits_s
    assert served.left[1] == leaves


def test_who_leaves_makes_room_for_who_comes_behind() -> None:
    served = serve("cashier", 1, np.array([0.0, 10.0, 20.0]), np.array([100.0, 70.0, 5.0]), np.array([inf, 30.0, inf]))
    assert served.left.tolist() == [False, True, False]
    assert served.served_s[2] == 100


def test_nobody_gives_up_during_service() -> None:
    served = serve("cashier", 1, np.array([0.0]), np.array([1000.0]), 1.0)
    assert served.paid_s.tolist() == [1000.0]


# Order


@pytest.mark.parametrize(("kind", "lanes"), [("cashier", 1), ("cashier", 3), ("self_service", 3)])
def test_first_come_first_served_in_every_queue(kind: CheckoutKind, lanes: int) -> None:
    generator = np.random.default_rng(5)
    arrives_s = np.cumsum(generator.exponential(SERVICE_S / lanes, 600))
    served = serve(kind, lanes, arrives_s, generator.exponential(SERVICE_S, 600), generator.exponential(300, 600))
    for lane in np.unique(served.lane):
        turn = served.served_s[(served.lane == lane) & ~served.left]
        assert (np.diff(turn) >= 0).all()
    assert served.left.any()
    assert len(np.unique(served.lane)) == (lanes if kind == "cashier" else 1)


@pytest.mark.parametrize(("kind", "lanes"), [("cashier", 3), ("self_service", 3)])
def test_no_more_are_served_at_a_time_than_there_are_lanes(kind: CheckoutKind, lanes: int) -> None:
    generator = np.random.default_rng(6)
    served = serve(kind, lanes, np.sort(generator.uniform(0, 600, 200)), generator.exponential(SERVICE_S, 200))
    t_s = np.concatenate((served.paid_s, served.served_s))
    step = np.repeat([-1, 1], 200)
    assert np.cumsum(step[np.lexsort((step, t_s))]).max() == lanes


# Little's law: whatever the discipline, waits add up to the area under the queue's length


def area_under_the_queue_s(log: EventLog) -> float:
    """Return the time integral of how many wait, from the facts in the order of the log."""
    waiting: set[int] = set()
    areas, before_s = [], 0.0
    for t_s, customer, kind in zip(log.t_s.tolist(), log.customer.tolist(), log.kind.tolist(), strict=True):
        areas.append(len(waiting) * (t_s - before_s))
        before_s = t_s
        if kind == Kind.JOIN:
            waiting.add(customer)
        else:  # what follows JOIN, be it SERVE or the way out, ends the wait
            waiting.discard(customer)
    assert not waiting
    return fsum(areas)


@pytest.fixture(scope="module")
def rush(small_scenario: Scenario) -> Ready:
    """The small shop with ten times its customers, who soon lose patience."""
    hurry = small_scenario.parameters.model_copy(update={"patience_scale_s": 150.0})
    return prepare(replace(small_scenario, parameters=hurry, visits_per_day=3000.0, cases=small_scenario.cases[:1]))


@settings(max_examples=8, deadline=None)
@given(replication=st.integers(0, 10_000))
def test_littles_law_holds_on_any_day(rush: Ready, replication: int) -> None:
    day = rush.play(0, rush.population(replication), replication)
    waited_s = day.queues.wait_s
    assert not day.queues.served.all(), "some gave up"
    assert fsum(waited_s) > 3600, "there were queues"
    assert area_under_the_queue_s(day.log) == pytest.approx(fsum(waited_s), rel=1e-9)


def test_patience_in_the_shop_is_the_published_law(small_ready: Ready) -> None:
    """P(leave by W) = 1 - exp(-(W / 12.3 min)²) for who has a factor of 1: 10 % at 4 minutes."""
    segment_factor = np.array([s.patience for s in small_ready.scenario.segments])
    days = [small_ready.population(replication) for replication in range(10)]
    patience_s = np.concatenate([day.patience_s / segment_factor[day.segment] for day in days])
    found = np.array([(part < 240).mean() for part in np.array_split(patience_s, 10)])
    assert agrees(found, 1 - exp(-((240 / 738) ** 2)), power=0.3)
