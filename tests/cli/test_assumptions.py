"""Assumptions varied, as a user meets them."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storesim.inputs.assumptions import ASSUMED
from storesim.inputs.parameters import Parameters

TWO = "assumptions: {parameters: [notice_rate, conversion], replications: 2}\n"


@pytest.fixture
def scenario(root: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Write the small shop's scenario with a line more."""

    def write(line: str) -> Path:
        text = (root / "scenarios" / "small_shop.yaml").read_text(encoding="utf-8")
        path = tmp_path / "scenario.yaml"
        path.write_text(text.replace("../", f"{root}/").replace("baseline:", f"{line}baseline:"), encoding="utf-8")
        return path

    return write


def test_a_run_says_which_verdicts_stand(storesim: Any, scenario: Callable[[str], Path], tmp_path: Path) -> None:
    said = storesim("run", scenario(TWO), "--out", "run", "--replications", "3", "--workers", "2")
    assert said.code == 0, said.err
    assert "2 assumed parameters at their lows and highs, 2 days a set:" in said.out
    assert max(map(len, said.out.splitlines())) <= 80
    lines = said.out.splitlines()
    first = lines.index("2 assumed parameters at their lows and highs, 2 days a set:") + 1
    assert lines[first] == "snacks at the door"
    with (tmp_path / "run" / "summary.csv").open(encoding="utf-8") as file:
        rows = {(row["variant"], row["response"]): row for row in csv.DictReader(file)}
    for variant, response, line in (
        ("snacks at the door", "sales", lines[first + 1]),
        ("drinks and snacks change sides", "margin", lines[first + 5]),
    ):
        row = rows[variant, response]
        assert line.split()[:2] == [response, row["verdict"]]
        assert f" in {row['same_in']} of 4," in line or f" in {row['ahead_in']} of 4," in line
    assert json.loads((tmp_path / "run" / "manifest.json").read_text())["assumptions"]["status"] == "done"
    assert storesim("plot", "run", "--kind", "forest").code == 0


@pytest.mark.parametrize("command", ["run", "compare"])
def test_the_option_varies_what_can_matter_and_is_not_known(
    storesim: Any, scenario: Callable[[str], Path], root: Path, tmp_path: Path, command: str
) -> None:
    defaults = Parameters().model_dump()
    known = {
        name: defaults[name] for name in ASSUMED if name not in {"notice_rate", "self_base_s", "display_multiplier"}
    }
    file, layout = scenario(f"parameters: {json.dumps(known)}\n"), root / "layouts" / "small_shop.yaml"
    words = [file] if command == "run" else [layout, layout, "--with", file]
    said = storesim(command, *words, "--out", "run", "--replications", "2", "--assumptions")
    assert said.code == 0, said.err
    with (tmp_path / "run" / "assumption_sets.csv").open(encoding="utf-8") as rows:
        varied = {row["parameter"] for row in csv.DictReader(rows)}
    in_promotions = {"display_multiplier"} if command == "run" else set()
    assert varied == {"notice_rate"} | in_promotions, "tills have cashiers; compare leaves promotions out"


def test_a_mistake_is_told_before_anything_is_played(
    storesim: Any, scenario: Callable[[str], Path], tmp_path: Path
) -> None:
    said = storesim("run", scenario("assumptions: {parameters: [notise_rate]}\n"), "--out", "run")
    assert said.code == 2
    place = f"{tmp_path / 'scenario.yaml'}:12:28: "
    assert said.err == f"{place}parameter 'notise_rate' is not in the model; did you mean 'notice_rate'?\n"
    assert not (tmp_path / "run").exists()
