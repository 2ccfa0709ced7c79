"""How far the baseline is from the user's own store: what an answer says first."""

import textwrap
from collections.abc import Iterator, Sequence
from math import isfinite
from typing import TYPE_CHECKING

from storesim.inputs.actuals import MEASURES, NAMELESS
from storesim.report.words import difference_words, number_words

if TYPE_CHECKING:
    from storesim.results.actuals import Against

WIDTH = 80
NOT_CALIBRATED = "Not calibrated to your store: the scenario names no `actuals` to compare with."
LONGEST_NAME = 40


def against_lines(rows: Sequence["Against"]) -> list[str]:
    """Return the block of an answer that holds the baseline against the store; a line when nothing is known of it."""
    if not rows:
        return [NOT_CALIBRATED]
    said = "; ".join(_said(rows))
    return textwrap.wrap(f"Against your store, baseline − actual: {said}. All in actuals.csv.", WIDTH)


def _said(rows: Sequence["Against"]) -> Iterator[str]:
    """Yield the numbers of the whole store one by one, and those of a kind together."""
    from storesim.results.actuals import wape

    for measure in MEASURES:
        own = [row for row in rows if row.actual.measure == measure]
        if own and measure in NAMELESS:
            yield f"{measure} {_percent(own[0])}"
        elif own:
            error = wape(own)
            words = f"{number_words(error, 1.0, places=1)} %" if isfinite(error) else "unknown"
            yield f"{measure} WAPE {words} of {len(own)}{_worst(own)}"


def _percent(row: "Against") -> str:
    if not isfinite(row.percent):
        return f"{number_words(row.simulated.mean, row.simulated.mean, places=1)}, not 0"
    half_width = 100 * row.simulated.half_width / row.actual.value if row.actual.value else 0.0
    return f"{difference_words(row.percent, half_width, places=1)} %"


def _worst(rows: Sequence["Against"]) -> str:
    """Return which of several is farthest off, in its own unit's weight."""
    worst = max(rows, key=lambda row: abs(row.difference))
    if len(rows) < 2 or not isfinite(worst.percent):
        return ""
    return f", most off {worst.actual.name[:LONGEST_NAME]} {number_words(worst.percent, 1.0, sign=True, places=1)} %"
