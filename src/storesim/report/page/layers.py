"""What the page's floor plans show, layer by layer: values of cells, zones or fixtures, and what changed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from storesim.inputs.floor_plan import FloorPlan, Outline
from storesim.report.heat_values import HeatValues, floor_values, zone_values
from storesim.report.page.grid import Grid, grouped
from storesim.report.page.ramp import Ramp, change_ramp, ramp_of
from storesim.report.run_directory import RunDirectory

Floats = NDArray[np.float64]
Thing = Literal["cell", "zone", "fixture"]


@dataclass(frozen=True)
class Look:
    """One layer: what it is called, what its values belong to, and their unit ({currency} is filled in)."""

    id: str
    title: str
    thing: Thing
    unit: str
    note: str
    share: bool = False
    """Whether values are shares, written as percentages."""


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer of all variants, on one colour scale; all tuples are in the variants' order, the baseline first."""

    look: Look
    values: tuple[HeatValues, ...]
    """`values` of shape (cells,), (zones,) or (fixtures,), nan where nothing is known."""
    changes: tuple[HeatValues | None, ...]
    """Differences to the baseline, nan where the baseline has nothing at that place; None for the baseline."""

    @cached_property
    def ramp(self) -> Ramp:
        """The colours of the values."""
        return ramp_of(_all(self.values))

    @cached_property
    def change_ramp(self) -> Ramp:
        """The colours of the differences."""
        return change_ramp(_all(self.changes))


Values = Callable[[RunDirectory, str, FloorPlan], Floats]

CELLS = "Squares of 0.5 m, smoothed; without the way from the tills to the door."
FUNNEL = "Had it in view: passed within sight of any of its shelves."
LOOKS = (
    Look("visits", "Visits", "cell", "walks a day through each square", CELLS),
    Look("dwell", "Dwell", "cell", "seconds a day stood at shelves in each square", CELLS),
    Look("sales", "Sales per m²", "zone", "{currency} per m² a day", "What customers took in each zone and paid."),
    Look("exposure", "Exposure", "fixture", "customers a day who had the fixture in view", FUNNEL),
    Look("conversion", "Conversion", "fixture", "bought from it, of those who had it in view", FUNNEL, share=True),
)
BY_ZONE = {
    "visits": Look("visits", "Visits", "zone", "customers a day", "Customers who came into each zone."),
    "dwell": Look("dwell", "Dwell", "zone", "seconds a customer", "Time at shelves in each zone, per customer."),
}
"""What takes the place of squares where a plan has no measurements, or a run no flow.csv."""
CELL_COLUMNS = {"visits": "visits", "dwell": "dwell_s"}
ZONE_COLUMNS = {"visits": "visits", "dwell": "dwell_s", "sales": "sales_per_m2"}


def layers(run: RunDirectory) -> tuple[Layer, ...]:
    """Return all layers of a run; those of fixtures only where the run counted at fixtures."""
    fine = run.flow is not None and not any(plan.is_schematic for plan in run.plans.values())
    looks = [look if fine or look.thing != "cell" else BY_ZONE[look.id] for look in LOOKS]
    counted = {"passed", "bought"} <= set(run.fixtures.columns)
    return tuple(_layer(run, look) for look in looks if look.thing != "fixture" or counted)


def _layer(run: RunDirectory, look: Look) -> Layer:
    values = tuple(_values(run, variant, plan, look) for variant, plan in run.plans.items())
    changes = (None, *(_change(one, values[0], look.thing) for one in values[1:]))
    return Layer(look, values, changes)


def _values(run: RunDirectory, variant: str, plan: FloorPlan, look: Look) -> HeatValues:
    if look.thing == "cell" and run.flow is not None:
        return floor_values(run.flow[run.flow["variant"] == variant], CELL_COLUMNS[look.id], plan)
    if look.thing == "zone":
        return zone_values(run.zones[run.zones["variant"] == variant], ZONE_COLUMNS[look.id], plan)
    rows = run.fixtures[run.fixtures["variant"] == variant].set_index("fixture")
    rows = rows.reindex([fixture.id for fixture in plan.fixtures])
    passed, bought = (rows[name].to_numpy(dtype=np.float64) for name in ("passed", "bought"))
    return HeatValues(plan, passed if look.id == "exposure" else ratio(bought, passed))


def ratio(part: Floats, whole: Floats) -> Floats:
    """Return part ÷ whole; nan where the whole is 0 or unknown."""
    return np.asarray(np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0))


def _change(values: HeatValues, base: HeatValues, thing: Thing) -> HeatValues:
    """Return the difference on shared geometry: the same square, or the same zone or fixture at the same place."""
    if thing == "cell":
        return values.minus(base)
    match = shared(_outlines(values.plan, thing), _outlines(base.plan, thing))
    theirs = np.array([np.nan if row is None else base.values[row] for row in match], dtype=np.float64)
    return HeatValues(values.plan, values.values - theirs, is_change=True)


def shared(mine: Sequence[tuple[str, Outline]], theirs: Sequence[tuple[str, Outline]]) -> list[int | None]:
    """Return where each thing stands in the other plan's list; None unless name and place are the same there."""
    rows = {(name, _rounded(outline)): row for row, (name, outline) in enumerate(theirs)}
    return [rows.get((name, _rounded(outline))) for name, outline in mine]


def shared_things(plan: FloorPlan, base: FloorPlan, thing: Thing) -> list[int | None]:
    """Return the row in the baseline's plan of each zone or fixture that stands at the same place in both."""
    return shared(_outlines(plan, thing), _outlines(base, thing))


def _outlines(plan: FloorPlan, thing: Thing) -> list[tuple[str, Outline]]:
    things = plan.zones if thing == "zone" else plan.fixtures
    return [(one.id, one.outline) for one in things]


def _rounded(outline: Outline) -> tuple[tuple[float, float], ...]:
    """Return corners to the millimetre: moving a thing there and back may leave a trace."""
    return tuple((round(x, 3) + 0.0, round(y, 3) + 0.0) for x, y in outline)


def _all(values: Iterable[HeatValues | None]) -> Floats:
    each = [one.values for one in values if one is not None]
    return np.concatenate(each) if each else np.empty(0)


def departments(run: RunDirectory, column: str) -> Grid:
    """Return a column of products.csv summed by department."""
    department = {product.id: product.department for product in run.scenario.products}
    return grouped(run.products, department, "product", column, list(run.plans))
