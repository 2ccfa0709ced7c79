"""Do intervals of a two-stage run keep their coverage? Stein's half-width beside one recomputed from all replications.

10,000 experiments each of synthetic daily differences, with a true half-width asked for that 60 replications would
reach were their spread known. Columns: replications of the first stage, replications played in the mean, share of
intervals that cover the truth (Stein's; recomputed), share of the recomputed that are as narrow as asked.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from storesim.results.intervals import LEVEL, half_widths, t_quantile
from storesim.results.precision import needed

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, tuple[int, ...]], Floats]

EXPERIMENTS, AT_MOST = 10_000, 400
FIRST_STAGES = (2, 5, 10, 30)
REPLICATIONS = 60
"""That reach the half-width asked for, were the spread known."""


def normal(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    return rng.standard_normal(shape)


def skewed(skewness: float) -> Draw:
    """Return gamma variables with mean 0 and deviation 1."""
    k = 4 / skewness**2
    return lambda rng, shape: (rng.standard_gamma(k, shape) - k) / np.sqrt(k)


def main() -> None:
    shapes = {"normal": normal, "skewness 1": skewed(1), "skewness 3": skewed(3)}
    for name, draw in shapes.items():
        print(f"one difference, {name}; half-width an amount")
        for first in FIRST_STAGES:
            tell(first, draw(np.random.default_rng(first), (AT_MOST, EXPERIMENTS)))
    for spread in (0.05, 0.5):
        print(f"baseline alone, normal, deviation {spread:.0%} of its mean; half-width a share of its mean")
        for first in FIRST_STAGES:
            alone = normal(np.random.default_rng(first), (AT_MOST, EXPERIMENTS))
            tell(first, alone, mean=1 / spread + alone[:first].mean(axis=0), true_mean=1 / spread)
    print("four variants against a baseline, normal; all four intervals cover together")
    for first in FIRST_STAGES:
        days = normal(np.random.default_rng(first), (5, AT_MOST, EXPERIMENTS // 2)) / np.sqrt(2)
        tell_together(first, days[1:] - days[0])


def tell(first: int, values: Floats, mean: Floats | float = 1.0, true_mean: float = 1.0) -> None:
    """Print a line; values have shape (AT_MOST, experiments), mean 0 and deviation 1."""
    asked = asked_for(1) * np.abs(mean) / true_mean * np.ones(EXPERIMENTS)
    width = half_widths(values[:first])
    played = replications(width, asked, first)
    stein, recomputed, off = intervals(values, width, played, first)
    line(first, played, off <= stein, off <= recomputed, recomputed <= asked)


def tell_together(first: int, values: Floats) -> None:
    """Print a line; values have shape (variants, AT_MOST, experiments)."""
    widths = np.stack([half_widths(one[:first], len(values)) for one in values])
    asked = np.full(values.shape[2], asked_for(len(values)))
    played = replications(widths.max(axis=0), asked, first)
    found = [intervals(one, width, played, first, len(values)) for one, width in zip(values, widths, strict=True)]
    stein, recomputed = (np.all([one[2] <= one[k] for one in found], axis=0) for k in (0, 1))
    line(first, played, stein, recomputed, np.all([one[1] <= asked for one in found], axis=0))


def asked_for(comparisons: int) -> float:
    """Return the half-width that REPLICATIONS of deviation 1 reach, were it known."""
    return t_quantile(1_000_000, comparisons, LEVEL) / np.sqrt(REPLICATIONS)


def replications(widths: Floats, asked: Floats, first: int) -> NDArray[np.intp]:
    enough = (needed(width, half, first) or AT_MOST for width, half in zip(widths, asked, strict=True))
    return np.array([min(number, AT_MOST) for number in enough])


def intervals(
    values: Floats, width: Floats, played: NDArray[np.intp], first: int, comparisons: int = 1
) -> tuple[Floats, Floats, Floats]:
    """Return Stein's half-widths, the recomputed ones, and how far the means are off; shape (experiments,) each."""
    each = np.arange(len(played))
    total, squares = (np.cumsum(values**power, axis=0)[played - 1, each] for power in (1, 2))
    mean = total / played
    spread = np.sqrt(np.maximum(squares - played * mean**2, 0) / (played - 1))
    t = np.array([t_quantile(number, comparisons) for number in range(2, AT_MOST + 1)])[played - 2]
    return width * np.sqrt(first / played), t * spread / np.sqrt(played), np.abs(mean)


def line(first: int, played: NDArray[np.intp], *shares: NDArray[np.bool_]) -> None:
    words = (f"{share.mean():6.1%}" for share in shares)
    print(
        f"  first {first:2}  played {played.mean():5.0f}  Stein {{}}  recomputed {{}}  narrow enough {{}}".format(
            *words
        )
    )


if __name__ == "__main__":
    main()
