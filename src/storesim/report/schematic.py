"""A plan without measurements as a picture: zones as nodes, the ways between them with their metres."""

import networkx as nx
from matplotlib.axes import Axes

from storesim.inputs.floor_plan import FloorPlan, Link
from storesim.report.colours import DOOR, FAINT, INK

NODE = {"boxstyle": "round,pad=0.5", "facecolor": "#EAF3F8", "edgecolor": INK, "linewidth": 0.6}
MOST_NAMES = 4


def draw(axes: Axes, plan: FloorPlan) -> None:
    """Draw the zones where the lengths of the links put them best; positions are not measured."""
    places = zone_places(plan)
    axes.set_xlim(-1.25, 1.25)
    axes.set_ylim(-1.2, 1.2)
    axes.set_axis_off()
    for link in plan.links:
        _draw_link(axes, link, places)
    for zone in plan.zones:
        axes.text(*places[zone.id], _zone_words(plan, zone.id, zone.name), size=7.5, ha="center", va="center",
                  bbox=NODE, zorder=4, parse_math=False)  # fmt: skip
    axes.text(-1.2, -1.15, "From links, not to scale.", size=7, color=FAINT)


def zone_places(plan: FloorPlan) -> dict[str, tuple[float, float]]:
    """Return where each zone is drawn, within -1..1; far zones are far apart."""
    graph = nx.Graph()
    graph.add_nodes_from(zone.id for zone in plan.zones)
    for link in plan.links:
        graph.add_edge(link.start, link.end, weight=link.metres)
    found = nx.kamada_kawai_layout(graph, pos=nx.circular_layout(graph), weight="weight")
    return {zone: (float(x), float(y)) for zone, (x, y) in found.items()}


def _draw_link(axes: Axes, link: Link, places: dict[str, tuple[float, float]]) -> None:
    start, end = places[link.start], places[link.end]
    arrow = {"arrowstyle": "-|>" if link.one_way else "-", "color": INK, "linewidth": 0.9, "shrinkB": 26 if link.one_way else 0}
    axes.annotate("", end, start, arrowprops=arrow, zorder=1)
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    axes.text(*middle, f"{link.metres:g} m", size=6.5, ha="center", va="center", zorder=2,
              bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0}, color=DOOR)  # fmt: skip


def _zone_words(plan: FloorPlan, zone: str, name: str) -> str:
    things = [door.id for door in plan.doors if door.zone == zone]
    things += [fixture.id for fixture in plan.fixtures if fixture.zone == zone]
    things += [checkout.id for checkout in plan.checkouts if checkout.zone == zone]
    more = f", … ({len(things)})" if len(things) > MOST_NAMES else ""
    return f"{name}\n{', '.join(things[:MOST_NAMES])}{more}" if things else name
