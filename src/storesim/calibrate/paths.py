"""Fits how customers walk to recorded trips: order of stops, habits, detours and pull of the walls."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.stats import qmc

from storesim.behaviour.offers import ceilings
from storesim.calibrate.passages import Moments, Passages, collapsed, recorded_passages, walked_passages
from storesim.customers.draw import draw_population
from storesim.customers.population import Population
from storesim.customers.propensity import propensity
from storesim.engine.day import play
from storesim.engine.shop import open_shop
from storesim.inputs.case import Scenario
from storesim.inputs.parameters import Parameters, provenance
from storesim.results.trips import read_trips
from storesim.store.build import build_floor

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Progress = Callable[[int, int], None]

FLOORS, ON_EACH = 10, 3
"""Floors a round, and sets of the other parameters played on each: building a floor takes longest."""
ROUNDS = 2
DAYS = 5
VISITS = 300.0
"""At most so many a day."""
FEWEST_TRIPS = 30
ZOOM = 0.75
"""Width of the second round, as a share of the first."""
STARTS = 4
"""From so many places the least distance is looked for."""
KERNEL = 0.35
"""Settings count exp(-d² / 2 kernel²), d their distance from the middle of the round in the unit cube."""


@dataclass(frozen=True)
class Knob:
    """A parameter that is fitted, and how far it is tried."""

    name: str
    low: float
    high: float

    @property
    def assumed_half_width(self) -> float:
        """Half of the range that the parameter is assumed to lie in."""
        known = provenance(self.name)
        return ((known.high or 0.0) - (known.low or 0.0)) / 2


KNOBS = (
    Knob("habit_sigma", 0.05, 1.0),
    Knob("perimeter_pull", 0.3, 1.0),
    Knob("order_theta", 0.5, 6.0),
    Knob("wander_p", 0.0, 0.8),
)
"""The first two are built into a floor."""
OF_FLOORS = 2


class CannotFitError(ValueError):
    """Recorded trips do not suffice, or there is no way to compare them; says why, and what would help."""


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
        how = "simulated moments: passages of zones and of pairs of zones, zones a trip, share along the walls"
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


def fit_paths(scenario: Scenario, progress: Progress | None = None) -> Fitted:
    """Return the walking parameters that make simulated trips pass the baseline's zones as recorded ones do.

    Simulated moments: means over trips of how often each zone, and each pair of zones in a row, is passed, of the
    number of zones, and of the share along the outer walls. A Sobol' design of settings is played with the same
    customers, each floor with habits of its own (those of the real store's customers are unknown); every moment becomes
    a quadratic function of the parameters, and the weighted squared distance from what was recorded is least at the
    estimate. A second, narrower design around it gives the result. Standard errors are those with which the settings of
    that design come back themselves, each from what all other floors say.

    Args:
        scenario: with `paths`, of a measured layout with zones; customers who walk as observed walk nearest next here.
        progress: called with (settings played, settings in all).

    Raises:
        CannotFitError: there are too few trips, or nothing that they could be compared by.
    """
    store = _Store.of(scenario)
    recorded = recorded_passages(scenario.cases[0].plan, scenario.paths)
    check_enough(len(recorded))
    moments = Moments.of(scenario.cases[0].plan, recorded)
    seen = _Sample.of(moments.count(recorded))
    own = _from_values(np.array([getattr(scenario.parameters, knob.name) for knob in KNOBS]))
    total = ROUNDS * FLOORS * ON_EACH + 1
    low, high = np.zeros(len(KNOBS)), np.ones(len(KNOBS))
    settings, played = np.empty((0, len(KNOBS))), list[_Sample]()
    for number in range(ROUNDS):
        design = _design(low, high, number)
        played += _played(store, moments, design, len(played), progress, total)
        settings = np.concatenate((settings, design.reshape(-1, len(KNOBS))))
        rounds = _Played(settings, np.array([each.mean for each in played]), low, high)
        spread = seen.covariance / seen.trips + np.mean([p.covariance / p.trips for p in played], axis=0)
        best = _estimate(rounds, seen.mean, spread, own)
        middle = np.clip(best.at, ZOOM / 2, 1 - ZOOM / 2)
        low, high = middle - ZOOM / 2, middle + ZOOM / 2
    passed = store.passages(_values(best.at), store.scenario.seed)
    if progress:
        progress(total, total)
    return _report(scenario, recorded, seen, moments, best, passed)


def check_enough(trips: int) -> None:
    """Refuse fewer recorded trips than walking can be fitted to."""
    if trips < FEWEST_TRIPS:
        raise CannotFitError(f"{trips} recorded trips are too few to fit walking to; bring {FEWEST_TRIPS}")


@dataclass(frozen=True, eq=False)
class _Sample:
    """Means over trips of all moments, and their covariance from trip to trip."""

    trips: int
    mean: Floats
    covariance: Floats

    @classmethod
    def of(cls, counts: Floats) -> "_Sample":
        return cls(len(counts), counts.mean(axis=0), np.cov(counts, rowvar=False))


@dataclass(frozen=True, eq=False)
class _Store:
    """The baseline and some days of its customers, who are the same whatever the parameters of walking."""

    scenario: Scenario
    days: tuple[Population, ...]

    @classmethod
    def of(cls, scenario: Scenario) -> "_Store":
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

    def on_floor(self, values: Floats, others: Floats, seed: int) -> Iterator[Passages]:
        """Yield what customers pass on one floor for each row of the parameters that floors do not depend on."""
        parameters = _set(self.scenario.parameters, np.concatenate((values, others[0])))
        floor = build_floor(self.scenario.cases[0].plan, parameters, seed)
        for row in others:
            scenario = replace(self.scenario, parameters=_set(parameters, np.concatenate((values, row))))
            shop = open_shop(scenario, scenario.cases[0], floor)
            days = []
            for number, people in enumerate(self.days):
                played = play(shop, people, number)
                days.append(walked_passages(read_trips(played.log, floor, played.itineraries.habit, people.speed_m_s)))
            yield _joined(days)

    def passages(self, values: Floats, seed: int) -> Passages:
        """Return what customers pass with one set of parameters."""
        return next(self.on_floor(values[:OF_FLOORS], values[None, OF_FLOORS:], seed))


def _free(route: str) -> str:
    return "nearest_next" if route == "observed" else route


def _joined(days: list[Passages]) -> Passages:
    before = np.cumsum([0, *(len(day) for day in days)])
    trip = np.concatenate([day.trip + first for day, first in zip(days, before[:-1], strict=True)])
    return collapsed(trip, np.concatenate([day.zone for day in days]))


def _set(parameters: Parameters, values: Floats) -> Parameters:
    """Return parameters with others in place, in the order of `KNOBS`; habits keep their ratio."""
    named = dict(zip((knob.name for knob in KNOBS), values.tolist(), strict=True))
    return parameters.model_copy(update=named | {"habit_sigma_known": _known(parameters, named["habit_sigma"])})


def _known(parameters: Parameters, sigma: float) -> float:
    ratio = parameters.habit_sigma_known / parameters.habit_sigma if parameters.habit_sigma else 1.0
    return ratio * sigma


def _values(at: Floats) -> Floats:
    """Return parameters from places in the unit cube; equal steps of order_theta are equal factors."""
    return np.array([_scale(knob)[1](x) for knob, x in zip(KNOBS, at, strict=True)])


def _from_values(values: Floats) -> Floats:
    return np.array([_scale(knob)[0](v) for knob, v in zip(KNOBS, values, strict=True)])


def _scale(knob: Knob) -> tuple[Callable[[float], float], Callable[[float], float]]:
    """Return the ways from a value to its place between low and high, 0..1, and back."""
    low, high = knob.low, knob.high
    if knob.name == "order_theta":
        return lambda v: float(np.log(v / low) / np.log(high / low)), lambda x: float(low * (high / low) ** x)
    return lambda v: (v - low) / (high - low), lambda x: low + x * (high - low)


def _design(low: Floats, high: Floats, number: int) -> Floats:
    """Return the settings of a round, shape (floors, on each, knobs), in the unit cube; those of a floor share it."""
    unit = qmc.Sobol(len(KNOBS), rng=np.random.default_rng(number)).random_base2(10)[: FLOORS * ON_EACH]
    unit = unit.reshape(FLOORS, ON_EACH, len(KNOBS))
    on_floors = qmc.Sobol(OF_FLOORS, rng=np.random.default_rng(ROUNDS + number)).random_base2(10)[:FLOORS]
    unit[:, :, :OF_FLOORS] = on_floors[:, None]
    return np.asarray(low + unit * (high - low), dtype=np.float64)


def _played(
    store: _Store, moments: Moments, design: Floats, done: int, progress: Progress | None, total: int
) -> list[_Sample]:
    """Return what each setting of a design gives, floor by floor, each with habits of its own."""
    found: list[_Sample] = []
    for on_floor in design:
        values = np.array([_values(at) for at in on_floor])
        seed = store.scenario.seed + 1 + done + len(found)
        for passed in store.on_floor(values[0, :OF_FLOORS], values[:, OF_FLOORS:], seed):
            found.append(_Sample.of(moments.count(passed)))
            if progress:
                progress(done + len(found), total)
    return found


@dataclass(frozen=True, eq=False)
class _Surface:
    """Every moment as a quadratic function of the place in the unit cube."""

    middle: Floats
    coefficients: Floats
    """Shape (terms, moments)."""
    residual: Floats
    """Shape (moments, moments): covariance of what the functions leave, from floor to floor: habits differ."""

    @classmethod
    def of(cls, settings: Floats, means: Floats, middle: Floats) -> "_Surface":
        """Fit to the settings played, those near the middle first; settings of a floor follow one another."""
        weight = np.exp(-((settings - middle) ** 2).sum(axis=1) / (2 * KERNEL**2))
        terms, root = _terms(settings - middle), np.sqrt(weight)[:, None]
        coefficients = np.linalg.lstsq(root * terms, root * means, rcond=None)[0]
        left = (weight[:, None] * (means - terms @ coefficients)).reshape(-1, ON_EACH, means.shape[1]).sum(axis=1)
        of_floor = weight.reshape(-1, ON_EACH).sum(axis=1)
        floors = of_floor.sum() ** 2 / (of_floor**2).sum()
        fitted = (OF_FLOORS + 1) * (OF_FLOORS + 2) / 2
        # The functions take up a part of the floors' spread, and are as uncertain as that makes them.
        lost = (floors + fitted) / max(floors - fitted, 1.0)
        return cls(middle, coefficients, lost * (left.T / of_floor) @ left / of_floor.sum())

    def at(self, place: Floats) -> Floats:
        return np.asarray(_terms((place - self.middle)[None])[0] @ self.coefficients, dtype=np.float64)


def _terms(x: Floats) -> Floats:
    one, two = np.triu_indices(x.shape[1])
    return np.column_stack((np.ones(len(x)), x, x[:, one] * x[:, two]))


@dataclass(frozen=True, eq=False)
class _Best:
    """The estimate in the unit cube."""

    at: Floats
    error: Floats
    """Standard errors in the parameters' own units."""
    told: Bools
    at_edge: Bools


@dataclass(frozen=True, eq=False)
class _Played:
    """All settings played so far, and the box of the last round."""

    settings: Floats
    """Shape (settings, knobs), in the unit cube, floor by floor."""
    means: Floats
    """Shape (settings, moments)."""
    low: Floats
    high: Floats

    def surface(self, without: int | None = None) -> _Surface:
        """Return the moments as functions of the settings, a floor left out or not."""
        keep = np.arange(len(self.settings)) // ON_EACH != without
        return _Surface.of(self.settings[keep], self.means[keep], (self.low + self.high) / 2)


def _estimate(played: _Played, wanted: Floats, spread: Floats, own: Floats) -> _Best:
    """Return where the moments come nearest; what cannot be told better than assumed stays the scenario's own."""
    surface = played.surface()
    scale = 1 / np.sqrt(np.maximum(np.diag(spread + surface.residual), 1e-12))
    limit = np.array([knob.assumed_half_width for knob in KNOBS])
    told = np.ones(len(KNOBS), dtype=np.bool_)
    while True:
        error = _errors(played, scale, spread, told)
        excess = np.where(told, error / limit, 0.0)
        if excess.max() <= 1:
            at = _nearest(surface, wanted, scale, np.where(told, np.nan, own), played.low, played.high)
            return _Best(at, error, told, told & ((at < 1e-3) | (at > 1 - 1e-3)))
        told[excess.argmax()] = False


def _nearest(surface: _Surface, wanted: Floats, scale: Floats, held: Floats, low: Floats, high: Floats) -> Floats:
    """Return the place of least weighted distance between low and high; `held` holds what is not free, else NaN."""
    free = np.isnan(held)
    if not free.any():
        return held

    def misses(part: Floats) -> Floats:
        at = held.copy()
        at[free] = part
        return scale * (surface.at(at) - wanted)

    starts = low[free] + qmc.Sobol(int(free.sum()), rng=np.random.default_rng(7)).random(STARTS) * (high - low)[free]
    found = [least_squares(misses, start, bounds=(low[free], high[free])) for start in starts]
    nearest = held.copy()
    nearest[free] = min(found, key=lambda each: float(each.cost)).x
    return nearest


def _errors(played: _Played, scale: Floats, spread: Floats, told: Bools) -> Floats:
    """Return how far off, root mean square, the settings of the last round come back in their own units; 0 where held.

    Each is recovered from its own moments, with sampling error added, by what the other floors say: so habits unlike
    theirs count, as those of the real store's customers do.
    """
    noise = np.random.default_rng(11).multivariate_normal(
        np.zeros(len(spread)), spread, FLOORS * ON_EACH, method="eigh"
    )
    off = []
    first = len(played.settings) - FLOORS * ON_EACH
    for row in range(first, len(played.settings)):
        if (row - first) % ON_EACH == 0:
            surface = played.surface(without=row // ON_EACH)
        truth = played.settings[row]
        wanted = played.means[row] + noise[row - first]
        back = _nearest(surface, wanted, scale, np.where(told, np.nan, truth), played.low, played.high)
        off.append(_values(back) - _values(truth))
    return np.asarray(np.sqrt(np.mean(np.square(off), axis=0)) * told, dtype=np.float64)


def _report(
    scenario: Scenario, recorded: Passages, seen: _Sample, moments: Moments, best: _Best, passed: Passages
) -> Fitted:
    values = _values(best.at)
    simulated = moments.count(passed).mean(axis=0)
    ids = [zone.id for zone in scenario.cases[0].plan.zones]
    columns = zip(KNOBS, values, best.error, best.told, best.at_edge, strict=True)
    return Fitted(
        trips=len(recorded),
        simulated=len(passed),
        estimates=tuple(
            Estimate(knob.name, float(value) if told else getattr(scenario.parameters, knob.name), float(error),
                     bool(told), bool(edge))
            for knob, value, error, told, edge in columns
        ),
        habit_sigma_known=_known(scenario.parameters, float(values[0])),
        zones=tuple(zip(ids, seen.mean[: len(ids)].tolist(), simulated[: len(ids)].tolist(), strict=True)),
        zones_a_trip=(float(seen.mean[-2]), float(simulated[-2])),
    )  # fmt: skip


def _short(value: float) -> float:
    return float(f"{value:.6g}")
