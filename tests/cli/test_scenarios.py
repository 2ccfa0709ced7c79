"""Every shipped scenario is right as it is, and those of the store at work answer the way a merchandiser would expect."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

import storesim
from storesim.inputs.load import check_files

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))
Means = dict[str, dict[str, float]]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_shipped_scenarios_have_no_mistake(path: Path) -> None:
    assert list(check_files([path])) == []


@pytest.fixture
def played(tmp_path: Path) -> Callable[..., Means]:
    """Play a quiet copy of a shipped scenario; return variant -> response -> mean."""

    def play(name: str, **replaced: str) -> Means:
        text = (ROOT / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8")
        here = os.path.relpath(ROOT, tmp_path).replace(os.sep, "/")
        text = text.replace(": ../", f": {here}/")
        for key, value in {"visits_per_day": "150", "replications": "2", **replaced}.items():
            lines = [f"{key}: {value}" if line.startswith(f"{key}:") else line for line in text.splitlines()]
            text = "\n".join(lines) + "\n"
        copy = tmp_path / f"{name}.yaml"
        copy.write_text(text, encoding="utf-8")
        return means(storesim.load(copy).run().responses)

    return play
