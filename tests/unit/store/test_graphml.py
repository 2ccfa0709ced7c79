"""The store graph as GraphML: what went in comes out, typed, in a stable order."""

from pathlib import Path

import networkx as nx

from storesim.store.graphml import write_graphml


def graph(*, backwards: bool = False) -> "nx.DiGraph[str]":
    made: nx.DiGraph[str] = nx.DiGraph(name="Shop <1> & \x00co")
    nodes = [("zone:a", {"kind": "zone", "name": "A", "x": 1.0, "y": 2, "zone": "a"}),
             ("shelf:s", {"kind": "shelf", "name": "s", "x": 0.5, "y": 0.0, "zone": None})]  # fmt: skip
    made.add_nodes_from(reversed(nodes) if backwards else nodes)
    edges = [("zone:a", "zone:a", {"kind": "next_to", "metres": 3.25}), ("shelf:s", "zone:a", {"kind": "in"})]
    made.add_edges_from(reversed(edges) if backwards else edges)
    return made


def test_it_can_be_read_back(tmp_path: Path) -> None:
    found = nx.read_graphml(write_graphml(graph(), tmp_path / "new" / "shop.graphml"))
    assert found.graph["name"] == "Shop <1> & co"
    assert found.nodes["zone:a"] == {"kind": "zone", "name": "A", "x": 1.0, "y": 2.0, "zone": "a"}
    assert found.nodes["shelf:s"] == {"kind": "shelf", "name": "s", "x": 0.5, "y": 0.0}, "no zone is no attribute"
    assert found.edges["zone:a", "zone:a"] == {"kind": "next_to", "metres": 3.25}
    assert found.edges["shelf:s", "zone:a"] == {"kind": "in"}
    assert found.is_directed()


def test_equal_graphs_are_equal_files(tmp_path: Path) -> None:
    one, two = (write_graphml(graph(backwards=way), tmp_path / f"{way}.graphml") for way in (False, True))
    assert one.read_bytes() == two.read_bytes()
    assert 'attr.name="y" attr.type="double"' in one.read_text()
