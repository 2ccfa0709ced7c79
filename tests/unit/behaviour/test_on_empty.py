"""In front of an empty shelf, by hand."""

import numpy as np

from storesim.behaviour.on_empty import LEAVES, POSTPONES, SUBSTITUTES, instead, on_empty
from storesim.inputs.operations import OnEmpty


def test_the_shares_are_those_of_the_rules() -> None:
    did = [on_empty(u, OnEmpty(substitute=0.45, postpone=0.15)) for u in (np.arange(1000) + 0.5) / 1000]
    assert [did.count(what) for what in (SUBSTITUTES, POSTPONES, LEAVES)] == [450, 150, 400]


def test_rivals_are_taken_by_their_shares() -> None:
    rivals = [(7, 3.0), (2, 1.0)]
    assert [instead(u, rivals) for u in (0.0, 0.74, 0.76, 1.0)] == [7, 7, 2, 2]


def test_without_rivals_nothing_is_taken_instead() -> None:
    assert instead(0.5, []) == -1
