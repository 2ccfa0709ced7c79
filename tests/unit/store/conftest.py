"""Plans drawn in code: boxes with shelves, and a market of 1,400 m²."""

from collections.abc import Callable

import pytest

from storesim.inputs.floor_plan import Bay, Checkout, Door, Face, Fixture, FloorPlan, Outline, Zone
from storesim.inputs.parameters import Parameters
from storesim.store.build import build_floor
from storesim.store.floor import Floor

NORMALS = {"north": (0.0, 1.0), "south": (0.0, -1.0), "east": (1.0, 0.0), "west": (-1.0, 0.0)}


def box(x: float, y: float, width: float, depth: float) -> Outline:
    return ((x, y), (x + width, y), (x + width, y + depth), (x, y + depth))


def shelf(
    name: str,
    at: Outline,
    faces: tuple[str, ...],
    bay_m: float = 1.2,
    height_m: float = 1.8,
    kind: str = "gondola",
) -> Fixture:
    """A fixture whose bays are counted from the left of who faces them."""
    (x0, y0), (x1, y1) = at[0], at[2]
    lefts = {
        "north": ((x1, y1), (x0, y1)),
        "south": ((x0, y0), (x1, y0)),
        "east": ((x1, y0), (x1, y1)),
        "west": ((x0, y1), (x0, y0)),
    }
    drawn = []
    for face in faces:
        (ax, ay), (bx, by) = lefts[face]
        count = max(1, round((abs(bx - ax) + abs(by - ay)) / bay_m))
        cuts = [(ax + (bx - ax) * i / count, ay + (by - ay) * i / count) for i in range(count + 1)]
        bays = tuple(Bay(i + 1, (abs(bx - ax) + abs(by - ay)) / count, cuts[i], cuts[i + 1]) for i in range(count))
        drawn.append(Face(face, bays, NORMALS[face]))
    return Fixture(name, kind, 5, height_m, tuple(drawn), at)


def room(width: float, depth: float, *fixtures: Fixture, **more: object) -> FloorPlan:
    """A room with its door in the middle of the south wall."""
    parts: dict[str, object] = {"zones": (Zone("all", "All", "sales", box(0, 0, width, depth), width * depth),)}
    parts |= {
        "doors": (Door("main", "both", (width / 2, 0.0), 1.5),),
        "checkouts": (),
        "outline": box(0, 0, width, depth),
    }
    return FloorPlan("room", fixtures=fixtures, **(parts | more))  # type: ignore[arg-type]


def market() -> FloorPlan:
    """A grid of 12 gondolas in two rows, shelves along the walls, tables at the entrance, ten lanes."""
    fixtures = []
    for row, y in enumerate((7.0, 18.0)):
        for i in range(6):
            x, name = 5.0 + 4.2 * i, f"G{6 * row + i + 1}"
            fixtures.append(shelf(name, box(x, y, 1.2, 8.4), ("west", "east")))
            fixtures.append(shelf(f"{name}-south", box(x, y - 0.6, 1.2, 0.6), ("south",), kind="end_cap", height_m=1.6))
            fixtures.append(shelf(f"{name}-north", box(x, y + 8.4, 1.2, 0.6), ("north",), kind="end_cap", height_m=1.6))
    fixtures.append(shelf("dairy", box(2, 31, 40, 1), ("south",), 1.25))
    fixtures.append(shelf("meat", box(0, 6, 1, 24), ("east",), 1.25))
    fixtures.append(shelf("wine", box(43, 6, 1, 24), ("west",), 1.25))
    tables = [(f"T{i}{j}", box(30.5 + 4 * j, 4.5 + 4 * i, 1.5, 1.5)) for i in range(6) for j in range(3)]
    fixtures += [shelf(name, at, tuple(NORMALS), 1.5, 0.9, "table") for name, at in tables]
    checkouts = (
        Checkout("staffed", "cashier", 6, box(17, 1, 11, 3), (22.5, 4.6), (22.5, 0.5)),
        Checkout("self", "self_service", 4, box(10, 1, 6, 3), (13, 4.6), (13, 0.5)),
    )
    zones = tuple(
        Zone(f"z{i}{j}", f"Zone {i}{j}", "sales", box(11 * i, 8 * j, 11, 8), 88.0) for i in range(4) for j in range(4)
    )
    doors = (Door("main", "both", (40.0, 0.0), 3.0),)
    return FloorPlan("market", zones, doors, tuple(fixtures), checkouts, box(0, 0, 44, 32))


@pytest.fixture(scope="session", name="box")
def box_fixture() -> Callable[..., Outline]:
    return box


@pytest.fixture(scope="session", name="shelf")
def shelf_fixture() -> Callable[..., Fixture]:
    return shelf


@pytest.fixture(scope="session", name="room")
def room_fixture() -> Callable[..., FloorPlan]:
    return room


@pytest.fixture(scope="session", name="market")
def market_fixture() -> FloorPlan:
    return market()


@pytest.fixture(scope="session")
def parameters() -> Parameters:
    return Parameters()


@pytest.fixture(scope="session")
def market_floor(market: FloorPlan, parameters: Parameters) -> Floor:
    return build_floor(market, parameters, seed=1)
