"""Space reports of planning tools become planograms that fit the layout, or a list of what is wrong with them."""

import csv
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from storesim.inputs.load import load_layout
from storesim.inputs.mistakes import Mistakes
from storesim.inputs.space_filling import COLUMNS, EMPTY_COLUMNS, SpaceReport, empty_rows
from storesim.inputs.space_report import read_space_report

REPORT = """\
Space by gondola,,,,
printed on Monday,,,,
Category,Gondola,Side,Shelf,Linear m
coffee,G1,left,1,2
coffee,G1,left,2,1
tea,G1,left,,3
biscuits,G2,left,,4
milk,Wall 7,,,8
sugar,G2,right,,1
Total,,,,19
"""
MAP = """\
product: category
fixture: gondola
face: side
levels: shelf
metres: linear m
faces: {left: west, right: east}
fixtures: {Wall 7: wide}
products: {Total: }
"""


class Space:
    """A report and its map beside the small store, to change and read."""

    def __init__(self) -> None:
        self.report, self.map = REPORT, MAP

    def read(self, name: str = "space.csv") -> tuple[SpaceReport | None, list[str]]:
        if name == "space.csv":
            Path(name).write_text(self.report)
        Path("map.yaml").write_text(self.map)
        mistakes = Mistakes()
        found = read_space_report(Path(name), Path("map.yaml"), load_layout(Path("layout.yaml")), mistakes)
        return found, [str(mistake) for mistake in mistakes.found]


@pytest.fixture
def space(store: Any) -> Space:
    del store
    return Space()


def rows(found: SpaceReport | None) -> list[str]:
    assert found is not None
    return [",".join(row) for row in found.rows]


def test_shelves_of_a_category_on_a_face_are_added_up(space: Space) -> None:
    found, told = space.read()
    assert told == []
    assert rows(found) == [
        "coffee,G1,west,1-4,1-2,3",
        "tea,G1,west,1-4,1-2,3",
        "biscuits,G2,west,1-4,1-2,4",
        "milk,wide,west,1-2,1-2,8",
        "sugar,G2,east,1-4,1-2,1",
    ]
    assert found is not None
    assert (found.metres, found.read, found.left_out) == (pytest.approx(19), 6, 1)


def test_the_planogram_is_accepted_with_its_layout_and_keeps_the_metres(space: Space, store: Any) -> None:
    found, _ = space.read()
    text = "\n".join([",".join(COLUMNS), *rows(found)]) + "\n"
    store.write("planogram.csv", text)
    placements = store.load().cases[0].placements
    assert sum(p.metres for p in placements if p.product == "coffee") == pytest.approx(3)
    assert sum(p.metres for p in placements) == pytest.approx(19)


def test_a_workbook_reads_like_the_csv(space: Space) -> None:
    made = Workbook()
    for row in csv.reader(REPORT.splitlines()):
        made.worksheets[0].append([float(cell) if cell.isdigit() else cell or None for cell in row])
    made.save("space.xlsx")
    assert space.read("space.xlsx") == space.read()


@pytest.mark.parametrize(
    ("unit", "factor"), [("cm", 100), ("mm", 1000), ("feet", 1 / 0.3048), ("inches", 1 / 0.0254), ("facings", 10)]
)
def test_units_become_metres(space: Space, unit: str, factor: float) -> None:
    space.map = MAP.replace("metres:", f"{unit}:")
    space.report = REPORT.replace(",8\n", f",{8 * factor:.6f}\n").replace(",4\n", ",0\n")
    found, told = space.read()
    assert told == []
    assert "milk,wide,west,1-2,1-2,8" in rows(found)


def test_without_a_face_metres_are_spread_over_all_and_said_so(space: Space) -> None:
    space.report = REPORT.replace("sugar,G2,right,,1", "sugar,G1,,,2")
    found, _ = space.read()
    assert {"sugar,G1,west,1-4,1-2,1", "sugar,G1,east,1-4,1-2,1"} <= set(rows(found))
    assert found is not None
    assert found.spread == 1


def test_what_finds_no_fixture_is_told_once_with_its_near_miss_and_its_metres(space: Space) -> None:
    space.report = REPORT.replace("G1", "GG1")
    assert space.read()[1] == [
        "space.csv:4:2: fixture 'GG1' is not in layout 'small'; did you mean 'G1'? "
        "(it holds 3 rows, 6 m; 'fixtures' of the map gives other names)"
    ]


def test_what_does_not_fit_is_told_at_the_row_that_overflows(space: Space) -> None:
    space.report = REPORT.replace("milk,Wall 7,,,8", "milk,Wall 7,,,9")
    assert space.read()[1] == [
        "space.csv:8:5: fixture 'wide' would hold 9 m of shelf and has 8 m; "
        "1 m do not fit; mend the report, or the layout's levels"
    ]


def test_a_face_may_be_too_full_though_the_fixture_is_not(space: Space) -> None:
    space.report = REPORT.replace("biscuits,G2,left,,4", "biscuits,G2,left,,9")
    assert [line.split(";")[0] for line in space.read()[1]] == [
        "space.csv:7:5: G2/west/1 would hold 2.25 m of shelf and has 2 m (1 m x 2 levels)"
    ]


def test_many_mistakes_are_told_at_once(space: Space) -> None:
    space.report = REPORT.replace("coffee,G1,left,1,2", "coffee,G1,left,7,2").replace(",right,,1", ",up,,much")
    space.report = space.report.replace("tea,G1,left", ",G1,left").replace("biscuits,G2,left", "biscuits,G2,back")
    told = [line.split(";")[0] for line in space.read()[1]]
    assert told == [
        "space.csv:4:4: fixture 'G1' has no level 7",
        "space.csv:6:1: 'product' is empty",
        "space.csv:7:3: fixture 'G2' has no face 'back'",
        "space.csv:9:5: 'metres' is 'much'",
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("metres: linear m", "metres: linear cm", "map.yaml:5:9: space.csv has no column 'linear cm'; did you mean"),
        ("metres: linear m\n", "", "map.yaml:1:1: no column of amounts is named; name one of 'metres', 'cm'"),
        ("metres: linear m", "metres: linear m\ncm: linear m", "map.yaml:6:1: 'metres' and 'cm' are named; name one"),
        ("product: category\n", "", "map.yaml:1:1: key 'product' is missing; add it"),
        ("product:", "prodct:", "map.yaml:1:1: unknown key 'prodct'; did you mean 'product'?"),
    ],
)
def test_mistakes_in_the_map(space: Space, old: str, new: str, told: str) -> None:
    space.map = MAP.replace(old, new)
    assert any(line.startswith(told) for line in space.read()[1])


def test_an_empty_sheet_has_every_face_and_its_metres(store: Any) -> None:
    del store
    found = empty_rows(load_layout(Path("layout.yaml")))
    assert [",".join(row) for row in found][:3] == [
        ",G1,west,1-4,1-2,,8.00",
        ",G1,east,1-4,1-2,,8.00",
        ",G2,west,1-4,1-2,,8.00",
    ]
    assert ",wide,west,1-2,1-2,,8.00" in [",".join(row) for row in found]


def test_rows_of_an_empty_sheet_that_were_not_filled_in_do_not_count(store: Any) -> None:
    made = [list(row) for row in empty_rows(load_layout(Path("layout.yaml")))]
    made[0][0] = "coffee"
    store.write("planogram.csv", "\n".join(map(",".join, [EMPTY_COLUMNS, *made])) + "\n")
    assert {p.product for p in store.load().cases[0].placements} == {"coffee"}
    store.write("planogram.csv", "\n".join([",".join(EMPTY_COLUMNS), ",G1,west,1-4,1-2,2,8"]) + "\n")
    assert store.mistakes()[0] == "planogram.csv:2:1: 'product' is empty; fill it in"
