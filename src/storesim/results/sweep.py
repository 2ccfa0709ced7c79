"""What an experiment says at every point of its sweep, as one tidy table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storesim.inputs.swept import Sweep, SweptValue
from storesim.results.intervals import half_widths
from storesim.results.responses import RESPONSES, Response
from storesim.results.write import Cell, text, write_csv

Floats = NDArray[np.float64]
COLUMNS = ("variant", "response", "unit", "mean", "half_width", "difference", "diff_low", "diff_high")


@dataclass(frozen=True, eq=False)
class Swept:
    """An experiment played at the points of a sweep, the same customers at each."""

    sweep: Sweep
    values: tuple[tuple[SweptValue, ...], ...]
    """What the swept names are at each point."""
    days: Floats
    """Shape (points, replications, variants, responses), the baseline first."""
    responses: tuple[Response, ...] = RESPONSES
    """What the last axis of `days` holds."""

    @property
    def names(self) -> tuple[str, ...]:
        """What is swept, as written."""
        return tuple(one.name for one in self.sweep.over)

    @property
    def told(self) -> Floats:
        """What effects are told of, shape as `days`: the baseline's own numbers, and others' differences to them."""
        return np.concatenate((self.days[:, :, :1], self.days[:, :, 1:] - self.days[:, :, :1]), axis=2)


def write_points(folder: Path, variants: Sequence[str], currency: str, swept: Swept) -> None:
    """Write sweep.csv, a row per point, variant and response; points count from 1.

    The half-width is that of the mean alone; `diff_low` and `diff_high` hold together for all variants of a point.
    """
    header = ("point", *(text(name) for name in swept.names), *COLUMNS)
    write_csv(folder / "sweep.csv", header, _rows(variants, currency, swept))


def _rows(variants: Sequence[str], currency: str, swept: Swept) -> Iterator[tuple[Cell, ...]]:
    means, halves = _summed(swept.days)
    told, reach = _summed(swept.told, max(len(variants) - 1, 1))
    units = [text(response.unit_in(currency)) for response in swept.responses]
    for point, values in enumerate(swept.values):
        at = (point + 1, *(text(value) if isinstance(value, str) else value for value in values))
        for variant, name in enumerate(variants):
            for k, response in enumerate(swept.responses):
                place = (point, variant, k)
                difference, half = told[place], reach[place]
                against = (difference, difference - half, difference + half) if variant else (None, None, None)
                yield (*at, text(name), response.name, units[k], means[place], halves[place], *against)


def _summed(days: Floats, comparisons: int = 1) -> tuple[Floats, Floats]:
    """Return means and half-widths over the replications, shape (points, variants, responses) each."""
    by_day = np.moveaxis(days, 1, 0)
    flat = by_day.reshape(len(by_day), -1)
    return by_day.mean(axis=0), half_widths(flat, comparisons).reshape(by_day.shape[1:])
