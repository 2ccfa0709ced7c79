"""Plays one store day in SimPy: customers come in, walk, see, buy, queue, pay and leave."""

import gc
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import exp
from typing import Any

import numpy as np
import simpy

from storesim.behaviour.buying import is_affordable, is_wanted, units_at, urgency, wallet_room
from storesim.behaviour.glimpses import Glimpses, elapsed_s, glimpses, interest, watched
from storesim.behaviour.itinerary import Itineraries, Legs, legs_of, plan
from storesim.behaviour.offers import REGULAR, Offer, offers_on
from storesim.behaviour.paying import choose_bank
from storesim.behaviour.substitutes import switched_to
from storesim.customers.population import Floats, Ints, Population
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
        self.shop, self.population, self.habit = shop, population, intended.habit
        self.distance_m = shop.floor.ways.distance_m
        self.parameters, self.crowding, self.crowd = shop.scenario.parameters, shop.crowding, shop.crowding.effect
        self.mates, self.substitutes = shop.mates, shop.substitutes
        self.offers = offers_on(shop.case, shop.scenario, shop.shelves, replication)
        self.coupons = intended.price_ratio
        self.watch = watched(population, shop.shelves, self.undecided(intended))
        self.customers = customer_sheet(population, intended, shop.scenario)
        self.pairs = pair_sheet(shop, population, self.watch)
        self.trips = trip_sheet(intended, self.as_intended(legs_of(intended, shop.floor)), shop.floor)
        self.prices = price_sheet(shop.scenario)
        self.ways_out = till_sheet(shop)
        self.inside = [0] * len(shop.crowding.effects)
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
            env.process(self.visit(self.visitor(c)))

    def visitor(self, c: int) -> Visitor:
        """Return a customer who comes in now."""
        who = self.customers
        zone = self.crowding.zone[who.door[c]]
        self.inside[zone] += 1
        return Visitor(
            number=c,
            segment=who.segment[c],
            habit=who.habit[c],
            speed_m_s=who.speed_m_s[c],
            here=who.door[c],
            budget=who.budget[c],
            committed=who.committed[c],
            came_s=self.env.now,
            zone=zone,
            slack=who.budget[c] - who.committed[c],
        )

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
                    yield from self.explore(visitor, shown, place)
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
            yield from self.explore(visitor, shown, place)
        yield self.env.timeout(self.set_out(visitor, place))
        if visitor.units:
            service_s = self.ways_out.law[bank].mean_s(visitor.units) * self.customers.service[visitor.number]
            patience_s = self.customers.patience_s[visitor.number]
            yield from self.tills.check_out(visitor.number, bank, service_s, patience_s, visitor.units, visitor.spent)
        door = self.ways_out.door[bank]
        self.facts.note(self.env.now, visitor.number, WALK, door)
        pace = self.join_crowd(visitor, self.crowding.zone[door])
        yield self.env.timeout(self.ways_out.exit_m[bank] / (visitor.speed_m_s * pace))
        self.inside[visitor.zone] -= 1
        self.facts.note(self.env.now, visitor.number, LEAVE, door)

    def explore(self, visitor: Visitor, shown: list[Glimpse], towards: int) -> Process:
        """Notice what the way towards a place shows, and go to what is wanted of it, the nearest first."""
        zone = self.crowding.zone[towards]
        _, gain, visitor.shyness = self.crowd(zone, self.inside[zone] - (zone == visitor.zone))
        wanted = []
        for pair, presence, place, exposure in shown:
            if self.catches(visitor, pair, presence, exposure * gain):
                offer = self.offer(visitor, pair, presence)
                self.facts.note(self.env.now, visitor.number, NOTICE, place, pair, 0, 0.0, offer[1])
                if self.wants(visitor, pair, presence, place, offer):
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

    def wants(self, visitor: Visitor, pair: int, presence: int, place: int, offer: Offer) -> bool:
        """Return whether a noticed product is wanted; what stands on the list is wanted anyhow."""
        if pair < self.pairs.needs:
            return True
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
            if (mate in visitor.taken or mate in self.listed(visitor)) and self.offers.stands(where, self.env.now):
                return log_odds
        return 0.0

    def listed(self, visitor: Visitor) -> Sequence[int]:
        """Return the products on the customer's list, done or not."""
        first, last = self.customers.need[visitor.number : visitor.number + 2]
        return self.pairs.product[first:last]

    def browse(self, visitor: Visitor, pair: int, presence: int, place: int) -> Process:
        """Walk to a shelf, spend time there, and take what is found and affordable."""
        env, pairs = self.env, self.pairs
        # Nothing is decided on arriving, so walking and standing are one event; it takes a sixth off the day.
        walk_s = self.set_out(visitor, place)
        arrives_s = env.now + walk_s
        yield env.timeout(walk_s + pairs.dwell_s[pair])
        self.facts.note(arrives_s, visitor.number, STOP, place, pair)
        product, offer = pairs.product[pair], self.offer(visitor, pair, presence)
        visitor.settled.add(product)
        units, amount = self.quote(visitor, pair, offer)
        if pair < pairs.needs:
            visitor.committed -= self.prices.regular[product] * pairs.units[pair]
            taken = pairs.u_want[pair] < self.prices.p_found
            if taken and (product, place) in self.substitutes.in_reach:
                taken = not self.takes_another(visitor, pair, place, offer)
        else:
            taken = self.affords(visitor, pair, amount)
            if taken:
                self.spare(visitor, self.substitutes.group.get(product, ()))
        if taken:
            visitor.taken.add(product)
            visitor.spent += amount
            visitor.units += units
            self.facts.note(env.now, visitor.number, TAKE, place, pair, units, amount, offer[1])

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

    def takes_another(self, visitor: Visitor, pair: int, place: int, offer: Offer) -> bool:
        """Take another item of the group, at the offer of its own home, where that is the better buy; return whether.

        Items that are on the list too, or were looked for before, are no alternatives.
        """
        product, listed = self.pairs.product[pair], self.listed(visitor)
        rivals = [
            (other, self.offers.offer(other, self.env.now, visitor.segment), share)
            for other, share in self.substitutes.in_reach[product, place]
            if other not in listed and other not in visitor.settled
        ]
        chosen = switched_to(
            self.pairs.u_switch[pair][0],
            offer[0],
            self.substitutes.share[product],
            [(theirs[0], share) for _, theirs, share in rivals],
            self.parameters.switching,
        )
        if chosen >= 0:
            self.take_instead(visitor, pair, rivals[chosen][0], place, rivals[chosen][1])
        return chosen >= 0

    def take_instead(self, visitor: Visitor, pair: int, product: int, place: int, offer: Offer) -> None:
        """Take another item for the one on the list: as much as the customer's own uniform says of that item."""
        elasticity = self.prices.planned[visitor.segment][product]
        units = units_at(self.pairs.u_units[pair], self.prices.units[product], offer[0], elasticity)
        amount = units * self.prices.regular[product] * offer[0]
        visitor.settled.add(product)
        visitor.taken.add(product)
        visitor.spent += amount
        visitor.units += units
        what = len(self.pairs.product) + product
        self.facts.note(self.env.now, visitor.number, TAKE, place, what, units, amount, offer[1])

    def spare(self, visitor: Visitor, others: tuple[int, ...]) -> None:
        """Settle the other items of a group that one was bought of; those on the list with a probability only."""
        if not others:
            return
        first, last = self.customers.need[visitor.number : visitor.number + 2]
        on_list = {self.pairs.product[pair]: pair for pair in range(first, last)}
        for other in others:
            pair = on_list.get(other, -1)
            if other in visitor.settled:
                continue
            if pair < 0:
                visitor.settled.add(other)
            elif self.pairs.u_switch[pair][1] < self.parameters.p_replaces:
                visitor.settled.add(other)
                visitor.committed -= self.prices.regular[other] * self.pairs.units[pair]

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

    def offer(self, visitor: Visitor, pair: int, presence: int) -> Offer:
        """Return the price ratio, and the promotion behind it, that this customer meets at a presence now.

        Who holds a coupon for the product pays its price where it is the lower one.
        """
        best = REGULAR
        if self.offers.of_presence[presence]:
            best = self.offers.offer(presence, self.env.now, visitor.segment)
        if pair in self.coupons and self.coupons[pair] < best[0]:
            return self.coupons[pair], best[1]
        return best

    def nearest_short_queue(self, visitor: Visitor) -> int:
        """Return the checkout that the customer heads for."""
        return choose_bank(self.tills.lengths, [self.metres(visitor, place) for place in self.ways_out.place])

    def set_out(self, visitor: Visitor, place: int) -> float:
        """Set out for a place; return the seconds it takes at the crowd's pace, along the customer's own habits."""
        self.facts.note(self.env.now, visitor.number, WALK, place)
        walk_s = self.metres(visitor, place) / (visitor.speed_m_s * self.join_crowd(visitor, self.crowding.zone[place]))
        visitor.here = place
        return walk_s

    def join_crowd(self, visitor: Visitor, zone: int) -> float:
        """Count the customer in a zone, and no more in the last one; return the pace that the others there allow."""
        inside = self.inside
        inside[visitor.zone] -= 1
        visitor.zone, others = zone, inside[zone]
        inside[zone] = others + 1
        return self.crowd(zone, others)[0]

    def metres(self, visitor: Visitor, place: int) -> float:
        """Return how far the customer walks from here to a place."""
        return float(self.distance_m[visitor.habit, visitor.here, place])

    def look_anew(self, visitor: Visitor, towards: int) -> list[Glimpse]:
        """Return what a leg shows that was not intended, after a stop on the list had become needless."""
        leg = Legs(np.array([visitor.number]), np.array([visitor.here]), np.array([towards]), np.zeros(1))
        return self.glimpses(leg, np.array([self.env.now - visitor.came_s])).rows()

    def as_intended(self, legs: Legs) -> Glimpses:
        """Return what the intended legs show, at the times intended."""
        return self.glimpses(legs, elapsed_s(legs, self.habit, self.shop.floor, self.population.speed_m_s))

    def glimpses(self, legs: Legs, since_s: Floats) -> Glimpses:
        """Return what legs show of what their customers watch, set out on this long after coming in."""
        shop, speed_m_s = self.shop, self.population.speed_m_s
        counts = interest(since_s, self.parameters.explore_fade_s)
        return glimpses(legs, self.habit, shop.floor, shop.shelves, shop.view, self.watch, speed_m_s, counts)

    def undecided(self, intended: Itineraries) -> Ints:
        """Return who may find a stop needless: it was for a coupon's product, or for one that has substitutes."""
        needs = self.population.needs
        replaceable = needs.customer[np.isin(needs.product, list(self.substitutes.group))]
        with_coupon = np.flatnonzero(intended.pair >= len(needs.product))
        return np.concatenate((replaceable, np.searchsorted(intended.first, with_coupon, side="right") - 1))
