"""Where every customer walked and stood, and what came into view, read from the log."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from storesim.customers.blocks import blocks
from storesim.engine.log import EventLog, Kind
from storesim.results.sums import group_counts
from storesim.store.floor import Floor

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Numbers = NDArray[np.integer]
Bools = NDArray[np.bool_]

_MOVES = (
    Kind.ENTER, Kind.WALK, Kind.STOP, Kind.JOIN, Kind.SERVE, Kind.PAY, Kind.LEAVE,
    Kind.ASK, Kind.ATTEND, Kind.ATTENDED,
)  # fmt: skip
BLOCK = 4096
"""Customers whose ways are looked at together: all of a market's day."""
_IS_MOVE = np.isin(np.arange(len(Kind)), _MOVES)


@dataclass(frozen=True, eq=False)
class Moves:
    """The facts that say where a customer is, one customer after the other, each in their own order.

    All arrays have shape (moves,).
    """

    t_s: Floats
    customer: NDArray[np.int32]
    kind: NDArray[np.int8]
    next_kind: NDArray[np.int8]
    """Kind of the customer's next move; -1 after the last."""
    place: NDArray[np.int16]
    lane: NDArray[np.int16]

    def rows(self, kind: Kind) -> Ints:
        """Return the row numbers of one kind, in order; shape (rows,)."""
        return np.flatnonzero(self.kind == kind)

    def until_s(self, rows: Numbers) -> Floats:
        """Return when the customer's next move comes, for moves by row number; their own time after the last."""
        return self.t_s[rows + (self.next_kind[rows] >= 0)]

    def lasts_s(self, rows: Numbers) -> Floats:
        """Return the seconds from moves, by row number, to the customer's next; 0 after the last."""
        return self.until_s(rows) - self.t_s[rows]


def read_moves(log: EventLog) -> Moves:
    """Return the log's moves, customer by customer."""
    rows = np.flatnonzero(_IS_MOVE[log.kind]).astype(np.int32)
    rows = rows[np.argsort(_small(log.customer[rows]), kind="stable")]
    t_s, customer, kind = log.t_s[rows], log.customer[rows], log.kind[rows]
    next_kind = np.full(len(rows), -1, dtype=np.int8)
    np.copyto(next_kind[:-1], kind[1:], where=customer[1:] == customer[:-1])
    return Moves(t_s, customer, kind, next_kind, log.place[rows], log.lane[rows])


def _small(numbers: NDArray[np.int32]) -> NDArray[np.uint16] | NDArray[np.int32]:
    """Return the numbers in 16 bits where they fit, which sort many times faster."""
    return numbers.astype(np.uint16) if len(numbers) == 0 or numbers.max() < 2**16 else numbers


@dataclass(frozen=True, eq=False)
class Trips:
    """The ways of one day: legs between places, sorted by customer, and the ways out of the tills.

    A leg is a WALK from where the customer was to `end`; the way from a till to a door is `way_out_m`.
    """

    floor: Floor
    speed_m_s: Floats
    moves: Moves
    row: NDArray[np.int32]
    """Shape (legs,): the move that each leg begins with."""
    first: Ints
    """Shape (legs + 1,): leg i walks edges[first[i]:first[i + 1]]."""
    edges: NDArray[np.int32]
    """Shape (traversals,)."""
    way_out_m: Floats
    """Shape (customers,): metres from the till to the door; 0 for who was at none."""

    @property
    def customer(self) -> NDArray[np.int32]:
        """Shape (legs,): who walks."""
        return self.moves.customer[self.row]

    @cached_property
    def walked_m(self) -> Floats:
        """Metres walked from door to door; shape (customers,)."""
        metres = [walks @ self.floor.ways.edge_m for _, walks in self.walks_by_lots()]
        return np.concatenate((np.zeros(0), *metres)) + self.way_out_m

    @cached_property
    def edge_walks(self) -> Floats:
        """Times that each edge was walked, shape (edges,)."""
        walks = np.zeros(len(self.floor.ways.edge_m))
        for some in blocks(len(self.edges), 1 << 16):  # counting makes copies in 64 bits
            walks += group_counts(self.edges[some], len(walks))
        return walks

    @cached_property
    def traversals(self) -> sparse.csr_array:
        """What all walked, as `walks`; shape (customers, edges)."""
        return self.walks(slice(None))

    def walks_by_lots(self) -> Iterator[tuple[slice, sparse.csr_array]]:
        """Yield (some customers, what they walked) until all have been: the walks of a big day are millions."""
        return ((some, self.walks(some)) for some in blocks(len(self.speed_m_s), BLOCK))

    def walks(self, some: slice) -> sparse.csr_array:
        """Return what some customers walked: 1 for each time an edge was, not added up, in the order walked.

        Shape (customers asked for, edges).
        """
        begin, end, _ = some.indices(len(self.speed_m_s))
        upto = self._first_edge[begin : end + 1]
        edges, shape = self.edges[upto[0] : upto[-1]], (end - begin, len(self.floor.ways.edge_m))
        # All indices in 32 bits: else SciPy copies them into 64, and products take half as long again.
        return sparse.csr_array((np.ones(len(edges)), edges, (upto - upto[0]).astype(np.int32)), shape=shape)

    @cached_property
    def _first_edge(self) -> Ints:
        """Shape (customers + 1,): customer c walks edges[_first_edge[c]:_first_edge[c + 1]]."""
        return self.first[np.searchsorted(self.customer, np.arange(len(self.speed_m_s) + 1))]

    @cached_property
    def stood_s(self) -> sparse.csr_array:
        """Shape (customers, places): seconds at shelves, from each STOP to the next move."""
        stops = self.moves.rows(Kind.STOP)
        upto = np.searchsorted(self.moves.customer[stops], np.arange(len(self.speed_m_s) + 1))
        shape = (len(self.speed_m_s), len(self.floor.places.zone))
        return sparse.csr_array(
            (self.moves.lasts_s(stops), self.moves.place[stops].astype(np.int32), upto.astype(np.int32)), shape=shape
        )

    def in_view_s(self, some: slice) -> Floats:
        """Return seconds in full view of some customers, walking (at free speed) and standing at shelves.

        Shape (bays, customers asked for). Dense, and customers last, as sparse matrices (fixtures, bays) and the like
        multiply it fastest.
        """
        seconds = _by_column(self.walks(some) @ self.floor.sight.edge) / self.speed_m_s[some]
        seconds += _by_column(self.stood_s[some] @ self.floor.sight.place)
        return seconds


def _by_column(matrix: sparse.csr_array) -> Floats:
    """Return the dense transpose."""
    return np.asarray(matrix.toarray(order="F").T)


def read_trips(log: EventLog, floor: Floor, habit: Ints, speed_m_s: Floats) -> Trips:
    """Return the trips of a day; `habit` and `speed_m_s` have shape (customers,)."""
    moves = read_moves(log)
    walks = moves.rows(Kind.WALK)
    start, end, customer = moves.place[walks - 1], moves.place[walks], moves.customer[walks]
    from_till = start >= floor.places.bays + floor.places.doors
    way_out_m = np.zeros(len(speed_m_s))
    way_out_m[customer[from_till]] = _way_out_m(floor, start[from_till], end[from_till])
    row, start, end = walks[~from_till].astype(np.int32), start[~from_till], end[~from_till]
    first, edges = floor.ways.legs(habit[moves.customer[row]], start, end)
    return Trips(floor, speed_m_s, moves, row, first, edges, way_out_m)


def _way_out_m(floor: Floor, till: Numbers, door: Numbers) -> Floats:
    """Return the metres from tills to doors, both given as places."""
    bays = floor.places.bays
    return np.asarray(floor.exit_m[till - bays - floor.places.doors, door - bays], dtype=np.float64)
