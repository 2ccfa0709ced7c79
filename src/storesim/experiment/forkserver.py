"""The process that workers are forked from: begun early, as its imports take as long as reading a scenario does."""

import multiprocessing
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver, resource_tracker

from storesim.results.interrupts import interrupts_put_off

CONTEXT = multiprocessing.get_context("forkserver")


def begin_forkserver(workers: int) -> None:
    """Let the process for so many workers begin, if there is to be any, and return at once."""
    if workers > 1:
        with interrupts_kept_from_children():
            CONTEXT.set_forkserver_preload(["storesim.experiment.replication"])
            forkserver.ensure_running()


@contextmanager
def interrupts_kept_from_children() -> Iterator[None]:
    """Put off a Ctrl-C until processes have started, which inherit the blocked signal: neither dies half-made."""
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
