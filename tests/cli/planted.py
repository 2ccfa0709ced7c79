"""Shops that storesim plays as somebody else's: sales as CSV, with the missions and prices that calibration is to find.

The shop is the small example with other missions. Each has products of its own and a basket law; what a mission buys of
other departments is little.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from storesim.results.day import Day

ROOT = Path(__file__).resolve().parents[2]
PLANOGRAM = ROOT / "data/small/planogram_small_shop.csv"
LAYOUT = ROOT / "layouts/small_shop.yaml"
SALES = ("basket_id", "timestamp", "category", "department", "quantity", "net_sales", "store")
DEPARTMENTS = {
    "drinks": ("soft drinks", "water", "chilled juice", "coffee"),
    "fresh": ("bananas and tropical fruit", "apples", "tomatoes", "salad mix", "yogurt"),
}
REST = "grocery"
DAY = [0] * 8 + [1] * 12 + [0] * 4


@dataclass(frozen=True)
class Mission:
    """A purpose of visits, told by its size and its department."""

    share: float
    basket: tuple[float, ...]
    """P(1, 2, … products)."""
    weights: Mapping[str, float]
    """Department -> weight of each of its products in the baskets."""

    @property
    def mean(self) -> float:
        """Mean number of products."""
        return float(np.arange(1, len(self.basket) + 1) @ self.basket)

    def penetrations(self, departments: Sequence[str]) -> np.ndarray:
        """Share of baskets with each product, given the products' departments; they add up to the mean."""
        weight = np.array([self.weights.get(department, 0.02) for department in departments])
        return self.mean * weight / weight.sum()


def write_shop(folder: Path, missions: Mapping[str, Mission], changes: Mapping[str, Mapping[str, Any]]) -> None:
    """Write products.csv and segments.yaml; `changes` are cells of products that are not the example's."""
    with (ROOT / "data/small/products.csv").open(encoding="utf-8", newline="") as lines:
        rows = [{k: v for k, v in row.items() if not k.startswith("penetration")} for row in csv.DictReader(lines)]
    home = {product: department for department, products in DEPARTMENTS.items() for product in products}
    for row in rows:
        row |= {"department": home.get(row["id"], REST), "impulse_share": "0.05"} | changes.get(row["id"], {})
    for name, mission in missions.items():
        shares = mission.penetrations([row["department"] for row in rows])
        for row, share in zip(rows, shares, strict=True):
            row[f"penetration: {name}"] = f"{share:.5f}"
    with (folder / "products.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    laws = {name: {"hours": DAY, "weekdays": [1] * 7, "basket": list(m.basket)} for name, m in missions.items()}
    mix = {name: mission.share for name, mission in missions.items()}
    segments = {"everybody": {"share": 1.0, "missions": mix}}
    text = yaml.safe_dump({"segments": segments, "missions": laws})
    (folder / "segments.yaml").write_text(text, encoding="utf-8")


def scenario(folder: Path, days: int, visits: int, promotions: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return the scenario of the shop as a file holds it."""
    plain = yaml.safe_load((ROOT / "scenarios/small_shop.yaml").read_text(encoding="utf-8"))
    variant = {"layout": str(LAYOUT), "planogram": str(PLANOGRAM), "promotions": list(promotions)}
    return plain | {
        "calendar": {"from": "2026-03-02", "days": days}, "visits_per_day": visits, "replications": days,
        "products": str(folder / "products.csv"), "segments": str(folder / "segments.yaml"),
        "variants": {"empty table": variant},
    }  # fmt: skip


def sold(day: Day, store: str) -> Iterator[tuple[object, ...]]:
    """Yield a line for each product in a paid basket, as `SALES`."""
    baskets, population, start = day.baskets, day.population, day.scenario.opens_s
    midnight = datetime.combine(day.scenario.first_day, time()) + timedelta(days=day.replication)
    for row in np.flatnonzero(baskets.paid):
        one, product = int(baskets.customer[row]), day.scenario.products[baskets.product[row]]
        at = midnight + timedelta(seconds=int(population.arrives_s[one] + start))
        amount = round(float(baskets.amount[row]), 2)
        yield f"{store}-{day.replication}-{one}", at, product.id, product.department, baskets.units[row], amount, store


def missions_of(day: Day) -> np.ndarray:
    """Return the mission of each paid basket."""
    buyers = np.unique(day.baskets.customer[day.baskets.paid])
    return np.array([mission.name for mission in day.scenario.missions])[day.population.mission[buyers]]
