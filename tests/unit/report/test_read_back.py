"""What a run wrote comes back as what it was."""

from math import isnan
from pathlib import Path

import pytest

import storesim
from storesim.experiment.study import Result
from storesim.report.read_back import read_against, read_comparison
from storesim.report.run_directory import RunDirectory, RunDirectoryError

SCENARIO = Path(__file__).parents[3] / "scenarios" / "small_shop.yaml"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Three days of the small shop."""
    return storesim.load(SCENARIO, replications=3).run(out=tmp_path_factory.mktemp("back") / "run")


def test_the_comparison_comes_back(played: Result) -> None:
    assert played.directory
    found = read_comparison(RunDirectory.open(played.directory))
    assert len(found) == len(played.comparison)
    for read, was in zip(found, played.comparison, strict=True):
        assert (read.variant, read.response, read.verdict) == (was.variant, was.response, was.verdict)
        assert (read.more_replications, read.may_be_best, read.standing) == (
            was.more_replications,
            was.may_be_best,
            None,
        )
        assert read.mean.mean == pytest.approx(was.mean.mean, rel=1e-9)
        assert (read.difference is None) == (was.difference is None)
        if read.difference and was.difference:
            assert read.difference.mean == pytest.approx(was.difference.mean, rel=1e-9)
            assert read.difference.half_width == pytest.approx(was.difference.half_width, rel=1e-6, abs=1e-9)
            assert read.difference.replications == 3


def test_without_actuals_there_is_nothing_to_hold_against(played: Result) -> None:
    assert played.directory
    assert read_against(RunDirectory.open(played.directory)) == ()


def test_standing_comes_back_with_the_verdict_of_the_main_run(played: Result, tmp_path: Path) -> None:
    assert played.directory
    text = (played.directory / "summary.csv").read_text(encoding="utf-8")
    head, *lines = text.splitlines()
    columns = head.split(",")
    cells = [dict(zip(columns, line.split(","), strict=True)) for line in lines]
    chosen = next(row for row in cells if row["variant"] != "empty table" and row["response"] == "sales")
    assumed = {
        "verdict": "undecided",
        "assumption_sets": "16",
        "ahead_in": "14",
        "same_in": "15",
        "moved_by": "urge low",
    }
    chosen |= assumed | {"assumed_low_percent": "-0.5", "assumed_high_percent": "1.5"}
    chosen |= {"difference": "4", "diff_low": "1", "diff_high": "7"}
    copy = tmp_path / "run"
    copy.mkdir()
    (copy / "manifest.json").write_bytes((played.directory / "manifest.json").read_bytes())
    (copy / "inputs").symlink_to(played.directory / "inputs")
    written = "\n".join([head, *(",".join(row.values()) for row in cells)])
    (copy / "summary.csv").write_text(f"{written}\n", encoding="utf-8")
    (stands,) = (row.standing for row in read_comparison(RunDirectory.open(copy)) if row.standing)
    assert (stands.sets, stands.ahead_in, stands.same_in, stands.moved_by) == (16, 14, 15, "urge low")
    assert (stands.low_percent, stands.high_percent, stands.before) == (-0.5, 1.5, "same")


def test_actuals_come_back(played: Result, tmp_path: Path) -> None:
    assert played.directory
    run = RunDirectory(played.directory, RunDirectory.open(played.directory).manifest)
    table = tmp_path / "actuals.csv"
    head = "measure,name,unit,actual,simulated,half_width,difference,difference_percent"
    table.write_text(f"{head}\nsales,,USD a day,1800,1763,12,-37,-2.06\nzone visits,'=door,customers a day,9,10,,1,\n")
    (played.directory / "actuals.csv").write_bytes(table.read_bytes())
    try:
        first, second = read_against(run)
    finally:
        (played.directory / "actuals.csv").unlink()
    assert (first.actual.measure, first.actual.name, first.actual.value) == ("sales", "", 1800)
    assert first.percent == pytest.approx(-37 / 18)
    assert second.actual.name == "=door"
    assert isnan(second.simulated.half_width)


def test_a_run_that_is_done_has_a_summary(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"status": "done"}')
    with pytest.raises(RunDirectoryError, match=r"summary\.csv is missing"):
        read_comparison(RunDirectory.open(tmp_path))
