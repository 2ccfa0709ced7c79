"""Calibrated files on the user's own shelves: a scenario of the store, how people walk in it, and its conversions."""

import csv
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storesim.calibrate.paths import Fitted, check_enough, fit_paths
from storesim.experiment.conversion import Conversion, solve, write_conversion
from storesim.experiment.replication import Ready, prepare
from storesim.inputs.case import Scenario
from storesim.inputs.layout import read_layout
from storesim.inputs.load import load_scenario
from storesim.inputs.mistakes import Mistakes
from storesim.inputs.names import folded
from storesim.inputs.paths import read_paths
from storesim.inputs.planogram import OPTIONAL, REQUIRED, Planogram, read_planogram

Progress = Callable[[str, int, int], None]
WriteSizes = Callable[[Ready, range, Callable[[int, int], None]], None]
"""Finds intended basket sizes on some days of a store, and writes them beside its scenario."""
SOLVING_DAYS = 16
ROUGH_ROUNDS, ROUNDS = 2, 3
"""Of solving conversions, before intended basket sizes are known and after."""
FIRST_FRESH = 2 * SOLVING_DAYS
"""Days before this one were used to solve conversions and to check them."""
PLAYED_DAYS = 70
"""Ten weeks: with 2,000 visits a day sampling leaves somewhat under 1 % of the penetrations' WAPE."""
VARIANT = "as it is"


@dataclass(frozen=True)
class Store:
    """The user's floor plan and what stands where."""

    layout: Path
    planogram: Path
    visits_per_day: float | None = None
    """None: as many as the data have, a day and store."""
    currency: str = "XXX"
    seed: int = 1
    paths: Path | None = None
    """Recorded trips, to fit walking to."""


@dataclass(frozen=True)
class Traffic:
    """How many come, and when the store is open."""

    opening_hours: tuple[int, int]
    """First and last hour (its end)."""
    visits_per_day: float
    first: date
    """Day that the scenario begins on."""


@dataclass(frozen=True)
class Matched:
    """Products of the data and of the planogram, compared by name."""

    both: tuple[str, ...]
    no_home: tuple[str, ...]
    """In the data, not in the planogram; biggest penetration first."""
    no_data: tuple[str, ...]
    """In the planogram, not in the data."""
    purchases_without_home: float
    """Share of purchases of products without a home."""


@dataclass(frozen=True)
class Walking:
    """What recorded trips say about walking."""

    fitted: Fitted
    notes: tuple[str, ...]
    """On positions that could not be used."""


@dataclass(frozen=True)
class Solved:
    """The store that sells what was observed."""

    scenario: Scenario
    walking: Walking | None
    """None: no trips were recorded."""
    conversions: tuple[Conversion, ...]
    convergence: tuple[float, ...]
    """WAPE of penetrations after each round, the last one on fresh days."""


def check_store(store: Store, mistakes: Mistakes) -> None:
    """Read layout, planogram and recorded trips, to add what is wrong with them before anything takes time."""
    plan = read_layout(store.layout, mistakes)
    read_planogram(store.planogram, mistakes)
    if store.paths:
        trips = read_paths(store.paths, plan, mistakes, [])
        if not mistakes:
            check_enough(len(trips))


def match(products: Sequence[str], purchases: NDArray[np.float64], store: Store, remedy: str) -> Matched:
    """Return which products have a home; adds up what has none.

    Args:
        products: of the data, biggest penetration first.
        purchases: of each, on any scale, shape (products,).
        store: where things stand.
        remedy: how to bring names together.

    Raises:
        InputError: no product of the planogram is in the data.
    """
    mistakes = Mistakes()
    rows = _planogram(store, mistakes).rows
    homes = {folded(row["product"]): row["product"] for row in rows}
    known = set(map(folded, products))
    both = tuple(product for product in products if folded(product) in homes)
    if not both:
        example = f"the data have {', '.join(products[:3])}, …"
        mistakes.add(store.planogram, f"none of its products is in the data ({example}); {remedy}")
    mistakes.raise_if_any()
    no_home = [place for place, product in enumerate(products) if folded(product) not in homes]
    return Matched(
        both,
        tuple(products[place] for place in no_home),
        tuple(name for key, name in homes.items() if key not in known),
        float(purchases[no_home].sum() / purchases.sum()),
    )


def _planogram(store: Store, mistakes: Mistakes) -> Planogram:
    planogram = read_planogram(store.planogram, mistakes)
    mistakes.raise_if_any()
    if planogram is None:
        raise AssertionError("the planogram cannot be read, and no mistake says why")
    return planogram


def solve_store(
    store: Store, traffic: Traffic, matched: Matched, folder: Path, target: Path, sizes: WriteSizes, progress: Progress
) -> Solved:
    """Write scenario.yaml, planogram.csv and conversion.csv beside the calibrated files.

    Args:
        store: where things stand.
        traffic: who comes when.
        matched: what stands there.
        folder: where files are written now; it holds products, segments and laws.
        target: where the folder will stand in the end: paths to the layout are from there.
        sizes: writes intended basket sizes into the folder.
        progress: is told how far solving has come.

    Raises:
        CannotFitError: walking cannot be fitted to the recorded trips.
    """
    _write_planogram(folder / "planogram.csv", store, set(map(folded, matched.no_data)))
    text = partial(scenario_text, store, traffic)
    here, file = store.layout.resolve(), folder / "scenario.yaml"
    file.write_text(text(layout=here, conversion=False), encoding="utf-8")
    walking = _walking(store.paths, file, progress) if store.paths else None
    if walking:
        # Conversions are solved for customers who walk as recorded: what they pass is what they can notice.
        text = partial(text, parameters=walking.fitted.yaml())
        file.write_text(text(layout=here, conversion=False), encoding="utf-8")
    convergence: list[float] = []
    _find_sizes(file, sizes, progress)
    told = counting(progress, "solving conversions")
    found = solve(load_scenario(file), rounds=ROUNDS, days=SOLVING_DAYS, progress=told, watch=convergence.append)
    write_conversion(folder / "conversion.csv", found)
    file.write_text(text(layout=here, conversion=True), encoding="utf-8")
    scenario = load_scenario(file)
    layout = Path(os.path.relpath(here, target.resolve()))
    file.write_text(text(layout=layout, conversion=True), encoding="utf-8")
    return Solved(scenario, walking, found, tuple(convergence))


def fresh_days(solved: Solved) -> tuple[Ready, range]:
    """Return the store and days of it that were not used for solving."""
    days = range(FIRST_FRESH, FIRST_FRESH + PLAYED_DAYS)
    return prepare(replace(solved.scenario, replications=days.stop)), days


def _walking(paths: Path, file: Path, progress: Progress) -> Walking:
    """Fit walking to recorded trips in the store of a scenario file."""
    scenario, mistakes, notes = load_scenario(file), Mistakes(), list[str]()
    trips = read_paths(paths, scenario.cases[0].plan, mistakes, notes)
    mistakes.raise_if_any()
    return Walking(fit_paths(replace(scenario, paths=trips), counting(progress, "fitting walks")), tuple(notes))


def _find_sizes(file: Path, sizes: WriteSizes, progress: Progress) -> None:
    """Solve and write intended basket sizes, on conversions found roughly."""
    scenario = load_scenario(file)
    told = counting(progress, "solving basket sizes")
    roughly = solve(scenario, rounds=ROUGH_ROUNDS, days=SOLVING_DAYS // 2, progress=told)
    ready = prepare(replace(_with(scenario, roughly), replications=SOLVING_DAYS))
    sizes(ready, range(SOLVING_DAYS), counting(progress, "playing basket sizes"))


def counting(progress: Progress, words: str) -> Callable[[int, int], None]:
    """Return what tells steps of one stage."""
    return lambda done, total: progress(words, done, total)


def _with(scenario: Scenario, solved: tuple[Conversion, ...]) -> Scenario:
    """Return a scenario whose products have the conversions found."""
    products = tuple(
        replace(product, conversion=row.conversion, planned_share=row.planned_share)
        for product, row in zip(scenario.products, solved, strict=True)
    )
    return replace(scenario, products=products)


def _write_planogram(path: Path, store: Store, without: set[str]) -> None:
    """Copy the planogram without the products that the data do not know."""
    rows = [row for row in _planogram(store, Mistakes()).rows if folded(row["product"]) not in without]
    columns = [column for column in (*REQUIRED, *OPTIONAL) if any(row[column] for row in rows)]
    _write_csv(path, columns, ({column: row[column] for column in columns} for row in rows))


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def scenario_text(store: Store, traffic: Traffic, layout: Path, *, conversion: bool, parameters: str = "") -> str:
    """Return a scenario of the store as it is, to be run and to be given variants; with a block of parameters or ""."""
    opens, closes = traffic.opening_hours
    return "\n".join((
        "# The store as it is, as found by storesim calibrate: add variants to compare with it.",
        "scenario: How does the store do as it is?",
        f"currency: {store.currency}",
        f"hours: {opens:02d}:00-{closes:02d}:00",
        f"calendar: {{from: {traffic.first}, days: 7}}",
        f"visits_per_day: {store.visits_per_day or traffic.visits_per_day:.6g}",
        "products: products.csv",
        "segments: segments.yaml",
        *(["conversion: conversion.csv"] if conversion else []),
        "replications: 28",
        f"seed: {store.seed}",
        "",
        *([parameters] if parameters else []),
        "variants:",
        f"  {VARIANT}:",
        f"    layout: {_in_yaml(layout.as_posix())}",
        "    planogram: planogram.csv",
        "",
    ))  # fmt: skip


def _in_yaml(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
