"""One layout file into the parts of a floor plan: what is well written is built, all else is a mistake."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import ValidationError

from storesim.inputs.base import Input
from storesim.inputs.floor_plan import Link, Walkway
from storesim.inputs.layout_build import Builder
from storesim.inputs.layout_draft import Key, Part, Reference, Thing, key_of
from storesim.inputs.layout_model import (
    Area,
    CheckoutWritten,
    DoorWritten,
    FixtureWritten,
    GraphCheckout,
    GraphDoor,
    GraphLink,
    GraphZone,
    ObstacleWritten,
    RunWritten,
    SignWritten,
    WalkwayWritten,
    ZoneWritten,
)
from storesim.inputs.mistakes import Mark, Mistakes, quoted
from storesim.inputs.shapes import outline_flaw
from storesim.inputs.yaml_compose import Step
from storesim.inputs.yaml_source import Source

MOST_FIXTURES = 2000
MOST_BAYS = 20_000
MOST: dict[str, int] = {
    "zones": 500,
    "doors": 200,
    "obstacles": 2000,
    "runs": 2000,
    "fixtures": MOST_FIXTURES,
    "checkouts": 200,
    "walkways": 500,
    "signs": 500,
    "guide": 500,
    "links": 5000,
    "remove": 5000,
}

Model = TypeVar("Model", bound=Input)
Spot = tuple[Step, ...]


def too_many(source: Source, mistakes: Mistakes) -> bool:
    """Whether a file lists more of anything than a floor can have; says so."""
    found = False
    for name, most in MOST.items():
        listed = source.value((name,))
        if isinstance(listed, list) and len(listed) > most:
            what = f"{quoted(name)} lists {len(listed)}; write at most {most}"
            mistakes.add(source.key_mark((name,)), what)
            found = True
    return found


def well_written(source: Source, name: str, model: type[Model]) -> Iterator[tuple[Spot, Model]]:
    """Yield the entries of a list that are as they should be: others have been told as mistakes."""
    listed = source.value((name,))
    for number, entry in enumerate(listed if isinstance(listed, list) else ()):
        try:
            yield (name, number), model.model_validate(entry)
        except ValidationError:
            continue


def reference(source: Source, at: Spot) -> Reference:
    """Return a name of a zone as it stands in a file."""
    return str(source.value(at)), source.mark(at), source.quote_hint(at)


@dataclass
class Parts:
    """Collects the parts that one file makes."""

    source: Source
    builder: Builder
    mistakes: Mistakes
    parts: dict[Key, Part] = field(default_factory=dict)
    _made: dict[Key, Mark] = field(default_factory=dict)
    _fixtures: int = 0
    _bays: float = 0

    def measured(self) -> dict[Key, Part]:
        """Return the parts of a measured plan."""
        build = self.builder
        self._areas("zones", ZoneWritten, build.zone)
        for spot, door in well_written(self.source, "doors", DoorWritten):
            self._add("door", door.id, spot, (build.door(door),))
        self._areas("obstacles", ObstacleWritten, build.obstacle)
        for spot, run in well_written(self.source, "runs", RunWritten):
            if self._bearable(spot, run):
                self._add("fixture", run.id, spot, tuple(build.run(run)))
        for spot, unit in well_written(self.source, "fixtures", FixtureWritten):
            if self._bearable(spot, unit):
                self._add("fixture", unit.id, spot, (build.fixture(unit),))
        for spot, checkout in well_written(self.source, "checkouts", CheckoutWritten):
            self._add("checkout", checkout.id, spot, (build.checkout(checkout),))
        self._areas("walkways", WalkwayWritten, build.walkway)
        self._areas("signs", SignWritten, build.sign)
        return self.parts

    def graph(self) -> dict[Key, Part]:
        """Return the parts of a plan without measures."""
        build = self.builder
        for spot, zone in well_written(self.source, "zones", GraphZone):
            if self._bearable(spot, zone):
                made, shelves = build.graph_zone(zone)
                self._add("zone", zone.id, spot, (made, *shelves))
        for spot, door in well_written(self.source, "doors", GraphDoor):
            self._add("door", door.id, spot, (build.graph_door(door),), ((*spot, "zone"),))
        for spot, checkout in well_written(self.source, "checkouts", GraphCheckout):
            self._add("checkout", checkout.id, spot, (build.graph_checkout(checkout),), ((*spot, "zone"),))
        for spot, link in well_written(self.source, "links", GraphLink):
            self._link(spot, link)
        return self.parts

    def _areas(
        self,
        name: str,
        model: type[ZoneWritten | ObstacleWritten | WalkwayWritten | SignWritten],
        build: Callable[..., Thing],
    ) -> None:
        for spot, area in well_written(self.source, name, model):
            if self._has_area(spot, area):
                own_name = area.id or f"{self.source.path} {spot[-1]}"
                self._add(name.removesuffix("s"), own_name, spot, (build(area),))

    def _has_area(self, spot: Spot, area: Area) -> bool:
        flaw = outline_flaw(self.builder.corners(area))
        if flaw:
            self.mistakes.add(self.source.mark((*spot, "outline")), flaw)
        return not flaw

    def _bearable(self, spot: Spot, written: FixtureWritten | RunWritten | GraphZone) -> bool:
        """Count what an entry will make, before it is made."""
        fixtures, bays = self.builder.fixtures_and_bays(written)
        mark = self._id_mark(spot)
        if self._fixtures + fixtures > MOST_FIXTURES:
            count = f"{self._fixtures + fixtures} fixtures"
            self.mistakes.add(mark, f"this makes {count} so far; write at most {MOST_FIXTURES}")
            return False
        if self._bays + bays > MOST_BAYS:
            count = f"{self._bays + bays:.0f} bays" if self._bays + bays < 1e9 else "over 10^9 bays"
            self.mistakes.add(mark, f"this makes {count} so far; write at most {MOST_BAYS}, or wider ones")
            return False
        self._fixtures += fixtures
        self._bays += bays
        return True

    def _id_mark(self, spot: Spot) -> Mark:
        return self.source.mark((*spot, "id"))

    def _add(self, kind: str, name: str, spot: Spot, things: tuple[Thing, ...], zones: tuple[Spot, ...] = ()) -> None:
        key = (kind, name.casefold())
        if not self._first(key, name, spot):
            return
        for thing in things:
            made = key_of(thing)
            if isinstance(thing, Walkway | Link) or made is None or made == key:
                continue
            if not self._first(made, thing.id, self._shelf_spot(spot, thing.id)):
                return
        references = tuple(reference(self.source, at) for at in zones)
        self.parts[key] = Part(self._id_mark(spot), things, references)

    def _first(self, key: Key, name: str, spot: Spot) -> bool:
        """Whether a name is used for the first time in this file; says so if not."""
        mark = self._id_mark(spot)
        first = self._made.setdefault(key, mark)
        if first is mark:
            return True
        other = "; keep one" if key[0] == "link" else "; choose another id"
        remedy = self.source.quote_hint((*spot, "id")) or other
        self.mistakes.add(mark, f"{key[0]} {quoted(name)} stands already in line {first.line}{remedy}")
        return False

    def _shelf_spot(self, spot: Spot, name: str) -> Spot:
        """Return where a fixture is named: shelves of a zone have entries of their own."""
        at = (*spot, "shelves")
        shelves = self.source.value(at)
        count = len(shelves) if isinstance(shelves, list) else 0
        named = [number for number in range(count) if self.source.value((*at, number, "id")) == name]
        return (*at, named[-1]) if named else spot

    def _link(self, spot: Spot, link: GraphLink) -> None:
        start, end = link.between
        if start.casefold() == end.casefold():
            self.mistakes.add(self.source.mark((*spot, "between")), f"a link from {quoted(start)} to itself; drop it")
            return
        spots: tuple[Spot, ...] = ((*spot, "between", 0), (*spot, "between", 1))
        ends = (start.casefold(), end.casefold())
        name = " to ".join(ends if link.one_way else sorted(ends))
        self._add("link", name, spot, (self.builder.graph_link(link),), spots)
