"""The stock of a store: its rules in the scenario, and a CSV file with the numbers of single products."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from storesim.inputs import cells
from storesim.inputs.cells import number
from storesim.inputs.csv_source import Row, read_csv
from storesim.inputs.mistakes import Mark, Mistakes, quoted, shown
from storesim.inputs.names import Names, folded
from storesim.inputs.operations import Delivery, Held, OnEmpty, Refill, Stock
from storesim.inputs.operations_written import StockFile
from storesim.inputs.yaml_compose import Step
from storesim.inputs.yaml_source import Source

REQUIRED = ("product",)
OPTIONAL = ("per_metre", "back_room", "opening_shelf", "opening_back")
MOST_UNITS = 1e7
UNITS = cells.Rule("a whole number from 0 to 10 million", lambda x: 0 <= x <= MOST_UNITS and x == int(x))
PER_METRE = cells.Rule("a number above 0, at most 1 million", lambda x: 0 < x <= 1e6)


@dataclass(frozen=True)
class StockReader:
    """Reads what is written at a place of a scenario."""

    source: Source
    at: tuple[Step, ...]
    products: Names | None
    mistakes: Mistakes

    def stock(self, file: StockFile, warnings: list[str]) -> Stock:
        """Return the stock as it is kept."""
        on_empty, refill = file.on_empty, file.refill
        if on_empty.substitute + on_empty.postpone > 1:
            what = "more than all customers would substitute or postpone; write shares of at most 100 % together"
            self.mistakes.add(self.source.mark((*self.at, "on_empty")), what)
        every = Held(
            file.per_metre,
            file.back_room,
            file.opening_shelf,
            file.back_room if file.opening_back is None else file.opening_back,
        )
        held = dict.fromkeys(self.products.all if self.products else (), every) | self._single(file, every)
        if not any(one.back_room or one.opening_back for one in held.values()):
            warning = f"{shown(self.source.path)}: the back rooms are empty and hold nothing: no shelf is ever refilled"
            warnings += [warning] if warning not in warnings else []
        return Stock(
            held,
            Refill(refill.rounds, refill.below, refill.per_unit_s, refill.per_shelf_s, refill.trolley_persons),
            tuple(Delivery(one.at, one.fill) for one in file.deliveries),
            file.shrink,
            OnEmpty(on_empty.substitute, on_empty.postpone, on_empty.search_s),
        )

    def _single(self, file: StockFile, every: Held) -> dict[str, Held]:
        """Return the products of the stock file, with the scenario's numbers where it has none."""
        if file.products is None:
            return {}
        path, mark = self.source.path.parent / file.products, self.source.mark((*self.at, "products"))
        return dict(read_stock(path, self.products, every, self.mistakes, mark))


def read_stock(
    path: Path, products: Names | None, every: Held, mistakes: Mistakes, named_at: Mark | None = None
) -> Iterator[tuple[str, Held]]:
    """Yield the products of a stock file; `every` has the numbers of empty cells."""
    seen: dict[str, Row] = {}
    for row in read_csv(path, REQUIRED, OPTIONAL, mistakes, (), named_at) or ():
        if not cells.needed(row, "product", mistakes):
            continue
        name = products.find(row["product"]) if products else row["product"]
        if name is None and products:
            mistakes.add(row.mark("product"), products.missing(row["product"]))
            continue
        before = seen.setdefault(folded(row["product"]), row)
        if before is not row:
            what = f"product {quoted(row['product'])} stands already in line {before.line}; keep one"
            mistakes.add(row.mark("product"), what)
        yield name or row["product"], _held(row, every, mistakes)


def _held(row: Row, every: Held, mistakes: Mistakes) -> Held:
    back_room = int(number(row, "back_room", UNITS, mistakes, every.back_room))
    opening_back = int(
        number(row, "opening_back", UNITS, mistakes, back_room if row["back_room"] else every.opening_back)
    )
    if opening_back > back_room:
        what = f"{opening_back} units at opening do not fit into a back room of {back_room}; write at most as many"
        mistakes.add(row.mark("opening_back" if row["opening_back"] else "product"), what)
    return Held(
        per_metre=number(row, "per_metre", PER_METRE, mistakes, every.per_metre),
        back_room=back_room,
        opening_shelf=number(row, "opening_shelf", cells.SHARE, mistakes, every.opening_shelf),
        opening_back=opening_back,
    )
