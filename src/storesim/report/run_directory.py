"""A run directory read back: everything that figures and reports need, and nothing but files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from storesim.inputs.case import Scenario
from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.load import compare_layouts, load_scenario
from storesim.report.read_table import check_all_variants, check_money, read_table

MANIFEST = "manifest.json"
ENDED = ("done", "interrupted", "failed")
KINDS: Mapping[str, type] = {
    "finished": int, "replications": int, "seed": int, "scenario": str, "question": str,
    "layouts": list, "variants": list, "command": list, "versions": dict, "inputs": dict,
}  # fmt: skip
"""What the manifest says, and as what; runs of older versions lack some."""
ALIKE: Mapping[str, tuple[str, ...]] = {
    "summary.csv": ("response",),
    "zones.csv": (),
    "fixtures.csv": (),
    "products.csv": (),
    "checkouts.csv": (),
    "money.csv": (),
    "categories.csv": ("category",),
    "responses.csv": ("response",),
}
"""Tables that tell of every variant, and the columns in which all variants have the same names."""


class RunDirectoryError(Exception):
    """A folder is not a run directory, or one that cannot be read; the message says what would be right."""


@dataclass(frozen=True)
class RunDirectory:
    """One run that ended, as it should or before its time; tables are read when first asked for."""

    path: Path
    manifest: Mapping[str, Any]

    @classmethod
    def open(cls, path: Path) -> "RunDirectory":
        """Return the run in a folder.

        Raises:
            RunDirectoryError: the folder has no readable manifest, or the run is not over.
        """
        try:
            manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise RunDirectoryError(
                f"{path} is not a run directory: it has no {MANIFEST}; name one that `storesim run` wrote"
            ) from None
        except (OSError, ValueError, RecursionError) as error:
            raise RunDirectoryError(f"{path / MANIFEST} cannot be read ({error}); run the scenario again") from None
        if not isinstance(manifest, dict):
            raise RunDirectoryError(f"{path / MANIFEST} is not a manifest; run the scenario again")
        if manifest.get("status") not in ENDED:
            status = manifest.get("status", "of unknown status")
            raise RunDirectoryError(f"the run in {path} is {status} or was killed; run the scenario again")
        wrong = _wrong_in(manifest)
        if wrong:
            raise RunDirectoryError(f"{path / MANIFEST} was edited: {wrong}; run the scenario again")
        return cls(path, manifest)

    @property
    def finished(self) -> int:
        """Replications in the tables; 0: the run ended before any, and there are no tables."""
        finished: int = self.manifest.get("finished", 0)
        return finished

    @property
    def shortfall(self) -> str | None:
        """What is missing, in a sentence; None for a run that is done."""
        if self.manifest["status"] == "done":
            return None
        asked = self.manifest["replications"]
        days = f"{self.finished} days" if self.finished > asked else f"{self.finished} of {asked} days"
        how = "was interrupted" if self.manifest["status"] == "interrupted" else "failed"
        return f"This run {how}: {days} are in it."

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario as it was played, from the copies in `inputs/`."""
        try:
            scenario = self.path / "inputs" / self.manifest["scenario"]
            layouts = tuple(self.path / "inputs" / layout for layout in self.manifest.get("layouts", ()))
            replications, seed = self.manifest["replications"], self.manifest["seed"]
        except KeyError as error:
            raise RunDirectoryError(f"{self.path / MANIFEST} lacks {error}; run the scenario again") from None
        found = (
            compare_layouts(layouts, scenario, replications=replications, seed=seed)
            if layouts
            else load_scenario(scenario, replications=replications, seed=seed)
        )
        if self.finished > found.most_replications:
            wrong = f"'finished' is {self.finished}, of {found.most_replications} days"
            raise RunDirectoryError(f"{self.path / MANIFEST} was edited: {wrong}; run the scenario again")
        return found

    @property
    def plans(self) -> dict[str, FloorPlan]:
        """The floor plan of each variant, the baseline first."""
        return {case.name: case.plan for case in self.scenario.cases}

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row per variant and response: mean, difference to the baseline, verdict."""
        return self._table(
            "summary.csv",
            "variant",
            "response",
            "unit",
            "mean",
            "difference",
            "diff_low",
            "diff_high",
            "verdict",
        )

    @cached_property
    def zones(self) -> pd.DataFrame:
        """One row per variant and zone."""
        return self._table("zones.csv", "variant", "zone", "area_m2", "visits", "dwell_s", "sales_per_m2")

    @cached_property
    def fixtures(self) -> pd.DataFrame:
        """One row per variant and fixture."""
        return self._table("fixtures.csv", "variant", "fixture", "metres")

    @cached_property
    def flow(self) -> pd.DataFrame | None:
        """One row per variant and cell of 0.5 m where anybody came; None when the run has no such table."""
        return self._table_if_any("flow.csv", "variant", "x_m", "y_m", "visits", "dwell_s")

    @cached_property
    def products(self) -> pd.DataFrame:
        """One row per variant and product: its funnel, units, money and losses."""
        return self._table("products.csv", "variant", "product", "exposed", "noticed", "wanted", "bought", "sales")

    @cached_property
    def checkouts(self) -> pd.DataFrame:
        """One row per variant, checkout and hour (HH:MM)."""
        return self._table("checkouts.csv", "variant", "checkout", "hour")

    @cached_property
    def responses(self) -> pd.DataFrame:
        """One row per variant, replication and response."""
        return self._table("responses.csv", "variant", "replication", "response", "value")

    @cached_property
    def actuals(self) -> pd.DataFrame | None:
        """One row per number of the user's own store, beside the baseline's; None when none is known."""
        return self._table_if_any("actuals.csv", "measure", "name", "actual", "simulated", "unit")

    @cached_property
    def promotions(self) -> pd.DataFrame | None:
        """One row per variant, promoted product and scope; None when the run has no such table."""
        return self._table_if_any("promotions.csv", "variant", "promotion", "scope")

    @cached_property
    def money(self) -> pd.DataFrame | None:
        """One row per variant, measure and period; None when the run has no such table."""
        return self._table_if_any(
            "money.csv", "variant", "measure", "period", "unit", "value", "difference", "low", "high", "says"
        )

    @cached_property
    def categories(self) -> pd.DataFrame | None:
        """One row per variant and category; None when the run has no such table."""
        return self._table_if_any(
            "categories.csv", "variant", "category", "metres", "metres_difference", "space_share", "sales_share",
            "sales_to_space", "sales", "says", "cause",
        )  # fmt: skip

    @cached_property
    def sweep_effects(self) -> pd.DataFrame | None:
        """One row per variant, response and swept name; None when nothing was swept."""
        return self._table_if_any(
            "sweep_effects.csv", "variant", "response", "unit", "swept", "effect", "effect_low", "effect_high",
            "first_order", "first_order_low", "first_order_high", "total", "total_low", "total_high",
        )  # fmt: skip

    @cached_property
    def sweep_levels(self) -> pd.DataFrame | None:
        """One row per variant, response, swept name and level; None when nothing was swept."""
        return self._table_if_any(
            "sweep_levels.csv", "variant", "response", "unit", "swept", "level", "setting", "points", "mean"
        )

    def table_if_any(self, name: str, *columns: str) -> pd.DataFrame | None:
        """Return a table that only some stores have, of which these columns are needed; None: not this one."""
        return self._table_if_any(f"{name}.csv", "variant", *columns)

    def has(self, name: str) -> bool:
        """Return whether the run has a table of this file name; runs of older versions lack some."""
        return (self.path / name).exists()

    def _table_if_any(self, name: str, *columns: str) -> pd.DataFrame | None:
        """Read a table that runs of older versions lack."""
        return self._table(name, *columns) if self.has(name) else None

    def _table(self, name: str, *columns: str) -> pd.DataFrame:
        """Read a table of which these columns are needed."""
        path, variants = self.path / name, self.manifest.get("variants", ())
        try:
            table = read_table(path, variants)
            missing = [column for column in columns if column not in table.columns]
            if missing:
                raise RunDirectoryError(f"{path} has no column {missing[0]!r}; run the scenario again")
            if name in ALIKE:
                check_all_variants(table, variants, ALIKE[name])
            if name == "money.csv":
                check_money(table)
        except FileNotFoundError:
            why = (
                f"{path} is missing"
                if self.finished or self.shortfall is None
                else f"the run in {self.path} ended before its first day"
            )
            raise RunDirectoryError(f"{why}; run the scenario again") from None
        except (OSError, ValueError) as error:
            raise RunDirectoryError(f"{path} cannot be read: {error}; run the scenario again") from None
        return table


def _wrong_in(manifest: Mapping[str, Any]) -> str | None:
    """Return what of a manifest is not as a run writes it, in words; None when it may be one."""
    for name, kind in KINDS.items():
        value = manifest.get(name, kind())
        texts = value if isinstance(value, list) else ()
        if type(value) is not kind or not all(isinstance(text, str) for text in texts):
            return f"{name!r} is {str(value)[:40]!r}"
    finished = manifest.get("finished", 0)
    return f"'finished' is {str(finished)[:40]}" if finished < 0 else None
