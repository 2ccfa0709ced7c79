"""The actuals file: what a day of the user's own store really was, to hold the baseline against."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from storesim.inputs import cells
from storesim.inputs.case import Actual, Measure, Product
from storesim.inputs.csv_source import Row, read_csv
from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.mistakes import Mark, Mistakes, quoted
from storesim.inputs.names import Names, folded

REQUIRED = ("measure", "value")
OPTIONAL = ("name",)
MEASURES: Mapping[Measure, str] = {
    "sales": "currency a day",
    "tickets": "baskets a day",
    "trip minutes": "minutes, mean of a visit",
    "department sales": "currency a day",
    "category sales": "currency a day",
    "product sales": "currency a day",
    "zone visits": "customers a day",
}
"""Measure -> unit; the ones about something need its name."""
NAMELESS = ("sales", "tickets", "trip minutes")


class Known:
    """The names that each measure may be about; None: not known, and so not checked."""

    def __init__(self, products: Sequence[Product], plan: FloorPlan | None) -> None:
        listed: dict[str, dict[str, str] | None] = {
            "product sales": {product.id: product.id for product in products},
            "category sales": {product.category: product.category for product in products},
            "department sales": {product.department: product.department for product in products},
            "zone visits": {z.name: z.id for z in plan.zones} | {z.id: z.id for z in plan.zones} if plan else None,
        }
        where = f"layout {quoted(plan.name)}" if plan else ""
        self._meant = {key: names for key, names in listed.items() if names is not None and (names or products)}
        self._names = {
            key: Names(key.split()[0], where if key == "zone visits" else "the products", names)
            for key, names in self._meant.items()
        }

    def find(self, measure: str, row: Row, mistakes: Mistakes) -> str:
        """Return the plan's or the products' own name of a row's; one that is not there is a mistake."""
        if measure not in self._names:
            return row["name"]
        own = self._names[measure].find(row["name"])
        if own is None:
            mistakes.add(row.mark("name"), self._names[measure].missing(row["name"]))
        return self._meant[measure].get(own or "", "")


def read_actuals(
    path: Path, products: Sequence[Product], plan: FloorPlan | None, mistakes: Mistakes, named_at: Mark | None = None
) -> tuple[Actual, ...]:
    """Read what really happened; `products` and `plan` (the baseline's) have the names, () and None: not checked."""
    rows = read_csv(path, REQUIRED, OPTIONAL, mistakes, (), named_at)
    if rows == []:
        mistakes.add(path, "there are no rows; write one for each number that you know of your store")
    known, measures = Known(products, plan), Names("measure", "those that can be compared", MEASURES)
    first: dict[tuple[str, str], Row] = {}
    return tuple(one for row in rows or () if (one := _actual(row, known, measures, first, mistakes)))


def _actual(
    row: Row, known: Known, measures: Names, first: dict[tuple[str, str], Row], mistakes: Mistakes
) -> Actual | None:
    before = len(mistakes)
    cells.needed(row, "value", mistakes)
    value = cells.number(row, "value", cells.AT_LEAST_0, mistakes, 0.0)
    written = measures.find(row["measure"]) if cells.needed(row, "measure", mistakes) else None
    measure = next((name for name in MEASURES if name == written), None)
    if measure is None:
        if row["measure"]:
            mistakes.add(row.mark("measure"), measures.missing(row["measure"]))
        return None
    name = _name(row, measure, known, mistakes)
    twin = first.setdefault((measure, folded(name)), row)
    if twin is not row and len(mistakes) == before:
        what = f"{measure} {name}".strip()
        mistakes.add(row.mark("measure"), f"{quoted(what)} stands already in line {twin.line}; keep one")
    return Actual(measure, name, value) if len(mistakes) == before else None


def _name(row: Row, measure: Measure, known: Known, mistakes: Mistakes) -> str:
    if measure in NAMELESS:
        if row["name"]:
            mistakes.add(row.mark("name"), f"{quoted(measure)} are of the whole store; leave 'name' empty")
        return ""
    if not row["name"]:
        what = f"{quoted(measure)} need the name of a {measure.split()[0]}; fill in 'name'"
        mistakes.add(row.mark("name") if "name" in row.columns else row.mark("measure"), what)
        return ""
    return known.find(measure, row, mistakes)
