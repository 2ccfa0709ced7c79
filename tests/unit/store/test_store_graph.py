"""The store graph of a measured plan."""

import json

import networkx as nx
import pytest

from storesim.store.floor import Floor
from storesim.store.graph import store_graph


@pytest.fixture(scope="module")
def graph(market_floor: Floor) -> "nx.DiGraph[str]":
    return store_graph(market_floor)


def test_every_zone_shelf_door_and_till_is_a_node(market_floor: Floor, graph: "nx.DiGraph[str]") -> None:
    kinds = [kind for _, kind in graph.nodes(data="kind")]
    plan = market_floor.plan
    counts = {"zone": len(plan.zones), "shelf": len(plan.fixtures), "door": 1, "till": 2}
    assert {kind: kinds.count(kind) for kind in counts} == counts


def test_a_shelf_belongs_to_each_zone_that_holds_one_of_its_bays(graph: "nx.DiGraph[str]") -> None:
    zones = {end for _, end in graph.out_edges("shelf:dairy")}
    assert zones == {"zone:z03", "zone:z13", "zone:z23", "zone:z33"}
    assert graph.nodes["shelf:dairy"] | {"x": 22.0} == {
        "kind": "shelf", "name": "dairy", "x": 22.0, "y": 31.5, "zone": "z13"
    }  # fmt: skip


def test_zones_next_to_each_other_are_as_far_apart_as_one_walks(graph: "nx.DiGraph[str]") -> None:
    edge = graph.edges["zone:z32", "zone:z33"]
    assert edge["kind"] == "next_to"
    assert edge["metres"] == pytest.approx(8, abs=2)
    assert not graph.has_edge("zone:z00", "zone:z33")


def test_without_one_way_areas_neighbours_are_mutual(graph: "nx.DiGraph[str]") -> None:
    pairs = {(a, b) for a, b, kind in graph.edges(data="kind") if kind == "next_to"}
    assert pairs
    assert pairs == {(b, a) for a, b in pairs}


def test_the_graph_goes_into_json(graph: "nx.DiGraph[str]") -> None:
    assert len(json.loads(json.dumps(nx.node_link_data(graph)))["nodes"]) > 60
