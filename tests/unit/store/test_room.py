"""Room to walk: floor less furniture, each square metre in the smallest zone that holds it."""

import pytest

from storesim.inputs.floor_plan import Fixture, FloorPlan, Obstacle, Outline, Zone
from storesim.store.room import walkable_m2


def box(x: float, y: float, width: float, depth: float) -> Outline:
    return ((x, y), (x + width, y), (x + width, y + depth), (x, y + depth))


def test_furniture_takes_room_and_an_inner_zone_takes_it_from_the_outer_one() -> None:
    """20 by 10 m; the left half is a zone, with a zone of 4 m² in it; a shelf of 6 m² half in it, a pillar outside."""
    plan = FloorPlan(
        "Hall",
        zones=(Zone("left", "Left", "area", box(0, 0, 10, 10)), Zone("inner", "Inner", "area", box(1, 1, 2, 2))),
        doors=(),
        fixtures=(Fixture("F", "wall", 5, 2.0, (), box(9, 5, 2, 3)),),
        checkouts=(),
        outline=box(0, 0, 20, 10),
        obstacles=(Obstacle("pillar", box(15, 5, 1, 1)),),
    )
    assert walkable_m2(plan) == pytest.approx([100 - 4 - 3, 4, 100 - 3 - 1])


def test_a_schematic_plan_has_the_areas_that_are_written() -> None:
    zones = (Zone("a", "A", "area", area_m2=12.0), Zone("b", "B", "area"))
    assert walkable_m2(FloorPlan("Links", zones, (), (), ())).tolist() == [12.0, 0.0, 0.0]
