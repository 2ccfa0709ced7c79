"""Every figure of a fixed run directory as it was when last looked at: a change here is a change of pictures.

`small_run` is the small shop, three days, with its events taken out and a cost of relaying put in; figures need
nothing else. Renew after a wanted change, and look at the pictures:

    python tests/golden/test_golden_figures.py FOLDER-FOR-THE-PICTURES
"""

import csv
import hashlib
import shutil
import sys
from pathlib import Path

import matplotlib as mpl
import pytest

from storesim.report.plots import PLOTS, write_figures
from storesim.report.run_directory import RunDirectory

RUN = Path(__file__).parent / "small_run"
EXPECTED = Path(__file__).parent / "expected" / "figures.csv"
VERSION = "matplotlib"
SOME = ("flow", "difference", "queue")
"""Kinds that all that others draw with is in."""


def digests(folder: Path) -> dict[str, str]:
    """Draw all figures as SVG into a copy of the run, and return a checksum of each."""
    run = folder / "run"
    shutil.copytree(RUN, run)
    drawn = write_figures(RunDirectory.open(run), tuple(PLOTS), "svg")
    return {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in drawn}


def expected() -> dict[str, str]:
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        return dict(csv.reader(file))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return digests(tmp_path_factory.mktemp("figures"))


def test_every_figure_is_as_it_was(drawn: dict[str, str]) -> None:
    """Another matplotlib draws other bytes: the pinned one counts."""
    was = expected()
    assert mpl.__version__ == was.pop(VERSION), "the pictures were drawn with the matplotlib of constraints.txt"
    assert [name for name in drawn if drawn[name] != was.get(name)] == []
    assert sorted(drawn) == sorted(was)


def test_every_kind_has_a_figure(drawn: dict[str, str]) -> None:
    assert {kind for kind in PLOTS if not any(name.startswith(kind) for name in drawn)} == set()


@pytest.mark.parametrize("figure_format", ["png", "pdf"])
def test_the_same_run_gives_the_same_bytes(tmp_path: Path, figure_format: str) -> None:
    """From a run directory alone, wherever it is."""
    found = []
    for name in ("one", "two"):
        shutil.copytree(RUN, tmp_path / name)
        files = write_figures(RunDirectory.open(tmp_path / name), SOME, figure_format)  # type: ignore[arg-type]
        found.append({path.name: path.read_bytes() for path in files})
    assert found[0] == found[1]
    assert {Path(name).suffix for name in found[0]} == {f".{figure_format}"}


if __name__ == "__main__":
    figures = digests(Path(sys.argv[1]))
    with EXPECTED.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([(VERSION, mpl.__version__), *sorted(figures.items())])
