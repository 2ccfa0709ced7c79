"""Actuals: what a day of the real store was, with names found or told."""

from typing import Any

import pytest

from storesim.inputs.case import Actual

ACTUALS = "measure,name,value\nsales,,3000\nTickets,,290\ntrip minutes,,14.5\ncategory sales,Dairy,80\n"


@pytest.fixture
def held(store: Any) -> Any:
    """The small store with actuals and a zone."""
    store.change("scenario.yaml", "replications: 10", "actuals: actuals.csv\nreplications: 10")
    store.change("layout.yaml", "doors:", "zones: [{id: z1, name: Cold room, box: [0, 5, 12, 3]}]\ndoors:")
    store.write("actuals.csv", ACTUALS)
    return store


def test_names_are_found_ignoring_case(held: Any) -> None:
    assert held.load().actuals == (
        Actual("sales", "", 3000),
        Actual("tickets", "", 290),
        Actual("trip minutes", "", 14.5),
        Actual("category sales", "dairy", 80),
    )


def test_a_zone_is_called_by_id_or_by_name(held: Any) -> None:
    for name in ("z1", "cold room"):
        held.write("actuals.csv", f"measure,name,value\nzone visits,{name},100\n")
        assert held.load().actuals == (Actual("zone visits", "z1", 100),)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("category sales,dary,3", "6:2: category 'dary' is not in the products; did you mean 'dairy'?"),
        ("product sales,cofee,3", "6:2: product 'cofee' is not in the products; did you mean 'coffee'?"),
        ("department sales,frsh,3", "6:2: department 'frsh' is not in the products; did you mean 'fresh'?"),
        ("zone visits,cold rom,3", "6:2: zone 'cold rom' is not in layout 'small'; did you mean 'Cold room'?"),
        ("zone visit,z1,3", "6:1: measure 'zone visit' is not in those that can be compared; did you mean"),
        ("zone visits,,3", "6:2: 'zone visits' need the name of a zone; fill in 'name'"),
        ("sales,,5", "6:1: 'sales' stands already in line 2; keep one"),
        ("category sales, DAIRY,5", "6:1: 'category sales dairy' stands already in line 5; keep one"),
        ("product sales,tea,-1", "6:3: 'value' is '-1'; write a number of at least 0"),
        ("product sales,tea,", "6:3: 'value' is empty; fill it in"),
        (",tea,4", "6:1: 'measure' is empty; fill it in"),
    ],
)
def test_mistakes_in_actuals(held: Any, row: str, told: str) -> None:
    held.write("actuals.csv", f"{ACTUALS}{row}\n")
    assert [line.startswith(f"actuals.csv:{told}") for line in held.mistakes()] == [True], held.mistakes()


def test_whole_store_measures_have_no_name(held: Any) -> None:
    held.write("actuals.csv", "measure,name,value\nsales,dairy,3\n")
    assert held.mistakes() == ["actuals.csv:2:2: 'sales' are of the whole store; leave 'name' empty"]


def test_a_missing_file_is_told_where_it_is_named(held: Any) -> None:
    held.change("scenario.yaml", "actuals: actuals.csv", "actuals: none.csv")
    assert held.mistakes()[0].startswith("scenario.yaml:8:10: file 'none.csv' does not exist")
