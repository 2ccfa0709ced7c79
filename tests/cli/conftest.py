"""Commands are tested as a user meets them: as processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.warm import Request, Said, Storesim, Warm

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 300.0


@pytest.fixture(scope="session")
def forked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storesim]:
    """Run a command in a folder."""
    said = tmp_path_factory.mktemp("said")
    out, err = said / "out", said / "err"

    with Warm() as warm:

        def run(*words: object, cwd: Path) -> Said:
            code = warm.run(Request(tuple(map(str, words)), str(cwd), str(out), str(err)), PATIENCE_S)
            found = Said(code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))
            assert "Traceback" not in found.err
            return found

        yield run


@pytest.fixture
def storesim(forked: Storesim, tmp_path: Path) -> Storesim:
    """Run a command in an empty folder, or in another."""

    def run(*words: object, cwd: Path | None = None) -> Said:
        return forked(*words, cwd=cwd or tmp_path)

    return run


@pytest.fixture
def root() -> Path:
    """The source tree."""
    return ROOT


@pytest.fixture(scope="session")
def small_run(forked: Storesim, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A run of the small shop, and what was printed."""
    folder = tmp_path_factory.mktemp("small") / "run"
    words = ["run", ROOT / "scenarios" / "small_shop.yaml", "--out", folder, "--replications", 3, "--workers", 1]
    done = forked(*words, cwd=folder.parent)
    assert done.code == 0, done.err
    return folder, done.out
