"""Detours: before some legs customers look round the store first, less and less often as the trip goes on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.behaviour.comfort import Surroundings
from storesim.behaviour.routes import ROUTES
from storesim.behaviour.trips import Itineraries, tills
from storesim.customers.blocks import blocks
from storesim.customers.population import Floats, Ints, Population
from storesim.inputs.parameters import Parameters
from storesim.store.floor import Floor

DETOURS = {"nearest_next": 1.0, "perimeter": 1.0, "guided": 1.0, "observed": 1.0, "wander": 2.0}
"""Route policy -> factor on the probability of a detour (assumed); other policies make none."""

BLOCK = 2048
"""Detours looked for at a time: each may lead through any bay."""


@dataclass(frozen=True)
class Curiosity:
    """How often customers make detours, shapes (customers,): P = chance · exp(-t / fade), t seconds into the trip."""

    chance: Floats
    fade_s: Floats
    """inf: never fades."""
    mean_m: float
    """Mean distance from where a customer sets out to the place that a detour leads through."""


@dataclass(frozen=True)
class _Outset:
    """Legs about to be walked, one a row: customer by customer, to every stop, then one to the tills."""

    customer: Ints
    rank: Ints
    """Number of the leg within the trip, from 0."""
    start: Ints
    end: Ints
    """-1: the tills."""
    after_s: Floats
    """Seconds from coming in to setting out: intended walking and standing, detours aside."""


def curiosity(policy: Ints, follows: NDArray[np.bool_], parameters: Parameters) -> Curiosity:
    """Return how often customers make detours, by policy (index into ROUTES).

    Who wanders never tires of it; who `follows` a signed route or a recorded trip makes none.
    """
    factor = np.array([DETOURS.get(name, 0.0) for name in ROUTES])[policy]
    fade_s = np.where(policy == list(ROUTES).index("wander"), np.inf, parameters.wander_fade_s)
    return Curiosity(np.where(follows, 0.0, np.minimum(factor * parameters.wander_p, 1.0)), fade_s, parameters.wander_m)


def with_detours(
    trips: Itineraries,
    floor: Floor,
    population: Population,
    curious: Curiosity,
    around: Surroundings | None = None,
) -> Itineraries:
    """Return the trips led through places off the way, at most one a leg.

    Detours do not change the order of the stops. A leg beyond the uniforms drawn (of a list that has grown) has none.
    """
    if not curious.chance.any():
        return trips
    legs = _outset(trips, floor, population.speed_m_s)
    u = population.u_wander.at(legs.customer, legs.rank)
    p = curious.chance[legs.customer] * np.exp(-legs.after_s / curious.fade_s[legs.customer])
    leg = np.flatnonzero(u[:, 0] < p)
    who = legs.customer[leg]
    off_m = -curious.mean_m * np.log1p(-u[leg, 1])
    habit, start, end = trips.habit[who], legs.start[leg], legs.end[leg]
    draw = np.ones(floor.places.bays) if around is None else around.draw[: floor.places.bays]
    parts = [_off_the_way(floor, habit[p], start[p], end[p], off_m[p], draw) for p in blocks(len(leg), BLOCK)]
    place = np.concatenate([np.empty(0, dtype=np.int64), *parts])
    leg, who, place = (column[place >= 0] for column in (leg, who, place))
    # Every customer has one leg more than stops.
    return trips.through(who, leg - who, place)


def _outset(trips: Itineraries, floor: Floor, speed_m_s: Floats) -> _Outset:
    first = trips.first + np.arange(len(trips.first))
    customer = np.repeat(np.arange(len(trips.door)), np.diff(first))
    start = np.insert(trips.place, trips.first[:-1], trips.door)
    end = np.insert(trips.place, trips.first[1:], -1)
    stood_s = np.insert(trips.dwell_s, trips.first[:-1], 0.0)
    walk_s = floor.ways.distance_m[trips.habit[customer], start, end] / speed_m_s[customer]
    walk_s[first[1:] - 1] = 0.0  # which till is decided at the end
    before_s = np.cumsum(stood_s + walk_s) - walk_s
    return _Outset(
        customer=customer,
        rank=np.arange(len(customer)) - first[customer],
        start=start,
        end=end,
        after_s=before_s - before_s[first[customer]],
    )


def _off_the_way(floor: Floor, habit: Ints, start: Ints, end: Ints, off_m: Floats, draw: Floats) -> Ints:
    """Return the bay that each detour leads through, -1 for none; how far off is exponential, drawn by inversion.

    Of the bays that can be reached, other than those the leg joins, it is the one whose distance is nearest to what
    was drawn: so the same customer makes the same kind of detour in every layout. `draw`, shape (bays,), makes a bay
    count as so many times nearer to it.
    """
    metres, bays, rows = floor.ways.distance_m, floor.places.bays, np.arange(len(off_m))
    away = metres[habit, start, :bays]
    for joined in (start, end):
        at = np.flatnonzero((joined >= 0) & (joined < bays))
        away[at, joined[at]] = np.inf
    place = (np.abs(away - off_m.astype(np.float32)[:, None]) / draw.astype(np.float32)).argmin(axis=1)
    to_till = metres[habit[:, None], place[:, None], tills(floor)].min(axis=1)
    onward = np.where(end >= 0, metres[habit, place, end], to_till)
    return np.where(np.isfinite(away[rows, place]) & np.isfinite(onward), place, -1)
