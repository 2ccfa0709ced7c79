"""The store graph as GraphML, for Gephi, yEd, igraph and whoever reads graphs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import networkx as nx


def write_graphml(graph: "nx.DiGraph[str]", path: Path) -> Path:
    """Write a store graph and return where; nodes and edges sorted, so that equal graphs are equal files.

    Attributes are typed: names as strings, x, y and metres as doubles. What a node or an edge has not (no zone,
    no metres) is left out: GraphML knows no empty value.
    """
    sorted_graph: nx.DiGraph[str] = nx.DiGraph(name=_clean(str(graph.graph.get("name", ""))))
    for node in sorted(graph.nodes):
        sorted_graph.add_node(_clean(node), **_known(graph.nodes[node]))
    for start, end in sorted(graph.edges):
        sorted_graph.add_edge(_clean(start), _clean(end), **_known(graph.edges[start, end]))
    path.parent.mkdir(parents=True, exist_ok=True)
    nx.write_graphml_xml(sorted_graph, path)
    return path


def _known(about: Mapping[str, Any]) -> dict[str, str | float]:
    """Return the attributes that have a value, in the order of their names."""
    held = {key: value for key, value in sorted(about.items()) if value is not None}
    return {key: _clean(value) if isinstance(value, str) else float(value) for key, value in held.items()}


def _clean(text: str) -> str:
    """Return a text without the control characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n\r" or c >= " ")
