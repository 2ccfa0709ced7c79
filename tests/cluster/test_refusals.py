"""A cluster that cannot be used: a sentence names the worker and the package, or the address; nothing is played."""

import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import pytest

from storesim.experiment.cluster import ClusterError, Patience, check_address, cluster_executor, sharing
from storesim.experiment.executors import gather

HASTY = Patience(start_s=0.5)
NAP = "import time; time.sleep(0.1)"


@contextmanager
def refused(says: str) -> Iterator[None]:
    """Expect a sentence."""
    with pytest.raises(ClusterError, match=says) as caught:
        yield
    assert "\n" not in str(caught.value)


def other_numpy(folder: Path) -> Path:
    """Make a folder for Python's path in which numpy says of itself to be another version."""
    (there := folder / "numpy-1.0.dist-info").mkdir(parents=True)
    (there / "METADATA").write_text("Metadata-Version: 2.1\nName: numpy\nVersion: 1.0\n")
    return folder


def no_storesim(folder: Path) -> Path:
    """Make a folder for Python's path with which there is no storesim."""
    folder.mkdir(exist_ok=True)
    (folder / "storesim.py").write_text("raise ModuleNotFoundError(\"No module named 'storesim'\", name='storesim')")
    return folder


def blind(folder: Path) -> Path:
    """Make a folder for Python's path with which marks are not seen, as on another machine."""
    code = "import pathlib\nsees = pathlib.Path.exists\n"
    code += "pathlib.Path.exists = lambda path, **kw: not path.name.startswith('.shared-') and sees(path, **kw)\n"
    (folder / "sitecustomize.py").write_text(code)
    return folder


@pytest.mark.parametrize("address", ["tcp://10.0.0.7:8786", "tls://dask.example:8786", "tcp://[::1]:8786"])
def test_addresses_of_schedulers(address: str) -> None:
    assert check_address(address) is None


@pytest.mark.parametrize(
    "address",
    ["", "8786", "10.0.0.7:8786", "tcp://10.0.0.7", "tcp://:8786", "http://h:80", "tcp://h:x", "tcp://h:99999", "tcp://h:1/a",
     "tcp://me:secret@h:1", "tcp://[::1:8786"],
)  # fmt: skip
def test_other_addresses_are_told_the_right_form(address: str) -> None:
    assert (
        check_address(address)
        == f"'{address}' is no address of a Dask scheduler; write tcp://HOST:PORT or tls://HOST:PORT"
    )


def test_dask_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with refused(re.escape("--cluster needs pip install 'storesim[cluster]'")), cluster_executor("tcp://127.0.0.1:1"):
        pass


def use(address: str, patience: Patience = HASTY) -> None:
    with cluster_executor(address, patience):
        pass


def test_a_port_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
    with refused(f"no Dask scheduler answers at {address}: connection refused"):
        use(address)


def test_a_server_that_says_nothing() -> None:
    """Dask's own client would wait for ever."""
    with socket.create_server(("127.0.0.1", 0)) as server, refused("nobody does, or it is a tls:// one"):
        use(f"tcp://127.0.0.1:{server.getsockname()[1]}")


def test_a_scheduler_without_workers(make_cluster) -> None:
    alone = make_cluster()
    with refused(f"{alone.address} has no workers; start some: dask worker {alone.address} --nthreads 1"):
        use(alone.address, Patience(start_s=2.0))


@pytest.fixture(scope="module")
def like(make_cluster):
    """A cluster with a worker that is as it should be."""
    return make_cluster(workers=1)


def test_workers_that_are_unlike_are_named(like, tmp_path: Path) -> None:
    other, none = other_numpy(tmp_path / "other"), no_storesim(tmp_path / "none")
    with like.joined_by(other), like.joined_by(none), like.joined_by(other), pytest.raises(ClusterError) as caught:
        use(like.address, Patience())
    other, without = sorted(str(caught.value).split("; worker"), key=lambda says: "numpy" not in says)
    does = "; install there what is here, and start it anew"
    assert re.search(rf"tcp://127.0.0.1:\d+ \(one of 2 alike\) has numpy 1.0 \(here {version('numpy')}\){does}$", other)
    assert re.search(rf"tcp://127.0.0.1:\d+ cannot load this storesim \(No module named 'storesim'\){does}$", without)


def test_a_worker_with_another_version_that_comes_later(like, tmp_path: Path) -> None:
    numpy, says = other_numpy(tmp_path), r"^worker tcp://127.0.0.1:\d+ has numpy 1.0"
    with refused(says), cluster_executor(like.address) as executor, like.joined_by(numpy):
        gather(executor, exec, [(NAP,)] * 10)


def test_a_worker_without_storesim_that_comes_later(make_cluster, tmp_path: Path) -> None:
    mixed = make_cluster()
    first = mixed.add_worker()
    with refused(r"^worker tcp://127.0.0.1:\d+ cannot load this storesim"), cluster_executor(mixed.address) as executor:
        mixed.add_worker(path=no_storesim(tmp_path))
        first.kill()
        executor.submit(len, "abc").result()


def test_a_worker_that_does_not_see_the_folder(like, tmp_path: Path) -> None:
    (run := tmp_path / "run").mkdir()
    with like.joined_by(blind(tmp_path)), cluster_executor(like.address) as executor:
        says = f"cannot see {run}; name a folder that all workers share, or write events: none"
        with refused(rf"^worker tcp://127.0.0.1:\d+ {says}"), sharing(executor, run):
            pass
        assert gather(executor, len, [("abc",)] * 10) == (3,) * 10, "without files they all play"
    assert list(run.iterdir()) == []


def test_a_worker_that_comes_later_and_does_not_see_the_folder(like, tmp_path: Path) -> None:
    (run := tmp_path / "run").mkdir()
    with refused("cannot see"), cluster_executor(like.address) as executor, sharing(executor, run) as out:
        assert out == run.resolve()
        with like.joined_by(blind(tmp_path)):
            gather(executor, exec, [(NAP,)] * 10)
    assert list(run.iterdir()) == []
