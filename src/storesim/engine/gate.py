"""The entrance of a store that lets in so many at a time; the others wait outside, first come first served."""

from collections import deque
from collections.abc import Callable, Generator
from typing import Any

import simpy

from storesim.engine.facts import moved
from storesim.engine.log import Kind

WAIT = int(Kind.WAIT)


class Gate:
    """Counts who is inside, and keeps the line outside."""

    def __init__(self, env: simpy.Environment, add: Callable[[bytes], None], at_most: int, closes_s: float):
        self._env, self._add, self._room, self._closes_s = env, add, at_most, closes_s
        self._line: deque[simpy.Event] = deque()

    def come_in(self, customer: int, door: int, patience_s: float) -> Generator[simpy.Event, Any, bool]:
        """Let a customer in, at once or after a wait; return whether it came to that.

        Who loses patience, or still stands outside when the doors close, goes away: a WAIT and no ENTER.
        """
        if self._room:
            self._room -= 1
            return True
        self._add(moved(self._env.now, customer, WAIT, door))
        turn = self._env.event()
        self._line.append(turn)
        yield turn | self._env.timeout(max(min(patience_s, self._closes_s - self._env.now), 0.0))
        if not turn.triggered:
            self._line.remove(turn)
        return bool(turn.triggered)

    def go_out(self) -> None:
        """Let in who has waited longest, now that a customer has left."""
        if self._line:
            self._line.popleft().succeed()
        else:
            self._room += 1
