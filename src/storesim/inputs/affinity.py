"""The affinity file: which products are bought together, beyond what the sizes of baskets explain."""

from collections.abc import Mapping
from pathlib import Path

from storesim.inputs import cells
from storesim.inputs.cells import Rule, number
from storesim.inputs.csv_source import Row, read_csv
from storesim.inputs.mistakes import Mark, Mistakes, quoted
from storesim.inputs.names import Names, folded

Affinity = Mapping[str, Mapping[str, float]]
"""Product id -> product id -> affinity, both ways."""

COLUMNS = ("product", "beside", "affinity")
LEAST, MOST = 0.1, 10.0
WANTED = f"{LEAST:g} to {MOST:g}"
SIZE = Rule(f"a number from {WANTED}", lambda x: LEAST <= x <= MOST)


def read_affinity(path: Path, ids: Names | None, mistakes: Mistakes, named_at: Mark | None = None) -> Affinity:
    """Read the affinities of pairs of products.

    An affinity is a size-adjusted lift: P(both in a basket) over what baskets of their sizes would hold if products
    were drawn apart. A raw lift is above 1 for nearly every pair, as large baskets hold more of everything.
    """
    found: dict[str, dict[str, float]] = {}
    first: dict[frozenset[str], Row] = {}
    for row in read_csv(path, COLUMNS, (), mistakes, (), named_at) or ():
        one, other = (_product(row, column, ids, mistakes) for column in COLUMNS[:2])
        cells.needed(row, "affinity", mistakes)
        value = number(row, "affinity", SIZE, mistakes, 1.0)
        if one and other and _is_new_pair(row, one, other, first, mistakes):
            found.setdefault(one, {})[other] = value
            found.setdefault(other, {})[one] = value
    return found


def _product(row: Row, column: str, ids: Names | None, mistakes: Mistakes) -> str | None:
    """Return the id of a cell's product; None when there is none, which is a mistake."""
    if not cells.needed(row, column, mistakes):
        return None
    own = ids.find(row[column]) if ids else row[column]
    if ids and own is None:
        mistakes.add(row.mark(column), ids.missing(row[column]))
    return own


def _is_new_pair(row: Row, one: str, other: str, first: dict[frozenset[str], Row], mistakes: Mistakes) -> bool:
    if folded(one) == folded(other):
        mistakes.add(row.mark("beside"), f"product {quoted(one)} is paired with itself; name another")
        return False
    before = first.setdefault(frozenset((folded(one), folded(other))), row)
    if before is not row:
        what = f"{quoted(one)} and {quoted(other)} stand already in line {before.line}; keep one"
        mistakes.add(row.mark("product"), what)
    return before is row
