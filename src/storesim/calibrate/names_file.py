"""The user's own names for what the points of sale call otherwise: renamed, or several made one."""

from collections.abc import Mapping
from pathlib import Path

from storesim.inputs.cells import needed
from storesim.inputs.csv_source import read_csv
from storesim.inputs.mistakes import Mistakes, quoted
from storesim.inputs.names import folded
from storesim.inputs.products import LONGEST_ID


def read_names(path: Path, mistakes: Mistakes) -> Mapping[str, str]:
    """Return product -> name, both in lower case with single blanks, from a CSV file with columns product and name."""
    names: dict[str, str] = {}
    for row in read_csv(path, ("product", "name"), (), mistakes) or ():
        if not needed(row, "product", mistakes) or not needed(row, "name", mistakes):
            continue
        product, name = folded(row["product"]), folded(row["name"])
        if len(name) > LONGEST_ID:
            mistakes.add(row.mark("name"), f"the name is {quoted(name)}; write at most {LONGEST_ID} characters")
        if names.setdefault(product, name) != name:
            mistakes.add(row.mark("product"), f"{quoted(product)} is called {quoted(names[product])} above; keep one")
    return names
