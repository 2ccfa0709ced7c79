"""Poisson regression with fixed effects, for every product at once: what a price or a display does to units."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
PRIOR_SD = 3.0
"""Standard deviation of what a slope is before data are seen, around 0: it bounds slopes that no data speak of."""
MOST_STEPS = 100
LONGEST_STEP = 1.0
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Panel:
    """Cells (n) in which units were sold, of owners (o) that have slopes of their own.

    A group is a set of an owner's cells that share a fixed effect; only differences within it count.
    """

    units: Array
    """Units sold, shape (n,); zeros belong in it."""

    exposure: Array
    """What units are in proportion to, e.g. visits, shape (n,)."""

    x: Array
    """What may move units, shape (n, d)."""

    group: Codes
    """Fixed effect of each cell, shape (n,)."""

    owner: Codes
    """Owner of each cell, shape (n,); the same within a group."""

    cluster: Codes
    """Cells of one cluster may be alike by chance, shape (n,); the same owner within a cluster."""

    owners: int
    """Number of owners, with or without cells."""


@dataclass(frozen=True)
class Slopes:
    """Change of log units per unit of x, for each owner, shape (o, d), with robust standard errors."""

    value: Array
    standard_error: Array
    clusters: Codes
    """Clusters that bear on an owner, shape (o,)."""


def fit(panel: Panel, common: Codes | None = None) -> Slopes:
    """Return the slopes of greatest Poisson likelihood, standard errors clustered (sandwich).

    units ~ Poisson(exposure × exp(effect of the group + x · slope of the owner [+ effect of `common`])). Unlike least
    squares on logs this keeps weeks without a sale, and units need not be Poisson for the slopes to be right (Santos
    Silva & Tenreyro 2006). `common` are effects that all owners share, such as weeks; they alternate with the slopes
    until both stand still.
    """
    slopes = np.zeros((panel.owners, panel.x.shape[1]))
    shared = np.zeros(1 if common is None else int(common.max()) + 1)
    place = np.zeros(len(panel.units), dtype=np.int64) if common is None else common
    for _ in range(MOST_STEPS):
        expected = _expected(panel, slopes, shared[place])
        change = _step(panel, expected, slopes)
        slopes = slopes + change
        moved = np.abs(change).max()
        if common is not None:
            by_place = _sums(place, _expected(panel, slopes, shared[place])[:, None], len(shared))[:, 0]
            sold = _sums(place, panel.units[:, None], len(shared))[:, 0]
            update = np.log(np.maximum(sold, 1e-9) / np.maximum(by_place, 1e-9))
            shared, moved = shared + update, max(moved, np.abs(update - update.mean()).max())
        if moved < TOLERANCE:
            break
    return _with_errors(panel, slopes, _expected(panel, slopes, shared[place]))


def _expected(panel: Panel, slopes: Array, shared: Array) -> Array:
    """Return expected units of each cell, where each group's effect makes its total right."""
    log_rate = (panel.x * slopes[panel.owner]).sum(axis=1) + shared
    rate = panel.exposure * np.exp(np.clip(log_rate, -30, 30))
    groups = int(panel.group.max()) + 1
    total = _sums(panel.group, np.column_stack([panel.units, rate]), groups)
    return np.asarray(rate * (total[:, 0] / np.maximum(total[:, 1], 1e-300))[panel.group])


def _step(panel: Panel, expected: Array, slopes: Array) -> Array:
    """Return one bounded Newton step for each owner, shape (o, d)."""
    within = _within(panel, expected)
    slope = _sums(panel.owner, within * (panel.units - expected)[:, None], len(slopes)) - slopes / PRIOR_SD**2
    step = np.linalg.solve(_information(panel, within, expected, len(slopes)), slope[:, :, None])[:, :, 0]
    return np.clip(step, -LONGEST_STEP, LONGEST_STEP)


def _within(panel: Panel, expected: Array) -> Array:
    """Return x less its mean in the group, weighted with expected units."""
    groups = int(panel.group.max()) + 1
    total = _sums(panel.group, np.column_stack([expected, panel.x * expected[:, None]]), groups)
    mean = total[:, 1:] / np.maximum(total[:, :1], 1e-300)
    return np.asarray(panel.x - mean[panel.group])


def _information(panel: Panel, within: Array, expected: Array, owners: int) -> Array:
    """Return the information of each owner on its slopes, shape (o, d, d)."""
    d = within.shape[1]
    products = (within[:, :, None] * within[:, None, :] * expected[:, None, None]).reshape(-1, d * d)
    return _sums(panel.owner, products, owners).reshape(owners, d, d) + np.eye(d) / PRIOR_SD**2


def _with_errors(panel: Panel, slopes: Array, expected: Array) -> Slopes:
    owners, d = slopes.shape
    within = _within(panel, expected)
    clusters = int(panel.cluster.max()) + 1
    score = _sums(panel.cluster, within * (panel.units - expected)[:, None], clusters)
    of = np.zeros(clusters, dtype=np.int64)
    of[panel.cluster] = panel.owner
    spread = _sums(of, (score[:, :, None] * score[:, None, :]).reshape(-1, d * d), owners).reshape(owners, d, d)
    count = np.bincount(of, minlength=owners)
    inverse = np.linalg.inv(_information(panel, within, expected, owners))
    # Few clusters understate the spread: the usual factor, and the prior's own uncertainty as the least.
    factor = count / np.maximum(count - d, 1)
    robust = np.einsum("oij,ojk,okl->oil", inverse, spread * factor[:, None, None], inverse)
    variance = np.maximum(np.diagonal(robust, axis1=1, axis2=2), np.diagonal(inverse, axis1=1, axis2=2))
    return Slopes(slopes, np.sqrt(variance), count)


def _sums(code: Codes, values: Array, length: int) -> Array:
    """Return the sums of the rows with each code, shape (length, columns)."""
    return np.column_stack([np.bincount(code, column, minlength=length) for column in values.T])
