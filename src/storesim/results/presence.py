"""Who was in which zone when: entries, seconds browsed, and the fullest minutes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.customers.blocks import blocks
from storesim.engine.log import Kind
from storesim.results.day import Day
from storesim.results.sums import group_counts, group_sums
from storesim.results.trips import Trips

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SLOT_S = 300.0
"""Occupancy is averaged over slots of five minutes from opening on."""
BLOCK = 1 << 15
"""Legs, stops or moves looked at at a time: those of a market's day in one."""


@dataclass(frozen=True, eq=False)
class Presence:
    """Arrays of shape (zones + 1,): the plan's zones, and last the floor outside all of them."""

    visits: Floats
    """Customers who walked through or stood there."""
    browsed_s: Floats
    """Seconds stood at its shelves, all customers together."""
    peak: Floats
    """Highest mean number of customers in any five minutes, walking, standing, queueing or being served."""


@dataclass(frozen=True, eq=False)
class _Stays:
    """Stretches of time in one zone, of shape (stays,)."""

    zone: Ints
    from_s: Floats
    until_s: Floats


def read_presence(day: Day) -> Presence:
    """Return visits and occupancy by zone; a way out of a till counts in the zones of its two ends only."""
    zones = len(day.floor.plan.zones)
    place_zone = np.where(day.floor.places.zone < 0, zones, day.floor.places.zone)
    stood_s = np.asarray(day.trips.stood_s.sum(axis=0)).ravel()
    browsed_s = group_sums(place_zone, stood_s, zones + 1)
    peak = _peak(_stays(day, place_zone), zones, float(day.log.t_s.max(initial=0.0)))
    return Presence(_visits(day.trips, place_zone, zones), browsed_s, peak)


def _visits(trips: Trips, place_zone: Ints, zones: int) -> Floats:
    entered, moves = np.zeros((len(trips.speed_m_s), zones + 1), dtype=np.bool_), trips.moves
    for some, walks in trips.walks_by_lots():
        entered[some, :zones] = walks @ trips.floor.is_crossed > 0
    for lot in blocks(len(moves.place), BLOCK):
        here = moves.place[lot] >= 0
        entered[moves.customer[lot][here], place_zone[moves.place[lot][here]]] = True
    return np.asarray(entered.sum(axis=0), dtype=np.float64)


def _stays(day: Day, place_zone: Ints) -> Iterator[_Stays]:
    """Yield all stays: edges walked (each in the zone that holds most of it) and stops by lots, queues with service."""
    trips, queues, moves = day.trips, day.queues, day.trips.moves
    yield from _walks(trips)
    stops = moves.rows(Kind.STOP)
    for some in (stops[lot] for lot in blocks(len(stops), BLOCK)):
        yield _Stays(place_zone[moves.place[some]], moves.t_s[some], moves.until_s(some))
    yield _Stays(place_zone[queues.place], queues.joined_s, queues.done_s)


def _walks(trips: Trips) -> Iterator[_Stays]:
    """Yield the edges walked, at an even pace along each leg."""
    edge_m, metres = trips.floor.ways.edge_m, np.zeros(1)
    for legs in blocks(len(trips.row), BLOCK):
        first = trips.first[legs.start : legs.stop + 1]
        edges = trips.edges[first[0] : first[-1]]
        metres = np.cumsum(np.concatenate((metres[-1:], edge_m[edges])))  # of all legs up to each edge's ends
        begin, end = metres[first[:-1] - first[0]], metres[first[1:] - first[0]]
        row = trips.row[legs]
        pace = trips.moves.lasts_s(row) / np.where(end > begin, end - begin, 1.0)
        leg = np.repeat(np.arange(len(begin)), np.diff(first))
        offset, each = (trips.moves.t_s[row] - begin * pace)[leg], pace[leg]
        yield _Stays(trips.floor.edge_zone[edges], offset + metres[:-1] * each, offset + metres[1:] * each)


def _peak(lots: Iterable[_Stays], zones: int, ends_s: float) -> Floats:
    """Return the highest slot mean of each zone, from customer-seconds accumulated up to the slots' ends.

    No stay ends after `ends_s`, but for rounding.
    """
    slots = int(ends_s // SLOT_S) + 2
    came, went = _Elapsed(zones + 1, slots), _Elapsed(zones + 1, slots)
    for stays in lots:
        came.add(stays.zone, stays.from_s)
        went.add(stays.zone, stays.until_s)
    total = came.upto_slots() - went.upto_slots()
    return np.asarray(np.diff(total, axis=1, prepend=0.0).max(axis=1, initial=0.0) / SLOT_S)


class _Elapsed:
    """Seconds elapsed since times, by zone and slot, added up in the order they come."""

    def __init__(self, zones: int, slots: int):
        self._shape, self._every = (zones, slots), np.arange(zones * slots)
        self._count, self._began = np.zeros(zones * slots), np.zeros(zones * slots)

    def add(self, zone: Ints, t_s: Floats) -> None:
        """Let times of some zones pass."""
        key = zone * self._shape[1] + (t_s // SLOT_S).astype(np.int64)
        self._count += group_counts(key, len(self._every))
        began = np.concatenate((self._began, t_s))
        self._began = group_sums(np.concatenate((self._every, key)), began, len(self._every))

    def upto_slots(self) -> Floats:
        """Return the seconds elapsed at each slot's end, shape (zones, slots)."""
        ends_s = SLOT_S * np.arange(1.0, self._shape[1] + 1)
        count, began = (sums.reshape(self._shape).cumsum(axis=1) for sums in (self._count, self._began))
        return np.asarray(count * ends_s - began)
