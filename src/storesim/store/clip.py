"""Segments against convex polygons, many at once: which touch, and how much of each lies inside."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from storesim.store.floor import Floats

Bools = NDArray[np.bool_]


def convex_pieces(shape: Any) -> list[Floats]:
    """Return convex polygons, shapes (corners, 2), counter-clockwise, that together cover a shapely area."""
    pieces: list[Floats] = []
    for polygon in shapely.get_parts(shape):
        if polygon.geom_type != "Polygon" or polygon.area < 1e-12:
            continue
        if polygon.convex_hull.area - polygon.area < 1e-9:
            pieces.append(_corners(polygon.convex_hull))
        else:
            pieces += [_corners(part) for part in shapely.get_parts(shapely.constrained_delaunay_triangles(polygon))]
    return pieces


def _corners(polygon: Any) -> Floats:
    ring = shapely.get_coordinates(shapely.orient_polygons(polygon))
    return np.asarray(ring[:-1], dtype=np.float64)


def span_inside(piece: Floats, start: Floats, end: Floats) -> tuple[Floats, Floats]:
    """Return (from, to), shapes (segments,): the shares of each segment between which it is inside the piece.

    The border counts as inside; from > to where a segment misses the piece (Cyrus-Beck clipping).
    """
    enter, leave = np.zeros(len(start)), np.ones(len(start))
    (x, y), (step_x, step_y) = start.T, (end - start).T
    corners = piece.tolist()
    with np.errstate(divide="ignore", invalid="ignore"):
        for (corner_x, corner_y), (after_x, after_y) in zip(corners, corners[1:] + corners[:1], strict=True):
            inward_x, inward_y = corner_y - after_y, after_x - corner_x
            depth = (x - corner_x) * inward_x + (y - corner_y) * inward_y
            gain = step_x * inward_x + step_y * inward_y
            at = -depth / gain
            np.maximum(enter, at, out=enter, where=gain > 0)
            np.minimum(leave, at, out=leave, where=gain < 0)
            leave[(gain == 0) & (depth < 0)] = -1.0
    return enter, leave


def share_inside(pieces: Iterable[Floats], start: Floats, end: Floats) -> Floats:
    """Return the share of each segment, shape (segments,), inside pieces that do not overlap."""
    share, boxes = np.zeros(len(start)), _boxes(start, end)
    for piece in pieces:
        near = np.flatnonzero(_meets(piece, boxes))
        enter, leave = span_inside(piece, start[near], end[near])
        share[near] += np.maximum(leave - enter, 0.0)
    return np.minimum(share, 1.0)


def touching(pieces: Sequence[Floats], start: Floats, end: Floats) -> Bools:
    """Return which segments touch any of the pieces, shape (segments,)."""
    touched = np.zeros(len(start), dtype=np.bool_)
    boxes = _boxes(start, end)
    for piece in pieces:
        near = np.flatnonzero(_meets(piece, boxes) & ~touched)
        enter, leave = span_inside(piece, start[near], end[near])
        touched[near[enter <= leave]] = True
    return touched


def _boxes(start: Floats, end: Floats) -> tuple[Floats, Floats]:
    """Return the lowest and the highest corner of the box round each segment, shapes (2, segments)."""
    return np.minimum(start.T, end.T), np.maximum(start.T, end.T)


def _meets(piece: Floats, boxes: tuple[Floats, Floats]) -> Bools:
    """Return which boxes meet that of the piece, shape (segments,)."""
    (lows, highs), (left, low), (right, high) = boxes, piece.min(axis=0), piece.max(axis=0)
    return np.asarray((highs[0] >= left) & (lows[0] <= right) & (highs[1] >= low) & (lows[1] <= high))
