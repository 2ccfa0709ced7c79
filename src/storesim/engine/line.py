"""One line at the tills: who waits, who is served, and whether there is somebody who serves."""

from collections import deque
from dataclasses import dataclass, field
from math import inf

import simpy

from storesim.behaviour.lines import expected_wait_s


@dataclass(eq=False, slots=True)
class Turn:
    """A customer who stands in a line, and the event of being served."""

    customer: int
    units: int
    mean_s: float
    """Mean service of such a basket: what others see of it."""
    event: simpy.Event
    line: "Line"


@dataclass(eq=False, slots=True)
class Line:
    """Customers before one server, or several who share the line."""

    number: int
    servers: float
    item_limit: float = inf
    """Most units of a basket that is served here."""
    needs_person: bool = True
    """Whether somebody of the staff must sit there."""
    is_open: bool = False
    """Whether new customers are let in."""
    person: simpy.Event | None = None
    """Somebody was asked for; triggered: is there."""
    stands_by: bool = False
    """Whether that was to stand by only."""
    waiting: deque[Turn] = field(default_factory=deque)
    """The first come first."""
    customers: int = 0
    """Who waits and who is served."""
    work_s: float = 0.0
    """Mean service of their baskets together."""
    serving: int = 0

    @property
    def is_manned(self) -> bool:
        """Whether somebody serves, or nobody needs to."""
        return not self.needs_person or (self.person is not None and self.person.triggered)

    @property
    def length(self) -> float:
        """Customers per server."""
        return self.customers / self.servers

    @property
    def wait_s(self) -> float:
        """Wait that who joins now may expect."""
        return expected_wait_s(self.work_s, self.customers, self.servers)

    def takes(self, units: int) -> bool:
        """Return whether a basket of so many units is served here."""
        return units <= self.item_limit

    def enter(self, turn: Turn) -> None:
        """Let a customer in, at the end."""
        turn.line = self
        self.customers += 1
        self.work_s += turn.mean_s
        self.waiting.append(turn)

    def leave(self, turn: Turn, was_waiting: bool) -> None:
        """Let a customer out: one who waited, or one who was served."""
        if was_waiting:
            self.waiting.remove(turn)
        else:
            self.serving -= 1
        self.customers -= 1
        self.work_s = self.work_s - turn.mean_s if self.customers else 0.0

    def serve(self) -> None:
        """Serve those who wait, as far as there are servers."""
        while self.waiting and self.serving < self.servers and self.is_manned:
            self.serving += 1
            self.waiting.popleft().event.succeed()
