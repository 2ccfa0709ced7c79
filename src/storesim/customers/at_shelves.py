"""What customers bring to shelves that may be empty, to counters and to advice: uniforms drawn before anybody comes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from storesim.customers.streams import Purpose, Streams
from storesim.customers.types import Floats, Ints


@dataclass(frozen=True, eq=False)
class ShelfDraws:
    """One uniform a decision, the same in every variant."""

    u_empty: Floats
    """Shape (pairs on the lists,): substitute, postpone or leave, in front of an empty shelf."""
    u_service: Mapping[str, Floats]
    """Counter -> shape (customers,): how long service takes."""
    u_convert: Mapping[str, Floats]
    """Counter -> shape (customers,): takes what was asked for when below the conversion."""
    u_advice: Floats
    """Shape (customers,): takes advice when below the share who do."""


def draw_at_shelves(
    streams: Streams, customers: int, products: Sequence[str], counters: Sequence[str], pairs: tuple[Ints, Ints]
) -> ShelfDraws:
    """Return the uniforms of so many customers; `pairs` are the (customer, product) of the lists, in order."""
    customer, product = pairs
    u_empty = np.zeros(len(product))
    for number, name in enumerate(products):
        mine = np.flatnonzero(product == number)
        if len(mine):
            u_empty[mine] = streams.uniforms(Purpose.EMPTY, customers, name)[customer[mine]]
    return ShelfDraws(
        u_empty=u_empty,
        u_service={name: streams.uniforms(Purpose.COUNTER_SERVICE, customers, name) for name in counters},
        u_convert={name: streams.uniforms(Purpose.COUNTER_TAKES, customers, name) for name in counters},
        u_advice=streams.uniforms(Purpose.ADVICE, customers),
    )


def of_some(draws: ShelfDraws, customers: Ints, pairs: Ints) -> ShelfDraws:
    """Return the uniforms of some customers, and of their pairs."""
    return ShelfDraws(
        draws.u_empty[pairs],
        {name: u[customers] for name, u in draws.u_service.items()},
        {name: u[customers] for name, u in draws.u_convert.items()},
        draws.u_advice[customers],
    )
