"""The temporary folder and database of a calibration: of bounded memory, and never left behind for long."""

import errno
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

import duckdb

MEMORY_LIMIT = "1200MB"
"""Of the database; the process needs half a gigabyte besides."""
THREADS = 2
PREFIX = "storesim-calibrate-"
OWNER = "owner"
"""File that the process at work holds locked; the system lets go of it, however the process ends."""
_FULL = ("no space left", "not enough space", "max_temp_directory_size", "disk quota")


class NoRoomError(Exception):
    """The disk of the temporary folder is full; says what to do."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} has no room left for the temporary database, and nothing was written; make room (about twice "
            "the size of the extract as plain CSV), or set TMPDIR to a folder on a bigger disk"
        )


@contextmanager
def open_workspace() -> Iterator[tuple[Path, duckdb.DuckDBPyConnection]]:
    """Open a database in a temporary folder, which is deleted at the end.

    Whoever is killed deletes nothing: folders of calibrations that were are deleted first.

    Raises:
        NoRoomError: the disk is too full for the database, now or while it is used.
    """
    sweep(Path(gettempdir()))
    with TemporaryDirectory(prefix=PREFIX) as name, _locked(Path(name)), _database(Path(name)) as db:
        yield Path(name), db


@contextmanager
def room(folder: Path) -> Iterator[None]:
    """Say in one sentence that the disk of a temporary folder is full, while something is written into it.

    Raises:
        NoRoomError: it is.
    """
    try:
        yield
    except (duckdb.Error, OSError) as error:
        if is_full(error):
            raise NoRoomError(folder.parent) from error
        raise


def is_full(error: duckdb.Error | OSError) -> bool:
    """Whether a disk being full is what went wrong."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return any(words in str(error).casefold() for words in _FULL)


@contextmanager
def _database(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "threads": THREADS,
        "temp_directory": str(folder / "spill"),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    try:
        with duckdb.connect(str(folder / "pos.duckdb"), config=config) as db:
            yield db
    except duckdb.Error as error:
        if is_full(error):
            raise NoRoomError(folder.parent) from error
        raise


def sweep(parent: Path) -> None:
    """Delete the workspaces in a folder whose process has ended without doing so."""
    for folder in parent.glob(f"{PREFIX}*"):
        if _is_abandoned(folder):
            shutil.rmtree(folder, ignore_errors=True)


if sys.platform == "win32":

    @contextmanager
    def _locked(folder: Path) -> Iterator[None]:
        with (folder / OWNER).open("wb"):
            yield

    def _is_abandoned(folder: Path) -> bool:
        """Whether the lock can be deleted: Windows deletes no open file."""
        try:
            (folder / OWNER).unlink()
        except OSError:
            return False
        return True

else:
    import fcntl
    import os

    @contextmanager
    def _locked(folder: Path) -> Iterator[None]:
        taken = folder / f"{OWNER}-to-be"
        with taken.open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            taken.rename(folder / OWNER)  # there only once it is locked, so that nobody sweeps a folder just made
            yield

    def _is_abandoned(folder: Path) -> bool:
        """Whether the folder is one's own, and nobody holds its lock."""
        try:
            if folder.stat().st_uid != os.geteuid():
                return False
            with (folder / OWNER).open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
