"""Where replications are played: in this process, or in several on this machine."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

from storesim.experiment.child import be_done, begin, play_task
from storesim.experiment.cluster import cluster_executor
from storesim.experiment.forkserver import CONTEXT, begin_forkserver, interrupts_kept_from_children
from storesim.results.interrupts import interrupts_noted, interrupts_put_off

P = ParamSpec("P")
T = TypeVar("T")


class SerialExecutor(Executor):
    """Runs each task at once, in this process."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Return a future that is done already."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Processes(ProcessPoolExecutor):
    """Processes on this machine, that may be terminated at any moment without tearing a result."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Return a future; a Ctrl-C in here would leave a lock taken for ever, and waits."""
        with interrupts_put_off():
            return super().submit(partial(play_task, fn, *args, **kwargs))


def make_executor(workers: int) -> Executor:
    """Return an executor with this many processes; 1 needs no other process."""
    if workers == 1:
        return SerialExecutor()
    begin_forkserver(workers)
    executor = Processes(workers, mp_context=CONTEXT, initializer=begin)
    try:
        with interrupts_kept_from_children():
            for _ in range(workers):
                executor.submit(be_done)  # a task each, so that each process is started
    except BaseException:
        executor.shutdown(cancel_futures=True)
        raise
    return executor


@contextmanager
def opened(workers: int, cluster: str | None = None) -> Iterator[Executor]:
    """Yield an executor: this many processes, or the workers of the Dask cluster at an address.

    When something fails, what is queued or being played is dropped at once.

    Raises:
        ClusterError: the cluster cannot be reached or used.
    """
    if cluster:
        with cluster_executor(cluster) as remote:
            yield remote
        return
    with make_executor(workers) as executor:
        try:
            yield executor
        except BaseException:
            stop(executor)
            raise


def gather(
    executor: Executor,
    function: Callable[..., T],
    tasks: Sequence[tuple[Any, ...]],
    progress: Callable[[int, int], None] | None = None,
) -> tuple[T, ...]:
    """Call a function with the arguments of each task, and return in order once all are there.

    The first failure ends it. `progress` is called with (tasks done, tasks in all).
    """
    found: dict[int, T] = {}

    def keep(number: int, result: T) -> None:
        found[number] = result
        if progress:
            progress(len(found), len(tasks))

    each(executor, function, tasks, keep)
    return tuple(found[number] for number in range(len(tasks)))


def each(
    executor: Executor,
    function: Callable[..., T],
    tasks: Iterable[tuple[Any, ...]],
    keep: Callable[[int, T], None],
) -> None:
    """Call a function with the arguments of each task; `keep` is called with (its number, its result) as they finish.

    Nothing else holds a result. The first failure ends it.
    """
    numbers: dict[Future[T], int] = {}
    done: SimpleQueue[Future[T]] = SimpleQueue()

    def take() -> None:
        future = done.get()
        with interrupts_put_off():
            result = future.result()
        keep(numbers.pop(future), result)
        check()

    with interrupts_noted() as check:
        for number, task in enumerate(tasks):
            future = executor.submit(function, *task)
            numbers[future] = number
            with interrupts_put_off():  # which would leave the lock of a future taken for ever
                future.add_done_callback(done.put)
            while not done.empty():
                take()
        while numbers:
            take()


def stop(executor: Executor) -> None:
    """End at once: what is queued never begins, what is being played is dropped; files that are whole stay.

    Nobody writes any more when it returns, so that what is not whole can be cleared away.
    """
    processes = dict(getattr(executor, "_processes", None) or {})
    executor.shutdown(wait=False, cancel_futures=True)
    for process in processes.values():
        process.terminate()
    for process in processes.values():
        process.join()  # here, as an executor that was shut down waits for nobody
