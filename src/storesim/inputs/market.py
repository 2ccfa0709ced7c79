"""Who comes and what is for sale: the segments, products and conversion that a scenario names."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter

from storesim.inputs.affinity import Affinity, read_affinity
from storesim.inputs.case import Mission, Product, Segment, Taste
from storesim.inputs.drafts import part, salvaged
from storesim.inputs.memory import Memory
from storesim.inputs.mistakes import Mark, Mistakes, quoted
from storesim.inputs.names import Names
from storesim.inputs.parameters import Parameters
from storesim.inputs.products import read_conversion, read_products
from storesim.inputs.segments import People, read_segments, resolve_segments, resolve_tastes
from storesim.inputs.values import Hours, Span
from storesim.inputs.yaml_source import Source

_HOURS: TypeAdapter[Span] = TypeAdapter(Hours)
_PARAMETERS = TypeAdapter(Parameters)


@dataclass(frozen=True)
class Market:
    """The people and the products of a scenario, as far as they could be read."""

    products: tuple[Product, ...]
    segments: tuple[Segment, ...]
    missions: tuple[Mission, ...]
    tastes: tuple[Taste, ...]
    ids: Names | None
    tiers: Names | None
    segment_names: Names | None
    """Names to check references against; None when the file could not be read."""
    affinity: Affinity


def read_market(source: Source, mistakes: Mistakes, warnings: list[str], memory: Memory) -> Market:
    """Read the segments, the products and the conversion that a scenario file names."""
    parameters = salvaged(_PARAMETERS, source.value(("parameters",)) or {}) or Parameters()
    named = Named(*(_named(source, key) for key in Named._fields))
    share = parameters.unplanned_share
    people, market = memory.once(("market", named, share), lambda: _read(named, share, mistakes, warnings))
    _need_visits(market.missions, source, mistakes)
    if people and not source.has(("paths",)):
        _need_paths(people, mistakes)
    return market


class Named(NamedTuple):
    """Files that a scenario names, and where it does."""

    segments: tuple[Path, Mark] | None
    products: tuple[Path, Mark] | None
    conversion: tuple[Path, Mark] | None
    affinity: tuple[Path, Mark] | None


def _read(
    named: Named, unplanned_share: float, mistakes: Mistakes, warnings: list[str]
) -> tuple[People | None, Market]:
    """Read the files; of the parameters only the share of unplanned purchases says what products are."""
    people = read_segments(named.segments[0], mistakes, warnings, named.segments[1]) if named.segments else None
    used, parameters = people.used if people else None, Parameters(unplanned_share=unplanned_share)
    catalogue = None
    if named.products:
        catalogue = read_products(named.products[0], used, parameters, mistakes, warnings, named.products[1])
    products = catalogue.products if catalogue else ()
    if named.conversion:
        products = read_conversion(named.conversion[0], catalogue, mistakes, warnings, named.conversion[1])
    ids = catalogue.ids if catalogue else None
    affinity = read_affinity(named.affinity[0], ids, mistakes, named.affinity[1]) if named.affinity else {}
    return people, Market(
        products,
        resolve_segments(people, catalogue, mistakes) if people else (),
        people.missions if people else (),
        resolve_tastes(people, catalogue, mistakes) if people else (),
        ids,
        people.tiers if people else None,
        people.segments if people else None,
        affinity,
    )


def _named(source: Source, key: str) -> tuple[Path, Mark] | None:
    """Return a file that the scenario names, and where it does."""
    text = source.value((key,))
    return (source.path.parent / text, source.mark((key,))) if isinstance(text, str) and text else None


def _need_visits(missions: tuple[Mission, ...], source: Source, mistakes: Mistakes) -> None:
    """Every mission must come at some hour at which the store is open."""
    hours = part(_HOURS, source.value(("hours",)))
    for mission in missions if hours else ():
        if hours and not any(share for hour, share in enumerate(mission.hours) if _is_open(hours, hour)):
            what = f"nobody comes for mission {quoted(mission.name)} at {hours}; change these hours or its own"
            mistakes.add(source.mark(("hours",)), what)


def _need_paths(people: People, mistakes: Mistakes) -> None:
    """Without recorded trips nobody can walk as observed."""
    for group in ("segments", "missions"):
        written = people.source.value((group,))
        for name in written if isinstance(written, dict) else ():
            at = (group, name, "route")
            if people.source.value(at) == "observed":
                what = "route 'observed' needs recorded trips; add paths: FILE to the scenario, or write another route"
                mistakes.add(people.source.mark(at), what)


def _is_open(hours: Span, hour: int) -> bool:
    return hours.from_s < (hour + 1) * 3600 and hour * 3600 < hours.until_s
