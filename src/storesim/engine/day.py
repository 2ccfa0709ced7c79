"""Plays one store day in SimPy: customers come in, walk, see, buy, queue, pay and leave."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from storesim.behaviour.itinerary import Itineraries, plan
from storesim.behaviour.offers import offers_on
from storesim.behaviour.paying import choose_bank
from storesim.customers.population import Population
from storesim.engine.choices import Choices
from storesim.engine.clock import Clock, Process
from storesim.engine.facts import FactWriter, moved, went
from storesim.engine.log import EventLog, Kind
from storesim.engine.sheets import Glimpse, customer_sheet, looked_up, pair_sheet, till_sheet, trip_sheet
from storesim.engine.shop import Shop
from storesim.engine.sights import look_ahead, look_anew
from storesim.engine.tills import Tills
from storesim.engine.visit import Visitor

Wanted = tuple[float, int, int, int]
"""(metres away, pair, presence, place) of what was noticed on the way and is wanted."""
ENTER, WALK, STOP, LEAVE = int(Kind.ENTER), int(Kind.WALK), int(Kind.STOP), int(Kind.LEAVE)


@dataclass(frozen=True)
class Played:
    """A day that was played: what happened, and what everybody had intended."""

    log: EventLog
    itineraries: Itineraries


def play(shop: Shop, population: Population, replication: int) -> Played:
    """Return one day of a shop with these customers; the doors close at closing time, and who is in is served."""
    with collector_at_rest():
        intended = plan(shop.floor, shop.shelves, population, shop.scenario, shop.case.coupons)
        facts = StoreDay(shop, population, intended, replication).run()
    return Played(facts.log(), intended)  # made of the facts alone, when all else that the day needed is gone


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
        self.env = Clock()
        self.facts = FactWriter()
        self.add = self.facts.add
        self.shop = shop
        self.zone, self.crowd = shop.crowding.zone, shop.crowding.effects_of_up_to(len(population))
        self.distance_m = looked_up(shop.floor.ways.distance_m)
        self.offers = offers_on(shop.case, shop.scenario, shop.shelves, replication)
        self.day, seen = look_ahead(shop, population, intended)
        self.customers = customer_sheet(self.day.population, self.day.trips, shop.scenario)
        self.pairs = pair_sheet(shop, self.day.population, self.day.candidates)
        self.trips = trip_sheet(self.day.trips, seen, shop.floor)
        coupons = self.day.trips.price_ratio
        self.choices = Choices(shop, self.env, self.facts, self.offers, self.pairs, coupons)
        self.ways_out = till_sheet(shop)
        self.inside = [0] * len(self.crowd)
        self.tills = Tills(self.env, self.facts, shop.floor.plan.checkouts, self.ways_out.place[0])

    def run(self) -> FactWriter:
        """Play the day to its end, when the last customer is out; return what happened."""
        self.env.process(self.admit())
        with collector_at_rest():
            self.env.run()
        return self.facts

    def admit(self) -> Process:
        """Let customers in as they arrive."""
        env, who = self.env, self.customers
        for c in who.order:
            # Rounding may have put the clock just past customers who come at the same instant.
            yield max(0.0, who.arrives_s[c] - env.now)
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
            listed=self.pairs.product[who.need[c] : who.need[c + 1]],
            budget=who.budget[c],
            committed=who.committed[c],
            came_s=self.env.now,
            zone=zone,
            slack=who.budget[c] - who.committed[c],
        )

    def visit(self, visitor: Visitor) -> Process:
        """Play the whole trip of one customer."""
        trips, product, settled = self.trips, self.pairs.product, visitor.settled
        self.add(moved(self.env.now, visitor.number, ENTER, visitor.here))
        leg, came_from = trips.leg[visitor.number], visitor.here
        for pair, place in trips.stops(visitor.number):
            if pair < 0 or product[pair] not in settled:
                wanted = self.look_round(visitor, leg, came_from, place)
                if wanted:
                    yield from self.follow(visitor, wanted)
                if pair < 0:
                    yield self.walk(visitor, place, self.distance_m[visitor.habit, visitor.here, place])
                elif product[pair] not in settled:
                    yield self.go_to_shelf(visitor, pair, place)
                    self.choices.decide(visitor, pair, product[pair], place)
            leg, came_from = leg + 1, place
        yield from self.finish(visitor, leg, came_from)

    def finish(self, visitor: Visitor, leg: int, came_from: int) -> Process:
        """Go to a checkout, pay for what is in the basket, and leave."""
        bank = self.nearest_short_queue(visitor)
        place = self.ways_out.place[bank]
        wanted = self.look_round(visitor, leg + bank, came_from, place)
        if wanted:
            yield from self.follow(visitor, wanted)
        yield self.walk(visitor, place, self.distance_m[visitor.habit, visitor.here, place])
        if visitor.units:
            service_s = self.ways_out.law[bank].mean_s(visitor.units) * self.customers.service[visitor.number]
            patience_s = self.customers.patience_s[visitor.number]
            yield from self.tills.check_out(visitor.number, bank, service_s, patience_s, visitor.units, visitor.spent)
        door = self.ways_out.door[bank]
        yield self.walk(visitor, door, self.ways_out.exit_m[bank])
        self.inside[visitor.zone] -= 1
        self.add(moved(self.env.now, visitor.number, LEAVE, door))

    def look_round(self, visitor: Visitor, leg: int, came_from: int, towards: int) -> list[Wanted]:
        """Return what a customer who heads for a place notices on the way and wants, the nearest first."""
        if visitor.here == came_from:
            shown = self.trips.shown(leg)
        else:  # a stop on the list has become needless
            since_s = self.env.now - visitor.came_s
            shown = look_anew(self.shop, self.day, visitor.number, visitor.here, towards, since_s).rows()
        return self.wanted(visitor, shown, towards) if shown else []

    def wanted(self, visitor: Visitor, shown: Iterable[Glimpse], towards: int) -> list[Wanted]:
        """Notice some of what the way towards a place shows, and return what is wanted of it, the nearest first."""
        left, product, now_s, zone = self.pairs.left, self.pairs.product, self.env.now, self.zone[towards]
        _, gain, shyness = self.crowd[zone][self.inside[zone] - (zone == visitor.zone)]
        comes_and_goes = self.offers.is_promoted
        found: list[Wanted] = []
        for pair, presence, place, exposure in shown:
            missing = left[pair]
            if missing <= 0 or (comes_and_goes[presence] and not self.offers.stands(presence, now_s)):
                continue
            left[pair] = missing = missing - exposure * gain
            if missing > 0 or product[pair] in visitor.settled:
                continue
            if self.choices.notices(visitor, pair, presence, place, shyness):
                found.append((self.distance_m[visitor.habit, visitor.here, place], pair, presence, place))
        found.sort()
        return found

    def follow(self, visitor: Visitor, wanted: list[Wanted]) -> Process:
        """Go to what is wanted, one after the other, as long as it is not settled otherwise."""
        for _, pair, presence, place in wanted:
            if self.pairs.product[pair] not in visitor.settled:
                yield self.go_to_shelf(visitor, pair, place)
                self.choices.decide(visitor, pair, presence, place)

    def go_to_shelf(self, visitor: Visitor, pair: int, place: int) -> float:
        """Set out for a shelf; return the seconds until the customer has stood there and decides.

        Nothing is decided on arriving, so walking and standing are one event; it takes a sixth off the day.
        """
        pairs, number, now_s = self.pairs, visitor.number, self.env.now
        walk_s = self.walking_s(visitor, place, self.distance_m[visitor.habit, visitor.here, place])
        stand_s: float = pairs.dwell_s[pair]
        item, planned, there_s = pairs.product[pair], pair < pairs.needs, now_s + walk_s
        self.add(went(now_s, number, WALK, place, there_s, number, STOP, place, item, planned, -1))
        return walk_s + stand_s

    def nearest_short_queue(self, visitor: Visitor) -> int:
        """Return the checkout that the customer heads for."""
        places, distance_m, habit, here = self.ways_out.place, self.distance_m, visitor.habit, visitor.here
        return choose_bank(self.tills.lengths, [distance_m[habit, here, place] for place in places])

    def walk(self, visitor: Visitor, place: int, walked_m: float) -> float:
        """Set out for a place so far away; return the seconds until the customer is there."""
        self.add(moved(self.env.now, visitor.number, WALK, place))
        return self.walking_s(visitor, place, walked_m)

    def walking_s(self, visitor: Visitor, place: int, walked_m: float) -> float:
        """Leave one crowd and join the next; return the seconds that the way takes at its pace."""
        inside, zone = self.inside, self.zone[place]
        inside[visitor.zone] -= 1
        visitor.here, visitor.zone, others = place, zone, inside[zone]
        inside[zone] = others + 1
        return walked_m / (visitor.speed_m_s * self.crowd[zone][others][0])
