"""The whole of a layout: assembled into a floor plan, and what is wrong with it as a whole."""

from dataclasses import replace

from storesim.inputs.floor_plan import (
    Checkout,
    Door,
    Fixture,
    FloorPlan,
    Link,
    Obstacle,
    Sign,
    Walkway,
    Zone,
)
from storesim.inputs.geometry import geometry_mistakes
from storesim.inputs.layout_draft import Draft, Thing, key_of
from storesim.inputs.layout_layers import Layers
from storesim.inputs.layout_parts import MOST_BAYS, MOST_FIXTURES
from storesim.inputs.mistakes import Mark, Mistakes, quoted, suggest
from storesim.inputs.yaml_source import Source


def judged(layers: Layers, top: Source, mistakes: Mistakes) -> FloorPlan:
    """Return the plan, after adding what is wrong with the whole of it."""
    complete = not mistakes
    if layers.measured and not layers.has_floor:
        what = "there is no floor; add floor: {size: [width, depth]}, or links for a plan without measures"
        mistakes.add(top.mark(), what)
    _check_zones(layers, mistakes)
    plan = _assembled(layers, str(top.value(("layout",))))
    _check_names(layers.draft, mistakes)
    _check_counts(plan, top.mark(), mistakes)
    if complete:
        _check_ways(plan, layers.measured, top.mark(), mistakes)
    _check_geometry(plan, layers.draft, mistakes)
    return plan


def _check_zones(layers: Layers, mistakes: Mistakes) -> None:
    """Check that the zones that are spoken of exist."""
    zones = [thing.id for thing in _things(layers.draft) if isinstance(thing, Zone)]
    known = {zone.casefold() for zone in zones} | layers.badly_written_zones
    spoken_of = [zone for part in layers.draft.values() for zone in part.zones]
    for name, mark, hint in (*spoken_of, *layers.guide):
        if name.casefold() not in known:
            what = f"zone {quoted(name)} is not in this layout{hint or suggest(name, zones)}"
            mistakes.add(mark, what)


def _things(draft: Draft) -> list[Thing]:
    return [thing for part in draft.values() for thing in part.things]


def _assembled(layers: Layers, name: str) -> FloorPlan:
    things = _things(layers.draft)
    spelled = {thing.id.casefold(): thing.id for thing in things if isinstance(thing, Zone)}
    things = [_with_zone_spelled(thing, spelled) for thing in things]
    return FloorPlan(
        name=name,
        zones=tuple(thing for thing in things if isinstance(thing, Zone)),
        doors=tuple(thing for thing in things if isinstance(thing, Door)),
        fixtures=tuple(thing for thing in things if isinstance(thing, Fixture)),
        checkouts=tuple(thing for thing in things if isinstance(thing, Checkout)),
        outline=layers.floor,
        obstacles=tuple(thing for thing in things if isinstance(thing, Obstacle)),
        walkways=tuple(thing for thing in things if isinstance(thing, Walkway)),
        links=tuple(thing for thing in things if isinstance(thing, Link)),
        signs=tuple(thing for thing in things if isinstance(thing, Sign)),
        guide=tuple(spelled.get(zone.casefold(), zone) for zone, _, _ in layers.guide),
        units=layers.units,
    )


def _with_zone_spelled(thing: Thing, spelled: dict[str, str]) -> Thing:
    """Return a thing that names its zones as they name themselves."""
    if isinstance(thing, Link):
        start, end = (spelled.get(zone.casefold(), zone) for zone in (thing.start, thing.end))
        return replace(thing, start=start, end=end)
    if isinstance(thing, Door | Checkout | Fixture) and thing.zone is not None:
        return replace(thing, zone=spelled.get(thing.zone.casefold(), thing.zone))
    return thing


def _check_names(draft: Draft, mistakes: Mistakes) -> None:
    """Check that doors, fixtures and checkouts are told apart: all of them are places."""
    first: dict[str, str] = {}
    for part in draft.values():
        for thing in part.things:
            if not isinstance(thing, Door | Fixture | Checkout):
                continue
            kind = type(thing).__name__.lower()
            other = first.setdefault(thing.id.casefold(), kind)
            if other != kind:
                what = f"{quoted(thing.id)} is also the name of a {other}; choose another id"
                mistakes.add(part.mark, what)


def _check_counts(plan: FloorPlan, top: Mark, mistakes: Mistakes) -> None:
    bays = sum(len(face.bays) for fixture in plan.fixtures for face in fixture.faces)
    counts = ((len(plan.fixtures), "fixtures", MOST_FIXTURES), (bays, "bays", MOST_BAYS))
    for count, name, most in counts:
        if count > most:
            mistakes.add(top, f"this and what it extends make {count} {name}; write at most {most}")


def _check_ways(plan: FloorPlan, measured: bool, top: Mark, mistakes: Mistakes) -> None:
    """Check that customers can come in, pay and leave."""
    ways = {door.way for door in plan.doors}
    if not plan.doors:
        where = "at: [x, y]" if measured else "zone: …"
        mistakes.add(top, f"there is no door; add doors: [{{id: main, {where}}}]")
    elif ways == {"out"}:
        mistakes.add(top, "no door leads in; give one way: in or both")
    elif ways == {"in"}:
        mistakes.add(top, "no door leads out; give one way: out or both")
    if not plan.checkouts:
        mistakes.add(top, "there is no checkout; add checkouts")


def _check_geometry(plan: FloorPlan, draft: Draft, mistakes: Mistakes) -> None:
    marks = {key_of(thing): part.mark for part in draft.values() for thing in part.things}
    walkways = [part.mark for part in draft.values() for thing in part.things if isinstance(thing, Walkway)]
    for flaw in geometry_mistakes(plan):
        walkway = flaw.kind == "walkway"
        mark = walkways[int(flaw.id)] if walkway else marks[flaw.kind, flaw.id.casefold()]
        mistakes.add(mark, flaw.what)
