"""A floor of places in an empty room: everybody walks straight from any place to any other."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from scipy import sparse

from storesim.customers.population import Pairs, Population
from storesim.customers.steps import Steps
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
        np.empty((0, 2)),
        (),
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


Wish = tuple[int, int]
"""(customer, product)."""


def pairs(wishes: Sequence[Wish], customers: int, **columns: object) -> Pairs:
    """Pairs whose every uniform is a half and whose odds are 1, but for the columns given."""
    whose, product = np.array(sorted(wishes), dtype=np.int64).reshape(-1, 2).T
    names = ("u_units", "u_dwell", "u_place", "u_want", "threshold", "odds")
    values = dict.fromkeys(names, 0.5) | {"odds": 1.0} | columns
    filled = {name: np.broadcast_to(np.asarray(value, dtype=float), whose.shape) for name, value in values.items()}
    return Pairs(np.searchsorted(whose, np.arange(customers + 1)), whose, product, **filled)


def make_customers(
    count: int, needs: Sequence[Wish] | Pairs = (), candidates: Sequence[Wish] | Pairs = (), **columns: object
) -> Population:
    """Customers with these lists and candidates who all walk 1 m/s; `columns` overrides one number or all."""
    lists = needs if isinstance(needs, Pairs) else pairs(needs, count)
    rest = candidates if isinstance(candidates, Pairs) else pairs(candidates, count)
    values: dict[str, object] = {"arrives_s": 0.0, "speed_m_s": 1.0, "u_habit": 0.5, "u_door": 0.5, "u_service": 0.5}
    values |= {"patience_s": 600.0, "budget": 100.0, "u_guide": 0.5, "u_path": 0.5} | columns
    u_wander = np.asarray(values.pop("u_wander", 0.5))
    floats = {name: np.broadcast_to(np.asarray(value, dtype=float), (count,)) for name, value in values.items()}
    whole = {name: np.asarray(floats.pop(name, np.zeros(count)), dtype=int) for name in ("segment", "mission")}
    knows = np.asarray(floats.pop("knows_store", np.ones(count)), dtype=bool)
    listed = np.diff(lists.first)
    u_wander = np.broadcast_to(u_wander, (count, int(listed.max(initial=0)) + 1, 2))
    return Population(
        **floats,
        **whole,
        knows_store=knows,
        categories=np.ones(count, dtype=int),
        u_order=Steps.drawn(listed, lambda _: np.full(count, 0.5)),
        u_wander=Steps.drawn(listed + 1, lambda leg: u_wander[:, leg]),
        u_switch=np.zeros((len(lists.product), 2)),
        needs=lists,
        candidates=rest,
    )


@pytest.fixture(scope="session", name="pairs")
def pairs_fixture() -> Callable[..., Pairs]:
    return pairs


@pytest.fixture(scope="session", name="make_customers")
def make_customers_fixture() -> Callable[..., Population]:
    return make_customers
