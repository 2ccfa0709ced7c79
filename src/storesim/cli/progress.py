"""A progress bar with the time left, for people at a terminal who wait longer than a moment."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE_S = 2.0
"""Shorter runs show nothing."""


@contextmanager
def progress_bar(words: str) -> Iterator[Callable[[int, int], None] | None]:
    """Yield what to call with (done, in all); None when stderr is no terminal, which keeps pipes silent."""
    if not sys.stderr.isatty():
        yield None
        return
    bar = _Bar(words)
    try:
        yield bar
    finally:
        bar.close()


@contextmanager
def progress_stages() -> Iterator[Callable[[str, int, int], None]]:
    """Yield what to call with (what is going on, done, in all): a bar for each stage in turn, silent in pipes."""
    stages = _Stages()
    try:
        yield stages if sys.stderr.isatty() else lambda *_: None
    finally:
        stages.close()


class _Stages:
    """One bar at a time."""

    def __init__(self) -> None:
        self.bar: _Bar | None = None

    def __call__(self, words: str, done: int, in_all: int) -> None:
        if self.bar is None or self.bar.words != words:
            self.close()
            self.bar = _Bar(words)
        self.bar(done, in_all)

    def close(self) -> None:
        if self.bar:
            self.bar.close()


class _Bar:
    """Appears once the wait is long enough."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.began_s = time.monotonic()
        self.shown: Progress | None = None

    def __call__(self, done: int, in_all: int) -> None:
        if self.shown is None and time.monotonic() - self.began_s > PATIENCE_S and done < in_all:
            self.shown = self._start(in_all)
        if self.shown is not None:
            self.shown.update(self.shown.task_ids[0], completed=done)
            if done == in_all:
                self.close()

    def _start(self, in_all: int) -> "Progress":
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        # Steps may take minutes: the time left is told by all of them, not by the last half minute's.
        bar = Progress(*columns, console=Console(stderr=True), transient=True, speed_estimate_period=3600)
        bar.add_task(self.words, total=in_all)
        bar.start()
        return bar

    def close(self) -> None:
        """Take the bar off the screen."""
        if self.shown is not None:
            self.shown.stop()
