"""The files we ship: every layout and scenario is right, and the example market is what its README says."""

from pathlib import Path

import pytest
import shapely

from storesim.experiment.study import load
from storesim.inputs.case import Case, Scenario
from storesim.inputs.load import load_layout, load_scenario
from storesim.inputs.parameters import Parameters
from storesim.store.lint import unreachable

ROOT = Path(__file__).parents[3]
LAYOUTS = sorted((ROOT / "layouts").glob("*.yaml"))
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))


@pytest.fixture(scope="module")
def market() -> Scenario:
    return load_scenario(ROOT / "scenarios" / "market.yaml")


def _case(market: Scenario, name: str) -> Case:
    return next(case for case in market.cases if case.name == name)


def _metres(case: Case) -> dict[str, float]:
    """Return linear metres of home by product."""
    metres: dict[str, float] = {}
    for placement in case.placements:
        if not placement.display:
            metres[placement.product] = metres.get(placement.product, 0.0) + placement.metres
    return metres


@pytest.mark.parametrize("path", LAYOUTS, ids=lambda path: path.stem)
def test_every_layout_is_right_and_can_be_walked(path: Path) -> None:
    assert unreachable(load_layout(path), Parameters()) == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_scenario_is_right_and_without_warnings(path: Path) -> None:
    scenario = load(path).scenario
    assert len(scenario.cases) >= 2
    assert scenario.warnings == ()


@pytest.mark.parametrize("name", ["grid", "racetrack"])
def test_the_markets_floors_are_those_of_a_supermarket(market: Scenario, name: str) -> None:
    plan = _case(market, name).plan
    assert 1_330 <= shapely.Polygon(plan.outline).area <= 1_470
    assert len(plan.fixtures) >= 60
    assert sum(checkout.lanes for checkout in plan.checkouts) == 10
    assert {"end_cap", "table", "till_rack", "wall"} <= {fixture.kind for fixture in plan.fixtures}


def test_both_floors_hold_the_same_products_on_the_same_shelf_metres(market: Scenario) -> None:
    grid, racetrack = (_metres(_case(market, name)) for name in ("grid", "racetrack"))
    assert grid.keys() == racetrack.keys()
    assert len(grid) >= 200
    for product, metres in grid.items():
        assert racetrack[product] == pytest.approx(metres, rel=0.05)


def test_segments_differ_in_path_in_missions_and_in_propensities(market: Scenario) -> None:
    paths = {(s.route, s.knowledge, s.speed_m_s) for s in market.segments}
    assert len(paths) >= 5
    assert len({tuple(s.missions.items()) for s in market.segments}) >= 5
    assert len({tuple(s.propensities.items()) for s in market.segments}) >= 5


def test_missions_come_as_often_as_observed(market: Scenario) -> None:
    observed = {"fill-in grocery": 0.2832, "fill-in produce": 0.1159, "quick drugstore": 0.1577,
                "quick grocery": 0.2168, "stock-up": 0.2265}  # fmt: skip
    for mission, share in observed.items():
        assert sum(s.share * s.missions.get(mission, 0.0) for s in market.segments) == pytest.approx(share, abs=0.005)


def test_every_product_has_a_conversion(market: Scenario) -> None:
    assert all(product.conversion is not None for product in market.products)
