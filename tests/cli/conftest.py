"""Commands are tested as a user meets them: as processes."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


Storesim = Callable[..., Said]


@pytest.fixture
def storesim(tmp_path: Path) -> Storesim:
    """Run a command in an empty folder."""

    def run(*words: object, cwd: Path | None = None, **settings: str) -> Said:
        done = subprocess.run(
            [sys.executable, "-m", "storesim", *map(str, words)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=cwd or tmp_path,
            env={**os.environ, **settings},
            timeout=180,
            check=False,
        )
        assert "Traceback" not in done.stderr or settings.get("STORESIM_DEBUG")
        return Said(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def root() -> Path:
    """The source tree."""
    return ROOT


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A run of the small shop, and what was printed."""
    folder = tmp_path_factory.mktemp("small") / "run"
    words = ["run", str(ROOT / "scenarios" / "small_shop.yaml"), "--out", str(folder), "--replications", "3"]
    done = subprocess.run(
        [sys.executable, "-m", "storesim", *words, "--workers", "1"],
        capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder, done.stdout
