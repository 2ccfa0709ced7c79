"""How precise a scenario may ask its answer to be."""

from typing import Any, get_args

import pytest

from storesim.inputs.case import Precision, ResponseName
from storesim.inputs.load import load_scenario
from storesim.inputs.mistakes import InputError
from storesim.results.responses import RESPONSES

SEED = "seed: 7"


def test_every_response_can_be_named_and_nothing_else() -> None:
    assert get_args(ResponseName) == tuple(response.name for response in RESPONSES)


def test_nothing_is_asked_unless_it_is_written(store: Any) -> None:
    assert store.load().precision is None
    assert store.load().most_replications == 10


def test_a_percentage_is_a_share_of_the_mean_and_a_number_an_amount(store: Any) -> None:
    store.change("scenario.yaml", SEED, "precision: {response: sales, half_width: 1%, at_most: 200}")
    assert store.load().precision == Precision("sales", 0.01, of_mean=True, at_most=200)
    store.change("scenario.yaml", "half_width: 1%", "half_width: 50")
    assert store.load().precision == Precision("sales", 50.0, of_mean=False, at_most=200)
    assert (store.load().replications, store.load().most_replications) == (10, 200)


def test_a_response_is_named_ignoring_case(store: Any) -> None:
    store.change("scenario.yaml", SEED, "precision: {response: Wait_S, half_width: 0.5, at_most: 10}")
    assert store.load().precision.response == "wait_s"


MISTAKES = {
    "unknown response": (
        "{response: sale, half_width: 1%, at_most: 200}",
        ["scenario.yaml:9:23: 'response' is 'sale'; write", "did you mean 'sales'?"],
    ),
    "no half-width": (
        "{response: sales, half_width: 0%, at_most: 200}",
        ["scenario.yaml:9:42: half_width is '0%'; write a share of the mean such as 1%, or an amount above 0"],
    ),
    "below 0": (
        "{response: sales, half_width: -5, at_most: 200}",
        ["scenario.yaml:9:42: half_width is -5; write a share of the mean such as 1%, or an amount above 0"],
    ),
    "a word": (
        "{response: sales, half_width: narrow, at_most: 200}",
        ["scenario.yaml:9:42: half_width 'narrow' cannot be read; write a share of the mean such as 1%, or an amount"],
    ),
    "a truth": (
        "{response: sales, half_width: true, at_most: 200}",
        ["scenario.yaml:9:42: half_width True cannot be read"],
    ),
    "fewer than the first stage": (
        "{response: sales, half_width: 1%, at_most: 9}",
        [
            "scenario.yaml:9:55: at_most is 9, fewer than the 10 replications that are played first; write at least 10,"
            " or fewer replications"
        ],
    ),
    "too many": (
        "{response: sales, half_width: 1%, at_most: 10001}",
        ["scenario.yaml:9:55: 'at_most' is 10001; write a number of at most 10000"],
    ),
    "a key that is missing": (
        "{response: sales, half_width: 1%}",
        ["scenario.yaml:9:12: key 'at_most' is missing; add it"],
    ),
    "a word alone": ("high", ["scenario.yaml:9:12: 'precision' is 'high'; write keys with values"]),
}


@pytest.mark.parametrize(("written", "told"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_with_its_place_and_remedy(store: Any, written: str, told: list[str]) -> None:
    store.change("scenario.yaml", SEED, f"precision: {written}")
    (found,) = store.mistakes()
    for words in told:
        assert words in found


def test_mistakes_are_told_together(store: Any) -> None:
    store.change("scenario.yaml", SEED, "precision: {response: sale, half_width: no, at_most: 3}")
    assert len(store.mistakes()) == 3


def test_the_command_line_may_not_begin_with_more_than_are_allowed(store: Any) -> None:
    store.change("scenario.yaml", SEED, "precision: {response: sales, half_width: 1%, at_most: 20}")
    path = store.load().sources[0].path
    assert load_scenario(path, replications=20).replications == 20
    with pytest.raises(InputError, match="at_most is 20, fewer than the 21 replications that are played first"):
        load_scenario(path, replications=21)


def test_a_small_first_stage_is_warned_of(store: Any) -> None:
    store.change("scenario.yaml", SEED, "precision: {response: sales, half_width: 1%, at_most: 200}")
    assert not any("first stage" in warning for warning in store.load().warnings)
    store.change("scenario.yaml", "replications: 10", "replications: 5")
    assert any("a first stage of 5 replications tells little of the spread" in text for text in store.load().warnings)
