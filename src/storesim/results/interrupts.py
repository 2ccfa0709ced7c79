"""Ctrl-C put off while a library works that would swallow it, and noted where one swallowed it all the same."""

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

HEARD_WITHIN_S = 0.1
T = TypeVar("T")


@contextmanager
def interrupts_put_off() -> Iterator[None]:
    """Let a Ctrl-C that comes meanwhile wait until the end; only the main thread is ever interrupted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
    if came:
        signal.raise_signal(signal.SIGINT)


@contextmanager
def interrupts_noted() -> Iterator[Callable[[], None]]:
    """Yield a check that raises KeyboardInterrupt if a Ctrl-C came meanwhile: where it struck, it may have been lost.

    Python drops exceptions in destructors and callbacks, and so do libraries here and there, or raise others for them:
    what fails after a Ctrl-C ends as that Ctrl-C.
    """
    handler = signal.getsignal(signal.SIGINT)
    if not callable(handler) or threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    came: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        came.append(number)
        handler(number, frame)

    def check() -> None:
        if came:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, note)
    try:
        yield check
    except Exception:
        check()
        raise
    finally:
        signal.signal(signal.SIGINT, handler)


def interruptibly(work: Callable[[], T], stop: Callable[[], None]) -> T:
    """Return what `work` returns, of a library that hears no Ctrl-C: at one, `stop` is called until the work ends."""
    with ThreadPoolExecutor(1) as thread:
        working = thread.submit(work)
        try:
            while not wait([working], HEARD_WITHIN_S).done:
                pass
        except BaseException:
            while not wait([working], HEARD_WITHIN_S).done:
                stop()  # more than once: an interrupt that comes before the library begins is lost
            raise
        return working.result()
