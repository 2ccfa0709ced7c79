"""Differences of taste that made the baskets are found again in them."""

import duckdb
import numpy as np
import pytest

from storesim.calibrate.baskets import basket_law
from storesim.calibrate.propensities import Propensities
from storesim.calibrate.tastes import fit_tastes

PRODUCTS = tuple(f"p{number:02}" for number in range(30))
DEPARTMENTS = ("dry",) * 14 + ("fresh",) * 10 + ("floral",) * 5 + ("salad bar",)
BASKETS = 60_000


def drawn(sd: dict[str, float]) -> np.ndarray:
    """Return which baskets hold what, drawn as customers draw their lists."""
    rng = np.random.default_rng(3)
    weight = np.geomspace(0.5, 0.05, len(PRODUCTS))[rng.permutation(len(PRODUCTS))]
    rate = np.tile(weight, (BASKETS, 1))
    for name, deviation in sd.items():
        taste = np.exp(rng.normal(-(deviation**2) / 2, deviation, BASKETS))
        rate[:, [department == name for department in DEPARTMENTS]] *= taste[:, None]
    clock = rng.exponential(size=rate.shape) / rate
    size = rng.choice([1, 3, 6, 12], size=BASKETS)
    return clock <= np.sort(clock, axis=1)[np.arange(BASKETS), size - 1, None]


def found_in(held: np.ndarray) -> dict[str, float]:
    """Return the deviations fitted to baskets."""
    counts = held.sum(axis=0)
    none = np.full(len(PRODUCTS), np.nan)
    law = Propensities(
        PRODUCTS, DEPARTMENTS, ("any",), counts[None] / BASKETS, np.zeros((1, len(PRODUCTS)), dtype=bool),
        np.array([BASKETS]), counts, none, none, none, none, none, (),
    )  # fmt: skip
    with duckdb.connect() as db:
        db.execute("CREATE TABLE basket AS SELECT range AS basket FROM range(?)", [BASKETS])
        basket, product = np.nonzero(held)
        department = np.array(DEPARTMENTS)[product]
        db.register("pairs", {"basket": basket, "department": department})
        db.execute("CREATE TABLE sale AS SELECT * FROM pairs")
        return dict(fit_tastes(db, law, [basket_law("any", np.bincount(held.sum(axis=1))[1:].astype(float))]))


def test_planted_tastes_come_back() -> None:
    """Departments with one product cannot tell; those that customers do not differ in are left out."""
    found = found_in(drawn({"fresh": 1.0, "floral": 0.6}))
    assert set(found) == {"fresh", "floral"}
    assert found["fresh"] == pytest.approx(1.0, abs=0.1)
    assert found["floral"] == pytest.approx(0.6, abs=0.15)


def test_customers_who_are_alike_have_no_tastes() -> None:
    assert all(sd < 0.2 for sd in found_in(drawn({})).values())
