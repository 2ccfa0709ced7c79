"""Planted effects come back from weekly sales, and what was not planted does not."""

import numpy as np
import pytest

from storesim.calibrate.effects import shrink
from storesim.calibrate.poisson import Panel, fit

PRODUCTS, WEEKS, STORES = 6, 60, 8


def stores(seed: int, elasticity: float = -2.0, lift: float = 1.3) -> tuple[Panel, np.ndarray]:
    """Weeks of products in stores: busy weeks for all, prices that differ by store, displays put in at random."""
    rng = np.random.default_rng(seed)
    product, week, store = (part.ravel() for part in np.indices((PRODUCTS, WEEKS, STORES)))
    log_price = rng.normal(0, 0.15, len(product))
    display = (rng.random(len(product)) < 0.3).astype(float)
    busy, favour, visits = rng.normal(0, 0.3, WEEKS), rng.normal(0, 1, PRODUCTS), rng.uniform(50, 300, STORES)
    rate = visits[store] * 0.05 * np.exp(
        busy[week] + favour[product] + elasticity * log_price + np.log(lift) * display
    )  # fmt: skip
    units = rng.poisson(rate).astype(float)
    x = np.column_stack([log_price, display])
    group = product * WEEKS + week
    return Panel(units, visits[store], x, group, product, np.arange(len(product)), PRODUCTS), week


def test_planted_elasticity_and_lift_come_back() -> None:
    panel, _ = stores(1)
    slopes = fit(panel)
    assert np.abs(slopes.value[:, 0] + 2.0).mean() < 0.15
    assert np.abs(np.exp(slopes.value[:, 1]) - 1.3).mean() < 0.05


def test_weeks_that_all_products_share_are_told_from_prices() -> None:
    panel, week = stores(2)
    single = Panel(panel.units, panel.exposure, panel.x, panel.owner, panel.owner, panel.cluster, PRODUCTS)
    slopes = fit(single, common=week)
    assert np.abs(slopes.value[:, 0] + 2.0).mean() < 0.15
    assert np.abs(np.exp(slopes.value[:, 1]) - 1.3).mean() < 0.05


def test_standard_errors_are_those_of_repetition() -> None:
    fits = [fit(stores(seed)[0]) for seed in range(40)]
    spread = np.std([slopes.value for slopes in fits], axis=0, ddof=1)
    stated = np.mean([slopes.standard_error for slopes in fits], axis=0)
    assert np.mean(spread / stated) == pytest.approx(1, abs=0.12)


def test_stores_in_the_same_state_may_be_summed() -> None:
    panel, _ = stores(3)
    plain = Panel(panel.units, panel.exposure, panel.x[:, 1:], panel.group, panel.owner, panel.owner, PRODUCTS)
    state = panel.group * 2 + panel.x[:, 1].astype(int)
    kept, first, code = np.unique(state, return_index=True, return_inverse=True)
    summed = Panel(
        np.bincount(code, panel.units), np.bincount(code, panel.exposure), plain.x[first], panel.group[first],
        panel.owner[first], panel.owner[first], PRODUCTS,
    )  # fmt: skip
    assert len(kept) < len(state)
    np.testing.assert_allclose(fit(summed).value, fit(plain).value, atol=1e-6)


def test_a_product_without_variation_keeps_a_slope_of_0_and_a_huge_error() -> None:
    panel, _ = stores(4)
    x = np.where((panel.owner == 2)[:, None], 0.0, panel.x)
    slopes = fit(Panel(panel.units, panel.exposure, x, panel.group, panel.owner, panel.cluster, PRODUCTS + 1))
    assert slopes.value[[2, PRODUCTS]] == pytest.approx(0, abs=1e-9)
    assert slopes.standard_error[[2, PRODUCTS]].min() > 1


def test_effects_shrink_to_their_department_the_more_the_noisier() -> None:
    departments = ["a"] * 6 + ["b"] * 2
    measured = np.array([-1.0, -1.2, -0.8, -1.1, -0.9, -4.0, -1.0, np.nan])
    error = np.array([0.05, 0.05, 0.05, 0.05, 0.05, 3.0, 0.05, np.nan])
    shrunk, shrunk_error = shrink(measured, error, departments)
    assert abs(shrunk[5] + 1) < 0.1
    assert np.abs(shrunk[:5] - measured[:5]).max() < 0.05
    assert shrunk[7] == pytest.approx(-1, abs=0.05)
    assert np.isfinite(shrunk_error).all()


def test_equal_truths_shrink_to_one_value() -> None:
    rng = np.random.default_rng(5)
    shrunk, _ = shrink(rng.normal(-1.5, 0.5, 40), np.full(40, 0.5), ["a"] * 40)
    assert np.ptp(shrunk) < 0.5
    assert shrunk.mean() == pytest.approx(-1.5, abs=0.2)
