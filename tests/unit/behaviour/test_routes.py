"""Orders of stops: nearest-next and its noise, once round the walls, and the shortest tour."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from storesim.behaviour.routes import ROUTES, Lists, nearest_next, perimeter, shortest_tour
from storesim.behaviour.tour import held_karp, tour_m
from storesim.experiment.replication import Ready
from storesim.inputs.floor_plan import Door
from storesim.store.floor import Floor

MANY = 20_000
EXACT = 1e6
"""A θ at which the nearest is as good as certain."""


def lists(stops: list[list[int]], start: int, habit: int = 0, u: float | np.ndarray = 0.5) -> Lists:
    """Customers who come in at `start`, each with a list; a number for `u` serves every step of everybody."""
    longest = max(map(len, stops))
    padded = np.array([row + [-1] * (longest - len(row)) for row in stops])
    uniforms = np.broadcast_to(u, padded.shape)
    return Lists(np.full(len(stops), habit), np.full(len(stops), start), padded, uniforms)


def walked_m(floor: Floor, order: list[int], stops: list[int], start: int, habit: int = 0) -> float:
    """Return the length of the way from the door through the stops to the nearest checkout."""
    metres = floor.ways.distance_m[habit].astype(float)
    way = [start, *(stops[column] for column in order)]
    tills = slice(floor.places.bays + floor.places.doors, None)
    return float(sum(metres[a, b] for a, b in pairwise(way)) + metres[way[-1], tills].min())


@pytest.fixture(scope="module")
def corridor(open_floor: Callable[..., Floor]) -> Floor:
    """Bays 10, 20 and 40 m from the door (place 3) in a straight line; the till stands at 50 m (place 4)."""
    return open_floor([(40.0, 0.0), (10.0, 0.0), (20.0, 0.0)])


# Nearest next


def test_with_large_theta_the_nearest_is_next(corridor: Floor) -> None:
    assert nearest_next(lists([[0, 1, 2]], start=3), corridor, EXACT).tolist() == [[1, 2, 0]]


def test_shares_of_the_first_choice_fall_with_distance(corridor: Floor) -> None:
    """P(j) ∝ exp(-θ d_j / d̄) with θ = 3 and d̄ = 70 / 3 m."""
    u = np.random.default_rng(1).random((MANY, 3))
    first = nearest_next(lists([[0, 1, 2]] * MANY, start=3, u=u), corridor, 3.0)[:, 0]
    weight = np.exp(-3 * np.array([40, 10, 20]) / (70 / 3))
    assert np.bincount(first) / MANY == pytest.approx(weight / weight.sum(), abs=4 * 0.5 / np.sqrt(MANY))


def test_the_next_choice_is_made_from_where_one_stands(corridor: Floor) -> None:
    """From the bay at 10 m, 10 and 30 m are left: d̄ = 20 m; the near one gets 1 / (1 + exp(-3)) of the choices."""
    u = np.column_stack((np.zeros(MANY), (np.arange(MANY) + 0.5) / MANY, np.zeros(MANY)))
    order = nearest_next(lists([[0, 1, 2]] * MANY, start=3, u=u), corridor, 3.0)
    assert (order[:, 0] == 1).all()
    assert (order[:, 1] == 2).mean() == pytest.approx(1 / (1 + np.exp(-3)), abs=1e-3)


def test_a_uniform_chooses_from_near_to_far(corridor: Floor) -> None:
    """The same customer makes the same kind of choice whatever the layout and the order of the list."""
    last = 1 - 2**-53
    for stops in ([0, 1, 2], [2, 1, 0]):
        near, far = (nearest_next(lists([stops], start=3, u=u), corridor, 3.0)[0] for u in (0.0, last))
        assert [stops[i] for i in near] == [1, 2, 0]
        assert stops[far[0]] == 0


def test_without_theta_every_order_is_as_likely(corridor: Floor) -> None:
    u = np.random.default_rng(2).random((6000, 3))
    orders = nearest_next(lists([[0, 1, 2]] * 6000, start=3, u=u), corridor, 1e-9)
    _, counts = np.unique(orders, axis=0, return_counts=True)
    assert len(counts) == 6
    assert counts / 6000 == pytest.approx(1 / 6, abs=0.02)


def test_stops_where_one_stands_already_are_no_trouble(corridor: Floor) -> None:
    assert sorted(nearest_next(lists([[1, 1, 1]], start=1), corridor, 3.0)[0]) == [0, 1, 2]


# Round the walls


def a_room(open_floor: Callable[..., Floor], till_x: float) -> Floor:
    """Bays by the south, east, north and west wall and in the middle of an aisle near the north; door at 40 m south."""
    bays = [(50.0, 1.0), (59.0, 20.0), (30.0, 39.0), (1.0, 20.0), (20.0, 30.0)]
    return open_floor(bays, [Door("main", "both", (40.0, 0.0))], [(till_x, 0.0)])


def test_the_perimeter_is_walked_the_way_round_that_meets_the_tills_last(open_floor: Callable[..., Floor]) -> None:
    list_ = lists([[0, 1, 2, 3, 4], [4, 3, 2, 1, 0]], start=5)
    tills_in_the_west = perimeter(list_, a_room(open_floor, 10.0), 3.0)
    assert tills_in_the_west.tolist() == [[0, 1, 2, 4, 3], [4, 3, 2, 0, 1]]
    tills_in_the_east = perimeter(list_, a_room(open_floor, 48.0), 3.0)
    assert tills_in_the_east.tolist() == [[3, 4, 2, 1, 0], [1, 0, 2, 3, 4]]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_perimeter_is_walked_once(small_ready: Ready, data: st.DataObject) -> None:
    """Projected on the walls (shapely), stops come in one direction and never past the door again."""
    floor = small_ready.shops[0].floor
    stops = data.draw(st.lists(st.integers(0, floor.places.bays - 1), min_size=1, max_size=12))
    door = floor.places.bays
    order = perimeter(lists([stops], start=door), floor, 3.0)[0].tolist()
    walls = shapely.LinearRing(floor.plan.outline)
    along = [walls.project(shapely.Point(floor.places.xy[stops[c]])) for c in order]
    from_door = (np.array(along) - walls.project(shapely.Point(floor.places.xy[door]))) % walls.length
    steps = np.diff(from_door)
    assert (steps >= -1e-6).all() or (steps <= 1e-6).all()


# The shortest tour


def test_the_shortest_tour_ends_at_the_nearest_checkout(open_floor: Callable[..., Floor]) -> None:
    """Door in the middle, one stop to either side, the only till in the east: go west first."""
    floor = open_floor([(55.0, 0.0), (10.0, 0.0)], [Door("main", "both", (30.0, 0.0))], [(60.0, 0.0)])
    assert shortest_tour(lists([[0, 1]], start=2), floor, 3.0).tolist() == [[1, 0]]
    two_tills = open_floor([(55.0, 0.0), (10.0, 0.0)], [Door("main", "both", (35.0, 0.0))], [(60.0, 0.0), (0.0, 0.0)])
    assert shortest_tour(lists([[0, 1]], start=2), two_tills, 3.0).tolist() == [[0, 1]]


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_shortest_tours_of_a_shop_are_near_the_best_and_beat_nearest_next(
    small_ready: Ready, data: st.DataObject
) -> None:
    floor = small_ready.shops[0].floor
    habit = data.draw(st.integers(0, 16))
    stops = data.draw(st.lists(st.integers(0, floor.places.bays - 1), min_size=1, max_size=8))
    door, way = floor.places.bays, [floor.places.bays, *stops]
    metres = floor.ways.distance_m[habit].astype(float)
    problem = metres[np.ix_(way, way)], metres[way, floor.places.bays + floor.places.doors :].min(axis=1)
    best = tour_m(held_karp(*problem), *problem)
    list_ = lists([stops], start=door, habit=habit)
    found, nearest = (
        walked_m(floor, route(list_, floor, EXACT)[0].tolist(), stops, door, habit)
        for route in (shortest_tour, nearest_next)
    )
    assert best - 1e-4 <= found <= 1.3 * best + 1e-4
    assert found <= nearest + 1e-4
    if len(stops) <= 5:
        assert found == pytest.approx(best, abs=1e-4)


# Every policy


@settings(max_examples=40, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("policy", ROUTES)
def test_every_policy_walks_every_list_to_its_end(small_ready: Ready, policy: str, data: st.DataObject) -> None:
    """Random lists of random lengths, some stops twice: each row is a permutation of its columns, then -1."""
    floor = small_ready.shops[0].floor
    stop = st.integers(0, floor.places.bays - 1)
    rows = data.draw(st.lists(st.lists(stop, min_size=1, max_size=9), min_size=1, max_size=5))
    u = np.random.default_rng(data.draw(st.integers(0, 99))).random((len(rows), max(map(len, rows))))
    order = ROUTES[policy](lists(rows, floor.places.bays, data.draw(st.integers(0, 16)), u), floor, 3.0)
    assert order.shape == u.shape
    for row, columns in zip(rows, order.tolist(), strict=True):
        assert sorted(columns[: len(row)]) == list(range(len(row)))
        assert set(columns[len(row) :]) <= {-1}


@pytest.mark.parametrize("policy", ROUTES)
def test_an_order_depends_on_the_customer_alone(small_ready: Ready, policy: str) -> None:
    """Not on who else follows the policy, nor on how long their lists are."""
    floor = small_ready.shops[0].floor
    u = np.random.default_rng(3).random((2, 9))
    rows = [[3, 17, 8, 1], [20, 2, 19, 4, 11, 7, 5, 13, 0]]
    together = ROUTES[policy](lists(rows, floor.places.bays, 5, u), floor, 3.0)
    alone = ROUTES[policy](lists(rows[:1], floor.places.bays, 5, u[:1, :4]), floor, 3.0)
    assert together[0, :4].tolist() == alone[0].tolist()


@pytest.mark.parametrize("policy", ROUTES)
def test_nobody_to_send_is_no_mistake(small_ready: Ready, policy: str) -> None:
    nobody = Lists(*(np.empty(0, dtype=np.int64),) * 2, np.empty((0, 3), dtype=np.int64), np.empty((0, 3)))
    assert ROUTES[policy](nobody, small_ready.shops[0].floor, 3.0).shape == (0, 3)
