"""Where replications are played: in this process, or in several on this machine."""

import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from itertools import count, takewhile
from multiprocessing import resource_tracker
from typing import Any, ParamSpec, TypeVar

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


def make_executor(workers: int) -> Executor:
    """Return an executor with this many processes; 1 needs no other process."""
    if workers == 1:
        return SerialExecutor()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["storesim.experiment.replication"])
    executor = ProcessPoolExecutor(workers, mp_context=context, initializer=_leave_interrupts_to_the_parent)
    try:
        with _interrupts_put_off():
            for _ in range(workers):
                executor.submit(_leave_interrupts_to_the_parent)  # a task each, so that each process is started
    except BaseException:
        executor.shutdown(cancel_futures=True)
        raise
    return executor


def gather(
    executor: Executor,
    function: Callable[..., T],
    tasks: Sequence[tuple[Any, ...]],
    progress: Callable[[int, int], None] | None = None,
    rescue: Callable[[Iterable[T]], None] | None = None,
) -> tuple[T, ...]:
    """Call a function with the arguments of each task, and return in order once all are there.

    The first failure ends it. `progress` is called with (tasks done, tasks in all), and `rescue`, when it ends
    before its time, with the results up to the first that is not there.
    """
    finished = count(1)
    futures: list[Future[T]] = []
    try:
        with interrupts_noted() as check:
            for task in tasks:
                future = executor.submit(function, *task)
                if progress:
                    future.add_done_callback(lambda _: progress(next(finished), len(tasks)))
                futures.append(future)
                if future.done():
                    future.result()  # in this process: a failure must not wait for all others
                check()
            for future in as_completed(futures):
                future.result()
                check()
    except BaseException:
        if rescue:
            rescue(future.result() for future in takewhile(_is_fine, futures))
        raise
    return tuple(future.result() for future in futures)


def _is_fine(future: Future[Any]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def stop(executor: Executor) -> None:
    """End at once: what is queued never begins, what is being played is dropped; files that are whole stay."""
    processes = dict(getattr(executor, "_processes", None) or {})
    executor.shutdown(wait=False, cancel_futures=True)
    for process in processes.values():
        process.terminate()
    executor.shutdown(wait=True)


@contextmanager
def _interrupts_put_off() -> Iterator[None]:
    """Put off a Ctrl-C until the processes have started, which inherit the blocked signal: neither dies half-made."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is ever interrupted
        return
    resource_tracker.ensure_running()  # here, as starting it later would lift the block
    with interrupts_put_off():
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
