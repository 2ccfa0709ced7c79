"""Segments against convex polygons, many at once: which touch, and how much of each lies inside."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from storesim.store.floor import Floats, Ints

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
    step = end - start
    for corner, after in zip(piece, np.roll(piece, -1, axis=0), strict=True):
        inward = np.array([corner[1] - after[1], after[0] - corner[0]])
        depth = (start[:, 0] - corner[0]) * inward[0] + (start[:, 1] - corner[1]) * inward[1]
        gain = step[:, 0] * inward[0] + step[:, 1] * inward[1]
        with np.errstate(divide="ignore", invalid="ignore"):
            at = -depth / gain
        np.maximum(enter, at, out=enter, where=gain > 0)
        np.minimum(leave, at, out=leave, where=gain < 0)
        leave[(gain == 0) & (depth < 0)] = -1.0
    return enter, leave


def share_inside(pieces: Iterable[Floats], start: Floats, end: Floats) -> Floats:
    """Return the share of each segment, shape (segments,), inside pieces that do not overlap."""
    share = np.zeros(len(start))
    for piece in pieces:
        near = _near(piece, start, end)
        enter, leave = span_inside(piece, start[near], end[near])
        share[near] += np.maximum(leave - enter, 0.0)
    return np.minimum(share, 1.0)


def touching(pieces: Sequence[Floats], start: Floats, end: Floats) -> Bools:
    """Return which segments touch any of the pieces, shape (segments,)."""
    touched = np.zeros(len(start), dtype=np.bool_)
    left = np.arange(len(start))
    for piece in pieces:
        near = left[_near(piece, start[left], end[left])]
        enter, leave = span_inside(piece, start[near], end[near])
        touched[near[enter <= leave]] = True
        left = left[~touched[left]]
    return touched


def _near(piece: Floats, start: Floats, end: Floats) -> Ints:
    """Return the segments whose bounding box meets that of the piece."""
    (left, low), (right, high) = piece.min(axis=0), piece.max(axis=0)
    apart = (np.maximum(start[:, 0], end[:, 0]) < left) | (np.minimum(start[:, 0], end[:, 0]) > right)
    apart |= (np.maximum(start[:, 1], end[:, 1]) < low) | (np.minimum(start[:, 1], end[:, 1]) > high)
    return np.flatnonzero(~apart)
