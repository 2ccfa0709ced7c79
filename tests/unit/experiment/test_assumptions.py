"""An experiment played again under sets of assumed parameters; and what is left when that is stopped."""

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from storesim.experiment.assumptions import BODY, play_assumed, under, without_tight_bodies
from storesim.experiment.conversion import hold, promises
from storesim.experiment.executors import SerialExecutor, opened
from storesim.experiment.finished import Finished
from storesim.experiment.replication import Ready, prepare
from storesim.experiment.study import Study
from storesim.inputs.case import Assumptions, Scenario
from storesim.inputs.parameters import provenance
from storesim.report.run_directory import RunDirectory
from storesim.results.responses import RESPONSES

TWO = Assumptions(("notice_rate", "order_theta"), 2)


@pytest.fixture(scope="session")
def short(small_scenario: Scenario) -> Scenario:
    """Two days of the small shop, with two parameters varied: four sets."""
    return replace(small_scenario, replications=2, assumptions=TWO)


@pytest.fixture(scope="session")
def calibrated(small_scenario: Scenario) -> Scenario:
    """The small shop as if its products had been calibrated."""
    products = tuple(replace(product, conversion=-1.5) for product in small_scenario.products)
    return replace(small_scenario, products=products, replications=2, assumptions=TWO)


def conversions(ready: Ready) -> list[float | None]:
    return [product.conversion for product in ready.scenario.products]


# Sets


def test_a_set_is_the_scenario_with_other_parameters_and_nothing_else(short: Scenario) -> None:
    one = under(short, TWO.parameters, np.array([True, False]))
    high, low = provenance("notice_rate").high, provenance("order_theta").low
    assert (one.parameters.notice_rate, one.parameters.order_theta) == (high, low)
    assert replace(one, parameters=short.parameters) == short
    defaults = {name: getattr(short.parameters, name) for name in TWO.parameters}
    assert one.parameters.model_copy(update=defaults) == short.parameters


def test_every_set_is_played_and_two_workers_say_the_same_as_one(calibrated: Scenario, tmp_path: Path) -> None:
    here, there = (Finished.of(tmp_path / name, "key", 3) for name in ("here", "there"))
    told: list[tuple[int, int]] = []
    one = play_assumed(calibrated, TWO, SerialExecutor(), here, lambda done, total: told.append((done, total)))
    with opened(2) as executor:
        two = play_assumed(calibrated, TWO, executor, there)
    assert told == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
    assert one.means.shape == (4, 3, len(RESPONSES))
    assert np.array_equal(one.means, two.means)
    assert np.array_equal(one.high, two.high)


def test_the_same_customers_come_in_every_set(short: Scenario, tmp_path: Path) -> None:
    means = play_assumed(short, TWO, SerialExecutor(), Finished.of(tmp_path, "key", 3)).means
    visitors, walked = (
        means[:, :, [response.name for response in RESPONSES].index(name)] for name in ("visitors", "walked_m")
    )
    assert np.ptp(visitors) == 0
    assert np.ptp(walked) > 0


def test_a_body_too_wide_for_the_store_is_not_varied(short: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = replace(short, assumptions=Assumptions((BODY, "urge"), 2))
    assert without_tight_bodies(scenario) is scenario, "the small shop has wide aisles"
    monkeypatch.setattr("storesim.experiment.assumptions.unreachable", lambda *_: ["shelf 'G1' cannot be reached: so"])
    narrow = without_tight_bodies(scenario)
    assert narrow.assumptions == Assumptions(("urge",), 2)
    assert narrow.warnings == ("body_radius_m is not varied: at 0.3 m, shelf 'G1' cannot be reached: so",)


# Conversions that follow


def test_under_the_same_parameters_conversions_stay(calibrated: Scenario) -> None:
    ready = prepare(calibrated)
    held = hold(ready, promises(ready))
    assert conversions(held) == pytest.approx(conversions(ready), abs=1e-3)
    before, after = ([p.planned_share for p in one.scenario.products] for one in (ready, held))
    assert before == [None] * len(before)
    assert after == pytest.approx([1 - product.impulse_share for product in calibrated.products], abs=1e-6)


@pytest.mark.parametrize("high", [True, False])
def test_conversions_follow_so_that_the_baseline_keeps_its_promises(calibrated: Scenario, high: bool) -> None:
    """Half or twice the attention, and as many unplanned purchases; each shop of the set takes over the products."""
    promised = promises(prepare(calibrated))
    other = prepare(under(calibrated, ("notice_rate",), np.array([high])))
    assert promises(other).sum() > 1.3 * promised.sum() if high else promises(other).sum() < 0.8 * promised.sum()
    held = hold(other, promised)
    assert promises(held) == pytest.approx(promised, rel=1e-3)
    assert all(shop.scenario is held.scenario for shop in held.shops)


def test_what_too_few_notice_becomes_planned(calibrated: Scenario) -> None:
    ready = prepare(calibrated)
    held = hold(ready, 50 * promises(ready))
    for before, after in zip(calibrated.products, held.scenario.products, strict=True):
        assert after.planned_share is not None
        assert 1 - before.impulse_share < after.planned_share <= 1


def test_products_that_were_not_calibrated_keep_the_default(small_ready: Ready) -> None:
    held = hold(small_ready, 2 * promises(small_ready))
    assert held.scenario.products == small_ready.scenario.products


# In a run


def manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def summary(folder: Path) -> list[dict[str, str]]:
    with (folder / "summary.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_run_adds_what_the_sets_say(short: Scenario, small_file: Path, tmp_path: Path) -> None:
    result = Study(short, small_file).run(out=tmp_path / "run")
    assert manifest(tmp_path / "run")["assumptions"] == {
        "replications": 2,
        "parameters": ["notice_rate", "order_theta"],
        "status": "done",
    }
    rows = summary(tmp_path / "run")
    assert [row["assumption_sets"] for row in rows] == [""] * len(RESPONSES) + ["4"] * 2 * len(RESPONSES)
    assert list(result.summary.columns) == list(rows[0])
    assert RunDirectory.open(tmp_path / "run").summary["verdict"].notna().sum() == 2 * len(RESPONSES)
    assert (tmp_path / "run" / "assumptions.csv").exists()
    assert (tmp_path / "run" / "assumption_sets.csv").exists()


def test_the_main_run_is_what_it_would_be_without(short: Scenario, small_file: Path) -> None:
    alone = Study(replace(short, assumptions=None), small_file).run()
    assert alone.assumed is None
    varied = Study(short, small_file).run()
    for before, after in zip(alone.comparison, varied.comparison, strict=True):
        assert (before.mean, before.difference) == (after.mean, after.difference)
        assert after.standing is None or after.standing.before == before.verdict


@pytest.mark.parametrize(("error", "says"), [(KeyboardInterrupt(), "interrupted"), (OSError("disk full"), "failed")])
def test_stopped_while_assumptions_are_varied_the_run_stays_and_says_so(
    short: Scenario, small_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, says: str
) -> None:
    def stop(*_: Any) -> None:
        assert manifest(tmp_path / "run")["assumptions"]["status"] == "running"
        raise error

    monkeypatch.setattr("storesim.experiment.sets.measure", stop)
    with pytest.raises(type(error)):
        Study(short, small_file).run(out=tmp_path / "run")
    found = manifest(tmp_path / "run")
    assert (found["status"], found["assumptions"]["status"]) == ("done", says)
    assert len(RunDirectory.open(tmp_path / "run").summary) == 3 * len(RESPONSES)
    assert {row["assumption_sets"] for row in summary(tmp_path / "run")} == {""}
    assert not (tmp_path / "run" / "assumptions.csv").exists()


def test_stopped_before_that_they_were_not_begun(
    short: Scenario, small_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("storesim.experiment.playing.replicate_there", stop)
    with pytest.raises(KeyboardInterrupt):
        Study(short, small_file).run(out=tmp_path / "run")
    found = manifest(tmp_path / "run")
    assert (found["status"], found["assumptions"]["status"]) == ("interrupted", "not begun")
