"""What each kind of customer is inclined to buy: propensities, and weights that give the observed penetrations."""

from dataclasses import dataclass

import numpy as np

from storesim.customers.population import Floats
from storesim.inputs.case import Scenario


@dataclass(frozen=True)
class Propensity:
    """Inclinations by kind; kind = segment * missions + mission."""

    list_weight: Floats
    """Shape (kinds, products): weight of a product in the draw of a basket."""
    relative: Floats
    """Shape (kinds, products): penetration in this kind over penetration in the store."""


def propensity(scenario: Scenario) -> Propensity:
    """Return the inclinations of every kind of customer in a scenario; tenths of a second, once a process."""
    products, segments, missions = scenario.products, scenario.segments, scenario.missions
    target = np.array([[p.penetration.get(m.name, 0.0) for p in products] for m in missions])
    factor = np.array([[s.propensities.get(p.id, 1.0) for p in products] for s in segments])
    mix = np.array([[s.share * s.missions.get(m.name, 0.0) for m in missions] for s in segments])
    weights = np.empty((len(segments), len(missions), len(products)))
    for m, mission in enumerate(missions):
        who = mix[:, m] / mix[:, m].sum() if mix[:, m].sum() > 0 else np.full(len(segments), 1 / len(segments))
        weights[:, m] = factor * inclusion_weights(target[m], factor, who, np.array(mission.basket))
    overall = mix.sum(axis=0) @ target
    relative = factor[:, None, :] * target / np.where(overall > 0, overall, 1.0)
    return Propensity(
        weights.reshape(-1, len(products)),
        np.broadcast_to(relative, weights.shape).reshape(-1, len(products)),
    )


def target_penetration(scenario: Scenario) -> Floats:
    """Return the observed penetration of every product, over the scenario's mix of missions; shape (products,)."""
    mix = np.array([sum(s.share * s.missions.get(m.name, 0.0) for s in scenario.segments) for m in scenario.missions])
    by_mission = np.array([[p.penetration.get(m.name, 0.0) for p in scenario.products] for m in scenario.missions])
    return np.asarray(mix @ by_mission)


def inclusion_weights(target: Floats, factor: Floats, who: Floats, basket: Floats, rounds: int = 30) -> Floats:
    """Return weights whose weighted draws without replacement include each product as often as observed.

    A draw of n by weight is a race of exponential clocks with rates w, stopped at the n-th; with many products
    the stopping time t_n is nearly fixed, so P(in basket) = Σ_n P(n) (1 - exp(-w t_n)) with t_n from
    Σ_p (1 - exp(-w_p t_n)) = n. Weights are moved towards the target in proportion until they agree.

    Args:
        target: penetrations, shape (products,); scaled to the mean basket, as both are rounded in the data.
        factor: propensity factors, shape (segments, products).
        who: shares of the segments, shape (segments,).
        basket: P(n), n = 1, 2, …
        rounds: steps of the fixed point.
    """
    sizes = np.arange(1.0, len(basket) + 1)
    possible = min(int((target > 0).sum()), len(target))
    keep = (basket > 0) & (sizes < possible)
    if not keep.any():
        return target.copy()
    sizes, p_size = sizes[keep], np.asarray(basket[keep] / basket[keep].sum())
    target = np.minimum(target * (sizes @ p_size) / target.sum(), 0.999)
    weight = -np.log1p(-target)
    for _ in range(rounds):
        reached = sum(share * _inclusion(weight * row, sizes, p_size) for share, row in zip(who, factor, strict=True))
        weight *= np.where(target > 0, target / np.maximum(reached, 1e-12), 0.0)
    return weight


def _inclusion(weight: Floats, sizes: Floats, p_size: Floats) -> Floats:
    """Return P(in basket) of each product, the race stopped at the size drawn."""
    # The stopping time for every size at once, by Newton from below (the sum is concave in t: it never overshoots).
    time = sizes / weight.sum()
    for _ in range(30):
        left = np.exp(-np.outer(time, weight))
        missing = sizes - (1 - left).sum(axis=1)
        time = time + missing / (left @ weight)
    return np.asarray(p_size @ (1 - np.exp(-np.outer(time, weight))))
