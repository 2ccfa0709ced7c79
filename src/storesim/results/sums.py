"""Sums by group, the workhorse of the tables."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def group_sums(group: NDArray[np.integer], values: ArrayLike, groups: int) -> Floats:
    """Return the sum of the values of each group, shape (groups,); 0 where a group is empty."""
    return np.asarray(np.bincount(group, weights=values, minlength=groups), dtype=np.float64)


def group_counts(group: NDArray[np.integer], groups: int) -> Floats:
    """Return the number of rows in each group, shape (groups,)."""
    return np.asarray(np.bincount(group, minlength=groups), dtype=np.float64)


def share(part: Floats, whole: ArrayLike) -> Floats:
    """Return part ÷ whole, row by row, shape of `part`; 0 where there is nothing to divide by."""
    wholes = np.broadcast_to(np.asarray(whole, dtype=np.float64), part.shape)
    return np.divide(part, wholes, out=np.zeros(part.shape), where=wholes != 0)
