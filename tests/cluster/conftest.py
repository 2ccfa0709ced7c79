"""Dask clusters on loopback: a scheduler and its workers, each a process of its own."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

import storesim
from storesim.experiment.on_worker import Expected

WITHIN_S = 30


class Cluster:
    """A scheduler, and workers with one thread each."""

    def __init__(self, folder: Path, package: Path, protocol: str, environment: Mapping[str, str]):
        self._folder, self._package, self._environment = folder, package, environment
        self._started: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        options = ("--protocol", protocol, "--port", "0", "--scheduler-file", str(file))
        self.scheduler = self._start("distributed.cli.dask_scheduler", options, lambda: _is_whole(file))
        self.address: str = json.loads(file.read_text())["address"]

    def add_worker(self, path: Path | None = None, nanny: bool = False) -> subprocess.Popen[bytes]:
        """Start a worker, with `path` before all else where Python looks for modules, and wait until it is known."""
        options = (self.address, "--nthreads", "1", "--nanny" if nanny else "--no-nanny")
        log = self._log()
        return self._start(
            "distributed.cli.dask_worker", options, lambda: b"Registered to" in log.read_bytes(), path=path
        )

    @contextmanager
    def joined_by(self, path: Path) -> Iterator[None]:
        """Meanwhile have another worker, with `path` as in `add_worker`."""
        worker, left = self.add_worker(path), (self._folder / "0.log").read_bytes().count(b"Remove worker")
        try:
            yield
        finally:
            worker.kill()
            _wait(lambda: (self._folder / "0.log").read_bytes().count(b"Remove worker") > left)

    def end(self) -> None:
        """End all that was started."""
        for process in reversed(self._started):
            process.kill()
            process.wait()

    def _log(self) -> Path:
        return self._folder / f"{len(self._started)}.log"

    def _start(
        self, module: str, options: tuple[str, ...], known: Callable[[], bool], path: Path | None = None
    ) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", module, "--host", "127.0.0.1", "--no-dashboard", *options]
        modules = os.pathsep.join(map(str, filter(None, (path, self._package))))
        environment = os.environ | self._environment | {"PYTHONPATH": modules}
        with self._log().open("wb") as log:
            process = subprocess.Popen(command, env=environment, cwd=self._folder, stdout=log, stderr=log)
        self._started.append(process)
        _wait(lambda: process.poll() is not None or known())
        assert process.poll() is None
        return process


def _wait(done: Callable[[], bool]) -> None:
    until = time.monotonic() + WITHIN_S
    while not done():
        assert time.monotonic() < until, "it takes too long"
        time.sleep(0.02)


def _is_whole(file: Path) -> bool:
    try:
        json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        return False
    return True


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with storesim as this process has it: who edits it during the tests does not make workers unlike."""
    folder = tmp_path_factory.mktemp("package")
    Expected.here()
    shutil.copytree(Path(storesim.__file__).parent, folder / "storesim", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(scope="module")
def make_cluster(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Cluster]]:
    """Start a scheduler with workers; all ends with the module's tests."""
    made: list[Cluster] = []

    def make(workers: int = 0, protocol: str = "tcp", **environment: str) -> Cluster:
        made.append(Cluster(tmp_path_factory.mktemp("cluster"), package, protocol, environment))
        for _ in range(workers):
            made[-1].add_worker()
        return made[-1]

    yield make
    for cluster in made:
        cluster.end()


@pytest.fixture(scope="module")
def cluster(make_cluster: Callable[..., Cluster]) -> Cluster:
    """A scheduler and two workers, for tests that leave them as they are."""
    return make_cluster(workers=2)
