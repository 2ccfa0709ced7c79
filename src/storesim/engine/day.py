"""Plays one store day in SimPy: customers come in, walk, see, buy, queue, pay and leave."""

import gc
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import exp
from typing import Any

import simpy

from storesim.behaviour.buying import is_affordable, is_wanted, units_at, urgency, wallet_room
from storesim.behaviour.itinerary import Itineraries, plan
from storesim.behaviour.offers import REGULAR, Offer, offers_on
from storesim.behaviour.paying import choose_bank
from storesim.customers.population import Population
from storesim.engine.alternatives import Alternatives
from storesim.engine.facts import FactWriter, met, moved, took
from storesim.engine.log import EventLog, Kind
from storesim.engine.sheets import Glimpse, customer_sheet, looked_up, pair_sheet, price_sheet, till_sheet, trip_sheet
from storesim.engine.shop import Shop
from storesim.engine.sights import look_ahead, look_anew
from storesim.engine.tills import Tills
from storesim.engine.visit import Visitor

Process = Generator[simpy.Event, Any, None]
Wanted = tuple[float, int, int, int]
"""(metres away, pair, presence, place) of what was noticed on the way and is wanted."""
ENTER, WALK, STOP = int(Kind.ENTER), int(Kind.WALK), int(Kind.STOP)
NOTICE, TAKE, LEAVE = int(Kind.NOTICE), int(Kind.TAKE), int(Kind.LEAVE)


@dataclass(frozen=True)
class Played:
    """A day that was played: what happened, and what everybody had intended."""

    log: EventLog
    itineraries: Itineraries


def play(shop: Shop, population: Population, replication: int) -> Played:
    """Return one day of a shop with these customers; the doors close at closing time, and who is in is served."""
    with collector_at_rest():
        intended = plan(shop.floor, shop.shelves, population, shop.scenario, shop.case.coupons)
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
        self.add = self.facts.add
        self.shop, self.mates, self.parameters = shop, shop.mates, shop.scenario.parameters
        self.zone, self.crowd = shop.crowding.zone, shop.crowding.effects_of_up_to(len(population))
        self.distance_m = looked_up(shop.floor.ways.distance_m)
        self.offers = offers_on(shop.case, shop.scenario, shop.shelves, replication)
        self.day, seen = look_ahead(shop, population, intended)
        self.coupons = self.day.trips.price_ratio
        self.customers = customer_sheet(self.day.population, self.day.trips, shop.scenario)
        self.pairs = pair_sheet(shop, self.day.population, self.day.candidates)
        self.trips = trip_sheet(self.day.trips, seen, shop.floor)
        self.prices = price_sheet(shop.scenario)
        self.alternatives = Alternatives(shop.substitutes, self.offers, self.pairs, self.prices, self.parameters)
        self.has_groups = bool(shop.substitutes.group)
        self.is_regular = [not self.coupons and not promotions for promotions in self.offers.of_presence]
        self.ways_out = till_sheet(shop)
        self.inside = [0] * len(self.crowd)
        self.tills = Tills(self.env, self.facts, shop.floor.plan.checkouts, self.ways_out.place[0])

    def run(self) -> EventLog:
        """Play the day to its end, when the last customer is out."""
        self.env.process(self.admit())
        with collector_at_rest():
            self.env.run()
        return self.facts.log()

    def admit(self) -> Process:
        """Let customers in as they arrive."""
        env, who = self.env, self.customers
        for c in who.order:
            # Rounding may have put the clock just past customers who come at the same instant.
            yield env.timeout(max(0.0, who.arrives_s[c] - env.now))
            env.process(self.visit(self.visitor(c)))

    def visitor(self, c: int) -> Visitor:
        """Return a customer who comes in now."""
        who = self.customers
        zone = self.zone[who.door[c]]
        self.inside[zone] += 1
        return Visitor(
            number=c,
            segment=who.segment[c],
            habit=who.habit[c],
            speed_m_s=who.speed_m_s[c],
            here=who.door[c],
            first_need=who.need[c],
            listed=tuple(self.pairs.product[who.need[c] : who.need[c + 1]]),
            budget=who.budget[c],
            committed=who.committed[c],
            came_s=self.env.now,
            zone=zone,
            slack=who.budget[c] - who.committed[c],
        )

    def visit(self, visitor: Visitor) -> Process:
        """Play the whole trip of one customer."""
        trips, product, settled, timeout = self.trips, self.pairs.product, visitor.settled, self.env.timeout
        self.add(moved(self.env.now, visitor.number, ENTER, visitor.here))
        leg, came_from = trips.leg[visitor.number], visitor.here
        for stop in range(trips.stop[visitor.number], trips.stop[visitor.number + 1]):
            pair, place = trips.pair[stop], trips.place[stop]
            if pair < 0 or product[pair] not in settled:
                wanted = self.look_round(visitor, leg, came_from, place)
                if wanted:
                    yield from self.follow(visitor, wanted)
                if pair < 0:
                    yield timeout(self.walk(visitor, place, self.distance_m[visitor.habit, visitor.here, place]))
                elif product[pair] not in settled:
                    yield timeout(self.go_to_shelf(visitor, pair, place))
                    self.decide(visitor, pair, product[pair], place)
            leg, came_from = leg + 1, place
        yield from self.finish(visitor, leg, came_from)

    def finish(self, visitor: Visitor, leg: int, came_from: int) -> Process:
        """Go to a checkout, pay for what is in the basket, and leave."""
        bank = self.nearest_short_queue(visitor)
        place = self.ways_out.place[bank]
        yield from self.follow(visitor, self.look_round(visitor, leg + bank, came_from, place))
        yield self.env.timeout(self.walk(visitor, place, self.distance_m[visitor.habit, visitor.here, place]))
        if visitor.units:
            service_s = self.ways_out.law[bank].mean_s(visitor.units) * self.customers.service[visitor.number]
            patience_s = self.customers.patience_s[visitor.number]
            yield from self.tills.check_out(visitor.number, bank, service_s, patience_s, visitor.units, visitor.spent)
        door = self.ways_out.door[bank]
        yield self.env.timeout(self.walk(visitor, door, self.ways_out.exit_m[bank]))
        self.inside[visitor.zone] -= 1
        self.add(moved(self.env.now, visitor.number, LEAVE, door))

    def look_round(self, visitor: Visitor, leg: int, came_from: int, towards: int) -> list[Wanted]:
        """Return what a customer who heads for a place notices on the way and wants, the nearest first."""
        if visitor.here != came_from:  # a stop on the list has become needless
            since_s = self.env.now - visitor.came_s
            seen = look_anew(self.shop, self.day, visitor.number, visitor.here, towards, since_s)
            return self.wanted(visitor, seen.rows(), towards)
        if self.trips.show[leg] == self.trips.show[leg + 1]:
            return []
        return self.wanted(visitor, self.trips.shown(leg), towards)

    def wanted(self, visitor: Visitor, shown: Iterable[Glimpse], towards: int) -> list[Wanted]:
        """Notice some of what the way towards a place shows, and return what is wanted of it, the nearest first."""
        zone, left, product, now_s = self.zone[towards], self.pairs.left, self.pairs.product, self.env.now
        _, gain, visitor.shyness = self.crowd[zone][self.inside[zone] - (zone == visitor.zone)]
        comes_and_goes = self.offers.is_promoted
        found: list[Wanted] = []
        for pair, presence, place, exposure in shown:
            missing = left[pair]
            if missing <= 0 or (comes_and_goes[presence] and not self.offers.stands(presence, now_s)):
                continue
            left[pair] = missing = missing - exposure * gain
            if missing > 0 or product[pair] in visitor.settled:
                continue
            offer = REGULAR if self.is_regular[presence] else self.offer(visitor, pair, presence)
            planned = pair < self.pairs.needs
            self.add(met(now_s, visitor.number, NOTICE, place, product[pair], planned, offer[1]))
            if planned or self.wants(visitor, pair, presence, place, offer):
                found.append((self.distance_m[visitor.habit, visitor.here, place], pair, presence, place))
        found.sort()
        return found

    def follow(self, visitor: Visitor, wanted: list[Wanted]) -> Process:
        """Go to what is wanted, one after the other, as long as it is not settled otherwise."""
        for _, pair, presence, place in wanted:
            if self.pairs.product[pair] not in visitor.settled:
                yield self.env.timeout(self.go_to_shelf(visitor, pair, place))
                self.decide(visitor, pair, presence, place)

    def wants(self, visitor: Visitor, pair: int, presence: int, place: int, offer: Offer) -> bool:
        """Return whether a noticed product that is not on the list is wanted."""
        added = urgency(self.env.now - visitor.came_s, self.parameters.urge) - visitor.shyness
        if self.mates:
            added += self.pull(visitor, presence, place)
        odds = self.pairs.odds[pair] * exp(added)
        room = wallet_room(visitor.impulse, visitor.slack, self.parameters.wallet_grip)
        elasticity = self.prices.incidence[visitor.segment][self.pairs.product[pair]]
        return is_wanted(self.pairs.u_want[pair], odds, offer[0], elasticity, room)

    def pull(self, visitor: Visitor, presence: int, place: int) -> float:
        """Return the log-odds added by the strongest mate in reach that the customer has, or has on the list."""
        for mate, where, log_odds in self.mates.get((presence, place), ()):
            if (mate in visitor.taken or mate in visitor.listed) and self.offers.stands(where, self.env.now):
                return log_odds
        return 0.0

    def go_to_shelf(self, visitor: Visitor, pair: int, place: int) -> float:
        """Set out for a shelf; return the seconds until the customer has stood there and decides.

        Nothing is decided on arriving, so walking and standing are one event; it takes a sixth off the day.
        """
        pairs = self.pairs
        walk_s = self.walk(visitor, place, self.distance_m[visitor.habit, visitor.here, place])
        stand_s: float = pairs.dwell_s[pair]
        self.add(met(self.env.now + walk_s, visitor.number, STOP, place, pairs.product[pair], pair < pairs.needs, -1))
        return walk_s + stand_s

    def decide(self, visitor: Visitor, pair: int, presence: int, place: int) -> None:
        """Take what is found and affordable, or another item for it."""
        pairs, prices = self.pairs, self.prices
        offer = REGULAR if self.is_regular[presence] else self.offer(visitor, pair, presence)
        product, units = pairs.product[pair], pairs.units[pair]
        if pair < pairs.needs:
            visitor.committed -= prices.regular[product] * units
        if offer[0] != 1.0:
            units = self.units(visitor, pair, offer[0])
        amount = units * prices.regular[product] * offer[0]
        visitor.settled.add(product)
        if pair >= pairs.needs:
            if self.affords(visitor, pair, amount):
                self.alternatives.spare(visitor, product)
                self.take(visitor, product, place, False, units, amount, offer[1])
        elif pairs.u_want[pair] < prices.p_found and not self.switches(visitor, pair, place, offer[0]):
            self.take(visitor, product, place, True, units, amount, offer[1])

    def switches(self, visitor: Visitor, pair: int, place: int, ratio: float) -> bool:
        """Take another item of the group for the one on the list, or leave it at that; return which."""
        other = self.alternatives.instead(visitor, pair, place, ratio, self.env.now) if self.has_groups else None
        if not other:
            return False
        product, offer = other
        units = self.alternatives.units(visitor, pair, product, offer[0])
        amount = units * self.prices.regular[product] * offer[0]
        visitor.settled.add(product)
        self.take(visitor, product, place, True, units, amount, offer[1])
        return True

    def take(
        self, visitor: Visitor, product: int, place: int, planned: bool, units: int, amount: float, promotion: int
    ) -> None:
        """Put units of a product into the basket; `planned`: it was on the list, or is taken in place of what was."""
        visitor.taken.add(product)
        visitor.spent += amount
        visitor.units += units
        self.add(took(self.env.now, visitor.number, TAKE, place, product, planned, promotion, units, amount))

    def affords(self, visitor: Visitor, pair: int, amount: float) -> bool:
        """Return whether what was not on the list fits the wallet, and charge the slack with it.

        What a coupon is followed for was decided on before: it comes on top of the list, and leaves the slack alone.
        """
        if pair in self.coupons:
            visitor.budget += amount
            return True
        if not is_affordable(amount, visitor.budget, visitor.spent, visitor.committed):
            return False
        visitor.impulse += amount
        return True

    def units(self, visitor: Visitor, pair: int, ratio: float) -> int:
        """Return how many units the customer takes at a price that is not the regular one."""
        response = self.prices.planned if pair < self.pairs.needs else self.prices.quantity
        product = self.pairs.product[pair]
        return units_at(self.pairs.u_units[pair], self.prices.units[product], ratio, response[visitor.segment][product])

    def offer(self, visitor: Visitor, pair: int, presence: int) -> Offer:
        """Return the price ratio, and the promotion behind it, that this customer meets at a presence now.

        Who holds a coupon for the product pays its price where it is the lower one.
        """
        best = self.offers.offer(presence, self.env.now, visitor.segment)
        if pair in self.coupons and self.coupons[pair] < best[0]:
            return self.coupons[pair], best[1]
        return best

    def nearest_short_queue(self, visitor: Visitor) -> int:
        """Return the checkout that the customer heads for."""
        places, distance_m, habit, here = self.ways_out.place, self.distance_m, visitor.habit, visitor.here
        return choose_bank(self.tills.lengths, [distance_m[habit, here, place] for place in places])

    def walk(self, visitor: Visitor, place: int, walked_m: float) -> float:
        """Set out for a place so far away: leave one crowd and join the next; return the seconds at its pace."""
        self.add(moved(self.env.now, visitor.number, WALK, place))
        inside, zone = self.inside, self.zone[place]
        inside[visitor.zone] -= 1
        visitor.here, visitor.zone, others = place, zone, inside[zone]
        inside[zone] = others + 1
        return walked_m / (visitor.speed_m_s * self.crowd[zone][others][0])
