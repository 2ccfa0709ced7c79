"""Where customers who queue and who are served are drawn at a bank of tills."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from storesim.behaviour.paying import servers
from storesim.inputs.floor_plan import Checkout, FloorPlan
from storesim.store.ground import furniture

Ints = NDArray[np.int64]
Vector = NDArray[np.float64]

SERVED_CM = 80.0
"""Who is served stands this far inside, or in the middle of a shallower bank."""
FARTHEST_CM = 250.0
"""How far from its usual place the head of a queue is moved off what stands there; after that it is the bank's spot."""
LONGEST_CM = 800.0
"""No queue is drawn longer; customers then stand closer."""
KEPT_CM = 24.0
"""Queues keep this far from furniture; a body's radius is 25 cm."""
COUNT_CM = 45.0
"""The length of a queue is written this far from the lane's far end."""
SCHEMATIC_LANE_CM = 45.0


@dataclass(frozen=True)
class Bank:
    """One checkout; all in whole centimetres, y upwards."""

    name: str
    stations: tuple[tuple[int, int], ...]
    """Where customers are served, a spot a lane."""
    heads: tuple[tuple[int, int], ...]
    """Where the first of each queue stands; a cashier lane has a queue of its own, self-service one for all."""
    start: tuple[int, int]
    """Where customers come to before they choose a queue."""
    along: tuple[float, float]
    """Unit vector in which queues grow."""
    room: tuple[int, ...]
    """How far each queue may grow."""
    counts: tuple[tuple[int, int], ...]
    """Where the length of each queue is written: at the far end of its lane."""


def banks(plan: FloorPlan, spots_cm: Ints) -> tuple[Bank, ...]:
    """Return the banks of a plan; `spots_cm`, shape (checkouts, 2), says where customers come to them.

    A queue begins as far from its lane as these spots are, or farther off where something stands in the way.
    """
    solid = None if plan.is_schematic else _solid(plan)
    return tuple(_bank(checkout, spot, solid) for checkout, spot in zip(plan.checkouts, spots_cm, strict=True))


def _bank(checkout: Checkout, spot: Ints, solid: Any) -> Bank:
    left, right, inward, depth = _front(checkout, spot)
    stations = _spread(checkout.lanes, left, right) + min(SERVED_CM, depth / 2) * inward
    queue = np.array(spot, dtype=np.float64)
    before = max(0.0, float((left - queue) @ inward)) * inward
    lanes = _spread(len(servers(checkout.kind, checkout.lanes)), left, right)
    heads = np.array([_clear(head, -inward, solid, queue) for head in lanes - before])
    counts = lanes + max(depth - COUNT_CM, 0.0) * inward
    along = (float(-inward[0]), float(-inward[1]))
    room = tuple(_room(head, -inward, solid) for head in heads)
    return Bank(checkout.id, _whole(stations), _whole(heads), _whole(queue[None])[0], along, room, _whole(counts))


def _spread(count: int, left: Vector, right: Vector) -> Vector:
    """Return the middles of so many equal stretches between two points; shape (count, 2)."""
    return left + ((np.arange(count) + 0.5) / count)[:, None] * (right - left)


def _clear(head: Vector, along: Vector, solid: Any, otherwise: Vector) -> Vector:
    """Return the nearest spot from a head on, away from its lane, that nothing stands on."""
    if solid is None:
        return head
    tries = head + np.arange(0, FARTHEST_CM, 10)[:, None] * along
    free = shapely.distance(solid, shapely.points(tries)) >= KEPT_CM
    return np.asarray(tries[free.argmax()] if free.any() else otherwise, dtype=np.float64)


def _front(checkout: Checkout, spot: Ints) -> tuple[Vector, Vector, Vector, float]:
    """Return the ends of the side where customers queue, the unit vector inwards, and the depth behind it."""
    if not checkout.outline or checkout.queue_at is None:
        half = checkout.lanes * SCHEMATIC_LANE_CM / 2
        return spot - np.array([half, 0.0]), spot + np.array([half, 0.0]), np.array([0.0, 1.0]), 0.0
    corners = 100 * np.array([*checkout.outline, checkout.outline[0]])
    queue = shapely.Point(100 * np.array(checkout.queue_at))
    left, right = min(pairwise(corners), key=lambda side: shapely.LineString(side).distance(queue))
    along = (right - left) / np.hypot(*(right - left))
    inward = np.array([-along[1], along[0]])  # outlines run counter-clockwise
    return left, right, inward, float(((corners - left) @ inward).max())


def _solid(plan: FloorPlan) -> Any:
    """Return all that no queue may stand in, cm: furniture with some room round it, and what is not floor."""
    things = shapely.union_all([polygon for _, polygon in furniture(plan)])
    walls = shapely.Polygon(plan.outline).exterior
    return shapely.transform(shapely.union(things, walls), lambda xy: 100 * xy)


def _room(head: Vector, along: Vector, solid: Any) -> int:
    """Return how far one may go from a queue's head before something stands in the way."""
    if solid is None:
        return int(LONGEST_CM / 4)
    line = shapely.LineString([head, head + LONGEST_CM * along])
    met = shapely.intersection(line, shapely.buffer(solid, KEPT_CM))
    return int(LONGEST_CM if met.is_empty else shapely.Point(head).distance(met))


def _whole(points: Vector) -> tuple[tuple[int, int], ...]:
    return tuple((round(x), round(y)) for x, y in points.tolist())
