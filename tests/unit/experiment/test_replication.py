"""A scenario is prepared once, and its replications hang on nothing but their number."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from storesim.customers.population import Pairs
from storesim.customers.steps import Steps
from storesim.engine.log import Kind
from storesim.experiment.replication import Outcome, Ready, prepare, replicate
from storesim.experiment.study import Result, load
from storesim.inputs.case import Scenario
from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.parameters import Parameters
from storesim.results.responses import RESPONSES
from storesim.results.tables import Tables
from storesim.store.build import build_floor
from storesim.store.floor import Floor


def tables_differ(one: Tables, other: Tables) -> list[str]:
    """Return the columns in which two days' tables are not the same to the last bit."""
    return [
        f"{name}.{column}"
        for name, table in one.there()
        for column in table.columns()
        if not np.array_equal(getattr(table, column), getattr(getattr(other, name), column))
    ]


# A/A: a variant that repeats another differs by exactly nothing

REPEATS = """\
  snacks at the door:
    base: empty table
    promotions:
      - {product: bag snacks, at: T1, price_cut: 10%}
  the same:
    base: empty table
  the same snacks:
    base: snacks at the door
"""


@pytest.fixture
def repeats(small_variants: Callable[[str], Path]) -> Result:
    return load(small_variants(REPEATS), replications=4).run()


@pytest.mark.parametrize(("variant", "repeated"), [(2, 0), (3, 1)])
def test_a_variant_that_repeats_another_has_its_responses_tables_and_flows(
    repeats: Result, variant: int, repeated: int
) -> None:
    played = repeats.played
    assert np.array_equal(played.responses[variant], played.responses[repeated])
    assert tables_differ(played.tables[variant], played.tables[repeated]) == []
    assert np.array_equal(played.flows[variant], played.flows[repeated])


def test_a_variant_that_repeats_the_baseline_is_the_same_in_every_row_of_the_summary(repeats: Result) -> None:
    rows = [row for row in repeats.comparison if row.variant == "the same"]
    assert len(rows) == len(RESPONSES)
    for row in rows:
        assert row.difference is not None
        assert (row.difference.mean, row.difference.half_width, row.diff_percent) == (0.0, 0.0, 0.0)
        assert row.verdict == "same"


def test_the_other_variants_do_differ(repeats: Result) -> None:
    """Else the tests above would prove nothing."""
    for baseline, other in zip(*repeats.played.responses[:2], strict=True):
        assert not np.array_equal(baseline, other)
    assert tables_differ(*repeats.played.tables[:2])


# What a replication hangs on


def test_replications_have_their_own_customers_and_a_number_always_the_same(small_ready: Ready) -> None:
    first, again, other = (replicate(small_ready, replication, None) for replication in (0, 0, 1))
    assert np.array_equal(first.responses, again.responses)
    assert [tables_differ(a, b) for a, b in zip(first.tables, again.tables, strict=True)] == [[], [], []]
    assert not np.array_equal(first.responses, other.responses)
    assert (first.replication, other.replication) == (0, 1)


def test_another_seed_brings_other_customers(small_scenario: Scenario, small_ready: Ready) -> None:
    other = prepare(replace(small_scenario, seed=small_scenario.seed + 1))
    same_number = small_ready.population(0), other.population(0)
    n = min(map(len, same_number))
    assert not np.array_equal(same_number[0].arrives_s[:n], same_number[1].arrives_s[:n])


def test_the_customers_are_the_same_whatever_variants_there_are(small_scenario: Scenario, small_ready: Ready) -> None:
    alone = prepare(replace(small_scenario, cases=small_scenario.cases[:1])).population(2)
    together = small_ready.population(2)
    for column in fields(alone):
        one, other = getattr(alone, column.name), getattr(together, column.name)
        if isinstance(one, Pairs | Steps):
            for part in fields(one):
                assert np.array_equal(getattr(one, part.name), getattr(other, part.name)), (column.name, part.name)
        elif column.name != "candidates":
            assert np.array_equal(one, other), column.name


def test_a_variant_plays_the_same_whatever_other_variants_there_are(
    small_scenario: Scenario, small_ready: Ready
) -> None:
    """A price cut elsewhere may make more customers watch a product (they notice it), but nobody acts on it."""
    alone = prepare(replace(small_scenario, cases=small_scenario.cases[:1]))
    logs = [ready.play(0, ready.population(2), 2).log for ready in (alone, small_ready)]
    acts = [log.kind != Kind.NOTICE for log in logs]
    for column in ("t_s", "customer", "kind", "place", "lane", "product", "units", "amount", "planned", "promotion"):
        one, other = (getattr(log, column)[act] for log, act in zip(logs, acts, strict=True))
        assert np.array_equal(one, other), column
    one, other = (replicate(ready, 2, None).responses[0] for ready in (alone, small_ready))
    assert np.array_equal(one, other)


def test_floors_are_built_once_a_layout(small_scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []

    def counted(plan: FloorPlan, parameters: Parameters, seed: int) -> Floor:
        built.append(plan.name)
        return build_floor(plan, parameters, seed)

    monkeypatch.setattr("storesim.experiment.replication.build_floor", counted)
    first, promoted, swapped = (shop.floor for shop in prepare(small_scenario).shops)
    assert first is promoted is swapped
    assert built == ["Small shop"]


def test_responses_have_a_row_per_variant(small_ready: Ready) -> None:
    outcome: Outcome = replicate(small_ready, 0, None)
    assert outcome.responses.shape == (3, len(RESPONSES))
    assert len(outcome.tables) == len(outcome.flows) == 3
    assert np.isfinite(outcome.responses).all()


def test_flows_tell_how_often_and_how_long(small_ready: Ready) -> None:
    """Seconds stood in all cells are those of the dwell response, times visitors."""
    outcome = replicate(small_ready, 0, None)
    names = [response.name for response in RESPONSES]
    for responses, cells in zip(outcome.responses, outcome.flows, strict=True):
        stood_s = responses[names.index("dwell_s")] * responses[names.index("visitors")]
        assert cells[:, 3].sum() == pytest.approx(stood_s)
        assert cells[:, 2].max() > 100
        assert ((cells[:, :2] > 0) & (cells[:, :2] < (10, 8))).all(), "inside the shop"


def test_without_a_folder_nothing_is_written(
    small_ready: Ready, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    replicate(small_ready, 0, None)
    assert list(tmp_path.iterdir()) == []


def test_playing_brings_no_library_that_it_does_not_need() -> None:
    """Each would cost every process its memory, and every run a tenth of a second."""
    heavy = {"duckdb", "matplotlib", "networkx", "pandas", "yaml"}
    code = f"import sys, storesim.experiment.replication\nprint(*sorted({heavy!r} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.split() == []
