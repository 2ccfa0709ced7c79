"""What `storesim plot` can draw of a run: each kind of figure in one line of a table."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Literal

from matplotlib.figure import Figure

from storesim.inputs.floor_plan import FloorPlan
from storesim.report.difference_figure import difference_figure
from storesim.report.figure_files import FigureFormat, save
from storesim.report.floor_plan import plan_figure
from storesim.report.flow_figure import dwell_figure, flow_figure
from storesim.report.forest import forest_figure
from storesim.report.funnel_figure import funnel_figure
from storesim.report.heat import HEAT_LOOKS, heat_figure
from storesim.report.promotion_figure import promotion_figure
from storesim.report.queue_figure import queue_figure
from storesim.report.run_directory import RunDirectory
from storesim.report.sweep_figure import effects_figure, sobol_figure
from storesim.report.words import file_name

PlotKind = Literal["heat", "forest", "plan", "flow", "dwell", "difference", "queue", "funnel", "promotion", "sweep"]
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


def flow_figures(run: RunDirectory) -> Named:
    """Yield the streams of customers; none of plans that are not measured."""
    plans = _measured(run)
    if run.flow is not None and plans:
        yield "flow", flow_figure(run.flow, plans)


def dwell_figures(run: RunDirectory) -> Named:
    """Yield where customers stand; none of plans that are not measured."""
    plans = _measured(run)
    if run.flow is not None and plans:
        yield "dwell", dwell_figure(run.flow, plans)


def difference_figures(run: RunDirectory) -> Named:
    """Yield what each variant changes on the floor."""
    plans, baseline = run.plans, run.scenario.baseline
    for variant in plans:
        if variant != baseline and plans[variant].is_schematic == plans[baseline].is_schematic:
            figure = difference_figure((variant, baseline), plans, run.flow, run.zones, run.scenario.currency)
            yield f"difference_{file_name(variant)}", figure


def queue_figures(run: RunDirectory) -> Named:
    """Yield the tills over the day; none without tills."""
    if len(run.checkouts):
        yield "queue", queue_figure(run.checkouts)


def funnel_figures(run: RunDirectory) -> Named:
    """Yield the funnel of all products."""
    yield "funnel", funnel_figure(run.products)


def promotion_figures(run: RunDirectory) -> Named:
    """Yield the promotions taken apart; none without promotions."""
    if run.promotions is not None and len(run.promotions):
        yield "promotion", promotion_figure(run.promotions, run.scenario.currency)


def sweep_figures(run: RunDirectory) -> Named:
    """Yield main effects, and Sobol indices where there are any; none when nothing was swept."""
    levels, effects, baseline = run.sweep_levels, run.sweep_effects, run.scenario.baseline
    if levels is not None and effects is not None and len(effects):
        yield "sweep_effects", effects_figure(levels, effects, baseline)
        if effects["first_order"].notna().any():
            yield "sweep_sobol", sobol_figure(effects, baseline)


def _measured(run: RunDirectory) -> dict[str, FloorPlan]:
    return {variant: plan for variant, plan in run.plans.items() if not plan.is_schematic}


PLOTS: Mapping[PlotKind, Callable[[RunDirectory], Named]] = {
    "heat": heat_figures,
    "forest": forest_figures,
    "plan": plan_figures,
    "flow": flow_figures,
    "dwell": dwell_figures,
    "difference": difference_figures,
    "queue": queue_figures,
    "funnel": funnel_figures,
    "promotion": promotion_figures,
    "sweep": sweep_figures,
}


def write_figures(
    run: RunDirectory, kinds: tuple[PlotKind, ...] = tuple(PLOTS), figure_format: FigureFormat = "png"
) -> list[Path]:
    """Draw some kinds of figures into the run's `figures` folder and return the files."""
    return [
        save(figure, run.path / "figures" / name, figure_format) for kind in kinds for name, figure in PLOTS[kind](run)
    ]
