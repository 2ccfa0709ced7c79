"""What zones do to the time stood at a shelf, by hand."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from storesim.behaviour.comfort import Standing, Surroundings, surroundings
from storesim.inputs.base import Point
from storesim.inputs.floor_plan import Zone
from storesim.inputs.operations import PLAIN, Comfort, Operations
from storesim.store.floor import Floor

PLEASANT, SIGNED, PLAIN_PLACE = range(3)
AROUND = Surroundings(np.array([1.5, 1.0, 1.0]), np.ones(3), np.array([20.0, 5.0, 20.0]))
KNOWS, IS_NEW = 0, 1


@pytest.fixture
def standing() -> Standing:
    """Two customers, one of whom knows the store."""
    return Standing(AROUND, np.array([True, False]), None)


def test_nothing_said_is_no_surroundings(open_floor: Callable[..., Floor]) -> None:
    assert surroundings(open_floor([Point((1.0, 1.0))]), PLAIN) is None


def test_a_place_has_what_its_zone_has_and_places_in_none_are_neutral(open_floor: Callable[..., Floor]) -> None:
    floor = open_floor([(1.0, 1.0), (9.0, 9.0)])
    corner = Zone("cosy", "Cosy", "aisle", ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)))
    floor = replace(
        floor,
        plan=replace(floor.plan, zones=(corner,)),
        places=replace(floor.places, zone=np.array([0, -1, -1, -1])),
    )
    run = Operations(comfort={"cosy": Comfort(dwell=1.2, wander=3.0, signs=0.75)}, finding_s=40.0)
    around = surroundings(floor, run)
    assert around
    assert around.stay.tolist() == [1.2, 1, 1, 1]
    assert around.draw.tolist() == [3, 1, 1, 1]
    assert around.finding_s.tolist() == [10, 40, 40, 40]


def test_only_who_does_not_know_the_store_looks_for_things(standing: Standing) -> None:
    assert standing.alone_s(10.0, KNOWS, PLAIN_PLACE, planned=True) == 10.0
    assert standing.alone_s(10.0, IS_NEW, PLAIN_PLACE, planned=True) == 30.0
    assert standing.alone_s(10.0, IS_NEW, SIGNED, planned=True) == 15.0, "signs save it"
    assert standing.alone_s(10.0, IS_NEW, PLAIN_PLACE, planned=False) == 10.0, "what is not on the list is not sought"


def test_a_pleasant_zone_is_stayed_in_longer(standing: Standing) -> None:
    assert standing.alone_s(10.0, KNOWS, PLEASANT, planned=False) == 15.0


@pytest.mark.parametrize("company", [None, np.array([1.25, 2.0])])
def test_many_stops_are_as_each_alone(standing: Standing, company: np.ndarray | None) -> None:
    standing = replace(standing, company=company)
    customer, place = (grid.ravel() for grid in np.indices((2, 3)))
    own = [standing.alone_s(8.0, c, p, planned=True) for c, p in zip(customer, place, strict=True)]
    assert standing.stood_s(np.full(6, 8.0), customer, place).tolist() == own
