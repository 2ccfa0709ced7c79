"""One reading of a scenario file and of all the files that it names, mistakes and all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from storesim.inputs.actuals import read_actuals
from storesim.inputs.assumptions import check_varied, varied
from storesim.inputs.case import Actual, Case, Scenario, SourceFile
from storesim.inputs.drafts import Draft, drafts, part
from storesim.inputs.idle import idle_warnings
from storesim.inputs.market import Market, read_market
from storesim.inputs.memory import Memory
from storesim.inputs.mistakes import Mark, Mistakes
from storesim.inputs.names import Names, folded
from storesim.inputs.panel import Panel
from storesim.inputs.panel_read import read_panel
from storesim.inputs.paths import Trips, read_paths, zones_left_out
from storesim.inputs.precision import asked, check_at_most, precision_warnings
from storesim.inputs.promotions import Occasion
from storesim.inputs.scenario import (
    FEWEST_REPLICATIONS,
    LARGEST_SEED,
    MOST_REPLICATIONS,
    AssumptionsFile,
    Calendar,
    ScenarioFile,
)
from storesim.inputs.stores import Stores, relay_warnings, space_warnings
from storesim.inputs.values import Hours, Span
from storesim.inputs.variants import Bases, Files, check_names
from storesim.inputs.yaml_source import Source, read_yaml, validate

_HOURS: TypeAdapter[Span] = TypeAdapter(Hours)
_CALENDAR = TypeAdapter(Calendar)
T = TypeVar("T")


@dataclass
class Reading:
    """A scenario file and what it names, as far as they could be read."""

    source: Source
    file: ScenarioFile | None
    """None when there are mistakes in it."""
    market: Market
    bases: Bases
    stores: Stores
    memory: Memory
    mistakes: Mistakes
    warnings: list[str]
    recorded: Trips = ()
    actuals: tuple[Actual, ...] = ()
    panel: Panel | None = None

    def cases(self) -> list[Case]:
        """Return the cases of the variants, the baseline first; bases are built before what rests on them."""
        by_depth = sorted(self.bases.sound, key=lambda draft: len(self.bases.line(draft)))
        found = {draft.name: self.stores.case(draft) for draft in by_depth}
        baseline = self.baseline()
        order = sorted(self.bases.sound, key=lambda draft: draft is not baseline)
        self._read_paths()
        self._read_actuals(found[baseline.name] if baseline else None)
        return [case for draft in order if (case := found[draft.name])]

    def baseline(self) -> Draft | None:
        """Return the variant that the others are compared with; one that is not there is a mistake."""
        written = self.source.value(("baseline",))
        known = drafts(self.source)
        if written is None:
            return known[0] if known else None
        names = Names("variant", "'variants'", (draft.name for draft in known))
        own = names.find(str(written))
        if own is None and known:
            self.mistakes.add(self.source.mark(("baseline",)), names.missing(str(written)))
        return next((draft for draft in self.bases.sound if draft.name == own), None)

    def layout_cases(self, layouts: Sequence[Path]) -> list[Case]:
        """Return a case for each of some layouts, run as the baseline is, without changes, promotions or coupons."""
        found: list[Case] = []
        for path in layouts:
            built = self.stores.on_shelves(Files((path, None), self._planogram(path)))
            if built.shelves and built.placements is not None:
                name = _folder_name(built.shelves.plan.name, path.stem, [case.name for case in found])
                operations = self.stores.operations(self.baseline(), built)
                found.append(Case(name, built.shelves.plan, built.placements, operations=operations))
        self._read_paths()
        return found

    def _read_actuals(self, baseline: Case | None) -> None:
        """Read what the baseline's real store does; floor plans that are put in its place are not held to it."""
        named = self.source.value(("actuals",))
        if isinstance(named, str) and named:
            file, mark = self.source.path.parent / named, self.source.mark(("actuals",))
            plan = baseline.plan if baseline else None
            products = self.market.products
            self.actuals = self.memory.once(
                ("actuals", file, mark), lambda: read_actuals(file, products, plan, self.mistakes, mark)
            )

    def _read_paths(self) -> None:
        """Read the recorded trips, which belong to the layout of the scenario's own baseline."""
        named, baseline = self.source.value(("paths",)), self.baseline()
        if not isinstance(named, str) or not named:
            return
        layout = self.bases.files(baseline).layout if baseline else None
        plan = self.stores.layout(*layout) if layout else None
        file, mark = self.source.path.parent / named, self.source.mark(("paths",))
        self.recorded = self.memory.once(
            ("paths", file, mark, layout), lambda: read_paths(file, plan, self.mistakes, self.warnings, mark)
        )

    def _planogram(self, layout: Path) -> tuple[Path, Mark | None] | None:
        beside = [layout.with_name(f"planogram_{layout.stem}.csv"), layout.with_suffix(".csv")]
        own = next((path for path in beside if path.is_file()), None)
        if own:
            return own, None
        baseline = self.baseline()
        first = [baseline] if baseline else []
        files = [self.bases.files(draft) for draft in (*first, *self.bases.sound)]
        same = [f for f in files if f.layout and f.layout[0].resolve() == layout.resolve()]
        return next((f.planogram for f in (*same, *files) if f.planogram), None)

    def scenario(self, cases: Sequence[Case]) -> Scenario:
        """Return the scenario, once there are no mistakes."""
        file, scenario = sound(self.file, self.mistakes), self.played(cases)
        warnings = (
            *self.warnings,
            *space_warnings(cases, self.source.path),
            *relay_warnings(cases, self.source.path),
            *idle_warnings(scenario, cases, self.source.path),
            *zones_left_out(self.recorded, cases),
            *precision_warnings(self.source.path, file),
        )
        found = replace(
            scenario,
            precision=asked(file.precision),
            sources=_each_once(self.mistakes.sources),
            warnings=warnings,
        )
        if file.assumptions is None:
            return found
        return replace(found, assumptions=varied(file.assumptions, file.parameters.model_fields_set, found))

    def played(self, cases: Sequence[Case]) -> Scenario:
        """Return what is played of the scenario, once there are no mistakes: without sources or warnings."""
        file = sound(self.file, self.mistakes)
        return Scenario(
            name=file.scenario,
            currency=file.currency,
            opens_s=file.hours.from_s,
            closes_s=file.hours.until_s,
            first_day=file.calendar.first,
            days=file.calendar.days,
            visits_per_day=file.visits_per_day,
            products=self.market.products,
            segments=self.market.segments,
            missions=self.market.missions,
            parameters=file.parameters,
            replications=file.replications,
            seed=file.seed,
            same_within=file.same_within,
            opening_days=file.opening_days,
            locale=file.locale,
            events=file.events,
            baseline=cases[0].name,
            cases=tuple(cases),
            tastes=self.market.tastes,
            affinity=self.market.affinity,
            actuals=self.actuals,
            paths=self.recorded,
            panel=self.panel,
        )


def read_scenario(
    path: Path,
    mistakes: Mistakes,
    replications: int | None = None,
    seed: int | None = None,
    assumptions: bool = False,
) -> Reading | None:
    """Read a scenario file with its products and segments; None when it cannot be made sense of.

    With `assumptions`, the assumed parameters are varied though the file does not say so.
    """
    source = read_yaml(path, mistakes)
    if source is None:
        return None
    reading = read_source(source, Memory(), mistakes)
    check_at_most(source, replications, mistakes)
    file = _overridden(reading.file, path, mistakes, replications, seed)
    if file and assumptions and not file.assumptions:
        file = file.model_copy(update={"assumptions": AssumptionsFile()})
    return replace(reading, file=file)


def read_source(source: Source, memory: Memory, mistakes: Mistakes) -> Reading:
    """Read what a scenario file says and names, as far as it is not in memory."""
    file = validate(ScenarioFile, source, mistakes)
    warnings: list[str] = []
    market = read_market(source, mistakes, warnings, memory)
    written = drafts(source)
    check_names(written, source, mistakes)
    check_varied(source, mistakes)
    bases = Bases(written, source, mistakes)
    hours, calendar = part(_HOURS, source.value(("hours",))), part(_CALENDAR, source.value(("calendar",)))
    occasion = Occasion(hours, calendar, market.ids, market.tiers, market.segment_names)
    stores = Stores(source, bases, occasion, mistakes, warnings, memory)
    panel = read_panel(source, market.tiers, calendar.days if calendar else None, mistakes)
    return Reading(source, file, market, bases, stores, memory, mistakes, warnings, panel=panel)


def sound(value: T | None, mistakes: Mistakes) -> T:
    """Return what was read.

    Raises:
        InputError: there were mistakes.
    """
    mistakes.raise_if_any()
    if value is None:
        raise AssertionError("nothing could be read, and no mistake says why")
    return value


def _overridden(
    file: ScenarioFile | None, path: Path, mistakes: Mistakes, replications: int | None, seed: int | None
) -> ScenarioFile | None:
    """Return the file with what the command line says instead."""
    limits = {
        "replications": (replications, FEWEST_REPLICATIONS, MOST_REPLICATIONS),
        "seed": (seed, 0, LARGEST_SEED),
    }
    for name, (value, least, most) in limits.items():
        if value is not None and not least <= value <= most:
            mistakes.add(path, f"--{name} is {value}; write a number from {least} to {most}")
    given = {name: value for name, (value, _, _) in limits.items() if value is not None}
    return file.model_copy(update=given) if file else None


def _each_once(sources: Iterable[SourceFile]) -> tuple[SourceFile, ...]:
    """Return the files that were read, each once, though it may have been named in two ways."""
    found: dict[Path, SourceFile] = {}
    for source in sources:
        found.setdefault(source.path.resolve(), source)
    return tuple(found.values())


def _folder_name(layout: str, stem: str, taken: Sequence[str]) -> str:
    """Return a layout's name as a folder can have it; the file's name when another has it already."""
    for name in (layout, stem):
        kept = "".join(c if c.isalnum() or c in " -_." else " " for c in name)
        plain = " ".join(kept.split()).strip(".") or "layout"
        if folded(plain) not in map(folded, taken):
            return plain
    return f"{plain} {len(taken) + 1}"
