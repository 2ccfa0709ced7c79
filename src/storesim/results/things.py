"""Rows of the tables compared: every column of every thing, and its paired difference to the baseline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.results.intervals import half_widths
from storesim.results.table import Names, Table
from storesim.results.tables import Tables

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class VariantTables:
    """One variant's tables, stacked over replications, and what their rows are about."""

    variant: str
    names: Mapping[str, Names]
    """By table."""
    tables: Tables


@dataclass(frozen=True, eq=False)
class ColumnComparison:
    """One column of one table of one variant; arrays of shape (rows,).

    Rows that the baseline does not have (another fixture, another zone) have nan in all but `mean`; so have
    the baseline's own. The interval is nan with one replication.
    """

    name: str
    mean: Floats
    difference: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class ThingComparison:
    """One table of one variant."""

    variant: str
    names: Names
    columns: tuple[ColumnComparison, ...]


def compare_things(variants: Sequence[VariantTables], table: str) -> tuple[ThingComparison, ...]:
    """Return one of the tables ('zones', 'fixtures', …) of the variants that have it, the baseline first.

    Rows are matched by name. Intervals are 95 % together over the variants (Bonferroni), for one row and
    column; they are for looking around, not a test of all rows at once.
    """
    baseline = variants[0]
    base: Table | None = getattr(baseline.tables, table)
    compared = []
    for variant in variants:
        names, values = variant.names[table], getattr(variant.tables, table)
        if values is None:
            continue
        is_compared = variant is not baseline and base is not None
        match = _matches(names, baseline.names[table]) if is_compared else np.full(len(names), -1)
        columns = _compare_columns(values, base or values, match, len(variants) - 1)
        compared.append(ThingComparison(variant.variant, names, columns))
    return tuple(compared)


def _matches(names: Names, base_names: Names) -> NDArray[np.int64]:
    """Return the baseline's row of each name, -1 where it has none; shape (rows,)."""
    row = {name: i for i, name in enumerate(base_names)}
    return np.array([row.get(name, -1) for name in names], dtype=np.int64)


def _compare_columns(values: Table, base: Table, match: NDArray[np.int64], others: int) -> tuple[ColumnComparison, ...]:
    known = match >= 0
    columns = []
    for name in values.columns():
        column: Floats = getattr(values, name)
        mean, difference, half_width = (np.full(len(match), np.nan) for _ in range(3))
        mean[:] = column.mean(axis=0)
        if known.any():
            paired = column[:, known] - getattr(base, name)[:, match[known]]
            difference[known], half_width[known] = paired.mean(axis=0), half_widths(paired, others)
        columns.append(ColumnComparison(name, mean, difference, difference - half_width, difference + half_width))
    return tuple(columns)
