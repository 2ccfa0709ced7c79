"""A layout with what stands in it, read without a scenario."""

from dataclasses import dataclass
from pathlib import Path

from storesim.inputs.case import Placement
from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.layout import read_layout
from storesim.inputs.mistakes import Mistakes
from storesim.inputs.planogram import place, read_planogram
from storesim.inputs.shelves import Shelves

PLANOGRAMS = ("planogram_{stem}.csv", "planogram_{stem}.xlsx", "{stem}.csv")
"""Names of a planogram beside the layout STEM.yaml, the first that is there counts."""


@dataclass(frozen=True)
class Stocked:
    """A floor plan and the products on its shelves; None: no planogram was there."""

    plan: FloorPlan
    placements: tuple[Placement, ...] | None


def load_stocked(layout: Path, planogram: Path | None = None) -> Stocked:
    """Read a layout, and its planogram: the one given, or else the one beside it.

    Raises:
        InputError: with all the mistakes in them.
    """
    mistakes = Mistakes()
    plan = read_layout(layout, mistakes)
    file = planogram or planogram_beside(layout)
    rows = read_planogram(file, mistakes) if file else None
    placements = place(rows.rows, Shelves(plan), None, mistakes) if rows and plan else None
    mistakes.raise_if_any()
    if plan is None:
        raise AssertionError("nothing could be read, and no mistake says why")
    return Stocked(plan, placements)


def planogram_beside(layout: Path) -> Path | None:
    """Return the planogram beside a layout, if there is one."""
    if not layout.name:
        return None
    beside = (layout.with_name(name.format(stem=layout.stem)) for name in PLANOGRAMS)
    return next((path for path in beside if path.is_file()), None)
