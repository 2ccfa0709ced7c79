"""What each leg shows to whom: the exposure that a customer's watched products gather on the way."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from storesim.behaviour.crowding import MOST_GAIN
from storesim.behaviour.itinerary import Legs
from storesim.customers.population import Floats, Ints, Population
from storesim.store.floor import Floor
from storesim.store.shelves import Shelves

AT_ONCE = 32_768
"""Rows of (leg, presence) summed together: all of a large day's, edge by edge, would double the memory of a process."""


@dataclass(frozen=True)
class Watched:
    """Pairs of customer and product whose exposure matters, one row a presence of the product.

    For candidates every presence counts; for products on the list only displays do (the home is looked for anyhow).
    A pair is numbered over needs first, then candidates; rows are sorted by customer.
    """

    first: Ints
    """Shape (customers + 1,)."""
    pair: Ints
    presence: Ints
    threshold: Floats
    flexible: NDArray[np.bool_]
    """Shape (customers,): might find a stop needless, and so change the way."""


@dataclass(frozen=True)
class Glimpses:
    """Exposure gained on legs: rows first[leg]:first[leg + 1] belong to a leg."""

    first: Ints
    pair: Ints
    presence: Ints
    place: Ints
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
    edge: Ints


@dataclass(frozen=True)
class Views:
    """Notices per second in view of everything, ready for sums over legs: one a case, kept for all replications."""

    walking: NDArray[np.float32]
    """Shape (edges, presences): exposure on an edge at 1 m/s."""
    standing: NDArray[np.float32]
    """Shape (places, presences): exposure per second stood at a place."""


def views(floor: Floor, attention: Floats) -> Views:
    """Return what every edge and every place shows of every presence; attention has shape (bays, presences)."""
    weights = attention.astype(np.float32)
    return Views(floor.sight.edge.astype(np.float32) @ weights, floor.sight.place.astype(np.float32) @ weights)


def watched(population: Population, shelves: Shelves, undecided: Ints | None = None) -> Watched:
    """Return the pairs to be watched for a population in front of these shelves.

    Args:
        population: who comes.
        shelves: what stands where.
        undecided: customers who might find a stop needless for other reasons than a display of what they look for.
    """
    presences = np.argsort(shelves.product, kind="stable")
    begin = np.searchsorted(shelves.product[presences], np.arange(shelves.product.max(initial=-1) + 2))
    needs, candidates = population.needs, population.candidates
    customer = np.concatenate((needs.customer, candidates.customer))
    product = np.concatenate((needs.product, candidates.product))
    pair, nth = _ranges(begin[product], begin[product + 1])
    presence = presences[nth]
    listed = pair < len(needs.product)
    seen_only = ~listed | shelves.display[presence]
    pair, presence = pair[seen_only], presence[seen_only]
    by_customer = np.argsort(customer[pair], kind="stable")
    pair, presence = pair[by_customer], presence[by_customer]
    flexible = np.zeros(len(population), dtype=bool)
    flexible[customer[pair[pair < len(needs.product)]]] = True
    if undecided is not None:
        flexible[undecided] = True
    return Watched(
        first=np.searchsorted(customer[pair], np.arange(len(population) + 1)),
        pair=pair,
        presence=presence,
        threshold=np.concatenate((needs.threshold, candidates.threshold)),
        flexible=flexible,
    )


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
    could not be noticed on all of these legs together, even in a crowd, are left out, unless the customer is flexible.
    """
    edges = Traversals(*floor.ways.legs(habit[legs.customer], legs.start, legs.end))
    row = _within_notice(legs, edges, view, watch, speed_m_s, counts)
    of = np.searchsorted(watch.first, row, side="right") - 1
    upto = np.searchsorted(legs.customer, np.arange(len(speed_m_s) + 1))
    rank, leg = _ranges(upto[of], upto[of + 1])
    row = row[rank]
    presence = watch.presence[row]
    exposure = counts[leg] * (
        _walked(edges, leg, presence, view) / speed_m_s[legs.customer[leg]]
        + legs.stood_s[leg] * view.standing[legs.start[leg], presence]
    )
    seen = np.flatnonzero(exposure > 0)
    seen = seen[np.argsort(leg[seen], kind="stable")]
    leg, presence = leg[seen], presence[seen]
    place = _least_out_of_the_way(legs, leg, presence, habit, floor, shelves)
    reached = place >= 0
    return Glimpses(
        first=np.searchsorted(leg[reached], np.arange(len(legs) + 1)),
        pair=watch.pair[row[seen[reached]]],
        presence=presence[reached],
        place=place[reached],
        exposure=exposure[seen[reached]],
    )


def exposure_by_customer(
    legs: Legs, edges: Traversals, view: Views, speed_m_s: Floats, counts: Floats
) -> NDArray[np.float32]:
    """Return each customer's exposure to every presence over all of these legs, shape (customers, presences)."""
    return _exposure(legs, edges, legs.customer, len(speed_m_s), view, speed_m_s, counts)


def _exposure(
    legs: Legs, edges: Traversals, group: Ints, groups: int, view: Views, speed_m_s: Floats, counts: Floats
) -> NDArray[np.float32]:
    """Return exposure summed over groups of legs, shape (groups, presences); `group` has shape (legs,)."""
    steps = np.diff(edges.first)
    # In the views' own 32 bits: else scipy would copy them into 64 at every call.
    pace = np.repeat(counts / speed_m_s[legs.customer], steps).astype(np.float32)
    walked = sparse.csr_array((pace, (np.repeat(group, steps), edges.edge)), shape=(groups, len(view.walking)))
    stood_s = (counts * legs.stood_s).astype(np.float32)
    stood = sparse.csr_array((stood_s, (group, legs.start)), shape=(groups, len(view.standing)))
    return np.asarray(walked @ view.walking + stood @ view.standing)


def _within_notice(
    legs: Legs, edges: Traversals, view: Views, watch: Watched, speed_m_s: Floats, counts: Floats
) -> Ints:
    """Return the rows of watched pairs that could be noticed on these legs, or whose customer is flexible."""
    who, group = np.unique(legs.customer, return_inverse=True)
    exposure = _exposure(legs, edges, group, len(who), view, speed_m_s, counts)
    rank, row = _ranges(watch.first[who], watch.first[who + 1])
    pair = watch.pair[row]
    total = np.bincount(pair, weights=exposure[rank, watch.presence[row]], minlength=len(watch.threshold))
    # A hair of tolerance: the same sum in another order must not lose a pair.
    enough = total[pair] * (MOST_GAIN + 1e-4) >= watch.threshold[pair]
    return row[enough | watch.flexible[who[rank]]]


def _walked(edges: Traversals, leg: Ints, presence: Ints, view: Views) -> Floats:
    """Return the exposure to a presence along a leg at 1 m/s, for rows of (leg, presence)."""
    total = np.empty(len(leg))
    for start in range(0, len(leg), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        rank, step = _ranges(edges.first[leg[part]], edges.first[leg[part] + 1])
        shown = view.walking[edges.edge[step], presence[part][rank]]
        total[part] = np.bincount(rank, weights=shown, minlength=len(leg[part]))
    return total


def _ranges(begin: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Return all numbers of many ranges one after the other: (index of the range, number)."""
    count = end - begin
    rank = np.repeat(np.arange(len(begin)), count)
    return rank, np.arange(len(rank)) + np.repeat(begin - (np.cumsum(count) - count), count)


def _least_out_of_the_way(legs: Legs, leg: Ints, presence: Ints, habit: Ints, floor: Floor, shelves: Shelves) -> Ints:
    """Return each row's bay of the presence with the smallest detour on the leg; -1 where none can be reached."""
    if not len(leg):
        return np.zeros(0, dtype=np.int64)
    row, spot = _ranges(shelves.first[presence], shelves.first[presence + 1])
    bay, of = shelves.bay[spot], leg[row]
    ways, maps = floor.ways.distance_m, habit[legs.customer[of]]
    detour = ways[maps, legs.start[of], bay] + ways[maps, bay, legs.end[of]]
    start = np.searchsorted(row, np.arange(len(leg)))
    least = np.minimum.reduceat(detour, start)
    hit = np.flatnonzero(detour == least[row])
    nearest = bay[hit[np.searchsorted(row[hit], np.arange(len(leg)))]]
    return np.where(np.isfinite(least), nearest, -1)
