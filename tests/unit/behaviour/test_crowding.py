"""Crowds: slow by Weidmann's curve, shy in proportion, and nothing at all where nobody else is."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storesim.behaviour.crowding import JAM_PER_M2, MOST_GAIN, SLOWEST, crowding, pace, shyness
from storesim.inputs.floor_plan import Zone
from storesim.inputs.parameters import Parameters
from storesim.store.floor import Floor

DENSITY = st.floats(0, 20)


@pytest.mark.parametrize(("per_m2", "factor"), [(0.0, 1.0), (0.5, 0.97), (1.0, 0.79), (2.0, 0.45)])
def test_walking_slows_as_weidmann_measured(per_m2: float, factor: float) -> None:
    assert pace(np.array([per_m2]))[0] == pytest.approx(factor, abs=0.005)


@given(DENSITY, DENSITY)
def test_denser_is_never_faster_and_a_jam_still_creeps(one: float, other: float) -> None:
    slow, fast = pace(np.array([max(one, other), min(one, other)]))
    assert SLOWEST <= slow <= fast <= 1


def test_a_crowd_is_borne_up_to_a_density() -> None:
    lost = shyness(np.array([0.0, 0.5, 1.0, 2.0]), free_per_m2=0.5, aversion=2.0)
    assert lost == pytest.approx([0, 0, 1, 3])


@pytest.fixture(scope="module")
def hall(open_floor: Callable[..., Floor]) -> Floor:
    """Two bays: one in a zone of 10 by 10 m, one in the rest of a room of 60 by 40 m."""
    floor = open_floor([(5.0, 5.0), (30.0, 30.0)])
    zone = Zone("corner", "Corner", "area", ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)))
    fixtures = tuple(
        replace(f, outline=((50.0, 30.0), (60.0, 30.0), (60.0, 40.0), (50.0, 40.0))) for f in floor.plan.fixtures
    )
    till = tuple(replace(c, outline=((20.0, 0.0), (21.0, 0.0), (21.0, 1.0), (20.0, 1.0))) for c in floor.plan.checkouts)
    plan = replace(floor.plan, zones=(zone,), fixtures=fixtures, checkouts=till)
    places = replace(floor.places, zone=np.array([0, -1, 0, -1]))
    return replace(floor, plan=plan, places=places)


def test_effects_follow_from_the_others_on_a_square_metre(hall: Floor) -> None:
    """100 people on the 100 m² of the corner make 1 /m²; on the other 2,199 m² they are hardly noticed."""
    found = crowding(hall, Parameters(crowd_free_per_m2=0.5, crowd_aversion=1.0))
    assert found.zone == [0, 1, 0, 1]
    slow, gain, shy = found.effects_of_up_to(100)[0][100]
    assert (slow, gain, shy) == pytest.approx((0.7896, 1 / 0.7896, 0.5), abs=0.001)
    assert found.effects_of_up_to(100)[1][100] == pytest.approx((1.0, 1.0, 0.0))
    assert found.effects_of_up_to(0)[0][0] == (1.0, 1.0, 0.0)


def test_more_than_a_jam_is_a_jam(hall: Floor) -> None:
    found = crowding(hall, Parameters(crowd_free_per_m2=0.0, crowd_aversion=1.0))
    assert found.effects_of_up_to(10_000)[0][10_000] == found.effects_of_up_to(600)[0][600]
    assert found.effects_of_up_to(10_000)[0][10_000] == pytest.approx((SLOWEST, MOST_GAIN, JAM_PER_M2), abs=0.02)


def test_where_the_room_is_not_known_nobody_is_in_the_way(hall: Floor) -> None:
    """A schematic plan: what is written counts, and nothing written is no crowd."""
    zones = tuple(Zone(name, name, "area", area_m2=m2) for name, m2 in (("known", 20.0), ("unknown", 0.0)))
    schematic = replace(
        hall, plan=replace(hall.plan, outline=(), zones=zones), places=replace(hall.places, zone=np.array([0, 1, 1, 1]))
    )
    found = crowding(schematic, Parameters())
    assert found.effects_of_up_to(20)[0][20][0] == pytest.approx(0.79, abs=0.005)
    assert found.effects_of_up_to(20)[1][20] == (1.0, 1.0, 0.0)
