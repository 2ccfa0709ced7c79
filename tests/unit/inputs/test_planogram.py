"""Planograms: rows become placements, a bay each; what cannot stand there is told."""

from typing import Any

import pytest

COFFEE = "coffee,G1,west,1-2,,4,,"
TEA = "tea,G1,west,3-4,,4,,"


def metres(store: Any, product: str) -> list[tuple[int, float]]:
    return [(p.bay, p.metres) for p in store.load().cases[0].placements if p.product == product]


def test_metres_are_spread_evenly_over_the_bays(store: Any) -> None:
    assert metres(store, "coffee") == [(1, 2.0), (2, 2.0)]


def test_facings_are_a_tenth_of_a_metre_unless_written(store: Any) -> None:
    store.change("planogram.csv", COFFEE, "coffee,G1,west,1-2,,,30,")
    assert metres(store, "coffee") == [(1, pytest.approx(1.5)), (2, pytest.approx(1.5))]


def test_a_facing_may_be_wider(store: Any) -> None:
    store.write("planogram.csv", "product,fixture,face,bays,facings,facing_m\ncoffee,G1,west,1,4,0.25\n")
    assert metres(store, "coffee") == [(1, 1.0)]


def test_a_share_is_of_its_bays_and_levels(store: Any) -> None:
    store.change("planogram.csv", COFFEE, "coffee,G1,west,1-2,2,,,40%")
    assert metres(store, "coffee") == [(1, pytest.approx(0.4)), (2, pytest.approx(0.4))]


def test_rows_without_amounts_share_what_is_left_at_each_level(store: Any) -> None:
    store.change("planogram.csv", COFFEE, "coffee,G1,west,1,1,0.4,,\nsugar,G1,west,1,,,,\nmilk,G1,west,1,2,,,")
    store.change("planogram.csv", "sugar,G2,west,3-4,,,,\n", "")
    store.change("planogram.csv", "milk,G2,west,1,,2,,\n", "")
    assert metres(store, "coffee") == [(1, 0.4)]
    assert metres(store, "sugar") == [(1, pytest.approx(0.6 + 0.5))]
    assert metres(store, "milk") == [(1, pytest.approx(0.5))]


def test_face_bays_and_levels_may_be_left_out_where_they_are_clear(store: Any) -> None:
    store.change("planogram.csv", "sugar,G2,west,3-4,,,,", "sugar,WIDE,,,,,,")
    sugar = [p for p in store.load().cases[0].placements if p.product == "sugar"]
    assert [(p.fixture, p.face, p.bay, p.levels, p.metres) for p in sugar] == [
        ("wide", "west", 1, (1, 2), 4.0),
        ("wide", "west", 2, (1, 2), 4.0),
    ]


def test_a_bay_may_be_a_twentieth_too_full(store: Any) -> None:
    store.change("planogram.csv", COFFEE, "coffee,G1,west,1-2,,4.19,,")
    assert store.mistakes() == []


def test_a_product_without_a_place_is_a_warning(store: Any) -> None:
    store.change("planogram.csv", "sugar,G2,west,3-4,,,,\n", "")
    assert store.load().warnings == ("planogram.csv: no place for 'sugar', which nobody can find",)


MISTAKES = {
    "unknown product": (
        ("coffee,G1", "coffe,G1"),
        "planogram.csv:2:1: product 'coffe' is not in products.csv; did you mean 'coffee'?",
    ),
    "unknown fixture": (
        ("coffee,G1", "coffee,G9"),
        "planogram.csv:2:2: fixture 'G9' is not in layout 'small'; choose from 'G1', 'G2', 'wide', 'T1'",
    ),
    "unknown face": (
        ("coffee,G1,west", "coffee,G1,wst"),
        "planogram.csv:2:3: fixture 'G1' has no face 'wst'; did you mean 'west'?",
    ),
    "which face": (
        ("coffee,G1,west", "coffee,G1,"),
        "planogram.csv:2:3: fixture 'G1' has 2 faces; name one of 'west', 'east'",
    ),
    "bays beyond": (
        ("tea,G1,west,3-4", "tea,G1,west,3-5"),
        "planogram.csv:3:4: G1/west has no bays 3-5; it has bays 1 to 4",
    ),
    "bay beyond": (
        ("sugar,G2,west,3-4", "sugar,G2,west,5"),
        "planogram.csv:6:4: G2/west has no bay 5; it has bays 1 to 4",
    ),
    "bays backwards": (
        ("sugar,G2,west,3-4", "sugar,G2,west,4-3"),
        "planogram.csv:6:4: bays '4-3' run backwards; write 3-4",
    ),
    "bays from 0": (
        ("sugar,G2,west,3-4", "sugar,G2,west,0-2"),
        "planogram.csv:6:4: bays '0-2' begin below 1; they are counted from 1",
    ),
    "bays unreadable": (
        ("sugar,G2,west,3-4", "sugar,G2,west,5-Mar"),
        "planogram.csv:6:4: bays '5-Mar' cannot be read; write a number or a range like 3-5",
    ),
    "level beyond": (
        (COFFEE, "coffee,G1,west,1-2,3,4,,"),
        "planogram.csv:2:5: fixture 'G1' has no level 3; it has levels 1 to 2",
    ),
    "two amounts": (
        (COFFEE, "coffee,G1,west,1-2,,4,3,"),
        "planogram.csv:2:7: 'metres' and 'facings' are both given; keep one",
    ),
    "no metres": ((COFFEE, "coffee,G1,west,1-2,,0,,"), "planogram.csv:2:6: 'metres' is '0'; write a number above 0"),
    "no facings": (
        (COFFEE, "coffee,G1,west,1-2,,,-2,"),
        "planogram.csv:2:7: 'facings' is '-2'; write a number above 0",
    ),
    "share above 1": (
        (COFFEE, "coffee,G1,west,1-2,,,,1.4"),
        "planogram.csv:2:8: 'share' is '1.4'; write a share above 0, at most 1",
    ),
    "shares add up": (
        (f"{COFFEE}\n{TEA}", "coffee,G1,west,1-2,,,,0.5\ntea,G1,west,2-3,,,,60%"),
        "planogram.csv:3:8: shares on G1/west/2 add up to 1.1; they add up to 1 at most",
    ),
    "more than fits": (
        (COFFEE, "coffee,G1,west,1-2,,4.3,,"),
        "planogram.csv:2:6: G1/west/1 would hold 2.15 m of shelf and has 2 m (1 m x 2 levels);"
        " write less, or more bays",
    ),
    "together more than fits": (
        (COFFEE, "coffee,G1,west,1-4,,4,,"),
        "planogram.csv:3:6: G1/west/3 would hold 3 m of shelf and has 2 m (1 m x 2 levels); write less, or more bays",
    ),
    "nothing left": (
        (TEA, "tea,G1,west,1-2,,,,"),
        "planogram.csv:3:1: nothing is left of G1/west/1 for 'tea'; give it metres and the others less",
    ),
    "twice on a bay": (
        (TEA, "coffee,G1,west,2-3,,1,,"),
        "planogram.csv:3:1: 'coffee' stands on G1/west/2 already, in line 2; make one row of them",
    ),
    "unknown column": (("facings", "facing"), "planogram.csv:1:7: unknown column 'facing'; did you mean 'facings'?"),
}


@pytest.mark.parametrize(("change", "told"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_with_its_place_and_remedy(store: Any, change: tuple[str, str], told: str) -> None:
    store.change("planogram.csv", *change)
    assert store.mistakes() == [told]


def test_empty_names_are_told(store: Any) -> None:
    store.change("planogram.csv", TEA, ",,,,,1,,")
    assert store.mistakes() == [
        "planogram.csv:3:1: 'product' is empty; fill it in",
        "planogram.csv:3:2: 'fixture' is empty; fill it in",
    ]


def test_a_product_whose_row_is_wrong_is_not_homeless(store: Any) -> None:
    store.change("planogram.csv", COFFEE, "coffee,G1,west,1-2,,many,,")
    store.add_to_other("changes: [{move_product: coffee, beside: tea}]")
    assert store.mistakes() == ["planogram.csv:2:6: 'metres' is 'many'; write a number above 0"]


def test_there_are_50000_places_at_most(store: Any) -> None:
    store.change("layout.yaml", "bay: 1, levels: 2", "bay: 0.01, levels: 2")
    rows = "".join("coffee,G1,west,,,0.1\n" for _ in range(130))
    store.write("planogram.csv", f"product,fixture,face,bays,levels,metres\n{rows}")
    told = "there are more than 50000 places, counted by bay; make categories of the products"
    assert store.mistakes() == [f"planogram.csv:127:1: {told}"]


def test_a_planogram_without_rows_is_told(store: Any) -> None:
    store.write("planogram.csv", "product,fixture\n")
    assert store.mistakes() == ["planogram.csv:1:1: there are no rows; write one for each product and place"]


def test_products_are_checked_although_the_layout_cannot_be_read(store: Any) -> None:
    store.change("scenario.yaml", "layout: layout.yaml", "layout: lay.yaml")
    store.change("planogram.csv", "coffee,G1", "coffe,G1")
    assert store.mistakes() == [
        "planogram.csv:2:1: product 'coffe' is not in products.csv; did you mean 'coffee'?",
        "scenario.yaml:14:13: file 'lay.yaml' does not exist; check the name and the folder",
    ]
