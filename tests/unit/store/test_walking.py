"""Places, distances and legs on plans small enough to check by hand."""

import time
from collections.abc import Callable
from math import hypot, sqrt

import numpy as np
import pytest

from storesim.inputs.floor_plan import Checkout, Door, Fixture, FloorPlan, Walkway
from storesim.inputs.parameters import Parameters
from storesim.store.build import build_floor
from storesim.store.floor import Floor

R = 0.25
Plan = Callable[..., FloorPlan]
Shelf = Callable[..., Fixture]


def metres(floor: Floor, start: str, end: str, habit: int = 0) -> float:
    names = floor.places.names
    return float(floor.ways.distance_m[habit, names.index(start), names.index(end)])


@pytest.fixture
def one_gondola(room: Plan, shelf: Shelf, box: Callable, parameters: Parameters) -> Floor:
    """A gondola of 4 × 1 m in the middle of a room of 10 × 9 m, one bay a side; the door at (5, 0)."""
    return build_floor(room(10, 9, shelf("G", box(3, 4, 4, 1), ("south", "north"), 4)), parameters, 1)


def test_one_stands_45_cm_in_front_of_the_middle_of_a_bay(one_gondola: Floor) -> None:
    assert one_gondola.places.names == ("G/south/1", "G/north/1", "main")
    np.testing.assert_allclose(one_gondola.places.xy, [(5, 3.55), (5, 5.45), (5, 0.4)])


def test_a_straight_walk_is_as_long_as_the_straight_line(one_gondola: Floor) -> None:
    assert metres(one_gondola, "main", "G/south/1") == pytest.approx(3.15)


def test_round_a_gondola_one_walks_by_its_corners_a_body_radius_off(one_gondola: Floor) -> None:
    to_corner = hypot(2 + R, 0.45 - R)
    assert metres(one_gondola, "G/south/1", "G/north/1") == pytest.approx(2 * to_corner + 1 + 2 * R, abs=1e-3)


def test_a_leg_lists_its_edges_in_walking_order(one_gondola: Floor) -> None:
    ways = one_gondola.ways
    first, edges = ways.legs(np.array([0, 0, 0]), np.array([0, 1, 2]), np.array([1, 1, 0]))
    assert np.diff(first).tolist() == [3, 0, 1]
    assert ways.edge_start[edges[0]] == 0
    assert ways.edge_end[edges[2]] == 1
    assert ways.edge_m[edges[:3]].sum() == pytest.approx(metres(one_gondola, "G/south/1", "G/north/1"), abs=1e-5)


def test_no_legs_have_no_edges(one_gondola: Floor) -> None:
    nobody = np.empty(0, dtype=np.int64)
    first, edges = one_gondola.ways.legs(nobody, nobody, nobody)
    assert first.tolist() == [0]
    assert len(edges) == 0


def test_a_bay_is_found_by_name(one_gondola: Floor) -> None:
    assert one_gondola.places.bay("G", "north", 1) == 1
    with pytest.raises(KeyError):
        one_gondola.places.bay("G", "north", 2)


@pytest.mark.parametrize(("gap_m", "is_open"), [(0.52, True), (0.5, True), (0.48, False)])
def test_a_gap_lets_a_body_through_when_it_is_two_radii_wide(
    room: Plan, shelf: Shelf, box: Callable, parameters: Parameters, gap_m: float, is_open: bool
) -> None:
    left = shelf("L", box(0, 4, 5 - gap_m, 1), ("north",), 9)
    floor = build_floor(room(10, 9, left, shelf("R", box(5, 4, 5, 1), ("south",), 9)), parameters, 1)
    assert np.isfinite(metres(floor, "main", "L/north/1")) == is_open
    assert np.isfinite(metres(floor, "main", "R/south/1"))


def test_in_a_narrow_aisle_one_stands_closer_to_the_shelf(
    room: Plan, shelf: Shelf, box: Callable, parameters: Parameters
) -> None:
    facing = [shelf("S", box(2, 3, 4, 1), ("north",), 4), shelf("N", box(2, 4.6, 4, 1), ("south",), 4)]
    floor = build_floor(room(8, 9, *facing), parameters, 1)
    away = floor.places.xy[0, 1] - 4
    assert R < away < 0.35
    assert np.isfinite(metres(floor, "main", "S/north/1"))


def test_a_bay_without_room_in_front_is_out_of_reach(
    room: Plan, shelf: Shelf, box: Callable, parameters: Parameters
) -> None:
    facing = [shelf("S", box(2, 3, 4, 1), ("north",), 4), shelf("N", box(2, 4.4, 4, 1), ("south",), 4)]
    floor = build_floor(room(8, 9, *facing), parameters, 1)
    assert np.isinf(metres(floor, "main", "S/north/1"))
    first, edges = floor.ways.legs(np.array([3]), np.array([2]), np.array([0]))
    assert len(edges) == first[1] == 0


def test_in_an_l_shaped_room_one_walks_round_the_inner_corner(
    room: Plan, shelf: Shelf, box: Callable, parameters: Parameters
) -> None:
    outline = ((0, 0), (10, 0), (10, 4), (4, 4), (4, 10), (0, 10))
    there = {"outline": outline, "doors": (Door("main", "both", (9.0, 0.0)),)}
    floor = build_floor(room(10, 10, shelf("W", box(0, 8, 1, 2), ("east",), 2), **there), parameters, 1)
    corner, bay = (4 - R, 4 - R), (1.45, 9)
    by_hand = hypot(9 - corner[0], corner[1] - 0.4) + hypot(corner[0] - bay[0], bay[1] - corner[1])
    assert metres(floor, "main", "W/east/1") == pytest.approx(by_hand, abs=1e-3)


def one_way(direction: tuple[float, float] | None) -> tuple[Walkway, ...]:
    return (Walkway(((0, 3), (10, 3), (10, 6), (0, 6)), direction),)


def test_a_one_way_area_is_walked_along_its_direction_only(
    room: Plan, shelf: Shelf, box: Callable, parameters: Parameters
) -> None:
    shelves = shelf("N", box(3, 8, 4, 1), ("south",), 4)
    floor = build_floor(room(10, 9, shelves, walkways=one_way((0.0, 1.0))), parameters, 1)
    assert metres(floor, "main", "N/south/1") == pytest.approx(7.55 - 0.4)
    assert np.isinf(metres(floor, "N/south/1", "main"))


def test_round_a_one_way_area_one_walks_along_its_border(
    room: Plan, shelf: Shelf, box: Callable, parameters: Parameters
) -> None:
    rule = (Walkway(((2, 3), (8, 3), (8, 6), (2, 6)), (0.0, 1.0)),)
    floor = build_floor(room(10, 9, shelf("N", box(3, 8, 4, 1), ("south",), 4), walkways=rule), parameters, 1)
    by_hand = hypot(3, 7.55 - 6) + 3 + hypot(3, 3 - 0.4)
    assert metres(floor, "N/south/1", "main") == pytest.approx(by_hand, abs=1e-3)


def test_a_closed_area_is_walked_round(room: Plan, shelf: Shelf, box: Callable, parameters: Parameters) -> None:
    closed = (Walkway(((2, 3), (8, 3), (8, 6), (2, 6))),)
    floor = build_floor(room(10, 9, shelf("N", box(3, 8, 4, 1), ("south",), 4), walkways=closed), parameters, 1)
    by_hand = hypot(3 + R, 7.55 - 6 - R) + 3 + 2 * R + hypot(3 + R, 3 - R - 0.4)
    assert metres(floor, "N/south/1", "main") == pytest.approx(by_hand, abs=1e-3)


def test_after_paying_one_leaves_through_the_lane(
    room: Plan, shelf: Shelf, box: Callable, parameters: Parameters
) -> None:
    till = Checkout("tills", "cashier", 3, box(2, 1, 6, 2), (5.0, 3.6), (5.0, 0.6))
    door = Door("way out", "both", (8.0, 0.0), 1.5)
    plan = room(10, 9, shelf("N", box(3, 8, 4, 1), ("south",), 4), checkouts=(till,), doors=(door,))
    floor = build_floor(plan, parameters, 1)
    assert floor.exit_m == pytest.approx(np.array([[3.0 + hypot(3, 0.2)]]), abs=1e-3)
    assert metres(floor, "N/south/1", "tills") == pytest.approx(7.55 - 3.6)
    assert metres(floor, "tills", "way out") > floor.exit_m[0, 0]


def test_metres_in_zones_add_up_to_the_edge_where_zones_tile_the_floor(market_floor: Floor) -> None:
    np.testing.assert_allclose(market_floor.edge_zone_m.sum(axis=1), market_floor.ways.edge_m, atol=1e-6)


def test_a_place_belongs_to_the_smallest_zone_around_it(market_floor: Floor) -> None:
    door = market_floor.places.names.index("main")
    assert market_floor.plan.zones[market_floor.places.zone[door]].id == "z30"


def test_habits_lengthen_walks_by_some_percent_and_those_who_know_the_store_less(market_floor: Floor) -> None:
    mean = market_floor.ways.distance_m.mean(axis=(1, 2))
    assert 1.0 < mean[1:9].mean() / mean[0] < mean[9:].mean() / mean[0] < 1.2
    assert len(np.unique(mean.round(3))) == 17


def test_the_same_plan_and_seed_give_the_same_arrays_and_another_seed_other_habits(
    room: Plan, shelf: Shelf, box: Callable, parameters: Parameters
) -> None:
    row = [shelf(f"G{i}", box(2 + 3 * i, 4, 1, 8), ("west", "east")) for i in range(4)]
    one, again, other = (build_floor(room(14, 16, *row), parameters, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(again.ways.previous, one.ways.previous)
    np.testing.assert_array_equal(again.sight.edge.toarray(), one.sight.edge.toarray())
    np.testing.assert_array_equal(other.ways.distance_m[0], one.ways.distance_m[0])
    assert (other.ways.distance_m[1] != one.ways.distance_m[1]).any()


def test_legs_of_a_day_take_milliseconds(market_floor: Floor) -> None:
    rng = np.random.default_rng(1)
    places = len(market_floor.places.names)
    legs = [rng.integers(0, limit, 15_000) for limit in (17, places, places)]
    market_floor.ways.legs(*legs)
    began = time.process_time()
    first, _ = market_floor.ways.legs(*legs)
    assert time.process_time() - began < 0.05
    assert 2 < np.diff(first).mean() < 12


def test_walls_draw_customers(market: FloorPlan, market_floor: Floor, parameters: Parameters) -> None:
    """Along the outer walls walking feels shorter: more of the walked metres lie there than without the pull."""
    neutral = build_floor(market, parameters.model_copy(update={"perimeter_pull": 1.0}), 1)
    assert share_at_walls(market_floor) > 1.1 * share_at_walls(neutral)


def share_at_walls(floor: Floor) -> float:
    places = len(floor.places.names)
    start, end = (grid.ravel() for grid in np.meshgrid(np.arange(places), np.arange(places)))
    _, edges = floor.ways.legs(np.full(len(start), 12), start, end)
    middle = (floor.ways.vertex_xy[floor.ways.edge_start] + floor.ways.vertex_xy[floor.ways.edge_end])[edges] / 2
    at_wall = (np.minimum(middle, np.array([44, 32]) - middle) < 3).any(axis=1)
    walked = floor.ways.edge_m[edges]
    return float(walked[at_wall].sum() / walked.sum())


def test_a_diagonal_is_not_measured_in_steps(room: Plan, shelf: Shelf, box: Callable, parameters: Parameters) -> None:
    corner = shelf("C", box(9, 8.2, 1, 0.8), ("west",), 1)
    floor = build_floor(room(10, 9, corner, doors=(Door("main", "both", (0.0, 0.6)),)), parameters, 1)
    assert metres(floor, "main", "C/west/1") == pytest.approx(sqrt((8.55 - 0.4) ** 2 + (8.6 - 0.6) ** 2), abs=1e-4)
