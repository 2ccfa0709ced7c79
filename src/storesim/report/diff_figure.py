"""Two floor plans side by side, with the furniture marked that does not stand alike on both."""

import shapely
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from storesim.inputs.floor_plan import Fixture, FloorPlan
from storesim.report import drawing, schematic
from storesim.report.colours import INK
from storesim.report.diff import NOTHING, Diff, moved_fixtures
from storesim.report.figure_files import new_figure, styled
from storesim.report.floor_plan import draw_scale_bar, fixture_names
from storesim.report.labels import Labels
from storesim.report.lines import cut

STAYS, RESTOCKED = "#EFEFEF", "#F0E442"
GONE, COME = "#E69F00", "#56B4E9"
"""Okabe and Ito; they also differ by side and by line."""
HEIGHT_IN, WIDTH_IN = 5.6, 11.69
MOST_ARROWS = 20
"""More would hide the plan."""


def diff_figure(found: Diff) -> Figure:
    """Return both plans: on the left what goes, on the right what comes, with where it stood before."""
    before, after = found.sides
    marked = moved_fixtures(before.plan, after.plan)
    restocked = _restocked(found)
    with styled():
        figure = new_figure(WIDTH_IN, HEIGHT_IN)
        for number, side in enumerate(found.sides):
            left = 0.015 + 0.495 * number
            figure.text(left + 0.01, 0.955, cut(side.name, 70), size=12, weight="bold", va="center", parse_math=False)
            place = (left, 0.09, 0.475, 0.83)
            if side.plan.is_schematic:
                schematic.draw(figure.add_axes(place), side.plan)
                continue
            frame = drawing.plan_frame(figure, side.plan, place)
            ours = {name for name, pair in marked.items() if pair[number] is not None}
            _draw_plan(frame, side.plan, ours, (GONE, COME)[number], restocked)
            if number:
                _draw_moves(frame, [pair[0] for pair in marked.values()], list(marked.values()))
            _name(frame, side.plan)
        _legend(figure)
        return figure


def _restocked(found: Diff) -> set[str]:
    """Return the fixtures on which another product stands, or another amount."""
    places = (f"{change.before}, {change.after}" for change in found.products)
    words = (word for place in places for word in place.split(", ") if word != NOTHING)
    return {word.partition("/")[0] for word in words}


def _draw_plan(frame: drawing.Frame, plan: FloorPlan, marked: set[str], colour: str, restocked: set[str]) -> None:
    def fill(fixture: Fixture) -> str:
        return colour if fixture.id in marked else RESTOCKED if fixture.id in restocked else STAYS

    drawing.draw_floor(frame.axes, plan)
    drawing.draw_walkways(frame.axes, plan)
    drawing.draw_fixtures(frame.axes, plan, fill=fill, line="#777777")
    drawing.draw_obstacles(frame.axes, plan)
    drawing.draw_checkouts(frame.axes, plan)
    drawing.draw_doors(frame.axes, plan)
    draw_scale_bar(frame.axes, plan)


def _draw_moves(
    frame: drawing.Frame, gone: list[Fixture | None], pairs: list[tuple[Fixture | None, Fixture | None]]
) -> None:
    """Outline where fixtures stood, and draw arrows from there while they can be told apart."""
    for fixture in gone:
        if fixture and fixture.outline:
            drawing.polygon(
                frame.axes, fixture.outline, facecolor="none", edgecolor=GONE, linewidth=0.9, linestyle=(0, (3, 2)),
                zorder=6,
            )  # fmt: skip
    both = [(old, new) for old, new in pairs if old and new and old.outline and new.outline]
    for old, new in both if len(both) <= MOST_ARROWS else ():
        start, end = (shapely.Polygon(fixture.outline).centroid for fixture in (old, new))
        if start.distance(end) > 0.3:
            arrow = {"arrowstyle": "-|>", "color": INK, "linewidth": 0.9}
            frame.axes.annotate("", (end.x, end.y), (start.x, start.y), arrowprops=arrow, zorder=9)


def _name(frame: drawing.Frame, plan: FloorPlan) -> None:
    labels = Labels(frame.axes, frame.points_per_m)
    for fixture in plan.fixtures:
        labels.inside(fixture_names(fixture), shapely.Polygon(fixture.outline))


def _legend(figure: Figure) -> None:
    dashed = Patch(facecolor="none", edgecolor=GONE, linestyle=(0, (3, 2)), label="stood there")
    filled = ((STAYS, "stands alike"), (RESTOCKED, "other products"), (GONE, "goes or moves"), (COME, "comes or moved"))
    patches = [Patch(facecolor=colour, edgecolor="#777777", linewidth=0.6, label=words) for colour, words in filled]
    figure.legend(handles=[*patches, dashed], loc="lower center", ncols=5, frameon=False, fontsize=8)
