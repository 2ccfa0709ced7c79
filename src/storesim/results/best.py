"""Comparison with the best: which variants may have the highest (or lowest) mean."""

from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import special

from storesim.results.intervals import LEVEL

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_NORMAL_X, _NORMAL_WEIGHT = special.roots_hermitenorm(64)
_UNIT_X, _UNIT_WEIGHT = special.roots_legendre(64)


def may_be_best(values: Floats, level: float = LEVEL) -> Bools:
    """Return which variants may have the highest mean; shape (variants, replications) -> (variants,).

    Multiple comparisons with the best under common random numbers (Nelson & Matejcik 1995): the set holds
    the true best with probability `level`. Differences between any two variants are taken to vary alike
    (sphericity). Variant i stays when mean_i >= highest mean - T S sqrt(2 / n), S² being what is left of the
    variance once variants and replications have their means, with (variants - 1)(n - 1) degrees of freedom.
    For the lowest, pass the values with the sign turned. With one replication nothing is ruled out.
    """
    variants, replications = values.shape
    if variants < 2 or replications < 2:
        return np.ones(variants, dtype=np.bool_)
    means = values.mean(axis=1)
    freedom = (variants - 1) * (replications - 1)
    left = values - means[:, None] - values.mean(axis=0) + values.mean()
    width = equicoordinate_t(variants - 1, freedom, level) * sqrt(2 * float((left**2).sum()) / freedom / replications)
    return np.asarray(means >= means.max() - width)


def equicoordinate_t(comparisons: int, freedom: int, level: float = LEVEL) -> float:
    """Return T with P(all t_i <= T) = level for as many Student variables with pairwise correlation 1/2."""
    from scipy import optimize  # takes a fifth of a second, and workers compare nothing

    low = float(special.stdtrit(freedom, level))
    if comparisons == 1:
        return low
    high = float(special.stdtrit(freedom, 1 - (1 - level) / comparisons))
    # Student's own and Bonferroni's quantiles enclose the root.
    return float(optimize.brentq(lambda t: _p_all_below(t, comparisons, freedom) - level, low, high, xtol=1e-8))


def _p_all_below(t: float, comparisons: int, freedom: int) -> float:
    """Return P(max t_i <= t): the integral over the shared normal part and the chi part."""
    chi2 = special.chdtri(freedom, 1 - (_UNIT_X + 1) / 2)
    limits = _NORMAL_X[:, None] + sqrt(2) * t * np.sqrt(chi2 / freedom)
    given_chi = (_NORMAL_WEIGHT / sqrt(2 * np.pi)) @ special.ndtr(limits) ** comparisons
    return float(given_chi @ _UNIT_WEIGHT / 2)
