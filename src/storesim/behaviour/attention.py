"""What catches the eye: notice by accumulated exposure, and what shelf, space and display do to it."""

import numpy as np
from numpy.typing import NDArray

from storesim.inputs.case import Product
from storesim.inputs.parameters import Parameters
from storesim.store.floor import Floats
from storesim.store.shelves import Shelves

REFERENCE_M = 1.25
"""Shelf metres at which space multiplies attention by 1: a bay of one level."""
BEST_HEIGHT = 0.65
"""The best height on a fixture, from 0 (bottom level) to 1 (top level): chest to eye of a standing adult (assumed)."""
MEAN_LIFT = 1.25
"""Mean display lift at unchanged price (observed, Complete Journey), to which `display_multiplier` belongs."""


def level_multiplier(height: Floats, penalty: float) -> Floats:
    """Return the factor on attention of shelf heights (0 bottom to 1 top): exp(-penalty · distance from the best).

    The distance is scaled so that the worst level pays the whole penalty. Status: assumed, ln 1.39 (low 0, high 0.5).
    """
    return np.asarray(np.exp(-penalty * np.abs(height - BEST_HEIGHT) / BEST_HEIGHT))


def space_multiplier(metres: Floats, exponent: float) -> Floats:
    """Return the factor on attention of all the linear metres of a product together: (metres / 1.25)^exponent.

    An exponent of 0.17 put on notice would give about 0.07 on sales at 40 % impulse; the default 0.75 is set so that
    sales respond with about 0.17 (Eisend 2014). Status: assumed (low 0.5, high 1). No metres, no attention.
    """
    return np.where(metres > 0, np.power(np.maximum(metres, 1e-9) / REFERENCE_M, exponent), 0.0)


def display_multiplier(lift: Floats, multiplier: float) -> Floats:
    """Return the factor on attention of a display: 1 + (multiplier - 1) · (lift - 1) / (mean lift - 1), at least 1.

    `lift` is the product's display lift at unchanged price (observed, shrunk); `multiplier` is that of a display of
    mean lift (assumed; low 1, high 5).
    """
    return np.maximum(1.0, 1 + (multiplier - 1) * (lift - 1) / (MEAN_LIFT - 1))


def p_notice(exposure: Floats) -> Floats:
    """Return the probability of having noticed after an exposure: 1 - exp(-exposure)."""
    return np.asarray(-np.expm1(-exposure))


def attention(
    shelves: Shelves, products: tuple[Product, ...], parameters: Parameters, bays: int
) -> NDArray[np.float64]:
    """Return notices expected per second of full view, shape (bays, presences).

    A presence's attention is that of all its metres together, spread over its bays by metres.
    """
    presence = shelves.presence
    total = np.asarray(np.bincount(presence, shelves.metres, len(shelves.product)), dtype=np.float64)
    lift = np.array([products[p].display_lift for p in shelves.product])
    kind = np.where(shelves.display, display_multiplier(lift, parameters.display_multiplier), 1.0)
    whole = parameters.notice_rate * space_multiplier(total, parameters.space_exponent) * kind
    share = shelves.metres / total[presence]
    table = np.zeros((bays, len(shelves.product)))
    weight = share * level_multiplier(shelves.height, parameters.level_penalty) * whole[presence]
    np.add.at(table, (shelves.bay, presence), weight)
    return table
