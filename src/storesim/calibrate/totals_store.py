"""Weekly totals on the user's own shelves: the store that sells them, played against them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storesim.calibrate.against import wape
from storesim.calibrate.intended import intended_sizes
from storesim.calibrate.report import Section, homes, walking_section
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
from storesim.calibrate.totals import Totals
from storesim.calibrate.totals_written import write_totals
from storesim.calibrate.whole import add_provenance
from storesim.experiment.replication import Ready
from storesim.inputs.names import folded

Array = NDArray[np.float64]
DAYS_PER_WEEK = 7
MOST_LISTED = 40


@dataclass(frozen=True, eq=False)
class TotalsFit:
    """What the simulated store sells against the totals; categories that stand somewhere, biggest sales first."""

    matched: Matched
    solved: Solved
    categories: tuple[str, ...]
    observed: Array
    """Weekly sales, shape (categories,)."""
    simulated: Array
    """The same, mean over the weeks played."""
    weeks: float

    @property
    def off(self) -> float:
        """Σ|simulated - observed| / Σ observed of weekly sales."""
        return wape(self.observed, self.simulated)


def fit_totals(
    totals: Totals, store: Store, traffic: Traffic, folder: Path, target: Path, progress: Progress
) -> TotalsFit:
    """Write a scenario that sells the totals beside their files, and play it.

    Args:
        totals: what was written into the folder.
        store: where things stand.
        traffic: who comes when.
        folder: where files are written now.
        target: where the folder will stand in the end.
        progress: is told how far solving and playing have come.

    Raises:
        InputError: no product of the planogram is among the totals.
        CannotFitError: walking cannot be fitted to the recorded trips.
    """
    overall = totals.shapes.share @ totals.penetration
    order = np.argsort(-overall, kind="stable")
    names = [totals.categories[i].name for i in order]
    matched = match(names, overall[order], store, "write the planogram's names in the totals")

    def write_sizes(ready: Ready, days: range, told: Callable[[int, int], None]) -> None:
        missions = [mission.name for mission in totals.shapes.missions]
        laws = {name: (law, law) for name, law in zip(missions, totals.baskets, strict=True)}
        found = intended_sizes(laws, ready, days, told)
        write_totals(replace(totals, baskets=tuple(found[name] for name in missions)), folder)

    solved = solve_store(store, traffic, matched, folder, target, write_sizes, progress)
    ready, days = fresh_days(solved)
    sold = _weekly_sales(ready, days, progress)
    weekly = dict(zip([category.name for category in totals.categories], totals.weekly_sales, strict=True))
    standing = sorted(matched.both, key=lambda name: -weekly[name])
    return TotalsFit(
        matched, solved, tuple(standing), np.array([weekly[name] for name in standing]),
        np.array([sold[folded(name)] for name in standing]), len(days) / DAYS_PER_WEEK,
    )  # fmt: skip


def _weekly_sales(ready: Ready, days: range, progress: Progress) -> dict[str, float]:
    """Return the mean weekly sales of each product over some days of the store."""
    told, total = counting(progress, "playing fresh days"), np.zeros(len(ready.scenario.products))
    for done, replication in enumerate(days, start=1):
        baskets = ready.play(0, ready.population(replication), replication).baskets
        total += np.bincount(baskets.product[baskets.paid], baskets.amount[baskets.paid], minlength=len(total))
        told(done, len(days))
    weekly = total * DAYS_PER_WEEK / len(days)
    return {folded(product.id): float(sales) for product, sales in zip(ready.scenario.products, weekly, strict=True)}


def totals_sections(fit: TotalsFit) -> tuple[Section, ...]:
    """Say where walking is from, and how the simulated store compares with the totals."""
    rounds = ", ".join(f"{off:.1%}" for off in fit.solved.convergence)
    moved = sum(row.excess > 0 for row in fit.solved.conversions)
    total = fit.simulated.sum() / fit.observed.sum() - 1
    more = [f"{len(fit.categories) - MOST_LISTED} smaller categories are not listed."]
    words = (
        f"{fit.weeks:g} weeks of fresh days: weekly sales by category are off by {fit.off:.1%} (WAPE), in all by "
        f"{total:+.1%}.",
        *(more if len(fit.categories) > MOST_LISTED else ()),
        f"Penetrations are off, round by round of solving conversions: {rounds} (the last on fresh days).",
        f"{moved} categories sell more than noticing them explains; the rest of theirs is now planned.",
        *homes(fit.matched),
    )
    rows = zip(fit.categories, fit.observed, fit.simulated, strict=True)
    table = tuple((name, f"{one:,.0f}", f"{other:,.0f}", f"{other / one - 1:+.1%}") for name, one, other in rows)
    return (
        walking_section(fit.solved.walking),
        Section("Weekly sales, observed against simulated", words,
                ("category", "observed", "simulated", "difference"), table[:MOST_LISTED]),
    )  # fmt: skip


def add_store(fit: TotalsFit, folder: Path) -> None:
    """Add to calibration.json what was solved, and how far off it is."""
    entries: dict[str, Any] = {
        "store": {
            "conversion.csv": {"status": "solved", "how": "so that the simulated store sells the totals"},
            "basket_categories.csv": {
                "status": "solved", "how": "law of intended baskets that gives the published law in the simulated store"
            },
            "penetration_off_by_round": [round(off, 6) for off in fit.solved.convergence],
            "weekly_sales_off": round(fit.off, 6),
            "no_home": list(fit.matched.no_home),
            "no_data": list(fit.matched.no_data),
        }
    }  # fmt: skip
    if fit.solved.walking:
        entries["walking"] = fit.solved.walking.fitted.provenance()
    add_provenance(folder / "calibration.json", entries)
