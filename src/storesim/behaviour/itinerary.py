"""What every customer intends before coming in: habits, stops in order, legs, and what each leg will show.

All of it is computed for all customers at once; the engine then plays it against the clock, where prices, wallets and
queues decide.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from storesim.behaviour.buying import dwell_s
from storesim.behaviour.comfort import Standing, Surroundings
from storesim.behaviour.coupons import Ground, followed, with_errands
from storesim.behaviour.guide import led, signed_route
from storesim.behaviour.observed import retraced
from storesim.behaviour.routes import ROUTES, Lists
from storesim.behaviour.trips import Itineraries as Itineraries  # part of this module's interface
from storesim.behaviour.wander import curiosity, with_detours
from storesim.customers.blocks import blocks
from storesim.customers.laws import pick
from storesim.customers.population import Floats, Ints, Pairs, Population
from storesim.inputs.case import Coupon, Scenario
from storesim.store.floor import Floor
from storesim.store.shelves import Shelves

HABITS = 8
"""Habit maps of each noise level; map 0 is the exact shortest way."""

BLOCK = 4096
"""Customers whose lists are put in order at a time."""
WIDTHS = (8, 24)
"""Lengths up to which lists are put in order apart from the longest: most are short."""


@dataclass(frozen=True)
class Legs:
    """Walks of customers from place to place, one a row."""

    customer: Ints
    start: Ints
    end: Ints
    stood_s: Floats
    """Seconds stood at `start` before setting out."""

    def __len__(self) -> int:
        return len(self.customer)

    def only(self, rows: slice) -> "Legs":
        """Return some of the legs."""
        return Legs(self.customer[rows], self.start[rows], self.end[rows], self.stood_s[rows])


def plan(
    floor: Floor,
    shelves: Shelves,
    population: Population,
    scenario: Scenario,
    coupons: tuple[Coupon, ...] = (),
    standing: Standing | None = None,
) -> Itineraries:
    """Return what everybody intends; products without a reachable place are left out.

    Coupons are given out by the way that customers intend without them; those followed are walked with the list.
    """
    trips = _in_order(floor, shelves, population, scenario)
    if coupons:
        ratio = followed(coupons, Ground(scenario, floor, shelves, population, trips))
        lists, pair = with_errands(population, np.array(sorted(ratio), dtype=np.int64))
        trips = _in_order(floor, shelves, lists, scenario)
        trips = replace(trips, pair=pair[trips.pair], price_ratio=ratio)
    trips = _with_standing(trips, standing)
    around = standing.around if standing else None
    return _walking_through(trips, floor, population, _policies(population, scenario), scenario, around)


def _with_standing(trips: Itineraries, standing: Standing | None) -> Itineraries:
    """Return the trips with the time at shelves that company and surroundings make of it."""
    if standing is None:
        return trips
    customer = np.repeat(np.arange(len(trips.door)), np.diff(trips.first))
    return replace(trips, dwell_s=standing.stood_s(trips.dwell_s, customer, trips.place))


def _in_order(floor: Floor, shelves: Shelves, population: Population, scenario: Scenario) -> Itineraries:
    """Return the trips to what stands on the lists; `pair` numbers the lists."""
    policy = _policies(population, scenario)
    habit = _habits(population, policy)
    door = _doors(population.u_door, floor)
    place = look_for(population.needs, shelves)
    reachable = place >= 0
    owner = population.needs.customer
    metres = floor.ways.distance_m[habit[owner], door[owner], place]
    need = np.flatnonzero(reachable & np.isfinite(metres))
    order = _ordered(floor, population, scenario, policy, habit, door, need, place)
    medians = scenario.parameters.dwell_median_s * np.array([s.dwell for s in scenario.segments])
    return Itineraries(
        habit=habit,
        door=door,
        first=np.searchsorted(owner[need], np.arange(len(population) + 1)),
        pair=order,
        place=place[order],
        dwell_s=dwell_s(
            population.needs.u_dwell[order],
            medians[population.segment[owner[order]]],
            scenario.parameters.dwell_sigma,
        ),
    )


def _walking_through(
    trips: Itineraries,
    floor: Floor,
    population: Population,
    policy: Ints,
    scenario: Scenario,
    around: Surroundings | None,
) -> Itineraries:
    """Return the trips with the points only walked through: of a signed route, of recorded trips, and of detours."""
    parameters = scenario.parameters
    points = signed_route(floor)
    wants = (policy == list(ROUTES).index("guided")) & (len(points) > 0)
    follows = wants & (population.u_guide < parameters.guide_compliance)
    recorded = retraced(floor, population, policy == list(ROUTES).index("observed"), scenario.paths)
    curious = curiosity(policy, follows | (recorded >= 0).any(axis=1), parameters)
    trips = led(trips, floor, np.where(follows[:, None], points, -1))
    return with_detours(led(trips, floor, recorded), floor, population, curious, around)


def look_for(pairs: Pairs, shelves: Shelves) -> Ints:
    """Return the bay where each pair's product is looked for: one of its home bays, by shelf metres; -1: no home."""
    begin, end = shelves.first[pairs.product], shelves.first[pairs.product + 1]
    running = np.concatenate(([0.0], np.cumsum(shelves.metres)))
    wanted = running[begin] + pairs.u_place * (running[end] - running[begin])
    spot = np.clip(np.searchsorted(running, wanted, side="right") - 1, begin, np.maximum(end - 1, begin))
    bay = np.append(shelves.bay, -1)[np.minimum(spot, len(shelves.bay))]
    return np.where(end > begin, bay, -1)


def legs_of(itineraries: Itineraries, floor: Floor) -> Legs:
    """Return the intended legs: customer by customer, to every stop in order and then one to each checkout."""
    customers, banks = len(itineraries.door), floor.places.checkouts
    stops = np.diff(itineraries.first)
    customer = np.repeat(np.arange(customers), stops + banks)
    first = leg_first(itineraries, floor)
    rank = np.arange(len(customer)) - first[customer]
    to_till = rank >= stops[customer]
    stop = np.minimum(itineraries.first[customer] + rank, max(len(itineraries.place) - 1, 0))
    before = itineraries.first[customer] + np.minimum(rank, stops[customer]) - 1
    from_door = np.minimum(rank, stops[customer]) == 0
    place = np.append(itineraries.place, -1)
    stood = np.append(itineraries.dwell_s, 0.0)
    till = floor.places.bays + floor.places.doors + rank - stops[customer]
    return Legs(
        customer=customer,
        start=np.where(from_door, itineraries.door[customer], place[before]),
        end=np.where(to_till, till, place[stop]),
        stood_s=np.where(from_door, 0.0, stood[before]),
    )


def to_nearest_checkout(legs: Legs, habit: Ints, floor: Floor) -> Legs:
    """Return the legs of `legs_of` with, of each customer's legs to checkouts, the shortest only."""
    banks = floor.places.checkouts
    last = np.flatnonzero(legs.end >= floor.places.bays + floor.places.doors).reshape(-1, banks)
    metres = floor.ways.distance_m[habit[legs.customer[last]], legs.start[last], legs.end[last]]
    keep = np.ones(len(legs), dtype=bool)
    keep[last] = np.arange(banks) == metres.argmin(axis=1)[:, None]
    return Legs(legs.customer[keep], legs.start[keep], legs.end[keep], legs.stood_s[keep])


def leg_first(itineraries: Itineraries, floor: Floor) -> Ints:
    """Return where each customer's legs begin in `legs_of`, shape (customers + 1,)."""
    return itineraries.first + floor.places.checkouts * np.arange(len(itineraries.first))


def _policies(population: Population, scenario: Scenario) -> Ints:
    """Return each customer's route policy as an index into ROUTES; a mission's own overrides the segment's."""
    names = list(ROUTES)
    table = np.array([[names.index(m.route or s.route) for m in scenario.missions] for s in scenario.segments])
    return np.asarray(table[population.segment, population.mission])


def _habits(population: Population, policy: Ints) -> Ints:
    draw = np.minimum((population.u_habit * HABITS).astype(np.int64), HABITS - 1)
    noisy = 1 + draw + np.where(population.knows_store, 0, HABITS)
    return np.where(policy == list(ROUTES).index("shortest_tour"), 0, noisy)


def _doors(u_door: Floats, floor: Floor) -> Ints:
    """Return the door each customer comes in by: in proportion to the widths of the doors that let in."""
    width = np.array([0.0 if d.way == "out" else d.width_m for d in floor.plan.doors])
    return floor.places.bays + pick(u_door, width / width.sum())


def _ordered(
    floor: Floor,
    population: Population,
    scenario: Scenario,
    policy: Ints,
    habit: Ints,
    door: Ints,
    need: Ints,
    place: Ints,
) -> Ints:
    """Return the rows of needs in the order they are walked, customer by customer."""
    first = np.searchsorted(population.needs.customer[need], np.arange(len(population) + 1))
    count, ordered = np.diff(first), np.empty_like(need)
    for index, choose in enumerate(ROUTES.values()):
        for who, width in _alike(np.flatnonzero((policy == index) & (count > 0)), count):
            column = np.arange(width)
            listed = column < count[who, None]
            rows = need[np.where(listed, first[who, None] + column, 0)]
            u_order = population.u_order.at(who[:, None], column)
            lists = Lists(habit[who], door[who], np.where(listed, place[rows], -1), u_order)
            chosen = choose(lists, floor, scenario.parameters.order_theta)
            ordered[(first[who, None] + column)[listed]] = np.take_along_axis(rows, chosen, axis=1)[listed]
    return ordered


def _alike(who: Ints, count: Ints) -> Iterator[tuple[Ints, int]]:
    """Yield some customers at a time with the columns that their lists take up, so that few are empty.

    Multiples of eight leave every sum over a list what it is with all columns, to the last digit: NumPy adds by eights.
    """
    longest = int(count.max(initial=0))
    lot = np.searchsorted(WIDTHS, count[who])
    for number, width in enumerate((*WIDTHS, longest)):
        mine = who[lot == number]
        yield from ((mine[part], min(width, longest)) for part in blocks(len(mine), BLOCK))
