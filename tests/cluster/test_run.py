"""`storesim run --cluster` as users run it: the files of a run without, and a sentence when the cluster is lost."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SMALL = Path(__file__).parents[2] / "scenarios" / "small_shop.yaml"
REPLICATIONS = 5


class Run:
    """`storesim run` of the small shop in a process of its own."""

    def __init__(self, package: Path, out: Path, *options: str):
        self.out = out
        command = [sys.executable, "-m", "storesim", "run", str(SMALL), "--replications", str(REPLICATIONS)]
        self.process = subprocess.Popen(
            [*command, "--no-report", "--out", str(out), *options],
            env=os.environ | {"PYTHONPATH": str(package)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_for_days(self, number: int) -> None:
        """Wait until so many are finished."""
        until = time.monotonic() + 60
        while len(list(self.out.glob("finished/*/*.npz"))) < number:
            assert self.process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.01)

    def end(self) -> tuple[int, str]:
        """Return the exit code, and what it says on stderr."""
        try:
            says = self.process.communicate(timeout=60)[1]
        finally:
            self.process.kill()
        return self.process.returncode, says

    def files(self) -> dict[str, bytes]:
        """Return what it wrote, by name; of the manifest all but the command."""
        found = {str(path.relative_to(self.out)): path.read_bytes() for path in self.out.rglob("*") if path.is_file()}
        manifest = json.loads(found.pop("manifest.json"))
        return found | {"manifest.json": json.dumps(manifest | {"command": None}).encode()}


@pytest.fixture(scope="module")
def alone(package: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a run in one process."""
    run = Run(package, tmp_path_factory.mktemp("alone") / "run", "--workers", "1")
    assert run.end() == (0, "")
    return run.files()


def test_a_worker_killed_half_way_changes_no_byte(cluster, package, tmp_path, alone) -> None:
    third = cluster.add_worker()
    run = Run(package, tmp_path / "run", "--cluster", cluster.address)
    run.wait_for_days(2)
    third.kill()
    assert run.end() == (0, "")
    assert run.files() == alone


def test_a_lost_scheduler_is_told_and_the_run_taken_up(make_cluster, package, tmp_path, alone) -> None:
    lost = make_cluster(workers=2)
    run = Run(package, tmp_path / "run", "--cluster", lost.address)
    run.wait_for_days(2)
    lost.scheduler.kill()
    began = time.monotonic()
    code, says = run.end()
    assert (code, says.count("\n"), time.monotonic() - began < 20) == (1, 1, True)
    assert says.startswith(
        f"storesim: the Dask scheduler at {lost.address} is gone, or was started anew; finished work"
    )
    resumed = Run(package, tmp_path / "run", "--resume", "--workers", "1")
    assert resumed.end() == (0, "")
    assert resumed.files() == alone


def test_ctrl_c_ends_it(cluster, package, tmp_path) -> None:
    run = Run(package, tmp_path / "run", "--cluster", cluster.address, "--replications", "2000")
    run.wait_for_days(1)
    run.process.send_signal(signal.SIGINT)
    code, says = run.end()
    assert (code, says.count("\n")) == (130, 1), says
    assert says.startswith("interrupted; finished work is in")


def test_a_wrong_address_is_wrong_input(package, tmp_path) -> None:
    code, says = Run(package, tmp_path / "run", "--cluster", "localhost:8786").end()
    assert code == 2
    assert "'localhost:8786' is no address of a Dask scheduler; write tcp://HOST:PORT" in " ".join(says.split())
    assert not (tmp_path / "run").exists()


def test_dask_is_imported_for_a_cluster_only(package) -> None:
    code = "import sys, storesim.experiment.study; sys.exit('distributed' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(package)}).returncode == 0
