"""The variants of a scenario file as far as they can be understood, whatever is wrong beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from storesim.inputs.scenario import MOST_CHANGES, AnyChange, Change, CouponFile, FilePath, PromotionFile, RelayCost
from storesim.inputs.values import Reference
from storesim.inputs.yaml_compose import Step, Value
from storesim.inputs.yaml_source import Source

Any1 = TypeVar("Any1")


def part(kind: TypeAdapter[Any1], value: Value) -> Any1 | None:
    """Return a part of a file that has mistakes, if this part has none."""
    try:
        return kind.validate_python(value)
    except ValidationError:
        return None


def salvaged(kind: TypeAdapter[Any1], value: Value) -> Any1 | None:
    """Return a group of keys without those that have mistakes; None if it makes no sense without them."""
    try:
        return kind.validate_python(value)
    except ValidationError as error:
        broken = {step for detail in error.errors() for step in detail["loc"]}
    left = {key: inner for key, inner in value.items() if key not in broken} if isinstance(value, dict) else None
    return part(kind, left)


@dataclass(frozen=True)
class Draft:
    """A variant as far as it could be understood, and where its parts stand."""

    name: str
    at: tuple[Step, ...]
    layout: str | None
    planogram: str | None
    base: str | None
    changes: tuple[tuple[tuple[Step, ...], AnyChange], ...]
    promotions: tuple[tuple[tuple[Step, ...], PromotionFile], ...]
    coupons: tuple[tuple[tuple[Step, ...], CouponFile], ...]
    relay_cost: float | None = None


_CHANGE: TypeAdapter[AnyChange] = TypeAdapter(Change)
_PROMOTION = TypeAdapter(PromotionFile)
_COUPON = TypeAdapter(CouponFile)
_TEXT: TypeAdapter[str] = TypeAdapter(Reference)
_PATH: TypeAdapter[str] = TypeAdapter(FilePath)
_COST: TypeAdapter[float] = TypeAdapter(RelayCost)


def drafts(source: Source) -> list[Draft]:
    """Return the variants, with every part that has no mistake in itself."""
    variants = source.value(("variants",))
    if not isinstance(variants, dict):
        return []
    return [_draft(str(name), value) for name, value in variants.items() if isinstance(value, dict)]


def _draft(name: str, value: Mapping[str, Value]) -> Draft:
    at: tuple[Step, ...] = ("variants", name)
    return Draft(
        name,
        at,
        layout=part(_PATH, value.get("layout")),
        planogram=part(_PATH, value.get("planogram")),
        base=part(_TEXT, value.get("base")),
        changes=tuple(_parts((*at, "changes"), value.get("changes"), _CHANGE)),
        promotions=tuple(_parts((*at, "promotions"), value.get("promotions"), _PROMOTION)),
        coupons=tuple(_parts((*at, "coupons"), value.get("coupons"), _COUPON)),
        relay_cost=part(_COST, value.get("relay_cost")),
    )


def _parts(at: tuple[Step, ...], listed: Value, kind: TypeAdapter[Any1]) -> Sequence[tuple[tuple[Step, ...], Any1]]:
    if not isinstance(listed, list):
        return ()
    found = [((*at, number), salvaged(kind, value)) for number, value in enumerate(listed[:MOST_CHANGES])]
    return [(place, value) for place, value in found if value is not None]
