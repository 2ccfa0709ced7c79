"""A plan without measurements as a picture: zones as nodes, the ways between them with their metres."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import hypot

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from storesim.inputs.floor_plan import FloorPlan, Link
from storesim.report.colours import DOOR, FAINT, INK
from storesim.report.drawing import Frame
from storesim.report.geometry import Spot, zone_places

MOST_NAMES = 4
LABEL_PLACES = (0.5, 0.4, 0.6, 0.3, 0.7)
NODE_FILL = "#EAF3F8"
ARROW_GAP_PT = 24
SIZE_PT = 7.0


@dataclass(frozen=True)
class ZoneLook:
    """How one zone is shown when it stands for a value: what is written below its name, on which colour."""

    words: str
    fill: str
    ink: str


def frame(figure: Figure, place: tuple[float, float, float, float]) -> Frame:
    """Return axes for a schematic plan inside `place`; there is no scale."""
    return Frame(figure.add_axes(place), 1.0)


def draw(axes: Axes, plan: FloorPlan, looks: Sequence[ZoneLook] | None = None) -> None:
    """Draw the zones where the lengths of the links put them best; positions are not measured.

    `looks`: one a zone in the plan's order; None: zones list what stands in them.
    """
    places = zone_places(plan)
    axes.set_xlim(-1.25, 1.25)
    axes.set_ylim(-1.2, 1.2)
    axes.set_axis_off()
    for link in plan.links:
        _draw_link(axes, link, places)
    for number, zone in enumerate(plan.zones):
        look = looks[number] if looks else ZoneLook(_things(plan, zone.id), NODE_FILL, INK)
        _draw_zone(axes, places[zone.id], f"{zone.name}\n{look.words}".strip(), look)
    axes.text(-1.2, -1.18, "From links, not to scale.", size=SIZE_PT - 0.5, color=FAINT)


def _draw_zone(axes: Axes, place: Spot, text: str, look: ZoneLook) -> None:
    box = {"boxstyle": "round,pad=0.5", "facecolor": look.fill, "edgecolor": INK, "linewidth": 0.6}
    axes.text(
        *place,
        text,
        size=SIZE_PT,
        color=look.ink,
        ha="center",
        va="center",
        bbox=box,
        zorder=4,
        parse_math=False,
    )


def _draw_link(axes: Axes, link: Link, places: dict[str, Spot]) -> None:
    start, end = places[link.start], places[link.end]
    arrow = {
        "arrowstyle": "-|>" if link.one_way else "-", "color": INK, "linewidth": 0.9,
        "shrinkB": ARROW_GAP_PT if link.one_way else 0,
    }  # fmt: skip
    axes.annotate("", end, start, arrowprops=arrow, zorder=1)
    middle = _clear_of_zones(start, end, places.values())
    behind = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
    axes.text(
        *middle,
        f"{link.metres:g} m",
        size=SIZE_PT - 1,
        color=DOOR,
        ha="center",
        va="center",
        bbox=behind,
        zorder=2,
    )


def _clear_of_zones(start: Spot, end: Spot, zones: Collection[Spot]) -> Spot:
    """Return the place on a link, near its middle, that is farthest from any zone's box (flat and wide)."""

    def room(spot: Spot) -> float:
        return min(hypot((spot[0] - x) / 2, spot[1] - y) for x, y in zones)

    spots = [tuple(a + share * (b - a) for a, b in zip(start, end, strict=True)) for share in LABEL_PLACES]
    return max(((x, y) for x, y in spots), key=room)


def _things(plan: FloorPlan, zone: str) -> str:
    things = [door.id for door in plan.doors if door.zone == zone]
    things += [fixture.id for fixture in plan.fixtures if fixture.zone == zone]
    things += [checkout.id for checkout in plan.checkouts if checkout.zone == zone]
    more = f", … ({len(things)})" if len(things) > MOST_NAMES else ""
    return f"{', '.join(things[:MOST_NAMES])}{more}"
