"""Solves the conversion α of every product, so that the baseline sells what points of sale have seen.

Point-of-sale data yields P(buy), never P(see) · P(buy | see). Here P(see) comes from playing the baseline's walks, and
α is what must hold at the shelf: Σ over customers of P(notice) · P(buy | noticed; α) = observed - planned purchases.
Where not even a sure sale to all who notice would be enough, the excess becomes planned, and is listed.
"""

from collections.abc import Callable
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storesim.behaviour.attention import p_notice
from storesim.behaviour.glimpses import Traversals, elapsed_s, exposure_by_customer, interest
from storesim.behaviour.itinerary import legs_of, plan, to_nearest_checkout
from storesim.customers.population import Floats
from storesim.customers.propensity import target_penetration
from storesim.engine.log import Kind
from storesim.experiment.replication import Ready, prepare
from storesim.inputs.case import Product, Scenario
from storesim.results.write import text, write_csv

MOST_SURE = 0.8
"""Highest share of noticed products that a customer of mean inclination buys; beyond it the excess becomes planned."""
ALPHA_RANGE = (-12.0, 6.0)
PSEUDO = 50.0
"""Purchases that the store-wide share of promises kept weighs in a product's own."""
LEAST_KEPT = 0.05

HOLDING_DAYS = 2
"""Days of walks on which promises are held; the same customers walk before and after, so that few are enough."""

Progress = Callable[[int, int], None]
Watch = Callable[[float], None]
"""Takes, after each round, Σ|simulated - observed| / Σ observed of the penetrations of products with a shelf."""


@dataclass(frozen=True)
class Conversion:
    """What was solved for one product, with what it gives on days that were not used for solving."""

    product: str
    conversion: float
    """α, log-odds of buying once noticed, for a customer of mean inclination."""
    planned_share: float
    target: float
    """Observed penetration: share of baskets that hold the product."""
    simulated: float
    residual: float
    """simulated - target."""
    p_notice: float
    """Mean share of customers without it on their list who notice it."""
    excess: float
    """Penetration moved from unplanned to planned, because too few notice the product."""


@dataclass(frozen=True, eq=False)
class _Seen:
    """What one round of walks shows; shapes (customers, products) and (products,)."""

    notice: NDArray[np.float32]
    """P(notice), 0 for who has the product on the list."""
    inclination: NDArray[np.float32]
    """log of relative propensity and basket size."""
    planned: Floats
    """Planned purchases, expected."""
    listed: Floats
    """Customers with the product on their list."""
    customers: int


def solve(
    scenario: Scenario,
    rounds: int = 4,
    days: int = 16,
    progress: Progress | None = None,
    watch: Watch = lambda _: None,
) -> tuple[Conversion, ...]:
    """Return the conversion of every product of the scenario's baseline.

    Args:
        scenario: its baseline is played; promotions and coupons are left out.
        rounds: how often planned shares, and what playing keeps of the promised purchases, are put back.
        days: replications for solving; as many fresh ones check the result.
        progress: called with (steps done, steps in all).
        watch: shown how the rounds converge; the last one on fresh days.
    """
    baseline = replace(scenario.cases[0], promotions=(), coupons=())
    target = target_penetration(scenario)
    scenario = replace(scenario, cases=(baseline,), replications=2 * days)
    planned_share = np.array([1 - p.impulse_share for p in scenario.products])
    kept, alpha = np.ones(len(target)), np.zeros(len(target))
    ready = prepare(scenario)
    for number in range(rounds):
        ready = _with(ready, alpha, planned_share)
        seen = _walk(ready, days)
        if number:
            kept, sold = _kept(ready, days, _promised(seen, alpha))
            watch(_off(ready, sold, target))
        wanted = target * seen.customers - seen.planned
        most = _promised(seen, np.full(len(target), _logit(MOST_SURE))) * kept
        listed = target * seen.customers * scenario.parameters.p_found
        planned_share = np.minimum(planned_share + np.maximum(wanted - most, 0) / np.maximum(listed, 1e-9), 1.0)
        alpha = _solve_alpha(seen, np.minimum(wanted, most) / kept)
        _tick(progress, number + 1, rounds + 1)
    ready = _with(ready, alpha, planned_share)
    simulated = _penetration(ready, range(days, 2 * days))
    watch(_off(ready, simulated, target))
    _tick(progress, rounds + 1, rounds + 1)
    return _report(scenario, alpha, planned_share, target, simulated, seen)


def promises(ready: Ready) -> Floats:
    """Return the unplanned purchases that α promises on some days of the baseline's walks; shape (products,)."""
    return _promised(_walk(_baseline(ready), HOLDING_DAYS), _alpha(ready.scenario))


def hold(ready: Ready, promised: Floats) -> Ready:
    """Return the same store with α moved so that the baseline's walks promise as much as they did, product by product.

    α was solved for what was observed, under assumptions on walking and seeing. When these change, α must follow:
    else the baseline would no longer sell what the store sells, and the answer would move with the level of sales
    rather than with the assumption. What not even a sure sale to all who notice would keep becomes planned, as
    when solving. Products that were never calibrated keep the default.

    Args:
        ready: the store under other parameters.
        promised: what `promises` said under those that α was solved for.
    """
    scenario, seen = ready.scenario, _walk(_baseline(ready), HOLDING_DAYS)
    most = _promised(seen, np.maximum(_alpha(scenario), _logit(MOST_SURE)))
    listed = target_penetration(scenario) * seen.customers * scenario.parameters.p_found
    more_planned = np.maximum(promised - most, 0) / np.maximum(listed, 1e-9)
    alpha = np.where(promised > 0, _solve_alpha(seen, np.minimum(promised, most)), _alpha(scenario))
    return _selling(ready, tuple(map(_held, scenario.products, alpha, more_planned)))


def _held(product: Product, alpha: float, more_planned: float) -> Product:
    """Return a product with its α and more of it planned, if it was calibrated."""
    if product.conversion is None:
        return product
    planned = 1 - product.impulse_share if product.planned_share is None else product.planned_share
    return replace(product, conversion=float(alpha), planned_share=min(float(planned + more_planned), 1.0))


def _baseline(ready: Ready) -> Ready:
    return replace(ready, shops=ready.shops[:1])


def _alpha(scenario: Scenario) -> Floats:
    default = scenario.parameters.conversion
    return np.array([default if p.conversion is None else p.conversion for p in scenario.products])


def _report(
    scenario: Scenario, alpha: Floats, planned_share: Floats, target: Floats, simulated: Floats, seen: _Seen
) -> tuple[Conversion, ...]:
    noticed = seen.notice.sum(axis=0) / np.maximum(seen.customers - seen.listed, 1)
    return tuple(
        Conversion(
            product=p.id,
            conversion=float(alpha[i]),
            planned_share=float(planned_share[i]),
            target=float(target[i]),
            simulated=float(simulated[i]),
            residual=float(simulated[i] - target[i]),
            p_notice=float(noticed[i]),
            excess=float(target[i] * (planned_share[i] - (1 - p.impulse_share))),
        )
        for i, p in enumerate(scenario.products)
    )


def _with(ready: Ready, alpha: Floats, planned_share: Floats) -> Ready:
    """Return the same store for products with other conversions and planned shares."""
    products = tuple(
        replace(p, conversion=float(a), planned_share=float(s))
        for p, a, s in zip(ready.scenario.products, alpha, planned_share, strict=True)
    )
    return _selling(ready, products)


def _selling(ready: Ready, products: tuple[Product, ...]) -> Ready:
    scenario = replace(ready.scenario, products=products)
    return replace(ready, scenario=scenario, shops=tuple(replace(shop, scenario=scenario) for shop in ready.shops))


def _walk(ready: Ready, days: int) -> _Seen:
    """Return who would notice what on the intended walks of some days, the last leg to the nearest checkout."""
    seen = [_walk_one(ready, replication) for replication in range(days)]
    return _Seen(
        notice=np.concatenate([day.notice for day in seen]),
        inclination=np.concatenate([day.inclination for day in seen]),
        planned=np.sum([day.planned for day in seen], axis=0),
        listed=np.sum([day.listed for day in seen], axis=0),
        customers=sum(day.customers for day in seen),
    )


def _walk_one(ready: Ready, replication: int) -> _Seen:
    (shop,), scenario = ready.shops, ready.scenario
    population = ready.population(replication)
    intended = plan(shop.floor, shop.shelves, population, scenario)
    legs = to_nearest_checkout(legs_of(intended, shop.floor), intended.habit, shop.floor)
    edges = Traversals(*shop.floor.ways.legs(intended.habit[legs.customer], legs.start, legs.end))
    since_s = elapsed_s(legs, intended.habit, shop.floor, population.speed_m_s)
    counts = interest(since_s, scenario.parameters.explore_fade_s)
    exposure = exposure_by_customer(legs, edges, shop.view, population.speed_m_s, counts)
    by_product = np.zeros((len(population), len(scenario.products)))
    np.add.at(by_product.T, shop.shelves.product, exposure.T)
    notice = p_notice(by_product)
    notice[population.needs.customer, population.needs.product] = 0.0
    kind = population.segment * len(scenario.missions) + population.mission
    mean = np.array([np.dot(np.arange(1, len(m.basket) + 1), m.basket) for m in scenario.missions])
    with np.errstate(divide="ignore"):
        inclination = np.log(ready.kinds.relative[kind] * (population.categories / mean[population.mission])[:, None])
    listed_for = intended.pair[(intended.pair >= 0) & (intended.pair < len(population.needs.product))]
    products = population.needs.product[listed_for]
    planned = np.bincount(products, minlength=len(scenario.products)) * scenario.parameters.p_found
    listed = np.bincount(population.needs.product, minlength=len(scenario.products)).astype(np.float64)
    return _Seen(
        notice.astype(np.float32),
        inclination.astype(np.float32),
        np.asarray(planned, dtype=np.float64),
        listed,
        len(population),
    )


def _solve_alpha(seen: _Seen, wanted: Floats) -> Floats:
    """Return α with Σ P(notice) σ(α + inclination) = wanted, by bisection for all products at once."""
    low, high = (np.full(len(wanted), bound) for bound in ALPHA_RANGE)
    for _ in range(40):
        middle = (low + high) / 2
        bought = _promised(seen, middle)
        low, high = np.where(bought < wanted, middle, low), np.where(bought < wanted, high, middle)
    return np.asarray((low + high) / 2)


def _promised(seen: _Seen, alpha: Floats) -> Floats:
    """Return the unplanned purchases that α promises on the walks seen: Σ P(notice) σ(α + inclination)."""
    return np.asarray(
        (seen.notice * _sigmoid(seen.inclination + alpha.astype(np.float32))).sum(axis=0), dtype=np.float64
    )


def _kept(ready: Ready, days: int, promised: Floats) -> tuple[Floats, Floats]:
    """Return unplanned purchases of played days over those promised, rare products near the mean, and penetrations.

    The wallet refuses some, time, mates and crowds move the odds, and the checkout taken is not always the nearest.
    Both have shape (products,).
    """
    penetration, taken = _sold(ready, range(days))
    overall = taken.sum() / max(promised.sum(), 1e-9)
    kept = np.maximum((taken + PSEUDO * overall) / (promised + PSEUDO), LEAST_KEPT)
    return np.asarray(kept), penetration


def _penetration(ready: Ready, replications: range) -> Floats:
    """Return the share of paid baskets that hold each product, over some days."""
    return _sold(ready, replications)[0]


def _sold(ready: Ready, replications: range) -> tuple[Floats, Floats]:
    """Return, over some days, shares of paid baskets that hold each product, and unplanned purchases."""
    products, paid = len(ready.scenario.products), 0
    bought, unplanned = np.zeros((2, products))
    for replication in replications:
        log = ready.play(0, ready.population(replication), replication).log
        payers = np.unique(log.customer[log.kind == Kind.PAY])
        takes = log.kind == Kind.TAKE
        bought += np.bincount(log.product[takes & np.isin(log.customer, payers)], minlength=products)
        unplanned += np.bincount(log.product[takes & ~log.planned], minlength=products)
        paid += len(payers)
    return bought / max(paid, 1), unplanned


def _off(ready: Ready, sold: Floats, target: Floats) -> float:
    """Return Σ|sold - target| / Σ target over the products that stand somewhere."""
    stands = np.bincount(ready.shops[0].shelves.product, minlength=len(target)) > 0
    return float(np.abs(sold - target)[stands].sum() / max(target[stands].sum(), 1e-9))


def _sigmoid(value: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.asarray(1 / (1 + np.exp(-value)))


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))


def _tick(progress: Progress | None, done: int, total: int) -> None:
    if progress:
        progress(done, total)


def write_conversion(path: Path, rows: tuple[Conversion, ...]) -> None:
    """Write the conversions as the CSV that a scenario's `conversion:` names, whole or not at all."""
    columns = [column.name for column in fields(Conversion)]
    cells = ([text(value) if isinstance(value, str) else value for value in astuple(row)] for row in rows)
    write_csv(path, columns, cells)
