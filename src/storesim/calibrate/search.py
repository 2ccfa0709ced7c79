"""From settings that were played to the one that made the recorded trips: regression of settings on traits.

Settings are drawn over all that is tried, each floor with habits of its own, and regressed on what customers passed
(ridge regression; estimates by regression on simulations: Fearnhead & Prangle 2012). How far the settings of a floor
are off when all other floors foretell them is the error of an estimate: the real store's habits are unknown just so.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from storesim.calibrate.knobs import KNOBS, OF_FLOORS, values

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
FLOORS, ON_EACH = 32, 3
"""Floors, and sets of the other parameters played on each: building a floor takes longest."""
RIDGE = 3.0
"""Weight of the penalty on squared coefficients of standardised traits."""
MOST_LEFT = 0.5
"""Of the spread of the settings tried, an error may leave so much; beyond, trips do not tell the parameter."""
SPREAD = 12**-0.5
"""Standard deviation of a place that is uniform between 0 and 1."""
EDGE = 1e-3


def design() -> Floats:
    """Return the settings to be played, places of shape (floors, on each, knobs); those of a floor share its knobs."""
    unit = _sobol(len(KNOBS), FLOORS * ON_EACH, 0).reshape(FLOORS, ON_EACH, len(KNOBS))
    unit[:, :, :OF_FLOORS] = _sobol(OF_FLOORS, FLOORS, 1)[:, None]
    return unit


def _sobol(dimensions: int, rows: int, seed: int) -> Floats:
    drawn = qmc.Sobol(dimensions, rng=np.random.default_rng(seed)).random_base2(int(np.ceil(np.log2(rows))))
    return np.asarray(drawn[:rows], dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Best:
    """The estimate: places in the unit cube, and standard errors in the parameters' own units; shapes (knobs,)."""

    at: Floats
    error: Floats
    """Of what is not told: what it would be."""
    told: Bools
    at_edge: Bools


def estimate(places: Floats, traits: Floats, seen: Floats, own: Floats) -> Best:
    """Return where the recorded traits point to; what they do not tell stays the scenario's own.

    The least told parameter is held first, and the others are told again, given its value.

    Args:
        places: settings played, shape (settings, knobs), those of a floor in a row.
        traits: what was passed under each, shape (settings, traits).
        seen: what was recorded, shape (traits,).
        own: place of the scenario's parameters.
    """
    floor = np.arange(len(places)) // ON_EACH
    told, at, error = np.ones(len(KNOBS), dtype=np.bool_), own.copy(), np.zeros(len(KNOBS))
    while told.any():
        known = np.column_stack((traits, places[:, ~told]))
        wanted = places[:, told]
        at[told] = np.clip(foretold(known, wanted, np.append(seen, own[~told])[None])[0], 0, 1)
        off = np.sqrt(np.mean(np.square(_left_out(known, wanted, floor) - wanted), axis=0))
        error[told] = _own_units(at, told, off)
        excess = np.where(told, _excess(told, off, error), 0.0)
        if excess.max() <= 1:
            break
        worst = int(excess.argmax())
        told[worst], at[worst] = False, own[worst]
    return Best(at, error, told, told & ((at < EDGE) | (at > 1 - EDGE)))


def foretold(known: Floats, wanted: Floats, at: Floats) -> Floats:
    """Return ridge regression's prediction of `wanted` at other rows of `known`, shape (rows, wanted)."""
    middle, spread, level = known.mean(axis=0), known.std(axis=0) + 1e-9, wanted.mean(axis=0)
    x = (known - middle) / spread
    slopes = np.linalg.solve(x.T @ x + RIDGE * np.eye(x.shape[1]), x.T @ (wanted - level))
    return np.asarray(level + (at - middle) / spread @ slopes, dtype=np.float64)


def _left_out(known: Floats, wanted: Floats, floor: Ints) -> Floats:
    """Return what all other floors foretell of each, between 0 and 1."""
    found = np.empty_like(wanted)
    for one in np.unique(floor):
        own = floor == one
        found[own] = foretold(known[~own], wanted[~own], known[own])
    return np.asarray(np.clip(found, 0, 1), dtype=np.float64)


def _own_units(at: Floats, told: Bools, off: Floats) -> Floats:
    """Return half of the way in the parameters' units from one error below the estimate to one above, where told."""
    below, above = at.copy(), at.copy()
    below[told], above[told] = at[told] - off, at[told] + off
    return np.asarray(((values(above) - values(below)) / 2)[told], dtype=np.float64)


def _excess(told: Bools, off: Floats, error: Floats) -> Floats:
    """Return errors over the most that they may be for a parameter to be told, shape (knobs,)."""
    limit = np.array([knob.assumed_half_width for knob in KNOBS])
    left = np.zeros(len(KNOBS))
    left[told] = off / (MOST_LEFT * SPREAD)
    return np.asarray(np.maximum(error / limit, left), dtype=np.float64)
