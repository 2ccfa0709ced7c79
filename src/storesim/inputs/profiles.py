"""The laws of a mission: when it comes, on which weekdays, and how many categories it buys."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from storesim.inputs import cells
from storesim.inputs.csv_source import Row, read_csv
from storesim.inputs.mistakes import Mark, Mistakes, quoted, shown
from storesim.inputs.names import folded
from storesim.inputs.yaml_source import Source

ALL = "all"
"""The column that serves missions without a column of their own."""
BASKET_TOLERANCE = 0.01


@dataclass(frozen=True)
class Law:
    """A list of numbers that a mission needs: its key, the first column of its file, and its length."""

    key: str
    index: str
    first: int
    length: int | None = None
    most: int = 1000


HOURS = Law("hours", "hour", 0, 24)
WEEKDAYS = Law("weekdays", "weekday", 0, 7)
BASKET = Law("basket", "categories", 1)
LAWS = (HOURS, WEEKDAYS, BASKET)


@dataclass
class Profiles:
    """Reads the laws of the missions of one segments file, each file of numbers once."""

    source: Source
    missions: Sequence[str]
    mistakes: Mistakes
    _files: dict[tuple[str, str], list[Row] | None] = field(default_factory=dict)

    def numbers(self, mission: str, law: Law) -> tuple[float, ...] | None:
        """Return a law's numbers as they should be used; None when it is missing or wrong.

        Hours are relative frequencies as given; weekdays have mean 1; basket probabilities sum to 1.
        """
        at = ("missions", mission, law.key)
        value = self.source.value(at)
        mark = self.source.mark(at)
        if isinstance(value, str):
            listed = self._from_file(value, mission, law)
            mark = Mark(shown(self._path(value)))
        elif isinstance(value, list):
            listed = [float(x) for x in value if isinstance(x, int | float) and not isinstance(x, bool)]
            listed = listed if len(listed) == len(value) and min(listed, default=-1.0) >= 0 else None
        else:
            return None
        return None if listed is None else self._scaled(listed, mission, law, mark)

    def _path(self, text: str) -> Path:
        return self.source.path.parent / text

    def _from_file(self, text: str, mission: str, law: Law) -> list[float] | None:
        path = self._path(text)
        rows = self._rows(text, law)
        if rows is None:
            return None
        columns = {folded(name): name for name in (rows[0].columns if rows else ())}
        column = columns.get(folded(mission)) or columns.get(ALL)
        if column is None:
            self.mistakes.add(path, f"column {quoted(mission)} is missing; add it, or a column {ALL!r}")
            return None
        before = len(self.mistakes)
        found = [self._cell(row, column) for row in rows]
        return found if len(self.mistakes) == before else None

    def _cell(self, row: Row, column: str) -> float:
        cells.needed(row, column, self.mistakes)
        return cells.number(row, column, cells.AT_LEAST_0, self.mistakes, 0.0)

    def _rows(self, text: str, law: Law) -> list[Row] | None:
        if (text, law.key) not in self._files:
            named_at = next(
                self.source.mark(("missions", mission, law.key))
                for mission in self.missions
                if self.source.value(("missions", mission, law.key)) == text
            )
            columns = (*self.missions, ALL)
            rows = read_csv(self._path(text), (law.index,), columns, self.mistakes, (), named_at)
            self._files[text, law.key] = rows if rows is not None and self._in_order(rows, text, law) else None
        return self._files[text, law.key]

    def _in_order(self, rows: Sequence[Row], text: str, law: Law) -> bool:
        """Whether the first column counts up without gaps, to the end."""
        for number, row in enumerate(rows, start=law.first):
            if row[law.index] != str(number):
                what = f"{quoted(law.index)} is {quoted(row[law.index])}; write {number}: rows count up"
                self.mistakes.add(row.mark(law.index), f"{what} from {law.first} without gaps")
                return False
        if not 0 < len(rows) <= law.most or (law.length and len(rows) != law.length):
            wanted = law.length or f"one for each number of categories, {law.most} at most"
            self.mistakes.add(self._path(text), f"there are {len(rows)} rows; write {wanted}")
            return False
        return True

    def _scaled(self, listed: list[float], mission: str, law: Law, mark: Mark) -> tuple[float, ...] | None:
        if law.length and len(listed) != law.length:
            return None  # an inline list; its length is checked with its type
        total = sum(listed)
        of = f"{quoted(law.key)} of mission {quoted(mission)}"
        if not 0 < total < float("inf"):
            self.mistakes.add(mark, f"{of} add up to {total:g}; at least one must be above 0")
            return None
        if law is HOURS:
            return tuple(listed)
        if law is WEEKDAYS:
            return tuple(x * len(listed) / total for x in listed)
        if abs(total - 1) > BASKET_TOLERANCE:
            self.mistakes.add(mark, f"{of} adds up to {total:.4g}; probabilities add up to 1")
            return None
        return tuple(x / total for x in listed)
