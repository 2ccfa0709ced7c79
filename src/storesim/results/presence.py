"""Who was in which zone when: entries, seconds browsed, and the fullest minutes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.engine.log import Kind
from storesim.results.day import Day
from storesim.results.sums import group_counts, group_sums
from storesim.results.trips import Trips

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SLOT_S = 300.0
"""Occupancy is averaged over slots of five minutes from opening on."""


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
    return Presence(_visits(day.trips, place_zone, zones), browsed_s, _peak(_stays(day, place_zone), zones))


def _visits(trips: Trips, place_zone: Ints, zones: int) -> Floats:
    entered = np.zeros((len(trips.speed_m_s), zones + 1), dtype=np.bool_)
    entered[:, :zones] = trips.traversals @ trips.floor.is_crossed > 0
    here = trips.moves.place >= 0
    entered[trips.moves.customer[here], place_zone[trips.moves.place[here]]] = True
    return np.asarray(entered.sum(axis=0), dtype=np.float64)


def _stays(day: Day, place_zone: Ints) -> _Stays:
    """Return all stays: edges walked (each in the zone that holds most of it), stops, queues with service."""
    trips, queues = day.trips, day.queues
    from_s, until_s = _edge_times(trips)
    stops = trips.moves.rows(Kind.STOP)
    return _Stays(
        np.concatenate(
            (
                trips.floor.edge_zone[trips.edges],
                place_zone[trips.moves.place[stops]],
                place_zone[queues.place],
            )
        ),
        np.concatenate((from_s, trips.moves.t_s[stops], queues.joined_s)),
        np.concatenate((until_s, trips.moves.until_s[stops], queues.done_s)),
    )


def _edge_times(trips: Trips) -> tuple[Floats, Floats]:
    """Return when each edge was begun and ended, at an even pace along its leg; shapes (traversals,)."""
    walked = np.concatenate(([0.0], np.cumsum(trips.floor.ways.edge_m[trips.edges])))
    begin, end = walked[trips.first[:-1]], walked[trips.first[1:]]
    pace = (trips.until_s - trips.t_s) / np.where(end > begin, end - begin, 1.0)
    leg = np.repeat(np.arange(len(begin)), np.diff(trips.first))
    offset = (trips.t_s - begin * pace)[leg]
    return offset + walked[:-1] * pace[leg], offset + walked[1:] * pace[leg]


def _peak(stays: _Stays, zones: int) -> Floats:
    """Return the highest slot mean of each zone, from customer-seconds accumulated up to the slots' ends."""
    if not len(stays.zone):
        return np.zeros(zones + 1)
    slots = int(stays.until_s.max() // SLOT_S) + 1
    shape = (zones + 1, slots)
    ends_s = SLOT_S * np.arange(1.0, slots + 1)
    total = _elapsed(stays.zone, stays.from_s, ends_s, shape) - _elapsed(stays.zone, stays.until_s, ends_s, shape)
    return np.asarray(np.diff(total, axis=1, prepend=0.0).max(axis=1) / SLOT_S)


def _elapsed(zone: Ints, t_s: Floats, ends_s: Floats, shape: tuple[int, int]) -> Floats:
    """Return the seconds elapsed since the times, summed by zone, at each slot's end; shape as given."""
    key = zone * shape[1] + (t_s // SLOT_S).astype(np.int64)
    size = shape[0] * shape[1]
    count = group_counts(key, size).reshape(shape).cumsum(axis=1)
    began = group_sums(key, t_s, size).reshape(shape).cumsum(axis=1)
    return np.asarray(count * ends_s - began)
