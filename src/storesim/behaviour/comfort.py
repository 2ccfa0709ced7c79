"""How pleasant and how clear a zone is: how long customers stay, how likely they stray there, how soon they find.

All factors are the user's own (`operations: comfort:`); no number is published, and neutral ones change nothing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.behaviour.company import Company
from storesim.customers.population import Floats, Ints, Population
from storesim.inputs.operations import Comfort, Operations
from storesim.store.floor import Floor

NEUTRAL = Comfort()


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What the zones of a floor do, by place; shapes (places,)."""

    stay: Floats
    """Factor on the time stood."""
    draw: Floats
    """Factor on how near a detour's wished distance a place counts as being: more is likelier."""
    finding_s: Floats
    """Seconds that who does not know the store looks for something on the list."""


def surroundings(floor: Floor, operations: Operations) -> Surroundings | None:
    """Return what the zones do; None: nothing anywhere."""
    if not operations.comfort and not operations.finding_s:
        return None
    by_zone = [operations.comfort.get(zone.id, NEUTRAL) for zone in floor.plan.zones] + [NEUTRAL]
    own = [by_zone[zone] for zone in floor.places.zone]  # -1, no zone: the last
    return Surroundings(
        stay=np.array([zone.dwell for zone in own]),
        draw=np.array([zone.wander for zone in own]),
        finding_s=operations.finding_s * (1 - np.array([zone.signs for zone in own])),
    )


@dataclass(frozen=True, eq=False)
class Standing:
    """How long customers stand at shelves, beyond their own draws; None where nothing is beyond them."""

    around: Surroundings | None
    knows_store: NDArray[np.bool_]
    """Shape (customers,)."""
    company: Floats | None
    """Shape (customers,): factor of who comes with others."""

    def stood_s(self, dwell_s: Floats, customer: Ints, place: Ints) -> Floats:
        """Return seconds stood at places for what is on the lists; all of shape (stops,)."""
        if self.company is not None:
            dwell_s = dwell_s * self.company[customer]
        if self.around is None:
            return dwell_s
        finding_s = np.where(self.knows_store[customer], 0.0, self.around.finding_s[place])
        return np.asarray(dwell_s * self.around.stay[place] + finding_s)

    def alone_s(self, dwell_s: float, customer: int, place: int, planned: bool) -> float:
        """Return the same of one stop; what is not on the list is not looked for."""
        if self.company is not None:
            dwell_s *= float(self.company[customer])
        if self.around is None:
            return dwell_s
        finding_s = 0.0 if self.knows_store[customer] or not planned else self.around.finding_s[place]
        return float(dwell_s * self.around.stay[place] + finding_s)


def standing_at(around: Surroundings | None, population: Population, company: Company | None) -> Standing | None:
    """Return how long customers stand; None where their own draws are all there is to it."""
    if around is None and company is None:
        return None
    return Standing(around, population.knows_store, company.dwell if company else None)
