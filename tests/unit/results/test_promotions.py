"""Promotions taken apart: the scopes add up, and halo and cannibalisation show where they happen."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from math import isnan, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from storesim.inputs.case import Case, Product, Promotion, Scenario
from storesim.inputs.floor_plan import FloorPlan
from storesim.results.intervals import Interval, jackknife, mean_interval
from storesim.results.promotions import MEASURES, Effect, Scope, take_apart
from storesim.results.tables import ProductTable
from storesim.results.write import write_promotions

PLAN = FloorPlan("Anywhere", (), (), (), ())
COLA, LEMONADE, BREAD, MILK = range(4)
Days = Sequence[Sequence[float]]
"""A number for each product, day by day."""


def table(sales: Days, units: Days | None = None, margin: Days | None = None) -> ProductTable:
    """A product table of some days in which only these columns matter."""
    columns = {column.name: np.zeros(np.shape(sales)) for column in fields(ProductTable)}
    told = {"sales": sales, "units": units, "margin": margin}
    columns |= {name: np.array(days, float) for name, days in told.items() if days is not None}
    return ProductTable(**columns)


@pytest.fixture(scope="module")
def drinks(
    make_product: Callable[..., Product],
    make_promotion: Callable[..., Promotion],
    make_scenario: Callable[..., Scenario],
) -> Callable[..., Scenario]:
    """Cola and lemonade are drinks, bread and milk are not; variants promote what is said, the baseline nothing."""
    goods = [make_product(name, category="drinks") for name in ("cola", "lemonade")]
    goods += [make_product(name, category=name) for name in ("bread", "milk")]

    def scenario(*promoted: Sequence[str]) -> Scenario:
        cases = [
            Case(f"variant {i}", PLAN, (), tuple(make_promotion(product) for product in products))
            for i, products in enumerate([(), *promoted])
        ]
        return make_scenario(*goods, cases=tuple(cases))

    return scenario


def by_scope(effects: Sequence[Effect], promotion: str = "cola") -> dict[Scope, Effect]:
    return {effect.scope: effect for effect in effects if effect.promotion == promotion}


def sales(effect: Effect) -> tuple[float, float]:
    """Return the baseline's mean and the mean difference."""
    return effect.baseline[0], effect.difference[0].mean


def test_each_product_counts_in_its_scope(drinks: Callable[..., Scenario]) -> None:
    base = table([[10, 20, 30, 40], [12, 20, 30, 40]])
    changed = table([[16, 18, 33, 40], [16, 19, 32, 41]])  # cola +6 +4, lemonade -2 -1, bread +3 +2, milk 0 +1
    found = by_scope(take_apart(drinks(["cola"]), [base, changed]))
    assert list(found) == ["own", "category", "rest", "total"]
    assert [sales(effect) for effect in found.values()] == [(11, 5), (20, -1.5), (70, 3), (101, 6.5)]


def test_intervals_are_those_of_paired_days_together_over_the_variants(drinks: Callable[..., Scenario]) -> None:
    base = table([[10, 0, 0, 0], [12, 0, 0, 0], [11, 0, 0, 0]])
    changed = table([[16, 0, 0, 0], [16, 0, 0, 0], [16, 0, 0, 0]])
    alone = by_scope(take_apart(drinks(["cola"]), [base, changed]))["own"].difference[0]
    t = stats.t.ppf(0.975, 2)
    assert (alone.mean, alone.half_width) == pytest.approx((5, t * 1 / sqrt(3)))
    with_another = take_apart(drinks(["cola"], ["bread"]), [base, changed, changed])
    assert by_scope(with_another)["own"].difference[0].half_width == pytest.approx(
        mean_interval([6, 4, 5], comparisons=2).half_width
    )


def test_margin_and_units_are_taken_apart_as_sales_are(drinks: Callable[..., Scenario]) -> None:
    base = table([[0] * 4] * 2, units=[[1, 2, 3, 4]] * 2, margin=[[5, 5, 5, 5]] * 2)
    changed = table([[0] * 4] * 2, units=[[4, 1, 3, 4]] * 2, margin=[[3, 4, 5, 6]] * 2)
    found = by_scope(take_apart(drinks(["cola"]), [base, changed]))
    means = {scope: [interval.mean for interval in effect.difference] for scope, effect in found.items()}
    assert MEASURES == ("sales", "units", "margin")
    assert means == {"own": [0, 3, -2], "category": [0, -1, -1], "rest": [0, 0, 1], "total": [0, 2, -2]}


def test_of_every_dollar_of_its_own_what_others_lose_is_missing_in_the_total(drinks: Callable[..., Scenario]) -> None:
    base = table([[0, 100, 0, 0]] * 3)
    changed = table([[10, 96, 0, 0], [20, 92, 0, 0], [30, 88, 0, 0]])  # lemonade loses 40 % of what cola gains
    total = by_scope(take_apart(drinks(["cola"]), [base, changed]))["total"]
    assert total.ratio is None  # 20 ± 25: cola itself may have gained nothing
    steadier = table([[18, 92.8, 0, 0], [20, 92, 0, 0], [22, 91.2, 0, 0]])
    ratio = by_scope(take_apart(drinks(["cola"]), [base, steadier]))["total"].ratio
    assert ratio is not None
    assert (ratio.mean, ratio.half_width) == pytest.approx((0.6, 0))  # the same share of every day


def test_the_ratio_belongs_to_the_total_and_to_more_than_one_day(drinks: Callable[..., Scenario]) -> None:
    base, changed = table([[0, 0, 0, 0]]), table([[10, 0, 0, 0]])
    assert all(effect.ratio is None for effect in take_apart(drinks(["cola"]), [base, changed]))
    two = [table([[0] * 4] * 2), table([[10, 0, 0, 5]] * 2)]
    found = by_scope(take_apart(drinks(["cola"]), two))
    assert found["total"].ratio == Interval(1.5, 0, 2)
    assert found["own"].ratio is found["category"].ratio is found["rest"].ratio is None


def test_the_interval_of_the_ratio_is_that_of_a_ratio_of_means() -> None:
    """Against the delta method, which the jackknife meets when there are many days."""
    rng = np.random.default_rng(3)
    own = rng.normal(10, 2, 4000)
    total = 0.7 * own + rng.normal(0, 3, 4000)
    found = jackknife(lambda means: float(means[0] / means[1]), np.stack((total, own), axis=1))
    ratio = total.mean() / own.mean()
    delta = (total - ratio * own).std(ddof=1) / own.mean() / sqrt(4000) * stats.t.ppf(0.975, 3999)
    assert (found.mean, found.half_width) == pytest.approx((ratio, delta), rel=1e-3)


# Four days: means of whole numbers are exact.
cents = st.lists(st.lists(st.integers(0, 10**6), min_size=4, max_size=4), min_size=4, max_size=4)


@given(cents, cents)
def test_own_category_and_rest_are_the_total(drinks: Callable[..., Scenario], before: Days, after: Days) -> None:
    tables = [table(days, units=days, margin=days) for days in (before, after)]
    found = by_scope(take_apart(drinks(["cola"]), tables))
    for measure in range(len(MEASURES)):
        means = [found[scope].difference[measure].mean for scope in ("own", "category", "rest")]
        assert sum(means) == found["total"].difference[measure].mean
        assert sum(found[s].baseline[measure] for s in ("own", "category", "rest")) == found["total"].baseline[measure]


def test_each_promoted_product_sees_the_whole_difference_of_its_variant(drinks: Callable[..., Scenario]) -> None:
    base, changed = table([[0] * 4] * 2), table([[5, 1, 7, 0]] * 2)
    effects = take_apart(drinks(["cola", "bread", "cola"], []), [base, changed, changed])
    assert [(effect.promotion, effect.scope) for effect in effects] == [
        (promotion, scope) for promotion in ("cola", "bread") for scope in ("own", "category", "rest", "total")
    ]
    assert {effect.variant for effect in effects} == {"variant 1"}
    own, total = by_scope(effects, "bread")["own"], by_scope(effects, "bread")["total"]
    assert (sales(own)[1], sales(total)[1]) == (7, 13)
    assert sales(by_scope(effects)["total"])[1] == 13


def test_what_the_baseline_promotes_too_is_no_difference(drinks: Callable[..., Scenario]) -> None:
    scenario = drinks(["cola"], ["cola", "milk"])
    base, *variants = scenario.cases
    cases = (replace(base, promotions=variants[0].promotions), *variants)
    effects = take_apart(replace(scenario, cases=cases), [table([[0] * 4] * 2)] * 3)
    assert {(effect.variant, effect.promotion) for effect in effects} == {("variant 2", "milk")}


def test_promotions_csv_has_a_row_per_variant_promotion_and_scope(
    drinks: Callable[..., Scenario], tmp_path: Path
) -> None:
    base, changed = table([[0] * 4] * 2), table([[10, -2, 0, 0]] * 2)
    write_promotions(tmp_path, take_apart(drinks(["cola"]), [base, changed]))
    with (tmp_path / "promotions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["scope"] for row in rows] == ["own", "category", "rest", "total"]
    own, total = rows[0], rows[3]
    assert (own["variant"], own["promotion"], own["sales_difference"], own["sales_ratio"]) == (
        "variant 1", "cola", "10", "",
    )  # fmt: skip
    assert (total["sales_low"], total["sales_ratio"], total["sales_ratio_high"]) == ("8", "0.8", "0.8")


def test_a_variant_like_its_baseline_differs_by_exactly_nothing(drinks: Callable[..., Scenario]) -> None:
    days = table([[0.1, 0.2, 0.3, 1 / 3], [0.7, 0.1, 1.1, 2 / 3]])
    for effect in take_apart(drinks(["cola"]), [days, days]):
        assert all((interval.mean, interval.half_width) == (0, 0) for interval in effect.difference)
        assert effect.ratio is None
    (alone,) = [e for e in take_apart(drinks(["milk"]), [table([[1.0] * 4])] * 2) if e.scope == "own"]
    assert isnan(alone.difference[0].half_width)
