"""An executor whose tasks are played by the workers of a Dask cluster."""

import pickle
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeGuard, TypeVar
from uuid import uuid4

from storesim.experiment.cluster_failures import ClusterError, Patience, lost, out_of_memory
from storesim.experiment.on_worker import Expected, Parcel, Refused, run_there

if TYPE_CHECKING:
    import distributed

P = ParamSpec("P")
T = TypeVar("T")

RETRIES = 2
"""How often a task that failed is tried again; Dask itself plays again what a lost worker had begun."""
LARGE_BYTES = 10_000
"""Bytes of at least this length go to each worker once, not with every task."""
KEPT = 4
"""How many of them are remembered here."""


class ClusterExecutor(Executor):
    """Submits tasks to a Dask cluster; futures fail with a `ClusterError` when it is lost."""

    expected: Expected
    """What every worker must have."""

    def __init__(self, client: "distributed.Client", address: str, patience: Patience, expected: Expected):
        self.expected, self.patience = expected, patience
        self.address = address
        self._client: Any = client  # of its types, half are not known, and some are wider than they need be
        self._sent: dict[bytes, Any] = {}
        self._waiting: dict[Future[Any], Any] = {}  # who takes a future out of it is who ends it

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Return the future of a call on some worker; the same large bytes are sent once, to each worker.

        Raises:
            ClusterError: the scheduler is lost.
        """
        if self._client.status != "running":
            raise lost(self.address)
        apart = [pickle.PickleBuffer(arg) if _is_large(arg) else arg for arg in args]
        parcel = Parcel(run_there, self.expected, partial(fn, **kwargs), *apart)
        there = self._client.submit(
            pickle.loads,
            pickle.dumps(parcel, protocol=5, buffer_callback=lambda buffer: not any(buffer is one for one in apart)),
            buffers=[self._send_once(arg) for arg in args if _is_large(arg)],
            key=f"{getattr(fn, '__name__', 'task')}-{uuid4().hex}",
            pure=False,
            retries=RETRIES,
        )
        here: Future[T] = Future()
        self._waiting[here] = there
        self._client.loop.add_callback(self._pass_on, here, there)
        return here

    def ask_all(self, function: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
        """Return what a function returns on every worker, or the exception that it raises, by address.

        Raises:
            ClusterError: a worker does not answer, or the scheduler is lost.
        """
        call = pickle.dumps(Parcel(function, *arguments))
        within_s = max(self.patience.start_s, self.patience.silent_s)
        try:
            return dict(self._client.run(pickle.loads, call, on_error="return", callback_timeout=within_s))
        except TimeoutError:
            raise ClusterError(f"a worker of {self.address} does not answer") from None
        except (OSError, CancelledError):
            raise lost(self.address) from None

    def count_workers(self) -> int:
        """Return how many workers there are.

        Raises:
            ClusterError: the scheduler is lost, or does not say.
        """
        try:
            threads = self._client.sync(self._client.scheduler.ncores, callback_timeout=self.patience.silent_s)
        except TimeoutError:
            raise ClusterError(f"the Dask scheduler at {self.address} does not answer any more") from None
        except Exception:  # of many classes
            threads = {}
        if self._client.status != "running":
            raise lost(self.address)
        return len(threads)

    def fail(self, error: BaseException) -> None:
        """Let every future that is waiting fail."""
        while future := self._take():
            if future.set_running_or_notify_cancel():
                future.set_exception(error)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for the futures, or cancel them; what is queued in the cluster is dropped when its client closes."""
        if cancel_futures:
            while future := self._take():
                future.cancel()
                future.set_running_or_notify_cancel()  # wakes who waits for it
        while wait and self._waiting:
            time.sleep(0.01)

    def _take(self) -> Future[Any] | None:
        try:
            return self._waiting.popitem()[0]
        except KeyError:
            return None

    def _send_once(self, data: bytes) -> Any:
        """Return the future of these bytes in the cluster: of a task, as Dask plays that again when they are lost."""
        if data not in self._sent:
            self._sent[data] = self._client.submit(bytes, data, key=f"scenario-{uuid4().hex}", pure=False)
            if len(self._sent) > KEPT:
                del self._sent[next(iter(self._sent))]
        return self._sent[data]

    async def _pass_on(self, here: Future[Any], there: Any) -> None:
        """Give a result, or why there is none, to the future that stands for it; in the client's own thread."""
        result, error = await self._outcome(there)
        if self._waiting.pop(here, None) is None or not here.set_running_or_notify_cancel():
            return
        if error:
            here.set_exception(error)
        else:
            here.set_result(result)

    async def _outcome(self, there: Any) -> tuple[Any, Exception | None]:
        from distributed import KilledWorker
        from distributed.comm.core import CommClosedError

        try:
            result = await self._client.gather(there, asynchronous=True)
        except (CancelledError, CommClosedError):
            return None, lost(self.address)
        except KilledWorker as killed:
            return None, out_of_memory(killed.allowed_failures + 1)
        except Exception as error:
            return None, error if self._client.status == "running" else lost(self.address)
        return (None, ClusterError(result.why)) if isinstance(result, Refused) else (result, None)


def _is_large(argument: object) -> TypeGuard[bytes]:
    return isinstance(argument, bytes) and len(argument) >= LARGE_BYTES


@contextmanager
def watched(executor: ClusterExecutor) -> Iterator[None]:
    """Meanwhile let all futures fail when nobody is left to play them."""
    over, every_s = threading.Event(), executor.patience.look_every_s
    thread = threading.Thread(target=_watch, args=(executor, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(every_s)


def _watch(executor: ClusterExecutor, over: threading.Event) -> None:
    peopled = time.monotonic()
    while not over.wait(executor.patience.look_every_s):
        now = time.monotonic()
        try:
            peopled = now if executor.count_workers() else peopled
            if now - peopled > executor.patience.deserted_s:
                raise ClusterError(f"there has been no worker at {executor.address} for {now - peopled:.0f} s")
        except ClusterError as error:
            executor.fail(error)
