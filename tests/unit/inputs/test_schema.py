"""Schemas: what an editor needs to help with each kind of file."""

import pytest

from storesim.inputs.schema import CSV, KINDS, json_schema


def test_there_is_a_schema_for_each_kind() -> None:
    assert KINDS == (
        "layout",
        "scenario",
        "segments",
        "products",
        "planogram",
        "stock",
        "actuals",
        "affinity",
        "paths",
        "conversion",
        "hours",
        "weekdays",
        "basket",
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_says_its_dialect_and_kind(kind: str) -> None:
    schema = json_schema(kind)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert kind in schema["title"]
    assert schema["type"] == "object"


def test_a_scenario_has_the_keys_that_people_write() -> None:
    schema = json_schema("scenario")
    assert schema["required"] == [
        "scenario",
        "currency",
        "hours",
        "calendar",
        "visits_per_day",
        "products",
        "segments",
        "variants",
    ]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["replications"] == {"type": "integer", "minimum": 2, "maximum": 10000, "default": 30}
    promotion = schema["$defs"]["PromotionFile"]["properties"]
    assert {"for", "price_cut", "at"} <= promotion.keys()
    assert schema["$defs"]["Calendar"]["required"] == ["from"]


def test_a_change_is_one_of_four() -> None:
    changes = json_schema("scenario")["$defs"]["VariantFile"]["properties"]["changes"]["items"]
    assert [branch["$ref"].rsplit("/", 1)[1] for branch in changes["oneOf"]] == [
        "MoveProduct",
        "Swap",
        "AddDisplay",
        "MoveFixture",
    ]


def test_a_csv_kind_has_its_columns() -> None:
    schema = json_schema("planogram")
    assert schema["required"] == ["product", "fixture"]
    assert list(schema["properties"]) == [column.name for column in CSV["planogram"]]


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError, match="plan"):
        json_schema("plan")
