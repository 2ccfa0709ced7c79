"""What happens on a worker of a cluster: it looks whether it is like the parent, and then plays."""

import hashlib
import os
import platform
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar

import storesim
from storesim.experiment.digest import versions

T = TypeVar("T")
ONE_AT_A_TIME = threading.Lock()
"""A worker with several threads plays one task after the other: so a scenario is prepared once in it."""


@dataclass(frozen=True)
class Expected:
    """What a worker must have so that its numbers and files are those of the parent."""

    versions: tuple[tuple[str, str], ...]
    """Of Python and of packages, as (name, version)."""
    mark: Path | None
    """A file that the parent left in the folder where workers leave theirs; None when they leave none."""

    @classmethod
    def here(cls, mark: Path | None = None) -> "Expected":
        """Return what this process has."""
        return cls(tuple((name, _version(name)) for name in (*versions(), "distributed")), mark)


@dataclass(frozen=True)
class Refused:
    """The answer of a worker that does not play; not an exception, as Dask would try those again elsewhere."""

    why: str


class Parcel:
    """A call that is made where this is unpickled, as `pickle.loads(pickle.dumps(parcel))` returns its result.

    What cannot be unpickled, as where there is no storesim, would end a Dask worker; and its scheduler unpickles
    tasks too. Both can always unpickle `pickle.loads` and bytes.
    """

    def __init__(self, function: Callable[..., Any], *arguments: Any):
        self._call = function, arguments

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self._call


def run_there(expected: Expected, function: Callable[..., T], *arguments: Any) -> T | Refused:
    """Return what the function returns, or why this worker must not call it."""
    why = complaint(expected)
    if why:
        from distributed import get_worker

        return Refused(f"worker {get_worker().address} {why}")
    with ONE_AT_A_TIME:
        return function(*arguments)


@lru_cache(maxsize=1)
def complaint(expected: Expected) -> str | None:
    """Return what is not as expected in this process, and what to do; None when all is."""
    found = Expected.here(expected.mark).versions
    other = [f"{name} {there} (here {here})" for (name, there), (_, here) in zip(found, expected.versions, strict=True)
             if there != here]  # fmt: skip
    if other:
        return f"has {', '.join(other)}; install there what is here, and start it anew"
    mark = expected.mark
    if mark and not (mark.exists() and os.access(mark.parent, os.W_OK)):
        lacks = "write to" if mark.exists() else "see"
        return f"cannot {lacks} {mark.parent}; name a folder that all workers share, or write events: none"
    return None


def _version(name: str) -> str:
    """Return a version; for storesim with a digest of its files, as two checkouts may say the same of themselves."""
    try:
        found = platform.python_version() if name == "python" else version(name)
    except PackageNotFoundError:
        return "none"
    return f"{found} with files {_files()}" if name == "storesim" else found


@cache
def _files() -> str:
    """Return a digest of storesim's modules, as they are when it is first asked for: those that this process runs."""
    root, whole = Path(storesim.__file__).parent, hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        whole.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return whole.hexdigest()[:8]
