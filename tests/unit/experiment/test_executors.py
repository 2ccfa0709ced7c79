"""Executors: the same interface in this process and in others, and who hears of a Ctrl-C."""

import os
import signal
import time
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from storesim.experiment.executors import SerialExecutor, each, gather, make_executor, opened


def fail(words: str) -> None:
    raise ValueError(words)


def interrupt() -> None:
    raise KeyboardInterrupt


def lose_the_interrupt() -> None:
    """Raise something else for a Ctrl-C, as ZipFile does when it is struck while closing."""
    with suppress(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    raise ValueError("cannot close")


def interrupts_are_ignored() -> bool:
    return signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def process_id(wait_s: float) -> int:
    time.sleep(wait_s)
    return os.getpid()


def be_deaf(says_who: Path) -> None:
    """Leave the number of this process, and hear of no signal for a while, as when a library writes a log."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    says_who.with_suffix(".pid").write_text(str(os.getpid()))
    says_who.with_suffix(".pid").rename(says_who)
    time.sleep(0.5)


@pytest.fixture(scope="module")
def two() -> Executor:
    with make_executor(2) as executor:
        yield executor


def test_one_worker_is_this_process() -> None:
    with make_executor(1) as executor:
        assert isinstance(executor, SerialExecutor)
        assert executor.submit(process_id, 0).result() == os.getpid()


def test_two_workers_are_two_other_processes(two: Executor) -> None:
    found = {future.result(timeout=60) for future in [two.submit(process_id, 0.3) for _ in range(4)]}
    assert len(found) == 2
    assert os.getpid() not in found


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failure_comes_with_the_result(workers: int) -> None:
    with make_executor(workers) as executor:
        future = executor.submit(fail, "no such bay")
        with pytest.raises(ValueError, match="no such bay"):
            future.result(timeout=60)


def test_a_ctrl_c_in_this_process_ends_it_at_once() -> None:
    """Nothing may be submitted after it: it is no failure of one task."""
    with make_executor(1) as executor, pytest.raises(KeyboardInterrupt):
        executor.submit(interrupt)


def test_other_processes_leave_a_ctrl_c_to_the_parent(two: Executor) -> None:
    """A terminal sends it to all of them; the files they are writing must become whole."""
    assert two.submit(interrupts_are_ignored).result(timeout=60)


def test_making_a_pool_leaves_ctrl_c_as_it_was() -> None:
    handler, mask = signal.getsignal(signal.SIGINT), signal.pthread_sigmask(signal.SIG_BLOCK, ())
    make_executor(2).shutdown()
    assert signal.getsignal(signal.SIGINT) is handler
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == mask


def test_a_pool_can_be_made_in_any_thread() -> None:
    """In a notebook's or a server's, where signals cannot be handled."""

    def elsewhere() -> int:
        with make_executor(2) as executor:
            return executor.submit(process_id, 0).result(timeout=60)

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(elsewhere).result(timeout=60) != os.getpid()


def test_a_ctrl_c_that_something_swallowed_is_heard_after_the_task() -> None:
    """As in a destructor: what is raised there is dropped."""
    begun = []

    def swallow() -> None:
        begun.append(True)
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)

    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            gather(SerialExecutor(), swallow, [(), (), ()])
    finally:
        signal.signal(signal.SIGINT, handler)
    assert len(begun) == 1


def test_what_fails_after_a_ctrl_c_ends_as_that_ctrl_c() -> None:
    with make_executor(1) as executor, pytest.raises(KeyboardInterrupt):
        each(executor, lose_the_interrupt, [()], keep=lambda *_: None)


def test_results_are_kept_as_they_come(two: Executor) -> None:
    kept: list[int] = []
    each(two, process_id, [(0.5,), *[(0.0,)] * 5], keep=lambda number, _: kept.append(number))
    assert sorted(kept) == list(range(6))
    assert kept[-1] == 0, "the slow one comes last, though it was the first"


def test_who_ends_early_waits_until_nobody_plays(tmp_path: Path) -> None:
    """A file begun after the folder has been cleared would stay in it torn."""
    files = [tmp_path / "one", tmp_path / "two"]

    def interrupted_meanwhile() -> None:
        with opened(2) as executor:
            for file in files:
                executor.submit(be_deaf, file)
            while not all(file.exists() for file in files):
                time.sleep(0.01)
            interrupt()

    with pytest.raises(KeyboardInterrupt):
        interrupted_meanwhile()
    for file in files:
        with pytest.raises(ProcessLookupError):
            os.kill(int(file.read_text()), 0)
