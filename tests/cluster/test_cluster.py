"""A Dask cluster plays the same bytes as this process, whoever dies meanwhile, or says in a sentence why it cannot."""

import os
import pickle
import signal
import time
from concurrent.futures import Executor, ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from threading import Timer
from types import SimpleNamespace

import numpy as np
import pytest

from storesim.experiment.cluster import ClusterError, Patience, cluster_executor, sharing
from storesim.experiment.cluster_executor import ClusterExecutor
from storesim.experiment.executors import SerialExecutor, gather
from storesim.experiment.on_worker import Expected, run_there
from storesim.experiment.replication import replicate_there
from storesim.inputs.case import Scenario

REPLICATIONS = 3
HASTY = Patience(silent_s=2.0, deserted_s=1.0, look_every_s=0.2)
NAP = "import time; time.sleep(0.2)"
DIE = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"


def played(executor: Executor, scenario: Scenario, folder: Path, after_first: str = "") -> dict[str, bytes]:
    """Return the outcomes and the files of some replications, as bytes, by name; some worker runs code meanwhile."""

    def progress(done: int, _: int) -> None:
        if done == 1 and after_first:
            executor.submit(exec, after_first)

    with sharing(executor, folder) as out:
        tasks = [(pickle.dumps(scenario), replication, out) for replication in range(REPLICATIONS)]
        outcomes = gather(executor, replicate_there, tasks, progress)
    found = {f"outcome {one.replication}": pickle.dumps(one) for one in outcomes}
    return found | {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def dying_once(flag: Path) -> str:
    """Return code that kills the first process to run it, as the system does when memory runs out."""
    return f"import pathlib\nflag = pathlib.Path({str(flag)!r})\nif not flag.exists():\n    flag.touch()\n    {DIE}"


@pytest.fixture(scope="module")
def here(small_scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What this process plays."""
    found = played(SerialExecutor(), small_scenario, tmp_path_factory.mktemp("here"))
    assert len(found) == REPLICATIONS * (2 + len(small_scenario.cases))  # an outcome, customers, events of each variant
    return found


def test_a_cluster_plays_the_same_bytes(cluster, small_scenario, tmp_path, here) -> None:
    with cluster_executor(cluster.address) as executor:
        assert played(executor, small_scenario, tmp_path) == here


def test_a_worker_killed_half_way_loses_nothing(cluster, small_scenario, tmp_path, here) -> None:
    (folder := tmp_path / "run").mkdir()
    cluster.add_worker()
    with cluster_executor(cluster.address) as executor:
        assert played(executor, small_scenario, folder, dying_once(tmp_path / "died")) == here
    assert (tmp_path / "died").exists()


def test_a_worker_that_its_nanny_starts_anew_goes_on(make_cluster, tmp_path) -> None:
    alone = make_cluster()
    alone.add_worker(nanny=True)
    with cluster_executor(alone.address) as executor:
        gather(executor, exec, [(NAP,), (dying_once(tmp_path / "died"),), (NAP,)])
    assert (tmp_path / "died").exists()


def test_arguments_arrive_as_they_are(cluster) -> None:
    """Small and large bytes, arrays, keywords."""
    large = bytes(1_000_000)
    with cluster_executor(cluster.address) as executor:
        assert executor.submit(len, large).result() == len(large)
        assert executor.submit(dict, [(b"small", large[:10])], more=np.arange(3.0)).result()["more"].tolist() == [
            0,
            1,
            2,
        ]
        assert executor.submit(np.add, np.arange(100_000.0), 1.0).result()[-1] == 100_000.0


def test_large_bytes_are_sent_once() -> None:
    """A thousand tasks do not carry the scenario a thousand times."""
    client, large = Recorder(), bytes(1_000_000)
    executor = ClusterExecutor(client, "tcp://127.0.0.1:1", Patience(), Expected.here())
    for replication in range(40):
        executor.submit(replicate_there, large, replication)
    assert len(large) < sum(client.sent) < 1.1 * len(large)


class Recorder:
    """A client that only measures what it is given."""

    status, loop = "running", SimpleNamespace(add_callback=lambda *_: None)

    def __init__(self) -> None:
        self.sent: list[int] = []

    def submit(self, _: object, data: bytes, **__: object) -> None:
        self.sent.append(len(data))


def test_a_worker_with_several_threads_plays_one_task_after_the_other() -> None:
    expected, code = Expected.here(), "(time.monotonic(), time.sleep(0.1), time.monotonic())"
    with ThreadPoolExecutor(3) as threads:
        spans = sorted(threads.map(run_there, [expected] * 3, [eval] * 3, [code] * 3, [{"time": time}] * 3))
    assert all(ended <= begun for (_, _, ended), (begun, _, _) in pairwise(spans))


def test_a_failure_there_is_one_here(cluster) -> None:
    with cluster_executor(cluster.address) as executor, pytest.raises(ZeroDivisionError):
        gather(executor, divmod, [(1, 1), (1, 0)])


def test_a_task_that_kills_every_worker_is_given_up(make_cluster) -> None:
    frail = make_cluster(workers=1, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0")
    with cluster_executor(frail.address) as executor, pytest.raises(ClusterError, match=r"^a worker died.*memory"):
        gather(executor, exec, [(DIE,)])


def test_a_cluster_that_loses_all_workers_is_given_up(make_cluster) -> None:
    alone = make_cluster()
    worker = alone.add_worker()
    with cluster_executor(alone.address, HASTY) as executor:
        Timer(0.3, worker.kill).start()
        with pytest.raises(ClusterError, match="there has been no worker"):
            gather(executor, exec, [(NAP,)] * 50)


@pytest.mark.parametrize(("by", "says"), [(signal.SIGKILL, "is gone"), (signal.SIGSTOP, "does not answer any more")])
def test_a_scheduler_that_ends_is_given_up_within_seconds(make_cluster, by, says) -> None:
    lost = make_cluster(workers=1)
    with cluster_executor(lost.address, HASTY) as executor:
        Timer(0.3, os.kill, (lost.scheduler.pid, by)).start()
        began = time.monotonic()
        with pytest.raises(ClusterError, match=says):
            gather(executor, exec, [(NAP,)] * 50)
        with pytest.raises(ClusterError):
            gather(executor, exec, [(NAP,)])
    assert time.monotonic() - began < 20


def test_what_is_cancelled_is_dropped(cluster) -> None:
    with cluster_executor(cluster.address) as executor:
        futures = [executor.submit(exec, NAP) for _ in range(50)]
        executor.shutdown(wait=False, cancel_futures=True)
        executor.shutdown(wait=True)
        assert sum(future.cancelled() for future in futures) > 20
    with cluster_executor(cluster.address) as executor:
        began = time.monotonic()
        executor.submit(exec, "").result()
    assert time.monotonic() - began < 3, "what was queued is played"
