"""From weekly totals to a store that sells them, with published shapes."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from storesim.calibrate.totals import Shapes, Totals, from_totals, spread
from storesim.calibrate.totals_written import write_totals
from storesim.customers.propensity import propensity, target_penetration
from storesim.inputs.case import Scenario
from storesim.inputs.load import load_scenario
from storesim.inputs.mistakes import Mistakes

TOTALS = """\
category,sales,price,department
dairy,5200,2.1,
bread,1900,1.5,
produce,4100,1.2,
soft drinks,2500,2.0,
meat,5000,5.5,
snacks,1700,2.4,
toys and tools,400,8,garden and home
"""
VISITS = 3000.0
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def shapes(small_scenario: Scenario) -> Shapes:
    """Those of the small shop: two missions."""
    return Shapes.of(small_scenario)


def read(text: str, shapes: Shapes, tmp_path: Path, visits: float = VISITS) -> Totals:
    path = tmp_path / "totals.csv"
    path.write_text(text)
    mistakes = Mistakes()
    totals = from_totals(path, visits, shapes, mistakes)
    mistakes.raise_if_any()
    assert totals is not None
    return totals


def wrong(text: str, shapes: Shapes, tmp_path: Path, visits: float = VISITS) -> list[str]:
    path = tmp_path / "totals.csv"
    path.write_text(text)
    mistakes = Mistakes()
    assert from_totals(path, visits, shapes, mistakes) is None
    return [str(mistake).removeprefix(f"{path}:") for mistake in mistakes.found]


def test_expected_weekly_sales_are_the_totals(shapes: Shapes, tmp_path: Path) -> None:
    totals = read(TOTALS, shapes, tmp_path)
    assert totals.weekly_sales == pytest.approx([5200, 1900, 4100, 2500, 5000, 1700, 400])


def test_units_say_the_same_as_sales(shapes: Shapes, tmp_path: Path) -> None:
    by_sales = read(TOTALS, shapes, tmp_path)
    units = TOTALS.replace("sales", "units").replace("5200", f"{5200 / 2.1!r}").replace("1900", f"{1900 / 1.5!r}")
    units = units.replace("4100", f"{4100 / 1.2!r}").replace("2500", "1250").replace("5000", f"{5000 / 5.5!r}")
    units = units.replace("1700", f"{1700 / 2.4!r}").replace("400,8", "50,8")
    assert read(units, shapes, tmp_path).penetration == pytest.approx(by_sales.penetration)


def test_baskets_have_the_mean_that_the_penetrations_add_up_to(shapes: Shapes, tmp_path: Path) -> None:
    totals = read(TOTALS, shapes, tmp_path)
    for basket, penetration in zip(totals.baskets, totals.penetration, strict=True):
        assert basket.sum() == pytest.approx(1)
        assert np.arange(1, len(basket) + 1) @ basket == pytest.approx(penetration.sum(), abs=1e-6)


def test_a_mission_with_bigger_published_baskets_keeps_them(shapes: Shapes, tmp_path: Path) -> None:
    totals = read(TOTALS, shapes, tmp_path)
    published = [np.arange(1, len(m.basket) + 1) @ m.basket for m in shapes.missions]
    assert np.argsort(totals.penetration.sum(axis=1)).tolist() == np.argsort(published).tolist()


def test_what_is_published_of_a_category_comes_with_it_and_nothing_is_made_up(shapes: Shapes, tmp_path: Path) -> None:
    totals = read(TOTALS, shapes, tmp_path)
    drinks = next(category for category in totals.categories if category.name == "soft drinks")
    assert (round(drinks.units, 3), round(drinks.elasticity, 3)) == (2.299, -2.112)
    assert "toys and tools" in totals.unpublished
    assert "dairy" not in totals.unpublished


def test_spread_keeps_a_shape_that_adds_up_already() -> None:
    shape = np.array([[0.2, 0.5, 0.1], [0.6, 0.7, 0.4]])
    share = np.array([0.3, 0.7])
    assert spread(shape, share, share @ shape, shape.sum(axis=1)) == pytest.approx(shape)


def test_spread_adds_up_both_ways() -> None:
    shape = np.array([[0.2, 0.5, 0.1], [0.6, 0.7, 0.4]])
    share, overall = np.array([0.3, 0.7]), np.array([0.7, 0.5, 0.3])
    sizes = np.array([0.9, (overall.sum() - 0.3 * 0.9) / 0.7])
    found = spread(shape, share, overall, sizes)
    assert share @ found == pytest.approx(overall)
    assert found.sum(axis=1) == pytest.approx(sizes)


def test_a_category_in_nearly_every_basket_makes_small_baskets_bigger_than_published() -> None:
    shape = np.array([[0.2, 0.5, 0.1], [0.6, 0.7, 0.4]])
    share, overall = np.array([0.3, 0.7]), np.array([0.9, 0.3, 0.05])
    found = spread(shape, share, overall, np.array([0.6, 1.53]))  # 0.9 needs at least 0.67 of the first
    assert share @ found == pytest.approx(overall), "sales come first"
    assert found[0].sum() > 0.6


def test_the_files_make_a_scenario_whose_customers_buy_the_totals(shapes: Shapes, tmp_path: Path) -> None:
    totals = read(TOTALS, shapes, tmp_path)
    write_totals(totals, tmp_path / "out")
    (tmp_path / "planogram.csv").write_text("product,fixture,face\ndairy,chilled wall,\nbread,bread wall,\n")
    (tmp_path / "scenario.yaml").write_text(f"""\
scenario: What now?
currency: EUR
hours: 08:00-20:00
calendar: {{from: 2026-03-02, days: 7}}
visits_per_day: {VISITS / 7}
products: out/products.csv
segments: out/segments.yaml
variants:
  plain: {{layout: {ROOT}/layouts/small_shop.yaml, planogram: planogram.csv}}
""")
    scenario = load_scenario(tmp_path / "scenario.yaml")
    worth = np.array([product.units * product.price for product in scenario.products])
    weekly = dict(zip([p.id for p in scenario.products], VISITS * worth * target_penetration(scenario), strict=True))
    expected = {row["category"]: float(row["sales"]) for row in csv.DictReader(TOTALS.splitlines())}
    assert weekly == pytest.approx(expected, rel=1e-3)
    assert np.isfinite(propensity(scenario).list_weight).all()


def test_provenance_says_what_is_yours_and_what_is_published(shapes: Shapes, tmp_path: Path) -> None:
    write_totals(read(TOTALS, shapes, tmp_path), tmp_path)
    said = json.loads((tmp_path / "calibration.json").read_text())
    assert said["files"]["segments.yaml"]["status"] == "published"
    assert said["files"]["products.csv"]["id, category, department, price"]["status"] == "observed"
    assert said["nothing_published_of"] == list(read(TOTALS, shapes, tmp_path).unpublished)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("bread,1900,1.5,", "bread,,1.5,", "3:1: write weekly 'sales' or 'units'"),
        ("bread,1900,1.5,", "Dairy,1900,1.5,", "3:1: category 'Dairy' stands already in line 2; add them up in one"),
        ("bread,1900,1.5,", "bread,1900,0,", "3:3: 'price' is '0'; write a number above 0"),
        ("bread,1900,1.5,", "bread,-3,1.5,", "3:2: 'sales' is '-3'; write a number above 0"),
        ("category,sales", "categry,sales", "1:1: unknown column 'categry'; did you mean 'category'?"),
    ],
)
def test_mistakes_in_totals(old: str, new: str, told: str, shapes: Shapes, tmp_path: Path) -> None:
    assert told in wrong(TOTALS.replace(old, new), shapes, tmp_path)


def test_more_than_the_visits_can_buy_is_told_at_its_cell(shapes: Shapes, tmp_path: Path) -> None:
    told = wrong(TOTALS.replace("bread,1900", "bread,190000"), shapes, tmp_path)
    assert len(told) == 1
    assert told[0].startswith("3:2: 126,667 units a week are more than 3,000 visits buy; at most")


def test_too_many_visits_for_the_totals_are_told(shapes: Shapes, tmp_path: Path) -> None:
    assert "a visit that pays has one" in wrong(TOTALS, shapes, tmp_path, visits=30_000)[0]


@pytest.mark.parametrize("visits", [0.0, -1.0, float("nan"), float("inf")])
def test_visits_must_be_a_number_of_visits(visits: float, shapes: Shapes, tmp_path: Path) -> None:
    assert "--visits is" in wrong(TOTALS, shapes, tmp_path, visits=visits)[0]
