"""Plays an experiment again under every set of assumed parameters: the same customers, the same variants."""

import pickle
from concurrent.futures import Executor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from storesim.customers.population import Floats
from storesim.experiment.conversion import promises
from storesim.experiment.design import two_levels
from storesim.experiment.finished import Finished
from storesim.experiment.replication import prepare
from storesim.experiment.sets import Progress, play_sets
from storesim.inputs.case import Assumptions, Scenario
from storesim.results.assumed import Assumed, level
from storesim.results.responses import responses_of
from storesim.store.lint import unreachable

BODY = "body_radius_m"
"""The one parameter that can make a store unwalkable."""


def play_assumed(
    scenario: Scenario,
    assumptions: Assumptions,
    executor: Executor,
    finished: Finished,
    progress: Progress | None = None,
) -> Assumed:
    """Return what every set of settings says, the same for any executor; those that are `finished` are not played.

    Conversions follow, so that the baseline keeps its promises whatever the settings are.
    """
    high = two_levels(len(assumptions.parameters))
    promised = executor.submit(promised_there, pickle.dumps(scenario)).result()
    sets = [under(scenario, assumptions.parameters, settings) for settings in high]
    there = finished.sets([one.parameters for one in sets], assumptions.replications)
    days = play_sets(executor, sets, assumptions.replications, promised, progress, there)
    return Assumed(assumptions.parameters, high, days.mean(axis=1), responses_of(scenario))


def without_tight_bodies(scenario: Scenario) -> Scenario:
    """Return the scenario, with bodies not varied where the widest of them could not walk to everything.

    Such a gap says that the plan was drawn for narrower bodies, not that the store cannot be walked.
    """
    assumptions = scenario.assumptions
    if assumptions is None or BODY not in assumptions.parameters:
        return scenario
    widest = scenario.parameters.model_copy(update={BODY: level(BODY, True)})
    blocked = [s for plan in dict.fromkeys(case.plan for case in scenario.cases) for s in unreachable(plan, widest)]
    if not blocked:
        return scenario
    left = tuple(name for name in assumptions.parameters if name != BODY)
    warning = f"{BODY} is not varied: at {level(BODY, True):g} m, {blocked[0]}"
    assumptions = replace(assumptions, parameters=left) if left else None
    return replace(scenario, assumptions=assumptions, warnings=(*scenario.warnings, warning))


def under(scenario: Scenario, parameters: tuple[str, ...], high: NDArray[np.bool_]) -> Scenario:
    """Return the scenario with each of some assumed parameters at its high, or at its low; shape (parameters,)."""
    values = {name: level(name, bool(is_high)) for name, is_high in zip(parameters, high, strict=True)}
    return replace(scenario, parameters=scenario.parameters.model_copy(update=values))


def promised_there(pickled: bytes) -> Floats | None:
    """Return what a pickled scenario's own parameters promise, shape (products,); None where nothing is calibrated."""
    scenario: Scenario = pickle.loads(pickled)  # noqa: S301 - our own bytes, from the parent process
    if all(product.conversion is None for product in scenario.products):
        return None
    return promises(prepare(replace(scenario, cases=scenario.cases[:1])))
