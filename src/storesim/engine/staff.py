"""The staff: a pool of people with shifts, who do the most urgent job first and finish what they have begun."""

from bisect import insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import inf

import simpy

from storesim.engine.clock import Clock, Process
from storesim.engine.facts import met
from storesim.engine.log import Kind
from storesim.inputs.operations import Job, Opening

BEGIN, END, NOBODY = int(Kind.BEGIN), int(Kind.END), -1
STAND_BY = Job.COUNTER + 0.5
"""Urgency of standing by at an open till: after the jobs that customers wait for, before all other work."""


@dataclass(order=True, slots=True)
class _Asked:
    """A job that waits for somebody; the least first: the most urgent, then who came first."""

    urgency: float
    number: int
    job: Job = field(compare=False)
    place: int = field(compare=False)
    event: simpy.Event = field(compare=False)

    @property
    def is_for_customer(self) -> bool:
        """Whether a customer waits for it now."""
        return self.urgency < STAND_BY


class Staff:
    """People of whom jobs ask one at a time."""

    def __init__(
        self, env: Clock, add: Callable[[bytes], None], shifts: tuple[Opening, ...] | None, opens_s: float
    ) -> None:
        self._env, self._add = env, add
        self._waiting: list[_Asked] = []
        self._asked = 0
        self._busy = 0
        self._on_duty: float = inf if shifts is None else 0
        self._stays = False
        """Whether the last shift is over: one of its people stays for the customers who are still there."""
        self.lenders: list[Callable[[], bool]] = []
        """Whoever has people who only stand by: each gives one back when called, and says whether it did."""
        if shifts:
            env.process(self._change(shifts, opens_s))

    def ask(self, job: Job, place: int, is_idle: bool = False) -> simpy.Event:
        """Return an event that succeeds when somebody begins the job; idle: only to stand by, nobody waits yet."""
        asked = _Asked(STAND_BY if is_idle else job, self._asked, job, place, self._env.event())
        self._asked += 1
        insort(self._waiting, asked)
        self._give()
        if not asked.event.triggered and asked.is_for_customer:
            self._take_back()
        return asked.event

    def done(self, job: Job, place: int) -> None:
        """End a job that has begun; who did it takes the next."""
        self._busy -= 1
        self._add(met(self._env.now, NOBODY, END, place, job, False, -1))
        self._give()

    def withdraw(self, event: simpy.Event) -> None:
        """Ask no more; nothing happens if the job has begun (then it must be ended)."""
        self._waiting = [asked for asked in self._waiting if asked.event is not event]

    @property
    def is_short(self) -> bool:
        """Whether customers wait for somebody, or somebody could go home."""
        return self.is_over or any(asked.is_for_customer for asked in self._waiting)

    @property
    def is_over(self) -> bool:
        """Whether more people work than are on duty, or than stay on after the last shift."""
        return self._busy > max(self._on_duty, self._stays)

    def _give(self) -> None:
        """Let people who are free begin what waits."""
        while self._waiting:
            found = next((asked for asked in self._waiting if self._may_begin(asked)), None)
            if found is None:
                return
            self._waiting.remove(found)
            self._busy += 1
            self._add(met(self._env.now, NOBODY, BEGIN, found.place, found.job, False, -1))
            found.event.succeed()

    def _may_begin(self, asked: _Asked) -> bool:
        if self._busy < self._on_duty:
            return True
        return self._stays and not self._busy and asked.is_for_customer

    def _take_back(self) -> None:
        """Have those who only stand by give people back, as long as people are short."""
        for lend in self.lenders:
            while self.is_short and lend():
                pass

    def _change(self, shifts: Sequence[Opening], opens_s: float) -> Process:
        """Begin and end shifts, which are in times of day."""
        edges = sorted({edge for shift in shifts for edge in (shift.from_s, shift.until_s)})
        for edge in edges:
            wait_s = edge - opens_s - self._env.now
            if wait_s > 0:
                yield wait_s
            self._on_duty = sum(shift.count for shift in shifts if shift.from_s <= edge < shift.until_s)
            self._stays = edge == edges[-1] and any(s.count for s in shifts if s.until_s == edge)
            self._give()
            self._take_back()
