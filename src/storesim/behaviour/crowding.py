"""What others do to a walk: in a crowd customers are slower, see a shelf for longer, and buy less of what they see."""

from dataclasses import dataclass

import numpy as np

from storesim.customers.population import Floats
from storesim.inputs.parameters import Parameters
from storesim.store.floor import Floor
from storesim.store.room import walkable_m2

JAM_PER_M2 = 5.4
"""Density at which walking comes to a halt (Weidmann 1993)."""
SLOWEST = 0.1
"""Least pace: a queue of people still creeps."""
MOST_GAIN = 1.5
"""Most that slowness adds to what is seen: beyond a person or so on a m² bodies hide the shelves (assumed)."""
LEAST_M2 = 10.0
"""Zones with less room count with so much: density is that of one's surroundings, not of a strip before a shelf."""


Effect = tuple[float, float, float]
"""(walking speed over free speed, factor on what a leg shows, log-odds of buying that are lost)."""


@dataclass(frozen=True)
class Crowding:
    """What others do, by zone and number."""

    zone: list[int]
    """Zone of each place; the last of all for those outside every zone."""
    effects: list[list[Effect]]
    """By zone, of 0, 1, 2, … others, up to a jam."""

    def effects_of_up_to(self, customers: int) -> list[list[Effect]]:
        """Return what 0, 1, 2, … others in each zone do; more than make a jam do no more."""
        return [row + [row[-1]] * (customers + 1 - len(row)) for row in self.effects]


def pace(per_m2: Floats) -> Floats:
    """Return walking speed over free speed: 1 - exp(-1.913 (1/ρ - 1/5.4)), at least 0.1 (Weidmann, published).

    ρ is in persons per m²: 0.97 at 0.5, 0.79 at 1, 0.45 at 2; 1 where nobody is.
    """
    with np.errstate(divide="ignore", over="ignore"):
        room = 1 / np.asarray(per_m2, dtype=np.float64) - 1 / JAM_PER_M2
    return np.maximum(-np.expm1(-1.913 * np.maximum(room, 0.0)), SLOWEST)


def shyness(per_m2: Floats, free_per_m2: float, aversion: float) -> Floats:
    """Return the log-odds of buying that a crowd takes away: nothing up to a density, then in proportion to the rest.

    Sign of Hui, Bradlow & Fader (2009): crowds attract, but cut shopping. Size assumed.
    """
    return np.asarray(aversion * np.maximum(per_m2 - free_per_m2, 0.0))


def crowding(floor: Floor, parameters: Parameters) -> Crowding:
    """Return the effects on a floor; where the room is not known, nobody is in anybody's way."""
    metres2 = walkable_m2(floor.plan)
    zone = np.where(floor.places.zone < 0, len(metres2) - 1, floor.places.zone)
    densities = [_densities(m2, floor.plan.is_schematic) for m2 in metres2.tolist()]
    return Crowding(zone.tolist(), [_effects(per_m2, parameters) for per_m2 in densities])


def _effects(per_m2: Floats, parameters: Parameters) -> list[Effect]:
    slow = pace(per_m2)
    shy = shyness(per_m2, parameters.crowd_free_per_m2, parameters.crowd_aversion)
    return list(zip(slow.tolist(), np.minimum(1 / slow, MOST_GAIN).tolist(), shy.tolist(), strict=True))


def _densities(m2: float, is_schematic: bool) -> Floats:
    """Return the density of 0, 1, 2, … others up to a jam."""
    if is_schematic and m2 <= 0:
        return np.zeros(1)
    room = max(m2, LEAST_M2)
    return np.arange(int(JAM_PER_M2 * room) + 2) / room
