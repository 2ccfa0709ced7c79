"""With wallet, time and route held fixed, what is wanted only grows: with exposure, shelf metres, a price cut.

Everybody keeps the itinerary of the small shop, and every presence of a product has the same price. (Where a display
has a price of its own, more exposure at home may let a customer notice there first, at the regular price.)
"""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storesim.behaviour.attention import attention
from storesim.behaviour.buying import is_wanted, units_at
from storesim.behaviour.glimpses import glimpses, views
from storesim.behaviour.itinerary import Itineraries, Legs, legs_of, plan, to_nearest_checkout
from storesim.behaviour.watching import watched
from storesim.customers.draw import draw_population
from storesim.customers.population import Floats, Population
from storesim.engine.shop import Shop
from storesim.experiment.replication import Ready

few = settings(max_examples=40, deadline=None)
FACTORS = st.one_of(st.just(1.0), st.floats(1.01, 20))
Wanted = set[tuple[int, int]]
"""Pairs (customer, product) beyond the shopping lists."""


@dataclass(frozen=True)
class Fixed:
    """A day on which nobody changes the way: customers, their trips, and the shop they walk through."""

    shop: Shop
    population: Population
    trips: Itineraries
    legs: Legs

    @property
    def elasticity(self) -> list[float]:
        """Elasticity of incidence of each product."""
        share = self.shop.scenario.parameters.incidence_share
        return [share * p.price_elasticity for p in self.shop.scenario.products]


@pytest.fixture(scope="module", params=[0, 1], ids=["homes only", "snacks on display"])
def fixed(small_ready: Ready, request: pytest.FixtureRequest) -> Fixed:
    shop: Shop = small_ready.shops[request.param]
    most = np.full(len(shop.scenario.products), 20.0)  # every price of these tests stays under it
    population = draw_population(shop.scenario, small_ready.kinds, most, 0)
    every = np.arange(len(population.candidates.product))
    population = replace(population, candidates=population.candidates.only(every))
    trips = plan(shop.floor, shop.shelves, population, shop.scenario)
    legs = to_nearest_checkout(legs_of(trips, shop.floor), trips.habit, shop.floor)
    return Fixed(shop, population, trips, legs)


def wanted(day: Fixed, weights: Floats, ratio: Floats | None = None, speed_m_s: Floats | None = None) -> Wanted:
    """Return what is noticed on the way and wanted.

    Args:
        day: who walks where.
        weights: attention, shape (bays, presences).
        ratio: price over regular price, shape (products,); None: regular.
        speed_m_s: shape (customers,); None: their own.
    """
    watch, candidates = watched(day.population, day.shop.shelves), day.population.candidates
    speed = day.population.speed_m_s if speed_m_s is None else speed_m_s
    floor, shelves = day.shop.floor, day.shop.shelves
    seen = glimpses(
        day.legs, day.trips.habit, floor, shelves, views(floor, weights), watch, speed, np.ones(len(day.legs))
    )
    left, needs = watch.threshold.copy(), len(day.population.needs.product)
    found = set()
    for pair, _, _, exposure in seen.rows():
        left[pair] -= exposure
        k = pair - needs
        if k >= 0 and left[pair] <= 0:
            product = int(candidates.product[k])
            price = 1.0 if ratio is None else float(ratio[product])
            if is_wanted(float(candidates.u_want[k]), float(candidates.odds[k]), price, day.elasticity[product]):
                found.add((int(candidates.customer[k]), product))
    return found


def with_metres(day: Fixed, product: int, factor: float) -> Floats:
    """Return the attention on shelves where a product's metres are scaled in place, at home and on display."""
    shelves, shop = day.shop.shelves, day.shop
    own = shelves.product[shelves.presence] == product
    scaled = replace(shelves, metres=np.where(own, factor * shelves.metres, shelves.metres))
    return attention(scaled, shop.scenario.products, shop.scenario.parameters, shop.floor.places.bays)


def test_the_day_has_something_to_want(fixed: Fixed) -> None:
    """Power: dozens of wishes, that grow by a lot when attention, metres or prices change by a lot."""
    weights = fixed.shop.attention
    regular = wanted(fixed, weights)
    assert len(regular) > 50
    assert len(wanted(fixed, 5 * weights)) > 1.5 * len(regular)
    assert len(wanted(fixed, weights, np.full(25, 0.5))) > 1.3 * len(regular)
    snacks = [p.id for p in fixed.shop.scenario.products].index("bag snacks")
    few_, many = (sum(p == snacks for _, p in wanted(fixed, with_metres(fixed, snacks, k))) for k in (1.0, 20.0))
    assert many > few_


@few
@given(factor=FACTORS)
def test_wanted_grows_with_attention(fixed: Fixed, factor: float) -> None:
    assert wanted(fixed, fixed.shop.attention) <= wanted(fixed, factor * fixed.shop.attention)


@few
@given(factors=st.lists(FACTORS, min_size=29, max_size=29))
def test_wanted_grows_with_attention_to_any_bays(fixed: Fixed, factors: list[float]) -> None:
    """A factor of its own on each bay: a better light, a cleared view."""
    weights = fixed.shop.attention
    factor = np.resize(factors, len(weights))[:, None]
    assert wanted(fixed, weights) <= wanted(fixed, factor * weights)


@few
@given(factor=FACTORS)
def test_wanted_grows_with_time_in_view(fixed: Fixed, factor: float) -> None:
    """The same way walked more slowly, and stood for longer."""
    slower = fixed.population.speed_m_s / factor
    longer = replace(fixed, legs=replace(fixed.legs, stood_s=factor * fixed.legs.stood_s))
    assert wanted(fixed, fixed.shop.attention) <= wanted(longer, fixed.shop.attention, speed_m_s=slower)


@few
@given(factor=FACTORS, product=st.integers(0, 24))
def test_wanted_grows_with_the_metres_of_a_product_and_the_others_stay(
    fixed: Fixed, factor: float, product: int
) -> None:
    before, after = wanted(fixed, fixed.shop.attention), wanted(fixed, with_metres(fixed, product, factor))
    assert before <= after
    assert {pair for pair in after - before if pair[1] != product} == set()


@few
@given(cuts=st.lists(st.floats(0, 0.6), min_size=25, max_size=25), deeper=st.floats(0, 0.3), product=st.integers(0, 24))
def test_wanted_grows_with_a_price_cut_and_the_others_stay(
    fixed: Fixed, cuts: list[float], deeper: float, product: int
) -> None:
    """Whatever the others cost."""
    ratio = 1 - np.array(cuts)
    cheaper = np.where(np.arange(25) == product, ratio - deeper, ratio)
    before, after = (wanted(fixed, fixed.shop.attention, r) for r in (ratio, cheaper))
    assert before <= after
    assert {p for _, p in after - before} <= {product}


# The rule itself, at any numbers

UNIFORM = st.floats(0, 1, exclude_max=True)
ELASTICITY = st.floats(-5, 0)
RATIO = st.floats(0.05, 1)


@given(u=UNIFORM, odds=st.floats(1e-6, 1e4), elasticity=ELASTICITY, ratio=RATIO, lower=RATIO)
def test_a_lower_price_never_loses_a_wish(u: float, odds: float, elasticity: float, ratio: float, lower: float) -> None:
    if is_wanted(u, odds, ratio, elasticity):
        assert is_wanted(u, odds, ratio * lower, elasticity)


@given(u=UNIFORM, odds=st.floats(1e-6, 1e4), factor=st.floats(1, 100), elasticity=ELASTICITY, ratio=RATIO)
def test_more_inclination_never_loses_a_wish(
    u: float, odds: float, factor: float, elasticity: float, ratio: float
) -> None:
    if is_wanted(u, odds, ratio, elasticity):
        assert is_wanted(u, odds * factor, ratio, elasticity)


@given(u=UNIFORM, regular=st.floats(1, 20), elasticity=ELASTICITY, ratio=RATIO, lower=RATIO)
def test_a_lower_price_never_sells_fewer_units(
    u: float, regular: float, elasticity: float, ratio: float, lower: float
) -> None:
    assert 1 <= units_at(u, regular, ratio, elasticity) <= units_at(u, regular, ratio * lower, elasticity)
