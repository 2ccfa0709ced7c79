"""Affinities and groups of substitutes: read both ways, each pair once, of products that are there."""

from pathlib import Path
from typing import Any

import pytest

from storesim.inputs.load import check_files

AFFINITY = "product,beside,affinity\ncoffee,biscuits,1.4\nTEA,Milk,0.8\n"


def with_affinity(store: Any, text: str = AFFINITY) -> Any:
    store.change("scenario.yaml", "products: products.csv", "products: products.csv\naffinity: affinity.csv")
    store.write("affinity.csv", text)
    return store


def test_affinities_hold_both_ways_under_the_names_of_the_products(store: Any) -> None:
    scenario = with_affinity(store).load()
    assert scenario.affinity == {
        "coffee": {"biscuits": 1.4},
        "biscuits": {"coffee": 1.4},
        "tea": {"milk": 0.8},
        "milk": {"tea": 0.8},
    }
    assert "affinity.csv" in {source.path.name for source in scenario.sources}


def test_without_a_file_there_are_none(store: Any) -> None:
    assert store.load().affinity == {}


MISTAKES = {
    "no such product": ("coffee,buiscits,2", "affinity.csv:2:2: product 'buiscits' is not in products.csv;"),
    "too strong": ("tea,milk,11", "affinity.csv:2:3: 'affinity' is '11'; write a number from 0.1 to 10"),
    "nothing": ("tea,milk,0", "affinity.csv:2:3: 'affinity' is '0'; write a number from 0.1 to 10"),
    "empty": ("tea,milk,", "affinity.csv:2:3: 'affinity' is empty; fill it in"),
    "nobody": (",milk,2", "affinity.csv:2:1: 'product' is empty; fill it in"),
    "itself": ("tea,TEA,2", "affinity.csv:2:2: product 'tea' is paired with itself; name another"),
    "twice": (
        "tea,milk,2\nmilk,tea,2",
        "affinity.csv:3:1: 'milk' and 'tea' stand already in line 2; keep one",
    ),
}


@pytest.mark.parametrize(("rows", "message"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_told_with_their_place(store: Any, rows: str, message: str) -> None:
    (found,) = with_affinity(store, f"product,beside,affinity\n{rows}\n").mistakes()
    assert found.startswith(message)


def test_a_file_that_is_not_there_is_a_mistake_of_the_scenario(store: Any) -> None:
    store.change("scenario.yaml", "products: products.csv", "products: products.csv\naffinity: affinity.csv")
    (found,) = store.mistakes()
    assert found.startswith("scenario.yaml:")


def test_the_file_is_checked_on_its_own(store: Any) -> None:
    store.write("affinity.csv", "product,beside,affinity\ntea,milk,99\n")
    (found,) = check_files([Path("affinity.csv")])
    assert "'affinity' is '99'" in str(found)


# Groups of substitutes


def in_groups(store: Any, tea: str, coffee: str) -> Any:
    text = Path("products.csv").read_text(encoding="utf-8").splitlines()
    group = {"id": "substitutes", "coffee": coffee, "tea": tea}
    store.write("products.csv", "".join(f"{line},{group.get(line.split(',')[0], '')}\n" for line in text))
    return store


def test_groups_are_named_ignoring_case(store: Any) -> None:
    products = in_groups(store, "Hot  Drinks", "hot drinks").load().products
    assert [p.substitutes for p in products] == ["hot drinks", "hot drinks", "", "", ""]


def test_a_group_of_one_is_warned_of(store: Any) -> None:
    warnings = in_groups(store, "hot drinks", "cold drinks").load().warnings
    assert "products.csv: no other product has the group of substitutes of 'coffee', 'tea'" in warnings
