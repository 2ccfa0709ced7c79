"""What the page's script reads is the day that was played: places, times, baskets, and nobody in the furniture."""

import itertools
import zlib
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import shapely

from storesim.engine.log import Kind
from storesim.experiment.replication import Ready, prepare
from storesim.inputs.case import Scenario
from storesim.inputs.load import load_scenario
from storesim.report.page.replay_data import VariantTracks, lowest, shared_part, take_lines, variant_parts
from storesim.report.page.replay_paths import NEAR_CM, walked_floor
from storesim.report.page.replay_tills import banks
from storesim.report.page.tracks import every_nth, read_tracks
from storesim.results.day import Day
from storesim.store.ground import furniture

ROOT = Path(__file__).parents[4]
HALF_S = 0.5
Point = tuple[float, float]


class Reader:
    """Reads columns as replay_data.py describes them; written apart from it."""

    def __init__(self, text: str) -> None:
        self.bytes = iter(zlib.decompress(b64decode(text)))

    def number(self) -> int:
        value = shift = 0
        for byte in self.bytes:
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value
        raise EOFError

    def ints(self) -> list[int]:
        return [self.number() for _ in range(self.number())]

    def ranked(self) -> list[int]:
        table = self.ints()
        return [table[rank] for rank in self.ints()]

    def is_at_end(self) -> bool:
        return next(self.bytes, None) is None


@dataclass
class Leg:
    """One leg read back; times in seconds."""

    way: list[int]
    """Vertices."""
    sets_out_s: float
    arrives_s: float
    goes_on_s: float
    line: int
    """-1: took nothing."""


@dataclass
class Trip:
    customer: int
    legs: list[Leg] = field(default_factory=list)
    lane: int = -1
    wait_s: float = 0.0
    serve_s: float | None = None
    station: int = 0


@dataclass
class Replayed:
    """One variant read back."""

    trips: dict[int, Trip]
    xy_m: np.ndarray


def read(
    shared: str, parts: Sequence[str], floors: Sequence[int], lowest_cm: Sequence[tuple[int, int]]
) -> list[Replayed]:
    """Read all variants; `floors` numbers the floor of each."""
    crowd = Reader(shared)
    numbers, gaps, _, _ = crowd.ranked(), crowd.ints(), crowd.ints(), crowd.ints()
    assert crowd.is_at_end()
    enters_s = (np.cumsum(gaps) * HALF_S).tolist()
    known: dict[int, tuple[np.ndarray, dict[tuple[int, int, int], list[int]]]] = {}
    found = []
    for part, floor in zip(parts, floors, strict=True):
        reader = Reader(part)
        if floor not in known:
            xy = np.array([reader.ints(), reader.ints()]).T + lowest_cm[floor]
            known[floor] = xy / 100, {}
        xy_m, ways = known[floor]
        found.append(Replayed(trips(reader, numbers, enters_s, ways), xy_m))
        assert reader.is_at_end()
    return found


def trips(
    reader: Reader, numbers: list[int], enters_s: list[float], ways: dict[tuple[int, int, int], list[int]]
) -> dict[int, Trip]:
    habits, doors, counts = reader.ints(), reader.ranked(), reader.ints()
    ends, walks, stands, takes = (
        iter(column) for column in (reader.ranked(), reader.ints(), reader.ints(), reader.ranked())
    )
    lanes = reader.ints()
    waits, serves, stations = (iter(reader.ints()) for _ in range(3))
    bends, vertices = iter(reader.ints()), iter(reader.ranked())
    made = {}
    for number, now_s, habit, here, count, lane in zip(numbers, enters_s, habits, doors, counts, lanes, strict=True):
        trip = made[number] = Trip(number, lane=lane - 1)
        for left in range(count, 0, -1):
            end = next(ends)
            key = (-1 if left == 1 else habit, here, end)
            if here != end and key not in ways:
                ways[key] = [next(vertices) for _ in range(next(bends))]
            way = [here, *ways[key], end] if here != end else [here]
            arrives_s = now_s + HALF_S * next(walks)
            goes_on_s = arrives_s + HALF_S * next(stands)
            trip.legs.append(Leg(way, now_s, arrives_s, goes_on_s, next(takes) - 1))
            now_s, here = goes_on_s, end
        if lane:
            trip.wait_s, served, trip.station = HALF_S * next(waits), next(serves), next(stations)
            trip.serve_s = HALF_S * (served - 1) if served else None
    return made


@dataclass
class Encoded:
    days: list[Day]
    lines: list[tuple[int, int, float]]
    shared: str
    parts: list[str]
    replayed: list[Replayed]


def encode(ready: Ready, every: int = 1) -> Encoded:
    population = ready.population(0)
    days = [ready.play(variant, population, 0) for variant in range(len(ready.shops))]
    floors = {id(day.floor): walked_floor(day.floor, day.scenario.parameters) for day in days}
    variants = [VariantTracks(read_tracks(day, every_nth(day, every)), floors[id(day.floor)]) for day in days]
    lines = take_lines(variant.tracks for variant in variants)
    shared, parts = shared_part(days[0], variants[0].tracks), variant_parts(variants, lines)
    order = list(floors)
    replayed = read(shared, parts, [order.index(id(day.floor)) for day in days], [lowest(f) for f in floors.values()])
    return Encoded(days, lines, shared, parts, replayed)


@pytest.fixture(scope="module")
def encoded(small_ready: Ready) -> Encoded:
    """The small shop's first day in all variants, written and read back."""
    return encode(small_ready)


@pytest.fixture(scope="module")
def sketched() -> Encoded:
    """The same of the shop of zones and links."""
    return encode(prepare(load_scenario(ROOT / "scenarios" / "corner_shop.yaml")))


def rows_of(day: Day, kind: Kind) -> list[tuple[int, float, int]]:
    """The customer, time and place of every fact of a kind, by customer."""
    rows = np.flatnonzero(day.log.kind == kind)
    rows = rows[np.argsort(day.log.customer[rows], kind="stable")]
    log = day.log
    return list(zip(log.customer[rows].tolist(), log.t_s[rows].tolist(), log.place[rows].tolist(), strict=True))


def test_at_every_event_the_customer_is_where_it_took_place(encoded: Encoded) -> None:
    for day, replayed in zip(encoded.days, encoded.replayed, strict=True):
        legs = {number: iter(trip.legs) for number, trip in replayed.trips.items()}
        walks, ends = rows_of(day, Kind.WALK), {}
        for customer, t_s, place in walks:
            leg = next(legs[customer])
            assert leg.sets_out_s == pytest.approx(t_s, abs=0.26)
            assert leg.way[-1] == place
            ends.setdefault(customer, []).append(leg)
        for kind in (Kind.STOP, Kind.JOIN, Kind.LEAVE):
            for customer, t_s, place in rows_of(day, kind):
                assert any(leg.way[-1] == place and abs(leg.arrives_s - t_s) < 0.26 for leg in ends[customer])
        assert all(next(left, None) is None for left in legs.values())
        for customer, t_s, place in rows_of(day, Kind.ENTER):
            first = replayed.trips[customer].legs[0]
            assert (first.way[0], first.sets_out_s) == (place, pytest.approx(t_s, abs=0.26))


def test_places_are_drawn_where_they_are(encoded: Encoded) -> None:
    for day, replayed in zip(encoded.days, encoded.replayed, strict=True):
        assert np.abs(replayed.xy_m - day.floor.ways.vertex_xy).max() < 0.0051


def test_on_a_sketch_customers_walk_along_the_links(sketched: Encoded) -> None:
    day, replayed = sketched.days[0], sketched.replayed[0]
    places = len(day.floor.places.names)
    ids = [zone.id for zone in day.floor.plan.zones]
    linked = {frozenset((link.start, link.end)) for link in day.floor.plan.links}
    walked = set()
    for trip in replayed.trips.values():
        for leg in trip.legs:
            hubs = [ids[vertex - places] for vertex in leg.way if vertex >= places]
            walked |= {frozenset(pair) for pair in itertools.pairwise(hubs)}
    assert walked
    assert walked <= linked


def test_baskets_are_those_of_the_log_to_the_last_digit(encoded: Encoded) -> None:
    for day, replayed in zip(encoded.days, encoded.replayed, strict=True):
        log = day.log
        rows = np.flatnonzero(log.kind == Kind.TAKE)
        rows = rows[np.argsort(log.customer[rows], kind="stable")]
        columns = (log.customer, log.product, log.units, log.amount)
        told = list(zip(*(column[rows].tolist() for column in columns), strict=True))
        taken = [
            (number, *encoded.lines[leg.line]) for number in sorted(replayed.trips)
            for leg in replayed.trips[number].legs if leg.line >= 0
        ]  # fmt: skip
        assert taken == told
        at_s = [
            leg.goes_on_s for number in sorted(replayed.trips) for leg in replayed.trips[number].legs if leg.line >= 0
        ]
        assert np.abs(np.array(at_s) - log.t_s[rows]).max() < 0.26


def test_queues_and_services_are_those_of_the_log(encoded: Encoded) -> None:
    for day, replayed in zip(encoded.days, encoded.replayed, strict=True):
        queues = day.queues
        for i, customer in enumerate(queues.customer.tolist()):
            trip = replayed.trips[customer]
            assert trip.lane == queues.lines.lane[i]
            assert trip.wait_s == pytest.approx(queues.wait_s[i], abs=0.51)
            assert (trip.serve_s is not None) == queues.served[i]
        joined = {number for number, trip in replayed.trips.items() if trip.lane >= 0}
        assert joined == set(queues.customer.tolist())


def test_customers_walk_as_fast_as_they_do_in_the_store(encoded: Encoded) -> None:
    """Leaving out bends shortens no way by more than the tolerance at each; crowds may slow a customer down."""
    for day, replayed in zip(encoded.days, encoded.replayed, strict=True):
        for number, trip in replayed.trips.items():
            for leg in trip.legs:
                steps = np.diff(replayed.xy_m[leg.way], axis=0)
                drawn_m = float(np.hypot(*steps.T).sum())
                could_m = day.population.speed_m_s[number] * (leg.arrives_s - leg.sets_out_s + HALF_S)
                assert drawn_m <= could_m + 0.02 * len(leg.way)


def test_ways_are_as_long_as_those_walked(encoded: Encoded) -> None:
    day, replayed = encoded.days[0], encoded.replayed[0]
    distance_m = day.floor.ways.distance_m
    for number, trip in replayed.trips.items():
        for leg in trip.legs[:-1]:
            drawn_m = float(np.hypot(*np.diff(replayed.xy_m[leg.way], axis=0).T).sum())
            walked_m = float(distance_m[day.habit[number], leg.way[0], leg.way[-1]])
            assert drawn_m == pytest.approx(walked_m, rel=0.02, abs=2 * NEAR_CM / 100)


def test_ways_out_are_as_long_as_the_floor_says(encoded: Encoded) -> None:
    day, replayed = encoded.days[0], encoded.replayed[0]
    places = day.floor.places
    for trip in replayed.trips.values():
        way = trip.legs[-1].way
        drawn_m = float(np.hypot(*np.diff(replayed.xy_m[way], axis=0).T).sum())
        till, door = way[0] - places.bays - places.doors, way[-1] - places.bays
        assert drawn_m == pytest.approx(day.floor.exit_m[till, door], abs=0.2)


def test_nobody_is_drawn_inside_a_fixture(encoded: Encoded) -> None:
    """But on the first stretch of the way out, which leads straight through the lane and what stands at its end."""
    for day, replayed in zip(encoded.days, encoded.replayed, strict=True):
        solid = shapely.union_all([shapely.Polygon(f.outline) for f in day.floor.plan.fixtures])
        ways = {tuple(leg.way) for trip in replayed.trips.values() for leg in trip.legs[:-1] if len(leg.way) > 1}
        ways |= {tuple(trip.legs[-1].way[1:]) for trip in replayed.trips.values()}
        lines = [shapely.LineString(replayed.xy_m[list(way)]) for way in sorted(ways)]
        assert min(shapely.distance(lines, solid)) > 0.25 - NEAR_CM / 100 - 0.01


@pytest.mark.parametrize("layout", ["market_scenario", "small_scenario"])
def test_queues_stand_clear_of_fixtures(layout: str, request: pytest.FixtureRequest) -> None:
    scenario: Scenario = request.getfixturevalue(layout)
    for case in scenario.cases:
        solid = shapely.union_all(
            [polygon for name, polygon in furniture(case.plan) if not name.startswith("checkout")]
        )
        spots = np.array([checkout.queue_at for checkout in case.plan.checkouts]) * 100
        for bank in banks(case.plan, spots):
            for (x, y), room in zip(bank.heads, bank.room, strict=True):
                end = (x + room * bank.along[0], y + room * bank.along[1])
                queue = shapely.LineString([(x / 100, y / 100), (end[0] / 100, end[1] / 100)])
                assert queue.distance(solid) > 0.22, (case.name, bank.name)


def test_nobody_is_served_where_another_is(encoded: Encoded) -> None:
    for replayed in encoded.replayed:
        served = sorted(
            (trip.lane, trip.station, trip.legs[-2].arrives_s + trip.wait_s, trip.serve_s)
            for trip in replayed.trips.values() if trip.serve_s is not None
        )  # fmt: skip
        for (lane, station, begins_s, serve_s), after in itertools.pairwise(served):
            if (lane, station) == after[:2]:
                assert begins_s + serve_s <= after[2] + HALF_S


def test_some_customers_are_every_nth_by_number(small_ready: Ready, encoded: Encoded) -> None:
    sampled = encode(small_ready, every=7)
    numbers = set(sampled.replayed[0].trips)
    assert numbers == {number for number in encoded.replayed[0].trips if number % 7 == 0}
    assert sampled.replayed[0].trips[14].legs[0].way[-1] == encoded.replayed[0].trips[14].legs[0].way[-1]


def test_the_same_day_gives_the_same_text(small_ready: Ready, encoded: Encoded) -> None:
    again = encode(small_ready)
    assert (again.shared, again.parts, again.lines) == (encoded.shared, encoded.parts, encoded.lines)


def test_a_customer_takes_at_most_a_hundred_bytes(encoded: Encoded) -> None:
    """1.2 MB for five variants of 2,000 customers are 120 characters each; the small shop's trips are shorter."""
    assert len(encoded.parts[0]) / len(encoded.days[0].population) < 60
