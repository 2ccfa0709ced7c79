"""Commands in processes of their own, forked from one that has imported everything: a second less for each.

Imports themselves, signals and workers are tested on processes that begin from nothing.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn, Self

HEAVY = ("pandas", "scipy.stats", "scipy.optimize", "matplotlib.backends.backend_agg", "distributed")


@dataclass(frozen=True)
class Request:
    """A command to be run, and the files that take what it says."""

    words: Sequence[str]
    folder: str
    out: str
    err: str


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


Storesim = Callable[..., Said]


class Warm:
    """The process that commands are forked from; one command at a time."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.communicate(timeout=60)

    def run(self, request: Request, within_s: float) -> int:
        """Run a command, and return its exit code."""
        assert self._server.stdin
        assert self._server.stdout
        print(json.dumps(asdict(request)), file=self._server.stdin, flush=True)
        if not select.select([self._server.stdout], [], [], within_s)[0]:
            os.killpg(self._server.pid, signal.SIGKILL)
            raise TimeoutError(f"storesim {' '.join(request.words)}: not done after {within_s} s")
        return int(self._server.stdout.readline())


def serve() -> None:
    """Fork a process for every request that comes in, and say how it ended."""
    _import_everything()
    gc.freeze()  # or every process would copy it all, looking for what can go
    for line in sys.stdin:
        if os.fork() == 0:
            _be(Request(**json.loads(line)))
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.wait()[1])}\n")
        sys.stdout.flush()


def _import_everything() -> None:
    import storesim

    for module in pkgutil.walk_packages(storesim.__path__, "storesim."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in HEAVY:
        importlib.import_module(name)


def _be(request: Request) -> NoReturn:
    """Be what a shell would have started, and end as it does, but for tearing down all that was imported."""
    import storesim
    from storesim.cli import main

    os.chdir(request.folder)
    sys.argv = [str(Path(storesim.__path__[0]) / "__main__.py"), *request.words]
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, file in ((1, request.out), (2, request.err)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
    code = main()
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


if __name__ == "__main__":
    serve()
