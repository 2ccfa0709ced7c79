"""What is wrong with a floor plan: shelves out of reach, shelves out of sight."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csgraph

from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.parameters import Parameters
from storesim.store.build import place_names, walking_network
from storesim.store.clip import Bools
from storesim.store.floor import Floor, Ints
from storesim.store.gaps import read_surroundings, why_stranded
from storesim.store.schematic import schematic_network
from storesim.store.visibility import Network

ONE_SIDED = "one-way areas lead there or away but not both; open a way back"


@dataclass(frozen=True)
class Stranded:
    """A fixture, door or checkout, and those of its places that are in trouble."""

    what: str
    places: Ints


def unreachable(plan: FloorPlan, parameters: Parameters) -> list[str]:
    """Return a sentence for each fixture, door and checkout that is not on a walk from a way in to a way out.

    Where all are, a sentence for each fixture that one-way areas cut off from most others: a list could hold both.

    A sentence names what blocks, how wide the gap is and how wide it should be. When no door can be used at
    all, only the doors are named.
    """
    network = schematic_network(plan) if plan.is_schematic else walking_network(plan, parameters)
    cut_off = ~_connected(plan, network)
    stranded = list(_stranded(plan, cut_off))
    doors_only = bool(cut_off[: len(place_names(plan))].all())
    if doors_only:
        stranded = [thing for thing in stranded if thing.what.startswith("door ")]
    if doors_only and not stranded:
        return ["the plan has no door"]
    if plan.is_schematic and stranded:
        reason = "no links lead there from a door in and on to a door out"
        return [f"{thing.what} cannot be reached: {reason}" for thing in stranded]
    if not stranded:
        return [
            f"{thing.what} cannot be reached from all other shelves: {ONE_SIDED}" for thing in _one_sided(plan, network)
        ]
    around = read_surroundings(plan, parameters.body_radius_m)
    if doors_only:
        stranded = [thing for thing in stranded if not around.standing.free[thing.places].all()] or stranded
    return [f"{thing.what} cannot be reached: {why_stranded(around, thing.places)}" for thing in stranded]


def _one_sided(plan: FloorPlan, network: Network) -> Iterator[Stranded]:
    """Yield the fixtures some of whose bays cannot be walked to from most other bays, or not left for them."""
    bays = sum(len(face.bays) for fixture in plan.fixtures for face in fixture.faces)
    _, group = csgraph.connected_components(network.matrix(network.metres), connection="strong")
    most = np.bincount(group[:bays]).argmax() if bays else 0
    yield from _stranded_bays(plan, np.asarray(group[:bays] != most))


def unseen(floor: Floor) -> list[str]:
    """Return a sentence for each fixture with bays that no way between two places shows to anybody."""
    shown = np.asarray(floor.sight.edge.sum(axis=0) > 0, dtype=np.bool_)
    return [
        f"{thing.what} is never in view: no way leads past it within sight"
        for thing in _stranded_bays(floor.plan, ~shown)
    ]


def _connected(plan: FloorPlan, network: Network) -> Bools:
    """Return which places, then which exits of checkouts, lie on a walk from a way in to a way out."""
    places = len(place_names(plan))
    first_door = places - len(plan.doors) - len(plan.checkouts)
    ways_in = [first_door + i for i, door in enumerate(plan.doors) if door.way != "out"]
    ways_out = [first_door + i for i, door in enumerate(plan.doors) if door.way != "in"]
    graph = network.matrix(network.metres)
    # A door that nobody can stand in leads nowhere, though it reaches itself.
    connected = _reached(graph, ways_in) & _reached(graph.T.tocsr(), ways_out) & network.free
    return connected if plan.is_schematic else connected[: places + len(plan.checkouts)]


def _reached(graph: Any, sources: Sequence[int]) -> Bools:
    reached = np.zeros(graph.shape[0], dtype=np.bool_)
    for source in sources:
        reached[csgraph.breadth_first_order(graph, source, return_predecessors=False)] = True
    return reached


def _stranded(plan: FloorPlan, cut_off: Bools) -> Iterator[Stranded]:
    """Yield the things some of whose places are cut off; a checkout also by its exit."""
    yield from _stranded_bays(plan, cut_off)
    door = sum(len(face.bays) for fixture in plan.fixtures for face in fixture.faces)
    queue = door + len(plan.doors)
    things = [(f"door {d.id!r}", door + i) for i, d in enumerate(plan.doors)]
    things += [(f"checkout {c.id!r}", queue + i) for i, c in enumerate(plan.checkouts)]
    if not plan.is_schematic:
        exits = queue + len(plan.checkouts)
        things += [(f"the exit of checkout {c.id!r}", exits + i) for i, c in enumerate(plan.checkouts)]
    for name, place in things:
        if cut_off[place]:
            yield Stranded(name, np.array([place]))


def _stranded_bays(plan: FloorPlan, bad: Bools) -> Iterator[Stranded]:
    """Yield the fixtures some of whose bays are bad, told by face and bay."""
    first = 0
    for fixture in plan.fixtures:
        parts: list[str] = []
        start = first
        for face in fixture.faces:
            numbers = [bay.number for i, bay in enumerate(face.bays) if bad[first + i]]
            if numbers:
                parts.append(f"{face.name}/{_ranges(numbers)}")
            first += len(face.bays)
        if parts:
            places = start + np.flatnonzero(bad[start:first])
            which = "" if len(places) == first - start else f" (bays {', '.join(parts)})"
            yield Stranded(f"fixture {fixture.id!r}{which}", places)


def _ranges(numbers: Sequence[int]) -> str:
    """Return '1-3, 5' for 1, 2, 3, 5."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(f"{a}-{b}" if b > a else f"{a}" for a, b in runs)
