"""What each leg shows to whom: the exposure that a customer's watched products gather on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from storesim.behaviour.crowding import MOST_GAIN
from storesim.behaviour.itinerary import Legs
from storesim.behaviour.watching import Watched
from storesim.customers.population import Floats, Ints
from storesim.store.floor import Floor
from storesim.store.shelves import Shelves

NOTHING = 1e-300
"""Exposure that changes no sum: it marks what there is to be seen."""


@dataclass(frozen=True)
class Glimpses:
    """Exposure gained on legs: rows first[leg]:first[leg + 1] belong to a leg."""

    first: Ints
    pair: NDArray[np.integer]
    presence: NDArray[np.int16]
    place: NDArray[np.int16]
    """The presence's bay that is least out of the way."""
    exposure: Floats

    def rows(self) -> list[tuple[int, int, int, float]]:
        """Return all rows as (pair, presence, place, exposure)."""
        columns = (self.pair, self.presence, self.place, self.exposure)
        return list(zip(*(column.tolist() for column in columns), strict=True))


@dataclass(frozen=True)
class Traversals:
    """The edges that legs walk: leg i walks edge[first[i]:first[i + 1]]."""

    first: Ints
    edge: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Views:
    """Notices per second in view of everything, ready for sums over legs: one a case, kept for all replications.

    A way shows a twentieth of what there is, so this is sparse; its numbers are those of 32 bits.
    """

    shown: sparse.csr_array
    """Shape (edges + places, presences): exposure on an edge at 1 m/s, and `NOTHING` for what a place shows."""
    standing: NDArray[np.float32]
    """Shape (places, presences): exposure per second stood at a place."""

    @property
    def walking(self) -> sparse.csr_array:
        """Shape (edges, presences): exposure on an edge at 1 m/s."""
        return self.shown[: self.shown.shape[0] - len(self.standing)]


def views(floor: Floor, attention: Floats) -> Views:
    """Return what every edge and every place shows of every presence; attention has shape (bays, presences)."""
    weights = sparse.csr_array(attention.astype(np.float32))
    walking = floor.sight.edge.astype(np.float32) @ weights
    standing = floor.sight.place.astype(np.float32) @ weights
    seen_there = standing.astype(np.float64)
    seen_there.data[:] = NOTHING
    shown = sparse.vstack((walking.astype(np.float64), seen_there), format="csr")
    return Views(shown, standing.toarray())


def elapsed_s(legs: Legs, habit: Ints, floor: Floor, speed_m_s: Floats) -> Floats:
    """Return the seconds from coming in to setting out on each leg, as intended at free speed; shape (legs,).

    Legs come customer by customer, in order; those to checkouts are alternatives and come last.
    """
    walk_s = floor.ways.distance_m[habit[legs.customer], legs.start, legs.end] / speed_m_s[legs.customer]
    to_till = legs.end >= floor.places.bays + floor.places.doors
    ends = np.cumsum(np.where(to_till | ~np.isfinite(walk_s), 0.0, walk_s + legs.stood_s))
    before = np.concatenate(([0.0], ends))
    first = np.searchsorted(legs.customer, legs.customer)
    return np.asarray(before[:-1] - before[first] + legs.stood_s)


def interest(since_s: Floats, fade_s: float) -> Floats:
    """Return how much of what is in view counts after a time in the store: exp(-t / fade), t in seconds.

    Exploring falls over a trip (sign: Hui, Bradlow & Fader 2009). Status: assumed, fade 1800 to 36000 s.
    """
    return np.asarray(np.exp(-since_s / fade_s))


def glimpses(
    legs: Legs,
    habit: Ints,
    floor: Floor,
    shelves: Shelves,
    view: Views,
    watch: Watched,
    speed_m_s: Floats,
    counts: Floats,
) -> Glimpses:
    """Return the exposures that legs give to watched pairs: walked edges over speed, and standing before setting out.

    Legs come customer by customer; `counts`, shape (legs,), is the part of what each shows that counts. Pairs that
    could not be noticed on all of these legs together, even in a crowd, are left out, unless the customer is flexible
    or could notice a display of something on the list: who takes it there changes the way.
    """
    rows = _watched_rows(legs, _walked(legs, habit, floor, view), view, watch, speed_m_s, counts)
    rows = rows.only(_within_notice(legs.customer[rows.leg], rows, watch))
    rows = rows.only(rows.in_order())
    place = _least_out_of_the_way(legs, rows.leg, rows.presence, habit, floor, shelves)
    reached = place >= 0
    return Glimpses(
        first=np.searchsorted(rows.leg[reached], np.arange(len(legs) + 1)),
        pair=rows.pair[reached],
        presence=rows.presence[reached].astype(np.int16),
        place=place[reached].astype(np.int16),
        exposure=rows.exposure[reached],
    )


def joined(parts: Sequence[Glimpses]) -> Glimpses:
    """Return the glimpses of several lots of legs as those of all."""
    rows = np.cumsum([0, *(len(part.pair) for part in parts)])
    ends = [np.zeros(1, dtype=np.int64), *(part.first[1:] + before for part, before in zip(parts, rows, strict=False))]
    return Glimpses(
        first=np.concatenate(ends),
        pair=_end_to_end([part.pair for part in parts], np.int32),
        presence=_end_to_end([part.presence for part in parts], np.int16),
        place=_end_to_end([part.place for part in parts], np.int16),
        exposure=_end_to_end([part.exposure for part in parts], np.float64),
    )


def _end_to_end(columns: Sequence[NDArray[Any]], dtype: type[np.number[Any]]) -> NDArray[Any]:
    return np.concatenate([np.empty(0, dtype), *columns])


def exposure_by_customer(
    legs: Legs, edges: Traversals, view: Views, speed_m_s: Floats, counts: Floats
) -> NDArray[np.float32]:
    """Return each customer's exposure to every presence over all of these legs, shape (customers, presences)."""
    steps, walking = np.diff(edges.first), view.walking.astype(np.float32)
    pace = np.repeat(counts / speed_m_s[legs.customer], steps).astype(np.float32)
    shape = (len(speed_m_s), walking.shape[0])
    walked = sparse.csr_array((pace, (np.repeat(legs.customer, steps), edges.edge)), shape=shape)
    stood_s, shape = (counts * legs.stood_s).astype(np.float32), (len(speed_m_s), len(view.standing))
    stood = sparse.csr_array((stood_s, (legs.customer, legs.start)), shape=shape)
    return np.asarray((walked @ walking).toarray() + stood @ view.standing)


def _walked(legs: Legs, habit: Ints, floor: Floor, view: Views) -> sparse.csr_array:
    """Return the exposure to presences along legs at 1 m/s, shape (legs, presences).

    There is an entry for all that a leg shows, also for what is seen only by standing at its start.
    """
    first, edge = floor.ways.legs(habit[legs.customer], legs.start, legs.end)
    stood = np.flatnonzero(legs.stood_s > 0)
    step = np.insert(edge, first[stood + 1], view.shown.shape[0] - len(view.standing) + legs.start[stood])
    ends = first + np.concatenate(([0], np.cumsum(legs.stood_s > 0)))
    # In 32 bits as the view is: the product takes half the time.
    columns = (np.ones(len(step)), step.astype(np.int32), ends.astype(np.int32))
    steps = sparse.csr_array(columns, shape=(len(legs), view.shown.shape[0]))
    return sparse.csr_array(steps @ view.shown)


@dataclass(frozen=True, eq=False)
class _Rows:
    """Exposures of pairs on legs, shapes (rows,)."""

    leg: Ints
    pair: Ints
    presence: Ints
    exposure: Floats

    def in_order(self) -> Ints:
        """Return the order by leg, pair and presence; by one number, since they come nearly so and are soon sorted."""
        pairs, presences = (int(column.max(initial=0)) + 1 for column in (self.pair, self.presence))
        return np.argsort((self.leg * pairs + self.pair) * presences + self.presence, kind="stable")

    def only(self, rows: Ints) -> "_Rows":
        return _Rows(self.leg[rows], self.pair[rows], self.presence[rows], self.exposure[rows])


def _watched_rows(
    legs: Legs, walked: sparse.csr_array, view: Views, watch: Watched, speed_m_s: Floats, counts: Floats
) -> _Rows:
    """Return what legs show of what their customers watch."""
    shown, presences = np.diff(walked.indptr), watch.pair.shape[1]
    pairs = watch.pair.ravel()[np.repeat(legs.customer * presences, shown) + walked.indices]
    watched = np.flatnonzero(pairs >= 0)
    leg = np.repeat(np.arange(len(legs)), shown)[watched]
    presence = walked.indices[watched].astype(np.int64)
    walking = walked.data[watched] / speed_m_s[legs.customer][leg]
    at_start = view.standing.reshape(-1)[(legs.start * presences)[leg] + presence]
    return _Rows(leg, pairs[watched].astype(np.int64), presence, counts[leg] * (walking + legs.stood_s[leg] * at_start))


def _within_notice(customer: Ints, rows: _Rows, watch: Watched) -> Ints:
    """Return which rows are of a pair that could be noticed on all of them together, or of who may change the way."""
    total = np.bincount(rows.pair, weights=rows.exposure, minlength=len(watch.threshold))
    # A hair of tolerance: the same sum in another order must not lose a pair.
    enough = (total * (MOST_GAIN + 1e-4) >= watch.threshold)[rows.pair]
    flexible = watch.flexible.copy()
    flexible[customer[enough & (rows.pair < watch.needs)]] = True
    return np.flatnonzero((rows.exposure > 0) & (enough | flexible[customer]))


def _ranges(begin: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
    """Return all numbers of many ranges one after the other: (where each begins, index of the range, number)."""
    count = end - begin
    first = np.cumsum(count) - count
    rank = np.repeat(np.arange(len(begin)), count)
    return first, rank, np.arange(len(rank)) + np.repeat(begin - first, count)


def _least_out_of_the_way(legs: Legs, leg: Ints, presence: Ints, habit: Ints, floor: Floor, shelves: Shelves) -> Ints:
    """Return each row's bay of the presence with the smallest detour on the leg; -1 where none can be reached."""
    if not len(leg):
        return np.zeros(0, dtype=np.int64)
    first, row, spot = _ranges(shelves.first[presence], shelves.first[presence + 1])
    bay, of, places = shelves.bay[spot], leg[row], len(floor.ways.distance_m[0])
    # By one number in place of three, which takes a third of the time.
    ways, maps = floor.ways.distance_m.ravel(), habit[legs.customer] * places
    detour = ways[((maps + legs.start) * places)[of] + bay] + ways[(maps[of] + bay) * places + legs.end[of]]
    least = np.minimum.reduceat(detour, first)
    hit = np.where(detour == least[row], np.arange(len(row)), len(row))
    return np.where(np.isfinite(least), bay[np.minimum.reduceat(hit, first)], -1)
