"""A scenario played many times with other settings, and at the points of its sweep."""

import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from storesim.experiment import sets
from storesim.experiment.executors import SerialExecutor, opened
from storesim.experiment.finished import Finished
from storesim.experiment.sets import WALKING, play_sets, play_there
from storesim.experiment.study import Study
from storesim.experiment.sweep import play_sweep, refuse_stranded_points
from storesim.inputs.case import Scenario
from storesim.inputs.load import load_scenario, load_swept
from storesim.inputs.mistakes import InputError
from storesim.inputs.swept import Sweep, SweptName
from storesim.results.responses import RESPONSES
from storesim.store.build import build_floor

SCENARIOS = Path(__file__).parents[3] / "scenarios"
VISITORS = [response.name for response in RESPONSES].index("visitors")


def with_parameters(scenario: Scenario, **values: float) -> Scenario:
    return replace(scenario, parameters=scenario.parameters.model_copy(update=values))


def test_a_set_says_what_its_scenario_says(small_scenario: Scenario, small_file: Path) -> None:
    """Also when a process keeps the floors of the sets before: wander_p needs no other, body_radius_m does."""
    small = replace(small_scenario, replications=2)
    others = [with_parameters(small, wander_p=0.1), with_parameters(small, body_radius_m=0.3), small]
    found = play_sets(SerialExecutor(), others, 2)
    assert found.shape == (3, 2, 3, len(RESPONSES))
    for days, scenario in zip(found, others, strict=True):
        alone = Study(scenario, small_file).run().played.responses
        assert np.array_equal(days, alone.transpose(1, 0, 2))
    assert len(np.unique(found[:, 0, 0], axis=0)) == 3


def test_batches_and_workers_change_nothing(small_scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    three = [with_parameters(small_scenario, wander_p=p) for p in (0.1, 0.3, 0.5)]
    told: list[tuple[int, int]] = []
    one = play_sets(SerialExecutor(), three, 1, progress=lambda done, total: told.append((done, total)))
    monkeypatch.setattr(sets, "AT_ONCE", 2)
    with opened(2) as executor:
        assert np.array_equal(one, play_sets(executor, three, 1))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_sets_that_are_finished_are_not_played_again(
    small_scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told apart by their settings, whatever their order; a file that cannot be read counts as not there."""
    settings = (0.1, 0.3, 0.5)
    three = [with_parameters(small_scenario, wander_p=p) for p in settings]
    finished = Finished.of(tmp_path, "key", 3)
    first = play_sets(SerialExecutor(), three, 1, finished=finished.sets(settings, 1))
    begun: list[float] = []

    def watched(pickled: bytes, *rest: Any) -> Any:
        begun.append(pickle.loads(pickled).parameters.wander_p)  # noqa: S301 - our own bytes
        return play_there(pickled, *rest)

    monkeypatch.setattr(sets, "play_there", watched)
    cut = next(path for path in tmp_path.rglob("*.npy"))
    cut.write_bytes(cut.read_bytes()[:-1])
    again = play_sets(SerialExecutor(), three[::-1], 1, finished=finished.sets(settings[::-1], 1))
    assert np.array_equal(again[::-1], first)
    assert len(begun) == 1
    play_sets(SerialExecutor(), three, 2, finished=finished.sets(settings, 2))
    assert begun[1:] == [0.1, 0.3, 0.5], "as many days more are other sets"


@pytest.mark.parametrize("name", ["small_shop", "corner_shop"])
def test_floors_are_built_from_the_walking_parameters_alone(name: str) -> None:
    """Else a process would play a set on the floor of another."""
    scenario = load_scenario(SCENARIOS / f"{name}.yaml")

    class Watched:
        def __getattr__(self, wanted: str) -> Any:
            assert wanted in WALKING, f"add {wanted} to WALKING"
            return getattr(scenario.parameters, wanted)

    build_floor(scenario.cases[0].plan, Watched(), scenario.seed)  # type: ignore[arg-type]


def test_a_sweep_plays_its_points_with_the_same_customers(small_scenario: Scenario, tmp_path: Path) -> None:
    sweep = Sweep("grid", (SweptName("urge", ("parameters", "urge"), None, None, (0.0, 0.3)),), 1, 2)
    scenario = replace(small_scenario, sweep=sweep)
    at = [with_parameters(small_scenario, urge=urge) for urge in (0.0, 0.3)]
    found = play_sweep(scenario, at, SerialExecutor(), Finished.of(tmp_path, "key", 3))
    assert found.values == ((0.0,), (0.3,))
    assert found.days.shape == (2, 2, 3, len(RESPONSES))
    assert np.ptp(found.days[..., VISITORS], axis=(0, 2)).max() == 0
    assert not np.array_equal(found.days[0], found.days[1])


def test_a_floor_that_cannot_be_walked_at_some_point_is_refused_before_any_is_played(tmp_path: Path) -> None:
    text = (SCENARIOS / "sweep.yaml").read_text(encoding="utf-8").replace("../", f"{SCENARIOS.parent}/")
    text = text.replace("notice_rate: {from: 0.003, to: 0.012}", "body_radius_m: {from: 0.2, to: 0.6}")
    (tmp_path / "wide.yaml").write_text(text, encoding="utf-8")
    scenario, points = load_swept(tmp_path / "wide.yaml")
    refuse_stranded_points(tmp_path / "wide.yaml", scenario, points[:0])
    with pytest.raises(InputError, match="cannot be reached"):
        refuse_stranded_points(tmp_path / "wide.yaml", scenario, points)
