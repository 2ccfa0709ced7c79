"""Whether and how much to buy: price response, wallet, time at the shelf. Plain functions of numbers."""

from math import ceil, exp, log, log1p

import numpy as np
from scipy import special

from storesim.customers.population import Floats

LONGEST_URGE_S = 1800.0
"""Seconds in the store after which buying rises no more."""
STEEPEST = 3.0
"""Bound on 1 / (1 - P) in the price response: the last bit of a high probability is not bought with price."""


def incidence_factor(price_ratio: float, elasticity: float, odds: float) -> float:
    """Return the factor on the odds of buying at price_ratio = price / regular price: ratio^(e / (1 - P)).

    A log-odds coefficient is an elasticity only when P is small, so e is divided by 1 - P = 1 / (1 + odds),
    bounded by 3. `elasticity` is the part of the product's that acts on whether to buy (assumed 40 %).
    """
    return exp(elasticity * min(1 + odds, STEEPEST) * log(price_ratio))


def is_wanted(u_want: float, odds: float, price_ratio: float, elasticity: float, room: float = 1.0) -> bool:
    """Return whether a customer who noticed a product wants it at this price: u < P · room, P = odds' / (1 + odds').

    One uniform, inverted: a lower price or more room in the wallet can only add to what is wanted.
    """
    if price_ratio != 1.0:
        odds = odds * incidence_factor(price_ratio, elasticity, odds)
    return u_want * (1 + odds) < odds * room


def urgency(since_s: float, urge: float) -> float:
    """Return the log-odds of buying added after a time in the store: urge · min(t, 1800) / 600, t in seconds.

    Buying rises over a trip (sign: Hui, Bradlow & Fader 2009). Status: assumed, urge 0 to 0.3 per ten minutes.
    """
    return urge * (since_s if since_s < LONGEST_URGE_S else LONGEST_URGE_S) / 600.0


def wallet_room(impulse: float, slack: float, grip: float) -> float:
    """Return the factor on the probability of buying who has spent `impulse` of the slack: (1 - impulse / slack)^grip.

    What was bought unplanned makes more of it less likely, so that a promotion at the door sells more of itself and
    leaves the total alone (Otterbring 2018). On the probability, not the odds: those of what everybody wants who
    notices it are so high that no wallet would be felt. Status: fitted on that, grip 1 to 3. No slack, no room.
    """
    left = 1.0 - impulse / slack if impulse < slack else 0.0
    return float(left**grip)


def units_at(u_units: float, regular: float, price_ratio: float, elasticity: float) -> int:
    """Return the units bought at a price: geometric with mean regular · ratio^e, at least 1, same uniform at any price.

    `elasticity` is the part of the product's that acts on how many: 60 % (assumed) of what is bought on impulse, where
    the rest acts on whether to buy; all of it for what stands on the list, which is bought at any price.
    """
    stay = 1.0 - 1.0 / max(regular * price_ratio**elasticity, 1.0 + 1e-12)
    return max(1, ceil(log1p(-u_units) / log(stay)))


def is_affordable(cost: float, budget: float, spent: float, committed: float) -> bool:
    """Return whether an unplanned purchase fits the wallet: what is spent and what the list will still cost count.

    Without a wallet, a promotion at the entrance would raise total spend, against Otterbring (2018).
    """
    return cost <= budget - spent - committed + 1e-9


def dwell_s(u_dwell: Floats, median_s: Floats, sigma: float) -> Floats:
    """Return seconds spent at the shelf: lognormal.

    Median 24 s over 61 mapped zones (published), log deviation 0.7 within a category (assumed, 0.5 to 0.9).
    """
    return np.asarray(median_s * np.exp(sigma * special.ndtri(u_dwell)))
