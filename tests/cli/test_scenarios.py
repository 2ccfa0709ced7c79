"""Every shipped scenario is right as it is; those of the store at work answer as a merchandiser would expect."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from storesim.experiment.replication import replicate
from storesim.inputs.load import check_files, load_scenario
from storesim.results.responses import responses_of
from storesim.validate.stores import ready

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))
Means = Mapping[str, Mapping[str, float]]


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
            text = re.sub(rf"(?m)^( *{key}:) .*$", rf"\1 {value}", text)
        copy = tmp_path / f"{name}.yaml"
        copy.write_text(text, encoding="utf-8")
        store = ready(load_scenario(copy))
        days = [replicate(store, number, None).responses for number in range(store.scenario.replications)]
        names = [response.name for response in responses_of(store.scenario)]
        means = np.mean(days, axis=0)  # shape (variants, responses)
        rows = (dict(zip(names, row, strict=True)) for row in means.tolist())
        return dict(zip((case.name for case in store.scenario.cases), rows, strict=True))

    return play


def test_fewer_lanes_cost_less_staff(played: Callable[..., Means]) -> None:
    answer = played("lanes")
    assert answer["lanes by the hour"]["staff_cost"] < answer["all lanes"]["staff_cost"]
    assert answer["two and a rule"]["staff_cost"] < answer["all lanes"]["staff_cost"]
    assert answer["two and a rule"]["wait_s"] >= answer["all lanes"]["wait_s"]


def test_express_limits_keep_the_customers_and_change_the_waits(played: Callable[..., Means]) -> None:
    answer = played("express_limit", visits_per_day="250")
    assert len({one["visitors"] for one in answer.values()}) == 1
    assert answer["express to 5"]["wait_s"] != answer["three lanes"]["wait_s"]


def test_scan_and_pay_empties_the_lanes(played: Callable[..., Means]) -> None:
    answer = played("self_service")
    assert answer["scan and pay"]["till_utilisation"] < answer["more self-service"]["till_utilisation"]


def test_more_refills_leave_fewer_shelves_empty(played: Callable[..., Means]) -> None:
    answer = played("refill", visits_per_day="300")
    assert answer["three rounds"]["availability"] >= answer["one round"]["availability"]
    assert answer["when low"]["out_of_stock_min"] <= answer["one round"]["out_of_stock_min"]


def test_more_people_at_a_counter_shorten_its_line(played: Callable[..., Means]) -> None:
    answer = played("deli_counter", visits_per_day="400")
    one, two, three = (answer[name]["counter_wait_s"] for name in ("one person", "two people", "three people"))
    assert one > two >= three


def test_a_member_price_costs_margin_and_points_change_no_visit(played: Callable[..., Means]) -> None:
    answer = played("loyalty", calendar="{from: 2026-03-02, days: 2}", members="600", prospects="30")
    assert answer["member price"]["margin"] < answer["no offer"]["margin"]
    assert answer["points"]["visitors"] == answer["no offer"]["visitors"]
