"""Products put on the shelves of a plan by their metres: what finds no fixture or does not fit, the rest as rows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from storesim.inputs.csv_source import Row
from storesim.inputs.floor_plan import Fixture, FloorPlan
from storesim.inputs.mistakes import Mistakes, quoted
from storesim.inputs.names import folded
from storesim.inputs.planogram import AVAILABLE, FULL, place
from storesim.inputs.shelves import BayKey, NotThereError, Shelf, Shelves
from storesim.inputs.values import Spot

COLUMNS = ("product", "fixture", "face", "bays", "levels", "metres")
EMPTY_COLUMNS = (*COLUMNS, AVAILABLE)
"""Of a planogram to fill in."""


@dataclass(frozen=True)
class SpaceReport:
    """A planogram made of a space report."""

    rows: tuple[tuple[str, ...], ...]
    """Cells of each row, as in COLUMNS."""
    metres: float
    read: int
    """Rows of the report that are in it."""
    left_out: int
    """Rows without an amount, or whose name the map leaves empty."""
    spread: int
    """Rows that name no face of a fixture with several: spread evenly over all."""


@dataclass(frozen=True)
class Shelved:
    """A row of the report, with names as the map gives them."""

    row: Row
    product: str
    spot: Spot
    levels: tuple[int, int] | None
    metres: float


@dataclass
class _Held:
    """What a product has in one bay, all rows added."""

    row: Row
    """The first one."""
    levels: tuple[int, int]
    metres: float = 0.0

    def add(self, metres: float, levels: tuple[int, int]) -> None:
        self.metres += metres
        self.levels = (min(self.levels[0], levels[0]), max(self.levels[1], levels[1]))


class Filling:
    """Puts the rows on the shelves and says what does not fit."""

    def __init__(self, shelves: Shelves, mistakes: Mistakes) -> None:
        self._shelves = shelves
        self._mistakes = mistakes
        self._held: dict[tuple[str, BayKey], _Held] = {}
        self._names: dict[str, str] = {}
        self._spread = 0

    def report(self, shelved: Sequence[Shelved]) -> SpaceReport:
        """Return the planogram; what found no fixture and what is too long are mistakes."""
        strangers = self._strangers(shelved)
        for one in shelved:
            if folded(one.spot.fixture) not in strangers:
                self._take(one)
        overfull = set(self._refuse_overfull())
        rows = [row for fixture, row in self._rows() if fixture not in overfull]
        place(rows, self._shelves, None, self._mistakes)
        return SpaceReport(
            tuple(tuple(row[column] for column in COLUMNS) for row in rows),
            sum(held.metres for held in self._held.values()),
            read=len(shelved),
            left_out=0,
            spread=self._spread,
        )

    def _strangers(self, shelved: Iterable[Shelved]) -> set[str]:
        """Return the fixtures that the plan does not have; each is told of once, with how much stands on it."""
        found: dict[str, list[Shelved]] = {}
        for one in shelved:
            found.setdefault(folded(one.spot.fixture), []).append(one)
        strangers = set()
        for name, rows in found.items():
            try:
                self._shelves.fixture(rows[0].spot.fixture)
            except NotThereError as error:
                strangers.add(name)
                many = f"{len(rows)} row{'s' if len(rows) > 1 else ''}, {sum(row.metres for row in rows):.4g} m"
                what = f"{error} (it holds {many}; 'fixtures' of the map gives other names)"
                self._mistakes.add(rows[0].row.mark("fixture"), what)
        return strangers

    def _take(self, one: Shelved) -> None:
        """Spread a row over its bays by their width."""
        fixture = self._shelves.fixture(one.spot.fixture)
        if one.spot.face is None and one.spot.bays and len(fixture.faces) > 1:
            names = ", ".join(quoted(face.name) for face in fixture.faces)
            what = f"fixture {quoted(fixture.id)} has {len(fixture.faces)} faces; bays need one of {names}"
            self._mistakes.add(one.row.mark("bays"), what)
            return
        try:
            found = self._shelves.at(one.spot)
        except NotThereError as error:
            key = {"face": "face", "bays": "bays"}.get(error.part, "fixture")
            self._mistakes.add(one.row.mark(key if key in one.row.columns else "fixture"), str(error))
            return
        levels = one.levels or (1, fixture.levels)
        if levels[1] > fixture.levels:
            what = f"fixture {quoted(fixture.id)} has no level {levels[1]}; it has {fixture.levels}"
            self._mistakes.add(one.row.mark("levels"), what)
            return
        self._spread += one.spot.face is None and len(fixture.faces) > 1
        self._hold(one, found, levels)

    def _hold(self, one: Shelved, found: Sequence[Shelf], levels: tuple[int, int]) -> None:
        product = self._names.setdefault(folded(one.product), one.product)
        width_m = sum(shelf.width_m for shelf in found)
        for shelf in found:
            held = self._held.setdefault((product, shelf.key), _Held(one.row, levels))
            held.add(one.metres * shelf.width_m / width_m, levels)

    def _refuse_overfull(self) -> Iterator[str]:
        """Yield the fixtures that would hold more than they have, told where each becomes too full."""
        by_fixture: dict[str, list[_Held]] = {}
        for (_, key), held in self._held.items():
            by_fixture.setdefault(key.fixture, []).append(held)
        for name, on_it in by_fixture.items():
            fixture = self._shelves.fixture(name)
            room_m, total_m = _room_m(fixture), sum(held.metres for held in on_it)
            if total_m > room_m * FULL:
                last = max((held.row for held in on_it), key=lambda row: row.line)
                what = f"fixture {quoted(fixture.id)} would hold {total_m:.4g} m of shelf and has {room_m:.4g} m"
                remedy = f"{total_m - room_m:.4g} m do not fit; mend the report, or the layout's levels"
                self._mistakes.add(last.mark("metres"), f"{what}; {remedy}")
                yield fixture.id

    def _rows(self) -> Iterator[tuple[str, Row]]:
        """Yield fixture and row of each stretch of equal bays, in the order of the report."""
        for (product, fixture, face), of in groupby(self._held.items(), lambda item: (item[0][0], *item[0][1][:2])):
            bays = sorted(((key.bay, held) for (_, key), held in of), key=lambda pair: pair[0])
            for stretch in _stretches(bays):
                first, last = stretch[0], stretch[-1]
                values = {
                    "product": product,
                    "fixture": fixture,
                    "face": face,
                    "bays": _span(first[0], last[0]),
                    "levels": _span(*first[1].levels),
                    "metres": f"{sum(held.metres for _, held in stretch):.4f}".rstrip("0").rstrip("."),
                }
                yield fixture, replace(first[1].row, values=values)


def _stretches(bays: Sequence[tuple[int, _Held]]) -> list[list[tuple[int, _Held]]]:
    """Return neighbouring bays that hold as much at the same levels together."""
    found: list[list[tuple[int, _Held]]] = []
    for bay, held in bays:
        before = found[-1][-1] if found else None
        alike = before and before[1].levels == held.levels and abs(before[1].metres - held.metres) < 1e-6
        if before and alike and before[0] == bay - 1:
            found[-1].append((bay, held))
        else:
            found.append([(bay, held)])
    return found


def _room_m(fixture: Fixture) -> float:
    return fixture.levels * sum(bay.width_m for face in fixture.faces for bay in face.bays)


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def empty_rows(plan: FloorPlan) -> list[tuple[str, ...]]:
    """Return a row for each face of each fixture of a plan, without a product; see EMPTY_COLUMNS."""
    return [
        (
            "",
            fixture.id,
            face.name,
            _span(1, len(face.bays)),
            _span(1, fixture.levels),
            "",
            f"{fixture.levels * sum(bay.width_m for bay in face.bays):.2f}",
        )
        for fixture in plan.fixtures
        for face in fixture.faces
    ]
