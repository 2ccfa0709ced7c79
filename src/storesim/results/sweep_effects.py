"""What each swept name does to each response: main effects, levels, and for a Sobol sweep the indices."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import nan
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storesim.inputs.swept import SweptName, SweptValue
from storesim.results.intervals import half_widths
from storesim.results.sobol import Indices, sobol_indices
from storesim.results.sweep import Swept
from storesim.results.write import Cell, cell, text, write_csv

Floats = NDArray[np.float64]
MOST_LEVELS = 8
"""Parts into which a range is cut for the picture; in each at least so many points:"""
FEWEST_POINTS = 4
DECIMALS = 9
"""Beyond these a difference between two points is rounding, and nothing that a swept value does."""
EFFECT_COLUMNS = (
    "variant", "response", "unit", "swept", "effect", "effect_low", "effect_high",
    "first_order", "first_order_low", "first_order_high", "total", "total_low", "total_high",
)  # fmt: skip
LEVEL_COLUMNS = ("variant", "response", "unit", "swept", "level", "setting", "points", "mean")


@dataclass(frozen=True, eq=False)
class Level:
    """The points at one value of a name, or in one part of its range."""

    name: str
    number: int
    """From 1."""
    value: SweptValue
    """The middle, where it is a part of a range."""
    holds: NDArray[np.bool_]
    """Shape (points,)."""


def main_effects(swept: Swept) -> tuple[Floats, Floats]:
    """Return what each name does, and half-widths over the replications, shape (names, variants, responses) each.

    Grid: the mean at the last value less that at the first, over all combinations of the others. Else: the slope in
    this direction of the plane through all points (least squares), times the range. Of the baseline's own numbers,
    and of the other variants' differences to it. The half-width tells how far other days could have moved it; nan
    with a single replication. All is nan where there are fewer points than names, or few more.
    """
    weights = _grid_weights(swept) if swept.sweep.design == "grid" else _plane_weights(swept)
    told = np.round(swept.told, DECIMALS)
    told -= told[:1]  # what is the same at all points has an effect of exactly 0
    by_day = np.einsum("np,prvk->rnvk", weights, told)
    halves = half_widths(by_day.reshape(len(by_day), -1)).reshape(by_day.shape[1:])
    return by_day.mean(axis=0), halves


def _grid_weights(swept: Swept) -> Floats:
    """Return the weight of each point in each effect, shape (names, points)."""
    rows = []
    for name in swept.names:
        found = [level.holds for level in levels(swept) if level.name == name]
        rows.append(found[-1] / found[-1].sum() - found[0] / found[0].sum())
    return np.array(rows)


def _plane_weights(swept: Swept) -> Floats:
    low, high = np.array([(one.low, one.high) for one in swept.sweep.over], dtype=np.float64).T
    unit = (np.array(swept.values, dtype=np.float64) - low) / (high - low)
    plane = np.column_stack((np.ones(len(unit)), unit))
    if np.linalg.matrix_rank(plane) < plane.shape[1]:
        return np.full((len(low), len(unit)), nan)
    return np.asarray(np.linalg.pinv(plane)[1:])


def levels(swept: Swept) -> list[Level]:
    """Return the levels of all names: the values of a grid, or up to 8 equal parts of a range."""
    return [
        level
        for column, one in enumerate(swept.sweep.over)
        for level in _levels(one, [values[column] for values in swept.values])
    ]


def _levels(one: SweptName, values: Sequence[SweptValue]) -> Iterator[Level]:
    if one.values:
        for number, value in enumerate(one.values, 1):
            yield Level(one.name, number, value, np.array([mine == value for mine in values]))
        return
    low, high = float(one.low or 0.0), float(one.high or 0.0)
    count = min(MOST_LEVELS, max(2, len(values) // FEWEST_POINTS))
    part = np.minimum((np.array(values, dtype=np.float64) - low) / (high - low) * count, count - 1).astype(int)
    for number in range(count):
        yield Level(one.name, number + 1, low + (number + 0.5) * (high - low) / count, part == number)


def indices(swept: Swept) -> Indices | None:
    """Return the Sobol indices of all variants and responses, outputs in that order; None for other designs."""
    if swept.sweep.design != "sobol":
        return None
    means = np.round(swept.told.mean(axis=1), DECIMALS)
    return sobol_indices(means.reshape(len(means), -1), len(swept.names))


def write_effects(folder: Path, variants: Sequence[str], currency: str, swept: Swept) -> None:
    """Write sweep_effects.csv, a row per variant, response and name, and sweep_levels.csv, one per level as well.

    Rows of the baseline tell of its own numbers, those of other variants of their differences to it.
    """
    write_csv(folder / "sweep_effects.csv", EFFECT_COLUMNS, _effect_rows(variants, currency, swept))
    write_csv(folder / "sweep_levels.csv", LEVEL_COLUMNS, _level_rows(variants, currency, swept))


def _effect_rows(variants: Sequence[str], currency: str, swept: Swept) -> Iterator[tuple[Cell, ...]]:
    effects, halves = main_effects(swept)
    found = indices(swept)
    for v, variant in enumerate(variants):
        for k, response in enumerate(swept.responses):
            output = v * len(swept.responses) + k
            for n, name in enumerate(swept.names):
                effect, half = effects[n, v, k], halves[n, v, k]
                cells: list[Cell] = [effect, effect - half, effect + half]
                for part in (found.first, found.total) if found else ():
                    cells += part[:, output, n].tolist()
                cells += [None] * (6 if found is None else 0)
                yield (text(variant), response.name, text(response.unit_in(currency)), text(name), *cells)


def _level_rows(variants: Sequence[str], currency: str, swept: Swept) -> Iterator[tuple[Cell, ...]]:
    means, all_levels = swept.told.mean(axis=1), levels(swept)
    at_levels = [means[level.holds].mean(axis=0) if level.holds.any() else np.full(means.shape[1:], nan)
                 for level in all_levels]  # fmt: skip
    for v, variant in enumerate(variants):
        for k, response in enumerate(swept.responses):
            head = (text(variant), response.name, text(response.unit_in(currency)))
            for level, mean in zip(all_levels, at_levels, strict=True):
                setting = text(level.value) if isinstance(level.value, str) else cell(level.value)
                yield (*head, text(level.name), level.number, setting, int(level.holds.sum()), mean[v, k])
