"""Sales that were within reach and did not come, by product and cause, at regular prices."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.behaviour.substitutes import groups
from storesim.customers.population import Pairs
from storesim.inputs.case import Product
from storesim.results.baskets import Baskets

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Losses:
    """Lost value in the scenario's currency; arrays of shape (products,) unless they say otherwise."""

    missed: NDArray[np.bool_]
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
    taken = np.zeros((len(baskets.customer_paid), len(products)), dtype=np.bool_)
    taken[baskets.customer, baskets.product] = True
    missed = ~(taken[needs.customer, needs.product] | _replaced(needs, taken, products))
    left = ~baskets.paid
    left_units = np.bincount(baskets.product[left], baskets.units[left], len(products))
    not_found = np.bincount(needs.product[missed], minlength=len(products)) * units * price
    return Losses(missed, not_found, left_units * price)


def _replaced(needs: Pairs, taken: NDArray[np.bool_], products: tuple[Product, ...]) -> NDArray[np.bool_]:
    """Return which pairs on the lists a substitute was taken for that is not on the list itself, shape (pairs,)."""
    found = np.zeros(len(needs.product), dtype=np.bool_)
    spare = taken.copy()
    spare[needs.customer, needs.product] = False
    for product, others in groups(products).items():
        mine = needs.product == product
        found[mine] = spare[np.ix_(needs.customer[mine], others)].any(axis=1)
    return found
