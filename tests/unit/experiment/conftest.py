"""Studies of the small shop, and runs that other tests may read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from storesim.experiment.study import Result, load

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def small_file() -> Path:
    """The small shop's scenario file."""
    return ROOT / "scenarios" / "small_shop.yaml"


@pytest.fixture(scope="session")
def small_result(small_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Three replications of the small shop, with their run directory: to be read, not changed."""
    return load(small_file, replications=3).run(out=tmp_path_factory.mktemp("runs") / "small")


@pytest.fixture
def small_variants(tmp_path: Path, small_file: Path) -> Callable[[str], Path]:
    """Write the small shop's scenario with other variants beside its baseline, `empty table`."""

    def write(variants: str) -> Path:
        head = small_file.read_text(encoding="utf-8").partition("  snacks at the door:")[0]
        path = tmp_path / "scenario.yaml"
        path.write_text(head.replace("../", f"{ROOT}/") + variants, encoding="utf-8")
        return path

    return write
