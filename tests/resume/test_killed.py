"""A run whose parent is killed is taken up by --resume, and ends with the bytes of one that nothing disturbed."""

import shutil
from pathlib import Path

import pytest
from tests.resume.kills import Trial, files, torn

REPLICATIONS = 8


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], float]:
    """The bytes of the run, and how long it takes, in seconds."""
    trial = Trial.make(tmp_path_factory.mktemp("undisturbed"), REPLICATIONS)
    took_s = trial.finish()
    return trial.bytes_of(), took_s


@pytest.fixture(scope="module")
def three_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that is done."""
    trial = Trial.make(tmp_path_factory.mktemp("three days") / "trial", 3)
    trial.finish()
    return trial.folder


@pytest.fixture
def done(three_days: Path, tmp_path: Path) -> Trial:
    """A copy of the run that is done."""
    shutil.copytree(three_days, tmp_path / "trial")
    return Trial(tmp_path / "trial", 3)


@pytest.mark.parametrize("moment", [0.4, 0.75])
def test_whenever_it_is_killed_resuming_ends_with_the_same_bytes(
    undisturbed: tuple[dict[str, bytes], float], tmp_path: Path, moment: float
) -> None:
    """Moments are parts of the time that the whole run takes; benchmarks/kills.py tries twenty at random."""
    expected, took_s = undisturbed
    trial = Trial.make(tmp_path, REPLICATIONS)
    trial.kill_after(moment * took_s)
    assert not trial.out.exists() or torn(trial.out) == []
    trial.finish("--resume")
    assert trial.bytes_of() == expected


def test_what_was_finished_is_not_played_again(done: Trial, tmp_path: Path) -> None:
    outcomes = [path for path in files(done.out) if path.suffix in (".npz", ".parquet")]
    written = {path: path.stat().st_mtime_ns for path in outcomes}
    more = Trial(done.folder, 5)
    more.finish("--resume")
    assert len(written) == 3 * (1 + 3 + 1)
    assert {path: path.stat().st_mtime_ns for path in outcomes} == written
    straight = Trial.make(tmp_path / "straight", 5)
    straight.finish()
    differ = {name for name, content in straight.bytes_of().items() if more.bytes_of()[name] != content}
    assert differ == {"manifest.json"}, "which quotes the command: it asked for 3 at first"


def test_two_runs_into_one_folder_at_once_are_not_both_written(tmp_path: Path) -> None:
    trial = Trial.make(tmp_path, 200)
    first = trial.start()
    try:
        while not (trial.out / "finished").exists():
            assert first.poll() is None
        second = trial.start("--resume")
        _, said = second.communicate(timeout=60)
        assert second.returncode == 2
        assert said == "storesim: another run is writing to run; wait for it, or name another folder\n"
    finally:
        first.kill()
        first.communicate(timeout=60)


@pytest.mark.parametrize(
    ("file", "line", "says"),
    [
        ("data/small/products.csv", "milk,", "data/small/products.csv"),
        ("scenarios/small_shop.yaml", "visits_per_day:", "scenarios/small_shop.yaml"),
    ],
)
def test_changed_inputs_are_named_and_what_is_finished_stays(done: Trial, file: str, line: str, says: str) -> None:
    before = done.bytes_of()
    changed = done.folder / file
    text = changed.read_text(encoding="utf-8")
    assert line in text
    rows = [_changed(row) if row.startswith(line) else row for row in text.splitlines()]
    changed.write_text("\n".join(rows) + "\n", encoding="utf-8")
    process = done.start("--resume")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert said == (
        f"storesim: run was begun with other inputs ({says}): its replications do not fit, and stay as they are; "
        "name another folder\n"
    )
    assert done.bytes_of() == before


def _changed(row: str) -> str:
    """Return a row of a file with another number in it."""
    digit = max(number for number, character in enumerate(row) if character.isdigit())
    return f"{row[:digit]}{(int(row[digit]) + 1) % 10}{row[digit + 1 :]}"


def test_a_comment_more_changes_nothing(done: Trial) -> None:
    """The key is that of what was read, not of the bytes of files."""
    scenario = done.folder / "scenarios" / "small_shop.yaml"
    scenario.write_text(f"# A comment.\n{scenario.read_text(encoding='utf-8')}", encoding="utf-8")
    done.finish("--resume")
    copy = done.out / "inputs" / "scenarios" / "small_shop.yaml"
    assert copy.read_bytes() == scenario.read_bytes()


def test_fewer_replications_than_are_finished_are_refused(done: Trial) -> None:
    before = done.bytes_of()
    process = Trial(done.folder, 2).start("--resume")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "run has 3 replications, more than the 2 asked for" in said
    assert done.bytes_of() == before
