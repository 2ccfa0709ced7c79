"""Plays one store day in SimPy: customers come in, walk, see, buy, queue, pay and leave."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
import simpy

from storesim.behaviour.buying import is_affordable, is_wanted, units_at
from storesim.behaviour.glimpses import Glimpses, glimpses, watched
from storesim.behaviour.itinerary import Itineraries, Legs, legs_of, plan
from storesim.behaviour.offers import REGULAR, Offer, offers_on
from storesim.behaviour.paying import choose_bank
from storesim.customers.population import Population
from storesim.engine.facts import FactWriter
from storesim.engine.log import EventLog, Kind
from storesim.engine.sheets import Glimpse, customer_sheet, pair_sheet, price_sheet, till_sheet, trip_sheet
from storesim.engine.shop import Shop
from storesim.engine.tills import Tills
from storesim.engine.visit import Visitor

Process = Generator[simpy.Event, Any, None]
ENTER, WALK, STOP = int(Kind.ENTER), int(Kind.WALK), int(Kind.STOP)
NOTICE, TAKE, LEAVE = int(Kind.NOTICE), int(Kind.TAKE), int(Kind.LEAVE)


@dataclass(frozen=True)
class Played:
    """A day that was played: what happened, and what everybody had intended."""

    log: EventLog
    itineraries: Itineraries


def play(shop: Shop, population: Population, replication: int) -> Played:
    """Return one day of a shop with these customers; the doors close at closing time, and who is in is served."""
    intended = plan(shop.floor, shop.shelves, population, shop.scenario)
    return Played(StoreDay(shop, population, intended, replication).run(), intended)


class StoreDay:
    """One day being played: the order of things in time. What is decided, and how, stands in `behaviour`."""

    def __init__(self, shop: Shop, population: Population, intended: Itineraries, replication: int):
        self.env = simpy.Environment()
        self.facts = FactWriter()
        self.shop, self.population, self.habit = shop, population, intended.habit
        self.distance_m = shop.floor.ways.distance_m
        self.offers = offers_on(shop.case, shop.scenario, shop.shelves, replication)
        self.watch = watched(population, shop.shelves)
        self.customers = customer_sheet(population, intended, shop.scenario)
        self.pairs = pair_sheet(shop, population, self.watch)
        self.trips = trip_sheet(intended, self.glimpses(legs_of(intended, shop.floor)), shop.floor)
        self.prices = price_sheet(shop.scenario)
        self.ways_out = till_sheet(shop)
        self.tills = Tills(self.env, self.facts, shop.floor.plan.checkouts, self.ways_out.place[0])

    def run(self) -> EventLog:
        """Play the day to its end, when the last customer is out."""
        self.env.process(self.admit())
        self.env.run()
        return self.facts.log()

    def admit(self) -> Process:
        """Let customers in as they arrive."""
        who = self.customers
        for c in who.order:
            yield self.env.timeout(who.arrives_s[c] - self.env.now)
            self.env.process(
                self.visit(
                    Visitor(
                        c,
                        who.segment[c],
                        who.habit[c],
                        who.speed_m_s[c],
                        who.door[c],
                        who.budget[c],
                        who.committed[c],
                    )
                )
            )

    def visit(self, visitor: Visitor) -> Process:
        """Play the whole trip of one customer."""
        self.facts.note(self.env.now, visitor.number, ENTER, visitor.here)
        leg, came_from = self.trips.leg[visitor.number], visitor.here
        for stop in range(self.trips.stop[visitor.number], self.trips.stop[visitor.number + 1]):
            need, place = self.trips.need[stop], self.trips.place[stop]
            if self.pairs.product[need] not in visitor.settled:
                yield from self.look_round(visitor, leg, came_from, place)
                if self.pairs.product[need] not in visitor.settled:
                    yield from self.browse(visitor, need, self.pairs.product[need], place)
            leg, came_from = leg + 1, place
        bank = self.nearest_short_queue(visitor)
        yield from self.look_round(visitor, leg + bank, came_from, self.ways_out.place[bank])
        yield from self.walk(visitor, self.ways_out.place[bank])
        yield from self.pay(visitor, bank)
        yield from self.go(visitor, bank)

    def look_round(self, visitor: Visitor, leg: int, came_from: int, towards: int) -> Process:
        """Notice what the way shows, and go to what is wanted of it, the nearest first."""
        shown = self.trips.shown(leg) if visitor.here == came_from else self.look_anew(visitor, towards)
        if not shown:
            return
        wanted = []
        for pair, presence, place, exposure in shown:
            if self.catches(visitor, pair, presence, exposure):
                offer = self.offer(visitor, presence)
                self.note_product(visitor, NOTICE, pair, place, offer)
                if self.wants(visitor, pair, offer):
                    wanted.append((self.metres(visitor, place), pair, presence, place))
        for _, pair, presence, place in sorted(wanted):
            if self.pairs.product[pair] not in visitor.settled:
                yield from self.browse(visitor, pair, presence, place)

    def catches(self, visitor: Visitor, pair: int, presence: int, exposure: float) -> bool:
        """Return whether this much more exposure makes the customer notice the product."""
        left = self.pairs.left
        if left[pair] <= 0 or self.pairs.product[pair] in visitor.settled:
            return False
        if not self.offers.stands(presence, self.env.now):
            return False
        left[pair] -= exposure
        return left[pair] <= 0

    def wants(self, visitor: Visitor, pair: int, offer: Offer) -> bool:
        """Return whether a noticed product is wanted; what stands on the list is wanted anyhow."""
        if pair < self.pairs.needs:
            return True
        elasticity = self.prices.incidence[visitor.segment][self.pairs.product[pair]]
        return is_wanted(self.pairs.u_want[pair], self.pairs.odds[pair], offer[0], elasticity)

    def browse(self, visitor: Visitor, pair: int, presence: int, place: int) -> Process:
        """Walk to a shelf, spend time there, and take what is found and affordable."""
        product = self.pairs.product[pair]
        yield from self.walk(visitor, place)
        self.facts.note(self.env.now, visitor.number, STOP, place, -1, product, 0, 0.0, pair < self.pairs.needs)
        yield self.env.timeout(self.pairs.dwell_s[pair])
        visitor.settled.add(product)
        offer = self.offer(visitor, presence)
        units, amount = self.quote(visitor, pair, offer)
        if pair < self.pairs.needs:
            visitor.committed -= self.prices.regular[product] * self.pairs.units[pair]
            taken = self.pairs.u_want[pair] < self.prices.p_found
        else:
            taken = is_affordable(amount, visitor.budget, visitor.spent, visitor.committed)
        if taken:
            visitor.spent += amount
            visitor.units += units
            self.note_product(visitor, TAKE, pair, place, offer, units, amount)

    def quote(self, visitor: Visitor, pair: int, offer: Offer) -> tuple[int, float]:
        """Return how many units the customer takes at this offer, and what they cost."""
        product, ratio = self.pairs.product[pair], offer[0]
        units = self.pairs.units[pair]
        if ratio != 1.0:
            elasticity = self.prices.quantity[visitor.segment][product]
            units = units_at(self.pairs.u_units[pair], self.prices.units[product], ratio, elasticity)
        return units, units * self.prices.regular[product] * ratio

    def offer(self, visitor: Visitor, presence: int) -> Offer:
        """Return the price ratio, and the promotion behind it, that this customer meets at a presence now."""
        if not self.offers.of_presence[presence]:
            return REGULAR
        return self.offers.offer(presence, self.env.now, visitor.segment)

    def nearest_short_queue(self, visitor: Visitor) -> int:
        """Return the checkout that the customer heads for."""
        banks = range(len(self.ways_out.place))
        return choose_bank(
            [self.tills.lengths(bank) for bank in banks],
            [self.metres(visitor, self.ways_out.place[bank]) for bank in banks],
        )

    def pay(self, visitor: Visitor, bank: int) -> Process:
        """Queue and pay, or lose patience; no basket, no queue."""
        if visitor.units:
            yield from self.tills.check_out(
                visitor.number,
                bank,
                self.ways_out.law[bank].mean_s(visitor.units) * self.customers.service[visitor.number],
                self.customers.patience_s[visitor.number],
                visitor.units,
                visitor.spent,
            )

    def walk(self, visitor: Visitor, place: int) -> Process:
        """Walk to a place, at the customer's own speed along the customer's own habits."""
        self.facts.note(self.env.now, visitor.number, WALK, place)
        metres = self.metres(visitor, place)
        visitor.here = place
        if metres > 0:
            yield self.env.timeout(metres / visitor.speed_m_s)

    def go(self, visitor: Visitor, bank: int) -> Process:
        """Walk from the checkout to the nearest door that lets out."""
        self.facts.note(self.env.now, visitor.number, WALK, self.ways_out.door[bank])
        yield self.env.timeout(self.ways_out.exit_m[bank] / visitor.speed_m_s)
        self.facts.note(self.env.now, visitor.number, LEAVE, self.ways_out.door[bank])

    def metres(self, visitor: Visitor, place: int) -> float:
        """Return how far the customer walks from here to a place."""
        return float(self.distance_m[visitor.habit, visitor.here, place])

    def look_anew(self, visitor: Visitor, towards: int) -> list[Glimpse]:
        """Return what a leg shows that was not intended, after a stop on the list had become needless."""
        leg = Legs(np.array([visitor.number]), np.array([visitor.here]), np.array([towards]), np.zeros(1))
        return self.glimpses(leg).rows()

    def glimpses(self, legs: Legs) -> Glimpses:
        """Return what legs show of what their customers watch."""
        return glimpses(
            legs,
            self.habit,
            self.shop.floor,
            self.shop.shelves,
            self.shop.view,
            self.watch,
            self.population.speed_m_s,
        )

    def note_product(
        self,
        visitor: Visitor,
        kind: int,
        pair: int,
        place: int,
        offer: Offer,
        units: int = 0,
        amount: float = 0.0,
    ) -> None:
        """Append a fact about a product."""
        self.facts.note(
            self.env.now,
            visitor.number,
            kind,
            place,
            -1,
            self.pairs.product[pair],
            units,
            amount,
            pair < self.pairs.needs,
            offer[1],
        )
