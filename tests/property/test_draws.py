"""Adding a product or a customer leaves everybody else's draws alone, whatever the assortment and the seed."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storesim.customers import deck
from storesim.customers.draw import draw_population
from storesim.customers.population import Pairs, Population
from storesim.customers.propensity import Propensity
from storesim.customers.steps import Steps
from storesim.inputs.case import Product, Scenario

few = settings(max_examples=60, deadline=None)
UNIFORMS = ("u_units", "u_dwell", "u_place", "u_want", "threshold")
OWN = ("arrives_s", "segment", "mission", "speed_m_s", "u_habit", "u_guide", "knows_store")
OWN += ("u_door", "u_service", "patience_s", "categories")


@dataclass(frozen=True)
class Assortment:
    """Names, weights in the draw of a basket, and shares of purchases that were not planned."""

    names: list[str]
    weights: list[float]
    impulse: list[float]

    def with_one_more(self, at: int, weight: float, impulse: float) -> "Assortment":
        parts = (self.names, "newcomer"), (self.weights, weight), (self.impulse, impulse)
        return Assortment(*([*column[:at], value, *column[at:]] for column, value in parts))


@st.composite
def assortments(draw: st.DrawFn, planned: bool = False) -> Assortment:
    names = draw(st.lists(st.text("abcdeé ", min_size=1, max_size=4), min_size=4, max_size=9, unique=True))
    weights = draw(st.lists(st.floats(0.01, 5), min_size=len(names), max_size=len(names)))
    impulse = (
        [0.0] * len(names) if planned else draw(st.lists(st.floats(0, 1), min_size=len(names), max_size=len(names)))
    )
    return Assortment(names, weights, impulse)


@pytest.fixture(scope="session")
def people(make_product: Callable[..., Product], make_scenario: Callable[..., Scenario]) -> Callable[..., Population]:
    """The customers of a day in front of an assortment, some 40 of them; every product is equally inclined to."""

    def drawn(goods: Assortment, seed: int, visits: float = 40.0, ceiling: float = 1.0) -> Population:
        rows = zip(goods.names, goods.impulse, strict=True)
        scenario = make_scenario(*(make_product(n, impulse_share=i) for n, i in rows), seed=seed, visits_per_day=visits)
        kinds = Propensity(np.array([goods.weights]), np.ones((1, len(goods.names))))
        population = draw_population(scenario, kinds, np.full(len(goods.names), ceiling), 0)
        every = np.arange(len(population.candidates.product))
        return replace(population, candidates=population.candidates.only(every))

    return drawn


def by_name(pairs: Pairs, goods: Assortment) -> dict[tuple[int, str], tuple[float, ...]]:
    """Return every uniform of every pair by customer and product name."""
    rows = zip(pairs.customer, pairs.product, *(getattr(pairs, name) for name in UNIFORMS), strict=True)
    return {(int(c), goods.names[p]): tuple(map(float, u)) for c, p, *u in rows}


def lists_of(population: Population, goods: Assortment) -> list[set[str]]:
    found: list[set[str]] = [set() for _ in range(len(population))]
    for customer, name in by_name(population.needs, goods):
        found[customer].add(name)
    return found


@few
@given(data=st.data(), goods=assortments(), seed=st.integers(0, 2**32))
def test_another_product_changes_no_number_of_any_customer(
    people: Callable[..., Population], data: st.DataObject, goods: Assortment, seed: int
) -> None:
    at, weight = data.draw(st.integers(0, len(goods.names))), data.draw(st.floats(0.01, 5))
    more = goods.with_one_more(at, weight, data.draw(st.floats(0, 1)))
    before, after = people(goods, seed), people(more, seed)
    for column in OWN:
        assert np.array_equal(getattr(before, column), getattr(after, column)), column
    old = by_name(before.needs, goods) | by_name(before.candidates, goods)
    new = by_name(after.needs, more) | by_name(after.candidates, more)
    assert all(old[pair] == new[pair] for pair in old.keys() & new.keys())


def assert_same_steps(some: Steps, others: Steps) -> None:
    """The first steps of the first customers are the same, as far as both have any."""
    customer = np.repeat(np.arange(len(some.first) - 1), np.diff(some.first))
    found = others.at(customer, np.arange(len(customer)) - some.first[customer])
    there = ~np.isnan(found)
    assert there.any() or not len(customer)
    assert np.array_equal(found[there], some.u[there])


@few
@given(data=st.data(), goods=assortments(planned=True), seed=st.integers(0, 2**32))
def test_another_product_takes_the_place_of_one_in_the_baskets_it_enters_and_leaves_the_rest_alone(
    people: Callable[..., Population], data: st.DataObject, goods: Assortment, seed: int
) -> None:
    at, weight = data.draw(st.integers(0, len(goods.names))), data.draw(st.floats(0.01, 5))
    more = goods.with_one_more(at, weight, 0.0)
    before, after = people(goods, seed), people(more, seed)
    for old, new in zip(lists_of(before, goods), lists_of(after, more), strict=True):
        if "newcomer" in new:
            assert new - {"newcomer"} < old
            assert len(new) == len(old)
        else:
            assert new == old
    assert_same_steps(before.u_order, after.u_order)
    assert_same_steps(before.u_wander, after.u_wander)


@few
@given(data=st.data(), goods=assortments(planned=True), seed=st.integers(0, 2**32))
def test_a_product_that_more_people_buy_enters_lists_and_never_leaves_one(
    people: Callable[..., Population], data: st.DataObject, goods: Assortment, seed: int
) -> None:
    one, factor = data.draw(st.integers(0, len(goods.names) - 1)), data.draw(st.floats(1, 10))
    weights = [w * factor if i == one else w for i, w in enumerate(goods.weights)]
    before, after = people(goods, seed), people(replace(goods, weights=weights), seed)
    assert all(
        goods.names[one] in new or goods.names[one] not in old
        for old, new in zip(lists_of(before, goods), lists_of(after, goods), strict=True)
    )


@few
@given(
    goods=assortments(),
    seed=st.integers(0, 2**32),
    visits=st.floats(0.5, 60),
    factor=st.floats(1, 3),
    blocks=st.tuples(st.integers(1, 50), st.integers(1, 50)),
)
def test_more_customers_leave_the_first_ones_alone(
    people: Callable[..., Population],
    goods: Assortment,
    seed: int,
    visits: float,
    factor: float,
    blocks: tuple[int, int],
) -> None:
    """Whatever the blocks they are drawn in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deck, "BLOCK", blocks[0])
        some = people(goods, seed, visits, ceiling=2.0)
        patch.setattr(deck, "BLOCK", blocks[1])
        many = people(goods, seed, visits * factor, ceiling=2.0)
    assert len(some) <= len(many)
    for column in (*OWN, "budget"):
        assert np.array_equal(getattr(some, column), getattr(many, column)[: len(some)]), column
    assert_same_steps(some.u_order, many.u_order)
    assert_same_steps(some.u_wander, many.u_wander)
    for before, after in ((some.needs, many.needs), (some.candidates, many.candidates)):
        assert np.array_equal(before.first, after.first[: len(some) + 1])
        for column in ("customer", "product", "odds", *UNIFORMS):
            assert np.array_equal(getattr(before, column), getattr(after, column)[: before.first[-1]]), column


@few
@given(goods=assortments(), seed=st.integers(0, 2**32), ceiling=st.floats(1, 8))
def test_every_list_has_an_item_and_no_pair_stands_twice(
    people: Callable[..., Population], goods: Assortment, seed: int, ceiling: float
) -> None:
    population = people(goods, seed, ceiling=ceiling)
    needs, candidates = by_name(population.needs, goods), by_name(population.candidates, goods)
    lengths = np.diff(population.needs.first)
    assert (lengths >= 1).all()
    assert (lengths <= population.categories).all()
    assert not needs.keys() & candidates.keys()
    assert len(needs) + len(candidates) == len(population.needs.product) + len(population.candidates.product)
