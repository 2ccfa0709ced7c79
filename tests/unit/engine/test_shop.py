"""A shop ready to be played: what every bay, edge and place shows, and the plain lists that the loop looks up."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from storesim.behaviour.itinerary import plan
from storesim.customers.draw import planned_value
from storesim.customers.population import Population
from storesim.engine.sheets import customer_sheet, price_sheet, till_sheet
from storesim.engine.shop import Shop, open_shop
from storesim.experiment.replication import Ready
from storesim.inputs.case import Promotion, Scenario
from storesim.inputs.floor_plan import Door
from storesim.store.build import build_floor

Offer = Callable[..., Promotion]


@pytest.fixture
def shop(small_ready: Ready) -> Shop:
    return small_ready.shops[0]


def number(shop: Shop, product: str) -> int:
    return [p.id for p in shop.scenario.products].index(product)


# What is seen


def test_a_product_is_seen_in_the_bays_where_it_stands_and_nowhere_else(shop: Shop) -> None:
    stands = np.zeros(shop.attention.shape, dtype=bool)
    for placement in shop.case.placements:
        bay = shop.floor.places.bay(placement.fixture, placement.face, placement.bay)
        stands[bay, number(shop, placement.product)] = True
    assert np.array_equal(shop.attention > 0, stands)


def test_views_are_sight_times_attention(shop: Shop) -> None:
    """Edge by edge and place by place, written out."""
    edge, place = shop.floor.sight.edge.toarray(), shop.floor.sight.place.toarray()
    assert shop.view.walking.toarray() == pytest.approx(
        np.einsum("eb,bp->ep", edge, shop.attention), rel=1e-5, abs=1e-9
    )
    assert shop.view.standing == pytest.approx(np.einsum("nb,bp->np", place, shop.attention), rel=1e-5, abs=1e-9)


def test_every_product_of_the_shop_can_be_seen_on_some_way(shop: Shop) -> None:
    assert (shop.view.walking.toarray().max(axis=0) > 0).all()


def test_a_display_adds_a_presence_and_leaves_all_others_as_they_were(shop: Shop, make_promotion: Offer) -> None:
    offer = make_promotion("bag snacks", at=(("T1", "east", 1),))
    promoted = open_shop(shop.scenario, replace(shop.case, promotions=(offer,)), shop.floor)
    assert np.array_equal(promoted.attention[:, :-1], shop.attention)
    assert np.array_equal(promoted.view.walking.toarray()[:, :-1], shop.view.walking.toarray())
    bay = shop.floor.places.bay("T1", "east", 1)
    assert np.flatnonzero(promoted.attention[:, -1]).tolist() == [bay]
    assert promoted.shelves.product[-1] == number(shop, "bag snacks")


def test_a_price_cut_at_home_shows_nothing_new(shop: Shop, make_promotion: Offer) -> None:
    promoted = open_shop(shop.scenario, replace(shop.case, promotions=(make_promotion("milk"),)), shop.floor)
    assert np.array_equal(promoted.attention, shop.attention)


def test_a_case_that_names_a_bay_that_is_not_there_cannot_open(shop: Shop, make_promotion: Offer) -> None:
    offer = make_promotion("milk", at=(("T9", "east", 1),))
    with pytest.raises(KeyError, match="T9/east/1"):
        open_shop(shop.scenario, replace(shop.case, promotions=(offer,)), shop.floor)


# Lists


def test_who_has_paid_leaves_by_the_nearest_door_that_lets_out(small_scenario: Scenario) -> None:
    """A door beside the till lets in only; the one that lets out is farther."""
    plan_of_shop = small_scenario.cases[0].plan
    doors = (
        Door("in", "in", (5.5, 0.0), 1.0),
        Door("out", "out", (8.5, 0.0), 1.6),
        Door("far", "out", (9.5, 0.0), 0.8),
    )
    floor = build_floor(replace(plan_of_shop, doors=doors), small_scenario.parameters, small_scenario.seed)
    ways_out = till_sheet(open_shop(small_scenario, small_scenario.cases[0], floor))
    assert floor.exit_m[0].argmin() == 0, "the way in would be nearest"
    assert [floor.places.names[door] for door in ways_out.door] == ["out"]
    assert ways_out.exit_m == [floor.exit_m[0, 1]]
    assert [floor.places.names[place] for place in ways_out.place] == ["tills"]


def test_customers_are_let_in_by_time_of_arrival(shop: Shop, small_day: Population) -> None:
    intended = plan(shop.floor, shop.shelves, small_day, shop.scenario)
    sheet = customer_sheet(small_day, intended, shop.scenario)
    times = [sheet.arrives_s[customer] for customer in sheet.order]
    assert times == sorted(times)
    assert sorted(sheet.order) == list(range(len(small_day)))


def test_what_is_committed_is_the_whole_list_at_regular_prices(shop: Shop, small_day: Population) -> None:
    intended = plan(shop.floor, shop.shelves, small_day, shop.scenario)
    sheet = customer_sheet(small_day, intended, shop.scenario)
    value = np.zeros(len(small_day))
    for customer, worth in zip(small_day.needs.customer, planned_value(small_day.needs, shop.scenario), strict=True):
        value[customer] += worth
    assert list(sheet.committed) == pytest.approx(value)
    assert all(own <= budget for own, budget in zip(sheet.committed, sheet.budget, strict=True))


def test_a_price_elasticity_is_shared_out_between_whether_and_how_many(shop: Shop) -> None:
    sheet, products = price_sheet(shop.scenario), shop.scenario.products
    for incidence, quantity, segment in zip(sheet.incidence, sheet.quantity, shop.scenario.segments, strict=True):
        for whether, how_many, product in zip(incidence, quantity, products, strict=True):
            assert whether + how_many == pytest.approx(product.price_elasticity * segment.price_response)
            assert whether / (whether + how_many) == pytest.approx(shop.scenario.parameters.incidence_share)
