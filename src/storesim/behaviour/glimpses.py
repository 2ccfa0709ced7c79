"""What each leg shows to whom: the exposure that a customer's watched products gather on the way."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from storesim.behaviour.itinerary import Legs
from storesim.customers.population import Floats, Ints, Population
from storesim.store.floor import Floor
from storesim.store.shelves import Shelves


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
    """Shape (customers,): might find something on the list on display, and so change the way."""


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
class Views:
    """Notices per second in view of everything, ready for sums over legs: one a case, kept for all replications."""

    walking: NDArray[np.float32]
    """Shape (edges, presences): exposure on an edge at 1 m/s."""
    standing: NDArray[np.float32]
    """Shape (places, presences): exposure per second stood at a place."""


def views(floor: Floor, attention: Floats) -> Views:
    """Return what every edge and every place shows of every presence; attention has shape (bays, presences)."""
    table = sparse.csr_array(attention)
    return Views(
        np.asarray((floor.sight.edge @ table).toarray(), dtype=np.float32),
        np.asarray((floor.sight.place @ table).toarray(), dtype=np.float32),
    )


def watched(population: Population, shelves: Shelves) -> Watched:
    """Return the pairs to be watched for a population in front of these shelves."""
    presences = np.argsort(shelves.product, kind="stable")
    begin = np.searchsorted(shelves.product[presences], np.arange(shelves.product.max(initial=-1) + 2))
    needs, candidates = population.needs, population.candidates
    customer = np.concatenate((needs.customer, candidates.customer))
    product = np.concatenate((needs.product, candidates.product))
    count = begin[product + 1] - begin[product]
    pair = np.repeat(np.arange(len(product)), count)
    presence = presences[begin[product[pair]] + np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)]
    listed = pair < len(needs.product)
    seen_only = ~listed | shelves.display[presence]
    pair, presence = pair[seen_only], presence[seen_only]
    by_customer = np.argsort(customer[pair], kind="stable")
    pair, presence = pair[by_customer], presence[by_customer]
    flexible = np.zeros(len(population), dtype=bool)
    flexible[customer[pair[pair < len(needs.product)]]] = True
    return Watched(
        first=np.searchsorted(customer[pair], np.arange(len(population) + 1)),
        pair=pair,
        presence=presence,
        threshold=np.concatenate((needs.threshold, candidates.threshold)),
        flexible=flexible,
    )


def glimpses(
    legs: Legs, habit: Ints, floor: Floor, shelves: Shelves, view: Views, watch: Watched, speed_m_s: Floats
) -> Glimpses:
    """Return the exposures that legs give to watched pairs: walked edges over speed, and standing before setting out.

    Pairs that could not be noticed on all of these legs together are left out, unless the customer is flexible.
    """
    shown = _shown(legs, habit, floor, view)
    count = np.diff(watch.first)[legs.customer]
    leg = np.repeat(np.arange(len(legs)), count)
    row = watch.first[legs.customer[leg]] + np.arange(len(leg)) - np.repeat(np.cumsum(count) - count, count)
    presence = watch.presence[row]
    exposure = (
        shown[leg, presence] / speed_m_s[legs.customer[leg]]
        + legs.stood_s[leg] * view.standing[legs.start[leg], presence]
    )
    seen = np.flatnonzero(exposure > 0)
    leg, row, exposure = leg[seen], row[seen], exposure[seen]
    pair = watch.pair[row]
    total = np.bincount(pair, weights=exposure, minlength=len(watch.threshold))
    enough = (total >= watch.threshold)[pair] | watch.flexible[legs.customer[leg]]
    leg, pair, presence, exposure = leg[enough], pair[enough], watch.presence[row[enough]], exposure[enough]
    place = _least_out_of_the_way(legs, leg, presence, habit, floor, shelves)
    within_reach = place >= 0
    return Glimpses(
        first=np.searchsorted(leg[within_reach], np.arange(len(legs) + 1)),
        pair=pair[within_reach],
        presence=presence[within_reach],
        place=place[within_reach],
        exposure=exposure[within_reach],
    )


def exposure_by_customer(legs: Legs, habit: Ints, floor: Floor, view: Views, speed_m_s: Floats) -> NDArray[np.float64]:
    """Return each customer's exposure to every presence over all of these legs, shape (customers, presences)."""
    first, edges = floor.ways.legs(habit[legs.customer], legs.start, legs.end)
    owner = np.repeat(legs.customer, np.diff(first))
    walked = sparse.csr_array((1 / speed_m_s[owner], (owner, edges)), shape=(len(speed_m_s), len(view.walking)))
    stood = sparse.csr_array((legs.stood_s, (legs.customer, legs.start)), shape=(len(speed_m_s), len(view.standing)))
    return np.asarray(walked @ view.walking + stood @ view.standing, dtype=np.float64)


def _shown(legs: Legs, habit: Ints, floor: Floor, view: Views) -> NDArray[np.float32]:
    """Return the exposure of every presence along every leg at 1 m/s, shape (legs, presences)."""
    first, edges = floor.ways.legs(habit[legs.customer], legs.start, legs.end)
    walked = sparse.csr_array(
        (np.ones(len(edges), dtype=np.float32), edges, first), shape=(len(legs), len(view.walking))
    )
    return np.asarray(walked @ view.walking)


def _least_out_of_the_way(legs: Legs, leg: Ints, presence: Ints, habit: Ints, floor: Floor, shelves: Shelves) -> Ints:
    """Return, for each row, the bay of the presence with the smallest detour on the leg; -1 where none can be reached."""
    count = shelves.first[presence + 1] - shelves.first[presence]
    row = np.repeat(np.arange(len(leg)), count)
    start = np.concatenate(([0], np.cumsum(count)[:-1])) if len(count) else np.zeros(0, dtype=np.int64)
    bay = shelves.bay[shelves.first[presence[row]] + np.arange(len(row)) - start[row]]
    of = leg[row]
    ways, maps = floor.ways.distance_m, habit[legs.customer[of]]
    detour = ways[maps, legs.start[of], bay] + ways[maps, bay, legs.end[of]]
    if not len(detour):
        return np.zeros(0, dtype=np.int64)
    least = np.minimum.reduceat(detour, start)
    hit = np.flatnonzero(detour == least[row])
    nearest = bay[hit[np.searchsorted(row[hit], np.arange(len(leg)))]]
    return np.where(np.isfinite(least), nearest, -1)
