"""Verdicts that survive their assumptions: what the variants do under every set of assumed parameters."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storesim.inputs.parameters import provenance
from storesim.results.comparison import Comparison, Standing
from storesim.results.intervals import Verdict, percent_of
from storesim.results.responses import RESPONSES, Response
from storesim.results.write import Cell, text, write_csv

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Assumed:
    """The experiment played again under sets of assumed parameters, each at its low or its high."""

    parameters: tuple[str, ...]
    high: NDArray[np.bool_]
    """Shape (sets, parameters): whether a parameter is at its high."""
    means: Floats
    """Shape (sets, variants, responses): means over the replications of a set, the baseline first."""
    responses: tuple[Response, ...] = RESPONSES
    """What the last axis of `means` holds."""

    @property
    def differences(self) -> Floats:
        """Differences to the baseline of the same set, shape (sets, variants, responses)."""
        return np.asarray(self.means - self.means[:, :1])


def level(name: str, high: bool) -> float:
    """Return the value of an assumed parameter at its high, or at its low.

    Raises:
        ValueError: the parameter is not assumed.
    """
    mark = provenance(name)
    value = mark.high if high else mark.low
    if value is None:
        raise ValueError(f"parameter {name!r} is {mark.status}, not assumed; it has no low and high")
    return value


def standing(rows: Iterable[Comparison], assumed: Assumed, same_within: float) -> tuple[Comparison, ...]:
    """Return the rows of a comparison with what the sets do to them; a verdict that does not stand is undecided.

    *higher* and *lower* stand when the difference has that sign in every set, *same* when it is within the margin
    in every set: ± `same_within` of that set's baseline.
    """
    rows = list(rows)
    names = list(dict.fromkeys(row.response.name for row in rows))
    variants: dict[str, int] = {}
    found = []
    for row in rows:
        variant = variants.setdefault(row.variant, len(variants))
        response = names.index(row.response.name)
        bases, differences = assumed.means[:, 0, response], assumed.differences[:, variant, response]
        found.append(_under(row, differences, bases, assumed, same_within))
    return tuple(found)


def _under(row: Comparison, differences: Floats, bases: Floats, assumed: Assumed, same_within: float) -> Comparison:
    """Return a row with its standing; differences to the baselines and these have shape (sets,)."""
    if row.difference is None or row.verdict is None:
        return row
    ahead = np.sign(differences) == np.sign(row.difference.mean)
    same = np.abs(differences) <= same_within * np.abs(bases)
    percent = [percent_of(part, whole) for part, whole in zip(differences.tolist(), bases.tolist(), strict=True)]
    low, high = (float(end(percent)) for end in (np.fmin.reduce, np.fmax.reduce))
    stands = {"higher": ahead, "lower": ahead, "same": same}.get(row.verdict)
    moved_by = None
    if stands is not None and not stands.all():
        moved_by = _mover(row.verdict, differences, bases * same_within, assumed)
    found = Standing(len(differences), int(ahead.sum()), int(same.sum()), low, high, row.verdict, moved_by)
    return replace(row, standing=found, verdict="undecided" if moved_by else row.verdict)


def _mover(verdict: Verdict, differences: Floats, margins: Floats, assumed: Assumed) -> str:
    """Return the parameter that works against a verdict most, with the setting at which it does: 'urge low'.

    The largest main effect: mean difference of the sets with the parameter at its high, less that at its low.
    """
    if verdict == "same":
        against = np.sign(differences[np.argmax(np.abs(differences) - np.abs(margins))])
    else:
        against = -1.0 if verdict == "higher" else 1.0
    signs = np.where(assumed.high, 1.0, -1.0)
    effects = against * (differences @ signs)
    most = int(np.argmax(np.abs(effects)))
    return f"{assumed.parameters[most]} {'high' if effects[most] > 0 else 'low'}"


def write_assumed(folder: Path, variants: Sequence[str], assumed: Assumed) -> None:
    """Write assumptions.csv, a row per set, variant and response, and assumption_sets.csv, one per set and parameter.

    Sets count from 1; the baseline has no rows of its own.
    """
    columns = ("set", "variant", "response", "difference", "percent")
    write_csv(folder / "assumptions.csv", columns, _difference_rows(variants, assumed))
    write_csv(folder / "assumption_sets.csv", ("set", "parameter", "value", "level"), _set_rows(assumed))


def _difference_rows(variants: Sequence[str], assumed: Assumed) -> Iterator[tuple[Cell, ...]]:
    bases, differences = assumed.means[:, 0].tolist(), assumed.differences.tolist()
    for number, base in enumerate(bases):
        for variant, name in list(enumerate(variants))[1:]:
            for k, response in enumerate(assumed.responses):
                difference = differences[number][variant][k]
                yield number + 1, text(name), response.name, difference, percent_of(difference, base[k])


def _set_rows(assumed: Assumed) -> Iterator[tuple[Cell, ...]]:
    for number, settings in enumerate(assumed.high.tolist(), 1):
        for name, high in zip(assumed.parameters, settings, strict=True):
            yield number, name, level(name, high), "high" if high else "low"
