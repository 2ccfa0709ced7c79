"""The tills: real queues, first come, first served, and customers who lose patience."""

from collections.abc import Generator
from typing import Any

import simpy

from storesim.behaviour.paying import choose_queue, servers
from storesim.engine.facts import FactWriter
from storesim.engine.log import Kind
from storesim.inputs.floor_plan import Checkout

JOIN, SERVE, PAY = int(Kind.JOIN), int(Kind.SERVE), int(Kind.PAY)


class Tills:
    """All checkouts of a store; checkout i is place `first_place + i`."""

    def __init__(self, env: simpy.Environment, facts: FactWriter, checkouts: tuple[Checkout, ...], first_place: int):
        self._env, self._facts, self._first_place = env, facts, first_place
        self._queues = [
            [simpy.Resource(env, capacity) for capacity in servers(bank.kind, bank.lanes)] for bank in checkouts
        ]

    def lengths(self, bank: int) -> list[float]:
        """Return how many wait and are served in each queue of a checkout, per server."""
        return [(queue.count + len(queue.queue)) / queue.capacity for queue in self._queues[bank]]

    def check_out(
        self, customer: int, bank: int, service_s: float, patience_s: float, units: int, amount: float
    ) -> Generator[simpy.Event, Any, bool]:
        """Join the shortest queue, wait, be served and pay; return False for who loses patience while waiting."""
        lane = choose_queue(self.lengths(bank))
        queue, place = self._queues[bank][lane], self._first_place + bank
        self._facts.note(self._env.now, customer, JOIN, place, lane)
        turn = queue.request()
        if not turn.triggered:
            yield turn | self._env.timeout(patience_s)
            if not turn.triggered:
                turn.cancel()
                return False
        self._facts.note(self._env.now, customer, SERVE, place, lane)
        yield self._env.timeout(service_s)
        queue.release(turn)
        self._facts.note(self._env.now, customer, PAY, place, lane, -1, units, amount)
        return True
