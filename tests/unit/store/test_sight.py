"""What is seen from where: one gondola, shelves behind shelves, low tables."""

from collections.abc import Callable

import numpy as np
import pytest

from storesim.inputs.floor_plan import Fixture, FloorPlan, Obstacle
from storesim.inputs.parameters import Parameters
from storesim.store.build import build_floor
from storesim.store.floor import Floor
from storesim.store.sight import read_shelves, views

Shelf = Callable[..., Fixture]
Plan = Callable[..., FloorPlan]


def fractions(
    plan: FloorPlan, at: tuple[float, float], heading: tuple[float, float], range_m: float = 4.0
) -> dict[str, float]:
    """Visible fraction of every bay in view of somebody, by name."""
    names = [f"{f.id}/{face.name}/{bay.number}" for f in plan.fixtures for face in f.faces for bay in face.bays]
    seen = views(read_shelves(plan, range_m), np.array([at]), np.array([heading]))
    return {name: round(float(share[0]), 3) for name, (_, share) in zip(names, seen, strict=True) if len(share)}


@pytest.fixture
def gondola(room: Plan, shelf: Shelf, box: Callable) -> FloorPlan:
    """A gondola of one bay a side, faces at y = 4 and y = 5, about x = 5."""
    return room(10, 9, shelf("G", box(4, 4, 2, 1), ("south", "north"), 2))


def test_straight_ahead_a_bay_is_in_full_view_and_its_back_is_not(gondola: FloorPlan) -> None:
    assert fractions(gondola, (5, 2), (0, 1)) == {"G/south/1": 1.0}


def test_at_an_angle_the_cosine_is_seen(gondola: FloorPlan) -> None:
    assert fractions(gondola, (3, 2), (1, 0)) == {"G/south/1": 0.707}


@pytest.mark.parametrize(
    ("at", "heading"), [((5, 2), (0, -1)), ((7, 2), (1, 0)), ((5, -0.5), (0, 1)), ((2, 4), (1, 0))]
)
def test_what_is_behind_out_of_range_or_edge_on_is_not_seen(
    gondola: FloorPlan, at: tuple[float, float], heading: tuple[float, float]
) -> None:
    assert fractions(gondola, at, heading) == {}


@pytest.mark.parametrize(("height_m", "seen"), [(1.8, False), (1.4, True), (0.9, True)])
def test_only_what_is_high_hides_a_shelf(room: Plan, shelf: Shelf, box: Callable, height_m: float, seen: bool) -> None:
    between = shelf("B", box(4.5, 3, 1, 0.5), ("south",), 1, height_m)
    plan = room(10, 9, shelf("G", box(4, 4, 2, 1), ("south",), 2), between)
    assert ("G/south/1" in fractions(plan, (5, 1.5), (0, 1))) == seen


def test_a_pillar_hides_a_shelf_and_one_sees_past_its_corner(room: Plan, shelf: Shelf, box: Callable) -> None:
    pillar = Obstacle("pillar", box(4.8, 3, 0.4, 0.4))
    plan = room(10, 9, shelf("G", box(4, 4, 2, 1), ("south",), 2), obstacles=(pillar,))
    assert fractions(plan, (5, 2), (0, 1)) == {}
    # The line from the bay's middle (5, 4) by the pillar's corner (5.2, 3.4) reaches y = 2 at x = 5.667.
    assert fractions(plan, (5.6, 2), (0, 1)) == {}
    assert "G/south/1" in fractions(plan, (5.7, 2), (0, 1))


def test_a_shelf_that_stands_flush_with_its_neighbour_stays_in_view(room: Plan, shelf: Shelf, box: Callable) -> None:
    row = [shelf(f"W{i}", box(2 + 2 * i, 8, 2, 1), ("south",), 2) for i in range(3)]
    assert set(fractions(room(10, 9, *row), (4.5, 7), (0, 1))) == {"W0/south/1", "W1/south/1", "W2/south/1"}


def test_one_does_not_see_round_the_corner_of_an_l_shaped_room(room: Plan, shelf: Shelf, box: Callable) -> None:
    outline = ((0, 0), (10, 0), (10, 4), (4, 4), (4, 10), (0, 10))
    plan = room(10, 10, shelf("W", box(1, 4.5, 1, 1), ("east",), 1), outline=outline)
    assert fractions(plan, (5.5, 3.5), (-1, 0)) == {}
    assert set(fractions(plan, (3.5, 3.5), (-1, 0))) == {"W/east/1"}


def test_walking_up_to_a_shelf_one_sees_it_and_walking_away_one_does_not(
    gondola: FloorPlan, parameters: Parameters
) -> None:
    """Straight at it from the door, 3.6 m off: in full view all the way, and not at all on the way back."""
    floor = build_floor(gondola, parameters, 1)
    start, bay = floor.places.names.index("main"), floor.places.bay("G", "south", 1)
    edge = floor.ways.edge[start, bay]
    assert floor.ways.edge_m[edge] == pytest.approx(3.15)
    assert floor.sight.edge[edge, bay] == pytest.approx(3.15, abs=1e-9)
    assert floor.sight.edge[floor.ways.edge[bay, start], bay] == 0


def test_standing_at_a_bay_shows_it_in_full(market_floor: Floor) -> None:
    own = market_floor.sight.place.diagonal()[: market_floor.places.bays]
    np.testing.assert_allclose(own, 1.0)


def test_every_bay_of_the_market_is_seen_by_somebody(market_floor: Floor) -> None:
    assert (market_floor.sight.edge.sum(axis=0) > 0).all()
