"""The planogram file: which product stands where, on how many metres of shelf."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from storesim.inputs import cells
from storesim.inputs.case import Placement
from storesim.inputs.csv_source import Row, read_csv
from storesim.inputs.mistakes import Mark, Mistakes, quoted, shown
from storesim.inputs.names import Names, folded
from storesim.inputs.shelves import BayKey, NotThereError, Shelf, Shelves
from storesim.inputs.values import Spot, read_range

REQUIRED = ("product", "fixture")
AMOUNTS = ("metres", "facings", "share")
AVAILABLE = "metres_available"
"""What an empty sheet says of each stretch of shelf; not read back."""
OPTIONAL = ("face", "bays", "levels", *AMOUNTS, "facing_m", AVAILABLE)
FACING_M = 0.1
"""Width of a facing where none is given: assumed."""
FULL = 1.05
"""A bay takes so much of its metres: measured shelves are rounded."""
SHARES_FULL = 1.001
MOST_PLACEMENTS = 50_000


@dataclass(frozen=True)
class Stand:
    """A row of the planogram at one bay."""

    row: Row
    product: str
    shelf: Shelf
    levels: tuple[int, int]
    metres: float | None
    """None: what the others leave."""
    share: float | None = None

    @property
    def level_numbers(self) -> range:
        """The levels it takes."""
        return range(self.levels[0], self.levels[1] + 1)


@dataclass(frozen=True)
class Planogram:
    """The rows of a planogram file that can be used."""

    path: str
    """As it stands in messages."""
    rows: tuple[Row, ...]
    is_whole: bool
    """Whether no row was left out because of mistakes in it."""


def read_planogram(path: Path, mistakes: Mistakes, named_at: Mark | None = None) -> Planogram | None:
    """Read a planogram and check what needs no floor plan; None when it cannot be made sense of."""
    written = read_csv(path, REQUIRED, OPTIONAL, mistakes, (), named_at)
    if written is None:
        return None
    rows = [row for row in written if not _is_left_empty(row)]
    if not rows:
        mistakes.add(path, "there are no rows; write one for each product and place")
    usable = tuple(row for row in rows if _is_sound(row, mistakes))
    return Planogram(shown(path), usable, 0 < len(rows) == len(usable))


def _is_left_empty(row: Row) -> bool:
    """Whether a row of a sheet to fill in was left as it was."""
    return bool(row[AVAILABLE]) and not any(row[column] for column in ("product", *AMOUNTS))


def _is_sound(row: Row, mistakes: Mistakes) -> bool:
    before = len(mistakes)
    for column in REQUIRED:
        cells.needed(row, column, mistakes)
    for column in ("bays", "levels"):
        _range(row, column, mistakes)
    given = [column for column in AMOUNTS if row[column]]
    if len(given) > 1:
        what = f"{' and '.join(quoted(column) for column in given)} are both given; keep one"
        mistakes.add(row.mark(given[1]), what)
    cells.number(row, "metres", cells.ABOVE_0, mistakes, 1.0)
    cells.number(row, "facings", cells.ABOVE_0, mistakes, 1.0)
    cells.number(row, "facing_m", cells.ABOVE_0, mistakes, FACING_M)
    cells.number(row, "share", cells.SHARE_ABOVE_0, mistakes, 1.0)
    return len(mistakes) == before


def _range(row: Row, column: str, mistakes: Mistakes) -> tuple[int, int] | None:
    if not row[column]:
        return None
    try:
        return read_range(row[column], column)
    except ValueError as error:
        mistakes.add(row.mark(column), str(error))
        return None


def place(
    rows: Sequence[Row], shelves: Shelves | None, products: Names | None, mistakes: Mistakes
) -> tuple[Placement, ...]:
    """Return the placements of a planogram on a plan, in the order of its rows and their bays.

    Metres, facings and shares are spread evenly over the bays of a row; a row without any takes, at each of
    its levels, an equal part of what the rows with amounts leave (those take their levels evenly).
    What is not known (None) is not checked.
    """
    known = [(row, _product(row, products, mistakes)) for row in rows]
    if shelves is None:
        return ()
    stands: list[Stand] = []
    for row, product in known:
        stands += _stands(row, product, shelves, mistakes)
        if len(stands) > MOST_PLACEMENTS:
            what = f"there are more than {MOST_PLACEMENTS} places, counted by bay; make categories of the products"
            mistakes.add(row.mark(), what)
            return ()
    return tuple(_Bays(stands, mistakes).placements())


def _product(row: Row, products: Names | None, mistakes: Mistakes) -> str:
    own = products.find(row["product"]) if products else row["product"]
    if own is None and products:
        mistakes.add(row.mark("product"), products.missing(row["product"]))
    return own or row["product"]


def _stands(row: Row, product: str, shelves: Shelves, mistakes: Mistakes) -> Iterator[Stand]:
    spot = Spot(row["fixture"], row["face"] or None, _range(row, "bays", mistakes))
    try:
        found = shelves.at(spot, one_face=True)
    except NotThereError as error:
        mistakes.add(row.mark(error.part), str(error))
        return
    levels = _levels(row, found[0], mistakes)
    if levels is None:
        return
    share = float(cells.number(row, "share", cells.ANY, mistakes, 0.0)) if row["share"] else None
    metres = _metres(row, mistakes)
    for shelf in found:
        here = share * shelf.width_m * (levels[1] - levels[0] + 1) if share else None
        yield Stand(row, product, shelf, levels, metres / len(found) if metres else here, share)


def _levels(row: Row, shelf: Shelf, mistakes: Mistakes) -> tuple[int, int] | None:
    levels = _range(row, "levels", mistakes) or (1, shelf.levels)
    if levels[1] <= shelf.levels:
        return levels
    have = f"1 to {shelf.levels}" if shelf.levels > 1 else "1 only"
    what = f"fixture {quoted(shelf.key.fixture)} has no level {levels[1]}; it has levels {have}"
    mistakes.add(row.mark("levels"), what)
    return None


def _metres(row: Row, mistakes: Mistakes) -> float | None:
    """Return the linear metres of a whole row, as far as they are given."""
    if row["metres"]:
        return cells.number(row, "metres", cells.ANY, mistakes, 0.0)
    if row["facings"]:
        facing_m = cells.number(row, "facing_m", cells.ANY, mistakes, FACING_M)
        return cells.number(row, "facings", cells.ANY, mistakes, 0.0) * facing_m
    return None


class _Bays:
    """What stands in each bay, and whether it fits; a row is told of once, however many bays it spans."""

    def __init__(self, stands: Sequence[Stand], mistakes: Mistakes) -> None:
        self._stands = stands
        self._mistakes = mistakes
        self._told: set[int] = set()
        self._by_bay: dict[BayKey, list[Stand]] = {}
        for stand in stands:
            self._by_bay.setdefault(stand.shelf.key, []).append(stand)

    def placements(self) -> Iterator[Placement]:
        for stands in self._by_bay.values():
            self._refuse_twice(stands)
            self._refuse_overfull(stands)
        left = {key: _left(stands) for key, stands in self._by_bay.items()}
        for stand in self._stands:
            metres = stand.metres
            if metres is None:
                metres = sum(left[stand.shelf.key].get(level, 0.0) for level in stand.level_numbers)
            if metres <= 1e-9:
                what = f"nothing is left of {stand.shelf.key} for {quoted(stand.product)}; give it metres"
                self._tell(stand, "product", f"{what} and the others less")
            key = stand.shelf.key
            yield Placement(stand.product, key.fixture, key.face, key.bay, stand.levels, metres)

    def _tell(self, stand: Stand, column: str, what: str) -> None:
        if stand.row.line not in self._told:
            self._told.add(stand.row.line)
            self._mistakes.add(stand.row.mark(column), what)

    def _refuse_twice(self, stands: Sequence[Stand]) -> None:
        seen: dict[str, Stand] = {}
        for stand in stands:
            before = seen.setdefault(folded(stand.product), stand)
            if before is not stand:
                what = f"{quoted(stand.product)} stands on {stand.shelf.key} already, in line"
                self._tell(stand, "product", f"{what} {before.row.line}; make one row of them")

    def _refuse_overfull(self, stands: Sequence[Stand]) -> None:
        shares: dict[int, float] = {}
        metres = 0.0
        for stand in stands:
            for level in stand.level_numbers if stand.share else ():
                shares[level] = shares.get(level, 0.0) + (stand.share or 0.0)
            most = max(shares.values(), default=0.0)
            if most > SHARES_FULL:
                what = f"shares on {stand.shelf.key} add up to {most:.4g}; they add up to 1 at most"
                self._tell(stand, "share", what)
                return
            metres += stand.metres or 0.0
            if metres > stand.shelf.metres * FULL:
                self._tell(stand, _amount(stand.row), _overfull(stand.shelf, metres))
                return


def _amount(row: Row) -> str:
    return next((column for column in AMOUNTS if row[column]), "product")


def _overfull(shelf: Shelf, metres: float) -> str:
    room = f"{shelf.metres:.4g} m ({shelf.width_m:.4g} m x {shelf.levels} levels)"
    return f"{shelf.key} would hold {metres:.4g} m of shelf and has {room}; write less, or more bays"


def _left(stands: Sequence[Stand]) -> Mapping[int, float]:
    """Return level -> metres for each row without an amount."""
    free = dict.fromkeys(range(1, stands[0].shelf.levels + 1), stands[0].shelf.width_m)
    takers = dict.fromkeys(free, 0)
    for stand in stands:
        for level in stand.level_numbers:
            if stand.metres is None:
                takers[level] += 1
            else:
                free[level] -= stand.metres / len(stand.level_numbers)
    return {level: max(0.0, free[level]) / takers[level] for level in free if takers[level]}
