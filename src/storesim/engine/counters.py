"""Counters with service: customers wait for somebody, are served, and only then take what they came for."""

from collections.abc import Callable
from math import inf

from storesim.behaviour.paying import service_factor
from storesim.customers.at_shelves import ShelfDraws
from storesim.engine.clock import Clock, Process
from storesim.engine.facts import met
from storesim.engine.line import Line, Turn
from storesim.engine.log import Kind
from storesim.engine.sheets import looked_up
from storesim.engine.staff import Staff
from storesim.inputs.operations import Counter, Job
from storesim.store.floor import Floor

ASK, ATTEND, ATTENDED = int(Kind.ASK), int(Kind.ATTEND), int(Kind.ATTENDED)


class ServiceCounter:
    """One counter: a line before as many people as serve there, first come first served."""

    def __init__(self, env: Clock, add: Callable[[bytes], None], counter: Counter, staff: Staff, draws: ShelfDraws):
        self._env, self._add, self._staff = env, add, staff
        self._line = Line(0, max(counter.people, 0) or inf, needs_person=False)
        self._is_manned = counter.people > 0
        self._mean_s = counter.service_s
        self._factor = looked_up(service_factor(draws.u_service[counter.name], counter.service_cv))
        self._takes = looked_up(draws.u_convert[counter.name] < counter.conversion)

    def serve(self, customer: int, place: int, product: int, patience_s: float) -> Process:
        """Wait and be served; return whether the customer takes what was asked for. Nobody waits beyond patience."""
        env, add, line = self._env, self._add, self._line
        add(met(env.now, customer, ASK, place, product, False, -1))
        until_s = env.now + patience_s
        if not self._is_manned:
            yield float(patience_s)
            return False
        turn = Turn(customer, 1, self._mean_s, env.event(), line)
        line.enter(turn)
        line.serve()
        if not turn.event.triggered:
            yield turn.event | env.timeout(patience_s)
        if not turn.event.triggered:
            line.leave(turn, was_waiting=True)
            return False
        person = self._staff.ask(Job.COUNTER, place)
        if not person.triggered:
            yield person | env.timeout(max(until_s - env.now, 0.0))
        served = person.triggered
        if served:
            add(met(env.now, customer, ATTEND, place, product, False, -1))
            yield float(self._mean_s * self._factor[customer])
            add(met(env.now, customer, ATTENDED, place, product, False, -1))
            self._staff.done(Job.COUNTER, place)
        else:
            self._staff.withdraw(person)
        line.leave(turn, was_waiting=False)
        line.serve()
        return bool(served and self._takes[customer])


def counters_of(
    env: Clock,
    add: Callable[[bytes], None],
    counters: tuple[Counter, ...],
    floor: Floor,
    staff: Staff,
    draws: ShelfDraws,
) -> dict[int, ServiceCounter]:
    """Return the counter of each bay that stands on one's fixture."""
    made = {counter.fixture: ServiceCounter(env, add, counter, staff, draws) for counter in counters}
    ids = [fixture.id for fixture in floor.plan.fixtures]
    return {
        bay: made[ids[fixture]] for bay, fixture in enumerate(floor.places.fixture.tolist()) if ids[fixture] in made
    }
