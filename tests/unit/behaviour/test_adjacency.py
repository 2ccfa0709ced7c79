"""Mates: who stands within a few steps of whom, and how strongly that pulls."""

from collections.abc import Callable
from math import log

import pytest

from storesim.behaviour.adjacency import STRONGEST, mates_in_reach, strongest_pull
from storesim.inputs.case import Case, Placement, Product, Scenario
from storesim.inputs.parameters import Parameters
from storesim.store.floor import Floor
from storesim.store.shelves import fill

CHIPS, COLA, SOAP = range(3)
AFFINITY = {
    "chips": {"cola": 1.5, "soap": 0.5},
    "cola": {"chips": 1.5},
    "soap": {"chips": 0.5},
}


@pytest.fixture
def mates(
    make_product: Callable[..., Product], make_scenario: Callable[..., Scenario], open_floor: Callable[..., Floor]
) -> Callable[..., object]:
    """The mates of chips, cola and soap at these metres along a wall, chips on display at the last of them."""

    def find(*at_m: float, **changes: object) -> object:
        scenario = make_scenario(*(make_product(name) for name in ("chips", "cola", "soap")), **changes)
        floor = open_floor([(x, 5.0) for x in at_m])
        homes = [Placement(p.id, "F", "front", i + 1, (1, 5), 6.25) for i, p in enumerate(scenario.products)]
        display = Placement("chips", "F", "front", len(at_m), (1, 5), 6.25, display=True)
        case = Case("a", floor.plan, (*homes, display))
        return mates_in_reach(scenario, fill(case, scenario.products, floor), floor)

    return find


def test_mates_are_within_the_distance_of_the_bay_and_the_strongest_comes_first(mates: Callable[..., object]) -> None:
    """Chips at 10 m, cola at 13 m, soap at 8 m; chips on display at 30 m are too far from both."""
    found = mates(10.0, 13.0, 8.0, 30.0, affinity=AFFINITY, parameters=Parameters(adjacency=1.0, adjacency_m=4.0))
    assert found == {
        (CHIPS, 0): ((SOAP, SOAP, pytest.approx(log(0.5))), (COLA, COLA, pytest.approx(log(1.5)))),
        (COLA, 1): ((CHIPS, CHIPS, pytest.approx(log(1.5))),),
        (SOAP, 2): ((CHIPS, CHIPS, pytest.approx(log(0.5))),),
    }


def test_a_display_of_the_mate_counts_too(mates: Callable[..., object]) -> None:
    found = mates(10.0, 30.0, 50.0, 31.0, affinity={"chips": {"cola": 1.5}, "cola": {"chips": 1.5}})
    assert found == {
        (COLA, 1): ((CHIPS, 3, pytest.approx(log(1.5))),),
        (3, 3): ((COLA, COLA, pytest.approx(log(1.5))),),
    }


def test_without_affinities_there_are_no_mates(mates: Callable[..., object]) -> None:
    assert mates(1.0, 2.0, 3.0, 4.0) == {}


def test_the_pull_is_in_proportion_and_bounded(
    make_product: Callable[..., Product], make_scenario: Callable[..., Scenario]
) -> None:
    products = [make_product(name) for name in ("chips", "cola", "soap")]
    for adjacency, most in ((0.5, 0.5 * log(1.5)), (3.0, 3 * log(1.5)), (0.0, 0.0)):
        scenario = make_scenario(*products, affinity=AFFINITY, parameters=Parameters(adjacency=adjacency))
        assert strongest_pull(scenario) == pytest.approx({CHIPS: most, COLA: most, SOAP: 0.0})
    wild = {"chips": {"cola": 10.0}, "cola": {"chips": 10.0}}
    assert strongest_pull(make_scenario(*products, affinity=wild)) == {CHIPS: STRONGEST, COLA: STRONGEST}
