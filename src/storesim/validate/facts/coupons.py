"""Facts 3 and 4: a coupon far from the way makes its holder walk further, and buy more that was not planned."""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np

from storesim.customers.draw import planned_value
from storesim.inputs.case import Case, Coupon, Scenario
from storesim.results.day import Day
from storesim.validate.fact import Check, Fact, Floats
from storesim.validate.facts.measures import unplanned_spend
from storesim.validate.stores import supermarket

PRODUCTS = (
    "apples",
    "salad mix",
    "deli cheese",
    "chicken",
    "yogurt",
    "bacon",
    "ice cream",
    "pasta sauce",
    "cereal",
    "coffee",
    "cookies",
    "snack nuts",
    "water",
    "hair care",
    "household cleaners",
    "paper towels",
)
"""One of each of sixteen departments and aisles: the coupons lie all over the store."""
PRICE_CUT = 0.2
VISITS = 500
REGRESSORS = ("one", "planned value", "planned items", "speed", "budget")
COLUMNS = (*REGRESSORS, "far", "metres", "log metres", "spend", "log spend")
"""What is observed of each customer; `spend` is unplanned and without the coupons' products, its log that of 1 + it."""


def couponed() -> Scenario:
    """Return the supermarket without coupons, and with one each near the way or far off it."""
    scenario = supermarket()
    home = scenario.cases[0]
    cases = (home, with_coupons(home, "near", 1), with_coupons(home, "far", 1))
    return replace(scenario, visits_per_day=float(VISITS), cases=cases, baseline=home.name)


def with_coupons(case: Case, target: Literal["near", "far"], each: int) -> Case:
    """Return the case with so many coupons each that everybody follows."""
    coupon = Coupon(PRODUCTS, each, target, p_follow=1.0, price_cut=PRICE_CUT)
    return replace(case, name=f"{each} coupons {target}", coupons=(coupon,))


def observe_spend(days: tuple[Day, ...]) -> Floats:
    """Return three numbers of each variant, shape (9,): unplanned spend, the same but for coupons' products, metres."""
    return np.concatenate([_spend(day) for day in days])


def _spend(day: Day) -> Floats:
    return np.array([unplanned_spend(day).sum(), unplanned_spend(day, PRODUCTS).sum(), day.trips.walked_m.mean()])


def observe_slopes(days: tuple[Day, ...]) -> Floats:
    """Return sums of products of COLUMNS over customers: without coupons, then near and far together.

    Shape (2 * columns * columns,).
    """
    none, near, far = days
    nudged = np.concatenate((_columns(near, 0.0), _columns(far, 1.0)))
    return np.concatenate([(columns.T @ columns).ravel() for columns in (_columns(none, 0.0), nudged)])


def _columns(day: Day, far: float) -> Floats:
    """Return the values of COLUMNS; shape (customers, columns)."""
    people, n = day.population, len(day.population)
    value = np.bincount(people.needs.customer, planned_value(people.needs, day.scenario), n)
    spend, metres = unplanned_spend(day, PRODUCTS), day.trips.walked_m
    items = np.diff(people.needs.first)
    walked = (metres, np.log(np.maximum(metres, 1.0)))
    regressors = (np.ones(n), value, items, people.speed_m_s, people.budget)
    return np.column_stack((*regressors, np.full(n, far), *walked, spend, np.log1p(spend)))


def slope(sums: Floats, of: str, on: str, instrument: str) -> float:
    """Return the coefficient of `on` in a regression of `of` on it and REGRESSORS: Z'X b = Z'y.

    Args:
        sums: products of COLUMNS, summed over customers; shape (columns, columns).
        of: the dependent column.
        on: the column whose coefficient is returned.
        instrument: what stands for it in Z: `on` itself is ordinary least squares, another column two stages.
    """
    at = {name: i for i, name in enumerate(COLUMNS)}
    x, z = ([at[name] for name in (first, *REGRESSORS)] for first in (on, instrument))
    return float(np.linalg.solve(sums[np.ix_(z, x)], sums[z, at[of]])[0])


def ols(mean: Floats, of: str, on: str) -> float:
    """Return the least-squares slope over the customers without coupons."""
    return slope(_sums(mean)[0], of, on, on)


def two_stages(mean: Floats, of: str, on: str) -> float:
    """Return the slope over the customers with one coupon, distance moved by whether it is near or far."""
    return slope(_sums(mean)[1], of, on, "far")


def _sums(mean: Floats) -> Floats:
    return mean.reshape(2, len(COLUMNS), len(COLUMNS))


def _above(mean: Floats, of: str, on: str) -> float:
    return 100 * (two_stages(mean, of, on) / ols(mean, of, on) - 1)


def _reported(name: str, value: Callable[[Floats], float], published: str, unit: str) -> Check:
    return Check(name, value, -np.inf, np.inf, published, "reported", unit)


COUPONED = (
    f"{len(PRODUCTS)} fixed products, one of each of so many departments, {100 * PRICE_CUT:.0f} % off with a coupon; "
    "everybody has coupons for what is not on the list, and goes there."
)
SETTING = f"Supermarket of 4,000 m²; {COUPONED}"
SOURCE = "Hui, Inman, Huang & Suher 2013"
FAR_NEAR = Fact(
    number=4,
    title="Coupon far or near",
    source=SOURCE,
    setting=f"{SETTING} One coupon each, the farthest off the way or the nearest to it.",
    scenario=couponed,
    observe=observe_spend,
    checks=(
        Check("unplanned spend, far over near", lambda m: float(m[6] / m[3]), 1.2, 1.9, "1.54", "emerges"),
        _reported("without the coupons' products", lambda m: float(m[7] / m[4]), "", ""),
        _reported("metres walked, far less near", lambda m: float(m[8] - m[5]), "", "m"),
    ),
    takes_s=60,
)
SLOPES = Fact(
    number=3,
    title="Spend on distance",
    source=SOURCE,
    setting=(
        f"{SETTING} Unplanned spend but for these products on metres walked, planned value, planned items, speed and "
        "budget: least squares without coupons; two stages where one coupon lies near or far."
    ),
    scenario=couponed,
    observe=observe_slopes,
    checks=(
        _reported("least squares", lambda m: ols(m, "spend", "metres"), "above 0", "money/m"),
        _reported("two stages", lambda m: two_stages(m, "spend", "metres"), "1/16.8", "money/m"),
        _reported("two stages above", lambda m: _above(m, "spend", "metres"), "+57 %", "%"),
        _reported("the same in logs", lambda m: _above(m, "log spend", "log metres"), "+57 %", "%"),
    ),
    takes_s=60,
)
FACTS = (SLOPES, FAR_NEAR)
