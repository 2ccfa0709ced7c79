"""The run directory: made first, filled as replications finish, its tables written at the end, each file at once."""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from storesim.experiment.digest import versions
from storesim.experiment.played import Floats, Played
from storesim.inputs.case import Scenario, SourceFile
from storesim.results.actuals import against, write_actuals
from storesim.results.assumed import Assumed, write_assumed
from storesim.results.categories import count_categories, write_categories
from storesim.results.comparison import Comparison
from storesim.results.flow import write_flow
from storesim.results.money import count_money, write_money
from storesim.results.promotions import take_apart
from storesim.results.replacing import replacing
from storesim.results.responses import responses_of
from storesim.results.sweep import Swept, write_points
from storesim.results.sweep_effects import write_effects
from storesim.results.tables import row_names
from storesim.results.things import VariantTables
from storesim.results.write import write_promotions, write_responses, write_summary, write_things

MANIFEST = "manifest.json"
LOCK = ".lock"
RESUME = "--resume"
"""Of the command line: a run says the same of itself however often it was taken up."""


class UnfitRunError(Exception):
    """A folder cannot be taken up; the message says why, and what would be right."""


@dataclass(frozen=True)
class RunWriter:
    """A run directory being written, by nobody else."""

    path: Path
    scenario: Scenario
    manifest: dict[str, Any]

    @classmethod
    @contextmanager
    def begin(
        cls, path: Path, scenario: Scenario, file: Path, layouts: tuple[Path, ...], key: str, resume: bool
    ) -> Iterator["RunWriter"]:
        """Make the folder, or take it up, and keep others out of it meanwhile; what is there stays as it is.

        Raises:
            FileExistsError: the folder is there already, and is not to be taken up.
            UnfitRunError: it was begun with what has another `key`, is no run's, or another run is writing to it.
        """
        path.mkdir(parents=True, exist_ok=resume)
        lock = FileLock(path / LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise UnfitRunError(f"another run is writing to {path}; wait for it, or name another folder") from None
        try:
            yield cls(path, scenario, taken_up(path, _manifest(scenario, file, layouts, key)))
        finally:
            lock.release()
            if not any(found.name != LOCK for found in path.iterdir()):
                shutil.rmtree(path, ignore_errors=True)  # nothing came of it

    @property
    def is_begun(self) -> bool:
        """Whether the folder says what is played in it."""
        return (self.path / MANIFEST).exists()

    def start(self) -> None:
        """Say what is about to be played, and copy the inputs; drop copies of what is read no more."""
        self.stop("running")
        copies = {self.path / "inputs" / name: source for name, source in _named(self.scenario).items()}
        for old in set((self.path / "inputs").rglob("*")) - set(copies):
            if old.is_file():
                old.unlink()
        for copy, source in copies.items():
            with replacing(copy) as temporary:
                temporary.write_bytes(source.content)

    def stop(self, status: str, **later: str) -> None:
        """Write the manifest with this status: running, interrupted, failed or done; drop what is not whole.

        Varied `assumptions` and the `sweep` have statuses of their own: a run is done without them, its tables stand.
        """
        for torn in self.path.rglob(".*.tmp"):
            torn.unlink(missing_ok=True)
        self.manifest["status"] = status
        for part, ended in later.items():
            self.manifest[part] = {**(self.manifest[part] or {}), "status": ended}
        text = json.dumps(self.manifest, indent=2, ensure_ascii=False) + "\n"
        with replacing(self.path / MANIFEST) as temporary:
            temporary.write_text(text, encoding="utf-8")

    def write(self, comparison: tuple[Comparison, ...], played: Played) -> None:
        """Write all tables, and remember how many replications are in them."""
        scenario, tables, variants = self.scenario, played.tables, [case.name for case in self.scenario.cases]
        write_responses(self.path, variants, played.responses, responses_of(scenario))
        write_summary(self.path, comparison, scenario.currency)
        if scenario.actuals:
            write_actuals(self.path, against(scenario, played.responses[0], tables[0]))
        named = [
            VariantTables(case.name, row_names(scenario, case), table)
            for case, table in zip(scenario.cases, tables, strict=True)
        ]
        write_things(self.path, named)
        products = [table.products for table in tables]
        write_promotions(self.path, take_apart(scenario, products))
        write_money(self.path, count_money(scenario, tables, self._net_margin(played)))
        write_categories(self.path, count_categories(scenario, products))
        write_flow(self.path, variants, played.flows)
        self.manifest["finished"] = played.responses.shape[1]

    def _net_margin(self, played: Played) -> Sequence[Floats]:
        """Return the net margin of each variant, shape (replications,); none where it is not counted."""
        names = [response.name for response in responses_of(self.scenario)]
        return list(played.responses[:, :, names.index("net_margin")]) if "net_margin" in names else ()

    def finish_assumptions(self, comparison: tuple[Comparison, ...], assumed: Assumed) -> None:
        """Add what the varied assumptions say to the tables of a run that is done."""
        write_assumed(self.path, [case.name for case in self.scenario.cases], assumed)
        write_summary(self.path, comparison, self.scenario.currency)
        self.stop("done", assumptions="done")

    def finish_sweep(self, swept: Swept) -> None:
        """Add what the points of a sweep say to the tables of a run that is done."""
        variants = [case.name for case in self.scenario.cases]
        write_points(self.path, variants, self.scenario.currency, swept)
        write_effects(self.path, variants, self.scenario.currency, swept)
        self.stop("done", sweep="done")


def _manifest(scenario: Scenario, file: Path, layouts: tuple[Path, ...], key: str) -> dict[str, Any]:
    """Return what is about to be played, as the manifest says it."""
    root = _root(scenario)
    return {
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
        "sweep": _swept(scenario),
        "command": [word for word in sys.argv if word != RESUME],
        "versions": dict(versions()),
        "inputs": {name: hashlib.sha256(source.content).hexdigest() for name, source in _named(scenario).items()},
        "key": key,
    }


def taken_up(path: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest of a run that goes on in a folder: a new one in an empty folder, else with its first command.

    Raises:
        UnfitRunError: what is there was begun with something else, or is no run's.
    """
    try:
        before = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        strangers = [found.name for found in path.iterdir() if not found.name.startswith(".")]
        if strangers:
            raise UnfitRunError(f"{path} is there already and is no run's; name another folder") from None
        return manifest
    except (OSError, ValueError) as error:
        raise UnfitRunError(f"{path / MANIFEST} cannot be read ({error}); name another folder") from None
    if not isinstance(before, dict) or before.get("key") != manifest["key"]:
        raise UnfitRunError(
            f"{path} was begun with other inputs ({', '.join(_differences(before, manifest))}): its replications do "
            "not fit, and stay as they are; name another folder"
        )
    return manifest | {"command": before.get("command", manifest["command"])}


def _differences(before: Any, now: dict[str, Any]) -> list[str]:
    """Return what differs between two manifests, in words; 'settings' when nothing that they say does."""
    before = before if isinstance(before, dict) else {}
    found = []
    for part in ("inputs", "versions"):
        old = before.get(part) if isinstance(before.get(part), dict) else {}
        found += [name for name in sorted({*old, *now[part]}) if old.get(name) != now[part].get(name)]
    for part in ("seed", "events", "variants"):
        if before.get(part) != now[part]:
            found.append(f"{part} {now[part]}, was {before.get(part)}" if part != "variants" else "variants")
    return found or ["settings"]


def _named(scenario: Scenario) -> dict[str, SourceFile]:
    """Return the files that were read by their names in the copy: what their paths do not have in common."""
    root = _root(scenario)
    return {_within(source.path, root): source for source in scenario.sources}


def _assumed(scenario: Scenario) -> dict[str, Any] | None:
    """Return what is varied, as the manifest says it."""
    if scenario.assumptions is None:
        return None
    says = {"replications": scenario.assumptions.replications, "parameters": list(scenario.assumptions.parameters)}
    return {**says, "status": "not begun"}


def _swept(scenario: Scenario) -> dict[str, Any] | None:
    """Return what is swept, as the manifest says it."""
    sweep = scenario.sweep
    if sweep is None:
        return None
    return {
        "design": sweep.design,
        "points": sweep.points,
        "replications": sweep.replications,
        "over": {one.name: list(one.values) or {"from": one.low, "to": one.high} for one in sweep.over},
        "status": "not begun",
    }


def _root(scenario: Scenario) -> Path:
    return Path(os.path.commonpath([source.path.resolve().parent for source in scenario.sources]))


def _within(path: Path, root: Path) -> str:
    return path.resolve().relative_to(root).as_posix()
