"""One case made ready to be played, once a process: floor, shelves and what every way shows."""

from dataclasses import dataclass

import numpy as np

from storesim.behaviour.adjacency import MatesInReach, mates_in_reach
from storesim.behaviour.attention import attention
from storesim.behaviour.comfort import Surroundings, surroundings
from storesim.behaviour.crowding import Crowding, crowding
from storesim.behaviour.glimpses import Views, views
from storesim.behaviour.substitutes import Substitutes, substitutes
from storesim.inputs.case import Case, Scenario
from storesim.store.floor import Floats, Floor, Ints
from storesim.store.shelves import Shelves, fill


@dataclass(frozen=True)
class Shop:
    """A case with all that does not change from day to day."""

    scenario: Scenario
    case: Case
    floor: Floor
    shelves: Shelves
    attention: Floats
    """Shape (bays, presences): notices expected per second in full view."""
    view: Views
    crowding: Crowding
    mates: MatesInReach
    substitutes: Substitutes
    around: Surroundings | None = None
    """What zones do to how long customers stand and where they stray; None: nothing."""


def intends_alike(one: Shop, other: Shop) -> bool:
    """Return whether the same customers intend the same in two shops: by the same ways to the same homes of goods.

    Displays and prices change nothing before somebody comes in. Coupons may: with them shops are never taken as alike.
    """
    runs = [
        (run.comfort, run.finding_s, run.groups, run.trolleys) for run in (one.case.operations, other.case.operations)
    ]
    if one.floor is not other.floor or one.case.coupons or other.case.coupons or runs[0] != runs[1]:
        return False
    homes = [_homes(shop) for shop in (one, other)]
    return all(np.array_equal(a, b) for a, b in zip(*homes, strict=True))


def _homes(shop: Shop) -> tuple[Ints, Ints, Floats]:
    """Return where the goods are at home: where each product's spots begin, and of each spot its bay and its metres."""
    first = shop.shelves.first[: len(shop.scenario.products) + 1]
    return first, shop.shelves.bay[: first[-1]], shop.shelves.metres[: first[-1]]


def open_shop(scenario: Scenario, case: Case, floor: Floor) -> Shop:
    """Return a case ready to be played on its floor."""
    shelves = fill(case, scenario.products, floor)
    weights = attention(shelves, scenario.products, scenario.parameters, floor.places.bays)
    return Shop(
        scenario,
        case,
        floor,
        shelves,
        weights,
        views(floor, weights),
        crowding(floor, scenario.parameters),
        mates_in_reach(scenario, shelves, floor),
        substitutes(scenario, shelves, floor),
        surroundings(floor, case.operations),
    )
