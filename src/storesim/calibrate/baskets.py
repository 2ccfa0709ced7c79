"""How many different products a visit buys: the observed law of each mission, and how well a formula follows it."""

from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaln

from storesim.calibrate.privacy import LEAST, WHO, Withheld, runs

Array = NDArray[np.float64]
CLOSE = 0.02
"""Kolmogorov-Smirnov distance up to which the formula is used (the bar that a store of it must meet)."""
MEAN_BOUNDS = SIZE_BOUNDS = (-7.0, 7.0)
"""Of the logs of mean and size: a law on a bound is no law, and its distance says so."""


@dataclass(frozen=True)
class BasketLaw:
    """Number of different products in a basket of one mission."""

    mission: str
    observed: Array
    """P(1, 2, … products), shape (n,)."""

    mean: float
    """Of the negative binomial before truncation."""

    size: float
    """Its dispersion r: variance = mean + mean² / size."""

    fitted: Array
    """The zero-truncated negative binomial on the same numbers; the last one takes the tail, shape (n,)."""

    ks: float
    """Largest difference of the two distribution functions."""

    baskets: int

    solved: Array | None = None
    """Law of intended sizes that gives the observed ones in a simulated store, shape (n,); None: no store."""

    @property
    def uses_formula(self) -> bool:
        """Whether the formula is what gets written."""
        return self.ks <= CLOSE

    @property
    def written(self) -> Array:
        """The law that a store is to be played with, shape (n,)."""
        if self.solved is not None:
            return self.solved
        return self.fitted if self.uses_formula else self.observed

    @property
    def why(self) -> str:
        """Which law is written and why."""
        if self.solved is not None:
            return "law of intended baskets, solved so that the simulated store gives the observed law"
        if self.uses_formula:
            return f"zero-truncated negative binomial: KS distance {self.ks:.3f} from the observed law"
        return f"observed law: a zero-truncated negative binomial is off by KS {self.ks:.3f}, above {CLOSE}"


def fit_baskets(
    db: duckdb.DuckDBPyConnection, least: int = LEAST
) -> tuple[tuple[BasketLaw, ...], tuple[Withheld, ...]]:
    """Return the basket law of each mission in table `basket`.

    Neighbouring numbers that fewer than `least` customers share are spread evenly, so that no single trolley shows.
    """
    rows = db.execute(f"""
        SELECT mission, categories, count(*), count(DISTINCT {WHO}) FROM basket GROUP BY ALL ORDER BY ALL""").fetchall()
    laws, spread = [], 0
    for mission in dict.fromkeys(row[0] for row in rows):
        of = [row for row in rows if row[0] == mission]
        counts, people = np.zeros((2, max(row[1] for row in of)))
        for _, categories, count, customers in of:
            counts[categories - 1], people[categories - 1] = count, customers
        group = runs(people, least)
        spread += int((np.bincount(group)[group] > 1)[counts > 0].sum())
        laws.append(basket_law(mission, _spread(counts, group)))
    withheld = Withheld("numbers of products in a basket", spread, "spread over neighbouring numbers")
    return tuple(laws), (withheld,) if spread else ()


def _spread(counts: Array, group: NDArray[np.int64]) -> Array:
    return (np.bincount(group, counts) / np.bincount(group))[group]


def basket_law(mission: str, counts: Array) -> BasketLaw:
    """Return the law of one mission from the baskets with 1, 2, … products, shape (n,)."""
    observed = counts / counts.sum()
    mean, size = _fit(counts)
    fitted = np.exp(_log_p(np.arange(1, len(counts) + 1), mean, size))
    fitted[-1] += max(1 - fitted.sum(), 0.0)
    fitted /= fitted.sum()
    ks = float(np.abs(np.cumsum(observed) - np.cumsum(fitted)).max())
    return BasketLaw(mission, observed, mean, size, fitted, ks, round(counts.sum()))


def _fit(counts: Array) -> tuple[float, float]:
    """Return mean and size of greatest likelihood; bounded, because some laws drive the size to 0 or to infinity."""
    number = np.arange(1, len(counts) + 1)
    average = float(number @ counts / counts.sum())

    def loss(logs: Array) -> float:
        return -float(counts @ _log_p(number, *np.exp(logs))) / float(counts.sum())

    start = np.log([max(average - 0.5, 0.1), 2.0])
    found = minimize(loss, start, method="L-BFGS-B", bounds=[MEAN_BOUNDS, SIZE_BOUNDS])
    mean, size = np.exp(found.x)
    return float(mean), float(size)


def _log_p(number: NDArray[np.int64], mean: float, size: float) -> Array:
    """Return log P(number | at least one), shape (n,)."""
    log_zero = -size * np.log1p(mean / size)
    plain = (
        gammaln(number + size) - gammaln(size) - gammaln(number + 1) + log_zero + number * np.log(mean / (mean + size))
    )
    return np.asarray(plain - np.log(-np.expm1(log_zero)))
