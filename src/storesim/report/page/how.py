"""How the run was made, so that anybody can make it again: versions, seed, inputs, command, parameters."""

import shlex
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

from storesim.inputs.parameters import provenance
from storesim.report.page.numbers import Numbers
from storesim.report.page.render import render
from storesim.report.page.section import Section
from storesim.report.run_directory import RunDirectory
from storesim.report.verdicts import own_parameters, parameter_counts


@dataclass(frozen=True)
class Setting:
    """A parameter that the scenario sets."""

    name: str
    value: str
    default: str
    unit: str


def how_section(run: RunDirectory, numbers: Numbers) -> Section:
    """Return the section; what an older run did not note is left out."""
    scenario, manifest = run.scenario, run.manifest
    counts = parameter_counts(scenario.parameters)
    body = render(
        "how",
        command=command_words(manifest.get("command", ())),
        versions=sorted(manifest.get("versions", {}).items(), key=lambda item: item[0] != "storesim"),
        seed=str(manifest.get("seed", scenario.seed)),
        replications=numbers.plain(manifest.get("replications", scenario.replications), 10.0),
        inputs=sorted(manifest.get("inputs", {}).items()),
        settings=settings(run, numbers),
        counts=[(name, numbers.plain(count, 10.0)) for name, count in counts.items() if count],
        calibrated=numbers.plain(sum(product.conversion is not None for product in scenario.products), 10.0),
        products=numbers.plain(len(scenario.products), 10.0),
        warnings=scenario.warnings,
        changes=[(case.name, case.changes) for case in scenario.cases if case.changes],
    )
    return Section("how", "How it was run", body)


def command_words(command: object) -> str:
    """Return the command to repeat a run, as one types it.

    Of the program and of absolute paths the last part is left: the folders of one machine are nobody else's business.
    """
    if not isinstance(command, list | tuple) or not command:
        return ""
    program, *words = (_without_folders(str(word)) for word in command)
    return shlex.join(["storesim" if program == "__main__.py" else program, *words])


def _without_folders(word: str) -> str:
    absolute = PurePosixPath(word).is_absolute() or PureWindowsPath(word).is_absolute()
    return PureWindowsPath(word).name if absolute else word


def settings(run: RunDirectory, numbers: Numbers) -> list[Setting]:
    """Return the parameters that differ from their defaults."""
    parameters = run.scenario.parameters
    return [
        Setting(
            name,
            _in_full(value, numbers),
            _in_full(type(parameters).model_fields[name].default, numbers),
            provenance(name).unit,
        )
        for name, value in own_parameters(parameters).items()
    ]


def _in_full(value: float, numbers: Numbers) -> str:
    """Return a number with the decimals that it was written with, as far as can be told."""
    places = len(f"{value:g}".partition(".")[2])
    return numbers.plain(value, 10.0 ** (1 - places))
