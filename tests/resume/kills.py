"""Runs that are killed: started as people start them, ended by SIGKILL, held against a run that nothing disturbed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
OUT = "run"


@dataclass(frozen=True)
class Trial:
    """A folder with copies of the small shop's files, in which a run is started."""

    folder: Path
    replications: int

    @classmethod
    def make(cls, folder: Path, replications: int) -> "Trial":
        """Copy the files."""
        for name in ("data/small", "layouts", "scenarios"):
            shutil.copytree(ROOT / name, folder / name)
        return cls(folder, replications)

    @property
    def out(self) -> Path:
        return self.folder / OUT

    def start(self, *options: str) -> "subprocess.Popen[str]":
        """Start the run; from the same folder always by the same words, as the manifest quotes them."""
        words = ["run", "scenarios/small_shop.yaml", "--replications", str(self.replications), "--workers", "2"]
        return subprocess.Popen(
            [sys.executable, "-m", "storesim", *words, "--out", OUT, "--no-report", *options],
            cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            # What a shell starts in the background inherits an ignored Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip

    def finish(self, *options: str) -> float:
        """Run to the end, and return how long it took, in seconds.

        Raises:
            RuntimeError: it failed.
        """
        began = time.monotonic()
        process = self.start(*options)
        _, said = process.communicate(timeout=300)
        if process.returncode:
            raise RuntimeError(said)
        return time.monotonic() - began

    def kill_after(self, seconds: float, *options: str) -> bool:
        """Start the run and SIGKILL its parent after so long; return False when it was over by then."""
        process = self.start(*options)
        try:
            process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.communicate(timeout=60)
            return True
        return False

    def bytes_of(self) -> dict[str, bytes]:
        """Return the bytes of every file of the run."""
        return {path.relative_to(self.out).as_posix(): path.read_bytes() for path in files(self.out)}


def files(folder: Path) -> Sequence[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def torn(folder: Path) -> list[str]:
    """Return the files of a run directory that cannot be read to their end; what is being written has another name."""
    whole = [path for path in files(folder) if not path.name.endswith(".tmp")]
    return [path.name for path in whole if not _is_whole(path)]


def _is_whole(path: Path) -> bool:
    try:
        match path.suffix:
            case ".parquet":
                duckdb.read_parquet(str(path)).fetchall()
            case ".npz":
                with np.load(path) as arrays:
                    return all(arrays[name].size for name in arrays.files)
            case ".json":
                json.loads(path.read_text(encoding="utf-8"))
            case ".csv":
                return path.read_bytes().endswith(b"\n")
    except Exception:
        return False
    return True
