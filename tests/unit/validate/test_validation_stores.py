"""The stores that facts are played in."""

from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest

from storesim.inputs.parameters import Parameters
from storesim.store.build import build_floor
from storesim.store.lint import unreachable
from storesim.validate.stores import OF_FLOORS, STORES, floor, market, supermarket, twelve_aisles

TOOLS = Path(__file__).parents[3] / "tools"


def test_the_supermarket_is_of_the_size_that_published_paths_come_from() -> None:
    plan = supermarket().cases[0].plan
    corners = np.array(plan.outline)
    width_m, depth_m = np.ptp(corners, axis=0)
    assert 3800 <= width_m * depth_m <= 4200
    assert sum(checkout.lanes for checkout in plan.checkouts) in range(10, 17)
    assert sum(fixture.kind == "gondola" for fixture in plan.fixtures) == 16
    assert sum(len(face.bays) for fixture in plan.fixtures for face in fixture.faces) < 600


def test_everything_in_the_stores_can_be_reached() -> None:
    for scenario in (supermarket(), twelve_aisles()):
        for case in scenario.cases:
            assert unreachable(case.plan, scenario.parameters) == []


def test_the_supermarket_sells_what_the_market_sells_to_the_same_customers() -> None:
    big, small = supermarket(), market()
    assert [product.id for product in big.products] == [product.id for product in small.products]
    assert {place.product for place in big.cases[0].placements} == {product.id for product in big.products}
    assert (big.segments, big.missions) == (small.segments, small.missions)


def test_the_supermarket_has_conversions_of_its_own() -> None:
    own, other = ([product.conversion for product in store().products] for store in (supermarket, market))
    assert None not in own
    assert own != other


def test_one_way_aisles_change_nothing_but_directions() -> None:
    for two_way, one_way in ((0, 1), (2, 3)):
        before, after = (twelve_aisles().cases[i] for i in (two_way, one_way))
        assert replace(after.plan, name=before.plan.name, walkways=()) == before.plan
        assert after.placements == before.placements
        assert {walkway.direction for walkway in after.plan.walkways} == {(0.0, 1.0), (0.0, -1.0)}


def test_lists_of_the_twelve_aisles_hold_five_items_spread_evenly() -> None:
    scenario = twelve_aisles()
    assert scenario.missions[0].basket == (0, 0, 0, 0, 1)
    assert {product.impulse_share for product in scenario.products} == {0.0}
    assert len({tuple(product.penetration.values()) for product in scenario.products}) == 1
    assert len({place.metres for place in scenario.cases[0].placements}) == 1


def test_a_floor_is_built_once_whatever_does_not_shape_it() -> None:
    plan = twelve_aisles().cases[0].plan
    plain = floor(plan, Parameters(), 1)
    assert floor(plan, Parameters(notice_rate=0.1), 1) is plain
    for name in OF_FLOORS:
        assert floor(plan, Parameters(**{name: 1.1 * getattr(Parameters(), name)}), 1) is not plain


def test_a_floor_of_the_stores_is_the_floor_that_a_run_builds() -> None:
    plan, parameters = twelve_aisles().cases[0].plan, Parameters(notice_rate=0.1, wander_p=0.3, order_theta=5.0)
    ours, known = floor(plan, parameters, 1), build_floor(plan, parameters, 1)
    assert np.array_equal(ours.ways.distance_m, known.ways.distance_m)
    assert np.array_equal(ours.sight.edge.toarray(), known.sight.edge.toarray())


@pytest.mark.parametrize(
    "name", ["planogram_supermarket.csv", "planogram_twelve_aisles.csv", "twelve_aisles_products.csv"]
)
def test_the_files_are_what_the_tool_makes(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(TOOLS))
    spec = spec_from_file_location("make_validation", TOOLS / "make_validation.py")
    assert spec
    assert spec.loader
    tool = module_from_spec(spec)
    spec.loader.exec_module(tool)
    monkeypatch.setattr(tool, "STORES", tmp_path)
    tool.main([])
    assert (tmp_path / name).read_bytes() == (STORES / name).read_bytes()
