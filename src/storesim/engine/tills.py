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
        self._customers = [[0] * len(queues) for queues in self._queues]
        self.lengths = [[0.0] * len(queues) for queues in self._queues]
        """Who waits and who is served in each queue of each checkout, per server."""

    def check_out(
        self, customer: int, bank: int, service_s: float, patience_s: float, units: int, amount: float
    ) -> Generator[simpy.Event, Any, None]:
        """Join the shortest queue, wait, be served and pay; or lose patience while waiting."""
        env, note, place = self._env, self._facts.note, self._first_place + bank
        lane = choose_queue(self.lengths[bank])
        queue = self._queues[bank][lane]
        note(env.now, customer, JOIN, place, lane)
        self._count(bank, lane, 1)
        turn = queue.request()
        if not turn.triggered:
            yield turn | env.timeout(patience_s)
        if turn.triggered:
            note(env.now, customer, SERVE, place, lane)
            yield env.timeout(service_s)
            queue.release(turn)
            note(env.now, customer, PAY, place, lane, units, amount)
        else:
            turn.cancel()
        self._count(bank, lane, -1)

    def _count(self, bank: int, lane: int, change: int) -> None:
        self._customers[bank][lane] += change
        self.lengths[bank][lane] = self._customers[bank][lane] / self._queues[bank][lane].capacity
