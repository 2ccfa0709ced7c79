"""What is said about shelves that nobody can reach or see."""

from collections.abc import Callable

import pytest

from storesim.inputs.floor_plan import Bay, Checkout, Door, Face, Fixture, FloorPlan, Link, Obstacle, Walkway, Zone
from storesim.inputs.parameters import Parameters
from storesim.store.build import build_floor
from storesim.store.lint import unreachable, unseen

Shelf = Callable[..., Fixture]
Plan = Callable[..., FloorPlan]


def test_nothing_is_said_about_a_market_that_can_be_walked(market: FloorPlan, parameters: Parameters) -> None:
    assert unreachable(market, parameters) == []


def test_a_face_too_close_to_the_next_fixture(room: Plan, shelf: Shelf, box: Callable, parameters: Parameters) -> None:
    facing = [shelf("S", box(2, 3, 4, 1), ("north", "south"), 1), shelf("N", box(4, 4.4, 2, 1), ("north",), 4)]
    assert unreachable(room(8, 9, *facing), parameters) == [
        "fixture 'S' (bays north/1-2) cannot be reached: 0.40 m are left between it and fixture 'N'; 0.50 m are needed"
    ]


def test_a_face_against_the_wall(room: Plan, shelf: Shelf, box: Callable, parameters: Parameters) -> None:
    plan = room(8, 9, shelf("S", box(2, 8, 4, 1), ("north",), 4))
    assert unreachable(plan, parameters) == [
        "fixture 'S' cannot be reached: 0.00 m are left between it and the outer wall; 0.50 m are needed"
    ]


def test_something_beside_the_standing_place(room: Plan, shelf: Shelf, box: Callable, parameters: Parameters) -> None:
    pillar = Obstacle("pillar", box(3.1, 2.5, 0.3, 0.5))
    plan = room(8, 9, shelf("S", box(2, 3, 2, 1), ("south",), 2), obstacles=(pillar,))
    assert unreachable(plan, parameters) == [
        "fixture 'S' cannot be reached: "
        "obstacle 'pillar' leaves no room to stand at (3.00, 2.74); it must be 0.25 m away"
    ]


def test_a_pocket_behind_a_gap_that_is_too_narrow(
    room: Plan, shelf: Shelf, box: Callable, parameters: Parameters
) -> None:
    wall = shelf("dairy", box(0, 8, 8, 1), ("south",), 4)
    row = [shelf("A", box(0, 5, 3.8, 1), ("south",), 4), shelf("B", box(4.2, 5, 3.8, 1), ("south",), 4)]
    assert unreachable(room(8, 9, wall, *row), parameters) == [
        "fixture 'dairy' cannot be reached: "
        "the widest gap, between fixture 'A' and fixture 'B', is 0.40 m; 0.50 m are needed"
    ]


def test_of_several_gaps_the_one_that_leads_out_is_named(
    room: Plan, shelf: Shelf, box: Callable, parameters: Parameters
) -> None:
    """Two tables in the pocket stand 0.45 m apart, wider than the way in, which is 0.30 m."""
    wall = shelf("dairy", box(0, 8.5, 8, 0.5), ("south",), 8)
    row = [shelf("A", box(0, 4, 3.8, 1), ("south",), 4), shelf("B", box(4.1, 4, 3.9, 1), ("south",), 4)]
    tables = [shelf("T", box(2, 6, 1, 1), ("west",), 1), shelf("U", box(3.45, 6, 1, 1), ("east",), 1)]
    told = unreachable(room(8, 9, wall, *row, *tables), parameters)
    assert [line.split(" cannot")[0] for line in told] == ["fixture 'dairy'", "fixture 'T'", "fixture 'U'"]
    assert all("between fixture 'A' and fixture 'B', is 0.30 m" in line for line in told)


def test_a_closed_area_shuts_off_an_aisle(room: Plan, shelf: Shelf, box: Callable, parameters: Parameters) -> None:
    closed = (Walkway(box(0, 4, 8, 1)),)
    told = unreachable(room(8, 9, shelf("N", box(2, 8, 4, 1), ("south",), 4), walkways=closed), parameters)
    assert told == [
        "fixture 'N' cannot be reached: the closed area at (0, 4) and the outer wall leave no gap of 0.50 m"
    ]


def test_a_one_way_area_that_nobody_comes_back_from(
    room: Plan, shelf: Shelf, box: Callable, parameters: Parameters
) -> None:
    rule = (Walkway(box(0, 4, 8, 1), (0.0, 1.0)),)
    told = unreachable(room(8, 9, shelf("N", box(2, 8, 4, 1), ("south",), 4), walkways=rule), parameters)
    assert told == [
        "fixture 'N' cannot be reached: one-way walkways lead no way there from a door in and on to a door out"
    ]


def test_when_the_only_door_is_blocked_only_the_door_is_told(
    room: Plan, shelf: Shelf, box: Callable, parameters: Parameters
) -> None:
    told = unreachable(room(8, 9, shelf("S", box(3, 0.3, 2, 1), ("north",), 2)), parameters)
    assert told == [
        "door 'main' cannot be reached: fixture 'S' leaves no room to stand at (4.00, 0.40); it must be 0.25 m away"
    ]


def test_a_second_door_and_a_checkout_behind_a_closed_area(room: Plan, box: Callable, parameters: Parameters) -> None:
    doors = (Door("main", "both", (4.0, 0.0)), Door("back", "out", (4.0, 9.0)))
    till = Checkout("till", "cashier", 1, box(1, 6, 2, 1), (2.0, 5.6), (2.0, 7.4))
    plan = room(8, 9, doors=doors, checkouts=(till,), walkways=(Walkway(box(0, 4, 8, 1)),))
    told = [line.split(" cannot")[0] for line in unreachable(plan, parameters)]
    assert told == ["door 'back'", "checkout 'till'", "the exit of checkout 'till'"]


def test_a_way_in_and_a_way_out_that_are_apart(room: Plan, box: Callable, parameters: Parameters) -> None:
    doors = (Door("in", "in", (4.0, 0.0)), Door("out", "out", (4.0, 9.0)))
    told = unreachable(room(8, 9, doors=doors, walkways=(Walkway(box(0, 4, 7.6, 1)),)), parameters)
    reason = "the widest gap, between the closed area at (0, 4) and the outer wall, is 0.40 m; 0.50 m are needed"
    assert told == [f"door 'in' cannot be reached: {reason}", f"door 'out' cannot be reached: {reason}"]


def test_a_plan_without_doors(room: Plan, shelf: Shelf, box: Callable, parameters: Parameters) -> None:
    assert unreachable(room(8, 9, shelf("N", box(2, 8, 4, 1), ("south",), 4), doors=()), parameters) == [
        "the plan has no door"
    ]


@pytest.mark.parametrize(
    ("range_m", "told"), [(4.0, []), (0.2, ["fixture 'N' is never in view: no way leads past it within sight"])]
)
def test_a_shelf_that_no_way_shows(
    room: Plan, shelf: Shelf, box: Callable, parameters: Parameters, range_m: float, told: list[str]
) -> None:
    short_sighted = parameters.model_copy(update={"sight_range_m": range_m})
    floor = build_floor(room(8, 9, shelf("N", box(2, 8, 4, 1), ("south",), 4)), short_sighted, 1)
    assert unseen(floor) == told


def test_two_one_way_halls_that_no_list_could_hold_both_of(parameters: Parameters) -> None:
    """Each shelf lies on a way in and out, yet nobody can go from one to the other."""
    zones = tuple(Zone(name, name, "", area_m2=20) for name in ("entry", "a", "b", "out"))
    shelves = tuple(
        Fixture(name.upper(), "wall", 5, 2.0, (Face("front", (Bay(1, 1.2),)),), zone=name) for name in ("a", "b")
    )
    ends = (("entry", "a"), ("entry", "b"), ("a", "out"), ("b", "out"))
    plan = FloorPlan(
        "Two halls",
        zones,
        (Door("in", "in", zone="entry"), Door("exit", "out", zone="out")),
        shelves,
        (Checkout("till", "cashier", 1, zone="out"),),
        links=tuple(Link(start, end, 9.0, one_way=True) for start, end in ends),
    )
    (sentence,) = unreachable(plan, parameters)
    assert sentence == (
        "fixture 'B' cannot be reached from all other shelves: one-way areas lead there or away but not both; "
        "open a way back"
    )
