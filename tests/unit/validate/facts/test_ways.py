"""How much of a floor customers cross, and by which end they leave an aisle."""

from dataclasses import replace

import numpy as np
import pytest

from storesim.results.day import Day
from storesim.validate.facts.ways import covered, excursions, samples
from storesim.validate.stores import ready, twelve_aisles

AISLES = np.array([(1 + 3.2 * i, 10.0, 3.2 + 3.2 * i, 24.0) for i in range(12)])


@pytest.fixture(scope="module")
def days() -> tuple[Day, Day]:
    """A day with two-way aisles, and the same with one-way aisles."""
    scenario = twelve_aisles()
    store = ready(replace(scenario, cases=scenario.cases[:2]))
    population = store.population(0)
    return store.play(0, population, 0), store.play(1, population, 0)


def test_points_lie_along_the_edges_half_a_metre_apart(days: tuple[Day, Day]) -> None:
    ways, points = days[0].floor.ways, samples(days[0].floor)
    assert np.array_equal(np.bincount(points.edge), np.maximum(1, np.ceil(ways.edge_m / 0.5)))
    edge = int(ways.edge_m.argmax())
    own = points.xy_m[points.edge == edge]
    assert own.mean(axis=0) == pytest.approx(
        (ways.vertex_xy[ways.edge_start[edge]] + ways.vertex_xy[ways.edge_end[edge]]) / 2
    )


def test_in_one_big_cell_everybody_covers_all(days: tuple[Day, Day]) -> None:
    assert np.array_equal(covered(days[0], (1000.0, 1000.0)), np.ones(len(days[0].population)))


def test_nobody_crosses_more_cells_than_the_metres_walked_allow(days: tuple[Day, Day]) -> None:
    """A way of w metres crosses at most w / width + w / depth + 1 cells, and one more where it begins anew."""
    for day in days:
        shares = covered(day, (2.0, 2.0))
        columns = np.unique(np.floor(samples(day.floor).xy_m / 2.0), axis=0)
        assert np.all(shares * len(columns) <= day.trips.walked_m + 2)
        assert np.all(shares > 0)


def test_nobody_leaves_a_one_way_aisle_where_it_was_entered(days: tuple[Day, Day]) -> None:
    two_way, one_way = (excursions(day, AISLES) for day in days)
    assert one_way[0] > 0
    assert one_way[1] == 0
    assert 0 < two_way[1] < two_way[0]
