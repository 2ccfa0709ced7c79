"""A plan with its store graph over it: which zones one can walk to from which, and what belongs where."""

from itertools import product

import networkx as nx
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from storesim.report import drawing, schematic
from storesim.report.colours import DOOR, FAINT, GRAPH, INK
from storesim.report.figure_files import new_figure, styled
from storesim.report.floor_plan import PLAN_PLACE, draw_scale_bar
from storesim.report.labels import Labels
from storesim.report.text_size import shortened
from storesim.store.floor import Floor
from storesim.store.graph import store_graph

NODE_SIZES = {"zone": 6.0, "shelf": 2.0, "door": 4.5, "till": 4.5}
NODE_COLOURS = {"zone": GRAPH, "shelf": INK, "door": DOOR, "till": INK}
SIGNS_PT = 6.0
LEGEND = "Large dots: zones; lines: neighbours, with metres walked between middles. Small dots: shelves."


def show_figure(floor: Floor) -> Figure:
    """Return the plan in grey with its store graph: zones that are neighbours, with metres walked between."""
    plan = floor.plan
    with styled():
        figure = new_figure()
        figure.text(0.03, 0.965, plan.name, size=13, weight="bold", va="center", parse_math=False)
        if plan.is_schematic:
            schematic.draw(figure.add_axes(PLAN_PLACE), plan)
            return figure
        frame = drawing.plan_frame(figure, plan, PLAN_PLACE)
        _draw_ground(frame.axes, floor)
        graph = store_graph(floor)
        _draw_graph(frame.axes, graph)
        _write_graph(Labels(frame.axes, frame.points_per_m), graph)
        figure.text(0.5, 0.035, LEGEND, size=7.5, color=FAINT, ha="center")
        return figure


def _draw_ground(axes: Axes, floor: Floor) -> None:
    drawing.draw_floor(axes, floor.plan)
    drawing.draw_zones(axes, floor.plan)
    drawing.draw_walkways(axes, floor.plan)
    drawing.draw_fixtures(axes, floor.plan, fill=lambda _: "#EFEFEF", line="#BBBBBB")
    drawing.draw_obstacles(axes, floor.plan)
    drawing.draw_checkouts(axes, floor.plan)
    drawing.draw_doors(axes, floor.plan)
    draw_scale_bar(axes, floor.plan)


def _draw_graph(axes: Axes, graph: "nx.DiGraph[str]") -> None:
    nodes = graph.nodes
    for start, end, edge in graph.edges(data=True):
        xs, ys = zip(*((nodes[node]["x"], nodes[node]["y"]) for node in (start, end)), strict=True)
        near = edge["kind"] == "next_to"
        axes.plot(xs, ys, color=GRAPH if near else FAINT, linewidth=1.3 if near else 0.35, alpha=0.8, zorder=7)
    for _, node in nodes(data=True):
        kind = node["kind"]
        axes.plot([node["x"]], [node["y"]], "o", markersize=NODE_SIZES[kind], color=NODE_COLOURS[kind], zorder=8)


def _write_graph(labels: Labels, graph: "nx.DiGraph[str]") -> None:
    """Name the zones just above their dots, and write the metres on the lines where there is room."""
    nodes = graph.nodes
    for _, node in nodes(data=True):
        dot = shapely.Point(node["x"], node["y"]).buffer(0.15)
        if node["kind"] == "zone":
            labels.taken.append(dot)
    for name in (name for name, node in nodes(data=True) if node["kind"] == "zone"):
        x, y = nodes[name]["x"], nodes[name]["y"]
        for text, side in product(shortened(nodes[name]["name"]), (1, -1)):
            if labels.at(text, x, y + side * 0.75, size_pt=7.5, background="white"):
                break
    for start, end, edge in graph.edges(data=True):
        if edge["kind"] == "next_to" and (start < end or not graph.has_edge(end, start)):
            x, y = ((nodes[start][axis] + nodes[end][axis]) / 2 for axis in ("x", "y"))
            labels.at(f"{edge['metres']:.0f} m", x, y, size_pt=SIGNS_PT, colour=GRAPH, background="white")
