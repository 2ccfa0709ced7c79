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

MANIFEST = "manifest.json"
ENDED = ("done", "interrupted", "failed")
TEXT_COLUMNS = (
    "variant", "response", "unit", "verdict", "zone", "fixture", "product", "checkout", "hour",
    "promotion", "scope", "category", "measure", "period", "says", "cause", "name", "moved_by",
)  # fmt: skip
GUARD = r"^'(?=[=+\-@\t\r])"
"""What keeps spreadsheets from taking a user's name for a formula; no part of the name."""


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
        except (OSError, ValueError) as error:
            raise RunDirectoryError(f"{path / MANIFEST} cannot be read ({error}); run the scenario again") from None
        if not isinstance(manifest, dict):
            raise RunDirectoryError(f"{path / MANIFEST} is not a manifest; run the scenario again")
        if manifest.get("status") not in ENDED:
            status = manifest.get("status", "of unknown status")
            raise RunDirectoryError(f"the run in {path} is {status} or was killed; run the scenario again")
        return cls(path, manifest)

    @property
    def finished(self) -> int:
        """Replications in the tables; 0: the run ended before any, and there are no tables."""
        return int(self.manifest.get("finished", 0))

    @property
    def shortfall(self) -> str | None:
        """What is missing, in a sentence; None for a run that is done."""
        if self.manifest["status"] == "done":
            return None
        days = f"{self.finished} of {self.manifest['replications']} days are in it"
        return f"This run {'was interrupted' if self.manifest['status'] == 'interrupted' else 'failed'}: {days}."

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario as it was played, from the copies in `inputs/`."""
        try:
            scenario = self.path / "inputs" / self.manifest["scenario"]
            layouts = tuple(self.path / "inputs" / layout for layout in self.manifest.get("layouts", ()))
            replications, seed = int(self.manifest["replications"]), int(self.manifest["seed"])
        except (KeyError, TypeError, ValueError) as error:
            raise RunDirectoryError(f"{self.path / MANIFEST} lacks {error}; run the scenario again") from None
        if layouts:
            return compare_layouts(layouts, scenario, replications=replications, seed=seed)
        return load_scenario(scenario, replications=replications, seed=seed)

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
        return self._table("zones.csv", "variant", "zone", "visits", "dwell_s", "sales_per_m2")

    @cached_property
    def fixtures(self) -> pd.DataFrame:
        """One row per variant and fixture."""
        return self._table("fixtures.csv", "variant", "fixture")

    @cached_property
    def flow(self) -> pd.DataFrame | None:
        """One row per variant and cell of 0.5 m where anybody came; None when the run has no such table."""
        return self._table("flow.csv", "variant", "x_m", "y_m", "visits", "dwell_s") if self.has("flow.csv") else None

    @cached_property
    def products(self) -> pd.DataFrame:
        """One row per variant and product: its funnel, units, money and losses."""
        return self._table("products.csv", "variant", "product")

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
        return self._table("actuals.csv", "measure", "name", "actual", "simulated") if self.has("actuals.csv") else None

    @cached_property
    def promotions(self) -> pd.DataFrame | None:
        """One row per variant, promoted product and scope; None when the run has no such table."""
        return self._table("promotions.csv", "variant", "promotion", "scope") if self.has("promotions.csv") else None

    @cached_property
    def money(self) -> pd.DataFrame | None:
        """One row per variant, measure and period; None when the run has no such table."""
        return (
            self._table("money.csv", "variant", "measure", "period", "unit", "value") if self.has("money.csv") else None
        )

    @cached_property
    def categories(self) -> pd.DataFrame | None:
        """One row per variant and category; None when the run has no such table."""
        return (
            self._table("categories.csv", "variant", "category", "sales", "says", "cause")
            if self.has("categories.csv")
            else None
        )

    def has(self, name: str) -> bool:
        """Return whether the run has a table of this file name; runs of older versions lack some."""
        return (self.path / name).exists()

    def _table(self, name: str, *columns: str) -> pd.DataFrame:
        """Read a table; names of variants and zones stay text, whatever they look like."""
        path = self.path / name
        try:
            table = pd.read_csv(path, dtype=dict.fromkeys(TEXT_COLUMNS, str), keep_default_na=False, na_values=[""])
        except FileNotFoundError:
            why = (
                f"{path} is missing"
                if self.finished or self.shortfall is None
                else f"the run in {self.path} ended before its first day"
            )
            raise RunDirectoryError(f"{why}; run the scenario again") from None
        except (OSError, ValueError) as error:
            raise RunDirectoryError(f"{path} cannot be read ({error}); run the scenario again") from None
        missing = [column for column in columns if column not in table.columns]
        if missing:
            raise RunDirectoryError(f"{path} has no column {missing[0]!r}; run the scenario again")
        for column in set(TEXT_COLUMNS) & set(table.columns):
            table[column] = table[column].str.replace(GUARD, "", regex=True)
        return table
