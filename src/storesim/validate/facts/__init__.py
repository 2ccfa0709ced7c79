"""The facts: each is data plus one small function."""

from storesim.validate.fact import Fact
from storesim.validate.facts import (
    coupons,
    crowds,
    deviations,
    elasticities,
    end_caps,
    entrance,
    funnel,
    gravity,
    one_way,
    relocation,
    trips,
)

MODULES = (
    trips,
    relocation,
    coupons,
    deviations,
    crowds,
    gravity,
    funnel,
    elasticities,
    entrance,
    end_caps,
    one_way,
)

FACTS: tuple[Fact, ...] = tuple(
    sorted((fact for module in MODULES for fact in module.FACTS), key=lambda fact: fact.number)
)
"""By number."""
