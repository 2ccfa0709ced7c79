"""How much more some customers are drawn to a group of products than others on the same mission."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from storesim.customers import laws
from storesim.customers.population import Floats, Ints
from storesim.inputs.case import Scenario


@dataclass(frozen=True)
class Tastes:
    """Groups of products that customers differ in."""

    names: Sequence[str]
    sd: Sequence[float]
    """Of the log of a customer's factor on a group, by group."""
    members: Sequence[Ints]
    """Numbers of each group's products."""
    products: int
    """In all."""

    def factors(self, u: Floats) -> Floats:
        """Return factors on the propensities, shape (customers, products), lognormal with mean 1.

        Args:
            u: a uniform for each group of each customer, shape (customers, groups).
        """
        return self.spread(self.drawn(u))

    def drawn(self, u: Floats) -> Floats:
        """Return the factor on each group of each customer, shape (customers, groups); `u` as above."""
        drawn = np.empty(u.shape)
        for group, sd in enumerate(self.sd):
            drawn[:, group] = laws.lognormal(u[:, group], 1.0, sd)
        return drawn

    def spread(self, drawn: Floats) -> Floats:
        """Return factors by product for factors by group, shape (customers, products)."""
        factors = np.ones((len(drawn), self.products))
        for group, members in enumerate(self.members):
            factors[:, members] *= drawn[:, group, None]
        return factors

    def of_pairs(self, drawn: Floats, customer: Ints, product: Ints) -> Floats:
        """Return the same of some pairs of customer and product, shape (pairs,)."""
        factors = np.ones(len(customer))
        for group, members in enumerate(self.members):
            is_member = np.zeros(self.products, dtype=np.bool_)
            is_member[members] = True
            mine = np.flatnonzero(is_member[product])
            factors[mine] *= drawn[customer[mine], group]
        return factors


def tastes_of(scenario: Scenario) -> Tastes:
    """Return the tastes of a scenario by the numbers of its products."""
    number = {product.id: place for place, product in enumerate(scenario.products)}
    return Tastes(
        [taste.name for taste in scenario.tastes],
        [taste.sd for taste in scenario.tastes],
        [np.array(sorted(number[product] for product in taste.products)) for taste in scenario.tastes],
        len(number),
    )
