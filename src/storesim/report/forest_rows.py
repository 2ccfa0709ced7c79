"""What a forest plot shows, whatever draws it: every difference against the baseline in percent, with its interval."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd

USUAL = 0.8
"""Share of interval ends for which the axis makes room; those of undecided rows can be very far."""
FAR = 10.0
"""What is decided is left off the axis too, if it lies so many times as far as is usual: all else would be a dot."""


@dataclass(frozen=True)
class ForestRow:
    """One difference, in percent of the baseline's mean and in its own unit."""

    variant: str
    percent: float
    low_percent: float
    high_percent: float
    difference: float
    half_width: float
    unit: str
    verdict: str


def forest_rows(summary: pd.DataFrame, baseline: str) -> dict[str, list[ForestRow]]:
    """Return the rows by response, both in the summary's order, the baseline left out."""
    is_base = summary["variant"] == baseline
    base = dict(zip(summary["response"][is_base], summary["mean"][is_base], strict=True))
    groups: dict[str, list[ForestRow]] = {}
    for row in summary[~is_base].to_dict("records"):
        response = str(row["response"])
        groups.setdefault(response, []).append(_row(row, float(base[response])))
    return groups


def _row(row: Mapping[Hashable, Any], mean: float) -> ForestRow:
    """Read one line of summary.csv; `mean` is the baseline's."""
    difference, low, high = (float(row[name]) for name in ("difference", "diff_low", "diff_high"))
    return ForestRow(
        variant=row["variant"],
        percent=_percent(difference, mean),
        low_percent=_percent(low, mean),
        high_percent=_percent(high, mean),
        difference=difference,
        half_width=(high - low) / 2,
        unit=row["unit"],
        verdict=row["verdict"],
    )


def _percent(difference: float, mean: float) -> float:
    return 100 * difference / abs(mean) if mean else float("nan")


def reach_percent(rows: Iterable[ForestRow], least: float) -> float:
    """Return how many percent the axis spans to each side; what lies beyond becomes an arrow."""
    known = [row for row in rows if isfinite(row.percent)]
    ends = [abs(end) for row in known for end in (row.low_percent, row.high_percent) if isfinite(end)]
    usual = max(least, float(np.quantile(ends, USUAL)) if ends else 0.0)
    decided = [abs(row.percent) for row in known if row.verdict != "undecided"]
    return 1.1 * max([usual, *(percent for percent in decided if percent <= FAR * usual)])
