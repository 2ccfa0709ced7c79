"""Zones, fixtures, products and checkouts: all rows as tables, a measure at a time, every variant's difference."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import Any

import pandas as pd

from storesim.inputs.case import Scenario
from storesim.report.page.numbers import Numbers
from storesim.report.page.render import render
from storesim.report.page.section import Section
from storesim.report.run_directory import RunDirectory

Rows = Mapping[tuple[str, ...], Mapping[str, Any]]
"""Names of a row -> its cells, of one variant."""


@dataclass(frozen=True)
class Measure:
    """A column of a table of the run that the page shows."""

    column: str
    words: str
    unit: str
    """'currency' stands for the scenario's own."""
    factor: float = 1.0
    """From the column's unit to the one shown."""


@dataclass(frozen=True)
class Look:
    """How one table of the run is shown."""

    id: str
    title: str
    keys: tuple[str, ...]
    """Columns that name a row."""
    extra: str
    """What the second column says of a row: its head."""
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Line:
    """One row as text."""

    names: tuple[str, ...]
    extra: str
    baseline: str
    others: tuple[str, ...]
    """A difference for each other variant; the variant's own number, starred, where the baseline has no such row."""


@dataclass(frozen=True)
class Pane:
    """All rows of one measure."""

    words: str
    unit: str
    lines: tuple[Line, ...]


ZONES = Look(
    "zones", "Zones", ("zone",), "m²",
    (
        Measure("visits", "Visits", "customers a day"),
        Measure("dwell_s", "Dwell", "s per customer who entered"),
        Measure("sales", "Sales", "currency a day"),
        Measure("sales_per_m2", "Sales per m²", "currency a day and m²"),
        Measure("peak_occupancy", "Peak", "customers at a time"),
    ),
)  # fmt: skip
FIXTURES = Look(
    "fixtures", "Fixtures", ("fixture",), "shelf m",
    (
        Measure("sales", "Sales", "currency a day"),
        Measure("passed", "Seen by", "customers a day"),
        Measure("bought", "Bought from by", "customers a day"),
        Measure("sales_per_metre", "Sales per shelf metre", "currency a day and m"),
    ),
)  # fmt: skip
PRODUCTS = Look(
    "products", "Products", ("product",), "category",
    (
        Measure("sales", "Sales", "currency a day"),
        Measure("margin", "Margin", "currency a day"),
        Measure("units", "Units", "a day"),
    ),
)  # fmt: skip
CHECKOUTS = Look(
    "checkouts", "Checkouts by hour", ("checkout", "hour"), "",
    (
        Measure("wait_s", "Mean wait", "s"),
        Measure("arrivals", "Customers who joined", "an hour"),
        Measure("longest_queue", "Longest queue", "customers in a lane"),
        Measure("utilisation", "Time in use", "% of the lanes’ time", 100.0),
    ),
)  # fmt: skip


def zones_section(run: RunDirectory, numbers: Numbers) -> Section | None:
    """Return the tables of zones, with their area."""
    names = {zone.id: zone.name for plan in run.plans.values() for zone in plan.zones}
    rows = rows_of(run.zones, ZONES.keys)
    area = {key: numbers.plain(row["area_m2"], 10.0) for one in rows.values() for key, row in one.items()}
    return table_section(ZONES, rows, area, names, run.scenario, numbers)


def fixtures_section(run: RunDirectory, numbers: Numbers) -> Section | None:
    """Return the tables of fixtures, with their shelf metres."""
    rows = rows_of(run.fixtures, FIXTURES.keys)
    metres = {key: numbers.plain(row["metres"], 10.0) for one in rows.values() for key, row in one.items()}
    return table_section(FIXTURES, rows, metres, {}, run.scenario, numbers)


def products_section(run: RunDirectory, numbers: Numbers) -> Section | None:
    """Return the tables of products, with their categories; the best sellers of the baseline first."""
    names = {product.id: product.name for product in run.scenario.products}
    category: dict[tuple[str, ...], str] = {(product.id,): product.category for product in run.scenario.products}
    table = run.products.sort_values("sales", ascending=False, kind="stable")
    return table_section(PRODUCTS, rows_of(table, PRODUCTS.keys), category, names, run.scenario, numbers)


def checkouts_section(run: RunDirectory, numbers: Numbers) -> Section | None:
    """Return the tables of checkouts and hours."""
    return table_section(CHECKOUTS, rows_of(run.checkouts, CHECKOUTS.keys), {}, {}, run.scenario, numbers)


def rows_of(table: pd.DataFrame, keys: Sequence[str]) -> dict[str, Rows]:
    """Return the rows of each variant by their names, in the order of the table."""
    found: dict[str, dict[tuple[str, ...], Mapping[str, Any]]] = {}
    for row in table.to_dict("records"):
        found.setdefault(row["variant"], {})[tuple(str(row[key]) for key in keys)] = {
            str(column): value for column, value in row.items()
        }
    return {**found}


def table_section(
    look: Look,
    rows: Mapping[str, Rows],
    extra: Mapping[tuple[str, ...], str],
    names: Mapping[str, str],
    scenario: Scenario,
    numbers: Numbers,
) -> Section | None:
    """Return a table for each measure; None when there are no rows.

    Args:
        look: which measures.
        rows: of each variant.
        extra: what the second column says of a row.
        names: id -> the name shown, where they differ.
        scenario: has the variants, the baseline first.
        numbers: format.
    """
    variants = [case.name for case in scenario.cases if case.name in rows]
    if not variants or not rows[variants[0]]:
        return None
    keys = list(dict.fromkeys(key for variant in variants for key in rows[variant]))
    columns = rows[variants[0]].get(keys[0], {})
    panes = [
        Pane(
            measure.words,
            measure.unit.replace("currency", scenario.currency),
            tuple(_lines(measure, keys, [rows[variant] for variant in variants], extra, names, numbers)),
        )
        for measure in look.measures
        if measure.column in columns
    ]
    starred = any(text.endswith("*") for pane in panes for line in pane.lines for text in line.others)
    body = render("tables", look=look, panes=panes, variants=variants, starred=starred, decimal=_decimal(numbers))
    return Section(look.id, look.title, body)


def _lines(
    measure: Measure,
    keys: Iterable[tuple[str, ...]],
    variants: Sequence[Rows],
    extra: Mapping[tuple[str, ...], str],
    names: Mapping[str, str],
    numbers: Numbers,
) -> Iterator[Line]:
    """Yield a line for each row; `variants` has the rows of each, the baseline's first."""
    for key in keys:
        base = _value(variants[0].get(key), measure)
        others = tuple(_other(variant.get(key), measure, numbers) for variant in variants[1:])
        shown = tuple(names.get(name, name) for name in key)
        yield Line(shown, extra.get(key, ""), numbers.plain(base), others)


def _value(row: Mapping[str, Any] | None, measure: Measure, part: str = "") -> float:
    return measure.factor * float(row.get(f"{measure.column}{part}", nan)) if row else nan


def _other(row: Mapping[str, Any] | None, measure: Measure, numbers: Numbers) -> str:
    """Return the difference of a row to the baseline's; its own number with a star where that has no such row."""
    if row is None:
        return numbers.unknown
    difference = _value(row, measure, "_difference")
    if isnan(difference):
        return f"{numbers.plain(_value(row, measure))}*"
    half_width = (_value(row, measure, "_high") - _value(row, measure, "_low")) / 2
    return numbers.difference(difference, half_width)


def _decimal(numbers: Numbers) -> str:
    """Return the locale's decimal mark, by which the page's script reads the numbers it sorts."""
    return numbers.plain(1.5, 1.0)[1]
