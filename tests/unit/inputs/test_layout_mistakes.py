"""Layouts: every class of mistake, with the sentence the user reads."""

from dataclasses import replace
from pathlib import Path

import pytest

from storesim.inputs.geometry import Flaw, geometry_mistakes
from storesim.inputs.layout import read_layout
from storesim.inputs.mistakes import Mark, Mistakes

# Lines 1 to 4 of every measured layout below; what is under test begins in line 5.
SMALL = """layout: small
floor: {size: [10, 8]}
doors: [{id: main, at: [1, 0]}]
checkouts: [{id: till, kind: cashier, lanes: 1, box: [6, 1, 2, 1], queue: north, exit: south}]
"""
# Lines 1 to 6 of every plan without measures.
GRAPH = """layout: kiosk
zones:
  - {id: front, shelves: [{id: papers, metres: 5}]}
  - {id: back}
doors: [{id: main, zone: front}]
checkouts: [{id: till, kind: cashier, lanes: 1, zone: front}]
"""


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def found(text: str, name: str = "a.yaml") -> list[str]:
    """Return the mistakes of a layout, and check that there is a plan if and only if there are none."""
    Path(name).write_text(text)
    mistakes = Mistakes()
    plan = read_layout(Path(name), mistakes)
    assert (plan is None) == bool(mistakes)
    return [str(mistake).removeprefix(f"{name}:") for mistake in mistakes.found]


def test_the_layouts_used_below_are_right() -> None:
    assert found(SMALL) == found(f"{GRAPH}links: [{{between: [front, back], metres: 3}}]\n") == []


ALL_KINDS = (
    "'gondola', 'wall', 'multideck', 'freezer', 'counter', 'table', 'bin', 'end_cap', 'promotion_stand' or 'till_rack'"
)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        # Types, keys, ranges
        ("units: km", "5:8: 'units' is 'km'; write 'm', 'cm' or 'ft'; did you mean 'm'?"),
        ("fixture: []", "5:1: unknown key 'fixture'; did you mean 'fixtures'?"),
        ("fixtures: {id: A}", "5:11: 'fixtures' is a group of keys; write a list in brackets"),
        (
            "fixtures: [{id: A, kind: tabel, box: [1, 1, 1, 1]}]",
            f"5:26: 'kind' is 'tabel'; write {ALL_KINDS}; did you mean 'table'?",
        ),
        ("fixtures: [{id: A, kind: bin}]", "5:12: key 'box' is missing; add it"),
        (
            "fixtures: [{id: A, kind: bin, box: [1, 1, 0, 1]}]",
            "5:43: item 3 of 'box' is 0; write a number of at least 0.001",
        ),
        (
            "fixtures: [{id: A, kind: bin, box: [1, 1, 1e9, 1]}]",
            "5:43: item 3 of 'box' is 1000000000.0; write a number of at most 1e+06",
        ),
        (
            "fixtures: [{id: A, kind: bin, box: [.nan, 1, 1, 1]}]",
            "5:37: item 1 of 'box' is nan; write a finite number",
        ),
        ("fixtures: [{id: A, kind: bin, box: [true, 1, 1, 1]}]", "5:37: true is not a number; write a number"),
        (
            "fixtures: [{id: A, kind: bin, box: [1, 1, 1, 1], levels: 21}]",
            "5:58: 'levels' is 21; write a number of at most 20",
        ),
        (
            "fixtures: [{id: A, kind: bin, box: [1, 1, 1, 1], rotate: 400}]",
            "5:58: 'rotate' is 400; write a number of at most 360",
        ),
        (
            "fixtures: [{id: A, kind: bin, box: [1, 1, 1, 1], faces: [nort]}]",
            "5:58: item 1 of 'faces' is 'nort'; write 'north', 'east', 'south' or 'west'; did you mean 'north'?",
        ),
        (
            "fixtures: [{id: A, kind: bin, box: [1, 1, 1, 1], faces: [east, east]}]",
            "5:57: side 'east' stands twice; keep one",
        ),
        (
            "fixtures: [{id: A, kind: wall, box: [1, 1, 1, 1]}]",
            "5:12: 'A' shows one side; say which, such as faces: [south]",
        ),
        (
            "fixtures: [{id: A/b, kind: bin, box: [1, 1, 1, 1]}]",
            "5:17: 'A/b' holds a '/', which parts fixture, face and bay; leave it out",
        ),
        (
            "fixtures: [{id: 'A ', kind: bin, box: [1, 1, 1, 1]}]",
            "5:17: 'A ' begins or ends with a space or breaks the line; mend it",
        ),
        (
            "fixtures: [{id: 12, kind: bin, box: [1, 1, 1, 1]}]",
            "5:17: 'id' is 12; write text, in quotes if it looks like a number",
        ),
        ("zones: [{id: z}]", "5:9: there is neither box nor outline; write one"),
        (
            "zones: [{id: z, box: [1, 1, 1, 1], outline: [[1, 1], [2, 2], [2, 1]]}]",
            "5:9: there are both box and outline; keep one",
        ),
        ("walkways: [{box: [1, 1, 1, 1]}]", "5:12: the walkway has no rule; write one_way or closed: true"),
        (
            "walkways: [{box: [1, 1, 1, 1], closed: true, one_way: 90}]",
            "5:12: the walkway is both closed and one_way; keep one",
        ),
        (
            "walkways: [{box: [1, 1, 1, 1], one_way: nort}]",
            "5:41: 'nort' is not a direction; did you mean 'north'?",
        ),
        (
            "walkways: [{box: [1, 1, 1, 1], one_way: up}]",
            "5:41: 'up' is not a direction; write north, east, south, west or degrees clockwise from north",
        ),
        # What '#' and ',' cut
        (
            "zones: [{id: fruit, veg, box: [1, 1, 1, 1]}]",
            "5:21: unknown key 'veg'; if it belongs to the name before it, quote it: 'fruit, veg'",
        ),
        (
            "zones: [{id: A #1, box: [1, 1, 1, 1]}]",
            "6:1: '{' of line 5 is not closed by '}', or a comma is missing; "
            "in line 5 a '#' begins a comment: quote it: 'A #1'",
        ),
        (
            "zones:\n- id: A #1\n  box: [1, 1, 1, 1]\n- id: A #2\n  box: [1, 1, 1, 1]",
            "8:7: zone 'A' stands already in line 6; a '#' begins a comment, so quote it: 'A #2'",
        ),
        # Names
        (
            "zones: [{id: z, box: [1, 1, 1, 1]}, {id: Z, box: [1, 1, 1, 1]}]",
            "5:42: zone 'Z' stands already in line 5; choose another id",
        ),
        (
            "fixtures: [{id: MAIN, kind: bin, box: [1, 1, 1, 1]}]",
            "5:17: 'MAIN' is also the name of a door; choose another id",
        ),
        (
            "runs: [{id: G, kind: bin, from: [1, 1], count: 2, along: north, pitch: 2, size: [1, 1]}]\n"
            "fixtures: [{id: g2, kind: bin, box: [3, 3, 1, 1]}]",
            "6:17: fixture 'g2' stands already in line 5; choose another id",
        ),
        # Runs
        (
            "runs: [{id: G, kind: bin, from: [1, 1], count: 2, along: north, size: [1, 1]}]",
            "5:8: run 'G' has no pitch; write one of at least 1",
        ),
        (
            "runs: [{id: G, kind: bin, from: [1, 1], count: 2, along: north, pitch: 1, size: [1, 2]}]",
            "5:8: run 'G' overlaps itself; write a pitch of at least 2",
        ),
        (
            "runs: [{id: G, kind: bin, from: [1, 1], count: 1, along: north, size: [1, 2], faces: [east],"
            " end_caps: {depth: 1, sides: [east]}}]",
            "5:8: side 'east' of run 'G' is a face and has an end cap; drop one",
        ),
        (
            "runs: [{id: G, kind: bin, from: [1, 1], count: 999999999, along: north, pitch: 2, size: [1, 1]}]",
            "5:13: this makes 999999999 fixtures so far; write at most 2000",
        ),
        (
            "runs: [{id: G, kind: bin, from: [1, 1], count: 9, along: north, pitch: 2, size: [1, 1], bay: 0.001}]",
            "5:13: this makes 36000 bays so far; write at most 20000, or wider ones",
        ),
        (f"zones: [{'{},' * 501}]", "5:1: 'zones' lists 501; write at most 500"),
        (f"fixtures: [{'{},' * 2001}]", "5:1: 'fixtures' lists 2001; write at most 2000"),
        # Geometry
        (
            "fixtures: [{id: A, kind: bin, box: [9.5, 1, 1, 1]}]",
            "5:17: fixture 'A' reaches 0.50 m beyond the floor; move it inside",
        ),
        (
            "obstacles: [{id: o, box: [9.5, 1, 1, 1]}]",
            "5:18: obstacle 'o' reaches 0.50 m beyond the floor; move it inside",
        ),
        ("zones: [{id: z, box: [-2, 1, 3, 1]}]", "5:14: zone 'z' reaches 2.00 m beyond the floor; move it inside"),
        (
            "walkways: [{closed: true, box: [20, 1, 1, 1]}]",
            "5:12: the walkway lies outside the floor; move it inside",
        ),
        (
            "fixtures: [{id: A, kind: bin, box: [6.5, 1.5, 1, 2]}]",
            "4:18: checkout 'till' overlaps fixture 'A' by 1.00 x 0.50 m; move one of them",
        ),
        (
            "fixtures: [{id: A, kind: bin, box: [1, 2, 1, 1]}, {id: B, kind: bin, box: [1.998, 2, 1, 1]}]",
            "5:56: fixture 'B' overlaps fixture 'A' by 0.00 x 1.00 m; move one of them",
        ),
        (
            "obstacles: [{id: o, box: [1, 2, 1, 1]}]\nfixtures: [{id: A, kind: bin, box: [1, 2, 1, 1]}]",
            "5:18: obstacle 'o' overlaps fixture 'A' by 1.00 x 1.00 m; move one of them",
        ),
        (
            "zones: [{id: z, outline: [[1, 1], [3, 3], [3, 1], [1, 3]]}]",
            "5:26: the outline crosses itself near [2, 2]; list the corners in order round the edge",
        ),
        ("zones: [{id: z, outline: [[1, 1], [2, 2], [3, 3]]}]", "5:26: the outline has no area; check its corners"),
        (
            "zones: [{id: z, outline: [[1, 1], [2, 2], [1, 1]]}]",
            "5:26: the outline has fewer than 3 different corners; write them all",
        ),
        # Signs and guides
        ("signs: [{box: [1, 1, 1, 1]}]", "5:9: key 'id' is missing; add it"),
        ("signs: [{id: s}]", "5:9: there is neither box nor outline; write one"),
        ("signs: [{id: s, box: [9.5, 1, 1, 1]}]", "5:14: sign 's' reaches 0.50 m beyond the floor; move it inside"),
        (
            "signs: [{id: s, box: [1, 1, 1, 1]}, {id: S, box: [2, 2, 1, 1]}]",
            "5:42: sign 'S' stands already in line 5; choose another id",
        ),
        (
            "signs: [{id: s, outline: [[1, 1], [3, 3], [3, 1], [1, 3]]}]",
            "5:26: the outline crosses itself near [2, 2]; list the corners in order round the edge",
        ),
        (f"signs: [{'{},' * 501}]", "5:1: 'signs' lists 501; write at most 500"),
        ("guide: fruit", "5:8: 'guide' is 'fruit'; write a list in brackets"),
        (
            "zones: [{id: fruit, box: [1, 1, 1, 1]}]\nguide: [friut]",
            "6:9: zone 'friut' is not in this layout; did you mean 'fruit'?",
        ),
        ("guide: [3]", "5:9: item 1 of 'guide' is 3; write text, in quotes if it looks like a number"),
        # Starting from another layout
        ("extends: no.yaml", "5:10: file 'no.yaml' does not exist; check the name and the folder"),
        ("extends: .", "5:10: file '.' is a folder; name a file in it"),
        ("extends: a.yaml", "5:10: extends goes round in a circle: 'a.yaml' -> 'a.yaml'; drop one of them"),
        ("extends: ''", "5:10: 'extends' is empty; write some text"),
        ("remove: [dairy]", "5:10: 'dairy' is not in the layout that this extends"),
        ("mirror: z", "5:9: 'mirror' is 'z'; write 'x' or 'y'"),
        # Plans without measures
        ("links: []", "5:1: unknown key 'links'; it is for plans without a floor, drop it"),
    ],
)
def test_a_mistake_in_a_measured_layout(text: str, mistake: str) -> None:
    assert found(SMALL + text + "\n") == [mistake]


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        ("layout: small", "units: m", "1:1: key 'layout' is missing; add it"),
        ("layout: small", "layout: 7", "1:9: 'layout' is 7; write text, in quotes if it looks like a number"),
        (
            "floor: {size: [10, 8]}\n",
            "",
            "1:1: there is no floor; add floor: {size: [width, depth]}, or links for a plan without measures",
        ),
        ("size: [10, 8]", "", "2:8: the floor has neither size nor outline; write one"),
        ("size: [10, 8]", "size: [1000, 8]", "2:15: the floor is 1000 m long; at most 500 m, check units"),
        ("size: [10, 8]", "size: [10, 0.8]", "2:15: the floor is 0.8 m wide; at least 1 m, check units"),
        (
            "size: [10, 8]",
            "outline: [[0, 0], [10, 8], [10, 0], [0, 8]]",
            "2:18: the outline crosses itself near [5, 4]; list the corners in order round the edge",
        ),
        (
            "at: [1, 0]",
            "at: [3, 2]",
            "3:14: door 'main' is 2.00 m from the floor's edge; place it on the wall, at [3, 0]",
        ),
        ("at: [1, 0]", "at: [1, 0], width: 11", "3:14: door 'main' is 11 m wide, its wall 10 m; make it narrower"),
        (
            "at: [1, 0]",
            "at: [1, 0], width: 4",
            "3:14: door 'main' reaches 1.00 m round the corner; move it along its wall",
        ),
        (
            "at: [1, 0]",
            "at: [1, 0], way: bth",
            "3:37: 'way' is 'bth'; write 'in', 'out' or 'both'; did you mean 'both'?",
        ),
        ("at: [1, 0]", "at: [1, 0], way: in", "1:1: no door leads out; give one way: out or both"),
        ("at: [1, 0]", "at: [1, 0], way: out", "1:1: no door leads in; give one way: in or both"),
        ("[{id: main, at: [1, 0]}]", "[]", "1:1: there is no door; add doors: [{id: main, at: [x, y]}]"),
        (SMALL.splitlines()[3], "", "1:1: there is no checkout; add checkouts"),
        ("lanes: 1", "lanes: 0", "4:46: 'lanes' is 0; write a number of at least 1"),
        ("queue: north, ", "", "4:13: key 'queue' is missing; add it"),
        (
            "box: [6, 1, 2, 1]",
            "box: [6, 0, 2, 1]",
            "4:18: the exit of checkout 'till' is outside the floor; leave room before that side",
        ),
        (
            "box: [6, 1, 2, 1]",
            "box: [6, 6.5, 2, 1]",
            "4:18: the queue of checkout 'till' is outside the floor; leave room before that side",
        ),
    ],
)
def test_a_mistake_in_floor_doors_or_checkouts(old: str, new: str, mistake: str) -> None:
    assert found(SMALL.replace(old, new)) == [mistake]


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        (
            "links: [{between: [front, bakc], metres: 3}]",
            ["7:27: zone 'bakc' is not in this layout; did you mean 'back'?"],
        ),
        ("links: [{between: [front, front], metres: 3}]", ["7:19: a link from 'front' to itself; drop it"]),
        ("links: [{between: [front], metres: 3}]", ["7:19: 'between' has 1 value; write 2"]),
        (
            "links: [{between: [front, back], metres: 0}]",
            ["7:42: 'metres' is 0; write a number of at least 0.1"],
        ),
        (
            "links: [{between: [front, back], metres: 5000}]",
            ["7:42: 'metres' is 5000; write a number of at most 1000"],
        ),
        (
            "links: [{between: [front, back], metres: 3}, {between: [BACK, front], metres: 4}]",
            ["7:46: link 'back to front' stands already in line 7; keep one"],
        ),
        (
            "links: []\nrunz: []",
            [
                "8:1: unknown key 'runz'; choose from 'layout', 'extends', 'remove', 'units', "
                "'zones', 'doors', 'checkouts', 'links', …"
            ],
        ),
        ("links: []\nruns: []", ["8:1: unknown key 'runs'; it is for plans with a floor, add floor or drop it"]),
        ("links: []\nsigns: []", ["8:1: unknown key 'signs'; it is for plans with a floor, add floor or drop it"]),
        ("guide: [front, bakc]", ["7:16: zone 'bakc' is not in this layout; did you mean 'back'?"]),
    ],
)
def test_a_mistake_in_a_plan_without_measures(text: str, mistakes: list[str]) -> None:
    assert found(f"{GRAPH}{text}\n") == mistakes


def test_shelves_of_the_same_name_are_told_where_they_stand() -> None:
    text = GRAPH.replace("{id: back}", "{id: back, shelves: [{id: Papers, metres: 2}]}")
    assert found(text) == ["4:31: fixture 'Papers' stands already in line 3; choose another id"]


def test_a_zone_that_a_number_sign_cut_short_is_told_so() -> None:
    text = GRAPH.replace("doors: [{id: main, zone: front}]", "doors:\n- id: main\n  zone: hall #1\n")
    assert found(text) == ["7:9: zone 'hall' is not in this layout; a '#' begins a comment, so quote it: 'hall #1'"]


def test_all_mistakes_are_told_at_once_and_sorted() -> None:
    text = (
        SMALL.replace("at: [1, 0]", "at: [1, 3]").replace("lanes: 1", "lanes: one")
        + "colour: red\n"
        + "fixtures:\n"
        + "  - {id: A, kind: bin, box: [20, 1, 1, 1]}\n"
        + "  - {id: B, kind: bin, box: [1, x, 1, 1]}\n"
        + "  - {id: a, kind: bin, box: [1, 1, 1, 1]}\n"
    )
    assert [line.partition("; ")[0] for line in found(text)] == [
        "3:14: door 'main' is 1.00 m from the floor's edge",
        "4:46: 'lanes' is 'one'",
        "5:1: unknown key 'colour'",
        "7:10: fixture 'A' reaches 11.00 m beyond the floor",
        "8:33: item 2 of 'box' is 'x'",
        "9:10: fixture 'a' stands already in line 7",
    ]


def test_mistakes_of_an_extended_layout_stand_in_its_own_file() -> None:
    found(SMALL.replace("lanes: 1", "lanes: 0"), "base.yaml")
    assert found("layout: b\nextends: base.yaml\nmirror: q\n") == [
        "3:9: 'mirror' is 'q'; write 'x' or 'y'",
        "base.yaml:4:46: 'lanes' is 0; write a number of at least 1",
    ]


def test_a_circle_of_layouts_is_shown_whole() -> None:
    Path("b.yaml").write_text("layout: b\nextends: a.yaml\n")
    assert found("layout: a\nextends: b.yaml\n") == [
        "b.yaml:2:10: extends goes round in a circle: 'a.yaml' -> 'b.yaml' -> 'a.yaml'; drop one of them"
    ]


def test_a_chain_of_layouts_has_an_end() -> None:
    for number in range(30):
        Path(f"b{number}.yaml").write_text(f"layout: b\nextends: b{number + 1}.yaml\n")
    assert found("layout: a\nextends: b0.yaml\n") == ["b18.yaml:2:10: more than 20 files extend each other; merge some"]


def test_files_together_may_not_make_more_fixtures_than_a_floor_can_have() -> None:
    def row(name: str, y: int) -> str:
        return (
            f"runs: [{{id: {name}, kind: bin, from: [1, {y}], count: 1500, along: east, "
            "pitch: 0.3, size: [0.2, 0.2]}]\n"
        )

    assert found(SMALL.replace("size: [10, 8]", "size: [480, 8]") + row("A", 3), "base.yaml") == []
    assert found("layout: b\nextends: base.yaml\n" + row("B", 5)) == [
        "1:1: this and what it extends make 3000 fixtures; write at most 2000"
    ]


def test_what_another_file_misnames_is_told_there() -> None:
    mistakes = Mistakes()
    assert read_layout(Path("no.yaml"), mistakes, Mark("s.yaml", 9, 13)) is None
    assert [str(mistake) for mistake in mistakes.found] == [
        "s.yaml:9:13: file 'no.yaml' does not exist; check the name and the folder"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "fixtures: [{id: A, kind: bin, box: [1, 2, 1, 1]}, {id: B, kind: bin, box: [1.999, 2, 1, 1]}]",
        "fixtures: [{id: A, kind: bin, box: [1, 2, 1, 1]}, {id: B, kind: bin, box: [2, 3, 1, 1]}]",
        "fixtures: [{id: A, kind: bin, box: [9, 2, 1.001, 1]}]",
        "obstacles: [{id: a, box: [1, 2, 3, 0.2]}, {id: b, box: [1, 2, 0.2, 3]}]",
        "zones: [{id: a, box: [1, 1, 3, 3]}, {id: b, box: [2, 2, 3, 3]}]",
    ],
)
def test_touching_meeting_walls_and_overlapping_zones_are_no_mistakes(text: str) -> None:
    assert found(f"{SMALL}{text}\n") == []


def test_a_fixture_that_cannot_be_moved_there_is_a_flaw_of_the_plan() -> None:
    Path("a.yaml").write_text(SMALL + "fixtures: [{id: A, kind: bin, box: [1, 2, 1, 1]}]\n")
    plan = read_layout(Path("a.yaml"), Mistakes())
    assert plan is not None
    assert geometry_mistakes(plan) == []
    beyond = replace(plan.fixtures[0], outline=((-1, 2), (0, 2), (0, 3), (-1, 3)))
    assert geometry_mistakes(replace(plan, fixtures=(beyond,))) == [
        Flaw("fixture", "A", "fixture 'A' reaches 1.00 m beyond the floor; move it inside")
    ]
