"""The baseline held against the user's own store: simulated mean, actual, and how far they are apart."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storesim.inputs.actuals import MEASURES
from storesim.inputs.case import Actual, Measure, Scenario
from storesim.results.intervals import Interval, mean_interval, percent_of
from storesim.results.responses import RESPONSES
from storesim.results.tables import Tables
from storesim.results.write import Cell, text, write_csv

Floats = NDArray[np.float64]
COLUMNS = ("measure", "name", "unit", "actual", "simulated", "half_width", "difference", "difference_percent")
RESPONSE_OF: dict[Measure, tuple[str, float]] = {
    "sales": ("sales", 1.0),
    "tickets": ("transactions", 1.0),
    "trip minutes": ("trip_s", 1 / 60),
}
"""Measure of the whole store -> response, and its factor to the measure's unit."""


@dataclass(frozen=True)
class Against:
    """One number of the user's store, and the baseline's."""

    actual: Actual
    unit: str
    simulated: Interval
    """Mean over replications with its own 95 % interval: the noise of simulated days, not of the actual number."""

    @property
    def difference(self) -> float:
        """Simulated less actual."""
        return self.simulated.mean - self.actual.value

    @property
    def percent(self) -> float:
        """The difference as a percentage of the actual number; nan where that is 0 and the difference is not."""
        return percent_of(self.difference, self.actual.value)


def against(scenario: Scenario, responses: Floats, tables: Tables) -> tuple[Against, ...]:
    """Return every actual number of a scenario beside the baseline's.

    Args:
        scenario: has the actuals; () gives ().
        responses: of the baseline, shape (replications, responses).
        tables: of the baseline, stacked over replications.
    """
    return tuple(
        Against(actual, MEASURES[actual.measure].replace("currency", scenario.currency), mean_interval(days))
        for actual in scenario.actuals
        for days in (_days(actual, scenario, responses, tables),)
    )


def _days(actual: Actual, scenario: Scenario, responses: Floats, tables: Tables) -> Floats:
    """Return the simulated number of every replication, shape (replications,)."""
    if actual.measure in RESPONSE_OF:
        name, factor = RESPONSE_OF[actual.measure]
        return factor * responses[:, [response.name for response in RESPONSES].index(name)]
    if actual.measure == "zone visits":
        zones = [zone.id for zone in scenario.cases[0].plan.zones]
        return tables.zones.visits[:, zones.index(actual.name)]
    kind = {"product sales": "id", "category sales": "category", "department sales": "department"}[actual.measure]
    own = [getattr(product, kind).casefold() == actual.name.casefold() for product in scenario.products]
    return np.asarray(tables.products.sales[:, own].sum(axis=1))


def wape(rows: Sequence[Against]) -> float:
    """Return the weighted absolute percentage error, Σ|simulated − actual| ÷ Σ actual, in %; nan when that is 0."""
    return percent_of(sum(abs(row.difference) for row in rows), sum(row.actual.value for row in rows))


def write_actuals(folder: Path, rows: Iterable[Against]) -> None:
    """Write actuals.csv, a row each number, in the order of the user's file."""
    write_csv(folder / "actuals.csv", COLUMNS, map(_cells, rows))


def _cells(row: Against) -> Iterator[Cell]:
    yield from (row.actual.measure, text(row.actual.name), text(row.unit), row.actual.value)
    yield from (row.simulated.mean, row.simulated.half_width, row.difference, row.percent)
