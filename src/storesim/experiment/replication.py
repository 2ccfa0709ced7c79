"""One replication of an experiment: the same customers in every variant, measured."""

import pickle
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from storesim.behaviour.offers import ceilings
from storesim.customers.draw import draw_population
from storesim.customers.population import Floats, Population
from storesim.customers.propensity import Propensity, propensity
from storesim.engine.day import play
from storesim.engine.shop import Shop, open_shop
from storesim.inputs.case import Scenario
from storesim.inputs.floor_plan import FloorPlan
from storesim.results.day import Day
from storesim.results.flow import Raster, flow, raster
from storesim.results.parquet import write_customers, write_events
from storesim.results.responses import measure
from storesim.results.tables import Tables, tabulate
from storesim.store.build import build_floor
from storesim.store.floor import Floor


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

    def population(self, replication: int) -> Population:
        """Return the customers of a replication, the same for every variant."""
        return draw_population(self.scenario, self.kinds, self.ceiling, replication)

    def play(self, variant: int, population: Population, replication: int) -> Day:
        """Return the day of one variant."""
        shop = self.shops[variant]
        played = play(shop, population, replication)
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


def prepare(scenario: Scenario, built: Mapping[FloorPlan, Floor] = MappingProxyType({})) -> Ready:
    """Return a scenario ready to be played; floors that are not `built` yet are, once a layout."""
    floors = dict(built)
    for plan in dict.fromkeys(case.plan for case in scenario.cases):
        if plan not in floors:
            floors[plan] = build_floor(plan, scenario.parameters, scenario.seed)
    drawn = {plan: raster(floor) for plan, floor in floors.items()}
    shops = tuple(open_shop(scenario, case, floors[case.plan]) for case in scenario.cases)
    return Ready(
        scenario=scenario,
        shops=shops,
        kinds=propensity(scenario),
        ceiling=ceilings(scenario),
        rasters=tuple(drawn[case.plan] for case in scenario.cases),
        exposures=tuple(_by_product(shop) for shop in shops),
    )


def replicate(ready: Ready, replication: int, out: Path | None) -> Outcome:
    """Play one replication of every variant; with `out`, leave its events there, each file whole or not at all.

    The scenario says of which replications events are kept.
    """
    out = out if ready.scenario.keeps_events(replication) else None
    population = ready.population(replication)
    responses, tables, flows = [], [], []
    for variant, shop in enumerate(ready.shops):
        day = ready.play(variant, population, replication)
        responses.append(measure(day))
        tables.append(tabulate(day))
        flows.append(flow(day, ready.rasters[variant]))
        if out:
            events = out / "events" / f"variant={shop.case.name}" / f"replication={replication:04d}.parquet"
            write_events(events, day.log, ready.scenario, shop.floor)
    if out:
        write_customers(out / "customers" / f"replication={replication:04d}.parquet", population, ready.scenario)
    return Outcome(replication, np.stack(responses), tuple(tables), tuple(flows))


def replicate_there(pickled: bytes, replication: int, out: Path | None, floors: Path | None = None) -> Outcome:
    """Do the same in a process that holds nothing yet but the pickled scenario; it is prepared once a process.

    With `floors`, a file of `share_floors`, nothing is built again.
    """
    return replicate(_ready(pickled, floors), replication, out)


def share_floors(executor: Executor, scenario: Scenario, file: Path) -> None:
    """Build the scenario's floors side by side, and leave them in a file for all processes of this machine."""
    plans = list(dict.fromkeys(case.plan for case in scenario.cases))
    futures = [executor.submit(build_floor, plan, scenario.parameters, scenario.seed) for plan in plans]
    with file.open("wb") as stream:
        pickle.dump({plan: future.result() for plan, future in zip(plans, futures, strict=True)}, stream)


@lru_cache(maxsize=1)
def _ready(pickled: bytes, floors: Path | None) -> Ready:
    scenario: Scenario = pickle.loads(pickled)  # noqa: S301 - our own bytes, from the parent process
    if floors is None:
        return prepare(scenario)
    with floors.open("rb") as stream:
        return prepare(scenario, pickle.load(stream))  # noqa: S301 - our own file


def _by_product(shop: Shop) -> sparse.csr_array:
    """Return attention by bay and product, a product's home and displays added."""
    products = len(shop.scenario.products)
    table = np.zeros((len(shop.attention), products))
    np.add.at(table.T, shop.shelves.product, shop.attention.T)
    return sparse.csr_array(table)
