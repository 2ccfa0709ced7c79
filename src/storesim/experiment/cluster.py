"""Connects to a Dask cluster, and makes sure before anything is played that its workers are like this process."""

import logging
import warnings
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from storesim.experiment.cluster_address import check_address, refuse_silent
from storesim.experiment.cluster_executor import ClusterExecutor, watched
from storesim.experiment.cluster_failures import ClusterError, Patience
from storesim.experiment.on_worker import Expected, complaint
from storesim.results.interrupts import interrupts_put_off

if TYPE_CHECKING:
    import distributed

__all__ = ["ClusterError", "Patience", "check_address", "cluster_executor", "sharing"]

CLOSED_WITHIN_S = 2.0
MARK = ".shared-{}.tmp"
"""The file that is left in a folder to see whether workers see it; like all that ends so, a killed run's goes later."""
PATIENCE = Patience()
NOISY = ("distributed", "tornado", "asyncio")


@contextmanager
def cluster_executor(address: str, patience: Patience = PATIENCE) -> Iterator[ClusterExecutor]:
    """Yield an executor whose tasks are played by the workers of a Dask cluster.

    Args:
        address: of its scheduler, as in tcp://host:8786 or tls://host:8786.
        patience: how long to wait.

    Raises:
        ClusterError: it cannot be reached, or used, or was lost.
    """
    _refuse_missing()
    with _quiet(), _connected(address, patience) as client:
        executor = ClusterExecutor(client, address, patience, Expected.here())
        _refuse_others(executor)
        try:
            with watched(executor):
                yield executor
        except (ImportError, AttributeError):
            _refuse_others(executor)  # a worker that came later may have another storesim, or none
            raise
        finally:
            executor.shutdown(wait=False, cancel_futures=True)


@contextmanager
def sharing(executor: Executor, folder: Path | None) -> Iterator[Path | None]:
    """Yield a folder under the name by which tasks may leave files there, of whatever executor.

    A hidden file marks it meanwhile, for the workers of a cluster to see.

    Raises:
        ClusterError: there are workers that do not see it, or cannot write to it.
    """
    if folder is None or not isinstance(executor, ClusterExecutor):
        yield folder
        return
    mark = folder.resolve() / MARK.format(uuid4().hex)
    mark.touch()
    executor.expected = Expected.here(mark)
    try:
        _refuse_others(executor)
        yield mark.parent
    finally:
        executor.expected = Expected.here()
        mark.unlink(missing_ok=True)


def _refuse_missing() -> None:
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise ClusterError("--cluster needs pip install 'storesim[cluster]'") from None


def _refuse_others(executor: ClusterExecutor) -> None:
    """Look at every worker.

    Raises:
        ClusterError: some are not as expected, or do not answer.
    """
    alike: dict[str, list[str]] = {}
    for worker, answer in sorted(executor.ask_all(complaint, executor.expected).items()):
        if says := _say(answer):
            alike.setdefault(says, []).append(worker)
    if alike:
        raise ClusterError("; ".join(f"worker {_first(workers)} {says}" for says, workers in alike.items()))


def _first(workers: list[str]) -> str:
    return workers[0] + (f" (one of {len(workers)} alike)" if len(workers) > 1 else "")


def _say(answer: Any) -> str | None:
    """Return what is wrong with a worker that answers so."""
    match answer:
        case None | OSError():  # or it died meanwhile
            return None
        case ImportError() | AttributeError():
            return f"cannot load this storesim ({answer}); install there what is here, and start it anew"
        case Exception():
            return f"cannot be asked for its versions ({answer})"
    return str(answer)


@contextmanager
def _connected(address: str, patience: Patience) -> Iterator["distributed.Client"]:
    """Yield a client of a cluster that has a worker; nothing of it is left afterwards."""
    import distributed

    refuse_silent(address, patience.start_s)
    try:
        client = distributed.Client(address, timeout=patience.start_s, set_as_default=False)
    except Exception as error:
        raise ClusterError(f"the Dask scheduler at {address} cannot be used: {error}") from error
    try:
        _wait_for_worker(client, address, patience)
        yield client
    finally:
        with interrupts_put_off():
            client.close(timeout=CLOSED_WITHIN_S)


def _wait_for_worker(client: "distributed.Client", address: str, patience: Patience) -> None:
    try:
        client.wait_for_workers(1, timeout=patience.start_s)
    except TimeoutError:
        raise ClusterError(
            f"the Dask scheduler at {address} has no workers; start some: dask worker {address} --nthreads 1"
        ) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask from writing to the terminal meanwhile: what matters is raised."""
    loggers = [logging.getLogger(name) for name in (*logging.root.manager.loggerDict, *NOISY)]
    levels = {logger: logger.level for logger in loggers if logger.name.split(".")[0] in NOISY}
    try:
        for logger in levels:
            logger.setLevel(logging.CRITICAL + 1)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module=r"distributed\.")
            yield
    finally:
        for logger, level in levels.items():
            logger.setLevel(level)
