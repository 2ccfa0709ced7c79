"""Rows of a run directory as the objects they were when the run wrote them."""

from collections.abc import Mapping
from math import isnan, nan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from storesim.inputs.case import Actual
from storesim.report.run_directory import RunDirectory, RunDirectoryError
from storesim.results.actuals import Against
from storesim.results.comparison import Comparison, Standing
from storesim.results.intervals import Interval, verdict
from storesim.results.precision import Reached, reached
from storesim.results.responses import responses_of

Floats = NDArray[np.float64]
Row = Mapping[Any, Any]


def read_comparison(run: RunDirectory) -> tuple[Comparison, ...]:
    """Return the rows of summary.csv, the baseline's first; () when the run ended before its first day.

    Responses that this version does not know are left out; what an older run did not write is None.
    """
    if run.shortfall and not run.finished:
        return ()
    told = run.summary.to_dict("records")
    known = {response.name: response for response in responses_of(run.scenario)}
    rows = [row for row in told if row["response"] in known]
    bases = {row["response"]: float(row["mean"]) for row in reversed(rows)}
    return tuple(
        Comparison(
            variant=row["variant"],
            response=known[row["response"]],
            mean=Interval(row["mean"], _float(row, "half_width"), run.finished),
            difference=_difference(row, run.finished),
            diff_percent=_float(row, "diff_percent") if _difference(row, run.finished) else None,
            verdict=_word(row, "verdict"),
            more_replications=_count(row, "more_replications"),
            may_be_best={"yes": True, "no": False}.get(str(row.get("may_be_best"))),
            standing=_standing(row, run.scenario.same_within * abs(bases[row["response"]]), run.finished),
        )
        for row in rows
    )


def _difference(row: Row, days: int) -> Interval | None:
    """Return the difference of a row; the baseline has none."""
    mean = _number(row, "difference")
    return None if mean is None else Interval(mean, (row["diff_high"] - row["diff_low"]) / 2, days)


def _standing(row: Row, margin: float, days: int) -> Standing | None:
    """Return how a row stands under the assumptions; the verdict of the main run is what its interval says."""
    sets, difference = _count(row, "assumption_sets"), _difference(row, days)
    if sets is None or difference is None:
        return None
    return Standing(
        sets,
        _count(row, "ahead_in") or 0,
        _count(row, "same_in") or 0,
        _float(row, "assumed_low_percent"),
        _float(row, "assumed_high_percent"),
        before=verdict(difference, margin),
        moved_by=_word(row, "moved_by"),
    )


def read_reached(run: RunDirectory) -> Reached | None:
    """Return how far a run came with the precision asked for, from responses.csv; None as for `reached`."""
    if run.scenario.precision is None or not run.finished:
        return None
    return reached(run.scenario, read_values(run))


def read_values(run: RunDirectory) -> Floats:
    """Return responses.csv as an array, shape (variants, replications, responses), as `compare` takes it.

    Raises:
        RunDirectoryError: a value is missing.
    """
    table = run.responses.pivot(index=["variant", "replication"], columns="response", values="value")
    days = range(run.finished)
    cells = pd.MultiIndex.from_product([[case.name for case in run.scenario.cases], days])
    names = [response.name for response in responses_of(run.scenario)]
    values = table.reindex(index=cells, columns=names).to_numpy(dtype=np.float64)
    if np.isnan(values).any():
        raise RunDirectoryError(f"{run.path / 'responses.csv'} lacks some values; run the scenario again")
    return values.reshape(len(run.scenario.cases), run.finished, len(names))


def read_against(run: RunDirectory) -> tuple[Against, ...]:
    """Return the rows of actuals.csv; () when nothing is known of the user's own store."""
    if run.actuals is None:
        return ()
    return tuple(
        Against(
            Actual(row["measure"], _word(row, "name") or "", row["actual"]),
            row["unit"],
            Interval(row["simulated"], _float(row, "half_width"), run.finished),
        )
        for row in run.actuals.to_dict("records")
    )


def _float(row: Row, column: str) -> float:
    """Return a number of a row; nan where the cell is empty or the run has no such column."""
    return float(row.get(column, nan))


def _number(row: Row, column: str) -> float | None:
    value = _float(row, column)
    return None if isnan(value) else value


def _count(row: Row, column: str) -> int | None:
    value = _number(row, column)
    return None if value is None else int(value)


def _word(row: Row, column: str) -> Any:
    """Return a word of a row, None where the cell is empty: pandas has nan there."""
    value = row.get(column)
    return value if isinstance(value, str) else None
