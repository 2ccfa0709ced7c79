"""The user's own words for what the points of sale call otherwise, and what no transaction tells of a product."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from storesim.inputs.cells import SHARE, needed, number
from storesim.inputs.csv_source import Row, read_csv
from storesim.inputs.mistakes import Mistakes, quoted
from storesim.inputs.names import folded
from storesim.inputs.products import LONGEST_ID

OPTIONAL = ("department", "category", "margin", "impulse_share")


@dataclass(frozen=True)
class Facts:
    """What the user says of a product; None: nothing."""

    category: str | None = None
    margin: float | None = None
    """Share of the price that is not unit cost."""
    impulse_share: float | None = None
    """Share of purchases that were not planned."""


@dataclass(frozen=True)
class Words:
    """A table of names; products, names and departments in lower case with single blanks."""

    names: Mapping[str, str] = field(default_factory=dict)
    """Product in the extract -> name; several products may have one."""
    departments: Mapping[str, str] = field(default_factory=dict)
    """Product in the extract -> department, where given."""
    facts: Mapping[str, Facts] = field(default_factory=dict)
    """By name."""


def read_names(path: Path, mistakes: Mistakes) -> Words:
    """Return what a CSV file says: columns product and name, and, if there are any, those of `OPTIONAL`."""
    names: dict[str, str] = {}
    departments: dict[str, str] = {}
    facts: dict[str, Facts] = {}
    for row in read_csv(path, ("product", "name"), OPTIONAL, mistakes) or ():
        if not needed(row, "product", mistakes) or not needed(row, "name", mistakes):
            continue
        product, name = folded(row["product"]), folded(row["name"])
        if len(name) > LONGEST_ID:
            mistakes.add(row.mark("name"), f"the name is {quoted(name)}; write at most {LONGEST_ID} characters")
        if names.setdefault(product, name) != name:
            mistakes.add(row.mark("product"), f"{quoted(product)} is called {quoted(names[product])} above; keep one")
        if row["department"]:
            departments.setdefault(product, folded(row["department"]))
        says = _facts(row, mistakes)
        if facts.setdefault(name, says) != says:
            what = f"{quoted(name)} has another category, margin or impulse share above; keep one of each"
            mistakes.add(row.mark("name"), what)
    return Words(names, departments, facts)


def _facts(row: Row, mistakes: Mistakes) -> Facts:
    margin, impulse = (
        number(row, column, SHARE, mistakes, 0.0) if row[column] else None for column in ("margin", "impulse_share")
    )
    return Facts(folded(row["category"]) or None, margin, impulse)
