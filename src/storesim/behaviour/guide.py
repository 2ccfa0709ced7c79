"""Signed routes: who follows one walks from zone to zone as the signs say, and shops along the way."""

import numpy as np
import shapely
from numpy.typing import NDArray

from storesim.behaviour.trips import Itineraries, tills
from storesim.customers.population import Floats, Ints
from storesim.inputs.floor_plan import Zone
from storesim.store.floor import Floor


def waypoints(floor: Floor) -> Ints:
    """Return the bays that the signed route leads by, one a zone, in order.

    Of the bays of a zone it is the one whose standing place is nearest the zone's middle. Zones without a bay that can
    be reached from the doors and from the zone before, and left for the tills, are passed over.
    """
    metres = floor.ways.distance_m[0]
    lets_in = [floor.places.bays + number for number, door in enumerate(floor.plan.doors) if door.way != "out"]
    usable = np.isfinite(metres[lets_in]).all(axis=0) & np.isfinite(metres[:, tills(floor)]).any(axis=1)
    usable[floor.places.bays :] = False  # a walk from a till is a way out
    zones = {zone.id: (number, zone) for number, zone in enumerate(floor.plan.zones)}
    found: list[int] = []
    for number, zone in (zones[name] for name in floor.plan.guide):
        follows = usable & np.isfinite(metres[found[-1]]) if found else usable
        inside = np.flatnonzero(_inside(floor, number, zone) & follows)
        if len(inside):
            found.append(_middle(floor, zone, inside))
    return np.array(found, dtype=np.int64)


def _inside(floor: Floor, number: int, zone: Zone) -> NDArray[np.bool_]:
    """Return which places lie in a zone, other and smaller zones within it or not."""
    if floor.plan.is_schematic:
        return np.asarray(floor.places.zone == number)
    return np.asarray(shapely.intersects_xy(shapely.Polygon(zone.outline), *floor.places.xy.T), dtype=np.bool_)


def _middle(floor: Floor, zone: Zone, inside: Ints) -> int:
    """Return the place nearest a zone's middle; without measures, the middle one as written."""
    if floor.plan.is_schematic:
        return int(inside[len(inside) // 2])
    centre = shapely.Polygon(zone.outline).centroid
    return int(inside[np.hypot(*(floor.places.xy[inside] - (centre.x, centre.y)).T).argmin()])


def guided(trips: Itineraries, floor: Floor, points: Ints, follows: NDArray[np.bool_]) -> Itineraries:
    """Return the trips, those who follow the signs led through the waypoints with their stops in between.

    Each stop is made on the stretch between waypoints (the door first, the tills last) where it is least out of the
    way; stops of one stretch come as they draw nearer to its end: by distance from its start less that to its end.
    """
    if not follows.any():
        return trips
    led = np.flatnonzero(follows[trips.customer])
    customer = trips.customer[led]
    stretch, progress = _along(trips, floor, points, led)
    order = np.arange(len(trips.place))
    order[led] = led[np.lexsort((progress, stretch, customer))]
    who = np.flatnonzero(follows)
    made = np.zeros((len(follows), len(points) + 1), dtype=np.int64)
    np.add.at(made, (customer, stretch), 1)
    at = trips.first[who, None] + made[who, :-1].cumsum(axis=1)
    return trips.reordered(order).through(np.repeat(who, len(points)), at.reshape(-1), np.tile(points, len(who)))


def _along(trips: Itineraries, floor: Floor, points: Ints, stop: Ints) -> tuple[Ints, Floats]:
    """Return, for some stops, the stretch that each is made on, and how far along that it lies."""
    customer = trips.customer[stop]
    metres, habit = floor.ways.distance_m, trips.habit[customer, None]
    door, place = trips.door[customer, None], trips.place[stop, None]
    start = np.hstack((door, np.broadcast_to(points, (len(stop), len(points)))))
    from_m = metres[habit, start, place].astype(np.float64)
    to_m = np.column_stack((metres[habit, place, points], metres[habit, place, tills(floor)].min(axis=1)))
    last_m = metres[habit, points[-1], tills(floor)].min(axis=1)
    direct_m = np.column_stack((metres[habit, start[:, :-1], points], last_m))
    stretch = (from_m + to_m - direct_m).argmin(axis=1)
    row = np.arange(len(stop))
    return stretch, from_m[row, stretch] - to_m[row, stretch]
