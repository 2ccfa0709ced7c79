"""Paired differences across replications: means, half-widths, verdicts."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isnan, nan, sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
Verdict = Literal["higher", "lower", "same", "undecided"]

LEVEL = 0.95
MOST_REPLICATIONS = 100_000
"""Beyond this many more, more replications are no advice."""


@dataclass(frozen=True)
class Interval:
    """A confidence interval of a mean over replications; the half-width is nan with a single replication."""

    mean: float
    half_width: float
    replications: int

    @property
    def low(self) -> float:
        """Lower end."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """Upper end."""
        return self.mean + self.half_width


def mean_interval(values: ArrayLike, comparisons: int = 1, level: float = LEVEL) -> Interval:
    """Return the t interval of the mean of independent replications, shape (replications,).

    With `comparisons` > 1 the interval is widened so that as many of them hold together with probability
    `level` (Bonferroni). One replication has a mean but no interval.

    Raises:
        ValueError: there are no replications.
    """
    array = np.asarray(values, dtype=np.float64)
    if not len(array):
        raise ValueError("an interval needs at least one replication")
    half_width = half_widths(array[:, None], comparisons, level)
    return Interval(float(array.mean()), float(half_width[0]), len(array))


def two_stage_interval(values: ArrayLike, first_stage: int, comparisons: int = 1, level: float = LEVEL) -> Interval:
    """Return the interval of a mean when the spread of the first replications decided how many were played in all.

    Stein (1945): the mean is that of all, shape (replications,), but standard deviation and Student's quantile are
    those of the first stage. Of normal values it holds with exactly `level`, which the usual interval then does not:
    where the first stage happens to vary little, few more are played, and the spread of all looks small with it.
    With no more replications than the first stage it is the usual interval.
    """
    array = np.asarray(values, dtype=np.float64)
    first = mean_interval(array[:first_stage], comparisons, level)
    shrunk = first.half_width * sqrt(first.replications / len(array))
    return Interval(float(array.mean()), shrunk, len(array))


def paired_difference(values: ArrayLike, baseline: ArrayLike, comparisons: int = 1, level: float = LEVEL) -> Interval:
    """Return the interval of values - baseline, replication by replication; both of shape (replications,)."""
    return mean_interval(np.subtract(values, baseline), comparisons, level)


def jackknife(
    value: Callable[[Floats], float], observed: Floats, comparisons: int = 1, level: float = LEVEL
) -> Interval:
    """Return the interval of a function of means, by leaving out one replication at a time (Tukey 1958).

    Args:
        value: from means, shape (numbers,), to a number: a ratio, a slope, …
        observed: shape (replications, numbers), at least 2 replications.
        comparisons: intervals that hold together with probability `level` (Bonferroni).
        level: of confidence.
    """
    n, total = len(observed), observed.sum(axis=0)
    whole = value(total / n)
    pseudo = n * whole - (n - 1) * np.array([value((total - row) / (n - 1)) for row in observed])
    return Interval(whole, float(half_widths(pseudo[:, None], comparisons, level)[0]), n)


def half_widths(values: Floats, comparisons: int = 1, level: float = LEVEL) -> Floats:
    """Return the half-widths of the means over the first axis, shape (replications, rows) -> (rows,).

    Nan with one replication; exactly 0 where a row's values are all equal.
    """
    replications = len(values)
    if replications < 2:
        return np.full(values.shape[1:], nan)
    deviation = values.std(axis=0, ddof=1)
    deviation[np.ptp(values, axis=0) == 0] = 0.0  # rounding of the mean must not make a constant uncertain
    return np.asarray(t_quantile(replications, comparisons, level) * deviation / sqrt(replications))


def t_quantile(replications: int, comparisons: int = 1, level: float = LEVEL) -> float:
    """Return the two-sided Student quantile of a mean, shared out over the comparisons."""
    return float(special.stdtrit(replications - 1, 1 - (1 - level) / (2 * comparisons)))


def verdict(difference: Interval, margin: float) -> Verdict:
    """Return what the interval says of a difference; `margin` is what still counts as the same, >= 0.

    'same' wins when the whole interval lies inside ± margin, even if it excludes 0; without an interval
    nothing is decided.
    """
    if isnan(difference.half_width):
        return "undecided"
    if -margin <= difference.low and difference.high <= margin:
        return "same"
    if difference.low > 0:
        return "higher"
    return "lower" if difference.high < 0 else "undecided"


def more_replications(difference: Interval, margin: float, comparisons: int = 1) -> int | None:
    """Return about how many more replications would decide, were mean and spread to stay as they are.

    The half-width shrinks with t / sqrt(n); it is small enough once it excludes 0 or fits into the margin.
    None when one replication tells nothing of the spread, or when over 100,000 more would be needed.
    """
    needed, now = _telling(difference, margin), difference.replications
    if isnan(difference.half_width) or needed <= 0:
        return None
    spread = difference.half_width * sqrt(now) / t_quantile(now, comparisons)
    normal = float(special.ndtri(1 - (1 - LEVEL) / (2 * comparisons)))
    if spread * normal >= needed * sqrt(now + MOST_REPLICATIONS):
        return None
    return _smallest(now, spread / needed, comparisons) - now


def more_after_first_stage(difference: Interval, margin: float) -> int | None:
    """Return about how many more replications would decide, of a `two_stage_interval`, were its mean to stay.

    Its half-width shrinks with 1 / sqrt(n). None as for `more_replications`.
    """
    needed, now = _telling(difference, margin), difference.replications
    if isnan(difference.half_width) or needed <= 0:
        return None
    wanted = now * (difference.half_width / needed) ** 2
    return int(wanted) + 1 - now if wanted < now + MOST_REPLICATIONS else None


def _telling(difference: Interval, margin: float) -> float:
    """Return below which a half-width decides: it excludes 0, or fits into the margin."""
    size = abs(difference.mean)
    return max(size, margin - size)


def _smallest(above: int, ratio: float, comparisons: int) -> int:
    """Return the smallest n > above with t(n) * ratio < sqrt(n), by bisection."""
    low, high = above, above + MOST_REPLICATIONS
    while high - low > 1:
        middle = (low + high) // 2
        enough = t_quantile(middle, comparisons) * ratio < sqrt(middle)
        low, high = (low, middle) if enough else (middle, high)
    return high


def percent_of(part: float, whole: float) -> float:
    """Return part as a percentage of |whole|; 0 when part is 0, nan when only the whole is."""
    if part == 0:
        return 0.0
    return 100 * part / abs(whole) if whole else nan
