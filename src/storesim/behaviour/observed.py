"""Recorded trips walked again: who walks as observed passes the zones of one trip, and shops along the way."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from storesim.behaviour.guide import waypoints, zone_numbers
from storesim.customers.population import Ints, Population
from storesim.store.floor import Floor


def retraced(floor: Floor, population: Population, walks: NDArray[np.bool_], paths: Sequence[Sequence[str]]) -> Ints:
    """Return the waypoints of who walks as observed, shape (customers, longest); -1 after the last.

    Every layout has the same customers walk the same trips, as far as it has their zones.

    Args:
        floor: where they walk.
        population: everybody of the day.
        walks: shape (customers,), who walks as observed.
        paths: zone ids of each recorded trip.
    """
    who = np.flatnonzero(walks)
    points = np.full((len(population), 0), -1)
    if not len(who) or not paths:
        return points
    drawn, trip = np.unique(drawn_trips(population, who, np.array([len(path) for path in paths])), return_inverse=True)
    led_by = waypoints(floor, zone_numbers(floor, [paths[number] for number in drawn.tolist()]))
    points = np.full((len(population), led_by.shape[1]), -1)
    points[who] = led_by[trip]
    return points


def drawn_trips(population: Population, who: Ints, zones: Ints) -> Ints:
    """Return the recorded trip that each of some customers walks, shape (who,).

    Long lists get long trips: a customer's rank by length of list, drawn among equals, is the rank of the trip by
    number of zones. So every trip is walked equally often, and nobody crosses the store ten times for one carton.

    Args:
        population: everybody of the day.
        who: the customers asked for.
        zones: shape (trips,), how many zones each trip passes.
    """
    wanted = np.diff(population.needs.first)[who]
    counts = np.bincount(wanted)
    below = (np.cumsum(counts) - counts)[wanted]
    share = (below + population.u_path[who] * counts[wanted]) / len(who)
    rank = np.minimum((share * len(zones)).astype(np.int64), len(zones) - 1)
    return np.asarray(np.argsort(zones, kind="stable")[rank], dtype=np.int64)
