"""The README word by word: its commands, its table of commands, its Python."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.DOTALL)


def _run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the project that the README's commands left behind, all of them having ended well."""
    folder = tmp_path_factory.mktemp("readme")
    (use,) = [text for _, text in BLOCKS if "storesim new shop" in text]
    for line in use.splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] == ["cd"]:
            folder = folder / words[1]
        elif words[0].endswith("storesim"):
            done = _run(["-m", "storesim", *words[1:]], folder)
            assert (done.returncode, line) == (0, line), done.stderr
    return folder


def test_the_commands_of_the_readme_leave_results_and_figures(project: Path) -> None:
    run = project / "runs" / "small_shop"
    assert (run / "summary.csv").exists()
    assert len(list((run / "figures").iterdir())) >= 4


def test_the_python_of_the_readme_prints_a_summary(project: Path) -> None:
    (code,) = [text for language, text in BLOCKS if language == "python"]
    done = _run(["-c", code], project)
    assert done.returncode == 0, done.stderr
    assert "snacks at the door" in done.stdout
    assert "verdict" in done.stdout


def test_the_table_names_every_command_and_no_other() -> None:
    listed = set(re.findall(r"^\| `storesim ([\w-]+)", README, re.MULTILINE))
    told = _run(["-m", "storesim", "--help"], ROOT).stdout.split("Commands:")[1]
    assert listed == {line.split()[0] for line in told.splitlines() if re.match(r"  \w", line)}


def test_make_has_the_targets_that_the_readme_names() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"^make (\w+)", README, re.MULTILINE)) <= targets
