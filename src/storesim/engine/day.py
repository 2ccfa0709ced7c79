"""Plays one store day in SimPy: customers come in, walk, see, buy, queue, pay and leave."""

import gc
from collections.abc import Generator, Iterator
from contextlib import contextmanager
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


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Keep Python's cycle collector off: a day makes many objects and next to no cycles (50 counted on the market)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


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
        with collector_at_rest():
            self.env.run()
        return self.facts.log(self.pairs.product, self.pairs.needs)

    def admit(self) -> Process:
        """Let customers in as they arrive."""
        env, who = self.env, self.customers
        for c in who.order:
            # Rounding may have put the clock just past customers who come at the same instant.
            yield env.timeout(max(0.0, who.arrives_s[c] - env.now))
            visitor = Visitor(
                c, who.segment[c], who.habit[c], who.speed_m_s[c], who.door[c], who.budget[c], who.committed[c]
            )
            env.process(self.visit(visitor))

    def visit(self, visitor: Visitor) -> Process:
        """Play the whole trip of one customer."""
        trips, settled = self.trips, visitor.settled
        self.facts.note(self.env.now, visitor.number, ENTER, visitor.here)
        leg, came_from = trips.leg[visitor.number], visitor.here
        for stop in range(trips.stop[visitor.number], trips.stop[visitor.number + 1]):
            pair, place = trips.pair[stop], trips.place[stop]
            if pair < 0 or self.pairs.product[pair] not in settled:
                shown = trips.shown(leg) if visitor.here == came_from else self.look_anew(visitor, place)
                if shown:
                    yield from self.explore(visitor, shown)
                if pair < 0:
                    yield self.env.timeout(self.set_out(visitor, place))
                elif self.pairs.product[pair] not in settled:
                    yield from self.browse(visitor, pair, self.pairs.product[pair], place)
            leg, came_from = leg + 1, place
        yield from self.finish(visitor, leg, came_from)

    def finish(self, visitor: Visitor, leg: int, came_from: int) -> Process:
        """Go to a checkout, pay for what is in the basket, and leave."""
        bank = self.nearest_short_queue(visitor)
        place = self.ways_out.place[bank]
        shown = self.trips.shown(leg + bank) if visitor.here == came_from else self.look_anew(visitor, place)
        if shown:
            yield from self.explore(visitor, shown)
        yield self.env.timeout(self.set_out(visitor, place))
        if visitor.units:
            service_s = self.ways_out.law[bank].mean_s(visitor.units) * self.customers.service[visitor.number]
            patience_s = self.customers.patience_s[visitor.number]
            yield from self.tills.check_out(visitor.number, bank, service_s, patience_s, visitor.units, visitor.spent)
        door = self.ways_out.door[bank]
        self.facts.note(self.env.now, visitor.number, WALK, door)
        yield self.env.timeout(self.ways_out.exit_m[bank] / visitor.speed_m_s)
        self.facts.note(self.env.now, visitor.number, LEAVE, door)

    def explore(self, visitor: Visitor, shown: list[Glimpse]) -> Process:
        """Notice what the way shows, and go to what is wanted of it, the nearest first."""
        wanted = []
        for pair, presence, place, exposure in shown:
            if self.catches(visitor, pair, presence, exposure):
                offer = self.offer(visitor, presence)
                self.facts.note(self.env.now, visitor.number, NOTICE, place, pair, 0, 0.0, offer[1])
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
        env, pairs = self.env, self.pairs
        # Nothing is decided on arriving, so walking and standing are one event; it takes a sixth off the day.
        walk_s = self.set_out(visitor, place)
        arrives_s = env.now + walk_s
        yield env.timeout(walk_s + pairs.dwell_s[pair])
        self.facts.note(arrives_s, visitor.number, STOP, place, pair)
        product, offer = pairs.product[pair], self.offer(visitor, presence)
        visitor.settled.add(product)
        units, amount = self.quote(visitor, pair, offer)
        if pair < pairs.needs:
            visitor.committed -= self.prices.regular[product] * pairs.units[pair]
            taken = pairs.u_want[pair] < self.prices.p_found
        else:
            taken = is_affordable(amount, visitor.budget, visitor.spent, visitor.committed)
        if taken:
            visitor.spent += amount
            visitor.units += units
            self.facts.note(env.now, visitor.number, TAKE, place, pair, units, amount, offer[1])

    def quote(self, visitor: Visitor, pair: int, offer: Offer) -> tuple[int, float]:
        """Return how many units the customer takes at this offer, and what they cost."""
        product, ratio = self.pairs.product[pair], offer[0]
        if ratio == 1.0:
            units = self.pairs.units[pair]
            return units, units * self.prices.regular[product]
        response = self.prices.planned if pair < self.pairs.needs else self.prices.quantity
        elasticity = response[visitor.segment][product]
        units = units_at(self.pairs.u_units[pair], self.prices.units[product], ratio, elasticity)
        return units, units * self.prices.regular[product] * ratio

    def offer(self, visitor: Visitor, presence: int) -> Offer:
        """Return the price ratio, and the promotion behind it, that this customer meets at a presence now."""
        if not self.offers.of_presence[presence]:
            return REGULAR
        return self.offers.offer(presence, self.env.now, visitor.segment)

    def nearest_short_queue(self, visitor: Visitor) -> int:
        """Return the checkout that the customer heads for."""
        return choose_bank(self.tills.lengths, [self.metres(visitor, place) for place in self.ways_out.place])

    def set_out(self, visitor: Visitor, place: int) -> float:
        """Set out for a place; return the seconds it takes at the customer's own speed, along their own habits."""
        self.facts.note(self.env.now, visitor.number, WALK, place)
        walk_s = self.metres(visitor, place) / visitor.speed_m_s
        visitor.here = place
        return walk_s

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
            legs, self.habit, self.shop.floor, self.shop.shelves, self.shop.view, self.watch, self.population.speed_m_s
        )
