"""The tables of a run directory, as CSV: UTF-8, commas, Unix line ends, no number an empty cell."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from math import isnan, nan
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storesim.results.comparison import Comparison
from storesim.results.promotions import MEASURES, Effect
from storesim.results.replacing import replacing
from storesim.results.responses import RESPONSES, Response
from storesim.results.things import ColumnComparison, ThingComparison, VariantTables, compare_things

Cell = str | float | int | bool | None

KEYS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("zones", ("zone",)),
    ("fixtures", ("fixture",)),
    ("products", ("product",)),
    ("checkouts", ("checkout", "hour")),
    ("stock", ("product",)),
    ("counters", ("counter",)),
    ("staff", ("job",)),
    ("tiers", ("tier",)),
    ("churn", ("segment",)),
)
"""Tables by thing, and the columns that name their rows; the last ones only where a store has them."""
SUMMARY_COLUMNS = (
    "variant",
    "response",
    "unit",
    "mean",
    "half_width",
    "difference",
    "diff_low",
    "diff_high",
    "diff_percent",
    "verdict",
    "more_replications",
    "may_be_best",
    "assumption_sets",
    "ahead_in",
    "same_in",
    "assumed_low_percent",
    "assumed_high_percent",
    "moved_by",
)
PROMOTION_COLUMNS = (
    "variant",
    "promotion",
    "scope",
    *(f"{name}_{part}" for name in MEASURES for part in ("baseline", "difference", "low", "high")),
    "sales_ratio",
    "sales_ratio_low",
    "sales_ratio_high",
)


def write_responses(
    folder: Path,
    variants: Sequence[str],
    values: NDArray[np.float64],
    responses: Sequence[Response] = RESPONSES,
) -> None:
    """Write responses.csv; `values` has shape (variants, replications, responses)."""
    rows = (
        (text(variant), replication, response.name, values[i, replication, k])
        for i, variant in enumerate(variants)
        for replication in range(values.shape[1])
        for k, response in enumerate(responses)
    )
    write_csv(folder / "responses.csv", ("variant", "replication", "response", "value"), rows)


def write_summary(folder: Path, comparisons: Iterable[Comparison], currency: str) -> None:
    """Write summary.csv; the baseline's rows have no difference and no verdict."""
    write_csv(folder / "summary.csv", SUMMARY_COLUMNS, (summary_row(row, currency) for row in comparisons))


def summary_row(row: Comparison, currency: str) -> Iterator[Cell]:
    """Yield the cells of one row of summary.csv, in the order of SUMMARY_COLUMNS."""
    yield from (text(row.variant), row.response.name, text(row.response.unit_in(currency)))
    yield from (row.mean.mean, row.mean.half_width)
    against = row.difference
    yield from (None, None, None) if against is None else (against.mean, against.low, against.high)
    yield from (row.diff_percent, row.verdict, row.more_replications, row.may_be_best)
    stands = row.standing
    yield from (None, None, None) if stands is None else (stands.sets, stands.ahead_in, stands.same_in)
    yield from (None, None, None) if stands is None else (stands.low_percent, stands.high_percent, stands.moved_by)


def write_promotions(folder: Path, effects: Iterable[Effect]) -> None:
    """Write promotions.csv; without promotions it has no rows."""
    write_csv(folder / "promotions.csv", PROMOTION_COLUMNS, map(promotion_row, effects))


def promotion_row(effect: Effect) -> list[Cell]:
    """Return the cells of one row of promotions.csv, in the order of PROMOTION_COLUMNS."""
    row: list[Cell] = [text(effect.variant), text(effect.promotion), effect.scope]
    for mean, against in zip(effect.baseline, effect.difference, strict=True):
        row += [mean, against.mean, against.low, against.high]
    ratio = effect.ratio
    return [*row, *((nan, nan, nan) if ratio is None else (ratio.mean, ratio.low, ratio.high))]


def write_things(folder: Path, variants: Sequence[VariantTables]) -> None:
    """Write zones.csv, fixtures.csv, products.csv, checkouts.csv and others that there are; the baseline comes first.

    A column `x` is the mean over replications; `x_difference`, `x_low` and `x_high` are against the baseline,
    empty where that has no row of this name.
    """
    for table, keys in KEYS:
        compared = compare_things(variants, table)
        if not compared:
            continue
        columns = chain.from_iterable(_headers(column) for column in compared[0].columns)
        rows = chain.from_iterable(_thing_rows(variant) for variant in compared)
        write_csv(folder / f"{table}.csv", ("variant", *keys, *columns), rows)


def _headers(column: ColumnComparison) -> tuple[str, ...]:
    return (column.name, *(f"{column.name}_{end}" for end in ("difference", "low", "high")))


def _thing_rows(compared: ThingComparison) -> Iterator[Iterable[Cell]]:
    numbers = np.stack([array for c in compared.columns for array in (c.mean, c.difference, c.low, c.high)], axis=1)
    variant = text(compared.variant)
    for names, row in zip(compared.names, numbers.tolist(), strict=True):
        yield (variant, *map(text, names), *row)


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Iterable[Cell]]) -> None:
    """Write a table whole or not at all; text cells that users wrote must have gone through `text`."""
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([cell(value) for value in row] for row in rows)


def cell(value: Cell) -> str:
    """Return a cell's text: numbers with ten significant digits, yes or no, empty for None and nan."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    return "" if isnan(value) else f"{value + 0.0:.10g}"  # adding 0.0 turns -0.0 into 0.0


def text(words: str) -> str:
    """Return a user's words as a cell that no spreadsheet takes for a formula."""
    return f"'{words}" if words[:1] in ("=", "+", "-", "@", "\t", "\r") else words
