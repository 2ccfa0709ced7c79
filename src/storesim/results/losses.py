"""Sales that were within reach and did not come, by product and cause, at regular prices."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.customers.population import Pairs
from storesim.inputs.case import Product
from storesim.results.baskets import Baskets

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Losses:
    """Lost value in the scenario's currency; arrays of shape (products,)."""

    not_found: Floats
    """On the list and not taken (not on the shelf, not found, too dear), at the product's mean units."""
    queue: Floats
    """Taken, and left at the till."""


def read_losses(needs: Pairs, baskets: Baskets, products: tuple[Product, ...]) -> Losses:
    """Return what was lost on one day."""
    price = np.array([product.price for product in products])
    units = np.array([product.units for product in products])
    taken = np.zeros((len(baskets.customer_paid), len(products)), dtype=np.bool_)
    taken[baskets.customer, baskets.product] = True
    missed = needs.product[~taken[needs.customer, needs.product]]
    left = ~baskets.paid
    left_units = np.bincount(baskets.product[left], baskets.units[left], len(products))
    return Losses(np.bincount(missed, minlength=len(products)) * units * price, left_units * price)
