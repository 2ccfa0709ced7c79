"""What `storesim plot` can draw of a run: each kind of figure in one line of a table."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Literal

from matplotlib.figure import Figure

from storesim.report.figure_files import FigureFormat, save
from storesim.report.floor_plan import plan_figure
from storesim.report.forest import forest_figure
from storesim.report.heat import HEAT_LOOKS, heat_figure
from storesim.report.run_directory import RunDirectory
from storesim.report.words import file_name

PlotKind = Literal["heat", "forest", "plan"]
Named = Iterator[tuple[str, Figure]]
"""Figures with the names of their files."""


def heat_figures(run: RunDirectory) -> Named:
    """Yield a heat map of each kind."""
    for kind in HEAT_LOOKS:
        yield f"heat_{kind}", heat_figure(kind, run.plans, run.zones, run.flow, run.scenario.currency)


def forest_figures(run: RunDirectory) -> Named:
    """Yield the forest plot; none when there is no variant to compare."""
    if len(run.scenario.cases) > 1:
        yield "forest", forest_figure(run.summary, run.scenario.baseline)


def plan_figures(run: RunDirectory) -> Named:
    """Yield each floor plan of the run once, however many variants share it."""
    drawn = []
    for variant, plan in run.plans.items():
        if plan not in drawn:
            drawn.append(plan)
            yield f"plan_{file_name(variant)}", plan_figure(plan)


PLOTS: Mapping[PlotKind, Callable[[RunDirectory], Named]] = {
    "heat": heat_figures,
    "forest": forest_figures,
    "plan": plan_figures,
}


def write_figures(
    run: RunDirectory, kinds: tuple[PlotKind, ...] = tuple(PLOTS), figure_format: FigureFormat = "png"
) -> list[Path]:
    """Draw some kinds of figures into the run's `figures` folder and return the files."""
    return [
        save(figure, run.path / "figures" / name, figure_format) for kind in kinds for name, figure in PLOTS[kind](run)
    ]
