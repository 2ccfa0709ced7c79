"""How inclined every customer is to buy every product, worked out when asked for: a big day has millions of pairs."""

from dataclasses import dataclass

import numpy as np

from storesim.customers.population import Floats, Ints
from storesim.customers.tastes import Tastes


@dataclass(frozen=True, eq=False)
class Inclinations:
    """Odds of buying once noticed at the regular price: conversion, mission, segment, basket size, tastes together."""

    by_kind: Floats
    """Shape (kinds, products): odds for a mean basket."""
    kind: Ints
    """Shape (customers,)."""
    scale: Floats
    """Shape (customers,): size of the basket over the mean."""
    tastes: Tastes
    drawn: Floats
    """Shape (customers, tastes): factor of each taste of each customer."""

    def factors(self, rows: slice) -> Floats:
        """Return the factors of the tastes of some customers, shape (customers asked for, products)."""
        return self.tastes.spread(self.drawn[rows])

    def odds(self, rows: slice, factors: Floats) -> Floats:
        """Return the odds of some customers with these factors, shape (customers asked for, products)."""
        return np.asarray(self.by_kind[self.kind[rows]] * self.scale[rows, None] * factors)

    def odds_of(self, customer: Ints, product: Ints) -> Floats:
        """Return the odds of pairs, shape (pairs,): to the last digit those of `odds`."""
        factors = self.tastes.of_pairs(self.drawn, customer, product)
        return np.asarray(self.by_kind[self.kind[customer], product] * self.scale[customer] * factors)
