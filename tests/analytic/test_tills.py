"""Tills as a scenario has them run, against queueing theory and against `ciw`, another simulator of queues.

Theory holds when it lies inside the 99 % interval over independent replications, which must be narrow enough to matter.
"""

from dataclasses import dataclass
from math import inf

import ciw
import numpy as np
import pytest
from numpy.typing import NDArray

from storesim.behaviour.paying import ServiceLaw
from storesim.engine.clock import Clock, Process
from storesim.engine.facts import FactWriter, met
from storesim.engine.lanes import Lanes
from storesim.engine.log import Kind
from storesim.engine.staff import Staff
from storesim.inputs.floor_plan import Checkout, CheckoutKind
from storesim.inputs.operations import BankRun, Job, Opening, OpenWhen, Tills
from storesim.results.intervals import mean_interval, paired_difference
from storesim.results.queues import read_queues
from storesim.results.staffing import cashier_utilisation, staffing, worked_s
from storesim.results.trips import read_moves

Floats = NDArray[np.float64]
SERVICE_S, LEVEL, PLAIN = 60.0, 0.99, Tills()
REPLICATIONS, CUSTOMERS, WARM_UP = 12, 2000, 300


@dataclass(frozen=True)
class Plan:
    """One checkout, how it is run, and who comes."""

    kind: CheckoutKind
    lanes: int
    utilisation: float
    tills: Tills = PLAIN
    cv: float = 1.0
    """Of service: 1 exponential, else gamma."""
    patience_s: float = inf
    """Mean, exponential."""


@dataclass(frozen=True)
class Day:
    """What came of it, for the customers after the warm-up."""

    wait_s: float
    """Mean, of all until they were served or gave up."""
    wait_served_s: float
    left: float
    """Share who gave up."""
    busy: float
    """Time served over the time of all lanes."""
    cashier_hours: float


def play(plan: Plan, replication: int) -> Day:
    """Play customers at the tills, and nothing else of the shop; equal replications, equal customers."""
    draw = np.random.default_rng([2026, replication])
    come = np.cumsum(draw.exponential(SERVICE_S / (plan.utilisation * plan.lanes), CUSTOMERS))
    serve = SERVICE_S * draw.gamma(1 / plan.cv**2, plan.cv**2, CUSTOMERS)
    bears = np.full(CUSTOMERS, inf) if plan.patience_s == inf else draw.exponential(plan.patience_s, CUSTOMERS)
    env, facts = Clock(), FactWriter()
    bank, staff = Checkout("tills", plan.kind, plan.lanes), Staff(env, facts.add, None, 0)
    law = ServiceLaw(0.0, SERVICE_S / 100)  # units say how long it takes, so that the expected wait knows
    lanes = Lanes(env, facts, (bank,), 0, plan.tills, [law], staff, 0)
    units = np.maximum(1, np.rint(serve / law.per_unit_s).astype(int))

    def customer(c: int) -> Process:
        yield float(come[c])
        yield from lanes.check_out(c, 0, float(serve[c]), float(bears[c]), int(units[c]), 1.0)

    for c in range(CUSTOMERS):
        env.process(customer(c))
    env.run()
    log = facts.log()
    served_s, paid_s = np.full(CUSTOMERS, np.nan), np.full(CUSTOMERS, np.nan)
    for kind, t_s in ((Kind.SERVE, served_s), (Kind.PAY, paid_s)):
        t_s[log.customer[log.kind == kind]] = log.t_s[log.kind == kind]
    wait_s = (np.fmin(served_s, come + bears) - come)[WARM_UP:]
    left = np.isnan(served_s[WARM_UP:])
    window = come[WARM_UP], come[-1]
    at_work_s = np.nansum(np.clip(paid_s, *window) - np.clip(served_s, *window))
    busy = float(at_work_s / (plan.lanes * (window[1] - window[0])))
    hours = staffing(log, float(come[-1]), None).cashier_hours
    return Day(float(wait_s.mean()), float(wait_s[~left].mean()), float(left.mean()), busy, hours)


def played(plan: Plan, replications: int = REPLICATIONS) -> list[Day]:
    return [play(plan, replication) for replication in range(replications)]


def values_of(days: list[Day], name: str) -> Floats:
    return np.array([getattr(day, name) for day in days])


def agrees(values: Floats, theory: float, power: float) -> bool:
    """Return whether theory lies inside the interval of the mean, which must be narrow enough to find it out."""
    interval = mean_interval(values, level=LEVEL)
    assert interval.half_width < power * theory, f"no power: ± {interval.half_width:.3g} about {theory:.3g}"
    return interval.low < theory < interval.high


def erlang_a(servers: int, utilisation: float, patience: float) -> tuple[float, float, float]:
    """Return P(give up), mean wait of all and of those served in M/M/c+M, service rate 1 (Palm 1957).

    From the balance of births and deaths; the wait of who is served from that of the one who finds n ahead: the line
    before them shrinks at rate c + j/θ with j in it besides them, and they are served if they outlast each step.
    """
    load, up_to = servers * utilisation, 400
    n = np.arange(1, up_to + 1)
    rates = np.minimum(n, servers) + np.maximum(n - servers, 0) / patience
    weight = np.concatenate(([1.0], np.cumprod(load / rates)))
    p = weight / weight.sum()
    waiting = np.maximum(np.arange(up_to + 1) - servers, 0) @ p
    p_left = float(waiting / patience / load)
    served, time, total = 1.0, 0.0, 0.0
    for ahead in range(up_to - servers):  # finds all servers busy and so many in line
        step = servers + (ahead + 1) / patience  # any departure from service or line, the customer's own included
        served *= 1 - 1 / patience / step
        time += 1 / step
        total += p[servers + ahead] * served * time
    return p_left, float(waiting / load), total / (1 - p_left)


def erlang_c_wait_s(servers: int, utilisation: float) -> float:
    """Mean wait in M/M/c: the limit of patience without end."""
    return erlang_a(servers, utilisation, 1e7)[1] * SERVICE_S


def test_the_theory_agrees_with_itself() -> None:
    assert erlang_c_wait_s(1, 0.75) == pytest.approx(3 * SERVICE_S, rel=1e-3)
    p_left, mean, served = erlang_a(3, 1.1, 2.0)
    assert p_left == pytest.approx(mean / 2.0), "all wait at rate 1/θ for their patience to end"
    assert 0 < served < 2.0
    assert erlang_a(1, 0.75, 1e7)[2] == pytest.approx(3.0, rel=1e-3)


# Theory


@pytest.mark.parametrize("servers", [1, 4])
def test_a_shared_line_is_an_mmc_queue(servers: int) -> None:
    days = played(Plan("self_service", servers, 0.7))
    assert agrees(values_of(days, "wait_s"), erlang_c_wait_s(servers, 0.7), power=0.25)
    assert agrees(values_of(days, "busy"), 0.7, power=0.05)


@pytest.mark.parametrize("servers", [1, 3])
def test_who_loses_patience_leaves_as_in_erlang_a(servers: int) -> None:
    """M/M/c+M at an offered load above what can be served."""
    days = played(Plan("self_service", servers, 1.1, patience_s=2 * SERVICE_S))
    p_left, mean, served = erlang_a(servers, 1.1, 2.0)
    assert agrees(values_of(days, "left"), p_left, power=0.15)
    assert agrees(values_of(days, "wait_s"), mean * SERVICE_S, power=0.15)
    assert agrees(values_of(days, "wait_served_s"), served * SERVICE_S, power=0.15)
    assert agrees(values_of(days, "busy"), 1.1 * (1 - p_left), power=0.05)


@pytest.mark.parametrize("cv", [0.35, 1.4])
def test_one_cashier_is_an_mg1_queue(cv: float) -> None:
    """Pollaczek and Khinchine: Wq = ρ s (1 + cv²) / (2 (1 - ρ))."""
    days = played(Plan("cashier", 1, 0.7, cv=cv))
    assert agrees(values_of(days, "wait_s"), 0.7 * SERVICE_S * (1 + cv**2) / (2 * 0.3), power=0.3)


# What a scenario may change


def compared(one: Plan, other: Plan, name: str = "wait_s") -> tuple[float, float]:
    """Return the interval of one less other, with the same customers."""
    ours, theirs = (values_of(played(plan, 6), name) for plan in (one, other))
    found = paired_difference(ours, theirs, level=LEVEL)
    return found.low, found.high


def test_changing_lines_shortens_waits() -> None:
    assert compared(Plan("cashier", 3, 0.85, Tills(jockey=1)), Plan("cashier", 3, 0.85))[1] < 0


def test_looking_into_baskets_shortens_waits_where_there_is_an_express_lane() -> None:
    banks = {"tills": BankRun(express_lanes=1, item_limit=70)}
    least, shortest = (Plan("cashier", 3, 0.65, Tills(banks, choice=way)) for way in ("least_wait", "shortest"))  # type: ignore[arg-type]
    assert compared(least, shortest)[1] < 0


def test_a_rule_saves_hours_and_costs_waits() -> None:
    """Lanes that open when they are needed: fewer hours than all lanes all day, and longer waits."""
    hours = {"tills": BankRun(schedule=(Opening(0, 60_000, 1),))}
    ruled = Plan("cashier", 4, 0.5, Tills(hours, open_when=OpenWhen(queue=2.5, close_below=1, delay_s=30)))
    plain = Plan("cashier", 4, 0.5)
    assert compared(ruled, plain)[0] > 0
    assert compared(ruled, plain, "cashier_hours")[1] < 0


def test_the_log_tells_who_worked_how_long() -> None:
    env, facts = Clock(), FactWriter()
    staff = Staff(env, facts.add, None, 0)

    def day() -> Process:
        yield 100.0
        yield staff.ask(Job.TILL, 3)
        yield 60.0
        yield staff.ask(Job.REFILL, 4)
        yield 40.0
        staff.done(Job.TILL, 3)

    env.process(day())
    env.run()
    log = facts.log()
    assert [worked_s(log, job, 500.0) for job in (Job.TILL, Job.REFILL)] == [100.0, 340.0]
    assert worked_s(log, Job.TILL, 500.0, place=4) == 0
    assert staffing(log, 500.0, None).paid_hours == pytest.approx(440 / 3600)


def test_who_changes_lines_waits_once() -> None:
    """Joined at 5, changed at 12, served at 20: one wait of 15 s, in two lines."""
    facts = FactWriter()
    for t_s, customer, kind, lane in (
        (1, 0, Kind.JOIN, 1),
        (1, 0, Kind.SERVE, 1),
        (5, 1, Kind.JOIN, 0),
        (12, 1, Kind.JOIN, 1),
        (20, 0, Kind.PAY, 1),
        (20, 1, Kind.SERVE, 1),
        (50, 1, Kind.PAY, 1),
    ):
        facts.add(met(t_s, customer, kind, 3, lane, False, -1))
    queues = read_queues(read_moves(facts.log()))
    assert queues.customer.tolist() == [0, 1]
    assert queues.wait_s.tolist() == [0, 15]
    lines = queues.lines
    assert list(zip(lines.lane.tolist(), lines.from_s.tolist(), lines.until_s.tolist(), strict=True)) == [
        (1, 1, 1),
        (0, 5, 12),
        (1, 12, 20),
    ]
    assert cashier_utilisation(facts.log(), queues, [3], 100.0).tolist() == [0], "nobody sat there"
    facts.add(met(0, -1, Kind.BEGIN, 3, Job.TILL, False, -1))
    assert cashier_utilisation(facts.log(), queues, [3], 100.0).tolist() == [(19 + 30) / 100]


# The same till plan in another simulator


def in_ciw(network: ciw.network.Network, until_s: float, seed: int, servers: int, tills: list[int]) -> Day:
    """Play a network in `ciw`; only what happens at the tills counts."""
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(until_s)
    warm_s = until_s * WARM_UP / CUSTOMERS
    records = [r for r in simulation.get_all_records() if r.node in tills and r.arrival_date > warm_s]
    served = [r for r in records if r.record_type == "service"]
    waits = [r.waiting_time for r in records]
    busy = sum(r.service_time for r in served) / (servers * (until_s - warm_s))
    left = 1 - len(served) / len(records)
    return Day(float(np.mean(waits)), float(np.mean([r.waiting_time for r in served])), left, busy, 0.0)


class ShortestLine(ciw.routing.JoinShortestQueue):  # type: ignore[misc]
    """Counts who is being served, too, as customers do who look at a line."""

    def get_queue_size(self, node_index: int) -> int:
        return int(self.simulation.nodes[node_index].number_of_individuals)


def differs_by_nothing(ours: list[Day], theirs: list[Day], name: str, power: float) -> bool:
    found = paired_difference(values_of(ours, name), values_of(theirs, name), level=LEVEL)
    assert found.half_width < power * values_of(theirs, name).mean(), f"no power: ± {found.half_width:.3g}"
    return found.low < 0 < found.high


def test_three_cashiers_and_impatience_are_as_in_ciw() -> None:
    """Everybody joins the shortest line, and leaves it when patience ends."""
    plan = Plan("cashier", 3, 0.95, patience_s=3 * SERVICE_S)
    rate = 3 * 0.95 / SERVICE_S
    shortest = ShortestLine(destinations=[2, 3, 4], tie_break="order")
    away = [ciw.routing.Leave() for _ in range(3)]
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate), None, None, None],
        service_distributions=[ciw.dists.Deterministic(0.0), *[ciw.dists.Exponential(1 / SERVICE_S)] * 3],
        number_of_servers=[float("inf"), 1, 1, 1],
        routing=ciw.routing.NetworkRouting(routers=[shortest, *away]),
        reneging_time_distributions=[None, *[ciw.dists.Exponential(1 / plan.patience_s)] * 3],
    )
    theirs = [in_ciw(network, CUSTOMERS / rate, seed, 3, [2, 3, 4]) for seed in range(REPLICATIONS)]
    ours = played(plan)
    for name, power in (("wait_s", 0.15), ("wait_served_s", 0.15), ("left", 0.2), ("busy", 0.05)):
        assert differs_by_nothing(ours, theirs, name, power)


def test_four_self_service_tills_are_as_in_ciw() -> None:
    plan, rate = Plan("self_service", 4, 0.7), 4 * 0.7 / SERVICE_S
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate)],
        service_distributions=[ciw.dists.Exponential(1 / SERVICE_S)],
        number_of_servers=[4],
    )
    theirs = [in_ciw(network, CUSTOMERS / rate, seed, 4, [1]) for seed in range(REPLICATIONS)]
    ours = played(plan)
    assert differs_by_nothing(ours, theirs, "wait_s", 0.4)
    assert differs_by_nothing(ours, theirs, "busy", 0.05)
