"""Colours for values: dark on light from nothing to much, blue and orange about no change; both for all eyes."""

from dataclasses import dataclass
from functools import cache
from math import floor, log10

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# ColorBrewer's YlGnBu: lightness falls evenly, on screens, on grey printers and for colour-blind readers.
MUCH = ("#ffffd9", "#edf8b1", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#253494", "#081d58")
CHANGE = ("#b35900", "#e08a3c", "#f6c99b", "#f4f4f1", "#a6cfe8", "#4a90c4", "#0b4f8a")
"""Less is orange, more is blue."""
UNKNOWN = "#dcdcd8"
STEPS = 255
"""Steps of a ramp; a value is shown within half a step."""
CAP = 0.99
"""A scale ends at this quantile, so that one crowded cell at a till does not bleach the rest."""
NICE = (1.0, 2.0, 4.0, 6.0, 8.0, 10.0)
GAMMA = 0.5
"""Spreads the low end, where cold places differ."""


@dataclass(frozen=True)
class Ramp:
    """Values between `low` and `high` as colours; values beyond take the colour of the end.

    `gamma`: the place of a value on the ramp is its share of the range to this power; 1 for changes.
    """

    stops: tuple[str, ...]
    low: float
    high: float
    gamma: float = 1.0

    def steps(self, values: Floats) -> NDArray[np.int64]:
        """Return the step of each value, 0..STEPS - 1; -1 for those not known. Any shape."""
        share = np.clip((values - self.low) / (self.high - self.low), 0.0, 1.0) ** self.gamma
        return np.where(np.isfinite(values), np.round(np.nan_to_num(share) * (STEPS - 1)), -1).astype(np.int64)

    def value(self, step: int) -> float:
        """Return the value that a step stands for."""
        return float(self.low + (step / (STEPS - 1)) ** (1 / self.gamma) * (self.high - self.low))

    def colour(self, value: float) -> str:
        """Return the colour of a value as '#rrggbb'."""
        step = int(self.steps(np.array([value]))[0])
        red, green, blue = self.palette[step].tolist()
        return UNKNOWN if step < 0 else f"#{red:02x}{green:02x}{blue:02x}"

    @property
    def palette(self) -> NDArray[np.uint8]:
        """The colours of all steps, shape (STEPS, 3)."""
        return _palette(self.stops)


@cache
def _palette(stops: tuple[str, ...]) -> NDArray[np.uint8]:
    corners = np.array([[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in stops], dtype=np.float64)
    at = np.linspace(0, len(corners) - 1, STEPS)
    mixed = [np.interp(at, np.arange(len(corners)), channel) for channel in corners.T]
    return np.round(np.stack(mixed, axis=-1)).astype(np.uint8)


def ramp_of(values: Floats) -> Ramp:
    """Return the scale for values of at least 0, from 0 to a round number."""
    return Ramp(MUCH, 0.0, round_up(_top(values)), GAMMA)


def change_ramp(changes: Floats) -> Ramp:
    """Return the scale for differences, as far down as up, 0 in the middle."""
    reach = round_up(_top(np.abs(changes)))
    return Ramp(CHANGE, -reach, reach)


def _top(values: Floats) -> float:
    """Return the quantile CAP of the values that are not 0, so that empty places do not count; 0 where none is."""
    known = values[np.isfinite(values) & (values != 0)]
    return float(np.quantile(known, CAP)) if len(known) else 0.0


def round_up(value: float) -> float:
    """Return the next round number; 1 for nothing.

    >>> round_up(1.3), round_up(431.0), round_up(0.08)
    (2.0, 600.0, 0.08)
    """
    if value <= 0:
        return 1.0
    unit: float = 10.0 ** floor(log10(value))
    return next(round(nice * unit, 12) for nice in NICE if nice * unit >= value * (1 - 1e-9))
