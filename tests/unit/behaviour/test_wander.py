"""Detours: how often, how far off, and what they leave alone."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storesim.behaviour.itinerary import legs_of, plan
from storesim.behaviour.routes import ROUTES
from storesim.behaviour.trips import Itineraries
from storesim.behaviour.wander import Curiosity, with_detours
from storesim.customers.population import Population
from storesim.experiment.replication import Ready
from storesim.inputs.parameters import Parameters
from storesim.store.floor import Floor

MANY = 4000
MEAN_M = 15.0
"""Short enough for a corridor of 100 m to cut off one detour in a thousand only."""
DOOR, TILL = 100, 101
"""Places behind the hundred bays of the corridor."""


@pytest.fixture(scope="module")
def corridor(open_floor: Callable[..., Floor]) -> Floor:
    """Bays 0.5, 1.5, … 99.5 m from the door; the till stands at 50 m."""
    return open_floor([(0.5 + x, 0.0) for x in range(100)])


def straight_to_pay(count: int) -> Itineraries:
    """Trips without a stop."""
    nothing, none = np.empty(0, dtype=np.int64), np.zeros(count + 1, dtype=np.int64)
    return Itineraries(np.ones(count, np.int64), np.full(count, DOOR), none, nothing, nothing, np.empty(0))


def always(count: int, chance: float = 1.0, fade_s: float = np.inf) -> Curiosity:
    return Curiosity(np.full(count, chance), np.full(count, fade_s), MEAN_M)


def even(count: int) -> np.ndarray:
    return (np.arange(count) + 0.5) / count


def uniforms(count: int, whether: object, how_far: object) -> np.ndarray:
    """The same two uniforms on all legs of a customer."""
    pair = np.stack([np.broadcast_to(np.asarray(u, dtype=float), (count,)) for u in (whether, how_far)], axis=1)
    return pair[:, None, :]


def test_on_coming_in_customers_make_a_detour_with_the_probability_of_the_parameter(
    corridor: Floor, make_customers: Callable[..., Population]
) -> None:
    crowd = make_customers(MANY, u_wander=uniforms(MANY, even(MANY), 0.5))
    trips = with_detours(straight_to_pay(MANY), corridor, crowd, always(MANY, 0.15, 600.0))
    assert np.diff(trips.first).mean() == pytest.approx(0.15, abs=1 / MANY)
    assert (trips.pair == -1).all()
    assert (trips.dwell_s == 0).all()


def test_detours_fade_with_the_seconds_walked_and_stood(
    corridor: Floor, make_customers: Callable[..., Population]
) -> None:
    """Two stops after 30.5 m and 20 m more at 0.5 m/s, 100 s each: legs begin at 0, 161 and 301 s."""
    lists = [(c, p) for c in range(MANY) for p in (0, 1)]
    crowd = make_customers(MANY, u_wander=uniforms(MANY, even(MANY), 0.1), speed_m_s=0.5, needs=lists)
    listed = Itineraries(
        habit=np.ones(MANY, np.int64),
        door=np.full(MANY, DOOR),
        first=2 * np.arange(MANY + 1),
        pair=np.arange(2 * MANY),
        place=np.tile([30, 50], MANY),
        dwell_s=np.full(2 * MANY, 100.0),
    )
    trips = with_detours(listed, corridor, crowd, always(MANY, 0.6, 200.0))
    legs = legs_of(trips, corridor)
    before = {place: legs.start[legs.end == place] for place in (30, 50, TILL)}
    # A leg without a detour begins where the intended one does.
    shares = [1 - (before[end] == start).mean() for end, start in ((30, DOOR), (50, 30), (TILL, 50))]
    assert shares == pytest.approx(0.6 * np.exp(-np.array([0.0, 161.0, 301.0]) / 200), abs=2 / MANY)


def test_how_far_off_is_exponential_and_grows_with_the_uniform(
    corridor: Floor, make_customers: Callable[..., Population]
) -> None:
    crowd = make_customers(MANY, u_wander=uniforms(MANY, 0.0, even(MANY)))
    place = with_detours(straight_to_pay(MANY), corridor, crowd, always(MANY)).place
    assert (np.diff(place) >= 0).all()
    assert np.median(place + 0.5) == pytest.approx(MEAN_M * np.log(2), abs=0.5)
    assert (place + 0.5).mean() == pytest.approx(MEAN_M, rel=0.01)


def test_the_same_customer_makes_the_same_kind_of_detour_in_another_layout(
    open_floor: Callable[..., Floor], corridor: Floor, make_customers: Callable[..., Population]
) -> None:
    """Shelves in another order: the same customers set out, and go as far."""
    crowd = make_customers(MANY, u_wander=np.random.default_rng(4).random((MANY, 1, 2)))
    shuffled = np.random.default_rng(5).permutation(100)
    other = open_floor([(0.5 + x, 0.0) for x in shuffled])
    one, two = (with_detours(straight_to_pay(MANY), floor, crowd, always(MANY, 0.4)) for floor in (corridor, other))
    assert np.array_equal(one.first, two.first)
    assert np.array_equal(one.place, shuffled[two.place])


def test_a_detour_leads_elsewhere_and_never_where_there_is_no_way(
    open_floor: Callable[..., Floor], make_customers: Callable[..., Population]
) -> None:
    """From bay 0 to bay 1: bay 2 has no way there, bay 3 none back; bay 4 is far off, and all that is left."""
    bays = [(10.0, 0.0), (11.0, 0.0), (12.0, 0.0), (13.0, 0.0), (60.0, 0.0)]
    metres = np.abs(np.subtract.outer([10, 11, 12, 13, 60, 0, 50], [10, 11, 12, 13, 60, 0, 50])).astype(float)
    metres[:, 2] = np.inf
    one_way = metres.copy()
    one_way[3, :] = np.inf
    listed = Itineraries(*(np.array(x) for x in ([1], [5], [0, 2], [0, 1], [0, 1])), np.zeros(2))
    crowd = make_customers(1, needs=[(0, 0), (0, 1)], u_wander=[[0.99, 0.0], [0.0, 0.1], [0.99, 0.0]])
    found = with_detours(listed, open_floor(bays, distance_m=metres), crowd, always(1, 0.5))
    assert found.place.tolist() == [0, 3, 1]
    assert with_detours(listed, open_floor(bays, distance_m=one_way), crowd, always(1, 0.5)).place.tolist() == [0, 1]


# In plans


def planned(ready: Ready, day: Population, route: str = "nearest_next", **parameters: float) -> Itineraries:
    shop = ready.shops[0]
    segments = tuple(replace(segment, route=route) for segment in shop.scenario.segments)
    missions = tuple(replace(mission, route=None) for mission in shop.scenario.missions)
    settings = shop.scenario.parameters.model_copy(update=parameters)
    scenario = replace(shop.scenario, segments=segments, missions=missions, parameters=settings)
    return plan(shop.floor, shop.shelves, day, scenario)


def same(a: Itineraries, b: Itineraries) -> bool:
    columns = ("habit", "door", "first", "pair", "place", "dwell_s")
    return all(np.array_equal(getattr(a, column), getattr(b, column)) for column in columns)


@settings(max_examples=25)
@given(route=st.sampled_from(list(ROUTES)), p=st.floats(0, 0.5), fade_s=st.floats(30, 3000))
def test_less_its_detours_a_plan_is_that_of_who_makes_none(
    small_ready: Ready, small_day: Population, route: str, p: float, fade_s: float
) -> None:
    """The order of the stops, places and dwell are as without; and where nobody is curious, so is everything."""
    without = planned(small_ready, small_day, route, wander_p=0.0)
    trips = planned(small_ready, small_day, route, wander_p=p, wander_fade_s=fade_s)
    stops = trips.pair >= 0
    assert (without.pair >= 0).all()
    assert np.array_equal(trips.pair[stops], without.pair)
    assert np.array_equal(trips.place[stops], without.place)
    assert np.array_equal(trips.dwell_s[stops], without.dwell_s)
    assert np.array_equal(trips.customer[stops], without.customer)
    detours = np.bincount(trips.customer[~stops], minlength=len(small_day))
    assert (detours <= np.diff(without.first) + 1).all()
    assert same(trips, without) == stops.all()


def test_who_walks_the_shortest_tour_makes_no_detour_and_who_wanders_more_than_others(
    small_ready: Ready, small_day: Population
) -> None:
    count = {route: (planned(small_ready, small_day, route).pair < 0).sum() for route in ROUTES}
    assert count["shortest_tour"] == 0
    assert count["wander"] > 2 * count["nearest_next"] > 0


def test_a_wanderer_never_tires_of_it(small_ready: Ready, small_day: Population) -> None:
    """Twice the probability, on every leg of the trip alike: with 1/2 there is a detour before each."""
    p = Parameters().wander_p
    trips = planned(small_ready, small_day, "wander", wander_fade_s=1.0)
    legs = len(small_day) + (trips.pair >= 0).sum()
    deviation = np.sqrt(2 * p * (1 - 2 * p) / legs)
    assert (trips.pair < 0).sum() / legs == pytest.approx(2 * p, abs=4 * deviation)
    all_legs = planned(small_ready, small_day, "wander", wander_p=0.5)
    assert (all_legs.pair < 0).sum() == legs


def test_a_list_that_has_grown_beyond_the_uniforms_is_walked_on_without_detours(
    corridor: Floor, make_customers: Callable[..., Population]
) -> None:
    crowd = make_customers(1, u_wander=0.0)
    places = np.array([3, 7, 11])
    listed = Itineraries(np.array([1]), np.array([DOOR]), np.array([0, 3]), np.arange(3), places, np.zeros(3))
    assert with_detours(listed, corridor, crowd, always(1)).pair.tolist() == [-1, 0, 1, 2]
