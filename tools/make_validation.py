"""Make the files of the stores that published facts are played in.

    python tools/make_validation.py                 # planograms, and the products of the twelve aisles
    python tools/make_validation.py --conversion    # solves the supermarket's conversion: again when behaviour changes

Shelves come from `validation.yaml` beside this file, sales from the example market. Equal inputs give equal bytes.
"""

import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from shelving import Shelf, fill_shelf

from storesim.experiment.conversion import solve, write_conversion
from storesim.inputs.case import Product
from storesim.validate.facts.measures import penetration
from storesim.validate.stores import CONVERSION, STORES, market, supermarket_as_laid_out

SHARED_SPACE = 0.35
"""Part of a shelf that is divided equally; the rest follows sales."""
AISLES, HALVES, BAYS = 12, ("S", "N"), 3
PLANNED = 5


def main(arguments: Sequence[str]) -> None:
    """Write the files, or the conversion only."""
    if arguments == ["--conversion"]:
        write_conversion(CONVERSION, solve(supermarket_as_laid_out()))
        return
    table = yaml.safe_load(Path(__file__).with_name("validation.yaml").read_text(encoding="utf-8"))
    write_supermarket(STORES / "planogram_supermarket.csv", table["supermarket"])
    write_twelve_aisles(STORES)


def write_supermarket(path: Path, shelves: Sequence[Mapping[str, Any]]) -> None:
    """Write every product's home, in the order of `shelves` and, on a shelf, of sales within its category."""
    scenario = market()
    sales = {
        product.id: share * product.units * product.price
        for product, share in zip(scenario.products, penetration(scenario), strict=True)
    }
    homes = [home for entry in shelves for home in fill_shelf(shelf(entry), weights(entry, scenario.products, sales))]
    homeless = sorted(set(sales) - {home.product for home in homes})
    if homeless:
        sys.exit(f"{path.name}: no home for {homeless}")
    write_csv(path, ("product", "fixture", "face", "bays", "levels"), [home.cells for home in homes])


def shelf(entry: Mapping[str, Any]) -> Shelf:
    return Shelf.read(entry["bay"], entry["levels"], entry["at"])


def weights(entry: Mapping[str, Any], products: Iterable[Product], sales: Mapping[str, float]) -> dict[str, float]:
    """Return product -> share of a shelf."""
    on_it = [product.id for product in products if product.category in entry["categories"]]
    total = sum(sales[product] for product in on_it)
    return {product: SHARED_SPACE / len(on_it) + (1 - SHARED_SPACE) * sales[product] / total for product in on_it}


def write_twelve_aisles(folder: Path) -> None:
    """Write one product a bay, each on as many lists: five of all at the mean."""
    inner = [(str(number), face) for number in range(1, AISLES) for face in ("west", "east")]
    faces = [("-west", "east"), *inner, ("-east", "west")]
    bays = [(f"{half}{end}", face, bay) for end, face in faces for half in HALVES for bay in range(1, BAYS + 1)]
    names = [f"item {number:03d}" for number in range(1, len(bays) + 1)]
    share = f"{PLANNED / len(bays):.6f}"
    rows = [{"id": name, "price": "1", "unit_cost": "1", "impulse_share": "0", "penetration": share} for name in names]
    write_csv(folder / "twelve_aisles_products.csv", tuple(rows[0]), rows)
    places = [
        {"product": name, "fixture": fixture, "face": face, "bays": str(bay)}
        for name, (fixture, face, bay) in zip(names, bays, strict=True)
    ]
    write_csv(folder / "planogram_twelve_aisles.csv", tuple(places[0]), places)


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write rows with these columns, in this order."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
