"""What happens in a process that plays for another: whom it listens to, and when it ends."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Ending:
    """When this process may be ended: while it plays, and not while it sends a result.

    Half a result would let its parent wait for the other half for ever.
    """

    is_playing = False
    is_asked = False


def begin() -> None:
    """Leave Ctrl-C to the parent, end when asked to, and end when the parent ends, even by SIGKILL."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _be_asked)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def play_task(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what a function returns; meanwhile this process ends at once when it is asked to."""
    Ending.is_playing = True
    if Ending.is_asked:
        _end()
    try:
        return function(*args, **kwargs)
    finally:
        Ending.is_playing = False


def be_done() -> None:
    """Return."""


def _be_asked(*_: object) -> None:
    Ending.is_asked = True
    if Ending.is_playing:
        _end()


def _end_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        _end()


def _end() -> None:
    os._exit(1)
