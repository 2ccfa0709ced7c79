"""What a sweep varies, and how its points are chosen."""

from dataclasses import dataclass
from math import prod
from typing import Literal

SweptValue = bool | int | float | str


@dataclass(frozen=True)
class SweptName:
    """One value of the scenario file that a sweep varies."""

    name: str
    """As written: its path, or a parameter's name."""
    at: tuple[str | int, ...]
    """Where it stands in the file: keys, and places in lists from 0."""
    low: float | None
    high: float | None
    """Between which it is varied; None: between its values."""
    values: tuple[SweptValue, ...] = ()
    """Of a grid, in the order written."""


@dataclass(frozen=True)
class Sweep:
    """How the scenario is played again at many points; the same seed, so the same customers, at each."""

    design: Literal["grid", "latin hypercube", "sobol"]
    over: tuple[SweptName, ...]
    size: int
    """Of the design: points of a Latin hypercube, or the base sample of sobol; 1 for a grid."""
    replications: int
    """Replications played of each point, the first ones of the experiment."""

    @property
    def points(self) -> int:
        """How many points there are."""
        if self.design == "grid":
            return prod(len(one.values) for one in self.over)
        return self.size * (len(self.over) + 2) if self.design == "sobol" else self.size
