"""In what order a shopping list is walked: one function a policy, all customers of a policy at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from storesim.behaviour.tour import shortest_tours
from storesim.customers.population import Floats, Ints
from storesim.store.floor import Floor


@dataclass(frozen=True)
class Lists:
    """Padded shopping lists of some customers, walked by the same policy."""

    habit: Ints
    """Shape (customers,): habit map followed."""
    start: Ints
    """Shape (customers,): place of the door."""
    stops: Ints
    """Shape (customers, longest): places to visit, list order, -1 after the end."""
    u_order: Floats
    """Shape (customers, longest): uniform of each choice; NaN after the end."""


class RouteChoice(Protocol):
    """Order the stops of many customers: shape (customers, longest) of columns into `stops`, list end last."""

    def __call__(self, lists: Lists, floor: Floor, theta: float) -> Ints: ...  # noqa: D102


def nearest_next(lists: Lists, floor: Floor, theta: float) -> Ints:
    """Walk to the next stop with P(j | here) ∝ exp(-θ d_j / d̄), d̄ the mean distance of what is left.

    θ ≈ 3 (assumed, 1.5 to 6); θ -> ∞ is nearest-next. One uniform a step, inverted over the stops from near to far,
    so that the same customer takes the same kind of choice in every layout.
    """
    customers, longest = lists.stops.shape
    order = np.full((customers, longest), -1)
    left = lists.stops >= 0
    here = lists.start.copy()
    rows = np.flatnonzero(left.any(axis=1))
    for step in range(longest):
        rows = rows[left[rows].any(axis=1)]
        if not len(rows):
            break
        column = _choose(lists, floor, theta, rows, here[rows], left[rows], lists.u_order[rows, step])
        order[rows, step] = column
        left[rows, column] = False
        here[rows] = lists.stops[rows, column]
    return order


def _choose(lists: Lists, floor: Floor, theta: float, rows: Ints, here: Ints, left: np.ndarray, u: Floats) -> Ints:
    """Return the chosen column of each row."""
    distance = floor.ways.distance_m[lists.habit[rows, None], here[:, None], lists.stops[rows]].astype(float)
    distance[~left] = np.inf
    mean = np.where(left, distance, 0.0).sum(axis=1) / left.sum(axis=1)
    near_first = np.argsort(distance, axis=1, kind="stable")
    sorted_m = np.take_along_axis(distance, near_first, axis=1)
    # Subtracting the nearest keeps the exponentials from vanishing together; it does not change the shares.
    weight = np.exp(-theta * (sorted_m - sorted_m[:, :1]) / np.maximum(mean, 1e-9)[:, None])
    cumulative = np.cumsum(weight, axis=1)
    rank = (u[:, None] * cumulative[:, -1:] >= cumulative).sum(axis=1)
    rank = np.minimum(rank, left.sum(axis=1) - 1)
    return np.take_along_axis(near_first, rank[:, None], axis=1)[:, 0]


def perimeter(lists: Lists, floor: Floor, theta: float) -> Ints:  # noqa: ARG001
    """Go round the outer walls once and make excursions into the aisles (Larson, Bradlow & Fader 2005: home base).

    Stops come in the order of the point of the perimeter they lie nearest to, going from the door the way round that
    meets the checkouts last.
    """
    along = _along_perimeter(floor)
    length = _perimeter_m(floor)
    tills = along[floor.places.bays + floor.places.doors :].mean()
    offset = (along[lists.stops] - along[lists.start][:, None]) % length
    tills_after = (tills - along[lists.start]) % length
    forward = tills_after >= length / 2
    key = np.where(forward[:, None], offset, (length - offset) % length)
    key[lists.stops < 0] = np.inf
    order = np.argsort(key, axis=1, kind="stable")
    return np.where(np.take_along_axis(lists.stops, order, axis=1) >= 0, order, -1)


def _perimeter_m(floor: Floor) -> float:
    corners = _hull(floor)
    return float(np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1).sum())


def _along_perimeter(floor: Floor) -> Floats:
    """Return, for every place, how far along the outline its nearest outline point lies, in metres."""
    corners = _hull(floor)
    side = np.roll(corners, -1, axis=0) - corners
    side_m = np.linalg.norm(side, axis=1)
    before = np.concatenate(([0.0], np.cumsum(side_m)[:-1]))
    relative = floor.places.xy[:, None, :] - corners[None]
    share = np.clip((relative * side).sum(axis=2) / np.maximum(side_m**2, 1e-12), 0, 1)
    gap = np.linalg.norm(relative - share[..., None] * side, axis=2)
    nearest = gap.argmin(axis=1)
    return np.asarray(before[nearest] + share[np.arange(len(nearest)), nearest] * side_m[nearest])


def _hull(floor: Floor) -> Floats:
    """Return the corners of the outline; of a schematic plan, those of the box round its drawing."""
    if floor.plan.outline:
        return np.array(floor.plan.outline)
    (left, bottom), (right, top) = floor.places.xy.min(axis=0), floor.places.xy.max(axis=0)
    return np.array([(left, bottom), (right, bottom), (right, top), (left, top)])


def shortest_tour(lists: Lists, floor: Floor, theta: float) -> Ints:  # noqa: ARG001
    """Walk the shortest way through all stops from door to the nearest checkout: the reference, not a behaviour."""
    order = np.full(lists.stops.shape, -1)
    tills = np.arange(floor.places.bays + floor.places.doors, len(floor.places.names))
    count = (lists.stops >= 0).sum(axis=1)
    for n in np.unique(count[count > 0]).tolist():
        rows = np.flatnonzero(count == n)
        maps = lists.habit[rows, None, None]
        way = np.column_stack((lists.start[rows], lists.stops[rows, :n]))
        distance_m = floor.ways.distance_m[maps, way[:, :, None], way[:, None, :]].astype(float)
        home_m = floor.ways.distance_m[maps, way[:, :, None], tills].min(axis=2).astype(float)
        order[rows, :n] = shortest_tours(distance_m, home_m) - 1
    return order


ROUTES: Mapping[str, RouteChoice] = {
    "nearest_next": nearest_next,
    "perimeter": perimeter,
    "shortest_tour": shortest_tour,
    "wander": nearest_next,
    "guided": nearest_next,
    "observed": nearest_next,
}
"""Route policy -> order of the list. Detours are `wander`'s; `guide` reorders who follows signs or a recorded trip."""
