"""The tills: real queues, first come, first served, and customers who lose patience."""

from collections import deque

import simpy

from storesim.behaviour.paying import choose_queue, servers
from storesim.engine.clock import Clock, Process
from storesim.engine.facts import FactWriter, met, took
from storesim.engine.log import Kind
from storesim.inputs.floor_plan import Checkout

JOIN, SERVE, PAY = int(Kind.JOIN), int(Kind.SERVE), int(Kind.PAY)


class Tills:
    """All checkouts of a store; checkout i is place `first_place + i`."""

    def __init__(self, env: Clock, facts: FactWriter, checkouts: tuple[Checkout, ...], first_place: int):
        self._env, self._facts, self._first_place = env, facts, first_place
        self._queues = [[_Queue(count) for count in servers(bank.kind, bank.lanes)] for bank in checkouts]
        self.lengths = [[0.0] * len(queues) for queues in self._queues]
        """Who waits and who is served in each queue of each checkout, per server."""

    def check_out(
        self, customer: int, bank: int, service_s: float, patience_s: float, units: int, amount: float
    ) -> Process:
        """Join the shortest queue, wait, be served and pay, or lose patience; return whether it was paid."""
        env, add, place = self._env, self._facts.add, self._first_place + bank
        lane = choose_queue(self.lengths[bank])
        queue = self._queues[bank][lane]
        add(met(env.now, customer, JOIN, place, lane, False, -1))
        self._count(bank, lane, 1)
        served = queue.take_server()
        if not served:
            turn = env.event()
            queue.waiting.append(turn)
            yield turn | env.timeout(patience_s)
            served = turn.triggered
        if served:
            add(met(env.now, customer, SERVE, place, lane, False, -1))
            yield service_s
            queue.pass_on_server()
            add(took(env.now, customer, PAY, place, lane, False, -1, units, amount))
        else:
            queue.waiting.remove(turn)
        self._count(bank, lane, -1)
        return served

    def _count(self, bank: int, lane: int, change: int) -> None:
        queue = self._queues[bank][lane]
        queue.customers += change
        self.lengths[bank][lane] = queue.customers / queue.servers


class _Queue:
    """Customers before one server, or several who share the queue.

    A `simpy.Resource` makes two events of every customer; this one makes one of those who have to wait.
    """

    def __init__(self, servers: int):
        self.servers, self.free, self.customers = servers, servers, 0
        self.waiting: deque[simpy.Event] = deque()
        """The turns of those who wait, the first come first."""

    def take_server(self) -> bool:
        """Take a server who is free; return whether there was one."""
        if not self.free:
            return False
        self.free -= 1
        return True

    def pass_on_server(self) -> None:
        """Give the server to who has waited longest."""
        if self.waiting:
            self.waiting.popleft().succeed()
        else:
            self.free += 1
