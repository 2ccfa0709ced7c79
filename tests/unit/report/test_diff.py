"""What differs between two stores: moved furniture and products, shelf, floor, promotions; or nothing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from storesim.cli.diff import lines
from storesim.inputs.case import Placement, Promotion
from storesim.inputs.floor_plan import FloorPlan
from storesim.report.diff import Amount, Change, Diff, Side, diff
from storesim.report.diff_figure import diff_figure

HOME = Placement("tea", "G1", "west", 1, (1, 2), 4.0), Placement("rusk", "G2", "east", 1, (1, 5), 6.0)


def side(plan: FloorPlan, placements: tuple[Placement, ...] | None = HOME, *offers: Promotion, name: str = "a") -> Side:
    return Side(name, plan, placements, offers)


def test_the_same_store_differs_in_nothing(plan: FloorPlan) -> None:
    found = diff(side(plan), side(plan), {})
    assert found.is_empty
    assert {(one.before, one.after) for one in found.totals if one.before != one.after} == set()
    assert "no difference in furniture, products or promotions" in list(lines(found))


def test_a_moved_fixture_tells_where_from_and_where_to(plans: dict[str, FloorPlan]) -> None:
    found = diff(side(plans["grid"]), side(plans["moved east"]), {})
    assert found.fixtures[0] == Change("G1", "(5.60, 15.00) n-s", "(6.60, 15.00) n-s")
    assert [change.what for change in found.fixtures] == [
        f"G{i}{e}" for i in range(1, 7) for e in ("", "-south", "-north")
    ]
    assert next(one for one in found.totals if one.what == "walkable area").unit == "m²"


def test_what_comes_and_goes_is_told_with_its_kind(plan: FloorPlan) -> None:
    less = replace(plan, fixtures=plan.fixtures[1:])
    assert diff(side(plan), side(less), {}).fixtures == (Change("G1", "(5.60, 15.00) n-s, gondola", "-"),)
    assert diff(side(less), side(plan), {}).fixtures == (Change("G1", "-", "(5.60, 15.00) n-s, gondola"),)


def test_more_levels_are_a_difference(plan: FloorPlan) -> None:
    lower = replace(plan, fixtures=(replace(plan.fixtures[0], levels=4), *plan.fixtures[1:]))
    assert diff(side(plan), side(lower), {}).fixtures[0].after == "(5.60, 15.00) n-s, 4 levels"


def test_products_move_and_categories_gain_shelf(plan: FloorPlan) -> None:
    moved = Placement("tea", "G3", "east", 1, (1, 2), 5.5), HOME[1], Placement("jam", "T1", "south", 1, (1, 1), 1.0)
    found = diff(side(plan), side(plan, moved), {"tea": "hot drinks", "rusk": "bread", "jam": "bread"})
    assert found.products == (Change("tea", "G1/west/1 4 m", "G3/east/1 5.5 m"), Change("jam", "-", "T1/south/1 1 m"))
    assert found.categories == (Amount("bread", "m", 6.0, 7.0), Amount("hot drinks", "m", 4.0, 5.5))


def test_without_planograms_products_are_not_compared_and_it_says_so(plan: FloorPlan) -> None:
    found = diff(side(plan, None), side(plan), {})
    assert found.products == ()
    assert any("not compared; name planograms with --planogram" in line for line in lines(found))


def test_promotions_are_told_in_words(plan: FloorPlan, make_promotion: Callable[..., Promotion]) -> None:
    offer = make_promotion("tea", at=(("T1", "south", 1), ("T1", "north", 1)), from_s=57600.0, until_s=72000.0)
    found = diff(side(plan), side(plan, HOME, offer), {})
    assert found.promotions == (Change("tea", "-", "display at T1, 20 % off, 16:00-20:00"),)
    assert not found.is_empty


def test_lines_keep_to_80_columns_where_names_do(plans: dict[str, FloorPlan]) -> None:
    moved = tuple(Placement("tea", f"G{i}", "east", 1, (1, 2), 5.5) for i in range(1, 7))
    found = diff(side(plans["grid"]), side(plans["moved east"], moved[:4]), {})
    told = list(lines(found))
    assert max(map(len, told)) <= 80
    assert "    to   G1/east/1 5.5 m, G2/east/1 5.5 m, G3/east/1 5.5 m, G4/east/1 5.5 m" in told


@pytest.mark.parametrize("schematic", [False, True])
def test_both_plans_are_drawn(plans: dict[str, FloorPlan], kiosk: FloorPlan, schematic: bool) -> None:
    after = kiosk if schematic else plans["moved east"]
    found: Diff = diff(side(plans["grid"]), side(after, name="b"), {})
    figure: Any = diff_figure(found)
    assert {text.get_text() for text in figure.texts} == {"a", "b"}
    assert len(figure.axes) == 2


def test_the_kiosk_can_be_compared_with_itself_mended(kiosk: FloorPlan) -> None:
    moved = replace(kiosk, fixtures=(replace(kiosk.fixtures[0], zone="snacks"),))
    assert diff(side(kiosk, None), side(moved, None), {}).fixtures == (Change("D1", "in drinks", "in snacks"),)
