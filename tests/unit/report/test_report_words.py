"""Numbers are written with the digits their half-width makes sense of."""

import math

import pytest

from storesim.report.words import difference_words, number_words, response_words


@pytest.mark.parametrize(
    ("difference", "half_width", "words"),
    [
        (1234.5678, 56.78, "+1,235 ± 57"),
        (-1234.5678, 567.8, "−1,235 ± 568"),
        (0.01234, 0.0056, "+0.0123 ± 0.0056"),
        (0.0, 0.0, "0"),
        (2.5, 0.0, "+2.5 ± 0.0"),
        (-0.0004, 0.3, "0.00 ± 0.30"),
        (12.0, math.nan, "+12"),
        (math.nan, math.nan, "unknown"),
    ],
)
def test_difference_words(difference: float, half_width: float, words: str) -> None:
    assert difference_words(difference, half_width) == words


def test_a_number_gets_no_more_than_six_places() -> None:
    assert number_words(1e-12, 1e-12) == "0.000000"


def test_the_unit_leaves_the_name_of_a_response() -> None:
    assert [response_words(name) for name in ("dwell_s", "walked_m", "sales", "left_without_paying")] == [
        "dwell",
        "walked",
        "sales",
        "left without paying",
    ]
