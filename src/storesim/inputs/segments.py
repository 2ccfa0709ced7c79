"""The segments file: who comes, with which missions, and what they are drawn to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag

from storesim.inputs.base import Input, Name
from storesim.inputs.case import Mission, Segment, Taste
from storesim.inputs.mistakes import Mark, Mistakes, quoted, shown
from storesim.inputs.names import Names, folded
from storesim.inputs.products import Catalogue
from storesim.inputs.profiles import BASKET, HOURS, LAWS, WEEKDAYS, Profiles
from storesim.inputs.values import Number, Percentage, Reference, read_share
from storesim.inputs.yaml_compose import Step
from storesim.inputs.yaml_source import Source, read_yaml, validate

SUM_TOLERANCE = 0.001
GROUPS = "groups are written 'department NAME' or 'category NAME'"
DEFAULT_TIER = "regular"
Route = Literal["shortest_tour", "nearest_next", "perimeter", "wander", "guided", "observed"]
Factor = Annotated[Number, Field(ge=0, le=1000)]
Frequency = Annotated[Number, Field(ge=0)]
Deviation = Annotated[Number, Field(ge=0, le=3)]
PartOf1 = Annotated[Percentage, Field(ge=0, le=1)]
FilePath = Annotated[str, Field(min_length=1, max_length=1000), Tag("a file")]
HoursList = Annotated[tuple[Frequency, ...], Field(min_length=24, max_length=24), Tag("a list")]
WeekdaysList = Annotated[tuple[Frequency, ...], Field(min_length=7, max_length=7), Tag("a list")]
BasketList = Annotated[tuple[Frequency, ...], Field(min_length=1, max_length=1000), Tag("a list")]
BY_FORM = Discriminator(lambda value: "a list" if isinstance(value, list | tuple) else "a file")


class Written(Input):
    """Part of a segments file."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class SegmentFile(Written):
    """Customers who behave alike, as written."""

    share: PartOf1
    """Share of visits; those of all segments add up to 1."""
    tier: Reference = DEFAULT_TIER
    """Status or loyalty tier, for promotions."""
    knowledge: PartOf1 = 0.5
    """Share of customers who know the store."""
    speed: Annotated[Number, Field(ge=0.2, le=3)] = 1.0
    """Mean free walking speed, m/s."""
    slack: Factor = 1.0
    patience: Annotated[Number, Field(gt=0, le=1000)] = 1.0
    price_response: Factor = 1.0
    dwell: Annotated[Number, Field(gt=0, le=1000)] = 1.0
    route: Route = "nearest_next"
    missions: Annotated[dict[Name, PartOf1], Field(min_length=1)]
    """Mission -> share of this segment's visits; they add up to 1."""
    propensities: dict[Name, Factor] = Field(default_factory=dict)
    """Product id, 'department NAME' or 'category NAME' -> factor; the most specific one counts."""


class MissionFile(Written):
    """Why somebody comes, as written: lists, or CSV files with a column a mission."""

    hours: Annotated[FilePath | HoursList, BY_FORM]
    """24 relative frequencies, from 00:00 to 01:00 on."""
    weekdays: Annotated[FilePath | WeekdaysList, BY_FORM] = (1.0,) * 7
    """7 relative frequencies, Monday first."""
    basket: Annotated[FilePath | BasketList, BY_FORM]
    """P(1, 2, … categories bought)."""
    route: Route | None = None


class SegmentsFile(Written):
    """A segments file."""

    segments: Annotated[dict[Name, SegmentFile], Field(min_length=1, max_length=100)]
    missions: Annotated[dict[Name, MissionFile], Field(min_length=1, max_length=100)]
    tastes: Annotated[dict[Name, Deviation], Field(max_length=100)] = Field(default_factory=dict)
    """'department NAME' or 'category NAME' -> deviation of the log of a customer's factor on its propensities."""


@dataclass(frozen=True)
class People:
    """A segments file that was read. With mistakes in it, what is still known of it for references."""

    source: Source
    file: SegmentsFile | None
    segments: Names
    tiers: Names
    missions: tuple[Mission, ...]
    """Those with laws, that some segment has."""
    used: tuple[str, ...]
    """Names of all missions that some segment has."""


def read_segments(path: Path, mistakes: Mistakes, warnings: list[str], named_at: Mark | None = None) -> People | None:
    """Read a segments file and the files it names; None when it cannot be made sense of."""
    source = read_yaml(path, mistakes, named_at)
    if source is None:
        return None
    file = validate(SegmentsFile, source, mistakes)
    missions = Names("mission", f"'missions' of {shown(path)}", _keys(source, "missions"))
    _refuse_twins(source, mistakes)
    used = _used(source, missions, mistakes)
    _check_sums(source, mistakes)
    idle = [name for name in missions.all if name not in used]
    warnings += [f"{shown(path)}: no segment has the mission {quoted(name)}: not used" for name in idle]
    laws = tuple(_missions(source, file, missions.all, mistakes))
    return People(
        source,
        file,
        Names("segment", shown(path), _keys(source, "segments")),
        Names("tier", shown(path), dict.fromkeys(_tiers(source))),
        tuple(law for law in laws if law.name in used),
        used,
    )


def _keys(source: Source, *at: Step) -> tuple[str, ...]:
    value = source.value(at)
    return tuple(value) if isinstance(value, dict) else ()


def _tiers(source: Source) -> Iterator[str]:
    for name in _keys(source, "segments"):
        value = source.value(("segments", name, "tier"))
        yield DEFAULT_TIER if value is None else str(value)


def _refuse_twins(source: Source, mistakes: Mistakes) -> None:
    """Names that differ in case only cannot be told apart."""
    groups: list[tuple[Step, ...]] = [("segments",), ("missions",), ("tastes",)]
    inner = ("missions", "propensities")
    groups += [("segments", name, key) for name in _keys(source, "segments") for key in inner]
    for at in groups:
        seen: dict[str, str] = {}
        for name in _keys(source, *at):
            twin = seen.setdefault(folded(name), name)
            if twin != name:
                what = f"{quoted(name)} and {quoted(twin)} are the same name; case does not count"
                mistakes.add(source.key_mark((*at, name)), what)


def _used(source: Source, missions: Names, mistakes: Mistakes) -> tuple[str, ...]:
    """Return the missions that segments have, in the order of the missions; dangling ones are mistakes."""
    used = set()
    for segment in _keys(source, "segments"):
        for name in _keys(source, "segments", segment, "missions"):
            if missions.find(name) is None:
                at = ("segments", segment, "missions", name)
                mistakes.add(source.key_mark(at), missions.missing(name))
            used.add(missions.find(name))
    return tuple(name for name in missions.all if name in used)


def _check_sums(source: Source, mistakes: Mistakes) -> None:
    names = _keys(source, "segments")
    shares = [_share(source, ("segments", name, "share")) for name in names]
    _check_sum(shares, "shares of the segments", source.key_mark(("segments",)), mistakes)
    for name in names:
        at = ("segments", name, "missions")
        parts = [_share(source, (*at, mission)) for mission in _keys(source, *at)]
        _check_sum(parts, f"missions of segment {quoted(name)}", source.key_mark(at), mistakes)


def _share(source: Source, at: Sequence[Step]) -> float | None:
    """Return a share as far as it is a number; others are told of elsewhere."""
    try:
        value = read_share(source.value(at))
    except ValueError:
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if isinstance(value, int | float) and is_number and 0 <= value <= 1 else None


def _check_sum(shares: Sequence[float | None], of: str, mark: Mark, mistakes: Mistakes) -> None:
    known = [share for share in shares if share is not None]
    if not known or len(known) < len(shares) or abs(sum(known) - 1) <= SUM_TOLERANCE:
        return
    mistakes.add(mark, f"the {of} add up to {sum(known):.4g}; change them to add up to 1")


def _missions(source: Source, file: SegmentsFile | None, names: Sequence[str], mistakes: Mistakes) -> Iterator[Mission]:
    profiles = Profiles(source, names, mistakes)
    flat = (1.0,) * 7
    for name in names:
        numbers = {law.key: profiles.numbers(name, law) for law in LAWS}
        hours, basket = numbers[HOURS.key], numbers[BASKET.key]
        if file and hours and basket:
            route = file.missions[name].route
            yield Mission(name, hours, numbers[WEEKDAYS.key] or flat, basket, route)


def resolve_segments(people: People, catalogue: Catalogue | None, mistakes: Mistakes) -> tuple[Segment, ...]:
    """Return the segments with their propensities by product; keys that match nothing are mistakes."""
    found = []
    groups = Groups(catalogue) if catalogue else None
    for name in _keys(people.source, "segments"):
        propensities = _propensities(people.source, name, groups, mistakes) if groups else {}
        if people.file:
            found.append(_segment(name, people.file, people.tiers, propensities))
    return tuple(found)


def _segment(name: str, file: SegmentsFile, tiers: Names, propensities: Mapping[str, float]) -> Segment:
    written = file.segments[name]
    missions = {folded(mission): mission for mission in file.missions}
    shares = {missions.get(folded(key), key): share for key, share in written.missions.items()}
    total = sum(segment.share for segment in file.segments.values())
    return Segment(
        name=name,
        share=written.share / total if total else 0.0,
        tier=tiers.find(written.tier) or written.tier,
        missions={mission: share / (sum(shares.values()) or 1) for mission, share in shares.items()},
        route=written.route,
        knowledge=written.knowledge,
        speed_m_s=written.speed,
        slack=written.slack,
        patience=written.patience,
        price_response=written.price_response,
        dwell=written.dwell,
        propensities=propensities,
    )


def _propensities(source: Source, segment: str, groups: "Groups", mistakes: Mistakes) -> Mapping[str, float]:
    """Return product id -> factor: departments first, then categories over them, then products."""
    found: list[tuple[int, str, float]] = []
    at: tuple[Step, ...] = ("segments", segment, "propensities")
    for key, rank, products in _groups(source, at, groups, mistakes):
        value = source.value((*at, key))
        factor = float(value) if isinstance(value, int | float) else 1.0
        found += [(rank, product, factor) for product in products]
    factors = {product: factor for _, product, factor in sorted(found)}
    return {product: factor for product, factor in factors.items() if factor != 1}


def _groups(
    source: Source, at: tuple[Step, ...], groups: "Groups", mistakes: Mistakes
) -> Iterator[tuple[str, int, list[str]]]:
    """Yield each key of a mapping with how specific it is, and its products; those that match nothing are mistakes."""
    for key in _keys(source, *at):
        try:
            yield key, *groups.products(key)
        except LookupError as error:
            mistakes.add(source.key_mark((*at, key)), str(error.args[0]))


def resolve_tastes(people: People, catalogue: Catalogue | None, mistakes: Mistakes) -> tuple[Taste, ...]:
    """Return the tastes with their products; keys that match nothing are mistakes."""
    if catalogue is None:
        return ()
    found = list(_groups(people.source, ("tastes",), Groups(catalogue), mistakes))
    if people.file is None:
        return ()
    written = {folded(key): sd for key, sd in people.file.tastes.items()}
    return tuple(Taste(folded(key), tuple(products), written[folded(key)]) for key, _, products in found)


class Groups:
    """Products by id, category and department."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._members: dict[str, dict[str, list[str]]] = {"department": {}, "category": {}}
        for product in catalogue.products:
            self._members["department"].setdefault(folded(product.department), []).append(product.id)
            self._members["category"].setdefault(folded(product.category), []).append(product.id)

    def products(self, key: str) -> tuple[int, list[str]]:
        """Return how specific a key of propensities is (0 department, 1 category, 2 product), and its products.

        Raises:
            LookupError: it matches nothing; says what is near.
        """
        own = self._catalogue.ids.find(key)
        if own:
            return 2, [own]
        kind, _, name = folded(key).partition(" ")
        if kind not in self._members:
            what = self._catalogue.ids.missing(key)
            raise LookupError(f"{what}{'' if what.endswith('?') else ';'} {GROUPS}")
        members = self._members[kind].get(name)
        if members is None:
            raise LookupError(Names(kind, self._catalogue.path, self._members[kind]).missing(name))
        return list(self._members).index(kind), members
