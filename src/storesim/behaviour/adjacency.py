"""What stands beside what: a product tempts those who have its mate in the basket or on the list."""

from collections.abc import Mapping
from math import log

import numpy as np

from storesim.inputs.case import Scenario
from storesim.store.floor import Floor, Ints
from storesim.store.shelves import Shelves

STRONGEST = 2.0
"""Bound on the log-odds that a mate adds or takes away."""

Mates = tuple[tuple[int, int, float], ...]
"""(product, presence in reach, log-odds it adds), the strongest first."""
MatesInReach = Mapping[tuple[int, int], Mates]
"""(presence, bay) -> its mates, only where there are any."""


def mates_in_reach(scenario: Scenario, shelves: Shelves, floor: Floor) -> MatesInReach:
    """Return the mates of each presence in each of its bays, once a case.

    In reach is what stands within `adjacency_m` of walking along the shortest way from the bay: what is back to back
    is not. Log-odds are adjacency · ln(affinity), so that products rarely bought together put each other off.
    """
    pull = _pulls(scenario)
    if not pull:
        return {}
    on_bay = _spots(shelves, floor.places.bays)
    near = floor.ways.distance_m[0, : len(on_bay), : len(on_bay)] <= scenario.parameters.adjacency_m
    found: dict[tuple[int, int], Mates] = {}
    for bay, presences in enumerate(on_bay):
        others = sorted({other for beside in np.flatnonzero(near[bay]) for other in on_bay[beside]})
        for presence in presences:
            mates = _mates(presence, others, shelves.product, pull)
            if mates:
                found[presence, bay] = mates
    return found


def strongest_pull(scenario: Scenario) -> dict[int, float]:
    """Return the most log-odds that any mate adds, by product; at least 0, only products that have mates."""
    most: dict[int, float] = {}
    for (product, _), pull in _pulls(scenario).items():
        most[product] = max(most.get(product, 0.0), pull)
    return most


def _pulls(scenario: Scenario) -> dict[tuple[int, int], float]:
    """Return the log-odds of every pair of products, bounded by 2 either way."""
    number = {product.id: i for i, product in enumerate(scenario.products)}
    return {
        (number[one], number[other]): max(-STRONGEST, min(scenario.parameters.adjacency * log(value), STRONGEST))
        for one, row in scenario.affinity.items()
        for other, value in row.items()
    }


def _spots(shelves: Shelves, bays: int) -> list[list[int]]:
    """Return the presences in each bay."""
    found: list[list[int]] = [[] for _ in range(bays)]
    for bay, presence in zip(shelves.bay.tolist(), shelves.presence.tolist(), strict=True):
        found[bay].append(presence)
    return found


def _mates(presence: int, others: list[int], product: Ints, pull: Mapping[tuple[int, int], float]) -> Mates:
    own = int(product[presence])
    mates = [(int(product[other]), other, pull.get((own, int(product[other])), 0.0)) for other in others]
    return tuple(sorted((mate for mate in mates if mate[2]), key=lambda mate: (-abs(mate[2]), mate[:2])))
