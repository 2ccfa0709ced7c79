"""The gravity model between zones."""

import numpy as np
import pytest

from storesim.results.day import Day
from storesim.validate.facts.gravity import common_flow, flows, gravity, observe, zone_m

RANDOM = np.random.default_rng(1)
METRES = np.abs(np.subtract.outer(*(RANDOM.uniform(0, 60, 12),) * 2))
FLOW = RANDOM.gamma(1.0, 100.0, (12, 12)) * (1 - np.eye(12))


def test_the_model_has_the_sums_of_the_flow() -> None:
    model = gravity(FLOW, METRES, 20.0)
    assert model.sum(axis=0) == pytest.approx(FLOW.sum(axis=0), rel=1e-6)
    assert model.sum(axis=1) == pytest.approx(FLOW.sum(axis=1), rel=1e-6)
    assert np.diag(model).tolist() == [0.0] * 12


def test_a_flow_that_is_gravity_is_reproduced_whatever_its_length() -> None:
    for length_m in (5.0, 20.0, 80.0):
        flow = gravity(FLOW, METRES, length_m)
        assert common_flow(np.concatenate((flow.ravel(), METRES.ravel()))) == pytest.approx(1.0, abs=0.005)


def test_a_flow_without_regard_to_distance_is_reproduced_in_part() -> None:
    assert 0.5 < common_flow(np.concatenate((FLOW.ravel(), METRES.ravel()))) < 0.9


def test_what_is_observed_is_flow_between_zones_and_their_distances(small_day: Day) -> None:
    zones = len(small_day.floor.plan.zones)
    flow, metres = observe((small_day,)).reshape(2, zones, zones)
    assert np.array_equal(flow, flows(small_day))
    assert np.diag(flow).tolist() == [0.0] * zones
    assert metres == pytest.approx(zone_m(small_day.floor))
    entrance, tills = (
        next(i for i, z in enumerate(small_day.floor.plan.zones) if z.kind == kind) for kind in ("entrance", "checkout")
    )
    assert flow[entrance].sum() > flow[:, entrance].sum()
    assert flow[:, tills].sum() > flow[tills].sum()
