"""Names on a plan that never lie over each other: shortened, turned, made smaller or left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import shapely
from matplotlib.axes import Axes
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from storesim.report.colours import INK
from storesim.report.text_size import text_size_pt

GAP_M = 0.12
"""Least distance between a label and what it keeps off, metres."""
FIXTURE_SIZES_PT = (7.0, 6.0, 5.0)
ZONE_SIZES_PT = (9.0, 8.0, 7.0, 6.0)
SEARCH_STEP_M = 0.4


@dataclass(frozen=True)
class Fit:
    """A text in the form in which it fits: words, size, and whether it runs upwards."""

    text: str
    size_pt: float
    upright: bool
    width_m: float
    height_m: float
    """Box on the plan, after turning."""


def forms(texts: Iterable[str], sizes_pt: Iterable[float], points_per_m: float, upright: bool) -> Iterator[Fit]:
    """Yield a label's forms, best first: whole before shortened, large before small."""
    sizes = tuple(sizes_pt)
    for text in texts:
        for size in sizes:
            width, height = (side / points_per_m for side in text_size_pt(text, size))
            yield Fit(text, size, upright, *((height, width) if upright else (width, height)))


@dataclass
class Labels:
    """The labels of one plan: those placed so far, and what they must keep off."""

    axes: Axes
    points_per_m: float
    taken: list[BaseGeometry] = field(default_factory=list)

    def inside(self, texts: Iterable[str], shape: BaseGeometry, *, colour: str = INK, whole: bool = False) -> bool:
        """Write a label inside a shape (its own furniture) when some form fits; return whether one did.

        `whole`: keep off nothing but other labels, for texts that name what they cover.
        """
        left, bottom, right, top = shape.bounds
        wide, deep = right - left, top - bottom
        along = (True, False) if deep > 1.5 * wide else (False, True)
        centre = shape.representative_point() if not whole else shape.centroid
        for text in texts:
            for upright in along:
                for fit in forms((text,), FIXTURE_SIZES_PT, self.points_per_m, upright):
                    if fit.width_m <= wide and fit.height_m <= deep and self._free(fit, centre.x, centre.y):
                        self._write(fit, centre.x, centre.y, colour)
                        return True
        return False

    def near(self, texts: Iterable[str], area: BaseGeometry, obstacles: BaseGeometry, *, colour: str = INK) -> bool:
        """Write a label on the free floor of an area, as near its middle as can be; say whether it fitted."""
        free = area.difference(obstacles)
        spots = _spots(area, free)
        for text in texts:
            for upright in (False, True):
                for fit in forms((text,), ZONE_SIZES_PT, self.points_per_m, upright):
                    place = self._first_place(fit, spots, free)
                    if place is not None:
                        self._write(fit, *place, colour)
                        return True
        return False

    def at(
        self,
        text: str,
        x: float,
        y: float,
        *,
        size_pt: float = 7.0,
        colour: str = INK,
        background: str | None = None,
    ) -> bool:
        """Write a label at a point unless it would lie over another; return whether it was written."""
        fit = next(forms((text,), (size_pt,), self.points_per_m, False))
        if not self._free(fit, x, y):
            return False
        self._write(fit, x, y, colour, background)
        return True

    def _first_place(self, fit: Fit, spots: NDArray[np.float64], free: BaseGeometry) -> tuple[float, float] | None:
        if not len(spots):
            return None
        boxes = _boxes(fit, spots)
        good = shapely.covers(free, boxes)
        for x, y in spots[good]:
            if self._free(fit, x, y):
                return float(x), float(y)
        return None

    def _free(self, fit: Fit, x: float, y: float) -> bool:
        box = _boxes(fit, np.array([[x, y]]))[0]
        return not any(shapely.intersects(box, other) for other in self.taken)

    def _write(self, fit: Fit, x: float, y: float, colour: str, background: str | None = None) -> None:
        behind = {"facecolor": background, "edgecolor": "none", "pad": 0.6} if background else None
        self.taken.append(_boxes(fit, np.array([[x, y]]))[0])
        self.axes.text(
            x, y, fit.text, size=fit.size_pt, rotation=90 if fit.upright else 0, color=colour,
            ha="center", va="center", linespacing=1.05, zorder=9, parse_math=False, bbox=behind,
        )  # fmt: skip


def _boxes(fit: Fit, spots: NDArray[np.float64]) -> NDArray[np.object_]:
    half = np.array([fit.width_m, fit.height_m]) / 2 + GAP_M / 2
    low, high = spots - half, spots + half
    boxes: NDArray[np.object_] = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    return boxes


def _spots(area: BaseGeometry, free: BaseGeometry) -> NDArray[np.float64]:
    """Return places to try, shape (spots, 2), nearest to the area's middle first; ties by x, then y."""
    shapely.prepare(free)
    left, bottom, right, top = area.bounds
    xs = np.arange(left + SEARCH_STEP_M / 2, right, SEARCH_STEP_M)
    ys = np.arange(bottom + SEARCH_STEP_M / 2, top, SEARCH_STEP_M)
    spots = np.stack(np.meshgrid(xs, ys, indexing="ij"), axis=-1).reshape(-1, 2)
    spots = spots[shapely.contains_xy(free, spots)]
    middle = np.array([area.centroid.x, area.centroid.y])
    far = np.round(np.hypot(*(spots - middle).T), 6)
    nearest: NDArray[np.float64] = spots[np.lexsort((spots[:, 1], spots[:, 0], far))]
    return nearest
