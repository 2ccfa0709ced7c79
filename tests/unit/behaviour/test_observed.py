"""Recorded trips walked again: who draws which, through which places, and what happens to the list on the way."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from storesim.behaviour.guide import waypoints, zone_numbers
from storesim.behaviour.itinerary import plan
from storesim.behaviour.observed import drawn_trips, retraced
from storesim.behaviour.trips import Itineraries
from storesim.customers.population import Population
from storesim.experiment.replication import Ready
from storesim.inputs.base import Point
from storesim.inputs.case import Scenario
from storesim.inputs.floor_plan import Zone
from storesim.store.floor import Floor

LINE: list[Point] = [(10.0 * x, 20.0) for x in range(6)]


def zoned(floor: Floor) -> Floor:
    """A zone round each of the six bays of a line: z0 to z5."""
    boxes = (((x - 5, 15.0), (x + 5, 15.0), (x + 5, 25.0), (x - 5, 25.0)) for x, _ in LINE)
    return replace(
        floor, plan=replace(floor.plan, zones=tuple(Zone(f"z{i}", "", "", box) for i, box in enumerate(boxes)))
    )


def test_each_trip_leads_by_its_own_places_and_unknown_zones_are_passed_over(open_floor: Callable[..., Floor]) -> None:
    floor = zoned(open_floor(LINE))
    routes = [("z3", "z1"), ("z9", "Z5", "z0", "z5"), ()]
    assert waypoints(floor, zone_numbers(floor, routes)).tolist() == [
        [3, 1, -1, -1], [5, 0, 5, -1], [-1, -1, -1, -1]
    ]  # fmt: skip


def test_who_does_not_walk_as_observed_has_no_waypoints(
    open_floor: Callable[..., Floor], make_customers: Callable[..., Population]
) -> None:
    people = make_customers(3, [(0, 0), (1, 0), (2, 0)])
    points = retraced(zoned(open_floor(LINE)), people, np.array([True, False, True]), [("z2", "z4")])
    assert points.tolist() == [[2, 4], [-1, -1], [2, 4]]
    assert retraced(open_floor(LINE), people, np.array([True] * 3), []).shape == (3, 0)


def test_every_trip_is_walked_equally_often_and_long_lists_get_long_ones(
    make_customers: Callable[..., Population],
) -> None:
    """Four customers a trip; lists of one, two and three things, in shares that no cut between trips meets."""
    rng = np.random.default_rng(5)
    wanted = rng.choice([1, 2, 3], 400, p=[0.5, 0.3, 0.2])
    people = make_customers(400, [(c, p) for c, n in enumerate(wanted) for p in range(n)], u_path=rng.random(400))
    zones = rng.integers(1, 30, 100)
    drawn = drawn_trips(people, np.arange(400), zones)
    times = np.bincount(drawn, minlength=100)
    assert times.mean() == 4
    assert times.std() < 2.5, "about Poisson, or less"
    means = [zones[drawn[wanted == n]].mean() for n in (1, 2, 3)]
    assert means[0] < means[1] < means[2]


def test_among_equal_lists_the_uniform_alone_decides(make_customers: Callable[..., Population]) -> None:
    people = make_customers(4, [(c, 0) for c in range(4)], u_path=np.array([0.9, 0.1, 0.6, 0.3]))
    assert drawn_trips(people, np.arange(4), np.array([7, 3, 9, 5])).tolist() == [2, 1, 0, 3]


# In plans


def planned(ready: Ready, day: Population, route: str, **changes: object) -> Itineraries:
    scenario: Scenario = ready.scenario
    segments = tuple(replace(segment, route=route) for segment in scenario.segments)
    missions = tuple(replace(mission, route=None) for mission in scenario.missions)
    shop = ready.shops[0]
    return plan(shop.floor, shop.shelves, day, replace(scenario, segments=segments, missions=missions, **changes))


def same(one: Itineraries, other: Itineraries) -> bool:
    columns = ("habit", "door", "first", "pair", "place", "dwell_s")
    return all(np.array_equal(getattr(one, column), getattr(other, column)) for column in columns)


def test_customers_pass_the_zones_of_one_trip_in_order_and_make_all_their_stops(
    small_ready: Ready, small_day: Population
) -> None:
    """The curious make no detours besides: those they make were recorded."""
    paths = (("fresh", "cool", "grocery"), ("grocery",), ("entry", "fresh", "grocery", "cool", "grocery"))
    trips = planned(small_ready, small_day, "observed", paths=paths)
    floor = small_ready.shops[0].floor
    expected = [row[row >= 0].tolist() for row in waypoints(floor, zone_numbers(floor, paths))]
    walked = []
    for customer in range(len(small_day)):
        rows = slice(trips.first[customer], trips.first[customer + 1])
        pair, place = trips.pair[rows], trips.place[rows]
        own = np.arange(small_day.needs.first[customer], small_day.needs.first[customer + 1])
        assert sorted(pair[pair >= 0]) == own.tolist()
        walked.append(expected.index(place[pair < 0].tolist()))
    assert np.bincount(walked) / len(walked) == pytest.approx(1 / 3, abs=0.1)


def test_without_recorded_trips_the_nearest_comes_next(small_ready: Ready, small_day: Population) -> None:
    assert same(planned(small_ready, small_day, "observed"), planned(small_ready, small_day, "nearest_next"))


def test_recorded_trips_change_nothing_for_who_walks_otherwise(small_ready: Ready, small_day: Population) -> None:
    paths = (("fresh", "cool"),)
    free = planned(small_ready, small_day, "nearest_next")
    assert same(free, planned(small_ready, small_day, "nearest_next", paths=paths))
