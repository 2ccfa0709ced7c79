"""The laws customers are drawn from, each inverted: one uniform in, one value out."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from storesim.customers.population import Floats, Ints

SPEED_RANGE_M_S = (0.5, 1.5)


def poisson(u: float, mean: float) -> int:
    """Return the smallest n with P(N <= n) >= u for N ~ Poisson(mean)."""
    most = int(mean + 12 * np.sqrt(mean) + 30)
    return int(np.searchsorted(special.pdtr(np.arange(most), mean), u))


def pick(u: Floats, shares: NDArray[np.float64]) -> Ints:
    """Return the index that each uniform picks from shares that sum to 1 (shape (n,) from (n,))."""
    edges = np.cumsum(shares)
    return np.minimum(np.searchsorted(edges, u, side="right"), len(shares) - 1)


def arrival_s(u: Floats, hours: tuple[float, ...], opens_s: float, closes_s: float) -> Floats:
    """Return times of arrival in seconds after opening, by inverting the hour profile within opening hours.

    The profile is constant within an hour; an hour that is open in part counts in part. A profile with no
    weight inside the opening hours is taken as flat.
    """
    edges = np.unique(np.clip(np.concatenate((np.arange(25) * 3600.0, [opens_s, closes_s])), opens_s, closes_s))
    rate = np.asarray(hours)[(edges[:-1] // 3600).astype(int)]
    weight = rate * np.diff(edges)
    weight = weight if weight.sum() > 0 else np.diff(edges)
    cumulative = np.concatenate(([0.0], np.cumsum(weight) / weight.sum()))
    return np.asarray(np.interp(u, cumulative, edges) - opens_s)


def speed_m_s(u: Floats, mean: Floats, deviation: float) -> Floats:
    """Return walking speeds: normal, cut to 0.5 to 1.5 m/s (assumed; 1.34 is walking freely, not shopping)."""
    low, high = (special.ndtr((bound - mean) / deviation) for bound in SPEED_RANGE_M_S)
    return np.asarray(mean + deviation * special.ndtri(low + u * (high - low)))


def lognormal(u: Floats, mean: float, sigma: float) -> Floats:
    """Return a lognormal value with the given mean and log deviation."""
    return np.asarray(mean * np.exp(sigma * special.ndtri(u) - sigma**2 / 2))


def patience_s(u: Floats, scale_s: Floats) -> Floats:
    """Return the longest wait borne: P(leave by W) = 1 - exp(-(W / scale)²), 10 % at 4 minutes for 738 s."""
    return np.asarray(scale_s * np.sqrt(-np.log1p(-u)))


def units(u: ArrayLike, mean: ArrayLike) -> Ints:
    """Return units bought, at least 1: geometric with the given mean (>= 1), the zero-truncated law of least fuss.

    The smallest k with 1 - (1 - 1/mean)^k >= u; mean 1 gives 1.
    """
    stay = 1.0 - 1.0 / np.maximum(mean, 1.0 + 1e-12)
    return np.asarray(np.maximum(1, np.ceil(np.log1p(-np.asarray(u)) / np.log(stay))), dtype=np.int64)
