"""The run directory: made first, filled as replications finish, its tables written at the end, each file at once."""

import hashlib
import json
import os
import platform
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from storesim.experiment.replication import Outcome
from storesim.inputs.case import Scenario, SourceFile
from storesim.results.actuals import against, write_actuals
from storesim.results.assumed import Assumed, write_assumed
from storesim.results.categories import count_categories, write_categories
from storesim.results.comparison import Comparison
from storesim.results.flow import write_flow
from storesim.results.money import count_money, write_money
from storesim.results.promotions import take_apart
from storesim.results.tables import Tables, row_names
from storesim.results.things import VariantTables
from storesim.results.write import write_promotions, write_responses, write_summary, write_things

PARTS = ("storesim", "duckdb", "networkx", "numpy", "pydantic", "scipy", "shapely", "simpy")


@dataclass(frozen=True)
class RunWriter:
    """A run directory being written."""

    path: Path
    scenario: Scenario
    manifest: dict[str, Any]

    @classmethod
    def create(cls, path: Path, scenario: Scenario, file: Path, layouts: tuple[Path, ...]) -> "RunWriter":
        """Make the folder, copy the inputs into it and say what is about to be played.

        Raises:
            FileExistsError: the folder is there already.
        """
        path.mkdir(parents=True, exist_ok=False)
        root = _common_root(scenario.sources)
        for source in scenario.sources:
            copy = path / "inputs" / source.path.resolve().relative_to(root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(source.content)
        manifest = {
            "status": "running",
            "finished": 0,
            "scenario": _within(file, root),
            "layouts": [_within(layout, root) for layout in layouts],
            "question": scenario.name,
            "variants": [case.name for case in scenario.cases],
            "replications": scenario.replications,
            "seed": scenario.seed,
            "events": scenario.events,
            "assumptions": _assumed(scenario),
            "command": sys.argv,
            "versions": {"python": platform.python_version()} | {part: version(part) for part in PARTS},
            "inputs": {
                _within(source.path, root): hashlib.sha256(source.content).hexdigest() for source in scenario.sources
            },
        }
        writer = cls(path, scenario, manifest)
        writer.stop("running")
        return writer

    def stop(self, status: str, assumptions: str = "not begun") -> None:
        """Write the manifest with this status: running, interrupted, failed or done; drop what is not whole.

        Varied assumptions have a status of their own: a run is done without them, and its tables stand.
        """
        for torn in self.path.rglob(".*.tmp"):
            torn.unlink(missing_ok=True)
        says = {"status": status}
        varied = self.manifest["assumptions"] and self.manifest["assumptions"] | {"status": assumptions}
        text = json.dumps(self.manifest | says | {"assumptions": varied}, indent=2, ensure_ascii=False) + "\n"
        draft = self.path / "manifest.json.part"
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, self.path / "manifest.json")

    def write(
        self, comparison: tuple[Comparison, ...], tables: tuple[Tables, ...], outcomes: tuple[Outcome, ...]
    ) -> None:
        """Write all tables, and remember how many replications are in them."""
        scenario, variants = self.scenario, [case.name for case in self.scenario.cases]
        write_responses(self.path, variants, np.stack([outcome.responses for outcome in outcomes], axis=1))
        write_summary(self.path, comparison, scenario.currency)
        if scenario.actuals:
            write_actuals(self.path, against(scenario, np.stack([o.responses[0] for o in outcomes]), tables[0]))
        named = [
            VariantTables(case.name, row_names(scenario, case.plan), table)
            for case, table in zip(scenario.cases, tables, strict=True)
        ]
        write_things(self.path, named)
        products = [table.products for table in tables]
        write_promotions(self.path, take_apart(scenario, products))
        write_money(self.path, count_money(scenario, tables))
        write_categories(self.path, count_categories(scenario, products))
        write_flow(self.path, variants, [np.mean([o.flows[v] for o in outcomes], axis=0) for v in range(len(variants))])
        self.manifest["finished"] = len(outcomes)

    def finish_assumptions(self, comparison: tuple[Comparison, ...], assumed: Assumed) -> None:
        """Add what the varied assumptions say to the tables of a run that is done."""
        write_assumed(self.path, [case.name for case in self.scenario.cases], assumed)
        write_summary(self.path, comparison, self.scenario.currency)
        self.stop("done", assumptions="done")


def _assumed(scenario: Scenario) -> dict[str, Any] | None:
    """Return what is varied, as the manifest says it."""
    if scenario.assumptions is None:
        return None
    return {"replications": scenario.assumptions.replications, "parameters": list(scenario.assumptions.parameters)}


def _common_root(sources: tuple[SourceFile, ...]) -> Path:
    return Path(os.path.commonpath([source.path.resolve().parent for source in sources]))


def _within(path: Path, root: Path) -> str:
    return path.resolve().relative_to(root).as_posix()
