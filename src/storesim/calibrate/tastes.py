"""How much customers of one mission differ in the departments they are drawn to, told by the baskets that have any."""

from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
from numpy.typing import NDArray

from storesim.calibrate.baskets import BasketLaw
from storesim.calibrate.propensities import Propensities
from storesim.customers import laws
from storesim.customers.propensity import inclusion_weights, panel
from storesim.customers.tastes import Tastes

Array = NDArray[np.float64]
LEAST_SD, MOST_SD = 0.05, 2.5
HALVINGS = 8
"""Of the range of deviations: to 0.01."""
ROUNDS = 10
"""Of finding weights: as the deviation moves little from halving to halving, near enough."""
DRAWN = 8192
"""Baskets of each mission: the share with a department is off by half a point at most."""
CELLS = 2_000_000
"""Products of baskets that are drawn at a time: memory does not grow with the number of products."""


def fit_tastes(
    db: duckdb.DuckDBPyConnection, propensities: Propensities, baskets: Sequence[BasketLaw]
) -> Mapping[str, float]:
    """Return department -> deviation with which as many baskets as in table `sale` have anything of it.

    The deviation is that of the log of a customer's factor on all products of the department, rounded to 0.01;
    departments with a single product, or that customers do not differ in, are left out.

    Given what is bought how often, and basket sizes, the more customers differ the fewer baskets share it. Baskets
    are drawn as `customers.draw` draws those that customers intend.
    """
    names = [name for name in dict.fromkeys(propensities.departments) if propensities.departments.count(name) > 1]
    members = [np.flatnonzero(np.array(propensities.departments) == name) for name in names]
    observed = _observed(db, names)
    low, high = np.zeros(len(names)), np.full(len(names), MOST_SD)
    for _ in range(HALVINGS):
        sd = (low + high) / 2
        tastes = Tastes(names, sd, members, len(propensities.products))
        spread = _expected(propensities, baskets, tastes) > observed
        low, high = np.where(spread, sd, low), np.where(spread, high, sd)
    found = {name: round(float(value), 2) for name, value in zip(names, (low + high) / 2, strict=True)}
    return {name: sd for name, sd in found.items() if sd > LEAST_SD}


def _observed(db: duckdb.DuckDBPyConnection, names: Sequence[str]) -> Array:
    rows = db.execute("""
        SELECT department, count(DISTINCT basket) / (SELECT count(*) FROM basket) FROM sale GROUP BY 1""").fetchall()
    shares = {str(name): float(share) for name, share in rows}
    return np.array([shares[name] for name in names])


def _expected(propensities: Propensities, baskets: Sequence[BasketLaw], tastes: Tastes) -> Array:
    """Return the share of baskets with anything of each department, shape (departments,)."""
    everybody = np.ones((1, len(propensities.products)))
    visits = propensities.baskets / propensities.baskets.sum()
    found = np.zeros(len(tastes.names))
    for law in baskets:
        mission = propensities.missions.index(law.mission)
        target = propensities.penetration[mission]
        weight = inclusion_weights(target, panel(everybody, np.ones(1), law.observed, tastes), ROUNDS)
        found += visits[mission] * _share_with(weight, law.observed, tastes)
    return found


def _share_with(weight: Array, sizes: Array, tastes: Tastes) -> Array:
    """Return the share of baskets, drawn with the same uniforms every time, with any of a department, shape (d,)."""
    rng = np.random.default_rng(0)
    size = laws.pick(rng.random(DRAWN), sizes)
    u = rng.random((DRAWN, len(tastes.names)))
    found = np.zeros(len(tastes.names))
    for part in np.array_split(np.arange(DRAWN), -(-DRAWN * len(weight) // CELLS)):
        held = _drawn(weight * tastes.factors(u[part]), size[part], rng)
        found += [held[:, of].any(axis=1).sum() for of in tastes.members]
    return found / DRAWN


def _drawn(rate: Array, size: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.bool_]:
    """Return baskets drawn by weight without replacement, shape (baskets, products): a race of exponential clocks."""
    with np.errstate(divide="ignore"):
        clock = rng.exponential(size=rate.shape) / rate
    last = np.sort(clock, axis=1)[np.arange(len(size)), np.minimum(size, rate.shape[1] - 1)]
    return np.asarray((clock <= last[:, None]) & np.isfinite(clock))
