"""Shortest tours against every order tried, one by one."""

from itertools import permutations

import numpy as np
import pytest

from storesim.behaviour.tour import ENUMERATED, held_karp, shortest_tour, shortest_tours, tour_m
from storesim.customers.population import Floats

Problem = tuple[Floats, Floats]


def in_a_store(stops: int, seed: int) -> Problem:
    """A door, stops and a till at random places of a room, and straight walks between them."""
    xy = np.random.default_rng(seed).random((stops + 2, 2)) * (44, 32)
    metres = np.linalg.norm(xy[:, None] - xy, axis=2)
    return metres[:-1, :-1], metres[:-1, -1]


def one_way(stops: int, seed: int) -> Problem:
    """The same with every way longer in one direction, as one-way areas make it."""
    distance, home = in_a_store(stops, seed)
    factor = np.random.default_rng(seed).uniform(1, 2, distance.shape)
    return distance * factor, home


def shortest_by_trying(problem: Problem) -> float:
    stops = range(1, len(problem[1]))
    return min(tour_m(list(order), *problem) for order in permutations(stops))


def nearest_next(distance: Floats) -> list[int]:
    left, way = list(range(1, len(distance))), [0]
    while left:
        way.append(min(left, key=lambda stop: distance[way[-1], stop]))
        left.remove(way[-1])
    return way[1:]


def test_the_length_of_a_tour_counts_the_way_in_and_the_way_out() -> None:
    distance = np.array([[0, 1, 2], [10, 0, 4], [20, 8, 0.0]])
    assert tour_m([1, 2], distance, np.array([99, 16, 32])) == 1 + 4 + 32
    assert tour_m([2, 1], distance, np.array([99, 16, 32])) == 2 + 8 + 16
    assert tour_m([], distance, np.array([99, 16, 32])) == 99


@pytest.mark.parametrize("kind", [in_a_store, one_way])
@pytest.mark.parametrize("stops", [1, 2, 4, 6])
def test_held_karp_is_as_short_as_the_best_order(kind: object, stops: int) -> None:
    for seed in range(5):
        problem = kind(stops, seed)  # type: ignore[operator]
        order = held_karp(*problem)
        assert sorted(order) == list(range(1, stops + 1))
        assert tour_m(order, *problem) == pytest.approx(shortest_by_trying(problem))


@pytest.mark.parametrize("kind", [in_a_store, one_way])
@pytest.mark.parametrize("stops", range(1, ENUMERATED + 1))
def test_tours_of_few_stops_are_exact_for_all_customers_at_once(kind: object, stops: int) -> None:
    problems = [kind(stops, seed) for seed in range(20)]  # type: ignore[operator]
    orders = shortest_tours(np.array([p[0] for p in problems]), np.array([p[1] for p in problems]))
    assert orders.shape == (20, stops)
    for order, problem in zip(orders.tolist(), problems, strict=True):
        assert tour_m(order, *problem) == pytest.approx(tour_m(held_karp(*problem), *problem))


def test_tours_of_many_stops_are_those_of_the_moves() -> None:
    problems = [in_a_store(9, seed) for seed in range(3)]
    orders = shortest_tours(np.array([p[0] for p in problems]), np.array([p[1] for p in problems]))
    assert orders.tolist() == [shortest_tour(*problem) for problem in problems]


@pytest.mark.parametrize(("kind", "at_least"), [(in_a_store, 0.9), (one_way, 0.8)])
def test_moves_nearly_always_find_the_best_order_of_up_to_eight_stops(kind: object, at_least: float) -> None:
    """150 tours: nine in ten are the best (fewer where every way has its own back), all are within 1 % together."""
    problems = [kind(3 + seed % 6, seed) for seed in range(150)]  # type: ignore[operator]
    found = np.array([tour_m(shortest_tour(*problem), *problem) for problem in problems])
    best = np.array([tour_m(held_karp(*problem), *problem) for problem in problems])
    assert (found >= best - 1e-9).all()
    assert (found <= best + 1e-6).mean() >= at_least
    assert found.sum() <= 1.01 * best.sum()


def test_nearest_next_alone_would_not_do() -> None:
    """Power of the test above: without the moves only some are the best."""
    problems = [in_a_store(3 + seed % 6, seed) for seed in range(150)]
    plain = np.array([tour_m(nearest_next(problem[0]), *problem) for problem in problems])
    best = np.array([tour_m(held_karp(*problem), *problem) for problem in problems])
    assert (plain <= best + 1e-6).mean() < 0.5


@pytest.mark.parametrize("kind", [in_a_store, one_way])
@pytest.mark.parametrize("stops", [2, 5, 12, 25])
def test_a_tour_is_never_longer_than_nearest_next(kind: object, stops: int) -> None:
    for seed in range(4):
        distance, home = kind(stops, seed)  # type: ignore[operator]
        order = shortest_tour(distance, home)
        assert sorted(order) == list(range(1, stops + 1))
        assert tour_m(order, distance, home) <= tour_m(nearest_next(distance), distance, home) + 1e-9


def test_stops_at_the_same_place_are_all_visited() -> None:
    distance = np.array([[0, 5, 5, 5], [5, 0, 0, 0], [5, 0, 0, 0], [5, 0, 0, 0.0]])
    assert sorted(shortest_tour(distance, np.full(4, 3.0))) == [1, 2, 3]


def test_nothing_to_fetch_is_no_tour() -> None:
    assert shortest_tour(np.zeros((1, 1)), np.array([7.0])) == []
