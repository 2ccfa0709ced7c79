"""A table of numbers by something and variant, out of the run's tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Grid:
    """Numbers by row and variant, the baseline first; `values` of shape (rows, variants), nan where unknown."""

    rows: tuple[str, ...]
    variants: tuple[str, ...]
    values: Floats

    def of(self, row: str) -> list[float]:
        """Return one row's numbers, in the variants' order."""
        return [float(value) for value in self.values[self.rows.index(row)]]

    def base(self, row: str) -> float:
        """Return the baseline's number."""
        return self.of(row)[0]

    def series(self) -> Iterator[tuple[str, list[float]]]:
        """Yield each variant with its numbers, in the rows' order."""
        for column, variant in enumerate(self.variants):
            yield variant, [float(value) for value in self.values[:, column]]

    @property
    def highest(self) -> tuple[str, str, float] | None:
        """Row, variant and value of the highest number, the first of equals; None where none is above 0."""
        if not np.nanmax(self.values, initial=0.0) > 0:
            return None
        row, column = np.unravel_index(int(np.nanargmax(self.values)), self.values.shape)
        return self.rows[int(row)], self.variants[int(column)], float(self.values[row, column])


def sums(table: pd.DataFrame, columns: Sequence[str], variants: Sequence[str]) -> Grid:
    """Return columns summed over each variant's rows; one row a column."""
    each = [[_column(table, variant)[name].sum() for variant in variants] for name in columns]
    return Grid(tuple(columns), tuple(variants), np.array(each, dtype=np.float64).reshape(len(columns), len(variants)))


def grouped(table: pd.DataFrame, by: Mapping[str, str], key: str, column: str, variants: Sequence[str]) -> Grid:
    """Return a column summed over the groups that `by` puts the keys in, groups with the baseline's largest first."""
    names = sorted({by[name] for name in table[key] if name in by})
    each = {variant: _column(table, variant) for variant in variants}
    values = np.array(
        [[_sum_of(rows, key, column, by, name) for rows in each.values()] for name in names], dtype=np.float64
    ).reshape(len(names), len(variants))
    order = sorted(range(len(names)), key=lambda row: (-values[row, 0], names[row]))
    return Grid(tuple(names[row] for row in order), tuple(variants), values[order])


def by_row(table: pd.DataFrame, key: str, column: str, variants: Sequence[str]) -> Grid:
    """Return a column as it stands, by the values of `key` in their order; nan where a variant has no such row."""
    names = tuple(sorted(set(table[key])))
    each = []
    for variant in variants:
        rows = _column(table, variant)
        known = dict(zip(rows[key], rows[column].to_numpy(dtype=np.float64), strict=True))
        each.append([float(known.get(name, np.nan)) for name in names])
    return Grid(names, tuple(variants), np.array(each, dtype=np.float64).reshape(len(variants), len(names)).T)


def _column(table: pd.DataFrame, variant: str) -> pd.DataFrame:
    return table[table["variant"] == variant]


def _sum_of(rows: pd.DataFrame, key: str, column: str, by: Mapping[str, str], name: str) -> float:
    mine = [by.get(one) == name for one in rows[key]]
    return float(rows[column].to_numpy(dtype=np.float64)[mine].sum())
