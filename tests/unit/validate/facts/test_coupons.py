"""Least squares and two stages on sums alone, and variants that differ in their coupons only."""

import numpy as np
import pytest

from storesim.results.day import Day
from storesim.validate.facts import coupons

RNG_SEED = 5


def test_two_stages_find_the_effect_that_least_squares_miss() -> None:
    """Who is in a hurry walks less and buys less; only the nudge walks without it."""
    rng = np.random.default_rng(RNG_SEED)
    n = 100_000
    value, items, speed, budget, hurry = rng.normal(size=(5, n))
    far = (rng.random(n) < 0.5).astype(float)
    metres = 300 + 20 * far + 5 * value - 30 * hurry + rng.normal(size=n)
    spend = 10 + 0.06 * metres + 2 * budget - 4 * hurry + rng.normal(size=n)
    ones = np.ones(n)
    table = np.column_stack((ones, value, items, speed, budget, far, metres, np.log(metres), spend, spend))
    sums = table.T @ table
    assert coupons.slope(sums, "spend", "metres", "far") == pytest.approx(0.06, abs=0.01)
    assert coupons.slope(sums, "spend", "metres", "metres") > 0.15


def test_least_squares_are_those_of_numpy(small_day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coupons, "PRODUCTS", ("apples",))
    sums = coupons.observe_slopes((small_day,) * 3)
    table = coupons._columns(small_day, 0.0)
    at = {name: i for i, name in enumerate(coupons.COLUMNS)}
    x = table[:, [at[name] for name in ("metres", *coupons.REGRESSORS)]]
    expected = np.linalg.lstsq(x, table[:, at["spend"]], rcond=None)[0][0]
    assert coupons.ols(sums, "spend", "metres") == pytest.approx(expected, rel=1e-6)


def test_variants_differ_in_their_coupons_only() -> None:
    none, near, far = coupons.couponed().cases
    assert none.coupons == ()
    assert [case.coupons[0].target for case in (near, far)] == ["near", "far"]
    assert {case.placements for case in (none, near, far)} == {none.placements}


def test_coupons_lie_in_different_departments_and_aisles() -> None:
    products = {product.id: product.category for product in coupons.couponed().products}
    assert len({products[product] for product in coupons.PRODUCTS}) == len(coupons.PRODUCTS)
