"""What tells walking apart in the zones that trips pass, whatever habits the store's customers happen to have.

How often each zone is passed depends on whose habits they are as much as on how strong habits are. What does not: how
many ways customers take from one zone to another (noise of habits), how far they get in so many zones and how often
they come back (detours, order of stops), and how long they stay along the walls (their pull).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csgraph

from storesim.calibrate.passages import Passages
from storesim.inputs.floor_plan import FloorPlan
from storesim.store.habits import PERIMETER_M

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
TOUCH_M = 0.01
"""Zones nearer to each other than twice this are neighbours."""
AHEAD = (1, 2, 3, 4, 6, 8, 12)
"""Zones later, that distance got is measured at."""
STRAIGHT = (2, 3, 4)
"""Zones later, at which it is asked whether a trip could have got there with fewer zones."""


@dataclass(frozen=True, eq=False)
class Ground:
    """What zones are to each other."""

    along_walls: Floats
    """Shape (zones,): share of each zone within 3 m of the outer walls."""
    metres: Floats
    """Shape (zones, zones): between their middles, as the crow flies."""
    hops: Floats
    """Shape (zones, zones): fewest steps from zone to touching zone; inf where there are none."""

    @classmethod
    def of(cls, plan: FloorPlan) -> "Ground":
        """Return the ground of a measured plan with zones."""
        areas = [shapely.Polygon(zone.outline) for zone in plan.zones]
        strip = shapely.LinearRing(plan.outline).buffer(PERIMETER_M)
        wide = np.array([area.buffer(TOUCH_M) for area in areas])
        middle = np.array([area.centroid.coords[0] for area in areas])
        touching = shapely.intersects(wide[:, None], wide[None])
        return cls(
            along_walls=np.array([shapely.intersection(area, strip).area / area.area for area in areas]),
            metres=np.hypot(*(middle[:, None] - middle[None]).transpose(2, 0, 1)),
            hops=np.asarray(csgraph.shortest_path(touching, unweighted=True)),
        )


def traits(seen: Passages, ground: Ground) -> Floats:
    """Return what tells walking apart, shape (traits,): passages a trip of each zone, and `named` after them."""
    return np.concatenate((zone_rates(seen, len(ground.hops)), list(named(seen, ground).values())))


def zone_rates(seen: Passages, zones: int) -> Floats:
    """Return the passages a trip of each zone, shape (zones,)."""
    return np.bincount(seen.zone, minlength=zones) / max(len(seen), 1)


def named(seen: Passages, ground: Ground) -> dict[str, float]:
    """Return the traits that belong to no single zone; what no trip is long enough for is 0."""
    return dict((*_lengths(seen), *_progress(seen, ground), *_walls(seen, ground), *_ways(seen, ground)))


def _lengths(seen: Passages) -> Iterator[tuple[str, float]]:
    """Zones a trip, and different zones a trip."""
    length = np.bincount(seen.trip)
    zones = int(seen.zone.max()) + 1
    different = np.bincount(np.unique(seen.trip * zones + seen.zone) // zones)
    yield "zones a trip, log", float(np.log(length.mean()))
    yield "zones a trip, log of spread", float(np.log(length.std() + 0.1))
    yield "different zones a trip, log", float(np.log(different.mean()))
    yield "different zones, share", float((different / length).mean())


def _progress(seen: Passages, ground: Ground) -> Iterator[tuple[str, float]]:
    """How far customers get in so many zones, how often by the fewest, and how often they turn back."""
    for lag in AHEAD:
        start, end = seen.zone[_starts(seen, lag)], seen.zone[_starts(seen, lag) + lag]
        yield f"metres in {lag} zones", _mean(ground.metres[start, end])
        if lag in STRAIGHT:
            yield f"by the fewest zones, {lag}", _mean(ground.hops[start, end] == lag)
        if lag == STRAIGHT[0]:
            yield "back at once", _mean(start == end)


def _walls(seen: Passages, ground: Ground) -> Iterator[tuple[str, float]]:
    """How much of trips runs along the outer walls, and how long customers stay there."""
    near, start = ground.along_walls[seen.zone], _starts(seen, 1)
    yield "along walls", _mean(near)
    yield "staying along walls", _mean(near[start] * near[start + 1])


def _ways(seen: Passages, ground: Ground) -> Iterator[tuple[str, float]]:
    """How alike customers choose: the next zone, and the zones between two that lie some zones apart.

    The chance that two passages picked at random chose the same, of those that had the same choice (Simpson 1949).
    """
    zones = len(ground.hops)
    for lag in (1, 2, 3, 4):
        start = _starts(seen, lag)
        steps = seen.zone[start[:, None] + np.arange(lag + 1)]
        far = ground.hops[steps[:, 0], steps[:, -1]] >= max(lag - 1, 1)
        yield f"same next zone after {lag}", alike(_numbered(steps[:, :-1], zones), steps[:, -1])
        if lag > 1:
            choice = steps[far][:, [0, -1]]
            yield f"same way over {lag} zones", alike(_numbered(choice, zones), _numbered(steps[far][:, 1:-1], zones))


def alike(given: Ints, chosen: Ints) -> float:
    """Return the chance that two of the rows with the same `given` have the same `chosen`; 0 for no rows.

    Σ over rows of the share of the other rows alike, over rows; a row that is alone with its `given` counts as 0.
    """
    if not len(given):
        return 0.0
    group = np.unique(given, return_inverse=True)[1].reshape(-1)
    pair, times = np.unique(np.stack((group, chosen)), axis=1, return_counts=True)
    others = np.maximum(np.bincount(group)[pair[0]] - 1, 1)
    return float((times * (times - 1) / others).sum() / len(given))


def _numbered(zones_in_row: Ints, zones: int) -> Ints:
    """Return a number for each row of zones, shape (rows,), the same for equal rows."""
    return np.asarray(zones_in_row @ (zones ** np.arange(zones_in_row.shape[1])), dtype=np.int64)


def _starts(seen: Passages, lag: int) -> Ints:
    """Return the passages that have another of the same trip so many later."""
    return np.flatnonzero(seen.trip[lag:] == seen.trip[: max(len(seen.trip) - lag, 0)])


def _mean(values: NDArray[np.float64] | NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else 0.0
