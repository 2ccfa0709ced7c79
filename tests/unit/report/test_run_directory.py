"""A run directory says in a sentence what is wrong with it."""

import json
from pathlib import Path

import pytest

from storesim.report.run_directory import RunDirectory, RunDirectoryError

GOLDEN = Path(__file__).parents[2] / "golden" / "small_run"


def test_tables_come_back_with_text_as_text(run_path: Path) -> None:
    run = RunDirectory.open(run_path)
    assert set(run.summary["variant"]) == {"grid", "moved east", "cola at the door"}
    assert run.flow is not None
    assert run.zones["visits"].dtype == float


def test_names_that_look_like_something_else_stay_text(run_path: Path) -> None:
    table = "variant,zone,area_m2,visits,dwell_s,sales_per_m2\n007,NA,9,1,2,\n"
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


def test_a_run_until_a_precision_has_more_than_its_first_stage(tmp_path: Path) -> None:
    written = {"status": "interrupted", "finished": 33, "replications": 30}
    (tmp_path / "manifest.json").write_text(json.dumps(written))
    assert RunDirectory.open(tmp_path).shortfall == "This run was interrupted: 33 days are in it."


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
    (run_path / "zones.csv").write_text("variant,zone,area_m2\ngrid,dairy,9\n")
    with pytest.raises(RunDirectoryError, match="has no column 'visits'"):
        _ = RunDirectory.open(run_path).zones


def test_a_manifest_without_scenario(run_path: Path) -> None:
    (run_path / "manifest.json").write_text('{"status": "done"}')
    with pytest.raises(RunDirectoryError, match="lacks 'scenario'"):
        _ = RunDirectory.open(run_path).scenario


@pytest.mark.parametrize(
    ("edited", "complaint"),
    [
        ({"finished": "x"}, "'finished' is 'x'"),
        ({"finished": -1}, "'finished' is -1"),
        ({"seed": None}, "'seed' is 'None'"),
        ({"layouts": [3]}, r"'layouts' is '\[3\]'"),
        ({"versions": [1]}, r"'versions' is '\[1\]'"),
    ],
)
def test_an_edited_manifest(tmp_path: Path, edited: dict[str, object], complaint: str) -> None:
    written = {"status": "done", "finished": 30, "replications": 30, "seed": 1, "layouts": [], "versions": {}}
    (tmp_path / "manifest.json").write_text(json.dumps(written | edited))
    with pytest.raises(RunDirectoryError, match=rf"was edited: {complaint}; run the scenario again$"):
        RunDirectory.open(tmp_path)


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ("grid,dairy,9,1,2,abc\n", "row 2: 'sales_per_m2' is 'abc', not a number"),
        ("grid,dairy,9,1,2,3\ngrid,bread,9,1,1e400,\n", "row 3: 'dwell_s' is 'inf', not a number"),
        ("grid,dairy,9,1,1e300,3\n", "row 2: 'dwell_s' is '1e\\+300', not a number"),
        ("grid,dairy,9,1,2,3,4,5\n", "its rows have more cells than its head"),
        ("grid,dairy,9,1,2,3", "it is cut off in its last line"),
        ("grid,,9,1,2,3\n", "row 2 has no zone"),
        ("grid,dairy,9,1,2,3\ngrid,dairy,9,1,2,3\n", "row 3 is there twice"),
        ("grid,dairy,9,1,2,3\nghost,dairy,9,1,2,3\n", "row 3: there is no variant 'ghost' in this run"),
        ("moved,dairy,9,1,2,3\n", "it has no row of variant 'grid'"),
    ],
)
def test_an_edited_table_is_a_sentence(run_path: Path, rows: str, complaint: str) -> None:
    (run_path / "manifest.json").write_text(json.dumps({"status": "done", "variants": ["grid", "moved"]}))
    (run_path / "zones.csv").write_text(f"variant,zone,area_m2,visits,dwell_s,sales_per_m2\n{rows}")
    with pytest.raises(RunDirectoryError, match=rf"zones\.csv cannot be read: {complaint}; run the scenario again$"):
        _ = RunDirectory.open(run_path).zones


def test_a_summary_tells_the_same_of_every_variant(run_path: Path) -> None:
    variants = ["grid", "moved east", "cola at the door"]
    (run_path / "manifest.json").write_text(json.dumps({"status": "done", "variants": variants}))
    lines = (run_path / "summary.csv").read_text().splitlines(keepends=True)
    (run_path / "summary.csv").write_text("".join(lines[:1] + lines[2:]))
    with pytest.raises(RunDirectoryError, match="it has no row 'sales' of variant 'grid'"):
        _ = RunDirectory.open(run_path).summary


@pytest.mark.parametrize(
    ("before", "after", "lacks"),
    [
        (
            "empty table,margin,week,",
            "empty table,profit,week,",
            "it has no row 'margin week' of variant 'empty table'",
        ),
        (
            "door,set_up_cost,week,",
            "door,set_up_cost,month,",
            "no row 'set_up_cost week' of variant 'snacks at the door'",
        ),
        ("door,first_year,", "door,second_year,", "no row 'first_year year' of variant 'snacks at the door'"),
    ],
)
def test_money_with_other_rows_than_a_run_writes(before: str, after: str, lacks: str, tmp_path: Path) -> None:
    text = (GOLDEN / "money.csv").read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "manifest.json").write_bytes((GOLDEN / "manifest.json").read_bytes())
    (tmp_path / "money.csv").write_text(text, encoding="utf-8")
    assert RunDirectory.open(tmp_path).money is not None
    (tmp_path / "money.csv").write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(RunDirectoryError, match=rf"money.csv cannot be read: .*{lacks}; run the scenario again"):
        _ = RunDirectory.open(tmp_path).money
