"""Money by week and year, and payback: the interval is that of the gain, turned round."""

import csv
from collections.abc import Callable
from dataclasses import fields
from math import inf, isnan, nan
from pathlib import Path

import numpy as np
import pytest

from storesim.inputs.case import Case, Placement, Product, Scenario
from storesim.inputs.floor_plan import FloorPlan
from storesim.results.categories import CAUSES, count_categories, write_categories
from storesim.results.divisia import PARTS
from storesim.results.intervals import Interval
from storesim.results.money import count_money, payback, write_money
from storesim.results.tables import CheckoutTable, FixtureTable, ProductTable, Tables, ZoneTable

PLAN = FloorPlan("Anywhere", (), (), (), ())
DAYS = 4


def product_days(**columns: list[float]) -> ProductTable:
    """Four days, alike but for a little noise in sales, of one number a product."""
    width = len(next(iter(columns.values())))
    noise = np.array([1.0, 1.01, 0.99, 1.0])[:, None]
    made = {name: np.zeros((DAYS, width)) for name in ProductTable.columns()}
    made |= {name: noise * np.array(values) for name, values in columns.items()}
    return ProductTable(**made)


def tables(products: ProductTable, set_up: float = 0.0) -> Tables:
    zones = {name: np.zeros((DAYS, 1)) for name in ZoneTable.columns()}
    zones["margin"] = products.margin.sum(axis=1, keepdims=True) + set_up
    empty = ({field.name: np.zeros((DAYS, 0)) for field in fields(kind)} for kind in (FixtureTable, CheckoutTable))
    fixtures, checkouts = empty
    return Tables(ZoneTable(**zones), FixtureTable(**fixtures), products, CheckoutTable(**checkouts))


@pytest.fixture(scope="module")
def shop(make_product: Callable[..., Product], make_scenario: Callable[..., Scenario]) -> Scenario:
    """Cola and bread; the baseline, and a variant that costs 600 to make and has half the bread's shelf."""
    goods = (make_product("cola", category="drinks"), make_product("bread", category="=bakery"))
    homes = Placement("cola", "A", "west", 1, (1, 5), 6.0), Placement("bread", "B", "west", 1, (1, 5), 2.0)
    cases = (
        Case("as is", PLAN, homes),
        Case("relaid", PLAN, (homes[0], Placement("bread", "B", "west", 1, (1, 2), 1.0)), relay_cost=600.0),
    )
    return make_scenario(*goods, cases=cases, opening_days=6)


AS_IS = {"exposed": [100.0, 50.0], "noticed": [50.0, 20.0], "wanted": [20.0, 10.0], "bought": [10.0, 5.0]}
AS_IS |= {"bought_planned": [10.0, 15.0], "units": [20.0, 20.0], "sales": [40.0, 60.0], "margin": [20.0, 10.0]}
SEEN_TWICE = {name: [2 * values[0], values[1]] for name, values in AS_IS.items()} | {"bought_planned": [10.0, 15.0]}
SEEN_TWICE |= {"units": [30.0, 20.0], "sales": [60.0, 60.0], "margin": [30.0, 10.0]}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("mean", "half", "weeks", "low", "high", "says"),
    [
        (100.0, 50.0, 12.0, 8.0, 24.0, "pays back"),
        (100.0, 100.0, 12.0, 6.0, nan, "not surely"),
        (-10.0, 60.0, nan, 24.0, nan, "not surely"),
        (-100.0, 40.0, nan, nan, nan, "never"),
        (100.0, nan, 12.0, nan, nan, "unknown"),
    ],
)
def test_payback_is_the_gain_turned_round(
    mean: float, half: float, weeks: float, low: float, high: float, says: str
) -> None:
    found = payback("relaid", 1200.0, Interval(mean, half, 30))
    assert (found.weeks, found.low, found.high) == pytest.approx((weeks, low, high), nan_ok=True)
    assert found.says == says


def test_what_costs_nothing_has_nothing_to_pay_back() -> None:
    assert payback("display", 0.0, Interval(5.0, 1.0, 30)).says == "nothing to pay back"


def test_a_week_has_the_days_on_which_the_store_is_open(shop: Scenario, tmp_path: Path) -> None:
    write_money(tmp_path, count_money(shop, [tables(product_days(**AS_IS)), tables(product_days(**SEEN_TWICE))]))
    rows = {(row["variant"], row["measure"], row["period"]): row for row in read(tmp_path / "money.csv")}
    sales = [float(rows["as is", "sales", period]["value"]) for period in ("day", "week", "year")]
    assert sales == pytest.approx([100, 600, 600 * 52])
    gain = rows["relaid", "margin", "week"]
    assert float(gain["difference"]) == pytest.approx(60)
    back = rows["relaid", "payback", "once"]
    assert float(back["value"]) == pytest.approx(10)
    assert float(back["low"]) == pytest.approx(600 / float(gain["high"]))
    assert float(back["high"]) == pytest.approx(600 / float(gain["low"]))
    assert float(rows["relaid", "first_year", "year"]["difference"]) == pytest.approx(60 * 52 - 600)


def test_what_staff_costs_is_paid_back_too(shop: Scenario, tmp_path: Path) -> None:
    """The relaid shop earns 60 a week more and needs staff for 72: it never pays back."""
    days = [tables(product_days(**AS_IS)), tables(product_days(**SEEN_TWICE))]
    margin = [one.products.margin.sum(axis=1) for one in days]
    money = count_money(shop, days, [margin[0], margin[1] - 12.0])
    write_money(tmp_path, money)
    rows = {(row["variant"], row["measure"], row["period"]): row for row in read(tmp_path / "money.csv")}
    assert float(rows["relaid", "margin", "week"]["difference"]) == pytest.approx(60)
    assert float(rows["relaid", "net_margin", "week"]["difference"]) == pytest.approx(60 - 72)
    assert rows["relaid", "payback", "once"]["says"] == "never"
    assert float(rows["relaid", "first_year", "year"]["difference"]) == pytest.approx(-12 * 52 - 600)


def test_set_up_costs_are_told_and_taken_off(shop: Scenario) -> None:
    """The products' margin has them taken off, the zones' has not."""
    dear = [tables(product_days(**AS_IS)), tables(product_days(**AS_IS), set_up=25.0)]
    found = {(one.variant, one.measure): one for one in count_money(shop, dear).sums}
    assert found["relaid", "set_up_cost"].mean == pytest.approx(25.0)
    assert found["as is", "set_up_cost"].mean == 0.0


def test_a_variant_like_the_baseline_is_worth_exactly_nothing(shop: Scenario) -> None:
    same = count_money(shop, [tables(product_days(**AS_IS))] * 2)
    assert {one.difference.mean for one in same.sums if one.difference} == {0.0}
    assert same.paybacks[0].says == "never"
    categories = count_categories(shop, [product_days(**AS_IS)] * 2)[1]
    assert [categories.says(row) for row in range(2)] == ["unchanged", "unchanged"]
    assert np.all(categories.parts == 0)


def test_the_winner_is_named_with_its_cause(shop: Scenario) -> None:
    relaid = count_categories(shop, [product_days(**AS_IS), product_days(**SEEN_TWICE)])[1]
    drinks, bakery = range(2)
    assert (relaid.says(drinks), relaid.says(bakery)) == ("winner", "unchanged")
    assert relaid.cause(drinks) == CAUSES["exposure"][0]
    assert relaid.cause(bakery) == ""
    assert relaid.parts[drinks].sum() == pytest.approx(20)


def test_space_is_held_against_sales(shop: Scenario) -> None:
    """Drinks have 6 of 8 m and 40 % of sales, then 6 of 7 m."""
    base, relaid = count_categories(shop, [product_days(**AS_IS)] * 2)
    assert base.space_share.tolist() == pytest.approx([0.75, 0.25])
    assert base.sales_to_space.tolist() == pytest.approx([0.4 / 0.75, 0.6 / 0.25])
    assert relaid.metres_difference.tolist() == [0.0, -1.0]


def test_categories_are_written_with_names_that_no_spreadsheet_computes(shop: Scenario, tmp_path: Path) -> None:
    write_categories(tmp_path, count_categories(shop, [product_days(**AS_IS), product_days(**SEEN_TWICE)]))
    rows = read(tmp_path / "categories.csv")
    assert [row["category"] for row in rows] == ["drinks", "'=bakery"] * 2
    assert {row["says"] for row in rows[:2]} == {""}
    assert sum(float(rows[2][f"by_{part}"]) for part in PARTS) == pytest.approx(float(rows[2]["sales_difference"]))


def test_one_day_has_no_intervals(shop: Scenario) -> None:
    day = [
        ProductTable(**{n: getattr(product_days(**v), n)[:1] for n in ProductTable.columns()})
        for v in (AS_IS, SEEN_TWICE)
    ]
    relaid = count_categories(shop, day)[1]
    assert relaid.says(0) == "unclear"
    assert np.isnan(relaid.half_widths).all()
    assert np.isnan(relaid.parts_half_widths).all()
    assert not isnan(relaid.differences[0, 0])
    assert inf not in relaid.values
