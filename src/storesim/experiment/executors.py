"""Where replications are played: in this process, or in several on this machine."""

import multiprocessing
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing import forkserver
from typing import ParamSpec, TypeVar

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
    _start_forkserver()
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_leave_interrupts_to_the_parent)


def _start_forkserver() -> None:
    """Start the server from which processes fork, deaf to Ctrl-C, so that they are so from birth.

    One that an interrupt met before its initializer ran would die with the queue's lock in its hands, and the parent
    would wait for ever.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        forkserver.ensure_running()
    finally:
        signal.signal(signal.SIGINT, heard)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
