"""Stock balances to the unit at every moment, whatever is bought, brought, lost and refilled; nothing goes below 0."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storesim.engine.log import EventLog, Kind
from storesim.experiment.replication import Ready, prepare
from storesim.inputs.case import Scenario
from storesim.inputs.operations import Delivery, Held, OnEmpty, Opening, Operations, Refill, Staff, Stock
from storesim.results.stock import read_stock

OPENS_S, CLOSES_S = 8 * 3600.0, 20 * 3600.0
shares = st.floats(0, 1)
times_s = st.floats(OPENS_S - 3600, CLOSES_S + 3600)
held = st.builds(Held, st.floats(0.1, 20), st.integers(0, 60), opening_shelf=shares, opening_back=st.integers(0, 60))
stocks = st.builds(
    Stock,
    held=st.fixed_dictionaries({}),
    refill=st.builds(
        Refill,
        rounds_s=st.lists(times_s, max_size=3).map(tuple),
        below=shares,
        per_unit_s=st.floats(0, 30),
        per_shelf_s=st.floats(0, 900),
        trolley_persons=st.integers(0, 5),
    ),
    deliveries=st.lists(st.builds(Delivery, times_s, shares), max_size=3).map(tuple),
    shrink=st.floats(0, 0.3),
    on_empty=st.builds(OnEmpty, st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0, 60)),
)
pools = st.none() | st.builds(Staff, st.tuples(st.builds(Opening, times_s, st.just(CLOSES_S), st.integers(0, 2))))


@pytest.fixture(scope="module")
def shop(small_scenario: Scenario) -> Ready:
    """The small shop of some 300 customers, in which operations are put; each product may be the other's substitute."""
    products = tuple(replace(p, substitutes="any" if i % 2 else "other") for i, p in enumerate(small_scenario.products))
    some = Operations(stock=Stock({}, Refill(), (), 0.0, OnEmpty(0.0, 0.0)))
    cases = tuple(replace(case, operations=some) for case in small_scenario.cases[:2])
    return prepare(replace(small_scenario, products=products, cases=cases))


def played_with(shop: Ready, run: Operations, variant: int = 0) -> tuple[EventLog, Ready]:
    """Return the log of a day of the shop that is run so."""
    shops = tuple(replace(one, case=replace(one.case, operations=run)) for one in shop.shops)
    ready = replace(shop, shops=shops)
    return ready.play(variant, shop.population(0), 0).log, ready


CHANGES = {
    Kind.OPENING: (1, 1), Kind.DELIVER: (0, 1), Kind.PUT_BACK: (0, 1), Kind.REFILL: (1, 0),
    Kind.TAKE: (-1, -1), Kind.SHRINK: (-1, -1),
}  # fmt: skip
"""Kind of fact -> what its units do to the shelves, and to all that the store has."""


def balances(log: EventLog, kept: set[int]) -> tuple[Counter[int], Counter[int]]:
    """Replay the log; return units on shelves and in the store by product. Neither is ever below 0."""
    on_shelf, in_store = Counter[int](), Counter[int]()
    for kind, product, place, units in zip(
        log.kind.tolist(), log.product.tolist(), log.place.tolist(), log.units.tolist(), strict=True
    ):
        if kind not in CHANGES or product not in kept:
            continue
        shelf, store = CHANGES[Kind(kind)]
        on_shelf[product] += units * shelf * (place >= 0)
        in_store[product] += units * store
        assert 0 <= on_shelf[product] <= in_store[product], "the back room has the rest, and never less than nothing"
    return on_shelf, in_store


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stock=stocks, every=held, staff=pools, variant=st.integers(0, 1))
def test_units_balance_at_every_fact_and_everybody_gets_out(
    shop: Ready, stock: Stock, every: Held, staff: Staff | None, variant: int
) -> None:
    scenario = shop.scenario
    stock = replace(stock, held={product.id: every for product in scenario.products})
    log, ready = played_with(shop, Operations(stock=stock, staff=staff), variant)
    kept = {int(p) for p in log.product[log.kind == Kind.OPENING]}
    _, in_store = balances(log, kept)
    table = read_stock(log, scenario, ready.shops[variant].case)
    for product in kept:
        assert table.closing[product] == in_store[product]
    assert np.count_nonzero(log.kind == Kind.ENTER) == np.count_nonzero(log.kind == Kind.LEAVE)
    assert ((table.availability >= 0) & (table.availability <= 1)).all()


def test_a_store_that_never_runs_out_sells_what_one_without_stock_does(shop: Ready) -> None:
    plenty = Stock({p.id: Held(1e5, 0) for p in shop.scenario.products}, Refill(), (), 0.0, OnEmpty(0.45, 0.15))
    with_stock, _ = played_with(shop, Operations(stock=plenty))
    without, _ = played_with(shop, Operations())
    own = with_stock.customer >= 0
    assert own.sum() == len(without)
    for column in ("t_s", "customer", "kind", "product", "units", "amount"):
        assert np.array_equal(getattr(with_stock, column)[own], getattr(without, column))


def test_empty_shelves_turn_lists_into_misses_and_put_off_purchases(shop: Ready) -> None:
    nothing = Stock(
        {p.id: Held(20.0, 0, opening_shelf=0.0) for p in shop.scenario.products}, Refill(), (), 0.0, OnEmpty(0.0, 0.4)
    )
    log, ready = played_with(shop, Operations(stock=nothing))
    assert not (log.kind == Kind.TAKE).any()
    assert not (log.kind == Kind.NOTICE).any(), "an empty shelf shows nothing"
    missed, postponed = (np.count_nonzero(log.kind == kind) for kind in (Kind.MISS, Kind.POSTPONE))
    assert missed + postponed > 300
    assert postponed / (missed + postponed) == pytest.approx(0.4, abs=0.06)
    table = read_stock(log, shop.scenario, ready.shops[0].case)
    assert (table.availability == 0).all()
    assert table.lost_empty.sum() > 0


def test_refills_bring_back_what_sells_and_a_trigger_keeps_more_on_the_shelf_than_a_late_round(shop: Ready) -> None:
    def availability(refill: Refill) -> float:
        stock = Stock({p.id: Held(1.0, 500, 1.0, 500) for p in shop.scenario.products}, refill, (), 0.0, OnEmpty(0, 0))
        log, ready = played_with(shop, Operations(stock=stock))
        return float(read_stock(log, shop.scenario, ready.shops[0].case).availability.mean())

    never, late = availability(Refill()), availability(Refill(rounds_s=(CLOSES_S - 3600,)))
    at_once = availability(Refill(below=0.5))
    assert never < late < at_once


def test_losses_are_as_many_as_the_share_says_and_the_same_in_every_variant(shop: Ready) -> None:
    stock = Stock({p.id: Held(50.0, 0) for p in shop.scenario.products}, Refill(), (), 0.1, OnEmpty(0, 0))
    logs = [played_with(shop, Operations(stock=stock), variant)[0] for variant in (0, 0)]
    lost, there = (log_units(logs[0], kind) for kind in (Kind.SHRINK, Kind.OPENING))
    assert lost == pytest.approx(0.1 * there, rel=0.1)
    assert np.array_equal(logs[0].t_s, logs[1].t_s)


def log_units(log: EventLog, kind: Kind) -> int:
    return int(log.units[log.kind == kind].sum())
