"""As many replications as a precision needs (Stein 1945), and how far a run came with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

from storesim.inputs.case import Precision, Scenario
from storesim.results.intervals import half_widths
from storesim.results.responses import RESPONSES

Floats = NDArray[np.float64]

ROUNDING = 1e-9
"""Share of a number of replications that floating point may be off by."""

OUT_OF_REACH = 1_000.0
"""Nobody plays the million times as many days that intervals so much narrower would take."""


@dataclass(frozen=True)
class Reached:
    """How narrow the intervals of a run are, and how narrow they were to be."""

    precision: Precision
    asked: float
    """Half-width asked for, in the response's unit; of a share, that of the baseline's mean in the first stage."""
    half_width: float
    """Greatest of the variants' half-widths, or that of the baseline's own mean where it stands alone."""
    replications: int
    """Played so far."""
    needed: int | None
    """Replications that the precision needs; None: it is out of reach, as is any share of a mean of 0."""

    @property
    def is_reached(self) -> bool:
        """Whether as many were played as it needs."""
        return self.needed is not None and self.replications >= self.needed


def replications_needed(scenario: Scenario, first_stage: Floats) -> int:
    """Return how many replications a scenario is played in all.

    It follows from the first stage alone, so that it does not matter how or in which order the others are played.

    Args:
        scenario: one without a precision needs as many as it has.
        first_stage: its first `scenario.replications`, shape (variants, replications, responses), the baseline first.
    """
    if scenario.precision is None:
        return scenario.replications
    width, asked = _widest(first_stage, scenario.precision), _asked(first_stage, scenario.precision)
    enough, most = needed(width, asked, scenario.replications), scenario.precision.at_most
    return most if enough is None else min(enough, most)


def reached(scenario: Scenario, values: Floats) -> Reached | None:
    """Return how far a run came; None when no precision was asked for, or the first stage is not whole.

    Args:
        scenario: as it was played.
        values: of all its replications, shape (variants, replications, responses), the baseline first.
    """
    precision, stage, played = scenario.precision, scenario.replications, len(values[0])
    if precision is None or played < stage:
        return None
    width, asked = _widest(values[:, :stage], precision), _asked(values[:, :stage], precision)
    return Reached(precision, asked, width * sqrt(stage / played), played, needed(width, asked, stage))


def first_stages(scenario: Scenario) -> Mapping[str, int]:
    """Return the response whose intervals rest on the spread of a first stage, and its replications; {}: none does."""
    return {scenario.precision.response: scenario.replications} if scenario.precision else {}


def needed(half_width: float, asked: float, first_stage: int) -> int | None:
    """Return how many replications make a half-width as narrow as asked, N = (t S / asked)²; None: out of reach.

    Args:
        half_width: of the usual interval of the first stage, t S / sqrt(first_stage).
        asked: in the same unit; a half-width of 0 is narrow enough for any.
        first_stage: replications in it; never fewer are needed.
    """
    if half_width <= asked:
        return first_stage
    if half_width > OUT_OF_REACH * asked:
        return None
    times = float(half_width / asked) ** 2
    return max(first_stage, ceil(first_stage * times * (1 - ROUNDING)))


def _widest(first: Floats, precision: Precision) -> float:
    """Return the greatest half-width of the first stage, shape as for `replications_needed`.

    The intervals of all variants hold together (Bonferroni); whatever their number, they shrink with 1 / sqrt(N) alike.
    """
    values = _values(first, precision)
    paired = values[1:] - values[0] if len(values) > 1 else values
    return float(half_widths(paired.T, len(paired)).max())


def _asked(first: Floats, precision: Precision) -> float:
    return precision.half_width * (abs(float(_values(first, precision)[0].mean())) if precision.of_mean else 1.0)


def _values(first: Floats, precision: Precision) -> Floats:
    """Return the response's values, shape (variants, replications)."""
    return first[:, :, [response.name for response in RESPONSES].index(precision.response)]
