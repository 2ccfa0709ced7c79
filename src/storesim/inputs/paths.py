"""Recorded paths: the zones that customers were seen to pass, trip by trip, from zone names or measured positions."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np

from storesim.inputs.case import Case
from storesim.inputs.cells import ANY, needed, number
from storesim.inputs.csv_source import Row, Table, open_csv
from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.layout_fields import METRES
from storesim.inputs.mistakes import Mark, Mistakes, quoted, shown
from storesim.inputs.names import Names, folded
from storesim.inputs.parquet_source import is_parquet, open_parquet
from storesim.inputs.snapping import Ints, Off, snap
from storesim.inputs.values import read_number

Trips = tuple[tuple[str, ...], ...]
"""Zone ids of the baseline's layout in the order passed, no zone twice in a row, one tuple a trip."""

REQUIRED, OPTIONAL = ("trip",), ("order", "time", "zone", "x", "y")
MOST_POINTS = 500_000
MOST_ZONES = 300
"""In one trip."""
MOST_LISTED = 5
WHY = {
    Off.FLOOR: "more than 1 m outside the floor",
    Off.FURNITURE: "more than 1 m inside furniture",
    Off.ZONES: "more than 1 m from any zone",
}


@dataclass
class _Points:
    """What the rows say, one element a row."""

    trips: dict[str, int] = field(default_factory=dict)
    """Name -> number, in the order met."""
    trip: list[int] = field(default_factory=list)
    when: list[float] = field(default_factory=list)
    line: list[int] = field(default_factory=list)
    zone: list[int] = field(default_factory=list)
    """Number of the zone; stays empty where positions are measured."""
    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)


def read_paths(
    path: Path, plan: FloorPlan | None, mistakes: Mistakes, warnings: list[str], named_at: Mark | None = None
) -> Trips:
    """Read recorded trips: columns trip, order or time, and zone or x and y (in the layout's units).

    Args:
        path: CSV, or Parquet by its name.
        plan: the baseline's layout, whose zones count; None when it could not be read: only numbers are checked.
        mistakes: takes what is wrong.
        warnings: takes a sentence on positions that could not be snapped to the plan, and the first of them.
        named_at: where the scenario names the file.
    """
    before = len(mistakes)
    if is_parquet(path):
        table = open_parquet(path, REQUIRED, OPTIONAL, mistakes, named_at)
    else:
        table = open_csv(path, REQUIRED, OPTIONAL, mistakes, named_at=named_at)
    if table is None or not _has_form(table, plan, mistakes):
        return ()
    points = _read(table, plan, mistakes)
    if plan is None or len(mistakes) > before:
        return ()
    if "x" in table.columns:
        points.zone = _snapped(path, points, plan, warnings).tolist()
    return tuple(_trips(path, points, plan, mistakes))


def zones_left_out(trips: Trips, cases: Sequence[Case]) -> Iterator[str]:
    """Yield a warning for each case without some of the zones that were passed."""
    passed = {folded(zone): zone for trip in trips for zone in trip}
    for case in cases:
        there = {folded(zone.id) for zone in case.plan.zones}
        missing = [quoted(zone) for name, zone in passed.items() if name not in there]
        if missing:
            few = ", ".join(missing[:MOST_LISTED]) + (", …" if len(missing) > MOST_LISTED else "")
            yield f"variant {quoted(case.name)} has no zone {few}: recorded trips are walked without it there"


def _has_form(table: Table, plan: FloorPlan | None, mistakes: Mistakes) -> bool:
    """Whether the columns say when and where, each in one way, and the plan can make sense of them."""
    mark, before, there = Mark(shown(table.path)), len(mistakes), table.columns
    if ("order" in there) == ("time" in there):
        mistakes.add(mark, "the order of a trip's rows must be said in one way; write a column order, or time")
    if ("zone" in there) == ("x" in there and "y" in there) or ("x" in there) != ("y" in there):
        mistakes.add(mark, "where a customer was must be said in one way; write a column zone, or x and y")
    elif plan and not plan.zones:
        mistakes.add(mark, f"layout {quoted(plan.name)} has no zones for paths to lead through; draw some")
    elif plan and plan.is_schematic and "x" in there:
        mistakes.add(mark, f"layout {quoted(plan.name)} has no measures to place x and y by; write a column zone")
    return len(mistakes) == before


def _read(table: Table, plan: FloorPlan | None, mistakes: Mistakes) -> _Points:
    points = _Points()
    when = _order if "order" in table.columns else _time
    where = _zones(plan) if "zone" in table.columns else _position
    for count, row in enumerate(table.rows(mistakes)):
        if count >= MOST_POINTS:
            mistakes.add(row.mark(), f"there are more than {MOST_POINTS} rows; leave out some trips")
            break
        if needed(row, "trip", mistakes):
            points.trip.append(points.trips.setdefault(row["trip"], len(points.trips)))
            points.when.append(when(row, mistakes))
            points.line.append(row.line)
            where(row, points, mistakes)
    if not points.trip and not len(mistakes):
        mistakes.add(table.path, "there is a header and nothing below it; write the rows too")
    return points


def _order(row: Row, mistakes: Mistakes) -> float:
    return number(row, "order", ANY, mistakes, 0.0) if needed(row, "order", mistakes) else 0.0


def _time(row: Row, mistakes: Mistakes) -> float:
    """Return a time as seconds since whenever: only the order within a trip counts."""
    if not needed(row, "time", mistakes):
        return 0.0
    seconds = read_number(row["time"])
    if seconds is not None:
        return seconds
    try:
        return _clock_s(row["time"])
    except ValueError:
        what = f"'time' is {quoted(row['time'])}; write seconds, 14:03:27 or 2026-01-31 14:03:27"
        mistakes.add(row.mark("time"), what)
        return 0.0


def _clock_s(text: str) -> float:
    if ":" in text[:3]:
        clock = time.fromisoformat(text.zfill(8) if len(text) == 7 else text)
        return clock.hour * 3600 + clock.minute * 60 + clock.second + clock.microsecond / 1e6
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


Where = Callable[[Row, _Points, Mistakes], None]


def _position(row: Row, points: _Points, mistakes: Mistakes) -> None:
    for column, found in (("x", points.x), ("y", points.y)):
        needed(row, column, mistakes)
        found.append(number(row, column, ANY, mistakes, 0.0))


def _zones(plan: FloorPlan | None) -> Where:
    """Return the reader of zone names; a name that is not in the layout is told where it stands first."""
    names = Names("zone", f"layout {quoted(plan.name)}", [zone.id for zone in plan.zones]) if plan else None
    index = {zone.id: i for i, zone in enumerate(plan.zones)} if plan else {}
    known: dict[str, int] = {}

    def read(row: Row, points: _Points, mistakes: Mistakes) -> None:
        text = row["zone"]
        if needed(row, "zone", mistakes) and text not in known:
            own = names.find(text) if names else None
            known[text] = index[own] if own else -1
            if names and own is None:
                mistakes.add(row.mark("zone"), names.missing(text))
        points.zone.append(known.get(text, -1))

    return read


def _snapped(path: Path, points: _Points, plan: FloorPlan, warnings: list[str]) -> Ints:
    """Return the zone of each measured position, -1 for those left out, which a warning lists."""
    unit_m = next((metres for unit, metres in METRES.items() if unit == plan.units), 1.0)
    zone, off = snap(plan, np.column_stack((points.x, points.y)) * unit_m)
    lines = np.array(points.line)
    told = []
    for why, words in WHY.items():
        listed = lines[off == why]
        if len(listed):
            few = ", ".join(map(str, listed[:MOST_LISTED].tolist())) + (", …" if len(listed) > MOST_LISTED else "")
            told.append(f"{len(listed)} {words} (line{'s' if len(listed) > 1 else ''} {few})")
    if told:
        count = int((off != Off.NOT).sum())
        warnings.append(f"{shown(path)}: {count} of {len(zone)} positions are left out: {'; '.join(told)}")
    return zone


def _trips(path: Path, points: _Points, plan: FloorPlan, mistakes: Mistakes) -> Iterator[tuple[str, ...]]:
    """Yield the zones of each trip in order; trips that passed none are left out."""
    trip, zone = np.array(points.trip), np.array(points.zone)
    order = np.lexsort((np.array(points.when), trip))
    order = order[zone[order] >= 0]
    names, ids = list(points.trips), [each.id for each in plan.zones]
    for start, end in _runs(trip[order]):
        passed = tuple(ids[one] for one, _ in groupby(zone[order[start:end]].tolist()))
        if len(passed) > MOST_ZONES:
            name = quoted(names[trip[order[start]]])
            what = f"trip {name} passes {len(passed)} zones; write at most {MOST_ZONES}, or draw larger zones"
            mistakes.add(Mark(shown(path), int(points.line[order[start]])), what)
        yield passed


def _runs(values: Ints) -> Iterable[tuple[int, int]]:
    """Return begin and end of each run of equal values."""
    cuts = np.flatnonzero(np.diff(values)) + 1
    edges = [0, *cuts.tolist(), len(values)]
    return pairwise(edges) if len(values) else ()
