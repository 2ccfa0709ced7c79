"""Plays an experiment at every point of its sweep."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from hashlib import sha256
from pathlib import Path

from storesim.experiment.finished import Finished
from storesim.experiment.sets import Progress, play_sets
from storesim.experiment.walkable import refuse_stranded
from storesim.inputs.case import Scenario
from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.parameters import Parameters
from storesim.inputs.sweep_points import points
from storesim.results.responses import responses_of
from storesim.results.sweep import Swept


def play_sweep(
    scenario: Scenario,
    at_points: Sequence[Scenario],
    executor: Executor,
    finished: Finished,
    progress: Progress | None = None,
) -> Swept:
    """Return what every point of the scenario's sweep says, the same for any executor; `finished` ones are not played.

    A point says what the scenario says with its values written into it, and as many replications.

    Raises:
        ValueError: the scenario has no sweep.
    """
    if scenario.sweep is None:
        raise ValueError("the scenario has no sweep")
    at, replications = points(scenario.sweep, scenario.seed), scenario.sweep.replications
    names = [one.name for one in scenario.sweep.over]
    # Points have no sources of their own: the scenario's are all files that any value names. The first is its own.
    read = [sha256(source.content).digest() for source in scenario.sources[1:]]
    there = finished.sets(((names, values, read) for values in at), replications)
    days = play_sets(executor, at_points, replications, None, progress, there)
    return Swept(scenario.sweep, at, days, responses_of(scenario))


def refuse_stranded_points(path: Path, scenario: Scenario, at_points: Iterable[Scenario]) -> None:
    """Refuse a floor of some point on which something cannot be walked to; each floor is tried with the widest bodies.

    Raises:
        InputError: something is out of reach.
    """
    known = {case.plan: scenario.parameters for case in scenario.cases}
    for plan, parameters in _widest(at_points).items():
        if plan not in known or parameters.body_radius_m > known[plan].body_radius_m:
            refuse_stranded(path, [plan], parameters)


def _widest(at_points: Iterable[Scenario]) -> dict[FloorPlan, Parameters]:
    """Return each plan of some points with the parameters of the one whose bodies are widest."""
    plans: dict[int, FloorPlan] = {}  # by identity first: points share plans, and comparing these takes long
    parameters: dict[int, Parameters] = {}
    for point in at_points:
        for case in point.cases:
            own = id(case.plan)
            plans[own] = case.plan
            parameters[own] = _wider(point.parameters, parameters.get(own))
    found: dict[FloorPlan, Parameters] = {}
    for own, plan in plans.items():
        found[plan] = _wider(parameters[own], found.get(plan))
    return found


def _wider(one: Parameters, other: Parameters | None) -> Parameters:
    return other if other and other.body_radius_m >= one.body_radius_m else one
