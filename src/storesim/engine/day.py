"""Plays one store day in SimPy: customers come in, walk, see, buy, queue, pay and leave."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from math import inf

from storesim.behaviour.comfort import Standing, standing_at
from storesim.behaviour.company import Company, accompanied
from storesim.behaviour.itinerary import Itineraries, plan
from storesim.behaviour.offers import offers_on
from storesim.customers.population import Population
from storesim.engine.advisers import Advisers
from storesim.engine.choices import Choices
from storesim.engine.clock import Clock, Process
from storesim.engine.counters import ServiceCounter, counters_of
from storesim.engine.facts import FactWriter, moved, went
from storesim.engine.gate import Gate
from storesim.engine.log import EventLog, Kind
from storesim.engine.racks import Racks
from storesim.engine.sheets import Glimpse, customer_sheet, looked_up, pair_sheet, till_sheet, trip_sheet
from storesim.engine.shop import Shop
from storesim.engine.sights import look_ahead, look_anew
from storesim.engine.staff import Staff
from storesim.engine.stock import ShelfStock, trolley_persons
from storesim.engine.visit import Visitor
from storesim.engine.ways_out import ways_out

Wanted = tuple[float, int, int, int]
"""(metres away, pair, presence, place) of what was noticed on the way and is wanted."""
ENTER, WALK, STOP, LEAVE = int(Kind.ENTER), int(Kind.WALK), int(Kind.STOP), int(Kind.LEAVE)


@dataclass(frozen=True)
class Played:
    """A day that was played: what happened, and what everybody had intended."""

    log: EventLog
    itineraries: Itineraries


def play(shop: Shop, population: Population, replication: int, intended: Itineraries | None = None) -> Played:
    """Return one day of a shop with these customers; the doors close at closing time, and who is in is served.

    `intended` is what they intend there, if it is known already.
    """
    with collector_at_rest():
        population, company = accompanied(population, shop.case.operations)
        standing = standing_at(shop.around, population, company)
        if intended is None:
            intended = plan(shop.floor, shop.shelves, population, shop.scenario, shop.case.coupons, standing)
        facts = StoreDay(shop, population, intended, replication, company, standing).run()
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

    def __init__(
        self,
        shop: Shop,
        population: Population,
        intended: Itineraries,
        replication: int,
        company: Company | None = None,
        standing: Standing | None = None,
    ):
        self.env = Clock()
        self.facts = FactWriter()
        self.add = self.facts.add
        self.shop, self.replication = shop, replication
        persons = (int(company.persons.sum()) if company else len(population)) + trolley_persons(shop)
        self.zone, self.crowd = shop.crowding.zone, shop.crowding.effects_of_up_to(persons)
        self.distance_m = looked_up(shop.floor.ways.distance_m)
        self.offers = offers_on(shop.case, shop.scenario, shop.shelves, replication)
        self.day, seen = look_ahead(shop, population, intended)
        self.customers = customer_sheet(self.day.population, self.day.trips, shop.scenario)
        self.pairs = pair_sheet(shop, self.day.population, self.day.candidates)
        self.trips = trip_sheet(self.day.trips, seen, shop.floor)
        coupons = self.day.trips.price_ratio
        self.choices = Choices(shop, self.env, self.facts, self.offers, self.pairs, coupons)
        self.inside = [0] * len(self.crowd)
        self.persons = company.persons.tolist() if company else None
        self.standing = standing
        self.to_come = len(population)
        self.open_up()

    def open_up(self) -> None:
        """Put the staff, the tills and the entrance to work."""
        env, shop, run = self.env, self.shop, self.shop.case.operations
        opens_s, closes_s = shop.scenario.opens_s, shop.scenario.closes_s
        self.staff = Staff(env, self.add, run.staff.shifts if run.staff else None, opens_s)
        self.gate = Gate(env, self.add, run.entry_at_most, closes_s - opens_s) if run.entry_at_most else None
        self.tills = till_sheet(shop)
        draws = self.day.population.at_tills
        racks = partial(Racks, shop, self.day, self.pairs, self.choices)
        self.ways_out = ways_out(env, self.facts, shop, self.staff, self.tills, self.customers, draws, racks)
        self.stock: ShelfStock | None = None
        self.counters: dict[int, ServiceCounter] = {}
        self.fill_up()
        self.at_work = bool(self.stock or self.counters or run.tills.scan_and_pay)

    def fill_up(self) -> None:
        """Put stock, counters and advisers to work, where there are any."""
        env, shop, run, draws = self.env, self.shop, self.shop.case.operations, self.day.population.at_shelves
        if draws is None:
            return
        self.u_empty = looked_up(draws.u_empty)
        self.counters = counters_of(env, self.add, run.counters, shop.floor, self.staff, draws)
        if run.advice:
            self.choices.advisers = Advisers(env, self.add, run.advice, shop.floor, draws)
        if run.stock:
            self.stock = self.choices.stock = ShelfStock(env, self.add, shop, run.stock, self.staff, self.make_room)
            names = [product.id.casefold() for product in shop.scenario.products]
            hours = shop.scenario.opens_s, shop.scenario.closes_s
            self.stock.open(*hours, shop.scenario.seed, self.replication, names)

    def make_room(self, place: int, persons: int) -> None:
        """Let a trolley take the room of so many persons, or give it back."""
        self.inside[self.zone[place]] += persons

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
            env.process(self.come_in(c, self.gate) if self.gate else self.visit(c))
            self.facts.put_away(env.now)

    def come_in(self, c: int, gate: Gate) -> Process:
        """Wait outside until there is room."""
        if (yield from gate.come_in(c, self.customers.door[c], self.customers.patience_s[c])):
            yield from self.visit(c)
            gate.go_out()
        else:
            self.one_gone()

    def one_gone(self) -> None:
        """Close the tills after the last customer."""
        self.to_come -= 1
        if not self.to_come:
            self.ways_out.close()

    def visitor(self, c: int) -> Visitor:
        """Return a customer who comes in now."""
        who = self.customers
        zone, persons = self.zone[who.door[c]], self.persons[c] if self.persons else 1
        self.inside[zone] += persons
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
            persons=persons,
            scan_s=self.ways_out.scan_s(c),
            slack=who.budget[c] - who.committed[c],
        )

    def visit(self, c: int) -> Process:
        """Let a customer in; return the whole trip to be played."""
        visitor = self.visitor(c)
        self.add(moved(self.env.now, c, ENTER, visitor.here))
        return self.fetch(visitor) if self.ways_out.collects(c) else self.shop_for(visitor)

    def fetch(self, visitor: Visitor) -> Process:
        """Fetch an order: it has been picked, and nothing else is looked at."""
        bank, place = self.nearest_short_queue(visitor)
        yield self.walk(visitor, place, self.distance_m[visitor.habit, visitor.here, place])
        self.choices.hand_over(visitor, place)
        self.ways_out.pick(visitor.units)
        yield from self.pay_and_leave(visitor, bank)

    def shop_for(self, visitor: Visitor) -> Process:
        """Walk the list, and what comes in between; pay, and leave."""
        trips, product, settled = self.trips, self.pairs.product, visitor.settled
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
                    if self.at_work:
                        yield from self.at_shelf(visitor, pair, product[pair], place)
                    else:
                        self.choices.decide(visitor, pair, product[pair], place)
            leg, came_from = leg + 1, place
        yield from self.finish(visitor, leg, came_from)

    def finish(self, visitor: Visitor, leg: int, came_from: int) -> Process:
        """Go to a checkout, pay for what is in the basket, and leave."""
        bank, place = self.nearest_short_queue(visitor)
        wanted = self.look_round(visitor, leg + bank, came_from, place)
        if wanted:
            yield from self.follow(visitor, wanted)
        yield self.walk(visitor, place, self.distance_m[visitor.habit, visitor.here, place])
        yield from self.pay_and_leave(visitor, bank)

    def pay_and_leave(self, visitor: Visitor, bank: int) -> Process:
        """Pay for what is in the basket, and go out by the nearest door."""
        if visitor.units:
            paid = yield from self.ways_out.pay(visitor, bank)
            if self.stock and not paid:
                self.stock.put_back(visitor.number, visitor.basket)
        yield self.walk(visitor, self.tills.door[bank], self.tills.exit_m[bank])
        self.inside[visitor.zone] -= visitor.persons
        self.add(moved(self.env.now, visitor.number, LEAVE, visitor.here))
        self.one_gone()

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
        _, gain, shyness = self.crowd[zone][self.inside[zone] - (visitor.persons if zone == visitor.zone else 0)]
        comes_and_goes, stock = self.offers.is_promoted, self.stock
        found: list[Wanted] = []
        for pair, presence, place, exposure in shown:
            missing = left[pair]
            if missing <= 0 or (comes_and_goes[presence] and not self.offers.stands(presence, now_s)):
                continue
            if stock and not stock.has(presence):
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
                if self.at_work:
                    yield from self.at_shelf(visitor, pair, presence, place)
                else:
                    self.choices.decide(visitor, pair, presence, place)

    def at_shelf(self, visitor: Visitor, pair: int, presence: int, place: int) -> Process:
        """Decide where shelves run empty, trolleys stand in the way, counters serve and customers scan."""
        while self.stock and place in self.stock.blocked:
            yield self.stock.blocked[place]
        counter = self.counters.get(place)
        if counter:
            patience_s = self.customers.patience_s[visitor.number]
            if not (yield from counter.serve(visitor.number, place, self.pairs.product[pair], patience_s)):
                self.choices.go_without(visitor, pair, place)
                return
        if not self.choices.decide(visitor, pair, presence, place) and pair < self.pairs.needs:
            yield from self.at_empty_shelf(visitor, pair, presence, place)
        if visitor.scan_s:
            yield visitor.to_scan_s()

    def at_empty_shelf(self, visitor: Visitor, pair: int, presence: int, place: int) -> Process:
        """Look for what is on the list, go to where else it is, or do without."""
        stock, rules = self.stock, self.shop.case.operations.stock
        if stock is None or rules is None:
            return
        if rules.on_empty.search_s:
            yield float(rules.on_empty.search_s)
        distance_m, here = self.distance_m, (visitor.habit, place)
        there = [(distance_m[(*here, bay)], other, bay) for other, bay in stock.elsewhere(presence)]
        near = min((one for one in there if self.offers.stands(one[1], self.env.now) and one[0] < inf), default=None)
        if near:
            yield self.go_to_shelf(visitor, pair, near[2])
            if self.choices.take_there(visitor, pair, near[1], near[2]):
                return
        self.choices.cope(visitor, pair, visitor.here, self.u_empty[pair], rules.on_empty)

    def go_to_shelf(self, visitor: Visitor, pair: int, place: int) -> float:
        """Set out for a shelf; return the seconds until the customer has stood there and decides.

        Nothing is decided on arriving, so walking and standing are one event; it takes a sixth off the day.
        """
        pairs, number, now_s = self.pairs, visitor.number, self.env.now
        walk_s = self.walking_s(visitor, place, self.distance_m[visitor.habit, visitor.here, place])
        stand_s: float = pairs.dwell_s[pair]
        item, planned, there_s = pairs.product[pair], pair < pairs.needs, now_s + walk_s
        if self.standing:
            stand_s = self.standing.alone_s(stand_s, number, place, planned)
        if visitor.advice_s:
            stand_s, visitor.advice_s = stand_s + visitor.advice_s, 0.0
        self.add(went(now_s, number, WALK, place, there_s, number, STOP, place, item, planned, -1))
        return walk_s + stand_s

    def nearest_short_queue(self, visitor: Visitor) -> tuple[int, int]:
        """Return the checkout that the customer heads for, and its place."""
        places, distance_m, habit, here = self.tills.place, self.distance_m, visitor.habit, visitor.here
        bank = self.ways_out.choose(visitor, [distance_m[habit, here, place] for place in places])
        return bank, places[bank]

    def walk(self, visitor: Visitor, place: int, walked_m: float) -> float:
        """Set out for a place so far away; return the seconds until the customer is there."""
        self.add(moved(self.env.now, visitor.number, WALK, place))
        return self.walking_s(visitor, place, walked_m)

    def walking_s(self, visitor: Visitor, place: int, walked_m: float) -> float:
        """Leave one crowd and join the next; return the seconds that the way takes at its pace."""
        inside, zone, persons = self.inside, self.zone[place], visitor.persons
        inside[visitor.zone] -= persons
        visitor.here, visitor.zone, others = place, zone, inside[zone]
        inside[zone] = others + persons
        return walked_m / (visitor.speed_m_s * self.crowd[zone][others][0])
