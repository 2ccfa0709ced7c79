"""The small shop, as a scenario and as a day that was played."""

from dataclasses import replace
from pathlib import Path

import pytest

from storesim.experiment.replication import prepare
from storesim.inputs.case import Scenario
from storesim.inputs.load import load_scenario
from storesim.results.day import Day

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="session")
def small_shop() -> Scenario:
    """The small shop's baseline alone."""
    scenario = load_scenario(ROOT / "scenarios" / "small_shop.yaml")
    return replace(scenario, cases=scenario.cases[:1])


@pytest.fixture(scope="session")
def small_day(small_shop: Scenario) -> Day:
    """A day in it: to be read, not changed."""
    ready = prepare(small_shop)
    return ready.play(0, ready.population(0), 0)
