"""`storesim validate` as a user meets it."""

import csv

from storesim.validate.facts import FACTS


def test_the_quick_run_plays_facts_and_says_how_each_compares(storesim, tmp_path) -> None:
    said = storesim("validate", "--quick", "--out", "found", "--replications", 3, "--workers", 1)
    assert said.code in (0, 1), said.err
    assert max(map(len, said.out.splitlines())) <= 100
    with (tmp_path / "found" / "findings.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    failing = [row for row in rows if (row["kind"], row["verdict"]) == ("emerges", "fails")]
    assert said.code == bool(failing)
    assert {row["replications"] for row in rows} == {"3"}
    assert {int(row["fact"]) for row in rows} == {fact.number for fact in FACTS if fact.quick}
    assert all(row["fact"] in said.out for row in rows)
    assert {path.name for path in (tmp_path / "found").iterdir()} == {"findings.csv", "findings.md", "findings.png"}


def test_a_fact_that_is_not_there_is_a_mistake_of_the_user(storesim) -> None:
    said = storesim("validate", "--fact", 99)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("storesim: there is no fact 99; there are 1, ")
