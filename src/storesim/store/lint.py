"""What is wrong with a floor plan as a place to walk and to be seen: shelves out of reach, shelves out of sight."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import shapely
from scipy.sparse import csgraph

from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.parameters import Parameters
from storesim.store.build import place_names, walking_network
from storesim.store.clip import Bools
from storesim.store.floor import Floats, Floor, Ints
from storesim.store.ground import Ground, bay_middles, furniture, read_ground, standing_places
from storesim.store.schematic import schematic_network
from storesim.store.visibility import Network, one_way_areas


@dataclass(frozen=True)
class Stranded:
    """A fixture, door or checkout some of whose places nobody can get to, or out of."""

    what: str
    places: Ints
    in_all: int


def unreachable(plan: FloorPlan, parameters: Parameters) -> list[str]:
    """Return a sentence for each fixture, door and checkout that cannot be walked to from a way in, or from to a way out.

    A sentence names what blocks, how wide the gap is and how wide it should be.
    """
    network = schematic_network(plan) if plan.is_schematic else walking_network(plan, parameters)
    cut_off = ~_connected(plan, network)
    stranded = list(_stranded(plan, cut_off))
    if not stranded or plan.is_schematic:
        return [f"{thing.what}: no link leads there from a door and back" for thing in stranded]
    reasons = Reasons(plan, parameters, network)
    return [f"{thing.what}: {reasons.why(thing.places)}" for thing in stranded]


def unseen(floor: Floor) -> list[str]:
    """Return a sentence for each fixture with bays that nobody sees on any way between two places."""
    shown = floor.sight.edge.sum(axis=0) > 0
    hidden = ~np.asarray(shown, dtype=np.bool_)
    things = _stranded_bays(floor.plan, hidden)
    return [f"{thing.what}: no way leads past within sight" for thing in things]


def _connected(plan: FloorPlan, network: Network) -> Bools:
    """Return which places lie on a walk from a way in to a way out, shape (places,)."""
    names = place_names(plan)
    first_door = len(names) - len(plan.doors) - len(plan.checkouts)
    ways_in = [first_door + i for i, door in enumerate(plan.doors) if door.way != "out"]
    ways_out = [first_door + i for i, door in enumerate(plan.doors) if door.way != "in"]
    graph = network.matrix(network.metres)
    there = _reached(graph, ways_in)
    back = _reached(graph.T.tocsr(), ways_out)
    return (there & back)[: len(names)]


def _reached(graph: Any, sources: Sequence[int]) -> Bools:
    reached = np.zeros(graph.shape[0], dtype=np.bool_)
    for source in sources:
        reached[csgraph.breadth_first_order(graph, source, return_predecessors=False)] = True
    return reached


def _stranded(plan: FloorPlan, cut_off: Bools) -> Iterator[Stranded]:
    """Yield the things some of whose places are cut off."""
    yield from _stranded_bays(plan, cut_off)
    first = len(cut_off) - len(plan.doors) - len(plan.checkouts)
    names = [f"door {door.id!r}" for door in plan.doors] + [f"checkout {checkout.id!r}" for checkout in plan.checkouts]
    for place, name in enumerate(names, first):
        if cut_off[place]:
            yield Stranded(name, np.array([place]), 1)


def _stranded_bays(plan: FloorPlan, cut_off: Bools) -> Iterator[Stranded]:
    """Yield the fixtures some of whose bays are cut off, told by face and bay."""
    first = 0
    for fixture in plan.fixtures:
        parts, places = [], []
        count = sum(len(face.bays) for face in fixture.faces)
        for face in fixture.faces:
            bad = [i for i in range(len(face.bays)) if cut_off[first + i]]
            if bad:
                parts.append(f"{face.name}/{_ranges([face.bays[i].number for i in bad])}")
            places += [first + i for i in bad]
            first += len(face.bays)
        if places:
            which = "" if len(places) == count else f" (bays {', '.join(parts)})"
            yield Stranded(f"fixture {fixture.id!r}{which}", np.array(places), count)


def _ranges(numbers: Sequence[int]) -> str:
    """Return '1-3, 5' for 1, 2, 3, 5."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(f"{a}-{b}" if b > a else f"{a}" for a, b in runs)
