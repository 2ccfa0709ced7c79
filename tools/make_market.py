"""Make the example market's CSV files from the aggregates of the Complete Journey sample.

    python tools/make_market.py AGGREGATES data/market

AGGREGATES is a folder with products.csv, hours.csv, weekdays.csv, basket_categories.csv and
affinity_size_adjusted.csv. Names, categories, margins and the shelf of every category come from `market.yaml`
beside this file. The small shop of the tutorials is written to `small` beside the market's folder. Equal inputs
give equal bytes.
"""

import csv
import math
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from shelving import Home, Shelf, fill_shelf

MEAN_IMPULSE_SHARE = 0.4
LEAST_IMPULSE, MOST_IMPULSE = 0.1, 0.85
SHRINK = 0.5
"""Weight of a product's own measurement; the rest is the mean of its department."""
SHARED_SPACE = 0.35
"""Part of a shelf that is divided equally; the rest follows sales."""
LEAST_LOG_AFFINITY = 0.1
"""Weaker affinities than this, either way, are left out: they are within the noise."""
COPIED = ("hours.csv", "weekdays.csv", "basket_categories.csv")
COLUMNS = (
    "id",
    "name",
    "category",
    "department",
    "price",
    "unit_cost",
    "units",
    "impulse_share",
    "price_elasticity",
    "display_lift",
)

Row = Mapping[str, str]


@dataclass(frozen=True)
class Item:
    """A product of the market with everything that its row says."""

    id: str
    category: str
    shelf_order: int
    """Place among all products in the order of `market.yaml`."""
    sales_share: float
    cells: Mapping[str, str]


def main(aggregates: Path, market: Path) -> None:
    """Write the market's files to `market`, and those of the small shop to `small` beside it."""
    table = yaml.safe_load(Path(__file__).with_name("market.yaml").read_text(encoding="utf-8"))
    rows = read_rows(aggregates / "products.csv", table["dropped"])
    items = make_items(rows, table)
    missions = [name for name in rows[0] if name.startswith("penetration: ")]
    market.mkdir(parents=True, exist_ok=True)
    write_csv(market / "products.csv", (*COLUMNS, *missions), [item.cells for item in items])
    for name in COPIED:
        shutil.copyfile(aggregates / name, market / name)
    write_affinity(aggregates / "affinity_size_adjusted.csv", market / "affinity.csv", table["categories"])
    for layout in ("grid", "racetrack"):
        write_planogram(market / f"planogram_{layout}.csv", table["shelves"], layout, items)
    write_small_shop(market.parent / "small", table["small"], items)


def read_rows(path: Path, dropped: Sequence[str]) -> list[Row]:
    """Return the rows that are products, biggest penetration first, as in the file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if row["product"] not in dropped]


def make_items(rows: Sequence[Row], table: Mapping[str, Any]) -> list[Item]:
    """Return the market's products: renamed, grouped, costed, with shrunken effects."""
    named = {
        source: (id_, group)
        for group, entry in table["categories"].items()
        for source, id_ in entry["products"].items()
    }
    _check_names(rows, named)
    order = {source: number for number, source in enumerate(named)}
    effects = effect_cells(rows, {group: entry["impulse"] for group, entry in table["categories"].items()}, named)
    items = []
    for row in rows:
        id_, category = named[row["product"]]
        words = {"id": id_, "name": id_.capitalize(), "category": category}
        cells = words | plain_cells(row, table["departments"]) | effects[row["product"]]
        items.append(Item(id_, category, order[row["product"]], float(row["sales_share"]), cells))
    return items


def _check_names(rows: Sequence[Row], named: Mapping[str, tuple[str, str]]) -> None:
    unnamed = [row["product"] for row in rows if row["product"] not in named]
    unknown = sorted(set(named) - {row["product"] for row in rows})
    ids = [id_ for id_, _ in named.values()]
    twice = sorted({id_ for id_ in ids if ids.count(id_) > 1})
    if unnamed or unknown or twice:
        sys.exit(f"market.yaml: without a name {unnamed}; not in the data {unknown}; named twice {twice}")


def plain_cells(row: Row, departments: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return what needs the row alone; the cost follows from the department's margin."""
    price, department = float(row["price"]), departments[row["department"]]
    cells = {"department": department["name"], "price": f"{price:.2f}",
             "unit_cost": f"{price * (1 - department['margin']):.3f}",
             "units": f"{float(row['units_per_basket']):.3f}"}  # fmt: skip
    return cells | {name: row[name] for name in row if name.startswith("penetration: ")}


def effect_cells(
    rows: Sequence[Row], impulse: Mapping[str, float], named: Mapping[str, tuple[str, str]]
) -> dict[str, dict[str, str]]:
    """Return what needs all rows: impulse shares (their mean is fixed), elasticities and lifts (shrunk)."""
    shares = impulse_shares(
        {row["product"]: (float(row["penetration"]), impulse[named[row["product"]][1]]) for row in rows}
    )
    elasticity, lift = shrunk(rows, "price_elasticity"), shrunk(rows, "display_lift")
    return {
        name: {"impulse_share": f"{share:.3f}", "price_elasticity": f"{min(elasticity[name], -0.3):.3f}",
               "display_lift": f"{max(lift[name], 1.0):.3f}"}
        for name, share in shares.items()
    }  # fmt: skip


def impulse_shares(products: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """Shift the categories' impulse shares on the log-odds scale until their mean over purchases is 0.4.

    Args:
        products: product -> (penetration, impulse share of its category before shifting).
    """
    bought = sum(penetration for penetration, _ in products.values())
    low, high = -5.0, 5.0
    for _ in range(60):
        shift = (low + high) / 2
        mean = sum(penetration * _shifted(share, shift) for penetration, share in products.values()) / bought
        low, high = (shift, high) if mean < MEAN_IMPULSE_SHARE else (low, shift)
    return {name: _shifted(share, low) for name, (_, share) in products.items()}


def _shifted(share: float, shift: float) -> float:
    log_odds = math.log(share / (1 - share)) + shift
    return min(max(1 / (1 + math.exp(-log_odds)), LEAST_IMPULSE), MOST_IMPULSE)


def shrunk(rows: Sequence[Row], column: str) -> dict[str, float]:
    """Return every product's effect: measured ones shrunk half-way to a mean, elsewhere that mean."""
    measured = [row for row in rows if row[column]]
    overall = _mean(float(row[column]) for row in measured)
    found = {}
    for row in rows:
        department = [float(other[column]) for other in measured if other["department"] == row["department"]]
        # The mean of one row is that row's noise again: small departments take the overall mean.
        centre = _mean(department) if len(department) >= 5 else overall
        found[row["product"]] = SHRINK * float(row[column]) + (1 - SHRINK) * centre if row[column] else centre
    return found


def _mean(numbers: Iterable[float]) -> float:
    values = list(numbers)
    return sum(values) / len(values)


def write_planogram(path: Path, shelves: Sequence[Mapping[str, Any]], layout: str, items: Sequence[Item]) -> None:
    """Write one floor plan's planogram: every product's home, in the order of `shelves`."""
    homes = [home for entry in shelves for home in fill_shelf(_shelf(entry, layout), _weights(entry, items))]
    _check_homes(path.name, homes, items)
    write_csv(path, ("product", "fixture", "face", "bays", "levels"), [home.cells for home in homes])


def _check_homes(name: str, homes: Sequence[Home], items: Sequence[Item]) -> None:
    homeless = sorted({item.id for item in items} - {home.product for home in homes})
    if homeless:
        sys.exit(f"{name}: no home for {homeless}")


def _shelf(entry: Mapping[str, Any], layout: str) -> Shelf:
    return Shelf.read(entry["bay"], entry["levels"], entry.get(layout) or entry["both"])


def _weights(entry: Mapping[str, Any], items: Sequence[Item]) -> dict[str, float]:
    """Return product -> share of the shelf, in the order in which `market.yaml` names them."""
    on_it = [
        item for item in items if item.id in entry.get("products", ()) or item.category in entry.get("categories", ())
    ]
    sales = sum(item.sales_share for item in on_it)
    return {
        item.id: SHARED_SPACE / len(on_it) + (1 - SHARED_SPACE) * item.sales_share / sales
        for item in sorted(on_it, key=lambda item: item.shelf_order)
    }


def write_affinity(source: Path, path: Path, categories: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the pairs of a symmetric table of size-adjusted lifts that are clearly above or below 1, each once."""
    id_ = {name: id_ for entry in categories.values() for name, id_ in entry["products"].items()}
    with source.open(encoding="utf-8", newline="") as lines:
        rows = {row["product_category"]: row for row in csv.DictReader(lines)}
    pairs = [
        {"product": id_[one], "beside": id_[other], "affinity": row[other]}
        for number, (one, row) in enumerate(rows.items())
        for other in list(rows)[number + 1 :]
        if abs(math.log(float(row[other]))) >= LEAST_LOG_AFFINITY
    ]
    write_csv(path, ("product", "beside", "affinity"), pairs)


def write_small_shop(folder: Path, table: Mapping[str, Any], items: Sequence[Item]) -> None:
    """Write products and planograms of the small shop; penetrations are scaled to its baskets."""
    ids = [id_ for entry in table["shelves"] for id_ in entry["products"]]
    few = [item for item in items if item.id in ids]
    columns = [f"penetration: {mission}" for mission in table["missions"]]
    sums = [sum(float(item.cells[column]) for item in few) for column in columns]
    factors = {
        column: mean / total for column, mean, total in zip(columns, table["missions"].values(), sums, strict=True)
    }
    rows = [dict(item.cells) | {c: f"{float(item.cells[c]) * factors[c]:.5f}" for c in columns} for item in few]
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder / "products.csv", (*COLUMNS, *columns), rows)
    for layout in ("small_shop", "corner_shop"):
        write_planogram(folder / f"planogram_{layout}.csv", table["shelves"], layout, few)


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write rows with these columns, in this order; other keys are left out."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python tools/make_market.py AGGREGATES data/market")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
