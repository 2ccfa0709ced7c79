"""Products: a row an item or a category; what is missing is assumed, what is wrong is told."""

from typing import Any

import pytest

HEADER = "id,category,department,price,unit_cost,penetration: fill-in,penetration: stock-up"
TEA = "tea,hot drinks,grocery,3,2,0.1,0.2"


def test_a_row_becomes_a_product(store: Any) -> None:
    coffee = store.load().products[0]
    assert (coffee.id, coffee.category, coffee.department) == ("coffee", "hot drinks", "grocery")
    assert (coffee.price, coffee.unit_cost) == (4, 3)
    assert coffee.penetration == {"fill-in": 0.1, "stock-up": 0.3}


def test_what_is_not_written_has_defaults(store: Any) -> None:
    store.write("products.csv", "id,price,penetration\n" + "".join(f"{p},2,5%\n" for p in PRODUCTS))
    scenario = store.load()
    coffee = scenario.products[0]
    assert (coffee.name, coffee.category, coffee.department, coffee.units) == ("coffee", "coffee", "coffee", 1)
    assert coffee.unit_cost == pytest.approx(1.4)
    assert coffee.impulse_share == scenario.parameters.unplanned_share
    assert (coffee.price_elasticity, coffee.display_lift) == (-1.5, 1.25)
    assert coffee.penetration == {"fill-in": 0.05, "stock-up": 0.05}
    assert scenario.warnings == (
        "products.csv: the unit cost of 'coffee', 'tea', 'biscuits', 'milk', 'sugar' is assumed to "
        "be 70 % of the price",
    )


PRODUCTS = ("coffee", "tea", "biscuits", "milk", "sugar")

MISTAKES = {
    "twice, though in other letters": (
        ("sugar,baking", "MILK,baking"),
        [
            "planogram.csv:6:1: product 'sugar' is not in products.csv;"
            " choose from 'coffee', 'tea', 'biscuits', 'milk'",
            "products.csv:6:1: product 'MILK' stands already in line 5; keep one",
        ],
    ),
    "free": ((",3,2,", ",0,2,"), ["products.csv:3:4: 'price' is '0'; write a number above 0"]),
    "no number": ((",3,2,", ",dear,2,"), ["products.csv:3:4: 'price' is 'dear'; write a number above 0"]),
    "endless": ((",3,2,", ",1e999,2,"), ["products.csv:3:4: 'price' is '1e999'; write a number above 0"]),
    "decimal comma": (
        (",3,2,", ',"3,5",2,'),
        ["products.csv:3:4: 'price' is '3,5'; write a number above 0; decimals take a point"],
    ),
    "no price": ((",3,2,", ",,2,"), ["products.csv:3:4: 'price' is empty; fill it in"]),
    "cost below 0": ((",3,2,", ",3,-1,"), ["products.csv:3:5: 'unit_cost' is '-1'; write a number of at least 0"]),
    "share above 1": (
        (TEA, "tea,hot drinks,grocery,3,2,1.1,0.2"),
        ["products.csv:3:6: 'penetration: fill-in' is '1.1'; write a share from 0 to 1"],
    ),
    "share empty": (
        (TEA, "tea,hot drinks,grocery,3,2,,0.2"),
        ["products.csv:3:6: 'penetration: fill-in' is empty; fill it in"],
    ),
    "mission without a column": (
        ("penetration: fill-in", "penetration: filin"),
        ["products.csv:1:1: column 'penetration: fill-in' is missing; add it, or 'penetration' for all"],
    ),
    "column misspelt": (
        ("price", "prise"),
        [
            "products.csv:1:1: column 'price' is missing; add it to the header",
            "products.csv:1:4: unknown column 'prise'; did you mean 'price'?",
        ],
    ),
    "elasticity above 0": (
        (
            f"{HEADER}\ncoffee,hot drinks,grocery,4,3,",
            f"{HEADER.replace('category', 'price_elasticity')}\ncoffee,0.5,grocery,4,3,",
        ),
        [
            f"products.csv:{line}:2: 'price_elasticity' is {shown}; write a number below 0"
            for line, shown in ((2, "'0.5'"), (3, "'hot drinks'"), (4, "'biscuits'"), (5, "'dairy'"), (6, "'baking'"))
        ],
    ),
    "lift below 1": (
        ("unit_cost", "display_lift"),
        [
            f"products.csv:{line}:5: 'display_lift' is {shown}; write a number of at least 1"
            for line, shown in ((5, "'0.8'"), (6, "'0.5'"))
        ],
    ),
    "units below 1": (
        ("unit_cost", "units"),
        [
            f"products.csv:{line}:5: 'units' is {shown}; write a number of at least 1"
            for line, shown in ((5, "'0.8'"), (6, "'0.5'"))
        ],
    ),
    "impulse share above 1": (
        ("unit_cost", "impulse_share"),
        [
            f"products.csv:{line}:5: 'impulse_share' is {shown}; write a share from 0 to 1"
            for line, shown in ((2, "'3'"), (3, "'2'"))
        ],
    ),
}


@pytest.mark.parametrize(("change", "told"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_with_its_place_and_remedy(store: Any, change: tuple[str, str], told: list[str]) -> None:
    store.change("products.csv", *change)
    assert store.mistakes() == told


def test_an_empty_id_is_told(store: Any) -> None:
    store.write("products.csv", f"{HEADER}\n,hot drinks,grocery,3,2,0.1,0.2\n")
    assert "products.csv:2:1: 'id' is empty; fill it in" in store.mistakes()


def test_a_long_id_is_told(store: Any) -> None:
    store.change("products.csv", "sugar", "s" * 81)
    assert f"products.csv:6:1: 'id' is '{'s' * 60}…'; write at most 80 characters" in store.mistakes()


def test_a_file_without_products_is_told(store: Any) -> None:
    store.write("products.csv", f"{HEADER}\n")
    assert store.mistakes() == ["products.csv:1:1: there are no products; write a row for each"]


def test_there_are_20000_products_at_most(store: Any) -> None:
    store.write("products.csv", f"{HEADER}\n" + "".join(f"p{n},a,b,1,1,0.1,0.1\n" for n in range(20_001)))
    told = "products.csv:1:1: there are 20001 products, at most 20000 are read; make categories of them"
    assert store.mistakes() == [told]


def test_a_cost_above_the_price_is_a_warning(store: Any) -> None:
    store.change("products.csv", ",3,2,", ",3,5,")
    assert store.load().warnings == ("products.csv: the unit cost of 'tea' is above the price",)


def test_a_mission_that_nobody_has_needs_no_column(store: Any) -> None:
    store.change("products.csv", "unit_cost", "penetration: party")
    store.change("products.csv", ",4,3,", ",4,0.3,")
    assert store.load().warnings[0] == (
        "products.csv: no segment has the mission of column 'penetration: party': not used"
    )


CONVERSION = "product,conversion,planned_share,residual\nTea,-1.25,0.5,0\ncoffee,,,0\n"


@pytest.fixture
def calibrated(store: Any) -> Any:
    store.change("scenario.yaml", "seed: 7", "seed: 7\nconversion: conversion.csv")
    store.write("conversion.csv", CONVERSION)
    return store


def test_conversion_comes_from_the_calibration(calibrated: Any) -> None:
    scenario = calibrated.load()
    coffee, tea, biscuits, *_ = scenario.products
    assert (tea.conversion, tea.planned_share) == (-1.25, 0.5)
    assert (coffee.conversion, coffee.planned_share) == (None, None)
    assert biscuits.conversion is None
    assert scenario.warnings == (
        "conversion.csv: 'biscuits', 'milk', 'sugar' not calibrated; the default conversion is used",
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Tea", "Te", "conversion.csv:2:1: product 'Te' is not in products.csv; did you mean 'tea'?"),
        ("coffee", "tea", "conversion.csv:3:1: product 'tea' stands already in line 2; keep one"),
        ("-1.25", "low", "conversion.csv:2:2: 'conversion' is 'low'; write a number"),
        ("0.5", "1.5", "conversion.csv:2:3: 'planned_share' is '1.5'; write a share from 0 to 1"),
    ],
)
def test_a_mistake_in_the_conversion_is_told(calibrated: Any, old: str, new: str, told: str) -> None:
    calibrated.change("conversion.csv", old, new)
    assert calibrated.mistakes() == [told]
