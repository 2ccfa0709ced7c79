"""When people come: visits a day, by hour and by weekday, for each mission."""

from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

from storesim.calibrate.privacy import LEAST, WHO, Withheld, covered

Array = NDArray[np.float64]
OPEN_SHARE = 0.995
"""Share of visits that come within opening hours at least (assumed)."""
THIN = 0.2
"""Visits of an hour outside, at most, in proportion to the first and the last hour within (assumed)."""


@dataclass(frozen=True)
class Arrivals:
    """When visits of each mission (m) start, in local time."""

    missions: tuple[str, ...]
    hours: Array
    """Share of a mission's visits in each hour of the day, shape (m, 24); rows add up to 1."""

    weekdays: Array
    """Share on each weekday, Monday first, shape (m, 7); rows add up to 1."""

    all_hours: Array
    """The same for all visits, shape (24,)."""

    all_weekdays: Array
    """The same for all visits, shape (7,)."""

    by_hour: NDArray[np.int64]
    """Visits in each hour, shape (24,); they are not written."""

    visits: int
    days: int
    """Different days on which somebody came."""

    stores: int
    opening_hours: tuple[int, int]
    """First and last hour (its end): as said, or guessed by `shortest_window`."""

    hours_said: bool
    withheld: tuple[Withheld, ...]

    @property
    def visits_per_day(self) -> float:
        """Mean visits to a store on a day."""
        return self.visits / (self.days * self.stores)

    @property
    def visits_outside(self) -> int:
        """Visits outside the opening hours."""
        opens, closes = self.opening_hours
        return int(self.by_hour.sum() - self.by_hour[opens:closes].sum())


def shortest_window(by_hour: NDArray[np.int64]) -> tuple[int, int]:
    """Return the shortest window of whole hours that holds nearly all visits, given by hour, shape (24,).

    Nearly all: 99.5 %, and no hour outside has more than a fifth of the visits of the first or the last hour within.
    Hence a store that is open at night is not cut where the night happens to be thin: it stays open from 0 to 24.
    """
    windows = [(opens, opens + length) for length in range(1, 25) for opens in range(25 - length)]
    return next(window for window in windows if _holds_nearly_all(by_hour, *window))


def _holds_nearly_all(by_hour: NDArray[np.int64], opens: int, closes: int) -> bool:
    within, outside = by_hour[opens:closes], np.concatenate([by_hour[:opens], by_hour[closes:]])
    edge = min(within[0], within[-1])
    return bool(within.sum() >= OPEN_SHARE * by_hour.sum() and outside.max(initial=0) <= THIN * edge)


def fit_arrivals(
    db: duckdb.DuckDBPyConnection, least: int = LEAST, opening_hours: tuple[int, int] | None = None
) -> Arrivals:
    """Return the arrivals of table `basket`, whose times are local; opening hours are guessed where none are said."""
    missions = tuple(str(name) for (name,) in db.execute("SELECT DISTINCT mission FROM basket ORDER BY 1").fetchall())
    hours, all_hours, few_hours = _law(db, missions, "hour(t)", 24, least)
    weekdays, all_weekdays, few_days = _law(db, missions, "isodow(t) - 1", 7, least)
    by_hour = np.zeros(24, dtype=np.int64)
    for hour, count in db.execute("SELECT hour(t), count(*) FROM basket GROUP BY 1").fetchall():
        by_hour[hour] = count
    totals = db.execute("SELECT count(*), count(DISTINCT t::DATE), greatest(count(DISTINCT store), 1) FROM basket")
    visits, days, stores = totals.fetchone() or (0, 1, 1)
    withheld = (Withheld("hours or weekdays of a mission", few_hours + few_days, "merged over missions"),)
    return Arrivals(
        missions, hours, weekdays, all_hours, all_weekdays, by_hour, visits, days, stores,
        opening_hours or shortest_window(by_hour), opening_hours is not None, withheld if few_hours + few_days else (),
    )  # fmt: skip


def _law(
    db: duckdb.DuckDBPyConnection, missions: tuple[str, ...], when: str, length: int, least: int
) -> tuple[Array, Array, int]:
    """Return shares by mission, shares of all, and how many of the former rested on too few customers."""
    rows = db.execute(f"SELECT mission, {when}, count(*), count(DISTINCT {WHO}) FROM basket GROUP BY ALL").fetchall()
    counts, people = np.zeros((2, len(missions), length))
    for mission, at, count, customers in rows:
        counts[missions.index(mission), at], people[missions.index(mission), at] = count, customers
    known, small = covered(counts, people, least)
    everybody = np.where(people.sum(axis=0) < least, 0.0, counts.sum(axis=0))
    return _shares(known), _shares(everybody[None])[0], int(small.sum())


def _shares(counts: Array) -> Array:
    """Return rows that add up to 1; a row that says nothing is flat."""
    total = counts.sum(axis=1, keepdims=True)
    return np.asarray(np.where(total > 0, counts / np.maximum(total, 1e-300), 1 / counts.shape[1]))
