"""A floor of places in an empty room: everybody walks straight from any place to any other."""

from collections.abc import Callable, Sequence

import networkx as nx
import numpy as np
import pytest
from scipy import sparse

from storesim.inputs.base import Point
from storesim.inputs.floor_plan import Bay, Checkout, Door, Face, Fixture, FloorPlan
from storesim.store.floor import Floats, Floor, Places, Sight, Ways

MAPS = 17
ROOM = ((0.0, 0.0), (60.0, 0.0), (60.0, 40.0), (0.0, 40.0))


def open_floor(
    bays: Sequence[Point],
    doors: Sequence[Door] = (Door("main", "both", (0.0, 0.0)),),
    tills: Sequence[Point] = ((50.0, 0.0),),
    seen_m: Floats | None = None,
    distance_m: Floats | None = None,
) -> Floor:
    """Bays F/front/1, 2, … of 1.25 m and five levels, doors, and tills, at these points of a room of 60 by 40 m.

    Edge number a · places + b leads from place a to place b. A customer sees the bay faced while standing.

    Args:
        bays: where one stands before each bay.
        doors: each with its point.
        tills: where the queue of each checkout begins.
        seen_m: metres in full view, shape (edges, bays); None: nothing is seen on the way.
        distance_m: shape (places, places) instead of straight lines, inf where there is no way.
    """
    xy = np.array([*bays, *(door.at for door in doors), *tills], dtype=float)
    n = len(xy)
    metres = np.linalg.norm(xy[:, None] - xy, axis=2) if distance_m is None else distance_m
    shelf = Fixture("F", "wall", 5, 2.0, (Face("front", tuple(Bay(i + 1, 1.25) for i in range(len(bays)))),))
    checkouts = tuple(Checkout(f"till {i}", "cashier", 1) for i in range(len(tills)))
    plan = FloorPlan("Open floor", (), tuple(doors), (shelf,), checkouts, outline=ROOM)
    names = (*(f"F/front/{i + 1}" for i in range(len(bays))), *(d.id for d in doors), *(c.id for c in checkouts))
    places = Places(names, xy, np.full(n, -1), np.zeros(len(bays), dtype=int), len(bays), len(doors), len(tills))
    return Floor(
        plan,
        nx.DiGraph(),
        places,
        _straight(xy, metres),
        Sight(
            sparse.csr_array(np.zeros((n * n, len(bays))) if seen_m is None else seen_m),
            sparse.csr_array(np.eye(n, len(bays))),
        ),
        sparse.csr_array(np.zeros((n * n, 0))),
        np.zeros((len(tills), len(doors))),
    )


def _straight(xy: Floats, metres: Floats) -> Ways:
    n = len(xy)
    previous = np.where(np.isfinite(metres), np.arange(n)[:, None], -1).astype(np.int16)
    start, end = (a.reshape(-1) for a in np.indices((n, n)))
    edge = np.arange(n * n, dtype=np.int32).reshape(n, n)
    distance = np.broadcast_to(metres.astype(np.float32), (MAPS, n, n))
    return Ways(distance, np.broadcast_to(previous, (MAPS, n, n)), edge, xy, start, end, metres.reshape(-1))


@pytest.fixture(scope="session", name="open_floor")
def open_floor_fixture() -> Callable[..., Floor]:
    return open_floor
