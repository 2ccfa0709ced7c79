"""Coupons while the day is played: the same customers, the price of the coupon, and unplanned purchases."""

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest

from storesim.behaviour.itinerary import plan
from storesim.customers.population import Candidates, Pairs, Population
from storesim.engine.log import EventLog, Kind
from storesim.experiment.replication import Ready, prepare
from storesim.inputs.case import Coupon, Promotion, Scenario
from storesim.results.day import Day

PRODUCTS = ("soft drinks", "yogurt", "bag snacks")


def coupons(*products: str, **changes: object) -> tuple[Coupon, ...]:
    values: dict[str, object] = {"each": 1, "target": "any", "p_follow": 0.5, "price_cut": 0.0}
    return (Coupon(products, **(values | changes)),)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def with_coupons(small_scenario: Scenario) -> Callable[..., Ready]:
    """The small shop's baseline, once without coupons and once with each of these."""

    def ready(*handed_out: tuple[Coupon, ...], **changes: object) -> Ready:
        base = small_scenario.cases[0]
        cases = [replace(base, name=str(i), coupons=given) for i, given in enumerate(((), *handed_out))]
        return prepare(replace(small_scenario, cases=tuple(cases), visits_per_day=900.0, **changes))  # type: ignore[arg-type]

    return ready


@pytest.fixture(scope="module")
def cheap_or_not(with_coupons: Callable[..., Ready]) -> Ready:
    """No coupons; coupons at the regular price; the same at half of it."""
    return with_coupons(coupons(*PRODUCTS, each=2), coupons(*PRODUCTS, each=2, price_cut=0.5))


@pytest.fixture(scope="module")
def days(cheap_or_not: Ready) -> list[Day]:
    people = cheap_or_not.population(0)
    return [cheap_or_not.play(variant, people, 0) for variant in range(3)]


def followers(day: Day, ready: Ready, variant: int) -> set[tuple[int, int]]:
    """Return (customer, product) of every coupon that is followed."""
    shop, people = ready.shops[variant], day.population
    trips = plan(shop.floor, shop.shelves, people, shop.scenario, shop.case.coupons)
    rows = np.array(sorted(trips.price_ratio)) - len(people.needs.product)
    return set(zip(people.candidates.customer[rows].tolist(), people.candidates.product[rows].tolist(), strict=True))


def takes(day: Day) -> list[tuple[int, int, int, float, bool]]:
    """Return (customer, product, units, amount, planned) of everything taken."""
    log, rows = day.log, np.flatnonzero(day.log.kind == Kind.TAKE)
    columns = (log.customer, log.product, log.units, log.amount, log.planned)
    return list(zip(*(column[rows].tolist() for column in columns), strict=True))


def test_the_customers_do_not_know_which_variant_they_are_in(
    with_coupons: Callable[..., Ready], small_scenario: Scenario
) -> None:
    """Coupons keep more pairs as candidates; not a draw of anybody changes."""
    plain, some = with_coupons().population(3), with_coupons(coupons(*PRODUCTS)).population(3)
    for column in fields(Population):
        if column.name not in ("needs", "candidates", "u_order", "u_wander", "u_coupon"):
            assert np.array_equal(getattr(plain, column.name), getattr(some, column.name)), column.name
    for before, after in ((plain.u_order, some.u_order), (plain.u_wander, some.u_wander)):
        customer = np.repeat(np.arange(len(plain)), np.diff(before.first))
        assert np.array_equal(before.u, after.at(customer, np.arange(len(customer)) - before.first[customer]))
    number = {p.id: i for i, p in enumerate(small_scenario.products)}
    sent_for = {number[product] for product in PRODUCTS}
    before, after = (rows_of(all_of(people.candidates)) for people in (plain, some))
    assert before.items() <= after.items()
    assert rows_of(plain.needs) == rows_of(some.needs)
    might = {(c, p) for p in sent_for for c in np.flatnonzero(some.u_coupon[p] < 0.5).tolist()}
    assert after.keys() - before.keys() == might - before.keys() - rows_of(some.needs).keys()
    assert len(after) > len(before)


def all_of(candidates: Candidates) -> Pairs:
    return candidates.only(np.arange(len(candidates.product)))


def rows_of(pairs: Pairs) -> dict[tuple[int, int], tuple[float, ...]]:
    """Return everything drawn for each pair."""
    columns = [getattr(pairs, column.name).tolist() for column in fields(Pairs)[1:]]
    return {(int(row[0]), int(row[1])): row[2:] for row in zip(*columns, strict=True)}


def test_coupons_that_nobody_follows_change_no_byte(with_coupons: Callable[..., Ready]) -> None:
    never = with_coupons(coupons(*PRODUCTS, p_follow=0.0, price_cut=0.5))
    plain = with_coupons()
    log = plain.play(0, plain.population(0), 0).log
    for variant in range(2):
        same = never.play(variant, never.population(0), 0).log
        for column in fields(EventLog):
            assert getattr(log, column.name).tobytes() == getattr(same, column.name).tobytes(), column.name


def test_a_coupon_followed_is_bought_unplanned_and_leaves_the_wallet_alone(
    days: list[Day], cheap_or_not: Ready
) -> None:
    sent = followers(days[1], cheap_or_not, 1)
    stopped = days[1].log.kind == Kind.STOP
    at_shelf = set(zip(days[1].log.customer[stopped].tolist(), days[1].log.product[stopped].tolist(), strict=True))
    bought = {(customer, product): planned for customer, product, _, _, planned in takes(days[1])}
    before = {(customer, product) for customer, product, *_ in takes(days[0])}
    assert len(sent) > 100
    assert sent <= at_shelf
    assert sent <= bought.keys()
    assert not any(bought[pair] for pair in sent)
    assert len(sent) > len(sent & before)
    spent = np.zeros(len(days[1].population))
    for customer, product, _, amount, _ in takes(days[1]):
        spent[customer] += amount * ((customer, product) not in sent)
    assert (spent <= days[1].population.budget + 1e-6).all()


def test_who_follows_pays_the_price_of_the_coupon_and_nobody_else_does(days: list[Day], cheap_or_not: Ready) -> None:
    sent = followers(days[2], cheap_or_not, 2)
    regular = [product.price for product in days[2].scenario.products]
    ratios = {(c, p): amount / (units * regular[p]) for c, p, units, amount, _ in takes(days[2])}
    assert {round(ratio, 9) for pair, ratio in ratios.items() if pair in sent} == {0.5}
    assert {round(ratio, 9) for pair, ratio in ratios.items() if pair not in sent} == {1.0}


def test_a_lower_price_never_takes_fewer_units(days: list[Day], cheap_or_not: Ready) -> None:
    sent = followers(days[1], cheap_or_not, 1)
    assert sent == followers(days[2], cheap_or_not, 2)
    dear, cheap = ({(c, p): units for c, p, units, *_ in takes(day)} for day in days[1:])
    both = sent & dear.keys() & cheap.keys()
    assert all(cheap[pair] >= dear[pair] for pair in both)
    assert sum(cheap[pair] for pair in both) > sum(dear[pair] for pair in both)


def test_the_store_pays_for_the_coupon(days: list[Day]) -> None:
    """Margin is what was paid less what the goods cost: the cut comes out of it."""
    baskets = days[2].baskets
    cost = np.array([product.unit_cost for product in days[2].scenario.products])[baskets.product]
    assert baskets.margin == pytest.approx(baskets.amount - baskets.units * cost)


@pytest.mark.parametrize(("cut", "paid"), [(0.2, 0.6), (0.6, 0.4)])
def test_the_better_of_coupon_and_promotion_counts(
    with_coupons: Callable[..., Ready], make_promotion: Callable[..., Promotion], cut: float, paid: float
) -> None:
    ready = with_coupons(coupons("yogurt", p_follow=1.0, price_cut=0.4))
    case = replace(ready.scenario.cases[1], promotions=(make_promotion("yogurt", price_cut=cut),))
    ready = prepare(replace(ready.scenario, cases=(ready.scenario.cases[0], case)))
    day = ready.play(1, ready.population(0), 0)
    sent, regular = followers(day, ready, 1), [product.price for product in day.scenario.products]
    ratios = {round(a / (u * regular[p]), 9) for c, p, u, a, _ in takes(day) if (c, p) in sent}
    assert ratios == {paid}


def test_far_coupons_lead_farther_than_near_ones(with_coupons: Callable[..., Ready]) -> None:
    ready = with_coupons(*(coupons(*PRODUCTS, p_follow=1.0, target=target) for target in ("near", "far")))
    people = ready.population(0)
    none, near, far = (float(ready.play(v, people, 0).trips.walked_m.mean()) for v in range(3))
    assert none < near < far
