"""What all tables of a day have in common: columns of numbers, rows in a fixed order."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np

Names = tuple[tuple[str, ...], ...]
"""What each row of a table is about, one name for each of the table's keys."""


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of shape (rows,) for one day, (replications, rows) when stacked."""

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """Return the names of the columns, in order."""
        return tuple(column.name for column in fields(cls))

    @classmethod
    def stack(cls, days: Sequence[Self]) -> Self:
        """Return several days as one table with a leading axis."""
        return cls(*(np.stack([getattr(day, column) for day in days]) for column in cls.columns()))

    @classmethod
    def mean(cls, days: Sequence[Self]) -> Self:
        """Return the mean of several days as one."""
        return cls(*(np.mean([getattr(day, column) for day in days], axis=0) for column in cls.columns()))
