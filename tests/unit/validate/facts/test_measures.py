"""What facts observe of a day agrees with what was paid, and promotions and displays are as large as they say."""

import numpy as np
import pytest

from storesim.inputs.case import Scenario
from storesim.results.day import Day
from storesim.validate.facts.measures import (
    change,
    numbers,
    penetration,
    planned_units,
    price_cut,
    units_sold,
    unplanned_spend,
    whole_fixture,
)


def test_planned_and_unplanned_units_are_all_units(small_day: Day) -> None:
    unplanned = small_day.baskets.units[small_day.baskets.paid & ~small_day.baskets.planned].sum()
    assert planned_units(small_day) + unplanned == units_sold(small_day).sum() > 0


def test_leaving_products_out_takes_off_what_was_paid_for_them(small_day: Day) -> None:
    baskets, snacks = small_day.baskets, numbers(small_day.scenario, ("bag snacks",))[0]
    own = baskets.amount[baskets.paid & ~baskets.planned & (baskets.product == snacks)].sum()
    left = unplanned_spend(small_day, ("bag snacks",)).sum()
    assert own > 0
    assert left == pytest.approx(unplanned_spend(small_day).sum() - own)


def test_an_unknown_product_is_an_error(small_shop: Scenario) -> None:
    with pytest.raises(KeyError):
        numbers(small_shop, ("moon cheese",))


def test_penetration_lies_between_that_of_the_missions(small_shop: Scenario) -> None:
    for product, share in zip(small_shop.products, penetration(small_shop), strict=True):
        assert min(product.penetration.values()) <= share <= max(product.penetration.values())


def test_change_is_in_percent() -> None:
    assert change(1, 0)(np.array([50.0, 60.0])) == pytest.approx(20.0)


def test_a_display_takes_every_bay_and_level_of_its_fixture(small_shop: Scenario) -> None:
    freezer = next(fixture for fixture in small_shop.cases[0].plan.fixtures if fixture.id == "freezer")
    display = whole_fixture(freezer, "coffee")
    assert all(place.display for place in display)
    assert sum(place.metres for place in display) == pytest.approx(2.4 * freezer.levels)


def test_a_price_cut_holds_for_everybody_all_day(small_shop: Scenario) -> None:
    promotion = price_cut(small_shop, "coffee", 0.1)
    assert (promotion.from_s, promotion.until_s) == (small_shop.opens_s, small_shop.closes_s)
    assert promotion.tiers is promotion.segments is None
