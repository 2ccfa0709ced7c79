"""What customers intend: which habits, which door, which bays in which order, and the legs between them."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from storesim.behaviour.itinerary import (
    HABITS,
    Itineraries,
    leg_first,
    legs_of,
    look_for,
    plan,
    to_nearest_checkout,
)
from storesim.behaviour.routes import ROUTES
from storesim.customers.population import Pairs, Population
from storesim.experiment.replication import Ready
from storesim.inputs.case import Case, Mission, Placement, Product, Scenario, Segment
from storesim.inputs.floor_plan import Door
from storesim.inputs.parameters import Parameters
from storesim.store.floor import Floor
from storesim.store.shelves import Shelves, fill

STOCK = {"tea": (1, 2), "jam": (3,), "rusks": (4,), "honey": ()}
"""Bays of each product's home; honey has none."""
TEA, JAM, RUSKS, HONEY = range(4)
IN_A_ROW = [(10.0, 0.0), (20.0, 0.0), (30.0, 0.0), (40.0, 0.0)]
DOOR, TILL = 4, 5
"""Places behind the four bays: the door at 0 m, the till at 50 m."""


@pytest.fixture(scope="module")
def goods(make_product: Callable[..., Product], make_scenario: Callable[..., Scenario]) -> Scenario:
    """Four products and one segment that takes the nearest item next, all but surely the nearest, and goes straight."""
    return make_scenario(*(make_product(name) for name in STOCK), parameters=Parameters(order_theta=1e6, wander_p=0))


def stocked(floor: Floor, scenario: Scenario) -> Shelves:
    placements = [Placement(name, "F", "front", bay, (1, 4), 5.0) for name, bays in STOCK.items() for bay in bays]
    return fill(Case("variant", floor.plan, tuple(placements)), scenario.products, floor)


def stops_of(trips: Itineraries, population: Population, customer: int) -> list[tuple[int, int]]:
    """Return a customer's stops as (product, place)."""
    rows = slice(trips.first[customer], trips.first[customer + 1])
    return list(zip(population.needs.product[trips.pair[rows]].tolist(), trips.place[rows].tolist(), strict=True))


# Who goes where


def test_stops_are_walked_in_the_order_of_the_policy(
    open_floor: Callable[..., Floor], make_customers: Callable[..., Population], goods: Scenario
) -> None:
    floor = open_floor(IN_A_ROW)
    crowd = make_customers(2, needs=[(0, RUSKS), (0, TEA), (0, JAM), (1, JAM)])
    trips = plan(floor, stocked(floor, goods), crowd, goods)
    assert trips.first.tolist() == [0, 3, 4]
    assert stops_of(trips, crowd, 0) == [(TEA, 1), (JAM, 2), (RUSKS, 3)]
    assert stops_of(trips, crowd, 1) == [(JAM, 2)]


def test_needs_without_a_home_are_left_out(
    open_floor: Callable[..., Floor], make_customers: Callable[..., Population], goods: Scenario
) -> None:
    floor = open_floor(IN_A_ROW)
    crowd = make_customers(3, needs=[(0, HONEY), (0, JAM), (1, HONEY)])
    trips = plan(floor, stocked(floor, goods), crowd, goods)
    assert [stops_of(trips, crowd, c) for c in range(3)] == [[(JAM, 2)], [], []]


@pytest.mark.parametrize("policy", ROUTES)
def test_needs_out_of_reach_are_left_out(
    open_floor: Callable[..., Floor], make_customers: Callable[..., Population], goods: Scenario, policy: str
) -> None:
    metres = np.full((6, 6), 10.0)
    metres[:, 3] = np.inf
    floor = open_floor(IN_A_ROW, distance_m=metres)
    crowd = make_customers(1, needs=[(0, JAM), (0, RUSKS)])
    scenario = replace(goods, segments=(replace(goods.segments[0], route=policy),))
    assert stops_of(plan(floor, stocked(floor, goods), crowd, scenario), crowd, 0) == [(JAM, 2)]


def test_a_trip_for_nothing_and_a_day_without_customers(
    open_floor: Callable[..., Floor], make_customers: Callable[..., Population], goods: Scenario
) -> None:
    floor = open_floor(IN_A_ROW)
    for count in (0, 2):
        trips = plan(floor, stocked(floor, goods), make_customers(count), goods)
        assert trips.first.tolist() == [0] * (count + 1)
        legs = legs_of(trips, floor)
        assert (legs.start.tolist(), legs.end.tolist()) == ([DOOR] * count, [TILL] * count)


def test_dwell_is_the_segments_own(
    open_floor: Callable[..., Floor],
    make_customers: Callable[..., Population],
    make_segment: Callable[..., Segment],
    goods: Scenario,
    pairs: Callable[..., Pairs],
) -> None:
    """At the median uniform: 24 s for ordinary customers, 36 s for slow ones; and a σ of 0.7 up to Φ⁻¹(0.9)."""
    segments = (make_segment("ordinary", share=0.5), make_segment("slow", share=0.5, dwell=1.5))
    floor, scenario = open_floor(IN_A_ROW), replace(goods, segments=segments)
    needs = pairs([(0, TEA), (1, TEA), (2, TEA)], 3, u_dwell=[0.5, 0.5, 0.9])
    crowd = make_customers(3, needs=needs, segment=np.array([0, 1, 0]))
    dwell_s = plan(floor, stocked(floor, goods), crowd, scenario).dwell_s
    assert dwell_s == pytest.approx([24.0, 36.0, 24.0 * np.exp(0.7 * stats.norm.ppf(0.9))])


def test_doors_take_customers_in_by_their_width_and_doors_out_take_none(
    open_floor: Callable[..., Floor], make_customers: Callable[..., Population], goods: Scenario
) -> None:
    doors = [
        Door("narrow", "in", (0.0, 0.0), 1.0),
        Door("exit", "out", (5.0, 0.0), 9.0),
        Door("wide", "both", (9.0, 0.0), 3.0),
    ]
    floor = open_floor(IN_A_ROW, doors)
    u = (np.arange(1000) + 0.5) / 1000
    trips = plan(floor, stocked(floor, goods), make_customers(1000, u_door=u), goods)
    assert np.bincount(trips.door, minlength=8)[4:7].tolist() == [250, 0, 750]


def test_habits_are_low_in_noise_for_who_knows_the_store(
    open_floor: Callable[..., Floor], make_customers: Callable[..., Population], goods: Scenario
) -> None:
    floor, u = open_floor(IN_A_ROW), np.repeat([0.0, 0.4999, 0.5, 1 - 2**-53], 2)
    knows = np.tile([True, False], 4)
    crowd = make_customers(8, u_habit=u, knows_store=knows)
    habit = plan(floor, stocked(floor, goods), crowd, goods).habit
    assert habit[knows].tolist() == [1, 4, 5, HABITS]
    assert habit[~knows].tolist() == [1 + HABITS, 4 + HABITS, 5 + HABITS, 2 * HABITS]


def test_shortest_tours_follow_no_habit_and_a_mission_overrides_the_segment(
    open_floor: Callable[..., Floor],
    make_customers: Callable[..., Population],
    make_mission: Callable[..., Mission],
    goods: Scenario,
) -> None:
    missions = (make_mission(), make_mission(name="dash", route="shortest_tour"))
    floor, scenario = open_floor(IN_A_ROW), replace(goods, missions=missions)
    crowd = make_customers(2, mission=np.array([0, 1]))
    assert plan(floor, stocked(floor, goods), crowd, scenario).habit.tolist() == [5, 0]


def test_each_policy_orders_the_lists_of_its_own_customers(
    open_floor: Callable[..., Floor],
    make_customers: Callable[..., Population],
    make_segment: Callable[..., Segment],
    goods: Scenario,
) -> None:
    """A door between the bays: the nearest first, or away from the till first, or round by the east."""
    floor = open_floor(IN_A_ROW, [Door("main", "both", (26.0, 0.0))])
    policies = ("nearest_next", "shortest_tour", "perimeter")
    segments = tuple(make_segment(name, share=1 / 3, route=name) for name in policies)
    crowd = make_customers(3, needs=[(c, p) for c in range(3) for p in (JAM, TEA)], segment=np.arange(3))
    trips = plan(floor, stocked(floor, goods), crowd, replace(goods, segments=segments))
    assert [stops_of(trips, crowd, c) for c in range(3)] == [
        [(JAM, 2), (TEA, 1)],
        [(TEA, 1), (JAM, 2)],
        [(TEA, 1), (JAM, 2)],
    ]


# Where a product is looked for


def shelves_with(metres: dict[int, list[float]], products: int) -> Shelves:
    """Homes with these metres in bays of their own, numbered through."""
    counts = [len(metres.get(p, [])) for p in range(products)]
    flat = [m for p in range(products) for m in metres.get(p, [])]
    return Shelves(
        np.arange(products),
        np.zeros(products, dtype=bool),
        np.full(products, -1),
        np.cumsum([0, *counts]),
        np.arange(len(flat)),
        np.array(flat),
        np.full(len(flat), 0.5),
    )


def test_a_bay_is_picked_in_proportion_to_its_metres(pairs: Callable[..., Pairs]) -> None:
    """Jam has 1, 3 and 6 m in bays 2, 3 and 4."""
    shelves = shelves_with({0: [2.0, 2.0], 1: [1.0, 3.0, 6.0]}, 2)
    u = np.array([0.0, 0.0999, 0.1001, 0.3999, 0.4001, 1 - 2**-53])
    looking = pairs([(0, 1)] * 6, 1, u_place=u)
    assert look_for(looking, shelves).tolist() == [2, 2, 3, 3, 4, 4]


def test_shares_of_customers_follow_the_metres(pairs: Callable[..., Pairs]) -> None:
    shelves = shelves_with({0: [2.0], 1: [0.7, 1.3, 3.0]}, 2)
    looking = pairs([(0, 1)] * 5000, 1, u_place=(np.arange(5000) + 0.5) / 5000)
    assert np.bincount(look_for(looking, shelves)) / 5000 == pytest.approx([0, 0.14, 0.26, 0.6], abs=1e-3)


def test_no_home_is_minus_one_wherever_it_stands_in_the_file(pairs: Callable[..., Pairs]) -> None:
    shelves = shelves_with({1: [2.0], 3: [1.0]}, 5)
    looking = pairs([(0, product) for product in range(5)], 1, u_place=0.9)
    assert look_for(looking, shelves).tolist() == [-1, 0, -1, 1, -1]


def test_nothing_to_look_for(pairs: Callable[..., Pairs]) -> None:
    assert look_for(pairs([], 3), shelves_with({0: [1.0]}, 2)).tolist() == []
    assert look_for(pairs([(0, 1)], 1), shelves_with({}, 2)).tolist() == [-1]


# Legs


@pytest.fixture(scope="module")
def small_trips(small_ready: Ready, small_day: Population) -> Itineraries:
    shop = small_ready.shops[0]
    return plan(shop.floor, shop.shelves, small_day, shop.scenario)


def test_every_need_of_the_small_shop_is_a_stop_at_its_product(
    small_ready: Ready, small_day: Population, small_trips: Itineraries
) -> None:
    shelves = small_ready.shops[0].shelves
    stops = small_trips.pair >= 0
    needs, places = small_trips.pair[stops], small_trips.place[stops]
    assert sorted(needs) == list(range(len(small_day.needs.product)))
    assert np.array_equal(small_trips.customer[stops], small_day.needs.customer[needs])
    for need, place in zip(needs, places, strict=True):
        product = small_day.needs.product[need]
        assert place in shelves.bay[shelves.first[product] : shelves.first[product + 1]]


def test_legs_lead_from_the_door_by_the_stops_to_every_checkout(
    open_floor: Callable[..., Floor], make_customers: Callable[..., Population], goods: Scenario
) -> None:
    """Two tills, places 5 and 6: customer 0 has two stops, customer 1 none, customer 2 one; dwell is 24 s."""
    floor = open_floor(IN_A_ROW, tills=[(50.0, 0.0), (0.0, 30.0)])
    crowd = make_customers(3, needs=[(0, JAM), (0, TEA), (2, RUSKS)])
    trips = plan(floor, stocked(floor, goods), crowd, goods)
    legs = legs_of(trips, floor)
    rows = zip(legs.customer.tolist(), legs.start.tolist(), legs.end.tolist(), legs.stood_s.tolist(), strict=True)
    assert list(rows) == [
        (0, 4, 1, 0.0),
        (0, 1, 2, pytest.approx(24)),
        (0, 2, 5, pytest.approx(24)),
        (0, 2, 6, pytest.approx(24)),
        (1, 4, 5, 0.0),
        (1, 4, 6, 0.0),
        (2, 4, 3, 0.0),
        (2, 3, 5, pytest.approx(24)),
        (2, 3, 6, pytest.approx(24)),
    ]
    assert leg_first(trips, floor).tolist() == [0, 4, 6, 9]


def test_legs_of_the_small_shop_connect(small_ready: Ready, small_trips: Itineraries) -> None:
    """One bank of tills: each leg of a customer begins where the one before ended, after standing there."""
    floor = small_ready.shops[0].floor
    legs, first = legs_of(small_trips, floor), leg_first(small_trips, floor)
    till = floor.places.bays + floor.places.doors
    for customer in range(len(small_trips.door)):
        rows = list(range(first[customer], first[customer + 1]))
        own = slice(small_trips.first[customer], small_trips.first[customer + 1])
        assert (legs.customer[rows] == customer).all()
        assert legs.start[rows[0]] == small_trips.door[customer]
        assert legs.end[rows].tolist() == [*small_trips.place[own], till]
        assert legs.stood_s[rows].tolist() == [0.0, *small_trips.dwell_s[own]]
        assert all(legs.end[a] == legs.start[b] for a, b in pairwise(rows))


def test_of_the_last_legs_the_shortest_is_kept(
    open_floor: Callable[..., Floor], make_customers: Callable[..., Population], goods: Scenario
) -> None:
    floor = open_floor(IN_A_ROW, tills=[(50.0, 0.0), (0.0, 5.0)])
    crowd = make_customers(3, needs=[(0, RUSKS), (2, TEA), (2, JAM)])
    trips = plan(floor, stocked(floor, goods), crowd, goods)
    legs = to_nearest_checkout(legs_of(trips, floor), trips.habit, floor)
    assert legs.customer.tolist() == [0, 0, 1, 2, 2, 2]
    assert legs.end.tolist() == [3, 5, 6, 1, 2, 5]
    assert legs.stood_s == pytest.approx([0, 24, 0, 0, 24, 24])
