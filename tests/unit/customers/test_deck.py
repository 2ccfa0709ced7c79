"""The deck gives every pair the same uniforms, whenever and in whatever blocks they are asked for."""

import numpy as np
import pytest

from storesim.customers import deck
from storesim.customers.deck import UNIFORMS, Deck, DeckPairs
from storesim.customers.inclinations import Inclinations
from storesim.customers.population import Floats
from storesim.customers.streams import Purpose, Streams
from storesim.customers.tastes import Tastes

PRODUCTS, CUSTOMERS = ("tea", "jam", "rice"), 23
STREAMS = Streams(seed=5, replication=2)


@pytest.fixture(scope="module")
def all_at_once() -> Floats:
    """One stream a product, drawn in one go; shape (products, customers, UNIFORMS)."""
    return np.stack([STREAMS.generator(Purpose.PRODUCT, name).random((CUSTOMERS, UNIFORMS)) for name in PRODUCTS])


@pytest.mark.parametrize("kept", [1, 2, 99])
@pytest.mark.parametrize("block", [1, 4, 23, 50])
def test_what_is_no_longer_kept_is_drawn_again(
    all_at_once: Floats, monkeypatch: pytest.MonkeyPatch, block: int, kept: int
) -> None:
    """Forwards, then some pairs, then all of it: blocks are asked for in any order."""
    monkeypatch.setattr(deck, "BLOCK", block)
    monkeypatch.setattr(deck, "KEPT", kept)
    cards = Deck(STREAMS, PRODUCTS, CUSTOMERS)
    customer, product = np.array([0, 0, 7, 22]), np.array([2, 0, 1, 2])
    for _ in range(2):
        assert np.array_equal(np.concatenate([drawn for _, drawn in cards.blocks()], axis=1), all_at_once)
        assert np.array_equal(cards.of(customer, product), all_at_once[product, customer])


def test_pairs_get_their_uniforms_when_they_are_asked_for(all_at_once: Floats) -> None:
    """The second customer has none, the third has two pairs, of which one is asked for."""
    first, product = np.array([0, 1, 1, 3, *[3] * (CUSTOMERS - 3)]), np.array([1, 0, 2], dtype=np.int16)
    tastes = Tastes(["sweet"], [1.0], [np.array([1])], len(PRODUCTS))
    inclined = Inclinations(
        by_kind=np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),
        kind=np.array([0, 0, 1, *[0] * (CUSTOMERS - 3)]),
        scale=np.array([0.5, *[2.0] * (CUSTOMERS - 1)]),
        tastes=tastes,
        drawn=np.full((CUSTOMERS, 1), 10.0),
    )
    rounded = np.zeros(3, dtype=np.float32)
    pairs = DeckPairs(first, product, rounded, Deck(STREAMS, PRODUCTS, CUSTOMERS), inclined)
    assert pairs.customer.tolist() == [0, 2, 2]
    few = pairs.only(np.array([0, 2]))
    assert few.customer.tolist() == [0, 2]
    assert few.product.tolist() == [1, 2]
    assert few.first[:4].tolist() == [0, 1, 1, 2]
    assert few.threshold.tolist() == (-np.log1p(-all_at_once[[1, 2], [0, 2], deck.U_NOTICE])).tolist()
    assert few.odds.tolist() == [2.0 * 0.5 * 10, 6.0 * 2.0]
    assert few.u_want.tolist() == all_at_once[[1, 2], [0, 2], deck.U_WANT].tolist()
    whole = pairs.with_uniforms(all_at_once[[1, 0, 2], [0, 2, 2]])
    assert whole.u_dwell.tolist() == all_at_once[[1, 0, 2], [0, 2, 2], deck.U_DWELL].tolist()
    assert whole.only(np.array([0, 2])).u_want.tolist() == few.u_want.tolist()


def test_nobody_comes() -> None:
    nobody = Deck(STREAMS, PRODUCTS, 0)
    assert not list(nobody.blocks())
    assert nobody.of(np.empty(0, dtype=int), np.empty(0, dtype=int)).shape == (0, UNIFORMS)
