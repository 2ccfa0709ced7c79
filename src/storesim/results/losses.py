"""Sales that were within reach and did not come, by product and cause, at regular prices."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.behaviour.substitutes import groups
from storesim.customers.blocks import blocks
from storesim.customers.population import Ints, Pairs
from storesim.inputs.case import Product
from storesim.results.baskets import Baskets

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
BLOCK = 4096
"""Customers looked at together: all of a market's day."""


@dataclass(frozen=True, eq=False)
class Losses:
    """Lost value in the scenario's currency; arrays of shape (products,) unless they say otherwise."""

    missed: Bools
    """Shape (pairs on the lists,): neither taken, nor a substitute for it."""
    not_found: Floats
    """On the list and not taken (not on the shelf, not found, too dear), at the product's mean units; not lost is what
    a substitute was taken for."""
    queue: Floats
    """Taken, and left at the till."""


def read_losses(needs: Pairs, baskets: Baskets, products: tuple[Product, ...]) -> Losses:
    """Return what was lost on one day."""
    price = np.array([product.price for product in products])
    units = np.array([product.units for product in products])
    lots = blocks(len(baskets.customer_paid), BLOCK)
    missed = np.concatenate([np.zeros(0, np.bool_), *(_missed(needs, baskets, products, some) for some in lots)])
    left = ~baskets.paid
    left_units = np.bincount(baskets.product[left], baskets.units[left], len(products))
    not_found = np.bincount(needs.product[missed], minlength=len(products)) * units * price
    return Losses(missed, not_found, left_units * price)


def _missed(needs: Pairs, baskets: Baskets, products: tuple[Product, ...], some: slice) -> Bools:
    """Return which pairs on the lists of some customers were neither taken, nor a substitute for them."""
    own = slice(needs.first[some.start], needs.first[some.stop])
    customer, product = needs.customer[own] - some.start, needs.product[own]
    theirs = (baskets.customer >= some.start) & (baskets.customer < some.stop)
    taken = np.zeros((some.stop - some.start, len(products)), dtype=np.bool_)
    taken[baskets.customer[theirs] - some.start, baskets.product[theirs]] = True
    return np.asarray(~(taken[customer, product] | _replaced(customer, product, taken, products)))


def _replaced(customer: Ints, product: Ints, taken: Bools, products: tuple[Product, ...]) -> Bools:
    """Return which pairs on lists a substitute was taken for that is not on the list itself, shape (pairs,)."""
    found = np.zeros(len(product), dtype=np.bool_)
    spare = taken.copy()
    spare[customer, product] = False
    for one, others in groups(products).items():
        mine = product == one
        found[mine] = spare[np.ix_(customer[mine], others)].any(axis=1)
    return found
