"""Designs in which the effects of parameters do not mix."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storesim.experiment.design import ORDERS, hadamard, two_levels
from storesim.inputs.assumptions import ASSUMED


@pytest.mark.parametrize("order", ORDERS)
def test_a_hadamard_matrix_is_of_signs_and_orthogonal(order: int) -> None:
    matrix = hadamard(order)
    assert set(np.unique(matrix)) == {-1, 1}
    assert np.array_equal(matrix.T @ matrix, order * np.eye(order))
    assert (matrix[0] == 1).all()
    assert (matrix[:, 0] == 1).all()


@given(st.integers(1, ORDERS[-1] - 1))
def test_every_column_is_balanced_and_every_pair_meets_in_all_four_ways_equally(parameters: int) -> None:
    high = two_levels(parameters)
    sets = len(high)
    assert high.shape == (sets, parameters)
    together = high.astype(int).T @ high.astype(int)
    assert (np.diag(together) == sets / 2).all()
    apart = ~np.eye(parameters, dtype=bool)
    assert (together[apart] == sets / 4).all()


@pytest.mark.parametrize(
    ("parameters", "sets"), [(1, 4), (3, 4), (4, 8), (15, 16), (16, 20), (23, 24), (24, 32), (43, 44)]
)
def test_the_smallest_design_is_taken(parameters: int, sets: int) -> None:
    assert len(two_levels(parameters)) == sets


def test_a_main_effect_is_found_whatever_the_other_parameters_do() -> None:
    """What Plackett & Burman made it for: 26 effects from 32 sets, each exactly, when effects add up."""
    effects = np.random.default_rng(1).normal(size=26)
    high = two_levels(26)
    response = np.where(high, 0.5, -0.5) @ effects
    found = [response[column].mean() - response[~column].mean() for column in high.T]
    assert found == pytest.approx(effects)


def test_all_assumed_parameters_fit_and_one_too_many_is_refused() -> None:
    assert two_levels(len(ASSUMED)).shape[1] == len(ASSUMED)
    with pytest.raises(ValueError, match="48 parameters are too many; vary at most 47"):
        two_levels(48)
