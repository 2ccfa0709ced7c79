"""`events:` of a scenario decides which logs stay on disk, and nothing else."""

import json
from pathlib import Path

import pytest

from storesim.experiment.study import load


def files(folder: Path, *but: str) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
    return {name: content for name, content in named.items() if not name.startswith(but)}


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory, small_file: Path) -> Path:
    """The small shop with 60 visits a day and 13 days, to which `events` can be added."""
    path = tmp_path_factory.mktemp("kept") / "scenario.yaml"
    written = small_file.read_text(encoding="utf-8").replace("../", f"{small_file.parents[1]}/")
    path.write_text(written.replace("per_day: 300", "per_day: 60").replace("replications: 20", "replications: 13"))
    return path


@pytest.fixture(scope="module")
def whole(scenario: Path) -> Path:
    load(scenario).run(out=scenario.parent / "all")
    return scenario.parent / "all"


def kept(scenario: Path, which: str) -> Path:
    path, out = scenario.with_name(f"{which}.yaml"), scenario.parent / which
    path.write_text(f"{scenario.read_text()}\nevents: {which}\n")
    load(path).run(out=out)
    return out


@pytest.mark.parametrize(("which", "days"), [("none", ()), ("sample", ("0000", "0011"))])
def test_logs_follow_and_all_else_stays_as_it_is(
    scenario: Path, whole: Path, which: str, days: tuple[str, ...]
) -> None:
    run = kept(scenario, which)
    others = ("events", "customers", "manifest", "inputs", "finished")
    assert files(run, *others) == files(whole, *others)
    logs = {name: log for name, log in files(whole).items() if name.startswith(("events", "customers"))}
    expected = {name: log for name, log in logs.items() if name.endswith(tuple(f"{day}.parquet" for day in days))}
    assert {name: log for name, log in files(run).items() if name.startswith(("events", "customers"))} == expected
    assert json.loads((run / "manifest.json").read_text())["events"] == which
    assert len(logs) == 13 * 4
    assert len(expected) == len(days) * 4


def test_the_manifest_says_all_when_nothing_is_written(whole: Path) -> None:
    assert json.loads((whole / "manifest.json").read_text())["events"] == "all"
