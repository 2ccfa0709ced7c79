"""What ends a run before its time is told in a sentence; what is finished stays, and is taken up."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.resume.kills import Trial, files, torn

TINY_MB = 2
"""Room for the inputs and some of the days."""
REPLICATIONS = 20


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few MB; only root can make one, and in CI it is no excuse to be somebody else."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={TINY_MB}m", "tmpfs", str(folder)]
    made = subprocess.run(words, capture_output=True, text=True, check=False)
    if made.returncode:
        assert "CI" not in os.environ, made.stderr
        pytest.skip("only root can make a file system")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_is_a_sentence_and_the_run_goes_on_elsewhere(tiny_disk: Path, tmp_path: Path) -> None:
    """The folder is a link to the tiny disk at first; then it is moved to where there is room."""
    trial = Trial.make(tmp_path / "trial", REPLICATIONS)
    (tiny_disk / "run").mkdir()
    trial.out.symlink_to(tiny_disk / "run")
    process = trial.start("--resume")
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1
    # Whether there was room for the tables, so that a report can be made, hangs on the file that was too large.
    assert "no space left on device; finished work is in run; `--resume --out run` goes on with it" in said
    assert len(said.splitlines()) == 1
    assert torn(trial.out) == []
    assert [path.name for path in files(trial.out) if path.name.endswith(".tmp")] == []
    finished = {path.name: path.read_bytes() for path in trial.out.glob("finished/*/*.npz")}
    assert 0 < len(finished) < REPLICATIONS
    trial.out.unlink()
    shutil.move(tiny_disk / "run", trial.out)
    trial.finish("--resume")
    assert len(list(trial.out.glob("finished/*/*.npz"))) == REPLICATIONS
    assert torn(trial.out) == []
    assert finished.items() <= {path.name: path.read_bytes() for path in trial.out.glob("finished/*/*.npz")}.items()


def children(process: int) -> list[int]:
    """Return the processes that a process has started, and those that they have."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, parent = int(stat.parent.name), int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it is over
            continue
        if parent == process:
            found += [pid, *children(pid)]
    return found


def wait_for_days(trial: Trial, process: "subprocess.Popen[str]", days: int) -> None:
    until = time.monotonic() + 120
    while len(list(trial.out.glob("finished/*/*.npz"))) < days:
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_killed_worker_is_a_sentence(tmp_path: Path) -> None:
    """As the kernel does when memory runs out."""
    trial = Trial.make(tmp_path, 200)
    process = trial.start()
    wait_for_days(trial, process, 4)
    os.kill(children(process.pid)[-1], signal.SIGKILL)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said == (
        "storesim: a process was ended from outside, perhaps for want of memory: fewer --workers need less; finished "
        "work is in run; `--resume --out run` goes on with it, `storesim report run` shows it\n"
    )
    assert len(list(trial.out.glob("finished/*/*.npz"))) >= 4
    assert torn(trial.out) == []


def test_ctrl_c_twice_leaves_no_torn_file_and_no_process(tmp_path: Path) -> None:
    trial = Trial.make(tmp_path, 200)
    process = trial.start()
    wait_for_days(trial, process, 4)
    others = children(process.pid)
    assert others
    for _ in range(2):
        process.send_signal(signal.SIGINT)
        time.sleep(0.05)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.startswith("interrupted; finished work is in run")
    assert len(said.splitlines()) == 1
    assert torn(trial.out) == []
    until = time.monotonic() + 20
    while left := [pid for pid in others if Path(f"/proc/{pid}").exists()]:
        assert time.monotonic() < until, left
        time.sleep(0.05)


def test_a_folder_that_cannot_be_written_any_more_is_a_sentence(tmp_path: Path) -> None:
    """A file stands where the folder of the finished days is to be: even root cannot write there."""
    trial = Trial.make(tmp_path, 3)
    trial.finish()
    shutil.rmtree(trial.out / "finished")
    (trial.out / "finished").write_text("in the way")
    process = trial.start("--resume")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert re.fullmatch(r"storesim: run/finished/\w+: not a directory; nothing is finished\n", said)
