"""The calibrated files on the user's own shelves: a scenario, its conversions, and days played against the data."""

import csv
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import duckdb

from storesim.calibrate.against import PAIRED, SPENDS, Baskets, Shelves, observed, simulated
from storesim.calibrate.intended import intended
from storesim.calibrate.paths import Fitted, check_enough, fit_paths
from storesim.calibrate.written import Calibrated, write
from storesim.experiment.conversion import Conversion, Watch, solve, write_conversion
from storesim.experiment.replication import prepare
from storesim.inputs.case import Scenario
from storesim.inputs.layout import read_layout
from storesim.inputs.load import load_scenario
from storesim.inputs.mistakes import Mistakes
from storesim.inputs.names import folded
from storesim.inputs.paths import read_paths
from storesim.inputs.planogram import OPTIONAL, REQUIRED, Planogram, read_planogram

Progress = Callable[[str, int, int], None]
SOLVING_DAYS = 16
ROUGH_ROUNDS, ROUNDS = 2, 3
"""Of solving conversions, before intended basket sizes are known and after."""
FIRST_FRESH = 2 * SOLVING_DAYS
"""Days before this one were used to solve conversions and to check them."""
PLAYED_DAYS = 42
"""Six weeks: with 2,000 visits a day sampling leaves about 1 % of the penetrations' WAPE."""
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


@dataclass(frozen=True, eq=False)
class Fit:
    """What the simulated store does against the data."""

    matched: Matched
    scenario: Scenario
    walking: Walking | None
    """None: no trips were recorded."""
    conversions: tuple[Conversion, ...]
    convergence: tuple[float, ...]
    """WAPE of penetrations after each round, the last one on fresh days."""
    shelves: Shelves
    fitted: Baskets
    held_out: Baskets | None
    played: Baskets


def check_store(store: Store, mistakes: Mistakes) -> None:
    """Read layout, planogram and recorded trips, to add what is wrong with them before anything takes time."""
    plan = read_layout(store.layout, mistakes)
    read_planogram(store.planogram, mistakes)
    if store.paths:
        trips = read_paths(store.paths, plan, mistakes, [])
        if not mistakes:
            check_enough(len(trips))


def match(calibrated: Calibrated, store: Store) -> Matched:
    """Return which products have a home; adds up what has none.

    Raises:
        InputError: no product of the planogram is in the data.
    """
    mistakes = Mistakes()
    rows = _planogram(store, mistakes).rows
    law = calibrated.propensities
    homes = {folded(row["product"]): row["product"] for row in rows}
    known = {folded(product) for product in law.products}
    both = tuple(product for product in law.products if folded(product) in homes)
    if not both:
        example = f"the data have {', '.join(law.products[:3])}, …"
        mistakes.add(store.planogram, f"none of its products is in the data ({example}); give names with --names")
    mistakes.raise_if_any()
    no_home = [place for place, product in enumerate(law.products) if folded(product) not in homes]
    return Matched(
        both,
        tuple(law.products[place] for place in no_home),
        tuple(name for key, name in homes.items() if key not in known),
        float(law.overall[no_home].sum() / law.overall.sum()),
    )


def _planogram(store: Store, mistakes: Mistakes) -> Planogram:
    planogram = read_planogram(store.planogram, mistakes)
    mistakes.raise_if_any()
    if planogram is None:
        raise AssertionError("the planogram cannot be read, and no mistake says why")
    return planogram


def fit_store(
    db: duckdb.DuckDBPyConnection,
    calibrated: Calibrated,
    store: Store,
    folder: Path,
    target: Path,
    progress: Progress,
) -> Fit:
    """Write scenario.yaml, planogram.csv and conversion.csv beside the calibrated files, and play the store.

    Args:
        db: with `clean`, `held_out` and `offer`.
        calibrated: what was written into the folder.
        store: where things stand.
        folder: where files are written now.
        target: where the folder will stand in the end: paths to the layout are from there.
        progress: is told how far solving and playing have come.

    Raises:
        CannotFitError: walking cannot be fitted to the recorded trips.
    """
    matched = match(calibrated, store)
    _write_planogram(folder / "planogram.csv", store, set(map(folded, matched.no_data)))
    text = partial(scenario_text, calibrated, store, first=_first_monday(db))
    here = store.layout.resolve()
    file = folder / "scenario.yaml"
    file.write_text(text(layout=here, conversion=False), encoding="utf-8")
    walking = _walking(store.paths, file, progress) if store.paths else None
    if walking:
        # Conversions are solved for customers who walk as recorded: what they pass is what they can notice.
        text = partial(text, parameters=walking.fitted.yaml())
        file.write_text(text(layout=here, conversion=False), encoding="utf-8")
    convergence: list[float] = []
    solved = _solve(calibrated, file, progress, convergence.append)
    write_conversion(folder / "conversion.csv", solved)
    file.write_text(text(layout=here, conversion=True), encoding="utf-8")
    scenario = load_scenario(file)
    layout = Path(os.path.relpath(here, target.resolve()))
    file.write_text(text(layout=layout, conversion=True), encoding="utf-8")
    shelves = _shelves(db, calibrated, matched.both)
    held = db.execute("SELECT 1 FROM held_out LIMIT 1").fetchone() is not None
    days = range(FIRST_FRESH, FIRST_FRESH + PLAYED_DAYS)
    ready = prepare(replace(scenario, replications=days.stop))
    return Fit(
        matched=matched,
        scenario=scenario,
        walking=walking,
        conversions=solved,
        convergence=tuple(convergence),
        shelves=shelves,
        fitted=observed(db, "clean", shelves),
        held_out=observed(db, "held_out", shelves) if held else None,
        played=simulated(ready, shelves, days, _counting(progress, "playing fresh days")),
    )


def _walking(paths: Path, file: Path, progress: Progress) -> Walking:
    """Fit walking to recorded trips in the store of a scenario file."""
    scenario, mistakes, notes = load_scenario(file), Mistakes(), list[str]()
    trips = read_paths(paths, scenario.cases[0].plan, mistakes, notes)
    mistakes.raise_if_any()
    return Walking(fit_paths(replace(scenario, paths=trips), _counting(progress, "fitting walks")), tuple(notes))


def _solve(calibrated: Calibrated, file: Path, progress: Progress, watch: Watch) -> tuple[Conversion, ...]:
    """Solve intended basket sizes, on conversions found roughly, and then conversions; writes the sizes."""
    scenario = load_scenario(file)
    told = _counting(progress, "solving basket sizes")
    roughly = solve(scenario, rounds=ROUGH_ROUNDS, days=SOLVING_DAYS // 2, progress=told)
    ready = prepare(replace(_with(scenario, roughly), replications=SOLVING_DAYS))
    days = range(SOLVING_DAYS)
    write(intended(calibrated, ready, days, _counting(progress, "playing basket sizes")), file.parent)
    told = _counting(progress, "solving conversions")
    return solve(load_scenario(file), rounds=ROUNDS, days=SOLVING_DAYS, progress=told, watch=watch)


def _counting(progress: Progress, words: str) -> Callable[[int, int], None]:
    return lambda done, total: progress(words, done, total)


def _with(scenario: Scenario, solved: tuple[Conversion, ...]) -> Scenario:
    """Return a scenario whose products have the conversions found."""
    products = tuple(
        replace(product, conversion=row.conversion, planned_share=row.planned_share)
        for product, row in zip(scenario.products, solved, strict=True)
    )
    return replace(scenario, products=products)


def _first_monday(db: duckdb.DuckDBPyConnection) -> date:
    [(monday,)] = db.execute("SELECT (date_trunc('week', min(t) + INTERVAL 6 DAY))::DATE FROM clean").fetchall()
    return date.fromisoformat(str(monday))


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


def scenario_text(
    calibrated: Calibrated, store: Store, layout: Path, first: date, *, conversion: bool, parameters: str = ""
) -> str:
    """Return a scenario of the store as it is, to be run and to be given variants; with a block of parameters or ""."""
    opens, closes = calibrated.arrivals.opening_hours
    visits = store.visits_per_day or calibrated.arrivals.visits_per_day
    return "\n".join((
        "# The store as it is, as found by storesim calibrate: add variants to compare with it.",
        "scenario: How does the store do as it is?",
        f"currency: {store.currency}",
        f"hours: {opens:02d}:00-{closes:02d}:00",
        f"calendar: {{from: {first}, days: 7}}",
        f"visits_per_day: {visits:.6g}",
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


def _shelves(db: duckdb.DuckDBPyConnection, calibrated: Calibrated, products: tuple[str, ...]) -> Shelves:
    law = calibrated.propensities
    department = dict(zip(law.products, law.departments, strict=True))
    [(large,)] = db.execute("SELECT quantile_cont(spend, 0.95) FROM basket").fetchall()
    return Shelves(
        products,
        tuple(department[product] for product in products),
        tuple(range(min(PAIRED, len(products)))),
        max(float(large) / (SPENDS - 1), 0.01),
    )
