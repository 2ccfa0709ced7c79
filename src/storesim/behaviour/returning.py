"""Whether customers come back: what a visit is worth to them, and what bad ones do.

No number here is published for a supermarket; all are the scenario's own (`panel: returning:`), and its defaults are
neutral but for the sign: waits, unmet needs, crowds and high prices cost visits.
"""

import numpy as np

from storesim.customers.population import Floats
from storesim.inputs.panel import Returning, Satisfaction


def satisfied(wait_s: Floats, unmet: Floats, per_m2: Floats, paid: Floats, judged: Satisfaction) -> Floats:
    """Return the satisfaction with visits, 0..1: 1 less the weighted sum of what went wrong; shapes (visits,).

    Args:
        wait_s: waiting in lines; `wait_bad_s` and more count as 1.
        unmet: share of the list that was not had.
        per_m2: persons per m² met on entering; `crowd_bad_per_m2` and more count as 1.
        paid: paid over regular price; regular price counts as 1, `price_good` below it as 0.
        judged: weights and scales.
    """
    wait = np.minimum(wait_s / judged.wait_bad_s, 1.0)
    crowd = np.minimum(per_m2 / judged.crowd_bad_per_m2, 1.0)
    price = np.clip((paid - 1 + judged.price_good) / judged.price_good, 0.0, 1.0)
    wrong = judged.wait * wait + judged.unmet * unmet + judged.crowding * crowd + judged.price * price
    return np.clip(1 - wrong, 0.0, 1.0)


def remembered(before: Floats, visit: Floats, returning: Returning) -> Floats:
    """Return the standing satisfaction after a visit: the last one counts `memory`, all before it the rest."""
    return np.asarray((1 - returning.memory) * before + returning.memory * visit)


def shortfall(standing: Floats, returning: Returning) -> Floats:
    """Return how far a standing satisfaction falls short of the target, as a share of it: 0..1."""
    return np.clip(1 - standing / returning.target, 0.0, 1.0)


def visit_p(content: Floats, standing: Floats, returning: Returning) -> Floats:
    """Return the probability of a visit today: that of a content member, less in proportion to the shortfall."""
    return np.asarray(content * (1 - returning.visits * shortfall(standing, returning)))


def lapse_p(content: Floats, standing: Floats, returning: Returning) -> Floats:
    """Return the probability of not coming back after a visit: that of a content member times 1..`lapse`."""
    return np.minimum(content * (1 + (returning.lapse - 1) * shortfall(standing, returning)), 1.0)


def not_back_p(visits: Floats, lapse: Floats) -> Floats:
    """Return the probability of having lapsed after so many expected visits: 1 - (1 - lapse)^visits."""
    return np.asarray(1 - (1 - lapse) ** visits)
