"""One replication of an experiment: the same customers in every variant, measured."""

import pickle
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from storesim.behaviour.offers import ceilings
from storesim.behaviour.trips import Itineraries
from storesim.customers.draw import draw_known, draw_population
from storesim.customers.population import Floats, Ints, Population
from storesim.customers.propensity import Propensity, propensity
from storesim.customers.some import some_of
from storesim.engine.day import play
from storesim.engine.log import EventLog, renumbered
from storesim.engine.shop import Shop, intends_alike, open_shop
from storesim.experiment.allocator import keep_freed_memory
from storesim.experiment.calendar import Calendar, Loyalties
from storesim.inputs.case import Scenario
from storesim.inputs.floor_plan import FloorPlan
from storesim.results.day import Day
from storesim.results.flow import Raster, flow, raster
from storesim.results.responses import measure
from storesim.results.tables import Tables, tabulate
from storesim.store.build import build_floor
from storesim.store.floor import Floor
from storesim.store.room import walkable_m2


@dataclass(frozen=True, eq=False)
class Ready:
    """A scenario with everything that all its days share."""

    scenario: Scenario
    shops: tuple[Shop, ...]
    """One a variant, the baseline first."""
    kinds: Propensity
    ceiling: Floats
    rasters: tuple[Raster, ...]
    exposures: tuple[sparse.csr_array, ...]
    """Shape (bays, products) each: attention of every product in every bay."""
    alike: tuple[int, ...]
    """Of each variant the first one in which the same customers intend the same."""

    def population(self, replication: int) -> Population:
        """Return the customers of a replication, the same for every variant."""
        return draw_population(self.scenario, self.kinds, self.ceiling, replication)

    def people(self, replication: int, segment: Ints) -> Population:
        """Return the customers of a day of whom the segment is known, shape (customers,)."""
        return draw_known(self.scenario, self.kinds, self.ceiling, replication, segment)

    def play(
        self, variant: int, population: Population, replication: int, known: dict[int, Itineraries] | None = None
    ) -> Day:
        """Return the day of one variant; `known` keeps what these customers intend for the variants alike."""
        shop, like = self.shops[variant], self.alike[variant]
        known = {} if known is None else known
        played = play(shop, population, replication, known.pop(like, None))
        if like in self.alike[variant + 1 :]:
            known[like] = played.itineraries
        return Day(
            scenario=self.scenario,
            case=shop.case,
            floor=shop.floor,
            population=population,
            habit=played.itineraries.habit,
            exposure=self.exposures[variant],
            log=played.log,
            replication=replication,
        )


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one replication says, small enough to travel."""

    replication: int
    responses: NDArray[np.float64]
    """Shape (variants, responses)."""
    tables: tuple[Tables, ...]
    flows: tuple[NDArray[np.float64], ...]
    """Shape (cells, 4) each: x_m, y_m, walks through and seconds stood, of every cell that somebody may touch."""


def prepare(
    scenario: Scenario, built: Mapping[FloorPlan, Floor] = MappingProxyType({}), kinds: Propensity | None = None
) -> Ready:
    """Return a scenario ready to be played; floors that are not `built` yet are, once a layout, and so are `kinds`."""
    keep_freed_memory()
    floors = dict(built)
    for plan in dict.fromkeys(case.plan for case in scenario.cases):
        if plan not in floors:
            floors[plan] = build_floor(plan, scenario.parameters, scenario.seed)
    drawn = {plan: raster(floor) for plan, floor in floors.items()}
    shops = tuple(open_shop(scenario, case, floors[case.plan]) for case in scenario.cases)
    return Ready(
        scenario=scenario,
        shops=shops,
        kinds=propensity(scenario) if kinds is None else kinds,
        ceiling=ceilings(scenario),
        rasters=tuple(drawn[case.plan] for case in scenario.cases),
        exposures=tuple(_by_product(shop) for shop in shops),
        alike=tuple(
            next(i for i, one in enumerate(shops) if one is shop or intends_alike(one, shop)) for shop in shops
        ),
    )


def replicate(ready: Ready, replication: int, out: Path | None) -> Outcome:
    """Play one replication of every variant; with `out`, leave its events there, each file whole or not at all.

    The scenario says of which replications events are kept.
    """
    if ready.scenario.panel:
        return _calendar(ready, Calendar(ready.scenario, ready.scenario.panel, replication), out)
    population = ready.population(replication)
    told, known = [], dict[int, Itineraries]()
    for variant in range(len(ready.shops)):
        day = ready.play(variant, population, replication, known)
        told.append(_told(ready, variant, day))
        _keep_events(day, day.log, out)
    _keep_customers(ready.scenario, population, replication, out)
    return _outcome(replication, told)


@dataclass(frozen=True, eq=False)
class _Told:
    """What one day, or the mean of several, says of one variant."""

    responses: NDArray[np.float64]
    tables: Tables
    flow: NDArray[np.float64]

    @classmethod
    def mean(cls, days: Sequence["_Told"]) -> "_Told":
        return cls(
            np.mean([day.responses for day in days], axis=0),
            Tables.mean([day.tables for day in days]),
            np.mean([day.flow for day in days], axis=0),
        )


def _outcome(replication: int, told: Sequence[_Told]) -> Outcome:
    responses = np.stack([one.responses for one in told])
    return Outcome(replication, responses, tuple(one.tables for one in told), tuple(one.flow for one in told))


def _told(ready: Ready, variant: int, day: Day) -> _Told:
    """Return what a day says."""
    return _Told(measure(day), tabulate(day), flow(day, ready.rasters[variant]))


def _keep_events(day: Day, log: EventLog, out: Path | None) -> None:
    """Leave the events of a day, if they are kept."""
    if out and day.scenario.keeps_events(day.replication):
        from storesim.results.parquet import write_events  # brings DuckDB, which days without files do not need

        path = out / "events" / f"variant={day.case.name}" / f"replication={day.replication:04d}.parquet"
        write_events(path, log, day.scenario, day.floor)


def _keep_customers(scenario: Scenario, population: Population, replication: int, out: Path | None) -> None:
    if out and scenario.keeps_events(replication):
        from storesim.results.parquet import write_customers  # brings DuckDB, too

        write_customers(out / "customers" / f"replication={replication:04d}.parquet", population, scenario)


def _calendar(ready: Ready, calendar: Calendar, out: Path | None) -> Outcome:
    """Play the days of a panel: the mean day of each variant, and what became of the members.

    Event logs are numbered by day over all replications; a customer's number is that among those who might have come.
    """
    shops, told = ready.shops, [list[_Told]() for _ in ready.shops]
    loyalties = [Loyalties(calendar, shop.case) for shop in shops]
    room_m2 = {shop.case.plan: float(walkable_m2(shop.case.plan).sum()) for shop in shops}
    for day in calendar.days():
        population = ready.people(day.number, calendar.members.segment[day.people])
        for variant, (shop, loyalty) in enumerate(zip(shops, loyalties, strict=True)):
            came = loyalty.come(day)
            played = ready.play(variant, some_of(population, came), day.number)
            loyalty.after(day, came, played, room_m2[shop.case.plan])
            told[variant].append(_told(ready, variant, played))
            _keep_events(played, renumbered(played.log, came), out)
        _keep_customers(ready.scenario, population, day.number, out)
    means = [_with_people(_Told.mean(days), loyalty) for days, loyalty in zip(told, loyalties, strict=True)]
    return _outcome(calendar.replication, means)


def _with_people(told: _Told, loyalty: Loyalties) -> _Told:
    return replace(told, tables=replace(told.tables, tiers=loyalty.tier_table(), churn=loyalty.churn_table()))


@dataclass(frozen=True, eq=False)
class Prepared:
    """What takes long to prepare and is the same in all processes."""

    floors: Mapping[FloorPlan, Floor]
    kinds: Propensity


def share(executor: Executor, scenario: Scenario, file: Path) -> None:
    """Prepare a scenario in all processes side by side, and leave it in a file for all processes of this machine."""
    plans = list(dict.fromkeys(case.plan for case in scenario.cases))
    floors = [executor.submit(build_floor, plan, scenario.parameters, scenario.seed) for plan in plans]
    kinds = executor.submit(propensity, scenario)
    built = {plan: floor.result() for plan, floor in zip(plans, floors, strict=True)}
    with file.open("wb") as stream:
        pickle.dump(Prepared(built, kinds.result()), stream)


def replicate_there(pickled: bytes, replication: int, out: Path | None, prepared: Path | None = None) -> Outcome:
    """Do the same in a process that holds nothing yet but the pickled scenario; it is prepared once a process.

    With `prepared`, a file of `share`, what takes long is not done again.
    """
    return replicate(_ready(pickled, prepared), replication, out)


@lru_cache(maxsize=1)
def _ready(pickled: bytes, prepared: Path | None) -> Ready:
    scenario: Scenario = pickle.loads(pickled)  # noqa: S301 - our own bytes, from the parent process
    if prepared is None:
        return prepare(scenario)
    with prepared.open("rb") as stream:
        shared: Prepared = pickle.load(stream)  # noqa: S301 - our own file
    return prepare(scenario, shared.floors, shared.kinds)


def _by_product(shop: Shop) -> sparse.csr_array:
    """Return attention by bay and product, a product's home and displays added."""
    products = len(shop.scenario.products)
    table = np.zeros((len(shop.attention), products))
    np.add.at(table.T, shop.shelves.product, shop.attention.T)
    return sparse.csr_array(table)
