"""What several facts observe of a day, and the numbers that they make of means."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from storesim.inputs.case import Placement, Product, Promotion, Scenario
from storesim.inputs.floor_plan import Fixture
from storesim.results.day import Day

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def numbers(scenario: Scenario, products: Iterable[str]) -> Ints:
    """Return the indices of products given by id, in their order.

    Raises:
        KeyError: there is no such product.
    """
    index = {product.id: i for i, product in enumerate(scenario.products)}
    return np.array([index[product] for product in products], dtype=np.int64)


def unplanned_spend(day: Day, without: Iterable[str] = ()) -> Floats:
    """Return what each customer paid for products not on the list, leaving some products out; shape (customers,)."""
    baskets = day.baskets
    own = baskets.paid & ~baskets.planned & ~np.isin(baskets.product, numbers(day.scenario, without))
    return np.bincount(baskets.customer[own], baskets.amount[own], len(day.population)).astype(np.float64)


def planned_units(day: Day) -> float:
    """Return the units paid of what stood on the lists."""
    return float(day.baskets.units[day.baskets.paid & day.baskets.planned].sum())


def units_sold(day: Day) -> Floats:
    """Return the units paid of each product; shape (products,)."""
    baskets = day.baskets
    paid = baskets.paid
    return np.bincount(baskets.product[paid], baskets.units[paid], len(day.scenario.products)).astype(np.float64)


def penetration(scenario: Scenario) -> Floats:
    """Return the share of all visits that buy each product, over segments and missions; shape (products,)."""
    mix = {m.name: sum(s.share * s.missions.get(m.name, 0.0) for s in scenario.segments) for m in scenario.missions}
    return np.array(
        [sum(share * p.penetration.get(name, 0.0) for name, share in mix.items()) for p in scenario.products]
    )


def planned_share(product: Product) -> float:
    """Return the share of a product's purchases that stand on a list."""
    return 1 - product.impulse_share if product.planned_share is None else product.planned_share


def whole_fixture(fixture: Fixture, product: str) -> tuple[Placement, ...]:
    """Return a display of a product on every bay and level of a fixture."""
    return tuple(
        Placement(product, fixture.id, face.name, bay.number, (1, fixture.levels), bay.width_m * fixture.levels, True)
        for face in fixture.faces
        for bay in face.bays
    )


def price_cut(scenario: Scenario, product: str, cut: float, at: tuple[tuple[str, str, int], ...] = ()) -> Promotion:
    """Return a price cut for everybody, all day: on display at some bays, or else at home."""
    return Promotion(
        product=product,
        at=at,
        price_cut=cut,
        from_s=scenario.opens_s,
        until_s=scenario.closes_s,
        first_day=None,
        last_day=None,
        tiers=None,
        segments=None,
        funded=0.0,
        set_up_cost=0.0,
    )


def change(after: int, before: int) -> Callable[[Floats], float]:
    """Return the function from means to the change of one observed number over another, in %."""
    return lambda mean: float(100 * (mean[after] / mean[before] - 1))
