"""Numbers are written as the readers of a locale write them."""

from math import inf, nan

import pytest

from storesim.report.page.numbers import Numbers

SPACE, NARROW = "\u00a0", "\u202f"


@pytest.fixture
def american() -> Numbers:
    return Numbers("en-US", "USD")


@pytest.mark.parametrize(
    ("locale", "plain", "percent", "money"),
    [
        ("en-US", "1,234,568", "−3.1%", "−$1,234.50"),
        ("de-DE", "1.234.568", f"−3,1{SPACE}%", f"−1.234,50{SPACE}$"),
        ("fr-FR", f"1{NARROW}234{NARROW}568", f"−3,1{SPACE}%", f"−1{NARROW}234,50{SPACE}$US"),
        ("de-CH", "1’234’568", "−3.1%", "$−1’234.50"),
        ("hi-IN", "12,34,568", "−3.1%", "−$1,234.50"),
        ("sv-SE", f"1{SPACE}234{SPACE}568", f"−3,1{SPACE}%", f"−1{SPACE}234,50{SPACE}US$"),
    ],
)
def test_each_locale_in_its_way(locale: str, plain: str, percent: str, money: str) -> None:
    numbers = Numbers(locale, "USD")
    assert numbers.plain(1_234_567.891) == plain
    assert numbers.percent(-0.0312, sign=True) == percent
    assert numbers.money(-1234.5, 0.57) == money


@pytest.mark.parametrize(
    ("value", "size", "words"),
    [
        (1234.5678, 56.78, "1,235"),
        (12.345, 0.4, "12.35"),
        (0.001234, None, "0.00123"),
        (0, None, "0"),
        (-0.0001, 1, "0.0"),
    ],
)
def test_digits_follow_the_size(american: Numbers, value: float, size: float | None, words: str) -> None:
    assert american.plain(value, size) == words


def test_signs_are_real_ones_and_nothing_has_none(american: Numbers) -> None:
    assert american.signed(12.345, 0.4) == "+12.35"
    assert american.signed(-12.345, 0.4) == "−12.35"
    assert american.signed(0.0) == "0"
    assert american.money(57.0, 10.0, sign=True) == "+$57"


def test_differences(american: Numbers) -> None:
    assert american.difference(1234.5678, 56.78) == "+1,235 ± 57"
    assert american.difference(0.0, 0.0) == "0"
    assert american.difference(-1e-15, 3e-15) == "0"
    assert american.difference(-5.0, nan) == "−5.00"
    assert american.difference(2.0, 0.0) == "+2.0 ± 0.0"


def test_intervals(american: Numbers) -> None:
    assert american.interval(2.41, 3.82) == "2.41 to 3.82"
    assert american.interval(-24.1, 38.2) == "−24 to 38"


def test_letters_of_a_currency_keep_off_the_digits() -> None:
    assert Numbers("en-US", "CHF").money(5.0, 1.0) == f"CHF{SPACE}5.0"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1.44, "1.44 s"),
        (61, "1 min 1 s"),
        (696, "11 min 36 s"),
        (-696, "−11 min 36 s"),
        (3599.7, "1 h 00 min"),
        (4000, "1 h 07 min"),
    ],
)
def test_durations(american: Numbers, seconds: float, words: str) -> None:
    assert american.duration(seconds).replace(SPACE, " ") == words


def test_the_clock_has_24_hours(american: Numbers) -> None:
    assert american.clock(59_400) == "16:30"
    assert american.clock(86_460) == "24:01"


@pytest.mark.parametrize("value", [nan, inf, None])
def test_what_is_no_number_is_a_dash(american: Numbers, value: float | None) -> None:
    written = (american.plain, american.signed, american.percent, american.money, american.clock, american.duration)
    assert {write(value) for write in written} == {"–"}
    assert american.interval(value, 1.0) == american.difference(value, 1.0) == "–"
