"""Led routes: who follows signs, or a recorded trip, walks from zone to zone in order and shops along the way."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from storesim.behaviour.trips import Itineraries, tills
from storesim.customers.population import Floats, Ints
from storesim.inputs.floor_plan import Zone
from storesim.inputs.names import folded
from storesim.store.floor import Floor


def signed_route(floor: Floor) -> Ints:
    """Return the bays that the signed route leads by, in order; shape (waypoints,)."""
    (points,) = waypoints(floor, zone_numbers(floor, [floor.plan.guide]))
    return np.asarray(points[points >= 0], dtype=np.int64)


def zone_numbers(floor: Floor, routes: Sequence[Sequence[str]]) -> Ints:
    """Return routes given by zone ids as zone numbers, shape (routes, longest); -1 at the end and for unknown zones."""
    number = {folded(zone.id): index for index, zone in enumerate(floor.plan.zones)}
    found = np.full((len(routes), max(map(len, routes), default=0)), -1)
    for row, route in enumerate(routes):
        found[row, : len(route)] = [number.get(folded(zone), -1) for zone in route]
    return found


def waypoints(floor: Floor, zones: Ints) -> Ints:
    """Return the bays that routes lead by, one a zone.

    Of the bays of a zone it is the one whose standing place is nearest the zone's middle. Zones without a bay that can
    be reached from the doors and from the zone before, and left for the tills, are passed over.

    Args:
        floor: where the routes lead.
        zones: shape (routes, longest), zone numbers; -1 is passed over.

    Returns:
        Shape (routes, longest), places, -1 after the last.
    """
    metres = floor.ways.distance_m[0]
    lets_in = [floor.places.bays + number for number, door in enumerate(floor.plan.doors) if door.way != "out"]
    usable = np.isfinite(metres[lets_in]).all(axis=0) & np.isfinite(metres[:, tills(floor)]).any(axis=1)
    usable[floor.places.bays :] = False  # a walk from a till is a way out
    bays = _middle_first(floor, np.unique(zones[zones >= 0]), usable)
    points, here = np.full_like(zones, -1), np.full(len(zones), -1)
    for step in range(zones.shape[1]):
        options = bays[zones[:, step]]
        follows = (options >= 0) & ((here < 0)[:, None] | np.isfinite(metres[here[:, None], options]))
        there = follows.any(axis=1)
        points[there, step] = options[there, follows[there].argmax(axis=1)]
        here = np.where(there, points[:, step], here)
    return np.take_along_axis(points, np.argsort(points < 0, axis=1, kind="stable"), axis=1)


def _middle_first(floor: Floor, wanted: Ints, usable: NDArray[np.bool_]) -> Ints:
    """Return the usable bays of each wanted zone, nearest to its middle first; shape (zones + 1, most), -1 padded.

    The last row, which -1 leads to, is empty.
    """
    found = {number: _by_middle(floor, floor.plan.zones[number], number, usable) for number in wanted.tolist()}
    table = np.full((len(floor.plan.zones) + 1, max(map(len, found.values()), default=1) or 1), -1)
    for number, bays in found.items():
        table[number, : len(bays)] = bays
    return table


def _by_middle(floor: Floor, zone: Zone, number: int, usable: NDArray[np.bool_]) -> Ints:
    """Return the usable places in a zone, other and smaller zones within it or not; without measures, as written."""
    if floor.plan.is_schematic:
        inside = np.flatnonzero((floor.places.zone == number) & usable)
        away = np.abs(np.arange(len(inside)) - len(inside) // 2).astype(np.float64)
    else:
        area = shapely.Polygon(zone.outline)
        inside = np.flatnonzero(shapely.intersects_xy(area, *floor.places.xy.T) & usable)
        away = np.hypot(*(floor.places.xy[inside] - (area.centroid.x, area.centroid.y)).T)
    return np.asarray(inside[np.argsort(away, kind="stable")], dtype=np.int64)


def led(trips: Itineraries, floor: Floor, points: Ints) -> Itineraries:
    """Return the trips, those who are led walked through their waypoints with their stops in between.

    Each stop is made on the stretch between waypoints (the door first, the tills last) where it is least out of the
    way; stops of one stretch come as they draw nearer to its end: by distance from its start less that to its end.

    Args:
        trips: what everybody intends.
        floor: where they walk.
        points: shape (customers, longest), places, -1 after the last; without any, a customer walks as before.
    """
    there = np.asarray(points >= 0, dtype=np.bool_)
    if not there.any():
        return trips
    mine = np.flatnonzero(np.isin(trips.customer, np.nonzero(there)[0]))
    customer = trips.customer[mine]
    stretch, progress = _along(trips, floor, points[customer], mine)
    order = np.arange(len(trips.place))
    order[mine] = mine[np.lexsort((progress, stretch, customer))]
    made = np.zeros((len(points), points.shape[1] + 1), dtype=np.int64)
    np.add.at(made, (customer, stretch), 1)
    at = trips.first[:-1, None] + made[:, :-1].cumsum(axis=1)
    return trips.reordered(order).through(np.nonzero(there)[0], at[there], points[there])


def _along(trips: Itineraries, floor: Floor, points: Ints, stop: Ints) -> tuple[Ints, Floats]:
    """Return, for some stops, the stretch that each is made on, and how far along that it lies.

    `points` are those of each stop's customer, shape (stops, longest).
    """
    customer = trips.customer[stop]
    metres, habit = floor.ways.distance_m, trips.habit[customer, None]
    door, place = trips.door[customer, None], trips.place[stop, None]
    count = (points >= 0).sum(axis=1)
    start = np.hstack((door, np.where(points >= 0, points, door)))
    end = np.hstack((points, np.full_like(door, -1)))  # -1: the tills
    last = start[np.arange(len(stop)), count]
    from_m = metres[habit, start, place].astype(np.float64)
    to_m = np.where(end >= 0, metres[habit, place, end], metres[habit, place, tills(floor)].min(axis=1)[:, None])
    last_m = metres[habit, last[:, None], tills(floor)].min(axis=1)[:, None]
    detour_m = from_m + to_m - np.where(end >= 0, metres[habit, start, end], last_m)
    detour_m[np.arange(points.shape[1] + 1) > count[:, None]] = np.inf
    stretch = detour_m.argmin(axis=1)
    row = np.arange(len(stop))
    return stretch, from_m[row, stretch] - to_m[row, stretch]
