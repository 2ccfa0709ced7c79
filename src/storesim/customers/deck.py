"""The uniforms of every customer for every product, drawn in blocks, and drawn again when asked for again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.customers.blocks import blocks
from storesim.customers.inclinations import Inclinations
from storesim.customers.population import Floats, Ints, Pairs
from storesim.customers.streams import Purpose, Streams

BLOCK = 256
"""Customers drawn at a time: bounds memory to some 3 MB a block at 240 products, whatever the day."""
KEPT = 10
"""Blocks up to which all of a day are kept, as of most days; else none is."""
UNIFORMS = 7
U_NEED, U_PLANNED, U_UNITS, U_DWELL, U_PLACE, U_NOTICE, U_WANT = range(UNIFORMS)


class Deck:
    """Uniforms by (customer, product), shape (UNIFORMS,) each: one stream a product, customers in order.

    All of a big day would not fit into memory, and few of them matter in the end.
    """

    def __init__(self, streams: Streams, products: Sequence[str], customers: int):
        self._generators = [streams.generator(Purpose.PRODUCT, product) for product in products]
        self._customers, self._position = customers, 0
        self._kept: dict[int, Floats] = {}

    def blocks(self) -> Iterator[tuple[slice, Floats]]:
        """Return the customers of each block, and their uniforms, shape (products, customers, UNIFORMS)."""
        return ((rows, self._block(rows)) for rows in blocks(self._customers, BLOCK))

    def of(self, customer: Ints, product: Ints) -> Floats:
        """Return the uniforms of pairs, shape (pairs, UNIFORMS); customers in ascending order."""
        found = np.empty((len(customer), UNIFORMS))
        for rows in blocks(self._customers, BLOCK):
            mine = slice(*np.searchsorted(customer, (rows.start, rows.stop)))
            if mine.stop > mine.start:
                found[mine] = self._block(rows)[product[mine], customer[mine] - rows.start]
        return found

    def _block(self, rows: slice) -> Floats:
        if self._customers > KEPT * BLOCK:
            return self._draw(rows)
        if rows.start not in self._kept:
            self._kept[rows.start] = self._draw(rows)
        return self._kept[rows.start]

    def _draw(self, rows: slice) -> Floats:
        drawn = np.empty((len(self._generators), rows.stop - rows.start, UNIFORMS))
        skipped = (rows.start - self._position) * UNIFORMS
        for generator, own in zip(self._generators, drawn, strict=True):
            if skipped:
                generator.bit_generator.advance(skipped)  # type: ignore[attr-defined] # a PCG64: one step a uniform
            generator.random(out=own)
        self._position = rows.stop
        return drawn


def by_customer(block: Floats, column: int) -> Floats:
    """Return one of the uniforms of a block, shape (customers, products)."""
    return np.ascontiguousarray(block[:, :, column].T)


@dataclass(frozen=True, eq=False)
class DeckPairs:
    """Pairs as `Pairs` has them, but for uniforms and odds: those are still in the deck, these to be worked out."""

    first: Ints
    product: NDArray[np.int16]
    threshold: NDArray[np.float32]
    """Rounded: whoever is asked for has the exact one."""
    deck: Deck
    inclined: Inclinations

    @property
    def customer(self) -> Ints:
        """Shape (pairs,)."""
        return np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))

    def only(self, rows: Ints) -> Pairs:
        """Return some of the pairs with their uniforms, by row number in ascending order."""
        customer, product = np.searchsorted(self.first, rows, side="right") - 1, self.product[rows].astype(np.int64)
        first, u = np.searchsorted(rows, self.first), self.deck.of(customer, product)
        return _whole(first, customer, product, u, self.inclined)

    def with_uniforms(self, u: Floats) -> Pairs:
        """Return all of the pairs with their uniforms, shape (pairs, UNIFORMS)."""
        return _whole(self.first, self.customer, self.product.astype(np.int64), u, self.inclined)


def threshold(u: Floats) -> Floats:
    """Return the exposure at which a product is noticed, Exp(1), for uniforms of the deck."""
    return np.asarray(-np.log1p(-u))


def _whole(first: Ints, customer: Ints, product: Ints, u: Floats, inclined: Inclinations) -> Pairs:
    return Pairs(
        first=first,
        customer=customer,
        product=product,
        u_units=u[:, U_UNITS].copy(),  # a view would hold on to all uniforms of the pairs
        u_dwell=u[:, U_DWELL].copy(),
        u_place=u[:, U_PLACE].copy(),
        u_want=u[:, U_WANT].copy(),
        threshold=threshold(u[:, U_NOTICE]),
        odds=inclined.odds_of(customer, product),
    )
