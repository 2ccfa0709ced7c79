"""The tills as a scenario has them run: lanes that open and close, express, self-service with help, orders, choices."""

from collections.abc import Callable, Sequence

import simpy

from storesim.behaviour.lines import COLLECTS, ORDINARY, SCANS, best_line, turns_away
from storesim.behaviour.paying import ServiceLaw
from storesim.engine.bank import Bank
from storesim.engine.clock import Clock, Process
from storesim.engine.facts import FactWriter, met, took
from storesim.engine.line import Line, Turn
from storesim.engine.log import Kind
from storesim.engine.staff import Staff
from storesim.inputs.floor_plan import Checkout, CheckoutKind
from storesim.inputs.operations import Job, Tills

JOIN, SERVE, PAY = int(Kind.JOIN), int(Kind.SERVE), int(Kind.PAY)
KINDS: dict[int, tuple[CheckoutKind, ...]] = {
    ORDINARY: ("cashier", "self_service"),
    SCANS: ("mobile",),
    COLLECTS: ("collect",),
}
"""Which checkouts serve which way to pay."""


class Lanes:
    """All checkouts of a store; checkout i is place `first_place + i`. Plain ones are `engine.tills.Tills`."""

    def __init__(
        self,
        env: Clock,
        facts: FactWriter,
        checkouts: tuple[Checkout, ...],
        first_place: int,
        tills: Tills,
        laws: Sequence[ServiceLaw],
        staff: Staff,
        opens_s: float,
    ) -> None:
        self._env, self._add, self._tills, self._staff = env, facts.add, tills, staff
        self._banks = [
            Bank(env, staff, checkout, first_place + i, tills, laws[i], opens_s) for i, checkout in enumerate(checkouts)
        ]
        for bank in self._banks:
            bank.moved = self._joined
        self._of_way = {way: self._that_are(kinds) for way, kinds in KINDS.items()}

    def choose(self, metres: Sequence[float], units: int, way: int = ORDINARY) -> int:
        """Return the checkout to walk to: its best line for the basket, the nearer on a tie.

        Where none has a line open for it, the nearest that could take it.
        """
        of_way = self._of_way[way]
        best = {bank: self._best(self._banks[bank].open_lines(units)) for bank in of_way}
        among = [bank for bank in of_way if best[bank]] or of_way
        costs = [self._cost(line) if (line := best[bank]) else 0.0 for bank in among]
        return among[best_line(costs, [metres[bank] for bank in among])]

    def check_out(
        self,
        customer: int,
        bank: int,
        service_s: float,
        patience_s: float,
        units: int,
        amount: float,
        u_foresight: float = 1.0,
        u_intervention: float = 1.0,
        meanwhile: Callable[[float], tuple[int, float, float]] | None = None,
    ) -> Process:
        """Join a line, wait, be served and pay, or go without; return whether it was paid.

        `meanwhile` is called with the seconds waited, and returns units and amount as they are then, and the seconds
        that what came to the basket adds to the service.
        """
        env, at = self._env, self._banks[bank]
        line = self._line(at, units)
        if turns_away(line.wait_s, patience_s, u_foresight, self._tills.foresight):
            return False
        joined_s, turn = env.now, Turn(customer, units, at.law.mean_s(units), env.event(), line)
        self._add(met(env.now, customer, JOIN, at.place, line.number, False, -1))
        at.join(turn, line)
        if not turn.event.triggered:
            yield turn.event | env.timeout(patience_s)
            if not turn.event.triggered:
                at.leave(turn, was_waiting=True)
                return False
        self._add(met(env.now, customer, SERVE, at.place, turn.line.number, False, -1))
        bears_s = patience_s - (env.now - joined_s)
        if meanwhile:
            units, amount, more_s = meanwhile(env.now - joined_s)
            service_s += more_s
        paid = True
        if at.kind == "collect":
            paid = yield from self._wait_for(Job.COUNTER, at, service_s, bears_s)
        else:
            yield float(service_s)
        if at.attendants and u_intervention < at.run.p_intervention:
            paid = yield from self._be_helped(at, at.attendants, bears_s)
        if paid:
            self._add(took(env.now, customer, PAY, at.place, turn.line.number, False, -1, units, amount))
        at.leave(turn, was_waiting=False)
        return bool(paid)

    def pick(self, units: int) -> Process:
        """Pick an order that is fetched later; begun when the customer comes in, waited for by nobody."""
        collect = self._tills.collect
        place = self._banks[self._of_way[COLLECTS][0]].place
        if collect:
            yield self._staff.ask(Job.PICK, place)
            yield float(collect.pick_s * units)
            self._staff.done(Job.PICK, place)

    def everybody_out(self) -> None:
        """Let the staff of all lanes go: the last customer has left."""
        for bank in self._banks:
            bank.close()

    def _that_are(self, kinds: tuple[CheckoutKind, ...]) -> list[int]:
        """Return the checkouts of some kinds; the ordinary ones, else all, where there is none."""
        for some in (kinds, KINDS[ORDINARY]):
            found = [number for number, bank in enumerate(self._banks) if bank.kind in some]
            if found:
                return found
        return list(range(len(self._banks)))

    def _line(self, bank: Bank, units: int) -> Line:
        """Return the line to join: the best that is open, else the best of all, which opens for the customer."""
        able = [line for line in bank.lines if line.takes(units)] or bank.lines
        return self._best(bank.open_lines(units) or able) or bank.lines[0]

    def _best(self, lines: Sequence[Line]) -> Line | None:
        return min(lines, key=self._cost) if lines else None

    def _cost(self, line: Line) -> float:
        return line.length if self._tills.choice == "shortest" else line.wait_s

    def _joined(self, turn: Turn) -> None:
        """Say which line somebody has changed to."""
        place = next(bank.place for bank in self._banks if turn.line in bank.lines)
        self._add(met(self._env.now, turn.customer, JOIN, place, turn.line.number, False, -1))

    def _be_helped(self, bank: Bank, attendants: simpy.Resource, bears_s: float) -> Process:
        """Wait for one of the attendants, and be helped; return whether anybody came in time."""
        env, until_s = self._env, self._env.now + bears_s
        turn = attendants.request()
        if not turn.triggered:
            yield turn | env.timeout(max(bears_s, 0.0))
        helped = False
        if turn.triggered:
            helped = yield from self._wait_for(Job.ATTEND, bank, bank.run.intervention_s, until_s - env.now)
            attendants.release(turn)
        else:
            turn.cancel()
        return helped

    def _wait_for(self, job: Job, bank: Bank, seconds: float, bears_s: float) -> Process:
        """Wait until somebody of the staff comes, for so long; return whether they came and did it."""
        person = self._staff.ask(job, bank.place)
        if not person.triggered:
            yield person | self._env.timeout(max(bears_s, 0.0))
        if not person.triggered:
            self._staff.withdraw(person)
            return False
        yield float(seconds)
        self._staff.done(job, bank.place)
        return True
