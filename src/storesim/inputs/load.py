"""Files into a scenario ready to be played: everything that is wrong in any of them is told at once."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from storesim.inputs import actuals, affinity, cells, paths, planogram, products, profiles
from storesim.inputs.case import Scenario
from storesim.inputs.csv_source import MOST_BYTES, read_csv
from storesim.inputs.files import read_text
from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.layout import read_layout
from storesim.inputs.mistakes import InputError, Mistake, Mistakes
from storesim.inputs.names import folded
from storesim.inputs.operations import Held
from storesim.inputs.parameters import Parameters
from storesim.inputs.reading import Reading, read_scenario, sound
from storesim.inputs.segments import read_segments
from storesim.inputs.sheet import is_sheet
from storesim.inputs.stock_read import read_stock
from storesim.inputs.sweep import read_points, read_sweep
from storesim.inputs.yaml_source import read_yaml


def load_scenario(
    path: Path, replications: int | None = None, seed: int | None = None, assumptions: bool = False
) -> Scenario:
    """Read a scenario and every file that it names; `replications` and `seed` override what it says.

    With `assumptions`, the assumed parameters are varied though it does not say so.

    Raises:
        InputError: with all the mistakes in all the files.
    """
    return _read(path, replications, seed, assumptions)[1]


def load_swept(
    path: Path, replications: int | None = None, seed: int | None = None, assumptions: bool = False
) -> tuple[Scenario, tuple[Scenario, ...]]:
    """Return the same with the scenario at each point of its sweep; () when it has none.

    Raises:
        InputError: with all the mistakes in all the files, or that of the first point that cannot be played.
    """
    reading, scenario = _read(path, replications, seed, assumptions)
    return scenario, read_points(reading, scenario.sweep) if scenario.sweep else ()


def _read(path: Path, replications: int | None, seed: int | None, assumptions: bool) -> tuple[Reading, Scenario]:
    mistakes = Mistakes()
    reading = read_scenario(path, mistakes, replications, seed, assumptions)
    cases = reading.cases() if reading else []
    sweep = read_sweep(reading) if reading else None
    found = sound(reading, mistakes)
    return found, replace(found.scenario(cases), sweep=sweep)


def load_layout(path: Path) -> FloorPlan:
    """Read a layout and those that it extends.

    Raises:
        InputError: with all the mistakes in them.
    """
    mistakes = Mistakes()
    return sound(read_layout(path, mistakes), mistakes)


def compare_layouts(
    layouts: Sequence[Path],
    scenario: Path,
    replications: int | None = None,
    seed: int | None = None,
    assumptions: bool = False,
) -> Scenario:
    """Return a scenario with each layout as a variant, the first as baseline, and nothing else changed.

    A layout's planogram is `planogram_NAME.csv` or `NAME.csv` beside `NAME.yaml`; else that of the
    scenario's variant with the same layout; else that of the scenario's baseline.

    Raises:
        InputError: with all the mistakes in all the files.
    """
    mistakes = Mistakes()
    reading = read_scenario(scenario, mistakes, replications, seed, assumptions)
    cases = reading.layout_cases(layouts) if reading else []
    found = sound(reading, mistakes).scenario(cases)
    return replace(found, name=f"{' or '.join(case.plan.name for case in cases)}?")


def check_files(paths: Sequence[Path]) -> tuple[Mistake, ...]:
    """Return every mistake in files of any kind and in the files that they name, sorted, each once."""
    found: set[Mistake] = set()
    for path in paths:
        mistakes = Mistakes()
        try:
            _check(path, mistakes)
        except InputError as error:
            found.update(error.mistakes)
        found.update(mistakes.found)
    return tuple(sorted(found))


def _check(path: Path, mistakes: Mistakes) -> None:
    if path.suffix.lower() in (".yaml", ".yml"):
        _check_yaml(path, mistakes)
    elif path.suffix.lower() == ".csv":
        _check_csv(path, mistakes)
    elif is_sheet(path):
        planogram.read_planogram(path, mistakes)
    else:
        mistakes.add(path, "this is no file that storesim reads; name a .yaml, .csv or .xlsx file")


def _check_yaml(path: Path, mistakes: Mistakes) -> None:
    """Check a YAML file as what its keys say it is."""
    first = Mistakes()
    source = read_yaml(path, first)
    if source is None:
        mistakes.take_over(first)
    elif source.has(("scenario",)) or source.has(("variants",)):
        reading = read_scenario(path, mistakes)
        if reading:
            reading.cases()
            sweep = read_sweep(reading)
            if sweep and not mistakes.found:
                read_points(reading, sweep)
    elif source.has(("segments",)) or source.has(("missions",)):
        read_segments(path, mistakes, [])
    elif source.has(("layout",)) or source.has(("floor",)) or source.has(("links",)):
        read_layout(path, mistakes)
    else:
        mistakes.add(path, "this is no layout, scenario or segments file; begin it with that key")


def _check_csv(path: Path, mistakes: Mistakes) -> None:
    """Check a CSV file as what its columns say it is; names in it can be checked with a scenario only."""
    text = read_text(path, mistakes, MOST_BYTES)
    if text is None:
        return
    header = text.lstrip().partition("\n")[0]
    columns = {folded(name) for name in header.replace(";", ",").replace('"', "").split(",")}
    law = next((law for law in profiles.LAWS if law.index in columns), None)
    if "fixture" in columns:
        planogram.read_planogram(path, mistakes)
    elif "measure" in columns:
        actuals.read_actuals(path, (), None, mistakes)
    elif "affinity" in columns:
        affinity.read_affinity(path, None, mistakes)
    elif "trip" in columns:
        paths.read_paths(path, None, mistakes, [])
    elif columns & {"per_metre", "back_room", "opening_shelf", "opening_back"}:
        list(read_stock(path, None, Held(1.0, 0), mistakes))
    elif "conversion" in columns:
        products.read_conversion(path, None, mistakes, [])
    elif columns & {"id", "price"} or not header:
        products.read_products(path, None, Parameters(), mistakes, [])
    elif law:
        _check_law(path, law, columns, mistakes)
    else:
        mistakes.add(path, "this is no file that storesim knows; see storesim schema for the columns of each")


def _check_law(path: Path, law: profiles.Law, columns: set[str], mistakes: Mistakes) -> None:
    missions = sorted(columns - {law.index, ""})
    for row in read_csv(path, (law.index,), missions, mistakes) or ():
        for mission in missions:
            cells.number(row, mission, cells.AT_LEAST_0, mistakes, 0.0)
