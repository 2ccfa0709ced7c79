"""Facts 19 and 24: how sales answer to shelf space, to the price of a category, and to that of one item of several."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import log
from typing import TypeVar

import numpy as np

from storesim.inputs.affinity import Affinity
from storesim.inputs.case import Case, Placement, Product, Scenario
from storesim.results.day import Day
from storesim.validate.fact import Check, Fact, Floats
from storesim.validate.facts.measures import Ints, numbers, penetration, price_cut, units_sold
from storesim.validate.stores import market

Value = TypeVar("Value")

VISITS = 2000
MORE_SPACE = 2.0
MIDDLING = slice(30, 45)
"""Ranks by penetration of the products that get more space."""
PRICE_CUT = 0.1
CATEGORIES = ("breakfast", "biscuits", "tins")
"""Cut together, all of their rows: shelves of dry grocery that nothing was fitted on."""
SPLIT = "cheese"
"""The row split into items: its own elasticity, -1.51, is that of the median row, -1.52."""
ITEMS = 4


def more_space() -> Scenario:
    """Return the market as it is, and with twice the shelf for the products of middling penetration."""
    scenario = market()
    home = scenario.cases[0]
    chosen = middling(scenario)
    placements = tuple(replace(p, metres=MORE_SPACE * p.metres) if p.product in chosen else p for p in home.placements)
    cases = (home, replace(home, name="more space", placements=placements))
    return replace(scenario, visits_per_day=float(VISITS), cases=cases, baseline=home.name)


def middling(scenario: Scenario) -> tuple[str, ...]:
    """Return the products of middling penetration."""
    ranked = np.argsort(-penetration(scenario), kind="stable")
    return tuple(scenario.products[i].id for i in ranked[MIDDLING])


def cheaper() -> Scenario:
    """Return the market with one row split into items that replace one another; then with cuts, at their shelves.

    The variants: no cut, all rows of the categories, one of the items.
    """
    scenario = market()
    home = scenario.cases[0]
    split = tuple(item for product in scenario.products for item in _items(product))
    home = replace(home, placements=tuple(part for place in home.placements for part in _parts(place)))
    rows = (product.id for product in split if product.category in CATEGORIES)
    cases = (home, _cheaper(scenario, home, "categories", rows), _cheaper(scenario, home, "item", _ids(SPLIT)[:1]))
    return replace(
        scenario,
        products=split,
        affinity=_affinities(scenario.affinity),
        tastes=tuple(replace(taste, products=_all_ids(taste.products)) for taste in scenario.tastes),
        visits_per_day=float(VISITS),
        cases=cases,
        baseline=home.name,
    )


def _affinities(affinity: Affinity) -> Affinity:
    """Return what is bought with what, where each item goes with what its row went with."""

    def per_item(of: Mapping[str, Value]) -> dict[str, Value]:
        return {part: value for product, value in of.items() for part in _ids(product)}

    return per_item({product: per_item(others) for product, others in affinity.items()})


def _all_ids(products: Iterable[str]) -> tuple[str, ...]:
    return tuple(part for product in products for part in _ids(product))


def _ids(product: str) -> tuple[str, ...]:
    """Return the items that a product is split into; itself if it is not split."""
    return tuple(f"{SPLIT} {i + 1}" for i in range(ITEMS)) if product == SPLIT else (product,)


def _items(product: Product) -> tuple[Product, ...]:
    """Return the items of a product: each with its part of the sales, and of the odds of buying once noticed."""
    if product.id != SPLIT:
        return (product,)
    part = replace(
        product,
        penetration={mission: share / ITEMS for mission, share in product.penetration.items()},
        conversion=None if product.conversion is None else product.conversion - log(ITEMS),
        substitutes=SPLIT,
    )
    return tuple(replace(part, id=item, name=item.capitalize()) for item in _ids(product.id))


def _parts(place: Placement) -> tuple[Placement, ...]:
    if place.product != SPLIT:
        return (place,)
    return tuple(replace(place, product=item, metres=place.metres / ITEMS) for item in _ids(place.product))


def _cheaper(scenario: Scenario, case: Case, name: str, products: Iterable[str]) -> Case:
    """Return the case with a price cut on some products, all day at their homes."""
    cuts = tuple(price_cut(scenario, product, PRICE_CUT) for product in products)
    return replace(case, name=f"{name} cheaper", promotions=cuts)


def observe_space(days: tuple[Day, ...]) -> Floats:
    """Return the units of the products that get more space, before and after; shape (2,)."""
    return np.array([units_sold(day)[numbers(day.scenario, middling(day.scenario))].sum() for day in days])


def observe_cuts(days: tuple[Day, ...]) -> Floats:
    """Return units without and with the cut: of the categories cut, of the item cut, of all items; shape (6,)."""
    none, categories, item = days
    items = numbers(none.scenario, _ids(SPLIT))
    pairs = ((categories, _cut(categories)), (item, _cut(item)), (item, items))
    return np.array([units_sold(day)[rows].sum() for cut, rows in pairs for day in (none, cut)])


def _cut(day: Day) -> Ints:
    return numbers(day.scenario, (promotion.product for promotion in day.case.promotions))


def _space(mean: Floats) -> float:
    return log(mean[1] / mean[0]) / log(MORE_SPACE)


def _price(mean: Floats) -> float:
    return log(mean[1] / mean[0]) / log(1 - PRICE_CUT)


SPACE = Fact(
    number=19,
    title="Space",
    source="Eisend 2014, 1,268 estimates",
    setting=(
        f"Example market; the products of ranks {MIDDLING.start + 1} to {MIDDLING.stop} by penetration on twice the "
        "metres, all others as they were."
    ),
    scenario=more_space,
    observe=observe_space,
    checks=(Check("elasticity", _space, 0.10, 0.25, "0.17", "fitted"),),
    quick=True,
)
PRICE = Fact(
    number=24,
    title="Price",
    source="Complete Journey, 24 categories; Bijmolt, van Heerde & Pieters 2005 for items",
    setting=(
        f"Example market. All rows of {', '.join(CATEGORIES)} {100 * PRICE_CUT:.0f} % cheaper at their shelves. "
        f"{SPLIT.capitalize()} split into {ITEMS} items of equal sales and shelf that replace one another, one of them "
        "as much cheaper."
    ),
    scenario=cheaper,
    observe=observe_cuts,
    checks=(
        Check("elasticity of categories", lambda m: _price(m[:2]), -2.0, -1.2, "-1.4 to -1.6", "wired in"),
        Check("elasticity of the item", lambda m: _price(m[2:4]), -3.5, -2.0, "-2.62", "fitted"),
        Check("elasticity of all items on its price", lambda m: _price(m[4:]), -np.inf, np.inf, "", "reported"),
    ),
    takes_s=60,
)
FACTS = (SPACE, PRICE)
