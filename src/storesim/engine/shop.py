"""One case made ready to be played, once a process: floor, shelves and what every way shows."""

from dataclasses import dataclass

from storesim.behaviour.adjacency import MatesInReach, mates_in_reach
from storesim.behaviour.attention import attention
from storesim.behaviour.comfort import Surroundings, surroundings
from storesim.behaviour.crowding import Crowding, crowding
from storesim.behaviour.glimpses import Views, views
from storesim.behaviour.substitutes import Substitutes, substitutes
from storesim.inputs.case import Case, Scenario
from storesim.store.floor import Floats, Floor
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
