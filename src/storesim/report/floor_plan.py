"""The floor plan as a figure: furniture by kind, zones, tills and doors with their names, to scale."""

from collections.abc import Iterable

import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from storesim.inputs.floor_plan import Checkout, Fixture, FloorPlan
from storesim.report import drawing, schematic
from storesim.report.colours import DOOR, FAINT, INK, kind_colour
from storesim.report.drawing import Frame
from storesim.report.figure_files import new_figure, styled
from storesim.report.geometry import furniture
from storesim.report.labels import Labels
from storesim.report.text_size import shortened

PLAN_PLACE = (0.02, 0.075, 0.96, 0.865)
BAR_LENGTHS_M = (1, 2, 5, 10, 20, 50, 100)
ENTRANCE_WORDS = {"in": "in", "out": "out", "both": "in and out"}


def plan_figure(plan: FloorPlan) -> Figure:
    """Return the plan on one A4 page, landscape; a schematic plan as a graph of its zones."""
    with styled():
        figure = new_figure()
        figure.text(0.03, 0.965, plan.name, size=13, weight="bold", va="center", parse_math=False)
        if plan.is_schematic:
            schematic.draw(figure.add_axes(PLAN_PLACE), plan)
            return figure
        frame = drawing.plan_frame(figure, plan, PLAN_PLACE)
        draw_named_plan(frame, plan)
        figure.text(0.97, 0.965, _size_words(plan), size=8, color=FAINT, ha="right", va="center")
        _draw_legend(figure, plan.fixtures)
        return figure


def draw_named_plan(frame: Frame, plan: FloorPlan) -> None:
    """Draw everything on a measured plan, then its names: furniture first, zones where floor is left."""
    axes = frame.axes
    drawing.draw_floor(axes, plan)
    drawing.draw_zones(axes, plan)
    drawing.draw_walkways(axes, plan)
    drawing.draw_fixtures(axes, plan)
    drawing.draw_obstacles(axes, plan)
    drawing.draw_checkouts(axes, plan)
    drawing.draw_doors(axes, plan)
    draw_scale_bar(axes, plan)
    write_names(Labels(axes, frame.points_per_m), plan)


def write_names(labels: Labels, plan: FloorPlan) -> None:
    """Name doors, furniture, tills and zones; what does not fit is shortened or left out."""
    _name_doors(labels, plan)
    for fixture in plan.fixtures:
        labels.inside(fixture_names(fixture), shapely.Polygon(fixture.outline))
    for checkout in plan.checkouts:
        labels.inside(checkout_names(checkout), shapely.Polygon(checkout.outline))
    standing, floor = furniture(plan), shapely.Polygon(plan.outline)
    for zone in sorted(plan.zones, key=lambda zone: (zone.area_m2, zone.id)):
        area = shapely.Polygon(zone.outline).intersection(floor)
        labels.near(shortened(zone.name), area, standing, colour="#3A4A5A")


def fixture_names(fixture: Fixture) -> tuple[str, ...]:
    """Return a fixture's name and, for one like 'G2-north', its last part, which its neighbour explains."""
    tail = fixture.id.rpartition("-")[2]
    return (fixture.id,) if tail == fixture.id else (fixture.id, tail)


def checkout_names(checkout: Checkout) -> tuple[str, ...]:
    """Return the forms of a bank's label, with its number of lanes."""
    lanes = f"{checkout.lanes} lane{'s' if checkout.lanes != 1 else ''}"
    return (f"{checkout.id}, {lanes}", f"{checkout.id}\n{lanes}", checkout.id)


def _name_doors(labels: Labels, plan: FloorPlan) -> None:
    floor = shapely.Polygon(plan.outline)
    low_x, low_y, high_x, high_y = floor.bounds
    for door in plan.doors:
        if door.at is None:
            continue
        x, y = door.at
        outwards = {"left": x - low_x, "right": high_x - x, "below": y - low_y, "above": high_y - y}
        side = min(outwards, key=lambda name: outwards[name])
        text = f"{door.id} ({ENTRANCE_WORDS[door.way]})"
        if side in ("below", "above"):
            labels.at(text, x, low_y - 0.75 if side == "below" else high_y + 0.75, colour=DOOR)
        else:
            box = shapely.box(-0.6, -6, 0.6, 6)
            centre = low_x - 0.75 if side == "left" else high_x + 0.75
            labels.inside((text, door.id), shapely.affinity.translate(box, centre, y), colour=DOOR)


def draw_scale_bar(axes: Axes, plan: FloorPlan) -> None:
    """Draw a bar of a round number of metres below the plan's left corner."""
    low_x, low_y, high_x, _ = shapely.Polygon(plan.outline).bounds
    length = max((m for m in BAR_LENGTHS_M if m <= (high_x - low_x) / 4), default=1)
    y = low_y - 0.9
    for start, colour in ((0.0, INK), (0.5, "white")):
        ends = [low_x + start * length, low_x + (start + 0.5) * length]
        axes.plot(ends, [y, y], color=INK, linewidth=4, solid_capstyle="butt", zorder=8)
        axes.plot(ends, [y, y], color=colour, linewidth=2.6, solid_capstyle="butt", zorder=8)
    axes.text(low_x + length + 0.3, y, f"{length} m", size=7, va="center", zorder=8)


def _size_words(plan: FloorPlan) -> str:
    floor = shapely.Polygon(plan.outline)
    shelf_m = sum(bay.width_m for fixture in plan.fixtures for face in fixture.faces for bay in face.bays)
    return f"{floor.area:,.0f} m² · {len(plan.fixtures)} fixtures · {shelf_m:,.0f} m of shelf front"


def _draw_legend(figure: Figure, fixtures: Iterable[Fixture]) -> None:
    kinds = sorted({fixture.kind for fixture in fixtures})
    patches = [
        Patch(facecolor=kind_colour(kind), edgecolor=INK, linewidth=0.4, label=kind.replace("_", " ")) for kind in kinds
    ]
    if patches:
        figure.legend(
            handles=patches, loc="lower center", ncols=len(patches), frameon=False, fontsize=7.5,
            handlelength=1.2, columnspacing=1.4, bbox_to_anchor=(0.5, 0.012),
        )  # fmt: skip
