"""Segments and missions: who comes and why; shares add up, and names lead somewhere."""

from typing import Any

import pytest


def test_segments_and_missions_come_as_written(store: Any) -> None:
    scenario = store.load()
    regulars, others = scenario.segments
    assert (regulars.name, regulars.share, regulars.tier, regulars.route) == ("regulars", 0.6, "member", "nearest_next")
    assert regulars.missions == {"fill-in": 0.7, "stock-up": 0.3}
    assert regulars.propensities == {"milk": 1.2}
    assert (others.share, others.tier, others.route, others.speed_m_s) == (0.4, "regular", "perimeter", 1.0)
    assert [mission.name for mission in scenario.missions] == ["fill-in", "stock-up"]


def test_hours_stay_raw_weekdays_have_mean_1_and_baskets_add_up_to_1(store: Any) -> None:
    store.change("segments.yaml", "[0.5, 0.5]", "[0.502, 0.502]")
    fill_in, stock_up = store.load().missions
    assert fill_in.hours[7:9] == (0.0, 0.1)
    assert stock_up.weekdays == pytest.approx([0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75])
    assert sum(fill_in.basket) == pytest.approx(1.0, abs=1e-12)


def test_lists_may_stand_in_the_file_itself(store: Any) -> None:
    store.change("segments.yaml", "weekdays: weekdays.csv, basket: [", "weekdays: [1, 1, 1, 1, 1, 1, 8], basket: [")
    assert store.load().missions[0].weekdays == pytest.approx([0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 4.0])


def test_the_most_specific_propensity_counts(store: Any) -> None:
    wanted = "{department grocery: 0.5, Category Hot Drinks: 3, tea: 1, milk: 1}"
    store.change("segments.yaml", "{milk: 1.2}", wanted)
    assert store.load().segments[0].propensities == {"biscuits": 0.5, "coffee": 3.0, "sugar": 0.5}


def add_tastes(store: Any, tastes: str) -> None:
    """Write tastes in front of the segments."""
    store.change("segments.yaml", "segments:", f"tastes: {{{tastes}}}\nsegments:")


def test_tastes_are_resolved_to_products(store: Any) -> None:
    add_tastes(store, "Department Grocery: 0.8, category dairy: 0.5")
    grocery, dairy = store.load().tastes
    assert (grocery.name, grocery.sd, dairy.sd) == ("department grocery", 0.8, 0.5)
    assert "milk" in dairy.products
    assert "milk" not in grocery.products


@pytest.mark.parametrize(
    ("taste", "told"),
    [
        ("department grcery: 1", "10: department 'grcery' is not in products.csv; did you mean 'grocery'?"),
        ("department grocery: -1", "30: 'department grocery' is -1; write a number of at least 0"),
        ("department grocery: 9", "30: 'department grocery' is 9; write a number of at most 3"),
    ],
)
def test_a_wrong_taste_is_told(store: Any, taste: str, told: str) -> None:
    add_tastes(store, taste)
    assert store.mistakes() == [f"segments.yaml:1:{told}"]


def test_names_match_ignoring_case(store: Any) -> None:
    store.change("segments.yaml", "fill-in: 0.7", "Fill-In: 0.7")
    assert store.load().segments[0].missions == {"fill-in": 0.7, "stock-up": 0.3}


def test_a_mission_that_nobody_has_is_left_out_with_a_warning(store: Any) -> None:
    store.change("segments.yaml", "{fill-in: 0.7, stock-up: 0.3}", "{fill-in: 1}")
    scenario = store.load()
    assert [mission.name for mission in scenario.missions] == ["fill-in"]
    assert scenario.warnings == (
        "segments.yaml: no segment has the mission 'stock-up': not used",
        "products.csv: no segment has the mission of column 'penetration: stock-up': not used",
    )


MISTAKES = {
    "shares": (
        ("share: 0.6", "share: 0.5"),
        "segments.yaml:1:1: the shares of the segments add up to 0.9; change them to add up to 1",
    ),
    "mission shares": (
        ("fill-in: 0.7", "fill-in: 0.6"),
        "segments.yaml:2:40: the missions of segment 'regulars' add up to 0.9; change them to add up to 1",
    ),
    "dangling mission": (
        ("fill-in: 0.7", "filin: 0.7"),
        "segments.yaml:2:51: mission 'filin' is not in 'missions' of segments.yaml; did you mean 'fill-in'?",
    ),
    "route": (
        ("perimeter", "perimetr"),
        "segments.yaml:3:31: 'route' is 'perimetr'; write 'shortest_tour', 'nearest_next', 'perimeter', 'wander', "
        "'guided' or 'observed'; did you mean 'perimeter'?",
    ),
    "propensity of no product": (
        ("{milk: 1.2}", "{mlk: 1.2}"),
        "segments.yaml:2:96: product 'mlk' is not in products.csv; did you mean 'milk'?"
        " groups are written 'department NAME' or 'category NAME'",
    ),
    "propensity of no department": (
        ("{milk: 1.2}", "{department fesh: 1.2}"),
        "segments.yaml:2:96: department 'fesh' is not in products.csv; did you mean 'fresh'?",
    ),
    "propensity of no category": (
        ("{milk: 1.2}", "{category diary: 1.2}"),
        "segments.yaml:2:96: category 'diary' is not in products.csv; did you mean 'dairy'?",
    ),
    "propensity below 0": (
        ("{milk: 1.2}", "{milk: -1}"),
        "segments.yaml:2:102: 'milk' is -1; write a number of at least 0",
    ),
    "share above 1": (
        ("share: 0.6", "share: 120%"),
        "segments.yaml:2:21: 'share' is '120%'; write a number of at most 1",
    ),
    "share in words": (("share: 0.6", "share: most"), "segments.yaml:2:21: 'most' is not a share; write 20% or 0.2"),
    "share a truth": (("share: 0.6", "share: true"), "segments.yaml:2:21: 'share' is true; write a number"),
    "share missing": (("share: 0.6, ", ""), "segments.yaml:2:13: key 'share' is missing; add it"),
    "unknown key": (("tier: member", "teir: member"), "segments.yaml:2:26: unknown key 'teir'; did you mean 'tier'?"),
    "no missions": (("{fill-in: 1}", "{}"), "segments.yaml:3:52: 'missions' has 0 values; write at least 1"),
    "twins": (
        ("others:", "Regulars:"),
        "segments.yaml:3:3: 'Regulars' and 'regulars' are the same name; case does not count",
    ),
    "twin propensities": (
        ("{milk: 1.2}", "{milk: 1.2, MILK: 1}"),
        "segments.yaml:2:107: 'MILK' and 'milk' are the same name; case does not count",
    ),
    "no such file": (
        ("hours: hours.csv", "hours: hrs.csv"),
        "segments.yaml:5:20: file 'hrs.csv' does not exist; check the name and the folder",
    ),
    "too few hours": (
        ("hours: hours.csv", "hours: [1, 2]"),
        "segments.yaml:5:20: 'hours' has 2 values; write at least 24",
    ),
    "hours a number": (
        ("hours: hours.csv", "hours: 5"),
        "segments.yaml:5:20: 'hours' is 5; write text, in quotes if it looks like a number",
    ),
    "basket does not add up": (
        ("[0.5, 0.5]", "[0.5, 0.6]"),
        "segments.yaml:5:63: 'basket' of mission 'fill-in' adds up to 1.1; probabilities add up to 1",
    ),
    "basket below 0": (
        ("[0.5, 0.5]", "[1.5, -0.5]"),
        "segments.yaml:5:69: item 2 of 'basket' is -0.5; write a number of at least 0",
    ),
    "no weekday": (
        ("weekdays: weekdays.csv", "weekdays: [0, 0, 0, 0, 0, 0, 0]"),
        "segments.yaml:5:41: 'weekdays' of mission 'fill-in' add up to 0; at least one must be above 0",
    ),
}


@pytest.mark.parametrize(("change", "told"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_with_its_place_and_remedy(store: Any, change: tuple[str, str], told: str) -> None:
    store.change("segments.yaml", *change)
    assert store.mistakes() == [told]


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("hours.csv", "23,0.0\n", "", ["hours.csv:1:1: there are 23 rows; write 24"]),
        (
            "hours.csv",
            "23,0.0",
            "24,0.0",
            ["hours.csv:25:1: 'hour' is '24'; write 23: rows count up from 0 without gaps"],
        ),
        ("hours.csv", "\n8,0.1", "\n8,-0.1", ["hours.csv:10:2: 'all' is '-0.1'; write a number of at least 0"]),
        ("hours.csv", "\n8,0.1", "\n8,", ["hours.csv:10:2: 'all' is empty; fill it in"]),
        (
            "hours.csv",
            "hour,all",
            "hour,fill-in",
            ["hours.csv:1:1: column 'stock-up' is missing; add it, or a column 'all'"],
        ),
        (
            "basket.csv",
            "0.75",
            "0.5",
            ["basket.csv:1:1: 'basket' of mission 'stock-up' adds up to 0.75; probabilities add up to 1"],
        ),
        (
            "basket.csv",
            "1,0.25\n2,0.75\n",
            "",
            ["basket.csv:1:1: there are 0 rows; write one for each number of categories, 1000 at most"],
        ),
        (
            "basket.csv",
            "stock-up",
            "stckup",
            [
                "basket.csv:1:1: column 'stock-up' is missing; add it, or a column 'all'",
                "basket.csv:1:2: unknown column 'stckup'; did you mean 'stock-up'?",
            ],
        ),
    ],
)
def test_a_mistake_in_a_file_of_numbers_is_told(store: Any, file: str, old: str, new: str, told: list[str]) -> None:
    store.change(file, old, new)
    assert store.mistakes() == told


def test_references_are_checked_although_types_are_wrong(store: Any) -> None:
    store.change("segments.yaml", "share: 40%", "share: many")
    store.change("segments.yaml", "{milk: 1.2}", "{mlk: 1.2}")
    assert [line.split(";")[0] for line in store.mistakes()] == [
        "segments.yaml:2:96: product 'mlk' is not in products.csv",
        "segments.yaml:3:19: 'many' is not a share",
    ]
