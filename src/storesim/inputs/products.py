"""The products file: what is for sale, at which price, and how often each mission buys it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from storesim.inputs import cells
from storesim.inputs.case import Product
from storesim.inputs.cells import number
from storesim.inputs.csv_source import Row, read_csv
from storesim.inputs.mistakes import Mark, Mistakes, quoted, shown
from storesim.inputs.names import Names, folded
from storesim.inputs.parameters import Parameters

REQUIRED = ("id", "price")
OPTIONAL = (
    "name",
    "category",
    "department",
    "unit_cost",
    "units",
    "impulse_share",
    "price_elasticity",
    "display_lift",
    "penetration",
    "substitutes",
)
PENETRATION = "penetration: "
CONVERSION_REQUIRED = ("product", "conversion")
CONVERSION_OPTIONAL = ("planned_share", "target", "simulated", "residual", "p_notice", "excess")
ASSUMED_COST_SHARE = 0.7
"""Unit cost over price where no cost is given: assumed."""
ASSUMED_ELASTICITY = -1.5
ASSUMED_LIFT = 1.25
LONGEST_ID = 80
MOST_PRODUCTS = 20_000
MOST_LISTED = 5


@dataclass(frozen=True)
class Catalogue:
    """The products of a file, and their ids to look up."""

    path: str
    """As it stands in messages."""

    products: tuple[Product, ...]
    ids: Names


def read_products(
    path: Path,
    missions: Sequence[str] | None,
    parameters: Parameters,
    mistakes: Mistakes,
    warnings: list[str],
    named_at: Mark | None = None,
) -> Catalogue | None:
    """Read the products file; None when it cannot be made sense of.

    `missions` are those whose penetrations are needed (None: whichever the file has). A product whose row
    has mistakes is in the catalogue nevertheless, so that references to it are found.
    """
    rows = read_csv(path, REQUIRED, OPTIONAL, mistakes, (PENETRATION,), named_at)
    if rows is None:
        return None
    if not rows:
        mistakes.add(path, "there are no products; write a row for each")
        return None
    if len(rows) > MOST_PRODUCTS:
        what = f"there are {len(rows)} products, at most {MOST_PRODUCTS} are read; make categories of them"
        mistakes.add(path, what)
        return None
    columns = _penetration_columns(rows[0], missions, mistakes, warnings)
    first: dict[str, Row] = {}
    for row in rows:
        _note_id(row, first, mistakes)
    products = tuple(_product(row, columns, parameters, mistakes) for row in first.values())
    warnings += _cost_warnings(shown(path), products, first)
    warnings += _group_warnings(shown(path), products)
    ids = Names("product", shown(path), (product.id for product in products))
    return Catalogue(shown(path), products, ids)


def _note_id(row: Row, first: dict[str, Row], mistakes: Mistakes) -> None:
    """Note the first row of each id."""
    if not cells.needed(row, "id", mistakes):
        return
    if len(row["id"]) > LONGEST_ID:
        mistakes.add(row.mark("id"), f"'id' is {quoted(row['id'])}; write at most {LONGEST_ID} characters")
    before = first.setdefault(folded(row["id"]), row)
    if before is not row:
        what = f"product {quoted(row['id'])} stands already in line {before.line}; keep one"
        mistakes.add(row.mark("id"), what)


def _penetration_columns(
    row: Row, missions: Sequence[str] | None, mistakes: Mistakes, warnings: list[str]
) -> dict[str, str]:
    """Return for each mission the column that holds its penetrations."""
    own = {folded(name.removeprefix(PENETRATION)): name for name in row.columns if name.startswith(PENETRATION)}
    if missions is None:
        return {name.removeprefix(PENETRATION): name for name in own.values()}
    idle = [name for key, name in own.items() if key not in {folded(mission) for mission in missions}]
    warnings += [f"{row.path}: no segment has the mission of column {quoted(name)}: not used" for name in idle]
    columns = {mission: own.get(folded(mission), "penetration") for mission in missions}
    for mission, column in columns.items():
        if column not in row.columns:
            what = f"column {quoted(PENETRATION + mission)} is missing; add it, or 'penetration' for all"
            mistakes.add(Mark(row.path), what)
    return columns


def _product(row: Row, columns: Mapping[str, str], parameters: Parameters, mistakes: Mistakes) -> Product:
    cells.needed(row, "price", mistakes)
    price = number(row, "price", cells.ABOVE_0, mistakes, 1.0)
    return Product(
        id=row["id"],
        name=row["name"] or row["id"],
        category=row["category"] or row["id"],
        department=row["department"] or row["id"],
        price=price,
        unit_cost=number(row, "unit_cost", cells.AT_LEAST_0, mistakes, ASSUMED_COST_SHARE * price),
        units=number(row, "units", cells.AT_LEAST_1, mistakes, 1.0),
        penetration={m: _penetration(row, column, mistakes) for m, column in columns.items()},
        impulse_share=number(row, "impulse_share", cells.SHARE, mistakes, parameters.unplanned_share),
        price_elasticity=number(row, "price_elasticity", cells.BELOW_0, mistakes, ASSUMED_ELASTICITY),
        display_lift=number(row, "display_lift", cells.AT_LEAST_1, mistakes, ASSUMED_LIFT),
        substitutes=folded(row["substitutes"]),
    )


def _penetration(row: Row, column: str, mistakes: Mistakes) -> float:
    if column in row.columns:
        cells.needed(row, column, mistakes)
    return number(row, column, cells.SHARE, mistakes, 0.0)


def _cost_warnings(path: str, products: Sequence[Product], rows: Mapping[str, Row]) -> list[str]:
    assumed = [product.id for product in products if not rows[folded(product.id)]["unit_cost"]]
    dear = [product.id for product in products if product.unit_cost > product.price]
    found = []
    if assumed:
        what = f"assumed to be {100 * ASSUMED_COST_SHARE:.0f} % of the price"
        found.append(f"{path}: the unit cost of {few(assumed)} is {what}")
    if dear:
        found.append(f"{path}: the unit cost of {few(dear)} is above the price")
    return found


def _group_warnings(path: str, products: Sequence[Product]) -> list[str]:
    sizes = Counter(product.substitutes for product in products)
    alone = [product.id for product in products if product.substitutes and sizes[product.substitutes] == 1]
    return [f"{path}: no other product has the group of substitutes of {few(alone)}"] if alone else []


def few(names: Sequence[str]) -> str:
    """Return the first few names, and how many more there are."""
    listed = ", ".join(quoted(name) for name in names[:MOST_LISTED])
    more = len(names) - MOST_LISTED
    return f"{listed} and {more} more" if more > 0 else listed


def read_conversion(
    path: Path,
    catalogue: Catalogue | None,
    mistakes: Mistakes,
    warnings: list[str],
    named_at: Mark | None = None,
) -> tuple[Product, ...]:
    """Read the calibration's result; return the catalogue's products with conversion and planned share."""
    rows = read_csv(path, CONVERSION_REQUIRED, CONVERSION_OPTIONAL, mistakes, (), named_at)
    found: dict[str, Row] = {}
    for row in rows or ():
        if cells.needed(row, "product", mistakes) and _known(row, catalogue, mistakes):
            before = found.setdefault(folded(row["product"]), row)
            if before is not row:
                what = f"product {quoted(row['product'])} stands already in line {before.line}; keep one"
                mistakes.add(row.mark("product"), what)
    if rows is None or catalogue is None:
        return ()
    missing = [product.id for product in catalogue.products if folded(product.id) not in found]
    if missing:
        warnings.append(f"{shown(path)}: {few(missing)} not calibrated; the default conversion is used")
    return tuple(_calibrated(product, found, mistakes) for product in catalogue.products)


def _known(row: Row, catalogue: Catalogue | None, mistakes: Mistakes) -> bool:
    if catalogue is None or catalogue.ids.find(row["product"]):
        return True
    mistakes.add(row.mark("product"), catalogue.ids.missing(row["product"]))
    return False


def _calibrated(product: Product, rows: Mapping[str, Row], mistakes: Mistakes) -> Product:
    row = rows.get(folded(product.id))
    if row is None:
        return product
    conversion = number(row, "conversion", cells.ANY, mistakes, 0.0) if row["conversion"] else None
    planned = number(row, "planned_share", cells.SHARE, mistakes, 0.0) if row["planned_share"] else None
    return replace(product, conversion=conversion, planned_share=planned)
