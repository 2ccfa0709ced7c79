"""A layout with what stands in it, read without a scenario."""

from collections.abc import Iterable
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


def load_stocked(files: Iterable[tuple[Path, Path | None]]) -> list[Stocked]:
    """Read layouts, each with its planogram: the one given, or else the one beside it.

    Raises:
        InputError: with all the mistakes in all of them.
    """
    mistakes = Mistakes()
    found = [_stocked(layout, planogram, mistakes) for layout, planogram in files]
    mistakes.raise_if_any()
    return [one for one in found if one]


def _stocked(layout: Path, planogram: Path | None, mistakes: Mistakes) -> Stocked | None:
    plan = read_layout(layout, mistakes)
    file = planogram or planogram_beside(layout)
    rows = read_planogram(file, mistakes) if file else None
    placements = place(rows.rows, Shelves(plan), None, mistakes) if rows and plan else None
    return Stocked(plan, placements) if plan else None


def planogram_beside(layout: Path) -> Path | None:
    """Return the planogram beside a layout, if there is one."""
    if not layout.name:
        return None
    beside = (layout.with_name(name.format(stem=layout.stem)) for name in PLANOGRAMS)
    return next((path for path in beside if path.is_file()), None)
