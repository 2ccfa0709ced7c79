"""The walking parameters that recorded trips can tell, and how far each is tried."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.inputs.parameters import Parameters, provenance

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Knob:
    """A parameter that is fitted; its place between `low` and `high` runs from 0 to 1."""

    name: str
    low: float
    high: float
    by_factors: bool = False
    """Equal steps of the place are equal factors of the value, not equal differences."""

    @property
    def assumed_half_width(self) -> float:
        """Half of the range that the parameter is assumed to lie in."""
        known = provenance(self.name)
        return ((known.high or 0.0) - (known.low or 0.0)) / 2

    def value(self, place: float) -> float:
        """Return the value at a place."""
        if self.by_factors:
            return float(self.low * (self.high / self.low) ** place)
        return float(self.low + place * (self.high - self.low))

    def place(self, value: float) -> float:
        """Return the place of a value."""
        if self.by_factors:
            return float(np.log(value / self.low) / np.log(self.high / self.low))
        return (value - self.low) / (self.high - self.low)


KNOBS = (
    Knob("habit_sigma", 0.05, 1.0),
    Knob("perimeter_pull", 0.3, 1.0),
    Knob("order_theta", 0.5, 6.0, by_factors=True),
    Knob("wander_p", 0.0, 0.8),
)
"""The first two are built into a floor."""
OF_FLOORS = 2


def values(places: Floats) -> Floats:
    """Return the parameters at places in the unit cube, both of shape (knobs,)."""
    return np.array([knob.value(place) for knob, place in zip(KNOBS, places, strict=True)])


def own_places(parameters: Parameters) -> Floats:
    """Return where a scenario's own parameters lie in the unit cube; beyond it where nothing like them is tried."""
    return np.array([knob.place(getattr(parameters, knob.name)) for knob in KNOBS])


def turned(parameters: Parameters, to: Floats) -> Parameters:
    """Return parameters with other values, in the order of `KNOBS`; the two noises of habits keep their ratio."""
    named = dict(zip((knob.name for knob in KNOBS), to.tolist(), strict=True))
    return parameters.model_copy(update=named | {"habit_sigma_known": known_sigma(parameters, named["habit_sigma"])})


def known_sigma(parameters: Parameters, sigma: float) -> float:
    """Return the noise of habits of those who know the store, where that of the others is `sigma`."""
    ratio = parameters.habit_sigma_known / parameters.habit_sigma if parameters.habit_sigma else 1.0
    return ratio * sigma
