"""Sobol indices: how much of the variance of a response each swept name brings, alone and with the others."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
RESAMPLES = 400
SEED = 1
"""Of the bootstrap: the same points give the same intervals."""
LEVEL = 0.95


@dataclass(frozen=True, eq=False)
class Indices:
    """Indices and the ends of their intervals, shape (3, outputs, names) each: value, low, high.

    Nan where an output does not vary.
    """

    first: Floats
    """Share of the variance that a name brings by itself, averaged over the others."""
    total: Floats
    """Share that it brings by itself and together with others."""


def sobol_indices(outputs: Floats, names: int) -> Indices:
    """Return the indices of Saltelli and others 2010, with 95 % percentile intervals from resampling base points.

    Args:
        outputs: shape (points, outputs), at the points of `saltelli` in their order.
        names: how many are swept.

    Raises:
        ValueError: there are not n * (names + 2) points for n a power of 2.
    """
    size, left = divmod(len(outputs), names + 2)
    if left:
        raise ValueError(f"{len(outputs)} points are no multiple of {names + 2}")
    blocks = np.moveaxis(outputs.reshape(names + 2, size, -1), 1, 2)
    found = np.stack(_indices(blocks))
    generator = np.random.default_rng(SEED)
    again = np.array([_indices(blocks[..., generator.integers(size, size=size)]) for _ in range(RESAMPLES)])
    known = np.isfinite(found)
    ends = np.full((2, *found.shape), np.nan)
    ends[:, known] = np.nanquantile(again[:, known], [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    both = np.concatenate((found[None], ends))
    return Indices(both[:, 0], both[:, 1])


def _indices(blocks: Floats) -> tuple[Floats, Floats]:
    """Return both indices, shape (outputs, names) each; blocks have shape (names + 2, outputs, base points).

    Nan where A and B do not vary: there is no variance to share out, but for rounding.
    """
    from scipy import stats  # half a second that a run without a sweep need not wait for

    parts: dict[Literal["f_A", "f_B", "f_AB"], Floats] = {"f_A": blocks[0], "f_B": blocks[1], "f_AB": blocks[2:]}
    found = stats.sobol_indices(func=parts, n=blocks.shape[-1])
    shape = (blocks.shape[1], len(blocks) - 2)
    first, total = (np.reshape(index, shape) for index in (found.first_order, found.total_order))
    constant = np.ptp(blocks[:2], axis=(0, 2)) == 0
    first[constant], total[constant] = np.nan, np.nan
    return first, total
