"""Streams of customers along the walkways, and where they stand: drawn to size, not smoothed."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.collections import CircleCollection, LineCollection
from matplotlib.colors import Normalize, PowerNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from storesim.inputs.floor_plan import FloorPlan
from storesim.report import drawing
from storesim.report.colours import FAINT, FLOW_MAP
from storesim.report.drawing import Frame
from storesim.report.figure_files import styled
from storesim.report.heat_drawing import Scale
from storesim.report.heat_values import CELL_M, Floats, cell_of
from storesim.report.panels import bar_rows, colour_bar, draw_panels, page, write_title

Ints = NDArray[np.int64]
STEPS = np.array([(1, 0), (0, 1), (1, 1), (1, -1)])
"""From a cell to four of its neighbours; the other four have it as theirs."""
STRONGEST = 2
"""A cell is joined to so many neighbours, those with the most walks: a stream goes in and out."""
FAINTEST = 0.04
"""Streams below this share of the largest are left out."""
WIDEST_M = 0.6
LEAST_PT = 0.15
CAP = 0.99
"""Quantile that ends the scale: the crowd at one till must not bleach the rest."""
HOUR_S = 3600


@dataclass(frozen=True, eq=False)
class Streams:
    """Walks from cell to neighbouring cell of one variant: the lesser of the two cells' walks through."""

    plan: FloorPlan
    start: Ints
    """Shape (streams, 2): column and row of a cell."""
    end: Ints
    walks: Floats
    """Shape (streams,)."""

    def draw(self, frame: Frame, scale: Scale) -> None:
        """Draw every stream as a line as wide as it is strong, the weak ones below."""
        draw_pale_plan(frame, self.plan)
        order = np.argsort(self.walks, kind="stable")
        lines = np.stack((self.start, self.end), axis=1)[order] * CELL_M + CELL_M / 2
        share = np.asarray(scale.norm(self.walks[order]), dtype=np.float64)
        widths = np.maximum(share * WIDEST_M * frame.points_per_m, LEAST_PT)
        colours = colormaps[scale.map](share)
        streams = LineCollection(list(lines), linewidths=widths, colors=colours, capstyle="round", zorder=3)
        frame.axes.add_collection(streams, autolim=False)


@dataclass(frozen=True, eq=False)
class Stays:
    """Hours stood in each cell of one variant, on a day."""

    plan: FloorPlan
    xy_m: Floats
    """Shape (cells, 2)."""
    hours: Floats

    def draw(self, frame: Frame, scale: Scale) -> None:
        """Draw a disc for every cell, its area the time stood there."""
        draw_pale_plan(frame, self.plan)
        share = np.asarray(scale.norm(self.hours), dtype=np.float64)
        across = 2 * WIDEST_M * frame.points_per_m * np.sqrt(share)
        discs = CircleCollection(
            (np.pi / 4 * across**2).tolist(), offsets=self.xy_m, offset_transform=frame.axes.transData,
            facecolors=colormaps[scale.map](share), edgecolors="white", linewidths=0.2, zorder=6,
        )  # fmt: skip
        frame.axes.add_collection(discs, autolim=False)


def draw_pale_plan(frame: Frame, plan: FloorPlan) -> None:
    """Draw the plan as a background, furniture in light grey."""
    drawing.draw_floor(frame.axes, plan)
    drawing.draw_fixtures(frame.axes, plan, fill=lambda _: "#EDEDED", line="#C4C4C4")
    drawing.draw_obstacles(frame.axes, plan)
    drawing.draw_checkouts(frame.axes, plan)
    drawing.draw_doors(frame.axes, plan)


def streams(flow: pd.DataFrame, plan: FloorPlan) -> Streams:
    """Return the streams of one variant's cells: each is joined to its strongest neighbours, or they to it."""
    cells = cell_of(flow[["x_m", "y_m"]].to_numpy(dtype=np.float64))
    walks = flow["visits"].to_numpy(dtype=np.float64)
    number = {tuple(cell): i for i, cell in enumerate(cells.tolist())}
    pairs = [
        (i, j)
        for step in STEPS.tolist()
        for i, (x, y) in enumerate(cells.tolist())
        if (j := number.get((x + step[0], y + step[1]))) is not None
    ]
    if not pairs:
        return Streams(plan, np.empty((0, 2), np.int64), np.empty((0, 2), np.int64), np.empty(0))
    low, high = np.array(pairs).T
    strength = np.minimum(walks[low], walks[high])
    kept = (_among_strongest(low, high, strength) | _among_strongest(high, low, strength)) & (
        strength >= FAINTEST * strength.max()
    )
    return Streams(plan, cells[low[kept]], cells[high[kept]], strength[kept])


def _among_strongest(cell: Ints, other: Ints, strength: Floats) -> NDArray[np.bool_]:
    """Return which pairs are among the strongest of their first cell, seen from both sides; shape (pairs,)."""
    cells, rows = np.concatenate((cell, other)), np.arange(len(cell))
    order = np.lexsort((np.concatenate((rows, rows)), -np.concatenate((strength, strength)), cells))
    first = np.searchsorted(cells[order], cells[order])
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - first
    return rank[: len(cell)] < STRONGEST


def stays(flow: pd.DataFrame, plan: FloorPlan) -> Stays:
    """Return where customers of one variant stand."""
    stood = flow[flow["dwell_s"] > 0]
    return Stays(plan, stood[["x_m", "y_m"]].to_numpy(dtype=np.float64), stood["dwell_s"].to_numpy() / HOUR_S)


def flow_figure(flow: pd.DataFrame, plans: Mapping[str, FloorPlan]) -> Figure:
    """Return one panel a variant with its streams, on one scale; plans must be measured."""
    found = {name: streams(flow[flow["variant"] == name], plan) for name, plan in plans.items()}
    scale = Scale(FLOW_MAP, _range([one.walks for one in found.values()]))
    note = "Lines join neighbouring squares of half a metre; width and colour: walks a day"
    return _figure("Streams of customers", note, "walks a day", found, scale)


def dwell_figure(flow: pd.DataFrame, plans: Mapping[str, FloorPlan]) -> Figure:
    """Return one panel a variant with the time stood in each place, on one scale; plans must be measured."""
    found = {name: stays(flow[flow["variant"] == name], plan) for name, plan in plans.items()}
    scale = Scale(FLOW_MAP, _range([one.hours for one in found.values()]))
    note = "Discs: hours that all customers of a day stand there, at shelves; area and colour"
    return _figure("Where customers stand", note, "hours a day", found, scale)


def _range(values: list[Floats]) -> Normalize:
    every = np.concatenate(values)
    top = float(np.quantile(every, CAP)) if len(every) else 1.0
    return PowerNorm(1.0, vmin=0.0, vmax=top or 1.0, clip=True)


def _figure(title: str, note: str, unit: str, found: Mapping[str, Streams | Stays], scale: Scale) -> Figure:
    with styled():
        figure, places = page(len(found), 0)
        write_title(figure, title)
        figure.text(0.03, 0.06 / figure.get_figheight(), note, size=6.5, color=FAINT)
        draw_panels(figure, places, [(name, one.plan, one.draw, scale) for name, one in found.items()])
        colour_bar(figure, scale, unit, bar_rows(places, len(found), first=True))
        return figure
