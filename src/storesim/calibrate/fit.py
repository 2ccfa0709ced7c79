"""Points of sale on the user's own shelves: the store that sells what was observed, played against the data."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from storesim.calibrate.against import PAIRED, SPENDS, Baskets, Shelves, observed, simulated
from storesim.calibrate.intended import intended
from storesim.calibrate.solved import (
    Matched,
    Progress,
    Solved,
    Store,
    Traffic,
    counting,
    fresh_days,
    match,
    solve_store,
)
from storesim.calibrate.written import Calibrated, write
from storesim.experiment.replication import Ready


@dataclass(frozen=True, eq=False)
class Fit:
    """What the simulated store does against the data."""

    matched: Matched
    solved: Solved
    shelves: Shelves
    fitted: Baskets
    held_out: Baskets | None
    played: Baskets


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
        target: where the folder will stand in the end.
        progress: is told how far solving and playing have come.

    Raises:
        InputError: no product of the planogram is in the data.
        CannotFitError: walking cannot be fitted to the recorded trips.
    """
    law, arrivals = calibrated.propensities, calibrated.arrivals
    matched = match(law.products, law.overall, store, "give names with --names")
    traffic = Traffic(arrivals.opening_hours, arrivals.visits_per_day, _first_monday(db))

    def write_sizes(ready: Ready, days: range, told: Callable[[int, int], None]) -> None:
        write(intended(calibrated, ready, days, told), folder)

    solved = solve_store(store, traffic, matched, folder, target, write_sizes, progress)
    shelves = _shelves(db, calibrated, matched.both)
    held = db.execute("SELECT 1 FROM held_out LIMIT 1").fetchone() is not None
    ready, days = fresh_days(solved)
    return Fit(
        matched=matched,
        solved=solved,
        shelves=shelves,
        fitted=observed(db, "clean", shelves),
        held_out=observed(db, "held_out", shelves) if held else None,
        played=simulated(ready, shelves, days, counting(progress, "playing fresh days")),
    )


def _first_monday(db: duckdb.DuckDBPyConnection) -> date:
    [(monday,)] = db.execute("SELECT (date_trunc('week', min(t) + INTERVAL 6 DAY))::DATE FROM clean").fetchall()
    return date.fromisoformat(str(monday))


def _shelves(db: duckdb.DuckDBPyConnection, calibrated: Calibrated, products: tuple[str, ...]) -> Shelves:
    law = calibrated.propensities
    department = dict(zip(law.products, law.departments, strict=True))
    [(large,)] = db.execute("SELECT quantile_cont(spend, 0.95) FROM basket").fetchall()
    return Shelves(
        products,
        tuple(department[product] for product in products),
        tuple(range(min(PAIRED, len(products)))),
        max(float(large) / (SPENDS - 1), 0.01),
        calibrated.arrivals.opening_hours,
    )
