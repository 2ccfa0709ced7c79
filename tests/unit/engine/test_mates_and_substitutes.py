"""Mates and substitutes at the shelf: whose customers go where, and that accounts stay right."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from storesim.engine.log import EventLog, Kind
from storesim.experiment.replication import Ready, prepare
from storesim.inputs.case import Promotion, Scenario
from storesim.results.baskets import read_baskets
from storesim.results.losses import read_losses

if TYPE_CHECKING:
    from tests.unit.engine.conftest import Played

    Play = Callable[[Ready, int, int], Played]

DRINKS, WATER = "soft drinks", "water"


def number_of(scenario: Scenario, product: str) -> int:
    return [p.id for p in scenario.products].index(product)


@pytest.fixture(scope="module")
def shop_of(small_scenario: Scenario, make_promotion: Callable[..., Promotion]) -> Callable[..., Ready]:
    """The small shop with more customers, where soft drinks and water, side by side, may be one group."""

    def ready(cut: float = 0.0, grouped: bool = True, p_replaces: float = 0.5, **changes: object) -> Ready:
        products = tuple(
            replace(p, substitutes="drinks" if grouped and p.id in (DRINKS, WATER) else "")
            for p in small_scenario.products
        )
        offers = (make_promotion(WATER, price_cut=cut),) if cut else ()
        cases = (replace(small_scenario.cases[0], promotions=offers),)
        keen = {"notice_rate": 0.3, "p_replaces": p_replaces}
        parameters = small_scenario.parameters.model_copy(update=keen)
        scenario = replace(small_scenario, products=products, cases=cases, visits_per_day=1500.0)
        return prepare(replace(scenario, parameters=parameters, **changes))

    return ready


def same(one: EventLog, other: EventLog) -> bool:
    return all(np.array_equal(getattr(one, column), getattr(other, column)) for column in vars(one))


def switches(played: "Played") -> list[tuple[int, int]]:
    """Return (customer, product) of what was taken at a stop for something else."""
    return [
        (customer, take.product)
        for customer, trip in enumerate(played.trips)
        for stop, take in pairwise(trip)
        if (stop.kind, take.kind) == (Kind.STOP, Kind.TAKE) and stop.product != take.product
    ]


def test_at_regular_prices_nobody_switches_and_groups_change_nothing(
    shop_of: Callable[..., Ready], play: "Play"
) -> None:
    apart, grouped = (play(shop_of(grouped=g, p_replaces=0.0), 0, 0) for g in (False, True))
    assert switches(grouped) == []
    water, drinks = (number_of(grouped.day.scenario, name) for name in (WATER, DRINKS))
    planned = [
        Counter((f.product, f.planned) for trip in p.trips for f in trip if f.kind == Kind.TAKE)
        for p in (apart, grouped)
    ]
    for product in (water, drinks):
        assert planned[1][product, True] == planned[0][product, True]
        assert planned[1][product, False] <= planned[0][product, False], "one on impulse is enough"


def test_a_cut_draws_customers_of_the_substitute(shop_of: Callable[..., Ready], play: "Play") -> None:
    """Half price for water: the logit's share of those who came for soft drinks takes water, as planned."""
    ready = shop_of(cut=0.5)
    played, scenario = play(ready, 0, 0), ready.scenario
    water, drinks = number_of(scenario, WATER), number_of(scenario, DRINKS)
    taken = switches(played)
    assert {product for _, product in taken} == {water}
    assert len({customer for customer, _ in taken}) == len(taken)
    stops = Counter(f.product for trip in played.trips for f in trip if f.kind == Kind.STOP and f.planned)
    share = ready.shops[0].substitutes.share[water]
    leave = 1 - 1 / (1 - share + share * 0.5**-scenario.parameters.switching)
    assert len(taken) / (stops[drinks] * scenario.parameters.p_found) == pytest.approx(leave, abs=0.06)
    by_customer = {(customer, product) for customer, product in taken}
    for customer, trip in enumerate(played.trips):
        for fact in trip:
            if fact.kind == Kind.TAKE and (customer, fact.product) in by_customer:
                assert fact.planned
                assert fact.promotion == 0
                assert fact.amount == pytest.approx(0.5 * fact.units * scenario.products[water].price)


@pytest.mark.parametrize("cut", [0.0, 0.5])
def test_accounts_add_up(shop_of: Callable[..., Ready], play: "Play", cut: float) -> None:
    played = play(shop_of(cut=cut), 0, 0)
    for trip in played.trips:
        taken = [fact for fact in trip if fact.kind == Kind.TAKE]
        assert max(Counter(fact.product for fact in taken).values(), default=1) == 1, "nothing is taken twice"
        for paid in (fact for fact in trip if fact.kind == Kind.PAY):
            parts = [sum(f.amount for f in taken if f.planned is kind) for kind in (True, False)]
            assert paid.amount == pytest.approx(sum(parts))
            assert paid.units == sum(fact.units for fact in taken)


def test_what_is_bought_on_impulse_spares_the_one_on_the_list(shop_of: Callable[..., Ready], play: "Play") -> None:
    """With certainty nobody who took one of the two on impulse looks for the other any more; never, everybody does."""
    for p_replaces in (0.0, 1.0):
        played = play(shop_of(p_replaces=p_replaces), 0, 0)
        scenario, needs = played.day.scenario, played.day.population.needs
        pair = {number_of(scenario, WATER), number_of(scenario, DRINKS)}
        listed = {(c, p) for c, p in zip(needs.customer.tolist(), needs.product.tolist(), strict=True) if p in pair}
        spared = 0
        for customer, trip in enumerate(played.trips):
            bought = [f for f in trip if f.kind == Kind.TAKE and f.product in pair and not f.planned]
            for other in (p for f in bought for p in pair - {f.product} if (customer, p) in listed):
                later = [f for f in trip[trip.index(bought[0]) :] if f.kind == Kind.STOP and f.product == other]
                before = [f for f in trip[: trip.index(bought[0])] if f.kind == Kind.STOP and f.product == other]
                assert bool(later) == (p_replaces == 0.0 and not before)
                spared += not before
        assert spared > 3


def test_a_need_that_a_substitute_meets_is_not_lost(shop_of: Callable[..., Ready], play: "Play") -> None:
    day = play(shop_of(cut=0.5, p_replaces=1.0), 0, 0).day
    baskets = read_baskets(day.log, day.scenario, day.case, len(day.population))
    drinks = number_of(day.scenario, DRINKS)
    found = read_losses(day.population.needs, baskets, day.scenario.products).not_found[drinks]
    plain = tuple(replace(p, substitutes="") for p in day.scenario.products)
    assert 0 < found < 0.8 * read_losses(day.population.needs, baskets, plain).not_found[drinks]


def test_equal_variants_differ_by_nothing(shop_of: Callable[..., Ready]) -> None:
    affinity = {"bag snacks": {DRINKS: 1.5}, DRINKS: {"bag snacks": 1.5}}
    ready = shop_of(cut=0.3, affinity=affinity)
    twice = prepare(
        replace(ready.scenario, cases=(ready.scenario.cases[0], replace(ready.scenario.cases[0], name="A")))
    )
    population = twice.population(0)
    assert same(twice.play(0, population, 0).log, twice.play(1, population, 0).log)


# Mates: bag snacks stand next to cookies, and soft drinks to water


def neighbours_sold(ready: Ready, product: str) -> int:
    log = ready.play(0, ready.population(0), 0).log
    return int(
        np.count_nonzero((log.kind == Kind.TAKE) & ~log.planned & (log.product == number_of(ready.scenario, product)))
    )


def affinity(value: float) -> dict[str, dict[str, float]]:
    return {"bag snacks": {"cookies": value}, "cookies": {"bag snacks": value}}


def test_a_mate_sells_more_beside_its_mate_and_an_unlikely_one_less(shop_of: Callable[..., Ready]) -> None:
    less, plain, more = (
        neighbours_sold(shop_of(grouped=False, affinity=affinity(value)), "cookies") for value in (0.1, 1, 10)
    )
    assert less < plain < more


def test_affinities_that_do_not_act_change_nothing(shop_of: Callable[..., Ready]) -> None:
    """Of products far apart, of a kind of 1, or with adjacency 0."""
    plain = shop_of(grouped=False)
    population = plain.population(0)
    calm = plain.scenario.parameters.model_copy(update={"adjacency": 0.0})
    far = {"checkout candy": {"milk": 5.0}, "milk": {"checkout candy": 5.0}}
    for other in (
        prepare(replace(plain.scenario, affinity=affinity(10.0), parameters=calm)),
        prepare(replace(plain.scenario, affinity=affinity(1.0))),
    ):
        assert same(plain.play(0, population, 0).log, other.play(0, other.population(0), 0).log)
    apart = prepare(replace(plain.scenario, affinity=far))
    assert apart.shops[0].mates == {}
