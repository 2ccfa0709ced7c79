"""Fits how customers walk to recorded trips: order of stops, habits, detours and pull of the walls."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storesim.calibrate.knobs import KNOBS, known_sigma, own_places, values
from storesim.calibrate.passages import Passages, recorded_passages
from storesim.calibrate.search import Best, design, estimate
from storesim.calibrate.traits import Ground, traits, zone_rates
from storesim.calibrate.walkers import CannotFitError, Walkers
from storesim.experiment.executors import gather, opened
from storesim.inputs.case import Scenario
from storesim.inputs.parameters import provenance

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
FEWEST_TRIPS = 30


@dataclass(frozen=True)
class Estimate:
    """One fitted parameter."""

    name: str
    value: float
    standard_error: float
    told: bool
    """False: the trips do not tell it better than it is assumed already; `value` is the scenario's own."""
    at_edge: bool
    """Whether the best value is the lowest or highest that was tried."""


@dataclass(frozen=True)
class Fitted:
    """What recorded trips say about walking."""

    trips: int
    simulated: int
    """Trips simulated for each set of parameters."""
    estimates: tuple[Estimate, ...]
    habit_sigma_known: float
    """Moves with `habit_sigma`, in the ratio that the scenario has."""
    zones: tuple[tuple[str, float, float], ...]
    """(zone id, passages a trip recorded, and simulated with what was fitted)."""
    zones_a_trip: tuple[float, float]
    """Zones passed in a trip, recorded and simulated."""

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters that the trips told, for a scenario's `parameters:`."""
        found = {each.name: each.value for each in self.estimates if each.told}
        return found | ({"habit_sigma_known": self.habit_sigma_known} if "habit_sigma" in found else {})

    def yaml(self) -> str:
        """Return the block `parameters:` of a scenario file; "" when the trips told nothing."""
        head = f"parameters:  # observed: fitted to {self.trips} recorded trips, see calibration.json\n"
        lines = [f"  {name}: {value:.4g}\n" for name, value in self.parameters.items()]
        return head + "".join(lines) if lines else ""

    def provenance(self) -> dict[str, Any]:
        """Return the entry of calibration.json: of every parameter, whether it was observed, and its standard error."""
        how = "settings of simulated trips regressed on zones passed, ways shared, distance got, and time along walls"
        return {
            "trips": self.trips,
            "simulated_trips": self.simulated,
            "how": how,
            "zones_a_trip": {"recorded": _short(self.zones_a_trip[0]), "simulated": _short(self.zones_a_trip[1])},
            "parameters": {each.name: self._source(each) for each in self.estimates},
        }

    def _source(self, estimate: Estimate) -> dict[str, Any]:
        if not estimate.told:
            how = f"recorded trips ({self.trips}) do not tell it more nearly"
            return {"status": provenance(estimate.name).status, "value": _short(estimate.value), "how": how}
        edge = {"at_edge": "the best of the values tried is the last one"} if estimate.at_edge else {}
        numbers = {"value": _short(estimate.value), "standard_error": _short(estimate.standard_error)}
        return {"status": "observed", "how": f"observed: {self.trips} trips", **numbers, **edge}


def fit_paths(scenario: Scenario, progress: Progress | None = None, workers: int | None = None) -> Fitted:
    """Return the walking parameters under which customers pass the baseline's zones as recorded ones do.

    The baseline is played under settings that cover what is tried, with the same customers, on floors each with habits
    of its own (those of the real store's customers are unknown). See `traits` for what of it is compared, as many trips
    a setting as were recorded, and `search` for how it leads to an estimate and its standard error.

    Args:
        scenario: with `paths`, of a measured layout with zones; customers who walk as observed walk nearest next here.
        progress: called with (floors played, floors in all).
        workers: processes to play in; None: as many as the machine has cores, at most 4. The result is the same.

    Raises:
        CannotFitError: there are too few trips, or nothing that they could be compared by.
    """
    walkers, plan = Walkers.of(scenario), scenario.cases[0].plan
    recorded = recorded_passages(plan, scenario.paths)
    check_enough(len(recorded))
    ground, places = Ground.of(plan), design()
    simulated = _on_floors(walkers, places, workers or min(os.cpu_count() or 1, 4), progress)
    like = partial(_traits, ground=ground, trips=min(len(recorded), *map(len, simulated)))
    best = estimate(
        places.reshape(-1, len(KNOBS)), np.array([like(each) for each in simulated]), like(recorded),
        own_places(scenario.parameters),
    )  # fmt: skip
    (passed,) = walkers.on_floor(values(best.at)[None], walkers.scenario.seed)
    return _report(scenario, recorded, best, passed)


def check_enough(trips: int) -> None:
    """Refuse fewer recorded trips than walking can be fitted to."""
    if trips < FEWEST_TRIPS:
        raise CannotFitError(f"{trips} recorded trips are too few to fit walking to; bring {FEWEST_TRIPS}")


def _on_floors(walkers: Walkers, places: Floats, workers: int, progress: Progress | None) -> list[Passages]:
    """Return what is passed under each setting, floor by floor; places have shape (floors, on each, knobs)."""
    tasks = [
        (np.array([values(at) for at in on_floor]), walkers.scenario.seed + 1 + number)
        for number, on_floor in enumerate(places)
    ]
    with opened(workers) as executor:
        found = gather(executor, walkers.on_floor, tasks, progress)
    return [passed for of_floor in found for passed in of_floor]


def _traits(seen: Passages, ground: Ground, trips: int) -> Floats:
    """Return the traits of so many trips; of more, the mean over as many parts of that size as there are.

    How alike ways look depends on how many there are, so that only equal numbers are compared.
    """
    parts = np.random.default_rng(len(seen)).permutation(len(seen))[: len(seen) // trips * trips].reshape(-1, trips)
    return np.asarray(np.mean([traits(seen.of_trips(part), ground) for part in parts], axis=0), dtype=np.float64)


def _report(scenario: Scenario, recorded: Passages, best: Best, passed: Passages) -> Fitted:
    found = values(best.at)
    ids = [zone.id for zone in scenario.cases[0].plan.zones]
    rates = [zone_rates(each, len(ids)) for each in (recorded, passed)]
    columns = zip(KNOBS, found, best.error, best.told, best.at_edge, strict=True)
    return Fitted(
        trips=len(recorded),
        simulated=len(passed),
        estimates=tuple(
            Estimate(knob.name, float(value) if told else getattr(scenario.parameters, knob.name), float(error),
                     bool(told), bool(edge))
            for knob, value, error, told, edge in columns
        ),
        habit_sigma_known=known_sigma(scenario.parameters, float(found[0])),
        zones=tuple(zip(ids, rates[0].tolist(), rates[1].tolist(), strict=True)),
        zones_a_trip=(float(rates[0].sum()), float(rates[1].sum())),
    )  # fmt: skip


def _short(value: float) -> float:
    return float(f"{value:.6g}")
