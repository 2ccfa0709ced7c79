"""Plans side by side on one page: where each stands, and the colour bars that they share."""

from collections.abc import Callable, Sequence
from math import ceil

from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from storesim.inputs.floor_plan import FloorPlan
from storesim.report import drawing, schematic
from storesim.report.colours import FAINT
from storesim.report.drawing import Frame
from storesim.report.figure_files import new_figure
from storesim.report.heat_drawing import Scale

COLUMNS = 3
WIDTH_IN = 8.27
ROW_IN = 2.0
TOP_IN = 0.6
BOTTOM_IN = 0.2
BAR_SHARE = 0.11
"""Width kept at the right for the colour bars."""
TICKS = 3
"""Few: on a bar of half a row they must not touch."""
LABEL_PT = 11.0
"""Room that a tick's label takes along the bar."""

Place = tuple[float, float, float, float]
"""Left, bottom, width and height in shares of the figure."""


Panel = tuple[str, FloorPlan, Callable[[Frame, Scale], None], Scale]
"""Title, plan, what paints it, and in which colours."""


def write_title(figure: Figure, title: str, note: str = "") -> None:
    """Write the title of a page at its top left, and a note at its right."""
    y = 1 - 0.3 / figure.get_figheight()
    figure.text(0.03, y, title, size=13, weight="bold", va="center", parse_math=False)
    figure.text(0.97, y, note, size=7, color=FAINT, ha="right", va="center", parse_math=False)


def page(variants: int, changes: int) -> tuple[Figure, list[Place]]:
    """Return an empty page and the places of its panels; differences start a row unless all fit in one."""
    one_row = variants + changes <= COLUMNS
    heat_rows, change_rows = ceil(variants / COLUMNS), ceil(changes / COLUMNS)
    rows = 1 if one_row else heat_rows + change_rows
    columns = variants + changes if one_row else min(COLUMNS, variants)
    row_in = ROW_IN if columns == COLUMNS else 1.4 * ROW_IN
    height = TOP_IN + BOTTOM_IN + rows * row_in
    slots = list(range(variants + changes))
    if not one_row:
        slots = [*range(variants), *(heat_rows * columns + number for number in range(changes))]
    wide, deep = (1 - BAR_SHARE - 0.03) / columns, row_in / height
    top = 1 - 0.9 * TOP_IN / height
    places = [(0.02 + wide * (slot % columns), top - deep * (slot // columns + 1), wide, deep) for slot in slots]
    return new_figure(WIDTH_IN, height), places


def draw_panels(figure: Figure, places: Sequence[Place], panels: Sequence[Panel]) -> None:
    """Draw every plan in its place, under its title."""
    for (left, bottom, wide, deep), (title, plan, paint, scale) in zip(places, panels, strict=True):
        place = (left, bottom, wide - 0.01, deep * 0.9)
        frame = schematic.frame(figure, place) if plan.is_schematic else drawing.plan_frame(figure, plan, place)
        paint(frame, scale)
        frame.axes.set_title(title, fontsize=8, parse_math=False)


def bar_rows(places: Sequence[Place], variants: int, *, first: bool) -> tuple[float, float]:
    """Return bottom and top of the rows a colour bar stands beside; halves of the row when both share one."""
    if places[0][1] == places[-1][1] and len(places) > variants:
        bottom, deep = places[0][1], places[0][3] / 2
        return (bottom + deep, bottom + 2 * deep) if first else (bottom, bottom + deep)
    chosen = places[:variants] if first else places[variants:]
    return chosen[-1][1], chosen[0][1] + chosen[0][3]


def colour_bar(figure: Figure, scale: Scale, unit: str, rows: tuple[float, float], *, both: bool = False) -> None:
    """Draw the bar of a scale at the right, between the bottom and the top of some rows."""
    bottom, top = rows
    axes = figure.add_axes((1 - BAR_SHARE + 0.005, bottom + 0.1 * (top - bottom), 0.012, 0.72 * (top - bottom)))
    colours = ScalarMappable(scale.norm, scale.map)
    height_pt = 0.72 * (top - bottom) * figure.get_figheight() * 72
    bar = figure.colorbar(colours, cax=axes, extend="both" if both else "max", ticks=_apart(scale.norm, height_pt))
    bar.set_label(unit, fontsize=6.5)
    bar.ax.tick_params(labelsize=6.5, color=FAINT)


def _apart(norm: Normalize, height_pt: float) -> list[float]:
    """Return round values for the ticks of a bar, from the low end, none so near the last that labels would touch."""
    low, high = float(norm.vmin or 0.0), float(norm.vmax or 1.0)
    kept: list[float] = []
    for value in MaxNLocator(TICKS).tick_values(low, high):
        inside = low <= value <= high
        if inside and (not kept or float(norm(value) - norm(kept[-1])) * height_pt >= LABEL_PT):
            kept.append(float(value))
    return kept
