"""The extract's clock against the shop's: hours off, Universal Time, or without daylight saving."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import duckdb
import numpy as np
from numpy.typing import NDArray

from storesim.inputs.mistakes import Mistakes, did_you_mean, quoted

Floats = NDArray[np.float64]

QUIET_H = 4.0
"""Hour around which a shop that never closes is emptiest: between 2 and 6 (assumed; 4:20 in the Complete Journey)."""
CLOSED_H = 2.5
"""Middle of the hours in which other shops are closed (assumed; 2:30 for opening hours from 7 to 22)."""
UNSUSPICIOUS_H = 2.5
"""A quiet hour this far off is the shop's own; beyond, the clock is."""
CLOSED_SHARE = 0.0005
"""Of baskets in an hour in which the shop is closed, at most."""
FEWEST_CLOSED_H = 4
FEWEST_BASKETS = 300
"""To tell a clock by, and on each side of a change to daylight saving."""
LEAST_CONCENTRATION = 0.1
"""Length of the mean direction of baskets on the clock's face below which there is no quiet hour."""
WINDOW_DAYS = 28
LEAST_JUMP_H, MOST_JUMP_H = 0.6, 1.5

ZONES: dict[tuple[str, int], str] = {
    ("US", -4): "America/Halifax",
    ("US", -5): "America/New_York",
    ("US", -6): "America/Chicago",
    ("US", -7): "America/Denver",
    ("US", -8): "America/Los_Angeles",
    ("EU", 0): "Europe/London",
    ("EU", 1): "Europe/Berlin",
    ("EU", 2): "Europe/Helsinki",
}
"""Time zones by rule of daylight saving and winter hours ahead of Universal Time."""
_RULES = {"US": "America/New_York", "EU": "Europe/Berlin"}


@dataclass(frozen=True)
class Clock:
    """What is done to times to make them the shop's."""

    zone: str | None
    """Times are Universal Time and become this zone's; None: a shift."""
    shift_h: float
    """Hours added, where there is no zone."""
    why: str
    """In a sentence or two."""

    def local_sql(self, t: str, first: datetime, last: datetime) -> str:
        """Return SQL for the shop's time; `first` and `last` bound the times in the table."""
        if self.zone is None:
            return f"{t} + to_minutes({round(60 * self.shift_h)})" if self.shift_h else t
        steps = offsets(ZoneInfo(self.zone), first, last)
        cases = " ".join(
            f"WHEN {t} < TIMESTAMP '{until:%Y-%m-%d %H:%M}' THEN {minutes}"
            for (_, minutes), (until, _) in pairwise(steps)
        )
        minutes = f"CASE {cases} ELSE {steps[-1][1]} END" if cases else str(steps[0][1])
        return f"{t} + to_minutes({minutes})"


def offsets(zone: ZoneInfo, first: datetime, last: datetime) -> list[tuple[datetime, int]]:
    """Return (from when in Universal Time, minutes ahead of it) for a span of time, to the minute."""
    steps = [(first - timedelta(days=1), _ahead(zone, first - timedelta(days=1)))]
    at = steps[0][0].replace(second=0, microsecond=0)
    while at <= last:
        later = at + timedelta(days=1)
        if _ahead(zone, later) != steps[-1][1]:
            low, high = at, later
            while high - low > timedelta(minutes=1):
                middle = low + timedelta(minutes=(high - low) // timedelta(minutes=2))
                low, high = (middle, high) if _ahead(zone, middle) == steps[-1][1] else (low, middle)
            steps.append((high, _ahead(zone, high)))
        at = later
    return steps


def _ahead(zone: ZoneInfo, utc: datetime) -> int:
    ahead = utc.replace(tzinfo=UTC).astimezone(zone).utcoffset()
    return round(ahead.total_seconds() / 60) if ahead else 0


def check_zone(name: str, path: Path, mistakes: Mistakes) -> None:
    """Add a mistake when there is no such time zone."""
    if name not in (known := available_timezones()):
        remedy = did_you_mean(name, sorted(known)) or "; write one such as Europe/Berlin or America/New_York"
        mistakes.add(path, f"--timezone {quoted(name)} is unknown{remedy}")


def find_clock(db: duckdb.DuckDBPyConnection, baskets: str, zone: str | None, zones: frozenset[str]) -> Clock:
    """Return what is done to times.

    Args:
        db: the database.
        baskets: SQL of a relation with the times `t` of baskets.
        zone: as the user says: times are Universal Time, unless the file writes them with offsets.
        zones: what the file writes behind its times: "utc", "offset".
    """
    days = _profiles(db, baskets)
    if zone and "offset" in zones:
        return Clock(None, 0.0, "Times carry their distance from Universal Time, so they are the shop's already.")
    if zone:
        return Clock(zone, 0.0, f"Times are taken as Universal Time and turned into those of {zone}, as said.")
    return guess_clock(days)


@dataclass(frozen=True)
class Days:
    """Baskets by day and quarter hour."""

    days: tuple[date, ...]
    quarters: Floats
    """Baskets, shape (days, 96)."""


def _profiles(db: duckdb.DuckDBPyConnection, baskets: str) -> Days:
    rows = db.execute(f"""
        SELECT t::DATE AS day, hour(t) * 4 + minute(t) // 15 AS quarter, count(*) FROM ({baskets})
        GROUP BY ALL ORDER BY ALL
    """).fetchall()
    days = tuple(sorted({row[0] for row in rows}))
    number = {day: k for k, day in enumerate(days)}
    quarters = np.zeros((len(days), 96))
    for day, quarter, n in rows:
        quarters[number[day], quarter] = n
    return Days(days, quarters)


def guess_clock(days: Days) -> Clock:
    """Return the clock that baskets betray: by a jump of an hour at daylight saving, else by the quiet hour."""
    total = days.quarters.sum(axis=0)
    if total.sum() < FEWEST_BASKETS:
        return Clock(None, 0.0, f"Fewer than {FEWEST_BASKETS} baskets: times are left as they are.")
    rule, jump_h = max(((rule, dst_jump_h(days, rule)) for rule in _RULES), key=lambda found: found[1])
    if LEAST_JUMP_H <= jump_h <= MOST_JUMP_H:
        return _with_saving(days, rule, jump_h)
    off_h = _off_h(total)
    if off_h is None or abs(off_h) <= UNSUSPICIOUS_H:
        return Clock(None, 0.0, "The quiet hours are at night, and nothing jumps at daylight saving: times stay.")
    shift_h = -float(round(off_h))
    return Clock(
        None,
        shift_h,
        f"Baskets are fewest around {_clock(quiet_h(total))}, so the clock is off: {shift_h:+.0f} h are added (to "
        "within an hour; say --timezone if times are Universal Time).",
    )


def _with_saving(days: Days, rule: str, jump_h: float) -> Clock:
    """Return the zone of a clock that knows no daylight saving, from the winter's quiet hour."""
    zone = ZoneInfo(_RULES[rule])
    winter = [not datetime(day.year, day.month, day.day, 12, tzinfo=zone).dst() for day in days.days]
    off_h = _off_h(days.quarters[winter].sum(axis=0)) or 0.0
    ahead = -round(off_h)
    name = ZONES.get((rule, ahead))
    found = f"Baskets jump by {jump_h:.1f} h where the {rule} change to daylight saving, so the clock knows none"
    if name is None:
        return Clock(
            None, float(ahead), f"{found}; {ahead:+d} h are added, and summers stay an hour off (say --timezone)."
        )
    at = quiet_h(days.quarters[winter].sum(axis=0))
    return Clock(
        name, 0.0, f"{found}; its winter nights are quietest around {_clock(at)}, as {name} in Universal Time."
    )


def quiet_h(quarters: Floats) -> float:
    """Return the hour of the day at which a shop is emptiest, from baskets by quarter hour, shape (96,).

    The middle of the longest stretch of closed hours; where there is none, the hour opposite the mean direction of
    baskets on the clock's face. NaN when baskets are spread evenly.
    """
    hours = quarters.reshape(24, 4).sum(axis=1)
    closed = hours <= CLOSED_SHARE * hours.sum()
    start, length = _longest(closed)
    if length >= FEWEST_CLOSED_H:
        return (start + length / 2) % 24
    direction = np.sum(quarters * np.exp(2j * np.pi * (np.arange(96) + 0.5) / 96)) / quarters.sum()
    if abs(direction) < LEAST_CONCENTRATION:
        return float("nan")
    return float(np.angle(direction) / (2 * np.pi) * 24 + 12) % 24


def _longest(closed: NDArray[np.bool_]) -> tuple[int, int]:
    """Return start and length of the longest run around the clock."""
    runs = [(start, _run(closed, start)) for start in range(24)]
    return max(runs, key=lambda run: run[1])


def _run(closed: NDArray[np.bool_], start: int) -> int:
    return next((k for k in range(24) if not closed[(start + k) % 24]), 24)


def _off_h(quarters: Floats) -> float | None:
    """Return how many hours the clock is ahead of the shop's, from -12 to 12; None when baskets do not tell."""
    hours = quarters.reshape(24, 4).sum(axis=1)
    usual = CLOSED_H if _longest(hours <= CLOSED_SHARE * hours.sum())[1] >= FEWEST_CLOSED_H else QUIET_H
    off_h = (quiet_h(quarters) - usual + 12) % 24 - 12
    return None if np.isnan(off_h) else off_h


def dst_jump_h(days: Days, rule: str) -> float:
    """Return by how many hours baskets come earlier after daylight saving begins, and later after it ends.

    Mean over the changes in the extract that have enough baskets within four weeks on both sides; 0 without any. One
    for a clock without daylight saving, zero for the shop's own.
    """
    jumps = []
    for changed, spring in _changes(days.days, rule):
        sides = [_between(days, changed + timedelta(days=k)) for k in (-WINDOW_DAYS, 0)]
        if min(side.sum() for side in sides) >= FEWEST_BASKETS:
            before, after = (_mean_h(side) for side in sides)
            later_h = (after - before + 12) % 24 - 12
            jumps.append(-later_h if spring else later_h)
    return float(np.mean(jumps)) if jumps else 0.0


def _changes(days: Sequence[date], rule: str) -> list[tuple[date, bool]]:
    """Return the days on which clocks change, and whether forward."""
    zone = ZoneInfo(_RULES[rule])
    first, last = datetime.combine(days[0], datetime.min.time()), datetime.combine(days[-1], datetime.min.time())
    steps = offsets(zone, first, last)
    return [(at.date(), after > before) for (_, before), (at, after) in pairwise(steps)]


def _between(days: Days, start: date) -> Floats:
    """Return baskets by quarter hour of four weeks, shape (96,)."""
    chosen = [start <= day < start + timedelta(days=WINDOW_DAYS) for day in days.days]
    return np.asarray(days.quarters[chosen].sum(axis=0))


def _mean_h(quarters: Floats) -> float:
    """Return the mean time of day, from the quiet hour to the next: shape (96,) to hours."""
    start = int(quiet_h(quarters) * 4) if not np.isnan(quiet_h(quarters)) else 16
    turned = np.roll(quarters, -start)
    return float(np.sum(turned * (np.arange(96) + 0.5)) / turned.sum() / 4 + start / 4) % 24


def _clock(hour: float) -> str:
    minutes = round(hour * 60) % 1440
    return f"{minutes // 60}:{minutes % 60:02d}"
