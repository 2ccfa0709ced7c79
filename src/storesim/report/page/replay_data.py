"""Tracks as text for a page: columns of whole numbers, deflated, in base64.

A part is a chain of columns. A column is a count and so many numbers, each as a varint: seven bits a byte, lowest
first, the top bit set on all bytes but the last. A *ranked* column is two: the distinct values, the most frequent
first, then for each value its rank among them.

The first part is what all variants share: customers' numbers (ranked), arrivals (ticks, each less the one before),
segments and missions. Then comes a part a variant: if it is the first one on its floor the vertices' x and y (cm,
from the floor's lowest); habits, door (ranked) and legs by customer; ends (ranked), walks, stands and takes (a row of
the table of lines + 1, or 0; ranked) by leg; queue + 1 or 0 by customer; waits, serves + 1 (0: gave up) and stations
by customer who joined one; and the bends of the ways that have not been walked before on this floor, in the order of
walking: their number by way, and the vertices (ranked). The last leg of a trip is the way out, the same for every
habit.
"""

import zlib
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.report.page.replay_paths import WAY_OUT, WalkedFloor, Way
from storesim.report.page.tracks import Tracks
from storesim.results.day import Day

Ints = NDArray[np.int64]
Line = tuple[int, int, float]
"""(product, units, amount): what one hand takes from a shelf."""


@dataclass(frozen=True, eq=False)
class VariantTracks:
    """One variant's day and its floor; variants on one floor share the object."""

    tracks: Tracks
    floor: WalkedFloor


def take_lines(days: Iterable[Tracks]) -> list[Line]:
    """Return the distinct takes of all days, the most frequent first."""
    counts: Counter[Line] = Counter()
    for tracks in days:
        taken = tracks.product >= 0
        columns = (tracks.product[taken].tolist(), tracks.units[taken].tolist(), tracks.amount[taken].tolist())
        counts.update(zip(*columns, strict=True))
    return sorted(counts, key=lambda line: (-counts[line], line))


def shared_part(day: Day, tracks: Tracks) -> str:
    """Return what the customers bring, whatever the variant."""
    who = tracks.customer
    return _text(
        _ranked(who),
        _ints(np.diff(tracks.enters, prepend=0)),
        _ints(day.population.segment[who]),
        _ints(day.population.mission[who]),
    )


def variant_parts(variants: Sequence[VariantTracks], lines: Sequence[Line]) -> list[str]:
    """Return one part a variant; each can be read once those before it on its floor have been."""
    row = {line: number for number, line in enumerate(lines)}
    known: dict[int, set[Way]] = {}
    parts = []
    for variant in variants:
        floor = [] if id(variant.floor) in known else _floor(variant.floor)
        walked = known.setdefault(id(variant.floor), set())
        parts.append(_text(*floor, *_trips(variant.tracks, row), *_bends(variant, walked)))
    return parts


def lowest(floor: WalkedFloor) -> tuple[int, int]:
    """Return the floor's lowest x and y, from which its vertices are counted, cm."""
    x, y = floor.xy_cm.min(axis=0).tolist()
    return int(x), int(y)


def _floor(floor: WalkedFloor) -> list[bytes]:
    return [_ints(column) for column in (floor.xy_cm - lowest(floor)).T]


def _trips(tracks: Tracks, row: Mapping[Line, int]) -> list[bytes]:
    columns = (tracks.product.tolist(), tracks.units.tolist(), tracks.amount.tolist())
    takes = np.array([row[line] + 1 if line[0] >= 0 else 0 for line in zip(*columns, strict=True)], dtype=np.int64)
    tills = tracks.tills
    joined = tills.lane >= 0
    first = np.cumsum(tracks.legs) - tracks.legs
    return [
        _ints(tracks.habit),
        _ranked(tracks.start[first]),
        _ints(tracks.legs),
        _ranked(tracks.end),
        _ints(tracks.walks),
        _ints(tracks.stands),
        _ranked(takes),
        _ints(tills.lane + 1),
        _ints(tills.waits[joined]),
        _ints(tills.serves[joined] + 1),
        _ints(tills.station[joined]),
    ]


def _bends(variant: VariantTracks, walked: set[Way]) -> list[bytes]:
    """Return the bends of the ways not `walked` yet, which then are."""
    tracks = variant.tracks
    habit = np.repeat(tracks.habit, tracks.legs)
    habit[np.cumsum(tracks.legs) - 1] = WAY_OUT
    ways = zip(habit.tolist(), tracks.start.tolist(), tracks.end.tolist(), strict=True)
    new = [way for way in dict.fromkeys(ways) if way[1] != way[2] and way not in walked]
    walked.update(new)
    bends = variant.floor.bends(new)
    return [_ints(len(way) for way in bends), _ranked(vertex for way in bends for vertex in way)]


def _text(*columns: bytes) -> str:
    return b64encode(zlib.compress(b"".join(columns), 9)).decode("ascii")


def _ranked(values: Iterable[int]) -> bytes:
    values = [int(value) for value in values]
    counts = Counter(values)
    table = sorted(counts, key=lambda value: (-counts[value], value))
    rank = {value: number for number, value in enumerate(table)}
    return _ints(table) + _ints(rank[value] for value in values)


def _ints(values: Iterable[int]) -> bytes:
    """Return a column: its length, then numbers of at least 0."""
    numbers = [int(value) for value in values]
    coded = bytearray()
    for number in (len(numbers), *numbers):
        while number > 0x7F:
            coded.append(number & 0x7F | 0x80)
            number >>= 7
        coded.append(number)
    return bytes(coded)
