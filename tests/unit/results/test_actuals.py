"""The baseline held against the store: each measure by its definition."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from storesim.inputs.case import Actual
from storesim.results.actuals import Against, against, wape, write_actuals
from storesim.results.day import Day
from storesim.results.intervals import Interval
from storesim.results.responses import RESPONSES, measure
from storesim.results.tables import Tables, tabulate

ASKED = (
    Actual("sales", "", 100),
    Actual("tickets", "", 50),
    Actual("trip minutes", "", 2),
    Actual("zone visits", "south", 40),
    Actual("product sales", "milk", 30),
)


def held(days: list[Day], *asked: Actual) -> dict[str, Against]:
    scenario = replace(days[0].scenario, actuals=asked)
    rows = against(scenario, np.stack([measure(day) for day in days]), Tables.stack([tabulate(day) for day in days]))
    return {f"{row.actual.measure} {row.actual.name}".strip(): row for row in rows}


def response(day: Day, name: str) -> float:
    return float(measure(day)[[r.name for r in RESPONSES].index(name)])


def test_every_measure_is_its_response_or_its_row(busy_day: Day) -> None:
    found, tables = held([busy_day], *ASKED), tabulate(busy_day)
    assert found["sales"].simulated.mean == response(busy_day, "sales")
    assert found["tickets"].simulated.mean == response(busy_day, "transactions")
    assert found["trip minutes"].simulated.mean == pytest.approx(response(busy_day, "trip_s") / 60)
    assert found["zone visits south"].simulated.mean == tables.zones.visits[1]
    assert found["product sales milk"].simulated.mean == tables.products.sales[0]


def test_categories_and_departments_add_up_to_sales(busy_day: Day) -> None:
    for kind in ("category", "department"):
        names = sorted({getattr(product, kind) for product in busy_day.scenario.products})
        found = held([busy_day], *(Actual(f"{kind} sales", name, 1.0) for name in names))  # type: ignore[arg-type]
        assert sum(row.simulated.mean for row in found.values()) == pytest.approx(response(busy_day, "sales"))


def test_the_interval_is_that_of_the_mean_over_days(tell) -> None:
    days = [tell(visits) for visits in (20, 25, 30)]
    row = held(days, Actual("tickets", "", 20))["tickets"]
    assert row.simulated.mean == np.mean([response(day, "transactions") for day in days])
    assert row.simulated.half_width > 0


def known(name: str, actual: float, simulated: float) -> Against:
    return Against(Actual("zone visits", name, actual), "customers a day", Interval(simulated, 1.0, 10))


def test_percent_is_of_the_actual_number() -> None:
    assert known("a", 200, 210).percent == pytest.approx(5)
    assert known("a", 200, 190).difference == -10
    assert np.isnan(known("a", 0, 3).percent)


def test_wape_weighs_errors_by_size_and_does_not_cancel() -> None:
    assert wape([known("a", 100, 110), known("b", 300, 270)]) == pytest.approx(10)


def test_actuals_are_written_as_they_stand(tmp_path: Path) -> None:
    write_actuals(tmp_path, [known("a", 200, 210), known("=b", 0, 3)])
    table = pd.read_csv(tmp_path / "actuals.csv")
    assert table.loc[0].tolist() == ["zone visits", "a", "customers a day", 200, 210, 1, 10, 5]
    assert table.loc[1, "name"] == "'=b"
    assert np.isnan(table.loc[1, "difference_percent"])
