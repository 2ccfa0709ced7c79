"""Mistakes are collected, sorted, each once, and name the remedy."""

from pathlib import Path

import pytest

from storesim.inputs.mistakes import (
    MOST_MISTAKES,
    InputError,
    Mark,
    Mistake,
    Mistakes,
    did_you_mean,
    quoted,
    quoted_path,
    suggest,
)


def test_a_mistake_reads_as_file_line_column_and_sentence() -> None:
    mistake = Mistake("layouts/a.yaml", 17, 11, "zone 'produec' is not in this layout; did you mean 'produce'?")
    assert str(mistake) == ("layouts/a.yaml:17:11: zone 'produec' is not in this layout; did you mean 'produce'?")


def test_all_mistakes_are_raised_together_sorted_and_each_once() -> None:
    mistakes = Mistakes()
    for mark in (Mark("b.yaml", 1, 1), Mark("a.yaml", 10, 2), Mark("a.yaml", 9, 1), Mark("a.yaml", 10, 2)):
        mistakes.add(mark, "wrong; right")
    with pytest.raises(InputError) as error:
        mistakes.raise_if_any()
    assert str(error.value).splitlines() == [
        "a.yaml:9:1: wrong; right",
        "a.yaml:10:2: wrong; right",
        "b.yaml:1:1: wrong; right",
    ]


def test_nothing_is_raised_when_nothing_is_wrong() -> None:
    Mistakes().raise_if_any()


def test_a_mistake_of_a_whole_file_stands_at_its_head_with_a_tidy_path() -> None:
    mistakes = Mistakes()
    mistakes.add(Path("scenarios/../layouts/a.yaml"), "wrong; right")
    assert [str(mistake) for mistake in mistakes.found] == ["layouts/a.yaml:1:1: wrong; right"]


def test_reading_stops_when_there_are_too_many_mistakes() -> None:
    mistakes = Mistakes()
    for line in range(1, MOST_MISTAKES):
        mistakes.add(Mark("a.yaml", line, 1), "wrong; right")
    with pytest.raises(InputError) as error:
        mistakes.add(Mark("a.yaml", MOST_MISTAKES, 1), "wrong; right")
    assert error.value.stopped
    assert str(error.value).endswith("stopped after 300 mistakes; mend these first")


def test_collections_can_be_joined() -> None:
    one, other = Mistakes(), Mistakes()
    other.add("a.yaml", "wrong; right")
    other.add_source(Path("a.yaml"), b"x")
    one.take_over(other)
    one.take_over(other)
    assert len(one) == len(one.sources) == 1


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("produec", "; did you mean 'produce'?"),
        ("PRODUCE", "; did you mean 'produce'?"),
        ("Dary", "; did you mean 'Dairy'?"),
        ("zzz", ""),
    ],
)
def test_a_near_miss_is_suggested_whatever_its_case(name: str, remedy: str) -> None:
    assert did_you_mean(name, ["produce", "Dairy"]) == remedy


def test_without_a_near_miss_the_choices_are_listed_but_not_all_of_many() -> None:
    assert suggest("zzz", ["a", "b"]) == "; choose from 'a', 'b'"
    assert suggest("zzz", "abcdefghij").endswith("'h', …")
    assert suggest("zzz", []) == ""


def test_quotes_are_cut_and_stay_on_one_line() -> None:
    assert quoted("x" * 1000) == repr("x" * 60 + "…")
    assert "\n" not in quoted("a\nb")
    assert quoted(3.5) == "3.5"


def test_of_a_long_path_the_end_is_quoted() -> None:
    assert quoted_path("a/../none.csv") == "'none.csv'"
    assert quoted_path("folder/" * 100 + "none.csv").endswith("/folder/none.csv'")
    assert len(quoted_path("folder/" * 100 + "none.csv")) == len(quoted("x" * 1000))
