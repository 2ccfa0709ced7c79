"""Two-level designs in which every pair of parameters is varied independently (Plackett & Burman 1946)."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

PALEY: Mapping[int, int] = {12: 11, 20: 19, 24: 23, 44: 43, 48: 47}
"""Order -> the prime q with q + 1 = order and q = 3 mod 4, from whose squares Paley builds it."""
ORDERS = (4, 8, 12, 16, 20, 24, 32, 44, 48)
"""Numbers of sets to choose from; those that are not Paley's are powers of 2, built by Sylvester's doubling."""


def two_levels(parameters: int) -> NDArray[np.bool_]:
    """Return the settings of each set, shape (sets, parameters): True is high.

    Every column is high in half of the sets, and every two are high together in a quarter: main effects of
    different parameters do not mix. In the first set all are high.

    Raises:
        ValueError: there are more parameters than the largest design holds.
    """
    order = next((order for order in ORDERS if order > parameters), None)
    if order is None:
        raise ValueError(f"{parameters} parameters are too many; vary at most {ORDERS[-1] - 1}")
    return hadamard(order)[:, 1 : parameters + 1] > 0


def hadamard(order: int) -> NDArray[np.int64]:
    """Return a matrix of ±1 with orthogonal columns, shape (order, order); first row and column are all 1."""
    if order in PALEY:
        return _paley(PALEY[order])
    matrix = np.ones((1, 1), dtype=np.int64)
    while len(matrix) < order:
        matrix = np.kron(np.array([[1, 1], [1, -1]]), matrix)
    return matrix


def _paley(prime: int) -> NDArray[np.int64]:
    """Return the Hadamard matrix of order q + 1: I + S, with S of the quadratic characters of differences."""
    numbers = np.arange(prime)
    character = np.where(np.isin(numbers, numbers**2 % prime), 1, -1)
    character[0] = 0
    matrix = np.eye(prime + 1, dtype=np.int64)
    matrix[0, 1:] = 1
    matrix[1:, 0] = -1
    matrix[1:, 1:] += character[(numbers[None, :] - numbers[:, None]) % prime]
    return np.asarray(matrix * matrix[:, :1])
