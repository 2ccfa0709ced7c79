"""Signed routes: waypoints in order, stops along the way, and who does not follow."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from storesim.behaviour.guide import led, signed_route
from storesim.behaviour.itinerary import plan
from storesim.behaviour.trips import Itineraries
from storesim.customers.population import Population
from storesim.experiment.replication import Ready
from storesim.inputs.base import Point
from storesim.inputs.case import Scenario
from storesim.inputs.floor_plan import Zone
from storesim.store.floor import Floor

WEST, EAST = (
    ((0.0, 0.0), (22.0, 0.0), (22.0, 40.0), (0.0, 40.0)),
    ((22.0, 0.0), (60.0, 0.0), (60.0, 40.0), (22.0, 40.0)),
)
HALVES = (Zone("west", "West", "department", WEST), Zone("east", "East", "department", EAST))


def signed(floor: Floor, *guide: str, zones: tuple[Zone, ...] = HALVES) -> Floor:
    return replace(floor, plan=replace(floor.plan, zones=zones, guide=guide))


def trip_of(floor: Floor, *places: int) -> Itineraries:
    """One customer from the first door, with stops at these places."""
    stops = np.array(places, dtype=np.int64)
    door, count = np.array([floor.places.bays]), np.array([0, len(stops)])
    return Itineraries(np.array([1]), door, count, np.arange(len(stops)), stops, np.full(len(stops), 24.0))


def walked(floor: Floor, *places: int) -> list[int]:
    trips = led(trip_of(floor, *places), floor, signed_route(floor)[None])
    assert sorted(trips.pair[trips.pair >= 0]) == list(range(len(places)))
    assert ((trips.dwell_s == 0) == (trips.pair < 0)).all()
    return trips.place.tolist()


# Bays 0 to 5 in a line north of the door (6) at (0, 0) and the till (7) at (50, 0).
LINE: list[Point] = [(10.0 * x, 20.0) for x in range(6)]


def test_waypoints_are_the_places_nearest_the_middle_of_each_zone(open_floor: Callable[..., Floor]) -> None:
    """The middles lie at 11 and 41 m."""
    floor = open_floor(LINE)
    assert signed_route(signed(floor, "west", "east")).tolist() == [1, 4]
    assert signed_route(signed(floor, "east", "west", "east")).tolist() == [4, 1, 4]
    assert signed_route(signed(floor)).tolist() == []


def test_a_zone_holds_what_smaller_zones_within_it_hold(open_floor: Callable[..., Floor]) -> None:
    whole = Zone("whole", "Whole", "sales", ((0.0, 0.0), (60.0, 0.0), (60.0, 40.0), (0.0, 40.0)))
    assert signed_route(signed(open_floor(LINE), "whole", zones=(*HALVES, whole))).tolist() == [3]


def test_zones_out_of_reach_are_passed_over(open_floor: Callable[..., Floor]) -> None:
    """Nobody gets to the east; or nobody comes back from there. The till, and a nook without shelves, do not count."""
    metres = np.full((8, 8), 10.0)
    metres[:, [3, 4, 5]] = np.inf
    nook = Zone("nook", "Nook", "sales", ((25.0, 30.0), (26.0, 30.0), (26.0, 31.0), (25.0, 31.0)))
    floor = open_floor(LINE, distance_m=metres)
    guide = signed(floor, "west", "nook", "east", "west", zones=(*HALVES, nook))
    assert signed_route(guide).tolist() == [1, 1]
    one_way = np.full((8, 8), 10.0)
    one_way[3:6, :3] = np.inf
    assert signed_route(signed(open_floor(LINE, distance_m=one_way), "west", "east", "west")).tolist() == [1, 4]


def test_without_measures_the_middle_place_of_a_zone_serves(open_floor: Callable[..., Floor]) -> None:
    floor = signed(open_floor(LINE), "east", "west")
    zones = replace(floor.places, zone=np.array([0, 0, 0, 1, 1, 1, 0, 1]))
    assert signed_route(replace(floor, places=zones, plan=replace(floor.plan, outline=()))).tolist() == [4, 1]


def test_stops_are_made_on_the_stretch_where_they_lie(open_floor: Callable[..., Floor]) -> None:
    """West first, then east, then the till: what lies between is met on the way, whatever the order of the list."""
    floor = signed(open_floor(LINE), "west", "east")
    assert walked(floor, 3, 0, 5, 2) == [0, 1, 2, 3, 4, 5]
    assert walked(floor) == [1, 4]


def test_against_the_grain_a_stop_waits_for_its_stretch(open_floor: Callable[..., Floor]) -> None:
    """East first: bays 2 and 3 lie on the way back west, and are met from the east."""
    floor = signed(open_floor(LINE, tills=[(0.0, 10.0)]), "east", "west")
    assert walked(floor, 2, 0, 3) == [4, 3, 2, 1, 0]


# In plans


@pytest.fixture(scope="module")
def shop(small_ready: Ready) -> tuple[Floor, Scenario]:
    """The small shop with a route through three of its zones, which everybody is to follow."""
    played = small_ready.shops[0]
    zones = [zone.id for zone in played.floor.plan.zones][:3]
    segments = tuple(replace(segment, route="guided") for segment in played.scenario.segments)
    missions = tuple(replace(mission, route=None) for mission in played.scenario.missions)
    scenario = replace(played.scenario, segments=segments, missions=missions)
    return signed(played.floor, *zones, zones=played.floor.plan.zones), scenario


def planned(ready: Ready, floor: Floor, scenario: Scenario, day: Population, **parameters: float) -> Itineraries:
    settings = scenario.parameters.model_copy(update=parameters)
    return plan(floor, ready.shops[0].shelves, day, replace(scenario, parameters=settings))


def test_who_follows_passes_the_waypoints_in_order_and_makes_all_stops_once(
    small_ready: Ready, small_day: Population, shop: tuple[Floor, Scenario]
) -> None:
    """And makes no detour, however curious."""
    floor, scenario = shop
    points = signed_route(floor).tolist()
    trips = planned(small_ready, floor, scenario, small_day, guide_compliance=1.0, wander_p=1.0)
    assert len(points) == 3
    for customer in range(len(small_day)):
        rows = slice(trips.first[customer], trips.first[customer + 1])
        pair, place = trips.pair[rows], trips.place[rows]
        own = np.arange(small_day.needs.first[customer], small_day.needs.first[customer + 1])
        assert place[pair < 0].tolist() == points
        assert sorted(pair[pair >= 0]) == own.tolist()


def nearest_next(scenario: Scenario) -> Scenario:
    return replace(scenario, segments=tuple(replace(s, route="nearest_next") for s in scenario.segments))


@pytest.mark.parametrize("there_is_a_guide", [True, False])
def test_who_does_not_follow_takes_what_is_nearest_next(
    small_ready: Ready, small_day: Population, shop: tuple[Floor, Scenario], there_is_a_guide: bool
) -> None:
    """Because nobody complies, or because there is nothing to comply with; detours and all."""
    floor, scenario = shop
    free = small_ready.shops[0].floor
    left = planned(
        small_ready, floor if there_is_a_guide else free, scenario, small_day, guide_compliance=1 - there_is_a_guide
    )
    right = planned(small_ready, free, nearest_next(scenario), small_day)
    for column in ("habit", "door", "first", "pair", "place", "dwell_s"):
        assert np.array_equal(getattr(left, column), getattr(right, column)), column


def test_customers_follow_one_by_one_and_those_who_do_at_a_lower_share_do_at_a_higher(
    small_ready: Ready, small_day: Population, shop: tuple[Floor, Scenario]
) -> None:
    floor, scenario = shop

    def followers(compliance: float) -> np.ndarray:
        trips = planned(small_ready, floor, scenario, small_day, guide_compliance=compliance, wander_p=0.0)
        return np.bincount(trips.customer[trips.pair < 0], minlength=len(small_day)) == 3

    some, more = followers(0.5), followers(0.8)
    assert some.mean() == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(len(small_day)))
    assert (some <= more).all()
    assert some.sum() < more.sum()
