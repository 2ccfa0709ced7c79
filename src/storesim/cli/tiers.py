"""Customers who come back, in the terminal: what variants do to visits, retention and what is left of the margin."""

from collections.abc import Iterator
from math import isnan
from typing import TYPE_CHECKING

from storesim.report.words import difference_words, number_words

if TYPE_CHECKING:
    from storesim.experiment.result import Result
    from storesim.results.things import ColumnComparison

COLUMNS = (
    ("net_margin", "margin less points", 1.0),
    ("visits", "visits", 1.0),
    ("retention", "retention, %", 100.0),
)
"""Columns of the tiers' table, what they are called, and the factor to what is shown."""
INDENT = "  "


def tier_lines(result: "Result") -> list[str]:
    """Return a line for each variant, tier and measure; [] where nobody comes back."""
    if result.scenario.panel is None:
        return []
    from storesim.results.tables import row_names
    from storesim.results.things import VariantTables, compare_things

    scenario = result.scenario
    variants = [
        VariantTables(case.name, row_names(scenario, case), tables)
        for case, tables in zip(scenario.cases, result.tables, strict=True)
    ]
    lines = [f"By tier, a mean day of the calendar; differences to {scenario.baseline}, ± half-width:"]
    for one in compare_things(variants, "tiers"):
        lines.append(one.variant)
        columns = {column.name: column for column in one.columns}
        for row, (tier,) in enumerate(one.names):
            lines.append(f"{INDENT}{tier}: {'; '.join(_told(columns, row))}")
    return [*lines, ""]


def _told(columns: "dict[str, ColumnComparison]", row: int) -> Iterator[str]:
    for name, words, factor in COLUMNS:
        column = columns[name]
        difference = factor * float(column.difference[row])
        half = factor * float(column.high[row] - column.low[row]) / 2
        if not isnan(difference):  # the baseline has none
            yield f"{words} {difference_words(difference, half, places=2)}"
        else:
            value = factor * float(column.mean[row])
            yield f"{words} {number_words(value, abs(value) / 10, places=1)}"
