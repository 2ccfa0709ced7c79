"""One checkout at work: which of its lanes are open and have somebody, and who changes lanes."""

from collections.abc import Callable, Iterable
from math import inf

import simpy

from storesim.behaviour.lines import changes_line, lanes_called
from storesim.behaviour.paying import ServiceLaw, servers
from storesim.engine.clock import Clock, Process
from storesim.engine.line import Line, Turn
from storesim.engine.staff import Staff
from storesim.inputs.floor_plan import Checkout
from storesim.inputs.operations import BankRun, Job, Opening, Tills


class Bank:
    """A checkout with its lines."""

    def __init__(
        self, env: Clock, staff: Staff, checkout: Checkout, place: int, tills: Tills, law: ServiceLaw, opens_s: float
    ) -> None:
        self._env, self._staff, self._tills, self.law = env, staff, tills, law
        self.place, self.kind = place, checkout.kind
        self.run = tills.banks.get(checkout.id, BankRun())
        self.lines = lines_of(checkout, self.run)
        self._rule = tills.open_when if checkout.kind == "cashier" else None
        self._scheduled, self._called, self._coming, self._is_over = 0, 0, False, False
        self.attendants = simpy.Resource(env, self.run.attendants) if self.run.attendants else None
        self.moved: Callable[[Turn], None]
        """Called with who has changed to another line."""
        staff.lenders.append(self.lend)
        env.process(self._keep_hours(self.run.schedule or (Opening(-inf, inf, len(self.lines)),), opens_s))

    def open_lines(self, units: int) -> list[Line]:
        """Return the lines that a basket may join: open with somebody there, else open, else none."""
        there = [line for line in self.lines if line.is_open and line.takes(units)]
        return [line for line in there if line.is_manned] or there

    def join(self, turn: Turn, line: Line) -> None:
        """Let a customer into a line, and open another lane if lines have become too long."""
        line.enter(turn)
        self._settle(line)
        self._apply_rule()

    def leave(self, turn: Turn, was_waiting: bool) -> None:
        """Let a customer out of the line, and others move up."""
        turn.line.leave(turn, was_waiting)
        self._settle(turn.line)
        self._apply_rule()
        self._change_lines(turn.line)

    def lend(self) -> bool:
        """Give back one of those who have nobody in line; return whether there was one."""
        for line in self.lines:
            if line.needs_person and line.is_manned and not line.customers:
                self._release(line)
                self._settle(line)
                return True
        return False

    def close(self) -> None:
        """Close all lanes: everybody is out."""
        self._is_over = True
        self._open_as_due()

    def _open_as_due(self) -> None:
        """Open the first lanes, as many as the hours and the rule say, and close the others."""
        count = 0 if self._is_over else self._scheduled + self._called
        for line in self.lines:
            was_open, line.is_open = line.is_open, line.number < count
            self._settle(line)
            if line.is_open and not was_open:
                self._change_lines(line)

    def _settle(self, line: Line) -> None:
        """Have somebody come, stay or go as the line needs it, and serve who can be served."""
        if line.needs_person:
            if line.is_manned and not line.serving and self._may_go(line):
                self._release(line)
            if not line.is_manned:
                self._call(line)
        line.serve()

    def _may_go(self, line: Line) -> bool:
        """Return whether who serves nobody just now is not needed here, or is needed elsewhere more."""
        if line.customers:
            return self._staff.is_over
        return not line.is_open or self._staff.is_short

    def _call(self, line: Line) -> None:
        """Ask for somebody, if need be: at once when customers wait, to stand by when the lane is only open."""
        is_idle, is_needed = not line.customers, bool(line.customers) or line.is_open
        if line.person is not None:
            if is_needed and line.stands_by == is_idle:
                return
            self._staff.withdraw(line.person)
            line.person = None
        if is_needed:
            line.stands_by = is_idle
            line.person = self._staff.ask(Job.TILL, self.place, is_idle)
            if not line.is_manned:
                line.person.callbacks.append(lambda _: self._begin(line))

    def _begin(self, line: Line) -> None:
        """Serve, now that somebody has come."""
        self._settle(line)
        self._change_lines(line)

    def _release(self, line: Line) -> None:
        line.person = None
        self._staff.done(Job.TILL, self.place)

    def _keep_hours(self, hours: Iterable[Opening], opens_s: float) -> Process:
        """Open and close lanes by the clock; hours are times of day."""
        edges = sorted({edge for part in hours for edge in (part.from_s, part.until_s)})
        for edge in edges:
            wait_s = edge - opens_s - self._env.now
            if wait_s == inf:
                return
            if wait_s > 0:
                yield wait_s
            self._scheduled = sum(part.count for part in hours if part.from_s <= edge < part.until_s)
            self._open_as_due()

    def _apply_rule(self) -> None:
        """Call for another lane, or close one that was called for."""
        if self._rule is None:
            return
        count = sum(line.is_open for line in self.lines)
        per_lane = sum(line.customers for line in self.lines) / max(count, 1)
        step = lanes_called(per_lane, self._rule.queue, self._rule.close_below)
        if step > 0 and not self._coming and count < len(self.lines):
            self._coming = True
            self._env.process(self._open_later(self._rule.delay_s))
        elif step < 0 and self._called:
            self._called -= 1
            self._open_as_due()

    def _open_later(self, delay_s: float) -> Process:
        yield delay_s
        self._coming = False
        self._called += 1
        self._open_as_due()

    def _change_lines(self, short: Line) -> None:
        """Let the last of longer lines change to a line that has become shorter, as long as somebody gains."""
        while self._tills.jockey and short.is_open and short.is_manned:
            longer = [other for other in self.lines if other is not short and self._gains(other, short)]
            if not longer:
                return
            line = max(longer, key=lambda other: other.customers)
            turn = line.waiting[-1]
            line.leave(turn, was_waiting=True)
            short.enter(turn)
            self.moved(turn)
            self._settle(line)
            self._settle(short)

    def _gains(self, here: Line, there: Line) -> bool:
        if not here.waiting or not there.takes(here.waiting[-1].units):
            return False
        return changes_line(here.customers - 1, there.customers, self._tills.jockey)


def lines_of(checkout: Checkout, run: BankRun) -> list[Line]:
    """Return the lines of a checkout, closed; its last lanes are express lanes, and a gate has room for everybody."""
    if checkout.kind == "mobile":
        return [Line(0, inf, needs_person=False)]
    counts = servers(checkout.kind, checkout.lanes)
    staffed, express_from = checkout.kind == "cashier", len(counts) - run.express_lanes
    limits = [run.item_limit if staffed and n >= express_from else inf for n in range(len(counts))]
    return [Line(n, c, limit, staffed) for n, (c, limit) in enumerate(zip(counts, limits, strict=True))]
