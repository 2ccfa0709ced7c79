"""A floor plan in the making: parts by id, which an extending layout can replace and remove."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from storesim.inputs.floor_plan import Checkout, Door, Fixture, Link, Obstacle, Sign, Walkway, Zone
from storesim.inputs.kinds import COMPASS
from storesim.inputs.mistakes import Mark
from storesim.inputs.shapes import Mirror

Thing = Zone | Door | Fixture | Checkout | Obstacle | Walkway | Sign | Link
Key = tuple[str, str]
"""Kind of thing and its id, case folded."""


Reference = tuple[str, Mark, str]
"""A zone that is spoken of, where, and a remedy if the name looks cut off."""


@dataclass(frozen=True)
class Part:
    """What one entry of a layout file makes: a run makes many fixtures, a zone of a graph its shelves too."""

    mark: Mark
    things: tuple[Thing, ...]
    zones: tuple[Reference, ...] = ()
    """Zones it refers to."""


Draft = Mapping[Key, Part]


def key_of(thing: Thing) -> Key | None:
    """Return what a thing is known by; None for walkways and links, known by their part's key."""
    return None if isinstance(thing, Walkway | Link) else (type(thing).__name__.lower(), thing.id.casefold())


def merged(base: Draft, own: Draft) -> Draft:
    """Return a draft in which own parts replace those of the same ids in the base; others come after."""
    replaced = {key for part in own.values() for key in map(key_of, part.things) if key}
    kept = {key: _without(part, replaced) if key not in own else part for key, part in base.items()}
    return {**{key: part for key, part in kept.items() if part.things}, **own}


def without(draft: Draft, ids: Iterable[str]) -> Draft:
    """Return a draft less everything of these ids, and less the links of the zones among them."""
    gone = {name.casefold() for name in ids}
    kept: dict[Key, Part] = {}
    for key, part in draft.items():
        keys = {known for known in map(key_of, part.things) if known and known[1] in gone}
        rest = _without(part, keys)
        of_zone = key[0] == "link" and any(zone.casefold() in gone for zone, _, _ in part.zones)
        if key[1] not in gone and rest.things and not of_zone:
            kept[key] = rest
    return kept


def ids_of(draft: Draft) -> list[str]:
    """Return every id by which something of a draft can be removed, as written."""
    named = [thing.id for part in draft.values() for thing in part.things if not isinstance(thing, Walkway | Link)]
    names = [*named, *(name for kind, name in draft if kind != "link")]
    return list({name.casefold(): name for name in reversed(names)}.values())[::-1]


def _without(part: Part, gone: set[Key]) -> Part:
    """Return a part less some things; end caps go with their fixture."""
    caps = {(kind, f"{name}-{side}") for kind, name in gone for side in COMPASS}
    cut = gone if part.things and key_of(part.things[0]) in caps else gone | caps
    return replace(part, things=tuple(thing for thing in part.things if key_of(thing) not in cut))


def mirrored(draft: Draft, mirror: Mirror) -> Draft:
    """Return the mirror image of a draft; faces keep their names."""
    return {
        key: replace(part, things=tuple(_mirrored(thing, mirror) for thing in part.things))
        for key, part in draft.items()
    }


def _mirrored(thing: Thing, mirror: Mirror) -> Thing:
    if isinstance(thing, Link):
        return thing
    if isinstance(thing, Door):
        return replace(thing, at=mirror.point(thing.at) if thing.at else None)
    outline = mirror.outline(thing.outline)
    if isinstance(thing, Fixture):
        return replace(thing, outline=outline, faces=tuple(mirror.face(face) for face in thing.faces))
    if isinstance(thing, Walkway):
        direction = mirror.vector(thing.direction) if thing.direction else None
        return replace(thing, outline=outline, direction=direction)
    if isinstance(thing, Checkout):
        queue_at = mirror.point(thing.queue_at) if thing.queue_at else None
        exit_at = mirror.point(thing.exit_at) if thing.exit_at else None
        return replace(thing, outline=outline, queue_at=queue_at, exit_at=exit_at)
    return replace(thing, outline=outline)
