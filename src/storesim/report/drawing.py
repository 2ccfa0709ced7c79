"""The parts of a floor plan as they are drawn: walls, zones, furniture, tills, doors."""

from collections.abc import Callable
from dataclasses import dataclass

import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from storesim.inputs.floor_plan import Checkout, Fixture, FloorPlan, Outline
from storesim.report.colours import CHECKOUT, CLOSED, DOOR, FLOOR, INK, OBSTACLE, ZONE_TINTS, kind_colour
from storesim.report.geometry import face_lines, opening

POINTS_PER_IN = 72.0
MARGIN_M = 1.5
"""Floor outside the walls that a plan shows, for doors and their names."""

Fill = Callable[[Fixture], str]


@dataclass(frozen=True)
class Frame:
    """Axes with a plan's metres on them; `points_per_m` is the scale on paper."""

    axes: Axes
    points_per_m: float


def plan_frame(figure: Figure, plan: FloorPlan, place: tuple[float, float, float, float]) -> Frame:
    """Return axes for a measured plan inside `place` (left, bottom, width, height; shares of the figure)."""
    low_x, low_y, high_x, high_y = shapely.Polygon(plan.outline).bounds
    wide, deep = high_x - low_x + 2 * MARGIN_M, high_y - low_y + 2 * MARGIN_M
    figure_wide, figure_deep = (side * POINTS_PER_IN for side in figure.get_size_inches())
    scale = min(place[2] * figure_wide / wide, place[3] * figure_deep / deep)
    axes = figure.add_axes(place)
    axes.set_xlim(low_x - MARGIN_M, high_x + MARGIN_M)
    axes.set_ylim(low_y - MARGIN_M, high_y + MARGIN_M)
    axes.set_aspect("equal", adjustable="box", anchor="C")
    axes.set_axis_off()
    return Frame(axes, scale)


def polygon(axes: Axes, outline: Outline, **style: object) -> None:
    """Add one closed shape to the axes."""
    axes.add_patch(Polygon(outline, closed=True, **style))


def draw_floor(axes: Axes, plan: FloorPlan, colour: str = FLOOR) -> None:
    """Draw the floor and its outer walls."""
    polygon(axes, plan.outline, facecolor=colour, edgecolor="none", zorder=0)
    polygon(axes, plan.outline, facecolor="none", edgecolor=INK, linewidth=1.4, zorder=6)


def draw_zones(axes: Axes, plan: FloorPlan) -> None:
    """Tint the zones, the larger below the smaller."""
    for number, zone in enumerate(sorted(plan.zones, key=lambda zone: (-zone.area_m2, zone.id))):
        tint = ZONE_TINTS[number % len(ZONE_TINTS)]
        polygon(
            axes,
            zone.outline,
            facecolor=tint,
            edgecolor="#C9C9C9",
            linewidth=0.5,
            linestyle=(0, (4, 3)),
            zorder=1,
        )


def draw_walkways(axes: Axes, plan: FloorPlan) -> None:
    """Hatch closed areas, and put an arrow on those that go one way."""
    for walkway in plan.walkways:
        closed = walkway.direction is None
        polygon(
            axes, walkway.outline, facecolor="none", edgecolor=CLOSED, linewidth=0.6,
            hatch="////" if closed else None, zorder=2,
        )  # fmt: skip
        if walkway.direction is not None:
            _arrow(axes, shapely.Polygon(walkway.outline), walkway.direction)


def _arrow(axes: Axes, area: shapely.Polygon, direction: tuple[float, float]) -> None:
    middle, reach = area.centroid, min(3.0, area.length / 8)
    (x, y), (right, up) = (middle.x, middle.y), direction
    style = {"arrowstyle": "-|>", "color": DOOR, "linewidth": 1.2}
    start, end = (x - right * reach, y - up * reach), (x + right * reach, y + up * reach)
    axes.annotate("", end, start, arrowprops=style, zorder=7)


def kind_fill(fixture: Fixture) -> str:
    """Colour furniture by its kind."""
    return kind_colour(fixture.kind)


def draw_fixtures(axes: Axes, plan: FloorPlan, fill: Fill = kind_fill, line: str = INK) -> None:
    """Draw the furniture; the faces that customers see get a stronger line."""
    fills, outlines = [fill(fixture) for fixture in plan.fixtures], [fixture.outline for fixture in plan.fixtures]
    shapes = PolyCollection(outlines, facecolors=fills, edgecolors=line, linewidths=0.4, zorder=4)
    fronts = LineCollection(list(face_lines(plan.fixtures)), colors=line, linewidths=1.0, capstyle="butt", zorder=5)
    axes.add_collection(shapes, autolim=False)
    axes.add_collection(fronts, autolim=False)


def draw_obstacles(axes: Axes, plan: FloorPlan) -> None:
    """Draw pillars and inner walls."""
    for obstacle in plan.obstacles:
        polygon(axes, obstacle.outline, facecolor=OBSTACLE, edgecolor="none", zorder=4)


def draw_checkouts(axes: Axes, plan: FloorPlan) -> None:
    """Draw the banks of lanes, and where their queue stands as a small triangle pointing at the bank."""
    for checkout in plan.checkouts:
        polygon(axes, checkout.outline, facecolor=CHECKOUT, edgecolor=INK, linewidth=0.5, zorder=4)
        _draw_queue(axes, checkout)


def _draw_queue(axes: Axes, checkout: Checkout) -> None:
    if checkout.queue_at is None or not checkout.outline:
        return
    middle = shapely.Polygon(checkout.outline).centroid
    x, y = checkout.queue_at
    sideways = abs(middle.x - x) > abs(middle.y - y)
    marker = (">" if middle.x > x else "<") if sideways else ("^" if middle.y > y else "v")
    axes.plot([x], [y], marker=marker, color=INK, markersize=3.5, linestyle="none", zorder=6)


def draw_doors(axes: Axes, plan: FloorPlan) -> None:
    """Draw the doors as openings in the nearest wall."""
    wall = shapely.Polygon(plan.outline).exterior
    for door in plan.doors:
        if door.at is not None:
            along = opening(wall, door)
            xs, ys = along.xy
            axes.plot(xs, ys, color=DOOR, linewidth=4.0, solid_capstyle="butt", zorder=8)
