"""`storesim calibrate` finds the missions, price elasticity and display lift of two stores that storesim played.

Prices of some products fall by another cut each week, and each week another product stands on the table at the door.
What is on a shopping list is bought at any price, only in other numbers: its elasticity of units is the one in the
products file. A display's lift is no parameter but what the display does: units of the same customers with it over
without it.
"""

import csv
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import permutations
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from tests.cli.warm import Storesim

from storesim.experiment.replication import Ready, prepare
from storesim.inputs.load import load_scenario
from storesim.results.day import Day

from .planted import SALES, Mission, missions_of, scenario, sold, write_shop

MISSIONS = {
    "drinks": Mission(0.35, (0.6, 0.3, 0.1), {"drinks": 1}),
    "lunch": Mission(0.25, (0.1, 0.4, 0.35, 0.15), {"fresh": 1}),
    "stock-up": Mission(
        0.4, (0, 0, 0, 0, 0, 0.05, 0.1, 0.2, 0.25, 0.2, 0.1, 0.05, 0.05), {"grocery": 1, "drinks": 0.5, "fresh": 0.8}
    ),
}
ELASTICITY = -2.0
PRICED = ("water", "apples", "milk")
SHOWN = ("soft drinks", "bananas and tropical fruit")
CHANGES: Mapping[str, Mapping[str, Any]] = {
    **{product: {"price_elasticity": ELASTICITY, "units": 2} for product in PRICED},
    **{product: {"impulse_share": 0.5, "display_lift": 1.4} for product in SHOWN},
}
WEEKS, VISITS, MONDAY = 12, 200, date(2026, 3, 2)


@dataclass(frozen=True)
class Truth:
    """What the command is to find."""

    mission_shares: Mapping[str, float]
    """Of paid baskets."""
    lift: float
    """Units of displayed products, with the display over without."""


def _week(number: int) -> list[str]:
    first = MONDAY + timedelta(weeks=number)
    return [str(first), str(first + timedelta(days=6))]


def _shown(week: int, store: int) -> str:
    return SHOWN[(week + store) % len(SHOWN)]


def _cuts() -> list[dict[str, Any]]:
    percent = np.random.default_rng(1).choice([0, 10, 20, 30], (WEEKS, len(PRICED)))
    return [
        {"product": product, "price_cut": f"{cut} %", "dates": _week(week)}
        for week in range(WEEKS)
        for product, cut in zip(PRICED, percent[week], strict=True)
        if cut
    ]


def _store(folder: Path, store: int, *, displays: bool) -> Ready:
    shows = [{"product": _shown(week, store), "at": "T1", "dates": _week(week)} for week in range(WEEKS)]
    file = scenario(folder, 7 * WEEKS, VISITS, [*_cuts(), *(shows if displays else ())]) | {"seed": store + 1}
    path = folder / f"store {store}, {'with' if displays else 'without'} displays.yaml"
    path.write_text(yaml.safe_dump(file), encoding="utf-8")
    return prepare(load_scenario(path))


def _units(day: Day, product: str) -> int:
    at = [one.id for one in day.scenario.products].index(product)
    return int(day.baskets.units[day.baskets.paid & (day.baskets.product == at)].sum())


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    """A folder with sales.csv and promotions.csv of two stores, and what is true of them."""
    folder = tmp_path_factory.mktemp("planted laws")
    write_shop(folder, MISSIONS, CHANGES)
    came, units = Counter[str](), Counter[bool]()
    with (folder / "sales.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(SALES)
        for store, displays in ((0, True), (1, True), (0, False), (1, False)):
            ready = _store(folder, store, displays=displays)
            for number in range(7 * WEEKS):
                day = ready.play(0, ready.population(number), number)
                units[displays] += _units(day, _shown(number // 7, store))
                if displays:
                    came.update(missions_of(day).tolist())
                    writer.writerows(sold(day, str(store)))
    with (folder / "promotions.csv").open("w", encoding="utf-8", newline="") as out:
        rows = [(_shown(week, store), store, _week(week)[0]) for week in range(WEEKS) for store in (0, 1)]
        csv.writer(out).writerows([("product", "store", "week"), *rows])
    shares = {name: came[name] / came.total() for name in MISSIONS}
    return folder, Truth(shares, units[True] / units[False])


@pytest.fixture(scope="module")
def found(planted: tuple[Path, Truth], forked: Storesim) -> dict[str, Any]:
    """What calibration.json says after the command."""
    folder, _ = planted
    done = forked("calibrate", "sales.csv", "--promotions", "promotions.csv", "--out", "out", cwd=folder)
    assert done.code == 0, done.err
    known: dict[str, Any] = json.loads((folder / "out/calibration.json").read_text(encoding="utf-8"))
    return known


def test_as_many_missions_as_planted_come_back_with_their_shares(
    found: dict[str, Any], planted: tuple[Path, Truth]
) -> None:
    """Each share within 2 points of the truth, in the matching that fits best."""
    back = {mission["mission"]: mission["share"] for mission in found["missions"]["found"]}
    truth = planted[1].mission_shares
    assert len(back) == len(truth)
    off = min(max(abs(back[a] - truth[b]) for a, b in zip(back, match, strict=True)) for match in permutations(truth))
    assert off < 0.02


def test_missions_are_the_planted_ones_by_size(found: dict[str, Any]) -> None:
    """Within 15 %: some of what was planned is not found, and some is bought on impulse."""
    back = {mission["mission"]: mission for mission in found["missions"]["found"]}
    assert back.keys() == {"quick", "fill-in", "stock-up"}
    for name, planted_name in (("quick", "drinks"), ("fill-in", "lunch"), ("stock-up", "stock-up")):
        assert back[name]["categories"] == pytest.approx(MISSIONS[planted_name].mean, rel=0.15)


def test_the_elasticity_comes_back(found: dict[str, Any]) -> None:
    entry = found["files"]["products.csv"]["price_elasticity"]
    assert entry["pooled"]["value"] == pytest.approx(ELASTICITY, abs=0.15)
    measured = [product for product in entry["products"].values() if product["measured"] != "department's mean"]
    assert len(measured) == len(PRICED)
    for product in measured:
        assert abs(product["measured"] - ELASTICITY) < 3 * product["measured_error"] < 0.4


def test_the_lift_comes_back(found: dict[str, Any], planted: tuple[Path, Truth]) -> None:
    pooled = found["files"]["products.csv"]["display_lift"]["pooled"]
    assert planted[1].lift > 1.1  # else nothing would be shown
    assert exp(pooled["value"]) == pytest.approx(planted[1].lift, abs=0.05)
    assert pooled["standard_error"] < 0.02
