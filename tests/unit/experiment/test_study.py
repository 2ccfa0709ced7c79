"""The Python face: load, run, look; and what is left when a run fails or is stopped."""

import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import storesim
from storesim.experiment import playing
from storesim.experiment.executors import opened
from storesim.experiment.finished import Finished
from storesim.experiment.playing import player
from storesim.experiment.replication import Outcome, Ready, replicate, replicate_there
from storesim.experiment.result import Result
from storesim.experiment.study import Study, load, load_layouts
from storesim.inputs.case import Scenario
from storesim.inputs.mistakes import InputError
from storesim.results.responses import RESPONSES


def status(folder: Path) -> str:
    found: str = json.loads((folder / "manifest.json").read_text())["status"]
    return found


def files(folder: Path) -> list[str]:
    """Return the files that people look for."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in found if path.parts[0] not in (".lock", "finished"))


# Loading and looking


def test_the_face_is_load_run_summary(small_file: Path) -> None:
    summary = storesim.load(small_file, replications=2).run().summary
    assert list(summary["variant"].unique()) == ["empty table", "snacks at the door", "drinks and snacks change sides"]
    assert len(summary) == 3 * len(RESPONSES)
    sales = summary[(summary.response == "sales") & (summary.variant == "snacks at the door")].iloc[0]
    assert sales["unit"] == "USD"
    assert sales["diff_low"] < sales["difference"] < sales["diff_high"]


def test_promotions_are_those_of_promotions_csv(small_result: Result) -> None:
    written = pd.read_csv(small_result.directory / "promotions.csv")
    assert list(small_result.promotions.columns) == list(written.columns)
    assert small_result.promotions.select_dtypes("number").to_numpy() == pytest.approx(
        written.select_dtypes("number").to_numpy(), nan_ok=True
    )
    assert list(small_result.promotions["scope"]) == ["own", "category", "rest", "total"]


def test_replications_and_seed_given_here_override_the_file_s(small_file: Path) -> None:
    scenario = load(small_file, replications=7, seed=11).scenario
    assert (scenario.replications, scenario.seed) == (7, 11)
    assert load(small_file).scenario.replications == 20


def test_layouts_are_compared_with_the_first_as_baseline(small_file: Path, tmp_path: Path) -> None:
    layout = small_file.parents[1] / "layouts" / "small_shop.yaml"
    mirrored = tmp_path / "mirrored.yaml"
    mirrored.write_text(f"layout: Mirrored\nextends: {layout}\nmirror: x\n")
    compared = load_layouts((layout, mirrored), small_file, replications=2)
    assert [case.plan.name for case in compared.scenario.cases] == ["Small shop", "Mirrored"]
    values = compared.run().played.responses
    assert np.array_equal(values[0, :, 0], values[1, :, 0]), "as many visitors"
    assert not np.array_equal(values[0], values[1])


def test_what_is_wrong_in_the_files_is_told_before_anything_is_played(tmp_path: Path) -> None:
    (tmp_path / "nothing.yaml").write_text("scenario: Nothing?\n")
    with pytest.raises(InputError, match=r"nothing\.yaml:1:"):
        load(tmp_path / "nothing.yaml")


def test_what_was_played_is_stacked_by_replication_and_flows_are_the_mean_day(
    small_result: Result, small_ready: Ready
) -> None:
    outcomes = [replicate(small_ready, replication, None) for replication in range(3)]
    played = small_result.played
    assert np.array_equal(played.responses, np.stack([outcome.responses for outcome in outcomes], axis=1))
    for variant, tables in enumerate(played.tables):
        mean = np.mean([outcome.flows[variant] for outcome in outcomes], axis=0)
        assert np.array_equal(played.flows[variant], mean)
        for replication, outcome in enumerate(outcomes):
            assert np.array_equal(tables.products.sales[replication], outcome.tables[variant].products.sales)


def test_without_a_folder_nothing_is_written(small_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = load(small_file, replications=2).run()
    assert result.directory is None
    assert files(tmp_path) == []


# However it is played


def test_progress_is_told_after_every_replication(small_file: Path) -> None:
    told: list[tuple[int, int]] = []
    load(small_file, replications=3).run(progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_two_workers_say_the_same_as_one(small_file: Path) -> None:
    """To the last bit, and in the order of replications, not of finishing."""
    told: list[int] = []
    one = load(small_file, replications=5).run(workers=1)
    two = load(small_file, replications=5).run(workers=2, progress=lambda done, _: told.append(done))
    assert pickle.dumps(one.played) == pickle.dumps(two.played)
    assert sorted(told) == [1, 2, 3, 4, 5]


# Failing and stopping


def play_into(folder: Path, scenario: Scenario, workers: int) -> None:
    finished = Finished.of(folder, "key", len(scenario.cases))
    with opened(workers) as executor, player(scenario, finished, folder, executor) as play:
        play(scenario.replications, None)


@pytest.fixture
def stopped_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, BaseException], list[int]]:
    """Make a replication raise; return the numbers of those that were begun."""

    def stop(at: int, error: BaseException) -> list[int]:
        begun: list[int] = []

        def replicate(pickled: bytes, replication: int, *rest: Any) -> Outcome:
            begun.append(replication)
            if replication == at:
                raise error
            return replicate_there(pickled, replication, *rest)

        monkeypatch.setattr(playing, "replicate_there", replicate)
        return begun

    return stop


def test_a_failing_replication_raises_and_marks_the_run(
    small_file: Path, tmp_path: Path, stopped_by: Callable[..., list[int]]
) -> None:
    begun = stopped_by(1, ZeroDivisionError("no such luck"))
    with pytest.raises(ZeroDivisionError, match="no such luck"):
        load(small_file, replications=6).run(out=tmp_path / "run")
    assert status(tmp_path / "run") == "failed"
    assert begun == [0, 1], "the first failure ends it"


def test_a_ctrl_c_marks_the_run_and_leaves_the_tables_of_the_days_that_were_finished(
    small_file: Path, tmp_path: Path, stopped_by: Callable[..., list[int]]
) -> None:
    stopped_by(3, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        load(small_file, replications=6).run(out=tmp_path / "run")
    assert status(tmp_path / "run") == "interrupted"
    load(small_file, replications=3).run(out=tmp_path / "three days")
    for table in (tmp_path / "three days").glob("*.csv"):
        assert (tmp_path / "run" / table.name).read_bytes() == table.read_bytes()
    assert json.loads((tmp_path / "run" / "manifest.json").read_text())["finished"] == 3


def test_a_ctrl_c_before_the_first_day_is_over_leaves_no_tables(
    small_file: Path, tmp_path: Path, stopped_by: Callable[..., list[int]]
) -> None:
    stopped_by(0, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        load(small_file, replications=6).run(out=tmp_path / "run")
    assert [name for name in files(tmp_path / "run") if not name.startswith("inputs/")] == ["manifest.json"]


def test_a_ctrl_c_leaves_whole_days(small_file: Path, tmp_path: Path, stopped_by: Callable[..., list[int]]) -> None:
    stopped_by(1, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        play_into(tmp_path / "run", load(small_file, replications=6).scenario, workers=1)
    left = files(tmp_path / "run")
    variants = ("drinks and snacks change sides", "empty table", "snacks at the door")
    assert left == [
        "customers/replication=0000.parquet",
        *(f"events/variant={variant}/replication=0000.parquet" for variant in variants),
    ]


@pytest.mark.parametrize(("error", "says"), [(KeyboardInterrupt(), "interrupted"), (OSError("disk full"), "failed")])
def test_a_run_stopped_while_its_tables_are_written_does_not_say_it_is_running(
    small_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, says: str
) -> None:
    def stop(*_: Any) -> None:
        raise error

    monkeypatch.setattr("storesim.experiment.run_directory.write_summary", stop)
    with pytest.raises(type(error)):
        load(small_file, replications=2).run(out=tmp_path / "run")
    assert status(tmp_path / "run") == says


@pytest.mark.parametrize("workers", [1, 2])
def test_a_scenario_that_cannot_be_prepared_fails_wherever_it_is_played(
    small_scenario: Scenario, small_file: Path, tmp_path: Path, workers: int
) -> None:
    """No file says so, but a scenario may be put together by hand: a placement on a shelf that is not there."""
    case = small_scenario.cases[0]
    wrong = replace(case, placements=(replace(case.placements[0], fixture="G9"),))
    study = Study(replace(small_scenario, cases=(wrong,), replications=4), small_file)
    with pytest.raises(KeyError, match="G9"):
        study.run(out=tmp_path / "run", workers=workers)
    assert status(tmp_path / "run") == "failed"


def test_a_day_that_cannot_be_written_fails_in_other_processes_too(small_scenario: Scenario, tmp_path: Path) -> None:
    (tmp_path / "events").write_text("a file in the way")
    with pytest.raises(OSError, match="events"):
        play_into(tmp_path, replace(small_scenario, replications=4), workers=2)


def test_an_existing_folder_is_left_alone(small_file: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(FileExistsError):
        load(small_file, replications=2).run(out=tmp_path)
    assert files(tmp_path) == ["mine.txt"]
