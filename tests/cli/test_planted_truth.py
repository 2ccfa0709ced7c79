"""`storesim calibrate` finds what was planted: a small shop that storesim played, given as sales and recorded trips.

The shop is the example with other walking, under 20 squares for zones, over two weeks (4,000 baskets). Its two missions
buy the same products, so that no clustering of baskets tells them apart: what they sum up to is compared.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

import numpy as np
import pytest
import yaml
from tests.cli.warm import Storesim

from storesim.calibrate.passages import along_edges, walked_passages
from storesim.experiment.replication import Ready, prepare
from storesim.inputs.load import load_scenario
from storesim.results.day import Day
from storesim.results.trips import read_trips

ROOT = Path(__file__).resolve().parents[2]
WALKING = {"wander_p": 0.2, "perimeter_pull": 0.85, "habit_sigma": 0.25, "habit_sigma_known": 0.125}
DAYS = 14
PLANOGRAM = ROOT / "data/small/planogram_small_shop.csv"
SALES = ("basket_id", "timestamp", "category", "department", "quantity", "net_sales")


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the planted shop's layout, scenario, sales and recorded trips."""
    folder = tmp_path_factory.mktemp("planted")
    layout = yaml.safe_load((ROOT / "layouts/small_shop.yaml").read_text(encoding="utf-8"))
    layout["zones"] = [{"id": f"{x}-{y}", "box": [x, y, 2, 2]} for x in range(0, 10, 2) for y in range(0, 8, 2)]
    (folder / "layout.yaml").write_text(yaml.safe_dump(layout), encoding="utf-8")
    scenario = yaml.safe_load((ROOT / "scenarios/small_shop.yaml").read_text(encoding="utf-8"))
    scenario |= {
        "calendar": {"from": scenario["calendar"]["from"], "days": 7},
        "products": str(ROOT / "data/small/products.csv"),
        "segments": str(ROOT / "data/small/segments.yaml"),
        "parameters": WALKING,
        "variants": {"empty table": {"layout": "layout.yaml", "planogram": str(PLANOGRAM)}},
    }
    (folder / "planted.yaml").write_text(yaml.safe_dump(scenario), encoding="utf-8")
    _play(prepare(load_scenario(folder / "planted.yaml")), folder)
    return folder


def _play(ready: Ready, folder: Path) -> None:
    """Write what was paid, and the squares that were passed."""
    days = [ready.play(0, ready.population(number), number) for number in range(DAYS)]
    for name, columns, rows in (("sales.csv", SALES, _sold), ("trips.csv", ("trip", "order", "zone"), _passed)):
        with (folder / name).open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(columns)
            for day in days:
                writer.writerows(rows(day))


def _sold(day: Day) -> Iterator[tuple[object, ...]]:
    scenario, baskets = day.scenario, day.baskets
    midnight = datetime.combine(scenario.first_day, time()) + timedelta(days=day.replication)
    for row in np.flatnonzero(baskets.paid):
        one, product = int(baskets.customer[row]), scenario.products[baskets.product[row]]
        at = midnight + timedelta(seconds=int(day.population.arrives_s[one]) + int(scenario.opens_s))
        amount = round(float(baskets.amount[row]), 2)
        yield f"{day.replication}-{one}", at, product.id, product.department, baskets.units[row], amount


def _passed(day: Day) -> Iterator[tuple[object, ...]]:
    seen = walked_passages(read_trips(day.log, day.floor, day.habit, day.population.speed_m_s), along_edges(day.floor))
    for order, (trip, zone) in enumerate(zip(seen.trip, seen.zone, strict=True)):
        yield f"{day.replication}-{trip}", order, day.floor.plan.zones[zone].id


@pytest.fixture(scope="module")
def found(planted: Path, forked: Storesim) -> Path:
    """The folder that the command makes of the planted shop; played with fewer visits, for speed."""
    words = ["calibrate", "sales.csv", "--out", "out", "--layout", "layout.yaml", "--paths", "trips.csv",
             "--planogram", PLANOGRAM, "--visits-per-day", 100]  # fmt: skip
    done = forked(*words, cwd=planted)
    assert done.code == 0, done.err
    return planted / "out"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _shares(values: np.ndarray) -> np.ndarray:
    return values / values.sum()


def test_walking_comes_back_and_is_written(found: Path) -> None:
    """Detours within 0.1 of what was planted (assumed: 0.2 off), pull of the walls within 0.2 (assumed: 0.25 off).

    Wider than for trips alone: who walks is calibrated from the sales as well, with other routes and stops.
    """
    written = load_scenario(found / "scenario.yaml").parameters
    known = json.loads((found / "calibration.json").read_text(encoding="utf-8"))["walking"]
    for name, tolerance in (("wander_p", 0.1), ("perimeter_pull", 0.2)):
        assert getattr(written, name) == pytest.approx(WALKING[name], abs=tolerance)
        assert known["parameters"][name]["status"] == "observed"
        assert getattr(written, name) == pytest.approx(known["parameters"][name]["value"], rel=1e-3)
    assert f"Fitted to {known['trips']:,} observed trips" in (found / "report.md").read_text(encoding="utf-8")


def test_hours_and_weekdays_come_back(found: Path, planted: Path) -> None:
    """Total variation from the planted laws under 0.04: sampling alone makes about 0.02."""
    truth = load_scenario(planted / "planted.yaml")
    share = {m.name: sum(s.share * s.missions[m.name] for s in truth.segments) for m in truth.missions}
    for name in ("hours", "weekdays"):
        planned = sum(share[m.name] * _shares(np.array(getattr(m, name))) for m in truth.missions)
        back = _shares(np.array([float(row["all"]) for row in _rows(found / f"{name}.csv")]))
        assert np.abs(back - planned).sum() / 2 < 0.04, name


def test_prices_and_units_come_back(found: Path, planted: Path) -> None:
    """Prices within 1 %; units of a buy within 15 % for each product and 3 % in the mean."""
    truth = {product.id: product for product in load_scenario(planted / "planted.yaml").products}
    ratios = []
    for row in _rows(found / "products.csv"):
        if row["id"] in truth:
            assert float(row["price"]) == pytest.approx(truth[row["id"]].price, rel=0.01)
            ratios.append(float(row["units"]) / truth[row["id"]].units)
    assert len(ratios) >= len(truth) - 2
    assert ratios == pytest.approx([1.0] * len(ratios), abs=0.15)
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.03)


def test_products_are_in_as_many_baskets_as_were_sold(found: Path, planted: Path) -> None:
    """Summed over missions, as shares of visits: 1 % off in all, which merging small cells may move."""
    holding = defaultdict[str, set[str]](set)
    for row in _rows(planted / "sales.csv"):
        holding[row["category"]].add(row["basket_id"])
    baskets = len(set.union(*holding.values()))
    [segment] = load_scenario(found / "scenario.yaml").segments
    off = 0.0
    for row in _rows(found / "products.csv"):
        share = sum(share * float(row[f"penetration: {mission}"]) for mission, share in segment.missions.items())
        off += abs(share - len(holding[row["id"]]) / baskets) if row["id"] in holding else 0.0
    assert off < 0.01 * sum(map(len, holding.values())) / baskets


def test_trips_that_cannot_be_fitted_are_wrong_input(storesim, planted: Path, tmp_path: Path) -> None:
    (tmp_path / "trips.csv").write_text("trip,order,zone\n1,1,0-0\n2,1,2-0\n", encoding="utf-8")
    words = ["calibrate", planted / "sales.csv", "--out", "out", "--paths", "trips.csv"]
    said = storesim(*words)
    assert said.code == 2
    assert said.err == "storesim: --paths is of no use without --layout and --planogram; give all three\n"
    said = storesim(*words, "--layout", planted / "layout.yaml", "--planogram", PLANOGRAM)
    assert said.code == 2
    assert said.err == "storesim: --paths: 2 recorded trips are too few to fit walking to; bring 30\n"
    assert [path.name for path in tmp_path.iterdir()] == ["trips.csv"]
