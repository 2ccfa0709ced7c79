"""The cost field of walking habits."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from storesim.inputs.floor_plan import FloorPlan, Sign
from storesim.inputs.parameters import Parameters
from storesim.store.build import build_floor
from storesim.store.clip import convex_pieces, share_inside, touching
from storesim.store.habits import FIELDS, habit_costs, interpolated_noise, noise_field, sample_edges
from storesim.store.visibility import Network

KNOWN, NEW = slice(1, 1 + FIELDS), slice(1 + FIELDS, 1 + 2 * FIELDS)
"""Maps of low and of full noise."""
SQUARE = ((0.0, 0.0), (40.0, 0.0), (40.0, 40.0), (0.0, 40.0))


def walks(*ends: tuple[tuple[float, float], tuple[float, float]]) -> Network:
    xy = np.array(ends, dtype=float).reshape(-1, 2)
    low = np.arange(0, len(xy), 2)
    open_way = np.ones(len(low), dtype=bool)
    return Network(
        xy, low, low + 1, np.hypot(*(xy[low + 1] - xy[low]).T), open_way, open_way, np.ones(len(xy), dtype=bool)
    )


def test_edges_are_sampled_in_the_middle_of_equal_steps_of_half_a_metre_at_most() -> None:
    edge, xy, step = sample_edges(np.array([[0.0, 0.0], [5.0, 5.0]]), np.array([[1.2, 0.0], [5.0, 5.0]]))
    assert edge.tolist() == [0, 0, 0, 1]
    np.testing.assert_allclose(xy[:, 0], [0.2, 0.6, 1.0, 5.0])
    np.testing.assert_allclose(step, [0.4, 0.4, 0.4, 0.0])


def test_the_field_has_mean_0_variance_1_and_the_correlation_length_asked_for() -> None:
    x, y = np.meshgrid(np.arange(0, 60, 4.0), np.arange(0, 60, 4.0))
    fields = np.stack([noise_field(x, y, seed, 0, 4.0) for seed in range(300)])
    assert fields.mean() == pytest.approx(0, abs=0.05)
    assert fields.std() == pytest.approx(1, abs=0.05)
    at_one_length = (fields[:, :, 1:] * fields[:, :, :-1]).mean()
    assert at_one_length == pytest.approx(np.exp(-0.5), abs=0.05)


def test_the_lattice_follows_the_field() -> None:
    xy = np.random.default_rng(1).uniform(0, 40, (500, 2))
    exact = np.stack([noise_field(*xy.T, 7, field, 4.0) for field in range(FIELDS)])
    assert np.abs(np.stack(list(interpolated_noise(xy, 7, 4.0))) - exact).max() < 0.02


def test_a_cost_belongs_to_the_place_whatever_else_stands_in_the_plan() -> None:
    alone = habit_costs(walks(((10, 10), (17, 13))), SQUARE, Parameters(), 3)
    among = habit_costs(walks(((0, 1), (30, 35)), ((10, 10), (17, 13)), ((5, 5), (6, 39))), SQUARE, Parameters(), 3)
    np.testing.assert_array_equal(alone[:, 0], among[:, 1])


def test_low_and_full_noise_use_the_same_fields() -> None:
    """On a walk of one sample cost = metres · exp(σ ε): the logarithms are as 1 to 2."""
    cost = habit_costs(walks(((20, 20), (20.4, 20))), SQUARE, Parameters(habit_sigma_known=0.2, habit_sigma=0.4), 3)
    logs = np.log(cost[:, 0] / 0.4)
    assert logs[0] == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(2 * logs[1 : 1 + FIELDS], logs[1 + FIELDS :])
    assert len(np.unique(logs)) == 1 + 2 * FIELDS


def test_within_3_m_of_the_walls_walking_is_cheaper_by_the_pull() -> None:
    calm = Parameters(habit_sigma=0, habit_sigma_known=0, perimeter_pull=0.6)
    cost = habit_costs(walks(((5, 2.9), (9, 2.9)), ((5, 3.1), (9, 3.1)), ((20, 0), (20, 6))), SQUARE, calm, 3)
    np.testing.assert_allclose(cost[0], [4, 4, 6])
    np.testing.assert_allclose(cost[1], [2.4, 4, 3 * 0.6 + 3])


def test_a_sign_takes_its_share_of_the_noise_where_it_can_be_read_and_changes_nothing_elsewhere() -> None:
    """Walks of one sample: inside, on the border and outside; the logarithm of the cost is half of what it was."""
    some = walks(((20, 20), (20.4, 20)), ((24, 10), (24, 10.4)), ((24.1, 10), (24.1, 10.4)))
    calm, board = Parameters(sign_effect=0.5), Sign("board", ((16.0, 8.0), (24.0, 8.0), (24.0, 24.0), (16.0, 24.0)))
    before, after = (habit_costs(some, SQUARE, calm, 3, signs) for signs in ((), (board,)))
    np.testing.assert_allclose(np.log(after[1:, :2] / 0.4), 0.5 * np.log(before[1:, :2] / 0.4))
    np.testing.assert_array_equal(after[:, 2], before[:, 2])
    np.testing.assert_array_equal(after[0], before[0])


def test_signs_that_overlap_count_once_and_one_without_effect_is_none() -> None:
    some = walks(((20, 20), (20.4, 20)), ((3, 30), (9, 33)))
    board = Sign("board", SQUARE)
    once, twice = (habit_costs(some, SQUARE, Parameters(), 3, (board,) * count) for count in (1, 2))
    np.testing.assert_array_equal(once, twice)
    plain, useless = (habit_costs(some, SQUARE, Parameters(sign_effect=1), 3, signs) for signs in ((), (board,)))
    np.testing.assert_array_equal(plain, useless)


def test_under_signs_people_walk_more_nearly_the_shortest_way(market: FloorPlan, parameters: Parameters) -> None:
    """Walked metres over shortest metres between all places of a market, signs all over it and none.

    Walls do not pull here: signs leave that detour alone.
    """
    calm = parameters.model_copy(update={"perimeter_pull": 1.0})
    whole = replace(market, signs=(Sign("everywhere", market.outline),))
    detour = {}
    for plan in (market, whole):
        metres = build_floor(plan, calm, 1).ways.distance_m.astype(float)
        detour[len(plan.signs)] = [metres[maps].sum() / metres[0].sum() / FIELDS - 1 for maps in (KNOWN, NEW)]
    for without_m, with_m in zip(detour[0], detour[1], strict=True):
        assert 0 < with_m < 0.8 * without_m


def test_segments_against_a_shape_that_is_not_convex() -> None:
    """The U opens upwards: a segment across its opening does not touch it."""
    u_shape = convex_pieces(shapely.Polygon([(0, 0), (3, 0), (3, 3), (2, 3), (2, 1), (1, 1), (1, 3), (0, 3)]))
    start, end = np.array([[1.1, 2.0], [-1.0, 2.0], [0.5, 4.0]]), np.array([[1.9, 2.0], [4.0, 2.0], [2.5, 4.0]])
    assert touching(u_shape, start, end).tolist() == [False, True, False]
    np.testing.assert_allclose(share_inside(u_shape, start, end), [0, 2 / 5, 0])
