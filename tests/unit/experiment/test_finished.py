"""Finished replications on disk: read back to the bit, under their key, whole or not there."""

import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from storesim.experiment.digest import digest, key
from storesim.experiment.finished import Finished
from storesim.experiment.replication import Outcome, Ready, replicate
from storesim.inputs.case import Scenario


@pytest.fixture(scope="module")
def outcome(small_ready: Ready) -> Outcome:
    return replicate(small_ready, 2, None)


@pytest.fixture
def finished(tmp_path: Path, outcome: Outcome) -> Finished:
    finished = Finished.of(tmp_path, "key", len(outcome.tables))
    finished.keep(outcome)
    return finished


def test_an_outcome_is_read_back_to_the_bit(finished: Finished, outcome: Outcome) -> None:
    found = finished.read(2)
    assert found is not None
    assert found.replication == 2
    assert found.responses.tobytes() == outcome.responses.tobytes()
    assert [flow.tobytes() for flow in found.flows] == [flow.tobytes() for flow in outcome.flows]
    assert digest(found.tables) == digest(outcome.tables)


def test_an_outcome_has_the_same_bytes_whenever_it_is_written(finished: Finished, outcome: Outcome) -> None:
    before = (finished.folder / "0002.npz").read_bytes()
    finished.keep(outcome)
    assert (finished.folder / "0002.npz").read_bytes() == before
    assert [path.name for path in finished.folder.iterdir()] == ["0002.npz"]


def test_a_ctrl_c_waits_until_the_file_is_whole(tmp_path: Path, outcome: Outcome, monkeypatch) -> None:
    write_array = np.lib.format.write_array

    def struck(*arguments: Any, **options: Any) -> None:
        signal.raise_signal(signal.SIGINT)
        write_array(*arguments, **options)

    monkeypatch.setattr(np.lib.format, "write_array", struck)
    finished = Finished.of(tmp_path, "key", len(outcome.tables))
    with pytest.raises(KeyboardInterrupt):
        finished.keep(outcome)
    assert finished.numbers() == [2]


@pytest.mark.parametrize("bytes_left", [0, 1, 100, -1])
def test_a_file_that_was_cut_counts_as_not_there(finished: Finished, bytes_left: int) -> None:
    file = finished.folder / "0002.npz"
    file.write_bytes(file.read_bytes()[:bytes_left])
    assert finished.read(2) is None
    assert finished.numbers() == []


def test_a_file_of_something_else_counts_as_not_there(finished: Finished) -> None:
    np.savez(finished.folder / "0001.npz", responses=np.zeros((1, 1)))
    np.savez(finished.folder / "0000.npz", allow_pickle=True, responses=np.array([{}], dtype=object))
    (finished.folder / "notes.npz").write_text("mine")
    assert finished.numbers() == [2]


def test_outcomes_end_before_the_first_that_is_not_there(finished: Finished, outcome: Outcome) -> None:
    assert list(finished.upto(3)) == []
    for replication in (0, 1, 4):
        finished.keep(replace(outcome, replication=replication))
    assert finished.numbers() == [0, 1, 2, 4]
    assert [found.replication for found in finished.upto(5)] == [0, 1, 2]
    assert [found.replication for found in finished.upto(2)] == [0, 1]


# The key


@pytest.mark.parametrize(
    "change",
    [{"replications": 99}, {"name": "Another question?"}, {"same_within": 0.5}, {"locale": "de-DE"}, {"sources": ()}],
)
def test_what_changes_no_replication_leaves_the_key(small_scenario: Scenario, change: dict[str, object]) -> None:
    assert key(replace(small_scenario, **change)) == key(small_scenario)


@pytest.mark.parametrize("change", [{"seed": 99}, {"visits_per_day": 61.0}, {"events": "none"}])
def test_what_may_change_a_number_or_a_file_changes_the_key(
    small_scenario: Scenario, change: dict[str, object]
) -> None:
    assert key(replace(small_scenario, **change)) != key(small_scenario)


def test_a_changed_price_deep_inside_changes_the_key(small_scenario: Scenario) -> None:
    first, *others = small_scenario.products
    dearer = replace(first, price=first.price + 1e-9)
    assert key(replace(small_scenario, products=(dearer, *others))) != key(small_scenario)


def test_other_versions_have_other_keys(small_scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    before = key(small_scenario)
    monkeypatch.setattr("storesim.experiment.digest.versions", lambda: {"numpy": "0.1"})
    assert key(small_scenario) != before


def test_digests_tell_kinds_and_nesting_apart() -> None:
    values = (1, 1.0, True, "1", b"1", None, (1,), ((1,),), ("1",), {"1": 1}, {1: "1"}, frozenset({1}), np.ones(1))
    assert len({digest(value) for value in values}) == len(values)


def test_digests_do_not_depend_on_the_order_of_sets_and_mappings() -> None:
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    assert digest({("a", 1), ("b", 2)}) == digest({("b", 2), ("a", 1)})
    assert digest(("a", "b")) != digest(("b", "a"))


def test_what_has_no_plain_form_has_no_digest() -> None:
    with pytest.raises(TypeError, match="no digest"):
        digest(object())
