"""When people come: visits a day, by hour and by weekday, for each mission."""

from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

from storesim.calibrate.privacy import LEAST, WHO, Withheld, covered

Array = NDArray[np.float64]
OPEN_SHARE = 0.001
"""Share of visits from which on an hour counts as open (assumed)."""


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

    visits: int
    days: int
    """Different days on which somebody came."""

    stores: int
    withheld: tuple[Withheld, ...]

    @property
    def visits_per_day(self) -> float:
        """Mean visits to a store on a day."""
        return self.visits / (self.days * self.stores)

    @property
    def opening_hours(self) -> tuple[int, int]:
        """First and last hour (its end) of the longest stretch in which the store seems open; a guess.

        An hour counts from 0.1 % of the visits on.
        """
        is_open = np.concatenate([[False], self.all_hours > OPEN_SHARE, [False]])
        opens, closes = np.flatnonzero(np.diff(is_open.astype(int))).reshape(-1, 2).T
        if not len(opens):
            return 0, 24
        longest = int(np.argmax(closes - opens))
        return int(opens[longest]), int(closes[longest])


def fit_arrivals(db: duckdb.DuckDBPyConnection, least: int = LEAST) -> Arrivals:
    """Return the arrivals of table `basket`, whose times are local."""
    missions = tuple(str(name) for (name,) in db.execute("SELECT DISTINCT mission FROM basket ORDER BY 1").fetchall())
    hours, all_hours, few_hours = _law(db, missions, "hour(t)", 24, least)
    weekdays, all_weekdays, few_days = _law(db, missions, "isodow(t) - 1", 7, least)
    totals = db.execute("SELECT count(*), count(DISTINCT t::DATE), greatest(count(DISTINCT store), 1) FROM basket")
    visits, days, stores = totals.fetchone() or (0, 1, 1)
    withheld = (Withheld("hours or weekdays of a mission", few_hours + few_days, "merged over missions"),)
    return Arrivals(
        missions, hours, weekdays, all_hours, all_weekdays, visits, days, stores,
        withheld if few_hours + few_days else (),
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
