"""Refuses floors on which something cannot be walked to, before anything is played."""

from collections.abc import Iterable
from pathlib import Path

from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.mistakes import InputError, Mistake
from storesim.inputs.parameters import Parameters
from storesim.store.lint import unreachable


def stranded(path: Path, plans: Iterable[FloorPlan], parameters: Parameters) -> tuple[Mistake, ...]:
    """Return a mistake of the file at `path` for each shelf, door or checkout of its plans that is out of reach."""
    return tuple(
        Mistake(str(path), 1, 1, f"{plan.name}: {sentence}")
        for plan in dict.fromkeys(plans)
        for sentence in unreachable(plan, parameters)
    )


def refuse_stranded(path: Path, plans: Iterable[FloorPlan], parameters: Parameters) -> None:
    """Raise what `stranded` finds.

    Raises:
        InputError: something is out of reach.
    """
    if found := stranded(path, plans, parameters):
        raise InputError(found)
