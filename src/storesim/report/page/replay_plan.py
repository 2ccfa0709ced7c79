"""The floor under the customers, and how centimetres on it become units of its picture."""

from dataclasses import dataclass
from statistics import fmean

from markupsafe import Markup

from storesim.inputs.floor_plan import FloorPlan
from storesim.report.page.plan_shapes import MARGIN, WIDTH, PlanDrawing, large_first
from storesim.report.page.plan_svg import plan_drawing
from storesim.report.page.svg import joined, path_of, tag

SCHEMATIC_UNITS_PER_CM = 0.1
"""On a plan without measurements a metre of a drawn customer is so many units."""


@dataclass(frozen=True)
class Scale:
    """A spot (x, y) in centimetres, y upwards, lies at (left + per_cm x, top − per_cm y)."""

    left: float
    top: float
    per_cm: float


@dataclass(frozen=True)
class PlanPicture:
    """A plan as the children of an SVG of these units."""

    width: float
    height: float
    shapes: Markup
    scale: Scale


def plan_picture(plan: FloorPlan) -> PlanPicture:
    """Return the picture of a plan: furniture, tills, doors and the zones' names."""
    drawing = plan_drawing(plan)
    zones = [tag("path", class_="r-zone", d=path_of(drawing.zones[row].corners)) for row in large_first(plan)]
    fixtures = [tag("path", class_="r-fixture", d=path_of(shape.corners)) for shape in drawing.fixtures]
    shapes = joined([drawing.floor, *zones, *fixtures, drawing.top, drawing.names])
    return PlanPicture(WIDTH, drawing.height, shapes, _scale(drawing))


def schematic_spots_m(plan: FloorPlan) -> list[tuple[float, float]]:
    """Return the middles of the zones of a plan without measurements, so that they lie on its picture's."""
    per_m = 100 * SCHEMATIC_UNITS_PER_CM
    middles = [tuple(map(fmean, zip(*shape.corners, strict=True))) for shape in plan_drawing(plan).zones]
    return [(x / per_m, -y / per_m) for x, y in middles]


def _scale(drawing: PlanDrawing) -> Scale:
    view = drawing.view
    if view is None:
        return Scale(0.0, 0.0, SCHEMATIC_UNITS_PER_CM)
    return Scale(view.x - view.left_m * view.scale, MARGIN + view.top_m * view.scale, view.scale / 100)
