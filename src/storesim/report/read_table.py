"""A table of a run directory read back, and refused where it is not as a run writes it."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any, get_args

import pandas as pd

from storesim.results.intervals import Verdict
from storesim.results.text_columns import GUARD, TEXT_COLUMNS

YES_OR_NO = ("may_be_best", "promoted")
NAMES = ("variant", "replication", "response", "zone", "fixture", "product", "checkout", "hour", "category", "measure",
         "period", "swept", "level", "x_m", "y_m", "job", "counter", "tier", "segment")  # fmt: skip
"""Columns that name a row, never empty."""
LARGEST = 1e15
"""No store sells more; beyond it a float has no cents."""


def read_table(path: Path, variants: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a table; names of variants and zones stay text, whatever they look like.

    Args:
        path: of the CSV file.
        variants: that the run played; None: not known, any name will do.

    Raises:
        OSError: the file cannot be read.
        ValueError: it was cut off, or edited into what no run writes; in words, with the row.
    """
    if not path.read_bytes().endswith(b"\n"):
        raise ValueError("it is cut off in its last line")
    table = pd.read_csv(path, dtype=dict.fromkeys(TEXT_COLUMNS, str), keep_default_na=False, na_values=[""])
    if not isinstance(table.index, pd.RangeIndex):
        raise ValueError("its rows have more cells than its head")  # pandas took the first for names of rows
    for column in set(TEXT_COLUMNS) & set(table.columns):
        table[column] = table[column].str.replace(GUARD, "", regex=True)
    for column in table.columns.difference([*TEXT_COLUMNS, *YES_OR_NO], sort=False):
        _check_numbers(table[column])
    _check_names(table)
    if variants and "variant" in table:
        _check_words(table["variant"], variants)
    if "verdict" in table:
        _check_words(table["verdict"].dropna(), VERDICTS)
    return table


VERDICTS: tuple[str, ...] = get_args(Verdict)


def check_all_variants(table: pd.DataFrame, variants: Sequence[str], names: Sequence[str] = ()) -> None:
    """Check that a table has rows of every variant, of all the same `names` (columns).

    Raises:
        ValueError: it has not, in words.
    """
    rows = {
        name: set(zip(*(group[column] for column in names), strict=True)) for name, group in table.groupby("variant")
    }
    every = list(dict.fromkeys(chain.from_iterable(rows.values()))) if names else []
    for variant in variants:
        if variant not in rows:
            raise ValueError(f"it has no row of variant {variant!r}")
        lacking = next((row for row in every if row not in rows[variant]), None)
        if lacking:
            raise ValueError(f"it has no row {' '.join(map(str, lacking))!r} of variant {variant!r}")


SUMS = {(measure, period) for measure in ("sales", "set_up_cost", "margin") for period in ("day", "week", "year")}
PAYBACK = {("relay_cost", "once"), ("first_year", "year"), ("payback", "once")}
"""Rows of money.csv (measure, period): of every variant, and all or none of one."""
NET = {("net_margin", period) for period in ("day", "week", "year")}
"""Rows of all variants or of none."""


def check_money(table: pd.DataFrame) -> None:
    """Check that money.csv has the rows that a run writes.

    Raises:
        ValueError: it has not, in words.
    """
    net = NET if (table["measure"] == "net_margin").any() else set()
    for variant, rows in table.groupby("variant", sort=False):
        there = set(zip(rows["measure"], rows["period"], strict=True))
        wanted = SUMS | (PAYBACK if there & PAYBACK else set()) | net
        if wanted - there:
            lacking = " ".join(min(wanted - there))
            raise ValueError(f"it has no row {lacking!r} of variant {variant!r}")


def _check_names(table: pd.DataFrame) -> None:
    """Check that rows are named, each once; a variant may promote a product twice."""
    names = [name for name in NAMES if name in table.columns]
    for name in names:
        if table[name].isna().any():
            raise ValueError(f"row {_line(table[table[name].isna()])} has no {name}")
    twice = table[table.duplicated(names)] if "variant" in names and "promotion" not in table.columns else table[:0]
    if len(twice):
        raise ValueError(f"row {_line(twice)} is there twice")


def _check_numbers(values: "pd.Series[Any]") -> None:
    """Check that a column has nothing but numbers that a store can have, and empty cells."""
    numbers = pd.to_numeric(values, errors="coerce")
    wrong = values[(numbers.isna() & values.notna()) | (numbers.abs() > LARGEST)]
    if len(wrong):
        raise ValueError(f"row {_line(wrong)}: {str(values.name)[:40]!r} is {str(wrong.iloc[0])[:40]!r}, not a number")


def _check_words(values: "pd.Series[Any]", known: Sequence[str]) -> None:
    wrong = values[~values.isin(list(known))].fillna("")
    if len(wrong):
        raise ValueError(f"row {_line(wrong)}: there is no {values.name} {str(wrong.iloc[0])[:40]!r} in this run")


def _line(wrong: "pd.Series[Any] | pd.DataFrame") -> int:
    """Return the line of the first row in the file, as an editor counts; its head is line 1."""
    return int(wrong.index[0]) + 2
