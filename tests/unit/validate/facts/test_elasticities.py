"""More shelf and lower prices for some products and no others, and elasticities that are what they say."""

from dataclasses import replace

import numpy as np
import pytest

from storesim.validate.facts import elasticities
from storesim.validate.facts.elasticities import ITEMS, PRICE_CUT, SPLIT
from storesim.validate.facts.measures import penetration
from storesim.validate.stores import market


def test_an_elasticity_is_read_back() -> None:
    assert elasticities._price(np.array([100.0, 100 * (1 - PRICE_CUT) ** -1.5])) == pytest.approx(-1.5)
    assert elasticities._space(np.array([100.0, 100 * 2**0.17])) == pytest.approx(0.17)


def test_only_middling_products_get_more_space() -> None:
    scenario = elasticities.more_space()
    before, after = (case.placements for case in scenario.cases)
    grown = {new.product for old, new in zip(before, after, strict=True) if new.metres == 2 * old.metres}
    assert grown == set(elasticities.middling(scenario))
    assert sum(new != old for old, new in zip(before, after, strict=True)) == sum(p.product in grown for p in before)


def test_all_rows_of_the_categories_are_cut_and_no_others() -> None:
    scenario = elasticities.cheaper()
    cut = {promotion.product for promotion in scenario.cases[1].promotions}
    assert cut == {p.id for p in scenario.products if p.category in elasticities.CATEGORIES}
    assert len({p.category for p in scenario.products if p.id in cut}) == len(elasticities.CATEGORIES)


def test_a_split_product_keeps_its_sales_and_its_shelf() -> None:
    whole, split = market(), elasticities.cheaper()
    items = [i for i, product in enumerate(split.products) if product.substitutes == SPLIT]
    assert len(items) == ITEMS
    row = next(i for i, product in enumerate(whole.products) if product.id == SPLIT)
    assert penetration(split)[items].sum() == pytest.approx(penetration(whole)[row])
    metres = sum(p.metres for p in split.cases[0].placements if p.product.startswith(f"{SPLIT} "))
    assert metres == pytest.approx(sum(p.metres for p in whole.cases[0].placements if p.product == SPLIT))


def test_the_odds_of_the_items_add_up_to_those_of_the_whole() -> None:
    product = replace(market().products[0], id=SPLIT, conversion=-1.0)
    items = elasticities._items(product)
    assert sum(np.exp(item.conversion or 0.0) for item in items) == pytest.approx(np.exp(-1.0))


def test_one_item_alone_is_cheaper() -> None:
    scenario = elasticities.cheaper()
    assert [promotion.product for promotion in scenario.cases[2].promotions] == [f"{SPLIT} 1"]
