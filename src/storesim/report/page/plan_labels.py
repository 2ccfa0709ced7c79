"""Names on the page's plans: none under ten units high, none over another, none on furniture."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import shapely
from markupsafe import Markup
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from storesim.report.page.svg import Child, joined, number, tag
from storesim.report.text_size import shortened, text_size_pt

SIZE = 10.0
LINE = 10.5
"""Units from one line of a name to the next."""
GAP_M = 0.1
STEP_M = 0.4
SHORTEST = 4
"""Letters that a cut name keeps at least."""

Spot = tuple[float, float]


@dataclass(frozen=True)
class Place:
    """Where a name stands on the page, and whether it runs upwards."""

    spot: Spot
    upright: bool


@dataclass
class Names:
    """The names of one plan placed so far; `scale` is units a metre."""

    scale: float
    texts: list[Markup] = field(default_factory=list)
    on_floor: list[BaseGeometry] = field(default_factory=list)
    """Boxes taken, in metres."""
    outside: list[BaseGeometry] = field(default_factory=list)
    """Boxes taken outside the walls, in units of the page."""

    @property
    def written(self) -> Markup:
        """The names of zones, as SVG."""
        return joined(self.texts)

    def near(self, name: str, free: BaseGeometry, spot: Callable[[Spot], Spot]) -> Place | None:
        """Write a name on an area's free floor, as near its middle as can be; None where no form of it fits."""
        spots = _spots(free)
        for text in shortened(name):
            for upright in (False, True):
                found = self._first(_boxes(text, upright, self.scale, spots), free) if len(spots) else None
                if found is not None:
                    x, y = spot((float(spots[found][0]), float(spots[found][1])))
                    self.texts.append(written(text, (x, y), upright))
                    return Place((x, y), upright)
        return None

    def at(self, text: str, spot: Spot) -> Markup:
        """Return a text at a spot of the page, or nothing where it would lie over another."""
        wide, high = size_of(text, upright=False)
        box = shapely.box(spot[0] - wide / 2, spot[1] - high / 2, spot[0] + wide / 2, spot[1] + high / 2)
        if any(shapely.intersects(box, other) for other in self.outside):
            return joined([])
        self.outside.append(box)
        return written(text, spot)

    def _first(self, boxes: NDArray[np.object_], free: BaseGeometry) -> int | None:
        """Return the first box that lies on free floor; zones may overlap, so names keep off each other too."""
        for index in np.flatnonzero(shapely.covers(free, boxes)).tolist():
            if not any(shapely.intersects(boxes[index], other) for other in self.on_floor):
                self.on_floor.append(boxes[index])
                return int(index)
        return None


def written(text: str, spot: Spot, upright: bool = False) -> Markup:
    """Return a text of one or two lines about a spot; upright ones run upwards."""
    lines = text.split("\n")
    x, y = spot
    first = y + 0.35 * SIZE - LINE * (len(lines) - 1) / 2
    turn = f"rotate(-90 {number(x)} {number(y)})" if upright else None
    body: list[Child] = (
        [text] if len(lines) == 1 else [tag("tspan", line, x=x, y=first + LINE * i) for i, line in enumerate(lines)]
    )
    return tag("text", *body, class_="p-name", x=x, y=first, transform=turn)


def label(text: str, spot: Spot, widest: float) -> Markup:
    """Return a text at a spot, cut to what `widest` units hold; nothing where that is not worth reading."""
    cut = text
    while text_size_pt(cut, SIZE)[0] > widest and len(cut) > SHORTEST:
        cut = f"{cut.rstrip('…')[:-1].rstrip()}…"
    return written(cut, spot) if text_size_pt(cut, SIZE)[0] <= widest else joined([])


def size_of(text: str, upright: bool) -> tuple[float, float]:
    """Return width and height of a text on the page, after turning."""
    wide = text_size_pt(text, SIZE)[0] if text else 0.0
    high = LINE * len(text.split("\n"))
    return (high, wide) if upright else (wide, high)


def _boxes(text: str, upright: bool, scale: float, spots: NDArray[np.float64]) -> NDArray[np.object_]:
    half = np.array(size_of(text, upright)) / scale / 2 + GAP_M / 2
    low, high = spots - half, spots + half
    boxes: NDArray[np.object_] = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    return boxes


def _spots(free: BaseGeometry) -> NDArray[np.float64]:
    """Return places to try, shape (spots, 2), nearest to the middle first; ties by x, then y."""
    if free.is_empty:
        return np.empty((0, 2))
    shapely.prepare(free)
    left, bottom, right, top = free.bounds
    xs, ys = np.arange(left + STEP_M / 2, right, STEP_M), np.arange(bottom + STEP_M / 2, top, STEP_M)
    spots = np.stack(np.meshgrid(xs, ys, indexing="ij"), axis=-1).reshape(-1, 2)
    spots = spots[shapely.contains_xy(free, spots)]
    middle = np.array([free.centroid.x, free.centroid.y])
    far = np.round(np.hypot(*(spots - middle).T), 6)
    nearest: NDArray[np.float64] = spots[np.lexsort((spots[:, 1], spots[:, 0], far))]
    return nearest
