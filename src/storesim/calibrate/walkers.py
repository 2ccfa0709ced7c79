"""The baseline's customers on floors with other habits: which zones they pass under which walking parameters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from storesim.behaviour.offers import ceilings
from storesim.calibrate.knobs import OF_FLOORS, turned
from storesim.calibrate.passages import Passages, along_edges, collapsed, walked_passages
from storesim.customers.draw import draw_population
from storesim.customers.population import Population
from storesim.customers.propensity import propensity
from storesim.engine.day import play
from storesim.engine.shop import Shop, open_shop
from storesim.inputs.case import Scenario
from storesim.results.trips import read_trips
from storesim.store.build import build_floor

Floats = NDArray[np.float64]
DAYS = 4
VISITS = 300.0
"""At most so many a day."""


class CannotFitError(ValueError):
    """Recorded trips do not suffice, or there is no way to compare them; says why, and what would help."""


@dataclass(frozen=True, eq=False)
class Walkers:
    """The baseline and some days of its customers, who are the same whatever the parameters of walking."""

    scenario: Scenario
    days: tuple[Population, ...]

    @classmethod
    def of(cls, scenario: Scenario) -> "Walkers":
        """Return the customers of a baseline without promotions; who walks as observed walks nearest next.

        Raises:
            CannotFitError: its layout has no measures, or fewer than two zones.
        """
        baseline = replace(scenario.cases[0], promotions=(), coupons=())
        plan = baseline.plan
        if plan.is_schematic:
            raise CannotFitError(f"layout {plan.name!r} has no measures: how people walk in it is not fitted")
        if len(plan.zones) < 2:
            raise CannotFitError(f"layout {plan.name!r} has {len(plan.zones)} zones; draw at least 2")
        scenario = replace(
            scenario,
            cases=(baseline,),
            paths=(),
            visits_per_day=min(scenario.visits_per_day, VISITS),
            segments=tuple(replace(each, route=_free(each.route)) for each in scenario.segments),
            missions=tuple(replace(each, route=each.route and _free(each.route)) for each in scenario.missions),
        )
        kinds, ceiling = propensity(scenario), ceilings(scenario)
        return cls(scenario, tuple(draw_population(scenario, kinds, ceiling, day) for day in range(DAYS)))

    def on_floor(self, settings: Floats, seed: int) -> tuple[Passages, ...]:
        """Return what customers pass on one floor under each row of parameters, shape (settings, knobs).

        Building a floor takes longest: all rows must share the parameters that are built into it.
        """
        if (settings[:, :OF_FLOORS] != settings[0, :OF_FLOORS]).any():
            raise ValueError("settings of one floor differ in what is built into it")
        scenarios = [replace(self.scenario, parameters=turned(self.scenario.parameters, row)) for row in settings]
        floor = build_floor(self.scenario.cases[0].plan, scenarios[0].parameters, seed)
        along = along_edges(floor)
        found = []
        for scenario in scenarios:
            shop = open_shop(scenario, scenario.cases[0], floor)
            found.append(_joined([_walked(shop, people, day, along) for day, people in enumerate(self.days)]))
        return tuple(found)


def _free(route: str) -> str:
    return "nearest_next" if route == "observed" else route


def _walked(shop: Shop, people: Population, day: int, along: tuple[NDArray[np.int64], NDArray[np.int64]]) -> Passages:
    played = play(shop, people, day)
    return walked_passages(read_trips(played.log, shop.floor, played.itineraries.habit, people.speed_m_s), along)


def _joined(days: Sequence[Passages]) -> Passages:
    before = np.cumsum([0, *(len(day) for day in days)])
    trip = np.concatenate([day.trip + first for day, first in zip(days, before[:-1], strict=True)])
    return collapsed(trip, np.concatenate([day.zone for day in days]))
