"""A change of sales taken apart into the steps that lead to it, with nothing left over.

The logarithmic mean Divisia index, additive form (LMDI-I; Ang 2004, Energy Policy 32:1131-1139): where S is a
product of factors x_i, the change S1 - S0 is the sum over i of L(S1, S0) · ln(x_i1 / x_i0), with the logarithmic mean
L(a, b) = (a - b) / (ln a - ln b), L(a, a) = a. Zeros are replaced by a very small number (Ang & Liu 2007, Energy
Policy 35:238-246), so that the step that first becomes zero carries the change.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
PARTS = ("exposure", "noticing", "wanting", "taking", "list", "units", "price")
"""exposure: more or fewer had it in view (who did not come for it). noticing: of those, noticed it. wanting: of those,
wanted it where they saw it, at the price there. taking: of those, bought it: wallet, time and tills. list: who came for
it and bought it: found, not sold short, not taken something else. units: bought by each. price: paid for each."""
ALMOST_NOTHING = 1e-60


@dataclass(frozen=True, eq=False)
class Steps:
    """Means of the steps towards the sales of some products; arrays of one shape."""

    exposed: Floats
    noticed: Floats
    wanted: Floats
    bought: Floats
    """Without having come for it."""
    planned: Floats
    """Customers who came for it and bought it."""
    units: Floats
    sales: Floats


def parts(before: Steps, after: Steps) -> Floats:
    """Return the parts of after.sales - before.sales, in the order of PARTS on a new last axis.

    Sales = buyers · units a buyer · price a unit; the buyers' part is divided among those who bought unplanned and
    those who came for it in proportion to the changes of their numbers, and the former along the funnel.
    """
    impulse = _log_mean(before.bought, after.bought)
    worth = _log_mean(before.sales, after.sales)
    buyers = before.bought + before.planned, after.bought + after.planned
    each = worth / _log_mean(*buyers)
    funnel = [
        each * impulse * change
        for change in _changes(
            (before.exposed, before.noticed, before.wanted, before.bought),
            (after.exposed, after.noticed, after.wanted, after.bought),
        )
    ]
    ratios = _changes((buyers[0], before.units, before.sales), (buyers[1], after.units, after.sales))
    units, price = (worth * change for change in ratios[1:])
    return np.stack([*funnel, each * (after.planned - before.planned), units, price], axis=-1)


def _changes(before: tuple[Floats, ...], after: tuple[Floats, ...]) -> list[Floats]:
    """Return ln(x1 / x0) of the first of a chain of numbers, then of each one's ratio to the one before it."""
    logs = [
        np.log(np.maximum(late, ALMOST_NOTHING)) - np.log(np.maximum(early, ALMOST_NOTHING))
        for early, late in zip(before, after, strict=True)
    ]
    return [logs[0], *(late - early for early, late in pairwise(logs))]


def _log_mean(a: Floats, b: Floats) -> Floats:
    """Return the logarithmic mean of two arrays of numbers >= 0; a where they are equal."""
    a, b = np.maximum(a, ALMOST_NOTHING), np.maximum(b, ALMOST_NOTHING)
    logs = np.log(a) - np.log(b)
    near = np.abs(logs) < 1e-9
    return np.where(near, a, (a - b) / np.where(near, 1.0, logs))
