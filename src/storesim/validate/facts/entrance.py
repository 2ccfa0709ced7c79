"""Fact 21: a promotion at the entrance sells more of itself, and no more in total."""

from dataclasses import replace

import numpy as np

from storesim.inputs.case import Scenario
from storesim.results.day import Day
from storesim.validate.fact import Check, Fact, Floats
from storesim.validate.facts.measures import change, numbers, price_cut, units_sold
from storesim.validate.stores import market

PRODUCT = "soft drinks"
TABLE = "T1"
PRICE_CUT = 0.2
VISITS = 2000


def promoted() -> Scenario:
    """Return the market with an empty table at the entrance, and with a promotion on it all day."""
    scenario = market()
    home = scenario.cases[0]
    table = next(fixture for fixture in home.plan.fixtures if fixture.id == TABLE)
    at = tuple((table.id, face.name, bay.number) for face in table.faces for bay in face.bays)
    promotion = price_cut(scenario, PRODUCT, PRICE_CUT, at)
    cases = (home, replace(home, name="promotion at the entrance", promotions=(promotion,)))
    return replace(scenario, visits_per_day=float(VISITS), cases=cases, baseline=home.name)


def observe(days: tuple[Day, ...]) -> Floats:
    """Return units and sales of the product and sales of the store, of both variants; shape (6,)."""
    return np.concatenate([_observe(day) for day in days])


def _observe(day: Day) -> Floats:
    product, baskets = numbers(day.scenario, (PRODUCT,))[0], day.baskets
    own = baskets.paid & (baskets.product == product)
    return np.array([units_sold(day)[product], baskets.amount[own].sum(), baskets.amount[baskets.paid].sum()])


def passed_on(mean: Floats) -> float:
    """Return the gain in total sales over the gain in the product's own sales."""
    return float((mean[5] - mean[2]) / (mean[4] - mean[1]))


FACTS = (
    Fact(
        number=21,
        title="Entrance promotion",
        source="Otterbring 2018, 715 customers",
        setting=(
            f"Example market of 1,400 m²; {PRODUCT} on the table at the entrance, {100 * PRICE_CUT:.0f} % off all day, "
            "against an empty table."
        ),
        scenario=promoted,
        observe=observe,
        checks=(
            Check("own units", change(3, 0), 0, np.inf, "more", "emerges", "%"),
            Check("total over own gain in sales", passed_on, -np.inf, 0.5, "no gain in total spend", "fitted"),
        ),
    ),
)
