"""Layouts: what is written becomes a floor plan in metres."""

from math import cos, radians, sin
from pathlib import Path

import pytest
from shapely import Polygon

from storesim.inputs.floor_plan import Door, Face, Fixture, FloorPlan, Link, Sign
from storesim.inputs.layout import read_layout
from storesim.inputs.mistakes import Mistakes

DESIGN = """
layout: Market, grid
units: m
floor: {size: [44, 32]}
doors:
  - {id: main, at: [40, 0], width: 3, way: both}
zones:
  - {id: produce, name: Fruit and vegetables, box: [30, 4, 12, 9]}
  - {id: entry, kind: entrance, box: [36, 0, 8, 3]}
obstacles:
  - {id: pillar, box: [21, 15, 0.5, 0.5]}
runs:
  - {id: G, kind: gondola, from: [5, 8], count: 6, along: east, pitch: 3.6, size: [1.2, 12],
     bay: 1.2, levels: 5, faces: [west, east], end_caps: {depth: 0.6, sides: [south, north]}}
fixtures:
  - {id: dairy, kind: multideck, box: [6, 31, 20, 1], faces: [south], bay: 1.25, levels: 6}
  - {id: T1, kind: table, box: [38, 4, 1.5, 1.5], faces: all, height: 0.9, rotate: 30}
checkouts:
  - {id: staffed, kind: cashier, lanes: 6, box: [17, 1, 11, 3], queue: north, exit: south}
  - {id: self, kind: self_service, lanes: 6, box: [10, 1, 6, 3], queue: north, exit: south}
walkways:
  - {one_way: north, box: [6.2, 8, 2.4, 12]}
  - {closed: true, box: [10, 25, 3, 2]}
"""

SMALL = """
layout: small
floor: {size: [10, 8]}
doors: [{id: main, at: [1, 0]}]
checkouts: [{id: till, kind: cashier, lanes: 1, box: [6, 1, 2, 1], queue: north, exit: south}]
"""

GRAPH = """
layout: kiosk
zones:
  - {id: Front, area: 20, shelves: [{id: papers, metres: 5, kind: wall}, {id: sweets, metres: 1.8, levels: 2}]}
  - {id: back, kind: drinks, shelves: [{id: cooler, metres: 2, kind: multideck, bay: 0.5}]}
doors: [{id: main, zone: front}]
checkouts: [{id: till, kind: cashier, lanes: 1, zone: FRONT}]
links: [{between: [front, Back], metres: 6, one_way: true}]
"""


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def plan_of(text: str, name: str = "a.yaml") -> FloorPlan:
    Path(name).write_text(text)
    mistakes = Mistakes()
    plan = read_layout(Path(name), mistakes)
    assert [str(mistake) for mistake in mistakes.found] == []
    assert plan is not None
    return plan


def fixture_of(plan: FloorPlan, name: str) -> Fixture:
    return next(fixture for fixture in plan.fixtures if fixture.id == name)


def face_of(plan: FloorPlan, fixture: str, face: str) -> Face:
    return next(shown for shown in fixture_of(plan, fixture).faces if shown.name == face)


def test_the_design_s_example_is_read_as_it_stands() -> None:
    plan = plan_of(DESIGN)
    assert plan.name == "Market, grid"
    assert plan.outline == ((0, 0), (44, 0), (44, 32), (0, 32))
    assert not plan.is_schematic
    assert plan.doors == (Door("main", "both", (40, 0), 3),)
    assert [(zone.name, zone.kind, zone.area_m2) for zone in plan.zones] == [
        ("Fruit and vegetables", "department", 108),
        ("entry", "entrance", 24),
    ]
    assert plan.obstacles[0].outline == ((21, 15), (21.5, 15), (21.5, 15.5), (21, 15.5))
    assert [fixture.id for fixture in plan.fixtures[-5:]] == ["G6", "G6-south", "G6-north", "dairy", "T1"]
    assert [walkway.direction for walkway in plan.walkways] == [(0, 1), None]


def test_a_run_is_expanded_with_end_caps_outside_its_size() -> None:
    plan = plan_of(DESIGN)
    assert fixture_of(plan, "G3").outline == ((12.2, 8), (13.4, 8), (13.4, 20), (12.2, 20))
    cap = fixture_of(plan, "G3-north")
    assert cap.kind == "end_cap"
    assert (cap.height_m, cap.levels) == (1.6, 4)
    assert cap.outline == ((12.2, 20), (13.4, 20), (13.4, 20.6), (12.2, 20.6))
    assert [face.name for face in cap.faces] == ["north"]


@pytest.mark.parametrize(
    ("along", "second"), [("east", (7, 5)), ("west", (3, 5)), ("north", (5, 7)), ("south", (5, 3))]
)
def test_a_run_goes_on_in_any_direction(along: str, second: tuple[float, float]) -> None:
    run = f"{{id: R, kind: bin, from: [5, 5], count: 2, along: {along}, pitch: 2, size: [1, 1]}}"
    assert fixture_of(plan_of(f"{SMALL}runs: [{run}]"), "R2").outline[0] == second


@pytest.mark.parametrize(
    ("face", "first_left", "last_right", "normal"),
    [
        ("north", (4, 5), (2, 5), (0, 1)),
        ("east", (4, 4), (4, 5), (1, 0)),
        ("south", (2, 4), (4, 4), (0, -1)),
        ("west", (2, 5), (2, 4), (-1, 0)),
    ],
)
def test_bays_are_counted_from_the_left_of_who_faces_them(
    face: str, first_left: tuple[float, float], last_right: tuple[float, float], normal: tuple[float, float]
) -> None:
    plan = plan_of(f"{SMALL}fixtures: [{{id: T, kind: table, box: [2, 4, 2, 1], bay: 0.5}}]")
    shown = face_of(plan, "T", face)
    assert shown.bays[0].left == first_left
    assert shown.bays[-1].right == last_right
    assert shown.normal == normal
    assert [bay.number for bay in shown.bays] == list(range(1, len(shown.bays) + 1))


@pytest.mark.parametrize(("bay", "count"), [(1, 4), (1.25, 3), (1.1, 4), (9, 1), (0.5, 8)])
def test_bays_are_equal_and_as_near_the_wished_width_as_can_be(bay: float, count: int) -> None:
    plan = plan_of(f"{SMALL}fixtures: [{{id: W, kind: wall, box: [2, 7, 4, 1], faces: south, bay: {bay}}}]")
    assert [shown.width_m for shown in face_of(plan, "W", "south").bays] == [pytest.approx(4 / count)] * count


def test_a_rotated_fixture_keeps_its_middle_its_size_and_the_names_of_its_faces() -> None:
    plan = plan_of(f"{SMALL}fixtures: [{{id: T, kind: table, box: [2, 4, 2, 1], rotate: 30}}]")
    shape = Polygon(fixture_of(plan, "T").outline)
    assert (shape.centroid.x, shape.centroid.y) == (pytest.approx(3), pytest.approx(4.5))
    assert shape.area == pytest.approx(2)
    assert shape.exterior.is_ccw
    assert face_of(plan, "T", "north").normal == pytest.approx((-sin(radians(30)), cos(radians(30))))


def test_kinds_differ_in_height_levels_and_faces() -> None:
    plan = plan_of(
        f"{SMALL}fixtures:\n"
        "  - {id: G, kind: gondola, box: [1, 4, 1, 3]}\n"
        "  - {id: F, kind: freezer, box: [3, 4, 3, 1]}\n"
        "  - {id: T, kind: table, box: [7, 4, 1, 1]}\n"
    )
    told = {f.id: (f.height_m, f.levels, [face.name for face in f.faces]) for f in plan.fixtures}
    assert told == {
        "G": (1.8, 5, ["east", "west"]),
        "F": (0.9, 1, ["north", "south"]),
        "T": (0.9, 1, ["north", "east", "south", "west"]),
    }


def test_customers_queue_and_leave_in_front_of_their_sides() -> None:
    till = plan_of(SMALL).checkouts[0]
    assert (till.queue_at, till.exit_at) == ((7, 2.8), (7, 0.5))


def test_an_outline_may_be_written_either_way_round_and_closed() -> None:
    floor = "floor: {outline: [[0, 0], [0, 8], [5, 8], [5, 4], [10, 4], [10, 0], [0, 0]]}"
    plan = plan_of(SMALL.replace("floor: {size: [10, 8]}", floor))
    assert Polygon(plan.outline).exterior.is_ccw
    assert len(plan.outline) == 6


@pytest.mark.parametrize(("units", "metre"), [("cm", 100), ("ft", 1 / 0.3048)])
def test_every_length_is_in_the_layout_s_units(units: str, metre: float) -> None:
    def text(units: str, one: float) -> str:
        return f"""
layout: small
units: {units}
floor: {{size: [{10 * one}, {8 * one}]}}
doors: [{{id: main, at: [{one}, 0], width: {2 * one}}}]
checkouts:
  - {{id: till, kind: cashier, lanes: 1, box: [{6 * one}, {one}, {2 * one}, {one}], queue: north, exit: south}}
runs:
  - {{id: R, kind: gondola, from: [{one}, {3 * one}], count: 2, along: east, pitch: {3 * one},
     size: [{one}, {2 * one}], bay: {one}, height: {1.5 * one},
     end_caps: {{depth: {0.5 * one}, sides: [north], height: {one}}}}}
"""

    in_metres, in_units = plan_of(text("m", 1)), plan_of(text(units, metre))
    assert in_units.units == units
    for one, other in zip(in_metres.fixtures, in_units.fixtures, strict=True):
        assert other.height_m == pytest.approx(one.height_m)
        assert [*sum(other.outline, ())] == pytest.approx([*sum(one.outline, ())])
        assert len(other.faces[0].bays) == len(one.faces[0].bays)
    assert in_units.doors[0].width_m == pytest.approx(2)
    assert in_units.checkouts[0].queue_at == pytest.approx((7, 2.8))


@pytest.mark.parametrize(
    ("written", "direction"), [("south", (0, -1)), ("90", (1, 0)), ("-90", (-1, 0)), ("45", (0.5**0.5, 0.5**0.5))]
)
def test_one_way_is_a_side_or_degrees_clockwise_from_north(written: str, direction: tuple[float, float]) -> None:
    plan = plan_of(f"{SMALL}walkways: [{{one_way: {written}, box: [1, 1, 2, 2]}}]")
    assert plan.walkways[0].direction == pytest.approx(direction)


def test_a_plan_without_measures_has_zones_shelves_and_links() -> None:
    plan = plan_of(GRAPH)
    assert plan.is_schematic
    assert plan.links == (Link("Front", "back", 6, one_way=True),)
    assert [(zone.id, zone.kind, zone.area_m2) for zone in plan.zones] == [
        ("Front", "department", 20),
        ("back", "drinks", 0),
    ]
    shelves = [(f.id, f.zone, f.levels, [bay.width_m for bay in f.faces[0].bays]) for f in plan.fixtures]
    assert shelves == [
        ("papers", "Front", 5, [1.25] * 4),
        ("sweets", "Front", 2, [1.8]),
        ("cooler", "back", 5, [0.5] * 4),
    ]
    assert plan.doors[0].zone == plan.checkouts[0].zone == "Front"
    assert plan.doors[0].at is None


def test_metres_of_a_plan_without_measures_are_metres_whatever_the_units() -> None:
    plan = plan_of(f"units: ft\n{GRAPH}")
    assert plan.links[0].metres == 6
    assert sum(bay.width_m for bay in fixture_of(plan, "papers").faces[0].bays) == pytest.approx(5)


def test_a_layout_starts_from_another_and_replaces_adds_and_removes_by_id() -> None:
    plan_of(DESIGN, "base.yaml")
    plan = plan_of(
        """
layout: changed
extends: base.yaml
remove: [G2, PILLAR, entry]
fixtures:
  - {id: t1, kind: bin, box: [38, 4, 1, 1]}
  - {id: G4, kind: freezer, box: [15.8, 8, 1.2, 6]}
  - {id: new, kind: bin, box: [40, 10, 1, 1]}
"""
    )
    names = [fixture.id for fixture in plan.fixtures]
    assert names == [
        *("G1", "G1-south", "G1-north", "G3", "G3-south", "G3-north"),
        *("G5", "G5-south", "G5-north", "G6", "G6-south", "G6-north"),
        *("dairy", "t1", "G4", "new"),
    ]
    assert plan.name == "changed"
    assert plan.obstacles == ()
    assert [zone.id for zone in plan.zones] == ["produce"]
    assert fixture_of(plan, "t1").kind == "bin"


def test_a_run_replaces_the_run_of_its_name() -> None:
    plan_of(DESIGN, "base.yaml")
    run = "{id: G, kind: gondola, from: [5, 8], count: 2, along: east, pitch: 4, size: [1.2, 12]}"
    plan = plan_of(f"layout: b\nextends: base.yaml\nruns: [{run}]")
    assert [fixture.id for fixture in plan.fixtures] == ["G1", "G2", "dairy", "T1"]


def test_an_extending_layout_may_have_units_of_its_own() -> None:
    plan_of(SMALL, "base.yaml")
    own = "fixtures: [{id: T, kind: table, box: [200, 400, 100, 100]}]"
    plan = plan_of(f"layout: b\nextends: base.yaml\nunits: cm\n{own}")
    assert fixture_of(plan, "T").outline[0] == (2, 4)
    assert plan.outline[1] == (10, 0)


def test_links_of_a_removed_zone_go_with_it() -> None:
    plan_of(GRAPH, "base.yaml")
    plan = plan_of("layout: b\nextends: base.yaml\nremove: [back]")
    assert plan.links == ()
    assert [fixture.id for fixture in plan.fixtures] == ["papers", "sweets"]


SIGNED = f"""{SMALL}
zones: [{{id: Fruit, box: [1, 5, 2, 2]}}, {{id: bread, box: [6, 5, 2, 2]}}]
signs: [{{id: board, box: [1, 1, 2, 3]}}, {{id: arrow, outline: [[5, 4], [6, 4], [6, 5]]}}]
guide: [fruit, BREAD, Fruit]
"""


def test_signs_are_areas_and_a_guide_names_zones_as_they_name_themselves() -> None:
    plan = plan_of(SIGNED)
    assert plan.signs == (
        Sign("board", ((1, 1), (3, 1), (3, 4), (1, 4))),
        Sign("arrow", ((5, 4), (6, 4), (6, 5))),
    )
    assert plan.guide == ("Fruit", "bread", "Fruit")
    assert plan_of(GRAPH + "guide: [back, front]").guide == ("back", "Front")
    assert (plan_of(SMALL).signs, plan_of(SMALL).guide) == ((), ())


def test_signs_are_inherited_by_id_and_mirrored_and_a_guide_as_a_whole() -> None:
    plan_of(SIGNED, "base.yaml")
    extended = "layout: b\nextends: base.yaml\n"
    plan = plan_of(extended + "mirror: x\nremove: [arrow]")
    assert plan.signs == (Sign("board", ((9, 4), (7, 4), (7, 1), (9, 1))),)
    assert plan.guide == ("Fruit", "bread", "Fruit")
    assert plan_of(extended + "signs: [{id: BOARD, box: [1, 1, 1, 1]}]").signs[0].id == "BOARD"
    assert plan_of(extended + "guide: [bread]").guide == ("bread",)
    assert plan_of(extended + "guide: []").guide == ()
    assert plan_of(extended + "remove: [fruit]").guide == ("bread",)


@pytest.mark.parametrize("axis", ["x", "y"])
def test_a_mirrored_plan_keeps_face_names_and_bay_numbers_in_their_order(axis: str) -> None:
    plan = plan_of(DESIGN, "base.yaml")
    mirrored = plan_of(f"layout: m\nextends: base.yaml\nmirror: {axis}")
    assert [fixture.id for fixture in mirrored.fixtures] == [fixture.id for fixture in plan.fixtures]
    sign = (-1, 1) if axis == "x" else (1, -1)
    for fixture, image in zip(plan.fixtures, mirrored.fixtures, strict=True):
        assert Polygon(image.outline).exterior.is_ccw
        for face, other in zip(fixture.faces, image.faces, strict=True):
            assert other.name == face.name
            assert face.normal is not None
            assert other.normal == (sign[0] * face.normal[0], sign[1] * face.normal[1])
            assert [bay.number for bay in other.bays] == [bay.number for bay in face.bays]


def test_who_faces_a_mirrored_shelf_still_counts_bays_from_the_left() -> None:
    plan_of(DESIGN, "base.yaml")
    shown = face_of(plan_of("layout: m\nextends: base.yaml\nmirror: x"), "G1", "west")
    assert shown.normal == (1, 0)
    assert shown.bays[0].left == (39, 8)
    assert shown.bays[-1].right == (39, 20)


def test_mirroring_twice_gives_the_plan_back() -> None:
    plan = plan_of(DESIGN, "base.yaml")
    plan_of("layout: m\nextends: base.yaml\nmirror: x", "once.yaml")
    twice = plan_of("layout: Market, grid\nextends: once.yaml\nmirror: x")
    for one, other in zip(twice.fixtures, plan.fixtures, strict=True):
        assert Polygon(one.outline).equals(Polygon(other.outline))
        assert one.faces == other.faces
    assert twice.doors == plan.doors
    assert [checkout.queue_at for checkout in twice.checkouts] == [till.queue_at for till in plan.checkouts]
    assert twice.walkways[0].direction == plan.walkways[0].direction


def test_doors_checkouts_and_one_way_areas_are_mirrored_too() -> None:
    plan_of(DESIGN.replace("one_way: north", "one_way: east"), "base.yaml")
    plan = plan_of("layout: m\nextends: base.yaml\nmirror: x")
    assert plan.doors[0].at == (4, 0)
    assert plan.checkouts[0].queue_at == (21.5, 4.8)
    assert plan.walkways[0].direction == (-1, 0)


def test_every_file_that_was_read_is_remembered() -> None:
    plan_of(SMALL, "base.yaml")
    Path("a.yaml").write_text("layout: b\nextends: base.yaml")
    mistakes = Mistakes()
    read_layout(Path("a.yaml"), mistakes)
    assert [source.path.name for source in mistakes.sources] == ["a.yaml", "base.yaml"]
