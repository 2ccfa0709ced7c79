"""The temporary folder and database: what happens when the disk is full, and when a run is killed."""

import errno
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from storesim.calibrate import cells_csv
from storesim.calibrate.extract import open_pos
from storesim.calibrate.workspace import PREFIX, NoRoomError, open_workspace, room, sweep

from .conftest import Write

GOOD = "1,2026-03-02 18:05:00,bread,1,1.99"
FULL = [
    OSError(errno.ENOSPC, "No space left on device"),
    duckdb.IOException('IO Error: Could not write file "/tmp/pos.duckdb": No space left on device'),
    duckdb.OutOfMemoryException(
        "Out of Memory Error: failed to offload data block of size 256.0 KiB (35.9 MiB/35.9 MiB used).\n"
        "This limit was set by the 'max_temp_directory_size' setting."
    ),
]
KEEP_OPEN = """
from storesim.calibrate.workspace import open_workspace
with open_workspace() as (folder, db):
    db.execute("CREATE TABLE bought AS SELECT range AS customer FROM range(100000)")
    print(folder, flush=True)
    input()
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of one's own, also for processes that are started."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.mark.parametrize("error", FULL, ids=lambda error: type(error).__name__)
def test_a_full_disk_is_told_in_a_sentence_that_names_it(temporary: Path, error: Exception) -> None:
    with pytest.raises(NoRoomError) as told, room(temporary / "workspace"):
        raise error
    assert str(told.value).startswith(f"{temporary} has no room left for the temporary database, and nothing was")
    assert str(told.value).endswith("or set TMPDIR to a folder on a bigger disk")


@pytest.mark.parametrize("error", [OSError(errno.EIO, "I/O error"), duckdb.IOException("IO Error: checksum")])
def test_other_errors_stay_what_they_are(temporary: Path, error: Exception) -> None:
    with pytest.raises(type(error)) as raised, room(temporary / "workspace"):
        raise error
    assert raised.value is error


def test_a_disk_that_fills_up_while_the_extract_is_read(
    temporary: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill_up(*_: object) -> None:
        raise FULL[0]

    monkeypatch.setattr(cells_csv, "parts", fill_up)
    with pytest.raises(NoRoomError), open_pos([write(GOOD)]):
        pass
    assert not any(temporary.iterdir())


def test_a_disk_that_fills_up_later(temporary: Path) -> None:
    with pytest.raises(NoRoomError), open_workspace():
        raise FULL[1]
    assert not any(temporary.iterdir())


def test_what_a_killed_run_leaves_behind_is_deleted_by_the_next(temporary: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KEEP_OPEN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        folder = Path(run.stdout.readline().strip())
        sweep(temporary)
        assert (folder / "pos.duckdb").exists(), "a run at work keeps its folder"
        run.kill()
    assert folder.exists()
    with open_workspace() as (own, _):
        assert list(temporary.iterdir()) == [own]
    assert not any(temporary.iterdir())


def test_folders_of_others_are_not_swept(temporary: Path) -> None:
    """One without a lock is just being made, or is none of ours."""
    others = [temporary / f"{PREFIX}abc", temporary / "storesim-abc"]
    for other in others:
        other.mkdir()
    sweep(temporary)
    assert all(other.exists() for other in others)
