"""A run with a sweep: played as it would be without, then point by point; and what is left when that is stopped."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from storesim.experiment.result import Result
from storesim.experiment.study import load
from storesim.report.plots import write_figures
from storesim.report.run_directory import RunDirectory
from storesim.results.responses import RESPONSES

ROOT = Path(__file__).parents[3]
DONE = ("sweep.csv", "sweep_effects.csv", "sweep_levels.csv")


def written(folder: Path, sweep: str) -> Path:
    """Write the shipped scenario with another sweep, two days and a few customers, and return it."""
    text = (ROOT / "scenarios" / "sweep.yaml").read_text(encoding="utf-8").replace("../", f"{ROOT}/")
    text = text.partition("sweep:\n")[0].replace("replications: 10", "replications: 2")
    path = folder / "swept.yaml"
    path.write_text(re.sub("visits_per_day: .*", "visits_per_day: 60", text) + sweep, encoding="utf-8")
    return path


GRID = "sweep: {design: grid, over: {parameters.notice_rate: [0.003, 0.012], visits_per_day: [40, 60]}}\n"
SOBOL = """\
sweep:
  design: sobol
  points: 2
  over:
    notice_rate: {from: 0.003, to: 0.012}
    variants.snacks at the door.promotions.1.price_cut: {from: 5%, to: 40%}
"""


@pytest.fixture(scope="session")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A run with a Sobol sweep of eight points: to be read, not changed."""
    folder = tmp_path_factory.mktemp("sweep")
    return load(written(folder, SOBOL)).run(out=folder / "run", workers=2)


def folder_of(result: Result) -> Path:
    assert result.directory is not None
    return result.directory


def manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_the_manifest_says_what_was_swept(swept: Result) -> None:
    assert manifest(folder_of(swept))["sweep"] == {
        "design": "sobol",
        "points": 8,
        "replications": 2,
        "over": {
            "notice_rate": {"from": 0.003, "to": 0.012},
            "variants.snacks at the door.promotions.1.price_cut": {"from": 0.05, "to": 0.4},
        },
        "status": "done",
    }


def test_the_run_itself_is_what_it_would_be_without(swept: Result, tmp_path: Path) -> None:
    load(written(tmp_path, "")).run(out=tmp_path / "run")
    assert manifest(tmp_path / "run")["sweep"] is None
    tables = [path.name for path in (tmp_path / "run").glob("*.csv")]
    assert "summary.csv" in tables
    for name in tables:
        assert (folder_of(swept) / name).read_bytes() == (tmp_path / "run" / name).read_bytes(), name


def test_a_point_says_what_a_run_with_its_values_says(tmp_path: Path) -> None:
    found = load(written(tmp_path, GRID)).run(out=tmp_path / "run")
    path = written(tmp_path, "parameters: {notice_rate: 0.012}\n")
    path.write_text(path.read_text(encoding="utf-8").replace("visits_per_day: 60", "visits_per_day: 40"))
    alone = load(path).run()
    assert found.swept is not None
    assert found.swept.values[2] == (0.012, 40)
    assert np.array_equal(found.swept.days[2].transpose(1, 0, 2), alone.played.responses)
    told = [row for row in rows(tmp_path / "run" / "sweep.csv") if row["point"] == "3"]
    for row, expected in zip(told, alone.comparison, strict=True):
        assert float(row["mean"]) == pytest.approx(expected.mean.mean)
        assert (row["variant"], row["response"]) == (expected.variant, expected.response.name)
        if expected.difference:
            assert float(row["diff_low"]) == pytest.approx(expected.difference.low, abs=1e-9)


def test_workers_change_no_byte(swept: Result, tmp_path: Path) -> None:
    load(written(tmp_path, SOBOL)).run(out=tmp_path / "run")
    for name in DONE:
        assert (folder_of(swept) / name).read_bytes() == (tmp_path / "run" / name).read_bytes(), name


@pytest.mark.parametrize("figure_format", ["png", "svg", "pdf"])
def test_figures_come_from_the_run_directory_alone_with_the_same_bytes(swept: Result, figure_format: Any) -> None:
    run = RunDirectory.open(folder_of(swept))
    first = write_figures(run, ("sweep",), figure_format)
    assert [path.stem for path in first] == ["sweep_effects", "sweep_sobol"]
    before = [path.read_bytes() for path in first]
    again = write_figures(RunDirectory.open(folder_of(swept)), ("sweep",), figure_format)
    assert [path.read_bytes() for path in again] == before


def test_a_run_without_a_sweep_has_nothing_to_draw(small_result: Result) -> None:
    run = RunDirectory.open(folder_of(small_result))
    assert write_figures(run, ("sweep",)) == []
    assert run.sweep_effects is None


@pytest.mark.parametrize(("error", "says"), [(KeyboardInterrupt(), "interrupted"), (OSError("disk full"), "failed")])
def test_stopped_during_the_sweep_the_run_stays_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, says: str
) -> None:
    def stop(*_: Any) -> None:
        assert manifest(tmp_path / "run")["sweep"]["status"] == "running"
        raise error

    monkeypatch.setattr("storesim.experiment.sets.measure", stop)
    with pytest.raises(type(error)):
        load(written(tmp_path, GRID)).run(out=tmp_path / "run")
    found = manifest(tmp_path / "run")
    assert (found["status"], found["sweep"]["status"]) == ("done", says)
    assert len(RunDirectory.open(tmp_path / "run").summary) == 2 * len(RESPONSES)
    assert not any((tmp_path / "run" / name).exists() for name in DONE)


def test_a_resumed_sweep_plays_again_what_names_a_file_that_changed(tmp_path: Path) -> None:
    """A layout that only points name is no part of the scenario's own key."""
    layout = (ROOT / "layouts" / "small_shop.yaml").read_text(encoding="utf-8")
    (tmp_path / "b.yaml").write_text(layout, encoding="utf-8")
    path = written(tmp_path, "sweep: {design: grid, over: {variants.empty table.layout: [b.yaml]}}\n")
    before = load(path).run(out=tmp_path / "run")
    moved = layout.replace("doors:", "walkways: [{closed: true, box: [0, 0, 0.1, 0.1]}]\ndoors:", 1)
    (tmp_path / "b.yaml").write_text(moved, encoding="utf-8")
    told: list[int] = []
    again = load(path)
    assert again.scenario.sources != before.scenario.sources
    again.run(out=tmp_path / "run", resume=True, point_progress=lambda done, _: told.append(done))
    assert told[0] == 0, "nothing was taken up"
