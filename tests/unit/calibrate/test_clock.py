from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pytest

from storesim.calibrate.clock import Clock, Days, dst_jump_h, find_clock, guess_clock, offsets, quiet_h

RNG = np.random.default_rng(1)


def baskets(zone: str | None, first: date, days: int, opens: int = 0, closes: int = 24, a_day: int = 80) -> Days:
    """Return baskets as a clock shows them that runs on Universal Time, in a shop in a zone (None: no shift at all)."""
    hours = np.arange(opens, closes, 0.25)
    weight = np.exp(2.5 * np.cos((hours - 16) / 24 * 2 * np.pi))
    counts: dict[date, np.ndarray] = {}
    for day in (first + timedelta(days=k) for k in range(days)):
        for hour in RNG.choice(hours, a_day, p=weight / weight.sum()):
            local = datetime.combine(day, datetime.min.time()) + timedelta(hours=float(hour))
            shown = local - (local.replace(tzinfo=ZoneInfo(zone)).utcoffset() or timedelta()) if zone else local
            counts.setdefault(shown.date(), np.zeros(96))[shown.hour * 4 + shown.minute // 15] += 1
    return Days(tuple(sorted(counts)), np.array([counts[day] for day in sorted(counts)]))


def test_the_shops_own_clock_is_left_alone() -> None:
    clock = guess_clock(baskets(None, date(2026, 1, 5), 200))
    assert (clock.zone, clock.shift_h) == (None, 0.0)


@pytest.mark.parametrize(
    ("zone", "first", "opens", "closes"),
    [
        ("America/New_York", date(2026, 1, 5), 0, 24),
        ("America/Chicago", date(2026, 8, 5), 7, 22),
        ("Europe/Berlin", date(2026, 1, 5), 7, 22),
        ("Europe/London", date(2026, 1, 5), 0, 24),
    ],
)
def test_universal_time_shows_itself_at_daylight_saving(zone: str, first: date, opens: int, closes: int) -> None:
    assert guess_clock(baskets(zone, first, 150, opens, closes)).zone == zone


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Phoenix"])
def test_a_constant_shift_is_found_to_within_an_hour(zone: str) -> None:
    true = ZoneInfo(zone).utcoffset(datetime(2026, 1, 5))
    clock = guess_clock(baskets(zone, date(2026, 1, 5), 60))
    error_h = (clock.shift_h - true.total_seconds() / 3600 + 12) % 24 - 12
    assert (clock.zone, abs(error_h) <= 1) == (None, True)
    assert "say --timezone" in clock.why


def test_a_shift_of_two_hours_alone_is_the_shops_own_habit() -> None:
    assert guess_clock(baskets("Africa/Cairo", date(2026, 1, 5), 60)).shift_h == 0.0


def test_few_baskets_tell_nothing() -> None:
    assert guess_clock(baskets("Asia/Tokyo", date(2026, 1, 5), 3)).why.startswith("Fewer than 300 baskets")


def test_even_baskets_have_no_quiet_hour() -> None:
    assert np.isnan(quiet_h(np.ones(96)))


@pytest.mark.parametrize(("opens", "closes", "quiet"), [(7, 22, 2.5), (8, 20, 2.0), (0, 18, 21.0)])
def test_a_shop_that_closes_is_quietest_in_the_middle(opens: int, closes: int, quiet: float) -> None:
    quarters = np.repeat([opens <= hour < closes for hour in range(24)], 4).astype(float)
    assert quiet_h(quarters) == quiet


def test_baskets_jump_at_the_rule_of_their_own_continent() -> None:
    days = baskets("America/New_York", date(2026, 1, 5), 350)
    american, european = dst_jump_h(days, "US"), dst_jump_h(days, "EU")
    assert abs(american - 1) < 0.2
    assert european < american - 0.2


def test_offsets_change_at_the_minute_of_daylight_saving() -> None:
    steps = offsets(ZoneInfo("America/New_York"), datetime(2017, 1, 1), datetime(2017, 12, 31))
    assert steps[1:] == [(datetime(2017, 3, 12, 7), -240), (datetime(2017, 11, 5, 6), -300)]
    assert steps[0][1] == -300


def test_times_become_the_zones() -> None:
    t = ["2026-03-29 00:59", "2026-03-29 01:00", "2026-07-01 12:00", "2026-12-01 12:00"]
    sql = Clock("Europe/Berlin", 0.0, "").local_sql("t", datetime(2026, 3, 1), datetime(2026, 12, 31))
    source = " UNION ALL ".join(f"SELECT {k} AS k, TIMESTAMP '{each}' AS t" for k, each in enumerate(t))
    local = [row[0] for row in duckdb.execute(f"SELECT {sql} FROM ({source}) ORDER BY k").fetchall()]  # noqa: S608
    assert [f"{each:%m-%d %H:%M}" for each in local] == ["03-29 01:59", "03-29 03:00", "07-01 14:00", "12-01 13:00"]


def test_times_with_offsets_are_the_shops_already() -> None:
    with duckdb.connect() as db:
        clock = find_clock(db, "SELECT TIMESTAMP '2026-03-02 18:05:00' AS t", "Europe/Berlin", frozenset({"offset"}))
    assert (clock.zone, clock.shift_h) == (None, 0.0)
