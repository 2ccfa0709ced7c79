"""Floors without measurements: people walk exactly the links."""

import json
from math import sqrt

import networkx as nx
import numpy as np
import pytest

from storesim.inputs.floor_plan import Bay, Checkout, Door, Face, Fixture, FloorPlan, Link, Zone
from storesim.inputs.parameters import Parameters
from storesim.store.build import build_floor
from storesim.store.floor import Floor
from storesim.store.graph import store_graph
from storesim.store.lint import unreachable, unseen


def shelf(name: str, zone: str, bays: int) -> Fixture:
    face = Face("front", tuple(Bay(i + 1, 1.0) for i in range(bays)))
    return Fixture(name, "gondola", 5, 1.8, (face,), zone=zone)


def shop(*links: Link) -> FloorPlan:
    zones = (
        Zone("entry", "Entry", "entrance"),
        Zone("milk", "Milk", "sales", area_m2=32.0),
        Zone("till", "Till", "sales"),
    )
    return FloorPlan(
        "corner shop",
        zones,
        (Door("main", "both", zone="entry"),),
        (shelf("M", "milk", 2), shelf("E", "entry", 1)),
        (Checkout("till", "cashier", 1, zone="till"),),
        links=links,
    )


ROUND = (Link("entry", "milk", 9.0), Link("milk", "till", 6.0, one_way=True), Link("till", "entry", 4.0, one_way=True))


@pytest.fixture
def floor() -> Floor:
    return build_floor(shop(*ROUND), Parameters(), 1)


def metres(floor: Floor, start: str, end: str) -> float:
    names = floor.places.names
    return float(floor.ways.distance_m[0, names.index(start), names.index(end)])


def test_a_walk_is_as_long_as_its_links_and_the_ways_to_the_middle_of_zones(floor: Floor) -> None:
    half_way = sqrt(32 / 2) / 2
    assert floor.places.names == ("M/front/1", "M/front/2", "E/front/1", "main", "till")
    assert metres(floor, "main", "M/front/1") == pytest.approx(1 + 9 + half_way)
    assert metres(floor, "M/front/1", "M/front/2") == pytest.approx(2 * half_way)


def test_a_one_way_link_is_walked_one_way_only(floor: Floor) -> None:
    assert metres(floor, "till", "main") == pytest.approx(1 + 4 + 1)
    assert metres(floor, "main", "till") == pytest.approx(1 + 9 + 6 + 1)
    assert floor.exit_m == pytest.approx(np.array([[6.0]]))


def test_a_zone_shows_its_shelves_on_half_of_the_way_through_it_half_in_view(floor: Floor) -> None:
    entry_hub, milk_hub = 5, 6
    link, inwards = floor.ways.edge[entry_hub, milk_hub], floor.ways.edge[milk_hub, 0]
    assert floor.sight.edge[link, 0] == pytest.approx(0.5 * 4.0)
    assert floor.sight.edge[inwards, 1] == pytest.approx(0.5 * sqrt(32 / 2) / 4)
    assert floor.sight.edge[floor.ways.edge[7, 5], 0] == 0
    assert floor.sight.place[0, 0] == 1


def test_metres_in_zones_add_up(floor: Floor) -> None:
    np.testing.assert_allclose(floor.edge_zone_m.sum(axis=1), floor.ways.edge_m)


def test_habits_are_keyed_by_the_names_of_zones() -> None:
    """With two ways to milk of equal length, some maps take one and some the other, in any order of the links."""
    around = (Link("entry", "milk", 10.0), Link("entry", "till", 5.0), Link("till", "milk", 5.0))
    one, other = (build_floor(shop(*links), Parameters(), 1) for links in (around, around[::-1]))
    np.testing.assert_array_equal(one.ways.previous, other.ways.previous)
    assert len(np.unique(one.ways.previous[1:, 3, 0 + len(one.places.names) + 1])) == 2


def test_the_store_graph_holds_the_links_and_goes_into_json(floor: Floor) -> None:
    graph = store_graph(floor)
    assert graph.edges["zone:entry", "zone:milk"] == {"kind": "next_to", "metres": 9.0}
    assert not graph.has_edge("zone:till", "zone:milk")
    assert graph.has_edge("shelf:M", "zone:milk")
    assert graph.nodes["door:main"]["zone"] == "entry"
    assert json.loads(json.dumps(nx.node_link_data(graph)))["nodes"]


def test_positions_for_drawing_keep_zones_apart(floor: Floor) -> None:
    hubs = floor.ways.vertex_xy[5:]
    assert np.hypot(*(hubs[0] - hubs[1])) > 3


def test_what_no_link_leads_to_is_told() -> None:
    told = unreachable(shop(Link("entry", "till", 4.0)), Parameters())
    assert told == ["fixture 'M' cannot be reached: no links lead there from a door in and on to a door out"]
    assert unreachable(shop(*ROUND), Parameters()) == []


def test_one_can_be_locked_in() -> None:
    dead_end = (Link("entry", "milk", 9.0, one_way=True), Link("entry", "till", 4.0))
    assert [told.split(" cannot")[0] for told in unreachable(shop(*dead_end), Parameters())] == ["fixture 'M'"]


def test_shelves_of_a_zone_that_nobody_can_enter_are_never_seen() -> None:
    floor = build_floor(shop(Link("entry", "till", 4.0)), Parameters(), 1)
    assert np.isinf(metres(floor, "main", "M/front/1"))
    assert unseen(floor) == []
