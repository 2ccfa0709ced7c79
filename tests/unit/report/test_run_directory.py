"""A run directory says in a sentence what is wrong with it."""

import json
from pathlib import Path

import pytest

from storesim.report.run_directory import RunDirectory, RunDirectoryError


def test_tables_come_back_with_text_as_text(run_path: Path) -> None:
    run = RunDirectory.open(run_path)
    assert set(run.summary["variant"]) == {"grid", "moved east", "cola at the door"}
    assert run.flow is not None
    assert run.zones["visits"].dtype == float


def test_names_that_look_like_something_else_stay_text(run_path: Path) -> None:
    table = "variant,zone,visits,dwell_s,sales_per_m2\n007,NA,1,2,\n"
    (run_path / "zones.csv").write_text(table)
    zones = RunDirectory.open(run_path).zones
    assert list(zones["variant"]) == ["007"]
    assert list(zones["zone"]) == ["NA"]
    assert zones["sales_per_m2"].isna().all()


def test_flow_may_be_missing(run_path: Path) -> None:
    (run_path / "flow.csv").unlink()
    assert RunDirectory.open(run_path).flow is None


def test_another_folder_is_no_run_directory(tmp_path: Path) -> None:
    with pytest.raises(RunDirectoryError, match=r"is not a run directory: it has no manifest\.json"):
        RunDirectory.open(tmp_path)


@pytest.mark.parametrize(("text", "complaint"), [("{", "cannot be read"), ("[]", "is not a manifest")])
def test_a_broken_manifest(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(RunDirectoryError, match=complaint):
        RunDirectory.open(tmp_path)


def test_a_run_that_is_not_over_is_not_drawn(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"status": "running"}))
    with pytest.raises(RunDirectoryError, match="is running or was killed; run the scenario again"):
        RunDirectory.open(tmp_path)


@pytest.mark.parametrize(("status", "how"), [("interrupted", "was interrupted"), ("failed", "failed")])
def test_a_run_that_ended_early_says_what_it_has(tmp_path: Path, status: str, how: str) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"status": status, "finished": 3, "replications": 30}))
    run = RunDirectory.open(tmp_path)
    assert run.finished == 3
    assert run.shortfall == f"This run {how}: 3 of 30 days are in it."


def test_a_run_that_ended_before_its_first_day_has_no_tables(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"status": "failed", "replications": 30}))
    with pytest.raises(RunDirectoryError, match="ended before its first day; run the scenario again"):
        _ = RunDirectory.open(tmp_path).summary


def test_a_run_that_is_done_lacks_nothing(run_path: Path) -> None:
    assert RunDirectory.open(run_path).shortfall is None


def test_a_missing_table(run_path: Path) -> None:
    (run_path / "summary.csv").unlink()
    with pytest.raises(RunDirectoryError, match=r"summary\.csv is missing"):
        _ = RunDirectory.open(run_path).summary


def test_a_table_of_another_shape(run_path: Path) -> None:
    (run_path / "zones.csv").write_text("variant,zone\ngrid,dairy\n")
    with pytest.raises(RunDirectoryError, match="has no column 'visits'"):
        _ = RunDirectory.open(run_path).zones


def test_a_manifest_without_scenario(run_path: Path) -> None:
    (run_path / "manifest.json").write_text('{"status": "done"}')
    with pytest.raises(RunDirectoryError, match="lacks 'scenario'"):
        _ = RunDirectory.open(run_path).scenario
