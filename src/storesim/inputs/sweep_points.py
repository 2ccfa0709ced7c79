"""The points of a sweep: which value each name has at each of them, the same for the same seed."""

from collections.abc import Callable, Mapping
from itertools import product
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from storesim.inputs.swept import Sweep, SweptValue

Floats = NDArray[np.float64]
Values = tuple[tuple[SweptValue, ...], ...]
"""A value for each point and name."""


def points(sweep: Sweep, seed: int) -> Values:
    """Return the values of all points, in the order in which they are played.

    Grid: every combination, the last name varying fastest. Latin hypercube: each name has one point in each of as
    many equal parts of its range as there are points. Sobol: see `saltelli`.
    """
    if sweep.design == "grid":
        return tuple(product(*(one.values for one in sweep.over)))
    low, high = np.array([(one.low, one.high) for one in sweep.over], dtype=np.float64).T
    unit = SAMPLES[sweep.design](sweep.size, len(low), _generator(seed))
    return tuple(map(tuple, np.clip(low + (high - low) * unit, low, high).tolist()))


def latin_hypercube(size: int, names: int, generator: np.random.Generator) -> Floats:
    """Return a scrambled Latin hypercube in the unit cube, shape (size, names)."""
    from scipy.stats import qmc  # half a second that a scenario without a sweep need not wait for

    return np.asarray(qmc.LatinHypercube(names, rng=generator).random(size))


def saltelli(size: int, names: int, generator: np.random.Generator) -> Floats:
    """Return the points of Sobol indices in the unit cube, shape (size * (names + 2), names); size is a power of 2.

    First a sample A, then B, both halves of one scrambled Sobol sequence; then for each name A with this column
    out of B (Saltelli and others 2010).
    """
    from scipy.stats import qmc

    both = np.asarray(qmc.Sobol(2 * names, rng=generator).random(size))
    a, b = both[:, :names], both[:, names:]
    mixed = np.repeat(a[None], names, axis=0)
    for column in range(names):
        mixed[column, :, column] = b[:, column]
    return np.concatenate((a, b, mixed.reshape(-1, names)))


SAMPLES: Mapping[str, Callable[[int, int, np.random.Generator], Floats]] = {
    "latin hypercube": latin_hypercube,
    "sobol": saltelli,
}


def _generator(seed: int) -> np.random.Generator:
    """Return numbers of the sweep's own, apart from those of any replication."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(crc32(b"sweep"),)))
