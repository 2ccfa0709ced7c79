"""The answer: every response of every variant, its paired difference to the baseline, and what that says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from storesim.results.best import may_be_best
from storesim.results.intervals import (
    Interval,
    Verdict,
    more_after_first_stage,
    more_replications,
    percent_of,
    two_stage_interval,
    verdict,
)
from storesim.results.responses import RESPONSES, Response

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Standing:
    """How a difference stands when the assumed parameters are varied."""

    sets: int
    """Sets of settings played."""
    ahead_in: int
    """Sets whose difference has the sign of the main run's."""
    same_in: int
    """Sets whose difference is within the margin of sameness."""
    low_percent: float
    high_percent: float
    """Least and greatest difference, as a percentage of its set's own baseline; nan where that is 0."""
    before: Verdict
    """The verdict of the main run alone."""
    moved_by: str | None
    """Parameter and level that work against the verdict most, such as 'urge low'; None when the verdict stands."""


@dataclass(frozen=True)
class Comparison:
    """One response of one variant, against the baseline; money in the scenario's currency.

    The baseline has no difference, verdict or number of replications of its own.
    """

    variant: str
    response: Response
    mean: Interval
    """Mean over replications, with a 95 % interval of its own."""
    difference: Interval | None = None
    """Paired difference to the baseline; 95 % together with those of all other variants (Bonferroni)."""
    diff_percent: float | None = None
    """Difference as a percentage of the baseline's mean; nan when that is 0 and the difference is not."""
    verdict: Verdict | None = None
    more_replications: int | None = None
    """When undecided: about how many more would settle it; None: too many, or only one played."""
    may_be_best: bool | None = None
    """Whether the variant may be the best in this response (Nelson & Matejcik); None: no side is better."""
    standing: Standing | None = None
    """None when the assumed parameters were not varied."""


ONE_STAGE: Mapping[str, int] = {}


def compare(
    values: Floats,
    variants: Sequence[str],
    same_within: float,
    first_stages: Mapping[str, int] = ONE_STAGE,
    responses: Sequence[Response] = RESPONSES,
) -> tuple[Comparison, ...]:
    """Return one row per variant and response, in that order.

    Args:
        values: shape (variants, replications, responses), the baseline first.
        variants: their names, as many.
        same_within: margin of the verdict 'same', as a share of the baseline's |mean|.
        first_stages: response -> the first replications, from whose spread the number of all followed; its intervals
            rest on the spread of these (Stein 1945), those of the other responses on that of all.
        responses: what the last axis of `values` holds.
    """
    best = [_may_be_best(values[:, :, k], response) for k, response in enumerate(responses)]
    rows = []
    for i, variant in enumerate(variants):
        for k, response in enumerate(responses):
            first = first_stages.get(response.name)
            own = two_stage_interval(values[i, :, k], first or values.shape[1])
            row = Comparison(variant, response, own, may_be_best=best[k][i])
            if i:
                row = _against(row, values[i, :, k], values[0, :, k], _Rules(len(variants) - 1, same_within, first))
            rows.append(row)
    return tuple(rows)


@dataclass(frozen=True)
class _Rules:
    """How a difference is judged."""

    others: int
    same_within: float
    first_stage: int | None
    """Replications whose spread counts; None: all."""


def _against(row: Comparison, values: Floats, baseline: Floats, rules: _Rules) -> Comparison:
    """Return the row with its difference to the baseline; values and baseline have shape (replications,)."""
    difference = two_stage_interval(values - baseline, rules.first_stage or len(values), rules.others)
    base = float(baseline.mean())
    margin = rules.same_within * abs(base)
    says = verdict(difference, margin)
    more = _more(difference, margin, rules) if says == "undecided" else None
    percent = percent_of(difference.mean, base)
    return replace(row, difference=difference, diff_percent=percent, verdict=says, more_replications=more)


def _more(difference: Interval, margin: float, rules: _Rules) -> int | None:
    if rules.first_stage:
        return more_after_first_stage(difference, margin)
    return more_replications(difference, margin, rules.others)


def _may_be_best(values: Floats, response: Response) -> list[bool | None]:
    """Return which variants may be best, shape (variants, replications); None where no side is better."""
    if response.better == "reader":
        return [None] * len(values)
    best = may_be_best(values if response.better == "higher" else -values)
    return [bool(flag) for flag in best]
