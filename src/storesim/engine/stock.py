"""What is on the shelves and in the back room, unit by unit, and how it gets from one to the other."""

from collections.abc import Callable, Iterable
from heapq import merge
from itertools import pairwise

import numpy as np
import simpy

from storesim.customers.streams import Purpose, Streams
from storesim.engine.clock import Clock, Process
from storesim.engine.facts import took
from storesim.engine.log import Kind
from storesim.engine.shop import Shop
from storesim.engine.staff import Staff
from storesim.inputs.operations import Delivery, Job, Stock

PUT_BACK, OPENING, DELIVER = int(Kind.PUT_BACK), int(Kind.OPENING), int(Kind.DELIVER)
REFILL, SHRINK, NOBODY, NOWHERE = int(Kind.REFILL), int(Kind.SHRINK), -1, -1
ENDLESS = 1_000_000_000
"""Units of what never runs out."""


class ShelfStock:
    """The units of one day, by presence (a product's home, or one of its displays) and in the back room."""

    def __init__(
        self,
        env: Clock,
        add: Callable[[bytes], None],
        shop: Shop,
        stock: Stock,
        staff: Staff,
        make_room: Callable[[int, int], None],
    ):
        """`make_room` is called with a bay and the persons whose room a trolley takes; less than 0: gives back."""
        self._env, self._add, self._stock, self._staff, self._make_room = env, add, stock, staff, make_room
        self._product: list[int] = shop.shelves.product.tolist()
        first = shop.shelves.first
        self._place = [int(shop.shelves.bay[b]) if e > b else NOWHERE for b, e in pairwise(first.tolist())]
        metres = np.add.reduceat(np.append(shop.shelves.metres, 0.0), first[:-1]) * (np.diff(first) > 0)
        held = [stock.held.get(product.id) for product in shop.scenario.products]
        self._capacity: list[int] = [
            max(int(one.per_metre * m), 1) if (one := held[p]) and place != NOWHERE else ENDLESS
            for p, m, place in zip(self._product, metres.tolist(), self._place, strict=True)
        ]
        self._units: list[int] = [
            round(one.opening_shelf * capacity) if (one := held[p]) and capacity < ENDLESS else ENDLESS
            for p, capacity in zip(self._product, self._capacity, strict=True)
        ]
        self._room = [one.back_room if one else 0 for one in held]
        self._back: list[int] = [one.opening_back if one else 0 for one in held]
        self._of_product: list[list[int]] = [[] for _ in held]
        for presence, product in enumerate(self._product):
            if self._capacity[presence] < ENDLESS:
                self._of_product[product].append(presence)
        self._called = [False] * len(self._units)
        self.blocked: dict[int, simpy.Event] = {}
        """Bay that a trolley stands in front of -> the event of its leaving."""

    def open(self, opens_s: float, closes_s: float, seed: int, replication: int, names: list[str]) -> None:
        """Say what is there, and put deliveries, refills and losses to work; times are of the day."""
        for presence, units in enumerate(self._units):
            if self._capacity[presence] < ENDLESS and units:
                self._say(OPENING, self._product[presence], units, self._place[presence])
        for product, units in enumerate(self._back):
            if units:
                self._say(OPENING, product, units)
        lasts_s = closes_s - opens_s
        rounds = [
            (max(t - opens_s, 0.0), 1, self._fill_all) for t in sorted(self._stock.refill.rounds_s) if t <= closes_s
        ]
        coming = [
            (max(one.at_s - opens_s, 0.0), 0, self._deliver(one))
            for one in sorted(self._stock.deliveries, key=lambda one: one.at_s)
            if one.at_s <= closes_s
        ]
        losses = self._losses(Streams(seed, replication), names, lasts_s)
        self._env.process(self._keep_times(merge(rounds, coming, losses, key=lambda due: due[:2])))
        self._call_all()

    def has(self, presence: int) -> bool:
        """Return whether any unit is there."""
        return self._units[presence] > 0

    def elsewhere(self, presence: int) -> list[tuple[int, int]]:
        """Return the other (presence, bay) of the same product that have units."""
        others = self._of_product[self._product[presence]]
        return [(other, self._place[other]) for other in others if other != presence and self._units[other] > 0]

    def take(self, presence: int, wanted: int) -> int:
        """Take as many units as are wanted and there; return how many."""
        had = min(wanted, self._units[presence])
        if self._capacity[presence] < ENDLESS:
            self._units[presence] -= had
            self._call(presence)
        return had

    def put_back(self, customer: int, basket: Iterable[tuple[int, int]]) -> None:
        """Bring (product, units) of a basket that was left to the back room, above what it holds if need be."""
        for product, units in basket:
            if self._of_product[product]:
                self._back[product] += units
                self._add(took(self._env.now, customer, PUT_BACK, NOWHERE, product, False, -1, units, 0.0))

    def _say(self, kind: int, product: int, units: int, place: int = NOWHERE) -> None:
        self._add(took(self._env.now, NOBODY, kind, place, product, False, -1, units, 0.0))

    def _keep_times(self, due: Iterable[tuple[float, int, Callable[[], None]]]) -> Process:
        for at_s, _, do in due:
            wait_s = at_s - self._env.now
            if wait_s > 0:
                yield wait_s
            do()

    def _deliver(self, delivery: Delivery) -> Callable[[], None]:
        def come() -> None:
            for product, room in enumerate(self._room):
                units = int(delivery.fill * room) - self._back[product]
                if units > 0 and self._of_product[product]:
                    self._back[product] += units
                    self._say(DELIVER, product, units)
            self._call_all()

        return come

    def _losses(
        self, streams: Streams, names: list[str], lasts_s: float
    ) -> list[tuple[float, int, Callable[[], None]]]:
        """Return when each unit is lost: of each product its share of what is on its shelves now, at uniform times."""
        found = []
        for product, presences in enumerate(self._of_product):
            expected = self._stock.shrink * sum(self._units[presence] for presence in presences)
            if expected > 0:
                u = streams.generator(Purpose.SHRINK, names[product]).random(int(expected) + 2)
                count = int(expected + u[0])  # in the mean as expected
                found += [(float(t) * lasts_s, 2, self._lose(product)) for t in u[1 : count + 1]]
        return sorted(found, key=lambda due: due[0])

    def _lose(self, product: int) -> Callable[[], None]:
        def go() -> None:
            for presence in self._of_product[product]:
                if self._units[presence] > 0:
                    self._units[presence] -= 1
                    self._say(SHRINK, product, 1, self._place[presence])
                    self._call(presence)
                    return

        return go

    def _call_all(self) -> None:
        for presences in self._of_product:
            for presence in presences:
                self._call(presence)

    def _call(self, presence: int) -> None:
        """Have a shelf filled that has fallen below the trigger."""
        if self._units[presence] < self._stock.refill.below * self._capacity[presence]:
            self._fill(presence)

    def _fill_all(self) -> None:
        for presences in self._of_product:
            for presence in presences:
                self._fill(presence)

    def _fill(self, presence: int) -> None:
        """Have a shelf filled, unless it is full, somebody is on the way, or there is nothing to fill it with."""
        if not self._called[presence] and self._missing(presence):
            self._called[presence] = True
            self._env.process(self._refill(presence))

    def _missing(self, presence: int) -> int:
        """Return how many units can be brought."""
        missing: int = self._capacity[presence] - self._units[presence]
        return min(missing, self._back[self._product[presence]])

    def _refill(self, presence: int) -> Process:
        """Wait for somebody, and fill a shelf; units are in the back room until they are on the shelf."""
        place, rules = self._place[presence], self._stock.refill
        while place in self.blocked:
            yield self.blocked[place]
        yield self._staff.ask(Job.REFILL, place)
        units = self._missing(presence)
        if units:
            self._block(place)
            yield float(rules.per_shelf_s + rules.per_unit_s * units)
            units = min(units, self._missing(presence))
            self._units[presence] += units
            self._back[self._product[presence]] -= units
            if units:
                self._say(REFILL, self._product[presence], units, place)
            self._unblock(place)
        self._called[presence] = False
        self._staff.done(Job.REFILL, place)

    def _block(self, place: int) -> None:
        persons = self._stock.refill.trolley_persons
        if persons and place not in self.blocked:
            self.blocked[place] = self._env.event()
            self._make_room(place, persons)

    def _unblock(self, place: int) -> None:
        if place in self.blocked:
            self._make_room(place, -self._stock.refill.trolley_persons)
            self.blocked.pop(place).succeed()


def trolley_persons(shop: Shop) -> int:
    """Return the most room that trolleys can take at a time: one before each bay."""
    stock = shop.case.operations.stock
    return stock.refill.trolley_persons * shop.floor.places.bays if stock else 0
