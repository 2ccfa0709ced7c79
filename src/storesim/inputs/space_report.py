"""The space report of a planning tool as a planogram: metres of each category on each stretch of shelf."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from storesim.inputs import cells
from storesim.inputs.base import Input, Name
from storesim.inputs.csv_source import Row, read_lines
from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.mistakes import Mark, Mistakes, quoted, shown, suggest
from storesim.inputs.names import folded
from storesim.inputs.planogram import FACING_M
from storesim.inputs.shelves import NotThereError, Shelves
from storesim.inputs.space_filling import Filling, Shelved, SpaceReport
from storesim.inputs.values import At, Number, Reference, Spot, read_range, read_spot
from storesim.inputs.yaml_source import Source, read_yaml, validate

UNITS: Mapping[str, float] = {"metres": 1.0, "cm": 0.01, "mm": 0.001, "feet": 0.3048, "inches": 0.0254}
"""Keys of the map that name the column of lengths, and the metres in one."""
FACINGS = "facings"
AMOUNTS = (*UNITS, FACINGS)
PLACES = ("product", "fixture", "face", "bays", "levels")
LEAST_M = 0.001
"""Amounts below this are none."""
HEADER_WITHIN = 50
"""Lines in which the header is looked for: reports begin with titles."""


class SpaceMap(Input):
    """Which column of a space report says what, and what its names mean."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    product: Reference
    """Column of the category or item."""
    fixture: Reference
    """Column of the fixture, gondola or aisle."""
    face: Reference | None = None
    """Column of the side of the fixture."""
    bays: Reference | None = None
    """Column of the bay, such as 3 or 3-5."""
    levels: Reference | None = None
    """Column of the shelf, 1 is the bottom."""
    metres: Reference | None = None
    cm: Reference | None = None
    mm: Reference | None = None
    feet: Reference | None = None
    inches: Reference | None = None
    """Column of linear shelf length; one of these, or facings."""
    facings: Reference | None = None
    facing_m: Annotated[Number, Field(gt=0, le=10)] = FACING_M
    """Width of a facing in metres."""
    decimal: Literal[".", ","] = "."
    """What stands before decimals in text."""
    fixtures: dict[Name, At | None] = Field(default_factory=dict)
    """Name in the report -> place in the layout, such as G4 or G4/west/3-5; empty: left out."""
    products: dict[Name, Reference | None] = Field(default_factory=dict)
    """Name in the report -> id of the product; empty: left out."""
    faces: dict[Name, Reference] = Field(default_factory=dict)
    """Name in the report -> face in the layout."""


def read_space_report(path: Path, map_path: Path, plan: FloorPlan | None, mistakes: Mistakes) -> SpaceReport | None:
    """Read a space report (.xlsx or .csv) with a map of its columns; None after adding all that is wrong.

    Several rows of a product in a bay are added up. What names no bay is spread evenly over the fixture, or its face.
    """
    source = read_yaml(map_path, mistakes)
    mapped = validate(SpaceMap, source, mistakes) if source else None
    columns = _columns(mapped, source, mistakes) if mapped and source else None
    lines = read_lines(path, mistakes)
    rows = _rows(path, list(lines), columns, source, mistakes) if lines and columns and source else None
    if rows is None or mapped is None or plan is None:
        return None
    reader = _Reader(mapped, Shelves(plan), mistakes)
    shelved = [one for row in rows if (one := reader.shelved(row))]
    if not shelved and not len(mistakes):
        mistakes.add(path, "no row has a product, a fixture and an amount; check the map")
    report = Filling(reader.shelves, mistakes).report(shelved)
    return None if len(mistakes) else replace(report, left_out=reader.left_out)


def _columns(mapped: SpaceMap, source: Source, mistakes: Mistakes) -> dict[str, str] | None:
    """Return our name -> header in the report; None unless exactly one amount is named."""
    amounts = [key for key in AMOUNTS if getattr(mapped, key)]
    if len(amounts) != 1:
        said = f"{' and '.join(map(quoted, amounts))} are named" if amounts else "no column of amounts is named"
        mark = source.key_mark((amounts[1],)) if amounts else source.mark()
        mistakes.add(mark, f"{said}; name one of {', '.join(map(quoted, AMOUNTS))}")
        return None
    return {key: header for key in (*PLACES, *amounts) if (header := getattr(mapped, key))}


def _rows(
    path: Path, lines: Sequence[tuple[int, list[str]]], columns: Mapping[str, str], source: Source, mistakes: Mistakes
) -> list[Row] | None:
    """Return the rows below the header, which is the first line that has all columns; None when no line has."""
    wanted = {folded(header) for header in columns.values()}
    counts = [len(wanted & {folded(cell) for cell in cells}) for _, cells in lines[:HEADER_WITHIN]]
    if not counts:
        mistakes.add(path, "the file is empty; name a report with a header and rows")
        return None
    top = counts.index(max(counts))
    head_line, head = lines[top]
    by_name: dict[str, int] = {}
    for number, cell in enumerate(head, start=1):
        if by_name.setdefault(folded(cell), number) != number and folded(cell) in wanted:
            mistakes.add(Mark(shown(path), head_line, number), f"column {quoted(cell)} stands twice; rename one")
    for key, header in columns.items():
        if folded(header) not in by_name:
            near = suggest(header, [cell.strip() for cell in head if cell.strip()])
            mistakes.add(source.mark((key,)), f"{shown(path)} has no column {quoted(header)}{near}")
    if counts[top] < len(wanted):
        return None
    numbers = {key: by_name[folded(header)] for key, header in columns.items()}
    places = numbers | {"metres": next(numbers[key] for key in AMOUNTS if key in numbers)}  # where metres come from
    return [
        Row(shown(path), line, {k: cells[n - 1].strip() for k, n in numbers.items() if n <= len(cells)}, places)
        for line, cells in lines[top + 1 :]
    ]


@dataclass
class _Reader:
    """Gives the names and amounts of rows their meaning."""

    map: SpaceMap
    shelves: Shelves
    mistakes: Mistakes
    left_out: int = 0
    _meant: dict[str, dict[str, object]] = field(init=False)

    def __post_init__(self) -> None:
        groups: Mapping[str, Mapping[str, object]]
        groups = {"product": self.map.products, "fixture": self.map.fixtures, "face": self.map.faces}
        self._meant = {key: {folded(name): to for name, to in group.items()} for key, group in groups.items()}

    def shelved(self, row: Row) -> Shelved | None:
        """Return what a row says; None when it is left out or wrong, which is a mistake."""
        before = len(self.mistakes)
        metres = self._metres(row)
        names = {key: self._meant[key].get(folded(row[key]), row[key]) for key in self._meant}
        if metres < LEAST_M or names["product"] is None or names["fixture"] is None:
            self.left_out += len(self.mistakes) == before
            return None
        for key in ("product", "fixture"):
            cells.needed(row, key, self.mistakes)
        spot, levels = self._spot(row, names), self._range(row, "levels")
        if len(self.mistakes) > before or spot is None:
            return None
        return Shelved(row, str(names["product"]), spot, levels, metres)

    def _metres(self, row: Row) -> float:
        key = next(key for key in AMOUNTS if getattr(self.map, key))
        text = row[key].replace(",", ".") if self.map.decimal == "," else row[key]
        plain = replace(row, values={**row.values, key: text})
        amount = cells.number(plain, key, cells.AT_LEAST_0, self.mistakes, 0.0)
        return amount * (self.map.facing_m if key == FACINGS else UNITS[key])

    def _spot(self, row: Row, names: Mapping[str, object]) -> Spot | None:
        """Return the place of a row: the map's, or the report's own words, narrowed by its other columns."""
        meant = names["fixture"]
        try:
            known = meant if isinstance(meant, Spot) else self._own_words(str(meant))
        except ValueError as error:
            self.mistakes.add(row.mark("fixture"), str(error))
            return None
        bays = self._range(row, "bays")
        return Spot(known.fixture, known.face or (str(names["face"]) if names["face"] else None), known.bays or bays)

    def _own_words(self, name: str) -> Spot:
        """Return a name as a fixture if the plan has it, else read like G4/west."""
        try:
            return Spot(self.shelves.fixture(name).id)
        except NotThereError:
            return read_spot(name) if "/" in name else Spot(name)

    def _range(self, row: Row, key: Literal["bays", "levels"]) -> tuple[int, int] | None:
        if not row[key]:
            return None
        try:
            return read_range(row[key], key)
        except ValueError as error:
            self.mistakes.add(row.mark(key), str(error))
            return None
