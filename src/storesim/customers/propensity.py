"""What each kind of customer is inclined to buy: propensities, and weights that give the observed penetrations."""

from dataclasses import dataclass

import numpy as np

from storesim.customers import laws
from storesim.customers.population import Floats
from storesim.customers.tastes import Tastes, tastes_of
from storesim.inputs.case import Scenario

PANEL_BITS = (7, 10)
"""2 ** 10 customers stand for all who differ in tastes; fewer where there are many products, 2 ** 7 at least."""
PANEL_CELLS = 500_000
"""Customers times products, at most."""
NEAR = 1e-9
"""Relative distance from a penetration at which its weight is found."""


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
    tastes = tastes_of(scenario)
    weights = np.empty((len(segments), len(missions), len(products)))
    for m, mission in enumerate(missions):
        who = mix[:, m] / mix[:, m].sum() if mix[:, m].sum() > 0 else np.full(len(segments), 1 / len(segments))
        weights[:, m] = factor * inclusion_weights(target[m], panel(factor, who, np.array(mission.basket), tastes))
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


@dataclass(frozen=True)
class Panel:
    """Customers of a mission who stand for all of them, each with a part of the visits."""

    part: Floats
    """Of the visits, shape (n,)."""
    size: Floats
    """Products in the basket, shape (n,)."""
    factor: Floats
    """On the weights: of the segment and of the customer's tastes, shape (n, products)."""


def panel(factor: Floats, who: Floats, basket: Floats, tastes: Tastes) -> Panel:
    """Return customers by all combinations of segment and basket size; with tastes, a Sobol sample of them.

    Args:
        factor: propensity factors, shape (segments, products).
        who: shares of the segments, shape (segments,).
        basket: P(n), n = 1, 2, …; at least one of them positive.
        tastes: what customers of one segment differ in.
    """
    p_size = np.asarray(basket / basket.sum())
    if not tastes.names:
        segment, size = np.divmod(np.arange(len(who) * len(basket)), len(basket))
        part = np.asarray(who[segment] * p_size[size])
        kept = part > 0
        return Panel(part[kept], np.asarray(size[kept] + 1.0), factor[segment[kept]])
    bits = int(np.clip(np.log2(PANEL_CELLS / max(tastes.products, 1)), *PANEL_BITS))
    u = _spread_evenly(2 + len(tastes.names), bits)
    own = factor[laws.pick(u[:, 0], who)] * tastes.factors(u[:, 2:])
    return Panel(np.full(len(u), 1 / len(u)), np.asarray(laws.pick(u[:, 1], p_size) + 1.0), own)


def _spread_evenly(dimensions: int, bits: int) -> Floats:
    """Return the same points of the unit cube every time, shape (2 ** bits, dimensions)."""
    from scipy.stats import qmc  # takes tenths of a second, and few scenarios have tastes

    return np.asarray(qmc.Sobol(dimensions, rng=np.random.default_rng(0)).random_base2(bits))


def inclusion_weights(target: Floats, customers: Panel, rounds: int = 30) -> Floats:
    """Return weights whose weighted draws without replacement include each product as often as observed.

    A draw of n by weight is a race of exponential clocks with rates w, stopped at the n-th; with many products
    the stopping time t_n is nearly fixed, so P(in basket) = Σ_n P(n) (1 - exp(-w t_n)) with t_n from
    Σ_p (1 - exp(-w_p t_n)) = n. Weights are moved towards the target in proportion until they agree.

    Args:
        target: penetrations, shape (products,); scaled to the mean basket, as both are rounded in the data.
        customers: who draws.
        rounds: steps of the fixed point, at most.
    """
    possible = customers.size < (target > 0).sum()
    if not possible.any():
        return target.copy()
    part = np.asarray(customers.part[possible] / customers.part[possible].sum())
    drawing = Panel(part, customers.size[possible], customers.factor[possible])
    target = np.minimum(target * (drawing.size @ part) / target.sum(), 0.999)
    weight = -np.log1p(-target)
    time = drawing.size / (drawing.factor @ weight)
    for _ in range(rounds):
        time = stopping_times(weight, drawing, time)
        reached = 1 - part @ np.exp(-drawing.factor * weight * time[:, None])
        step = np.where(target > 0, target / np.maximum(reached, 1e-12), 1.0)
        weight *= step
        if np.abs(step - 1).max() < NEAR:
            break
    return weight


def stopping_times(weight: Floats, customers: Panel, time: Floats, steps: int = 3) -> Floats:
    """Return when the race stops that each customer's products run, by steps of Newton from a guess; shape (n,)."""
    rate = customers.factor * weight
    for _ in range(steps):
        left = np.exp(-rate * time[:, None])
        missing = customers.size - (1 - left).sum(axis=1)
        # The sum is concave in t: a step from below never overshoots, one from above may land below 0.
        time = np.maximum(time + missing / np.einsum("cp,cp->c", left, rate), time / 4)
    return time
