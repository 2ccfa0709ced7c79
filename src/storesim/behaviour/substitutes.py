"""Items that customers take for one another: who leaves the item on the list for another one, and for which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from storesim.customers.propensity import target_penetration
from storesim.inputs.case import Product, Scenario
from storesim.store.floor import Floor
from storesim.store.shelves import Shelves

Rivals = tuple[tuple[int, float], ...]
"""(product, its share of what the group sells)."""


@dataclass(frozen=True)
class Substitutes:
    """Groups of items, and which of them stand together; all empty where there are no groups."""

    group: Mapping[int, tuple[int, ...]]
    """Product -> the other items of its group."""
    share: Mapping[int, float]
    """Product -> its share of what its group sells."""
    in_reach: Mapping[tuple[int, int], Rivals]
    """(product, bay where one stands) -> the others of its group at home within sight."""


def substitutes(scenario: Scenario, shelves: Shelves, floor: Floor) -> Substitutes:
    """Return the groups of a scenario in front of a case's shelves, once a case.

    In reach is what has its home within `sight_range_m` of walking along the shortest way: who stands before a shelf
    looks along it, not behind it.
    """
    group = groups(scenario.products)
    sold = target_penetration(scenario) if group else np.zeros(0)
    share = {p: float(sold[p] / max(sold[[p, *others]].sum(), 1e-300)) for p, others in group.items()}
    near = floor.ways.distance_m[0] <= scenario.parameters.sight_range_m
    found = {}
    for product, others in group.items():
        for bay in {int(bay) for i in np.flatnonzero(shelves.product == product) for bay in _bays(shelves, int(i))}:
            rivals = tuple((other, share[other]) for other in others if near[bay, _bays(shelves, other)].any())
            if rivals:
                found[product, bay] = rivals
    return Substitutes(group, share, found)


def groups(products: Sequence[Product]) -> dict[int, tuple[int, ...]]:
    """Return product -> the other items of its group, by number; only products that have any."""
    members: dict[str, list[int]] = {}
    for number, product in enumerate(products):
        if product.substitutes:
            members.setdefault(product.substitutes, []).append(number)
    return {p: tuple(q for q in group if q != p) for group in members.values() for p in group if len(group) > 1}


def switched_to(u: float, ratio: float, share: float, rivals: Sequence[tuple[float, float]], switching: float) -> int:
    """Return which rival somebody takes who came for an item; -1: the item itself.

    Multinomial logit among the item and its rivals with utilities -switching · ln(price ratio), e^δ = ratio^-switching.
    Shares at regular prices are those observed, so that at prices now item i has s_i e^δi / D, D = Σ s_j e^δj. Nobody
    moves without need: of an item's customers min(1, e^δ / D) stay, and the others go where shares grow, in proportion
    to s_i (e^δi - D)+. Over all customers of the group the shares come out as the logit's, whoever came for what.

    Args:
        u: one uniform, inverted.
        ratio: price over regular price of the item looked for.
        share: its share of what the group sells.
        rivals: (price ratio, share) of each other item.
        switching: log-odds per log price (assumed, 0.8 to 2.0); 0: nobody switches.
    """
    own = ratio**-switching
    pulls = [r**-switching for r, _ in rivals]
    if max(pulls, default=own) <= own:
        return -1
    shares = [s for _, s in rivals]
    mean = (share * own + sum(s * e for s, e in zip(shares, pulls, strict=True))) / max(share + sum(shares), 1e-300)
    stay = own / mean if mean > 0 else 1.0
    if u < stay:
        return -1
    gains = [s * max(e - mean, 0.0) for s, e in zip(shares, pulls, strict=True)]
    left = (u - stay) / (1 - stay) * sum(gains)
    for rival, gain in enumerate(gains):
        left -= gain
        if left < 0:
            return rival
    return max(range(len(gains)), key=gains.__getitem__)


def _bays(shelves: Shelves, presence: int) -> np.ndarray:
    return shelves.bay[shelves.first[presence] : shelves.first[presence + 1]]
