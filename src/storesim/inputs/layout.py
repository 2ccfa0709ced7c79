"""Layout files into floor plans: whatever is wrong with them is told at once, with its place."""

from collections.abc import Sequence
from pathlib import Path

from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.layout_files import read_chain
from storesim.inputs.layout_judge import judged
from storesim.inputs.layout_layers import Layers, listed
from storesim.inputs.layout_model import GraphLayout, LayoutHead, MeasuredLayout
from storesim.inputs.layout_parts import too_many
from storesim.inputs.mistakes import Mark, Mistakes
from storesim.inputs.yaml_source import Source, validate

_ONLY_MEASURED = (
    "mirror",
    "obstacles",
    "runs",
    "fixtures",
    "walkways",
    "signs",
    "box",
    "outline",
    "at",
    "queue",
    "exit",
)
_NO_GRAPH = dict.fromkeys(("links", "shelves", "area", "zone"), "; it is for plans without a floor, drop it")
_NO_FLOOR = dict.fromkeys(_ONLY_MEASURED, "; it is for plans with a floor, add floor or drop it")


def read_layout(path: Path, mistakes: Mistakes, named_at: Mark | None = None) -> FloorPlan | None:
    """Read a layout with all that it extends; None after adding what is wrong with it.

    `named_at` is where another file names this one. Whether shelves can be reached is not judged here.

    Raises:
        InputError: there are too many mistakes to go on.
    """
    own = Mistakes()
    try:
        plan = _read(path, own, named_at)
    finally:
        mistakes.take_over(own)
    return None if own else plan


def _read(path: Path, mistakes: Mistakes, named_at: Mark | None) -> FloorPlan | None:
    chain = read_chain(path, mistakes, named_at)
    measured = not chain or _is_measured(chain)
    model: type[LayoutHead] = MeasuredLayout if measured else GraphLayout
    for source in chain:
        if too_many(source, mistakes):
            return None
        validate(model, source, mistakes, hints=_NO_GRAPH if measured else _NO_FLOOR)
    if not chain or not all(isinstance(source.data, dict) for source in chain):
        return None
    layers = Layers(mistakes, measured)
    for source in reversed(chain):
        layers.lay(source)
    if chain[-1].has(("extends",)):  # what it extends could not be read: its floor and doors are unknown
        return None
    return judged(layers, chain[0], mistakes)


def _is_measured(chain: Sequence[Source]) -> bool:
    """Whether a plan has a floor; one that lacks it by mistake counts as measured too."""
    if any(source.has(("floor",)) for source in chain):
        return True
    zones = [zone for source in chain for zone in listed(source, "zones")]
    shelves = any(isinstance(zone, dict) and "shelves" in zone for zone in zones)
    return not shelves and not any(source.has(("links",)) for source in chain)
