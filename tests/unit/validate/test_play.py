"""Facts are played, in any number of processes, and tell the command how to end."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from storesim.cli import main
from storesim.validate import facts, play
from storesim.validate.fact import Check, Fact, Kind
from storesim.validate.figure import findings_figure, scaled
from storesim.validate.play import play_all
from storesim.validate.stores import twelve_aisles
from storesim.validate.tables import finding_rows, markdown, simulated, target


def customers(number: int, low: float, high: float, kind: Kind = "emerges") -> Fact:
    """Return a fact about how many come."""
    return Fact(
        number=number,
        title="Customers",
        source="the scenario",
        setting="Twelve aisles.",
        scenario=twelve_aisles,
        observe=lambda days: np.array([float(len(days[0].population))]),
        checks=(Check("a day", lambda mean: mean[0], low, high, "about 400", kind),),
        quick=True,
    )


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Fact, ...]]:
    """Put made-up facts in the place of those that there are."""

    def put(*given: Fact) -> tuple[Fact, ...]:
        monkeypatch.setattr(play, "FACTS", given)
        monkeypatch.setattr(facts, "FACTS", given)
        return given

    return put


def test_what_is_observed_is_of_the_scenario_played(made_up) -> None:
    (found,) = play_all(made_up(customers(1, 300, 500)), replications=3)
    assert found.simulated.mean == pytest.approx(400, abs=60)
    assert (found.simulated.replications, found.verdict) == (3, "holds")


def test_findings_come_in_the_order_of_the_facts_though_long_ones_are_played_first(made_up) -> None:
    first, second = customers(1, 300, 500), customers(2, 0, 1)
    made_up(first, second)
    done: list[tuple[int, int]] = []
    findings = play_all((first, second), 2, progress=lambda *counts: done.append(counts))
    assert [found.fact for found in findings] == [first, second]
    assert done == [(1, 2), (2, 2)]


def test_findings_do_not_depend_on_the_number_of_processes() -> None:
    chosen = [fact for fact in facts.FACTS if fact.number in (16, 17)]
    alone, together = (play_all(chosen, 2, workers=workers) for workers in (1, 2))
    assert [found.simulated for found in alone] == [found.simulated for found in together]


@pytest.mark.parametrize(("kind", "code"), [("emerges", 1), ("fitted", 0), ("wired in", 0), ("reported", 0)])
def test_only_a_failing_fact_that_should_emerge_makes_the_command_fail(
    kind: Kind, code: int, made_up, capsys: pytest.CaptureFixture[str]
) -> None:
    made_up(customers(1, 0, 1, kind))
    assert main(["validate", "--replications", "3", "--workers", "1"]) == code
    said = capsys.readouterr().out
    assert ("fails" in said) == (kind != "reported")
    assert max(map(len, said.splitlines())) <= 100


def test_what_cannot_be_told_does_not_make_the_command_fail(made_up, capsys: pytest.CaptureFixture[str]) -> None:
    made_up(customers(1, 400, 1e6))
    assert main(["validate", "--replications", "3", "--workers", "1"]) == 0
    said = capsys.readouterr().out
    assert all(word in said for word in ("cannot", "tell", "emerges", "about 400"))


def test_a_fact_that_is_not_there_is_refused_with_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--fact", "99"]) == 2
    said = capsys.readouterr().err
    assert "no fact 99" in said
    assert all(str(fact.number) in said for fact in facts.FACTS)


def test_several_facts_can_be_asked_for(made_up, capsys: pytest.CaptureFixture[str]) -> None:
    made_up(*(customers(number, 0, 1e6) for number in (1, 2, 3)))
    main(["validate", "--fact", "3", "--fact", "1", "--replications", "2", "--workers", "1"])
    said = capsys.readouterr().out
    assert [line.split()[0] for line in said.splitlines() if "Customers" in line] == ["1", "3"]


def test_files_say_what_the_table_says(made_up, tmp_path: Path) -> None:
    made_up(customers(1, 300, 500), customers(2, 0, 1))
    main(["validate", "--replications", "3", "--workers", "1", "--out", str(tmp_path / "out")])
    table = pd.read_csv(tmp_path / "out" / "findings.csv")
    assert table[["fact", "check", "verdict"]].to_numpy().tolist() == [[1, "a day", "holds"], [2, "a day", "fails"]]
    assert table["simulated"].between(300, 500).all()
    assert "| 1 | Customers: a day | about 400 | 300 to 500 |" in (tmp_path / "out" / "findings.md").read_text()
    assert (tmp_path / "out" / "findings.png").read_bytes().startswith(b"\x89PNG")


def test_tables_and_figure_of_an_open_tolerance(made_up) -> None:
    given = made_up(customers(1, 0, np.inf))
    findings = play_all(given, 2)
    assert target(given[0].checks[0]) == "above 0"
    assert simulated(findings[0]).startswith(f"{findings[0].simulated.mean:,.0f}"[:1])
    assert len(finding_rows(findings)) == 1
    assert "above 0" in markdown(findings)
    assert scaled(findings[0])[0] == findings[0].simulated.mean
    assert findings_figure(findings).axes
