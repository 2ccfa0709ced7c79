"""What pydantic complains about, as sentences that name the remedy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from storesim.inputs.mistakes import did_you_mean, quoted, suggest
from storesim.inputs.yaml_compose import Node, Step

_EXPECTED: Mapping[str, str] = {
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a smaller number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "text, in quotes if it looks like a number",
    "string_too_short": "some text",
    "list_type": "a list in brackets",
    "tuple_type": "a list in brackets",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
    "greater_than": "a number above {gt:g}",
    "greater_than_equal": "a number of at least {ge:g}",
    "less_than": "a number below {lt:g}",
    "less_than_equal": "a number of at most {le:g}",
    "literal_error": "{expected}",
    "string_too_long": "at most {max_length} characters",
}
_DATE = "a date such as 2026-03-02"
_LENGTHS = ("too_short", "too_long")


@dataclass(frozen=True)
class Complaint:
    """One thing wrong with a value (`at`), or with its key (`of_key`)."""

    at: tuple[Step, ...]
    what: str
    of_key: bool = False


def complaints(
    model: type[BaseModel], error: ValidationError, node: Node | None, hints: Mapping[str, str]
) -> Iterator[Complaint]:
    """Yield what is wrong, one sentence a place: the branches of a union are told as one.

    `hints` are remedies ("; drop it") for unknown keys that one may expect to be known.
    """
    by_place: dict[tuple[Step, ...], list[ErrorDetails]] = {}
    for detail in error.errors(include_url=False, include_input=False):
        place = _place(detail["loc"], node)
        if detail["type"] == "extra_forbidden":
            yield _unknown_key(model, detail["loc"], node, hints)
        elif detail["type"] == "missing" and isinstance(detail["loc"][-1], str):
            yield Complaint(place, f"key {quoted(detail['loc'][-1])} is missing; add it")
        elif not _is_echo(detail, _at(node, place)):
            by_place.setdefault(place, []).append(detail)
    for place, details in by_place.items():
        yield Complaint(place, _sentence(place, details, _at(node, place)))


def _place(loc: tuple[Step, ...], node: Node | None) -> tuple[Step, ...]:
    """Return the part of a pydantic location that stands in the file: names of union branches do not."""
    place: list[Step] = []
    for step in loc:
        if node and step in node.parts:
            place.append(step)
            node = node.parts[step]
    return tuple(place)


def _is_echo(detail: ErrorDetails, node: Node | None) -> bool:
    """Whether a list is only called too short because pydantic left out its wrong items."""
    data = node.data if node else None
    return detail["type"] == "too_short" and isinstance(data, list) and len(data) >= detail["ctx"]["min_length"]


def _at(node: Node | None, place: tuple[Step, ...]) -> Node | None:
    for step in place:
        node = node.parts.get(step) if node else None
    return node


def _unknown_key(
    model: type[BaseModel], loc: tuple[Step, ...], node: Node | None, hints: Mapping[str, str]
) -> Complaint:
    key, place = str(loc[-1]), _place(loc, node)
    mapping = _at(node, place[:-1])
    cut = _cut_by_comma(mapping, key) if mapping else ""
    known = _keys_at(model, loc[:-1])
    remedy = cut or hints.get(key) or suggest(key, known)
    return Complaint(place, f"unknown key {quoted(key)}{remedy}", of_key=True)


def _cut_by_comma(mapping: Node, key: str) -> str:
    """Return a hint when an unknown key without a value looks like the rest of a name: {id: fruit, veg}."""
    part = mapping.parts.get(key)
    if not mapping.flow or part is None or part.data is not None:
        return ""
    keys = list(mapping.parts)
    before = keys.index(key) - 1
    value = mapping.parts[keys[before]].data if before >= 0 else None
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return ""
    return f"; if it belongs to the name before it, quote it: '{value}, {key}'"


def _sentence(place: tuple[Step, ...], details: list[ErrorDetails], node: Node | None) -> str:
    own = next((detail for detail in details if detail["type"] in ("value_error", "assertion_error")), None)
    if own:
        return str(own.get("ctx", {}).get("error", own["msg"]))
    name = _name(place)
    value = node.data if node else None
    size = _size_sentence(name, value, details)
    if size:
        return size
    expected = list(dict.fromkeys(_expected(detail) for detail in details))
    shown = "empty" if value in (None, "") else _shown(value)
    near = _near(value, details)
    return f"{name} is {shown}; write {' or '.join(expected)}{near}"


def _size_sentence(name: str, value: object, details: list[ErrorDetails]) -> str:
    """Return what is wrong with the length of a list, or "" when something else is."""
    wanted = [int(detail["loc"][-1]) + 1 for detail in details if detail["type"] == "missing"]
    context = next((detail["ctx"] for detail in details if detail["type"] in _LENGTHS), {})
    if not isinstance(value, list | dict) or not (wanted or context):
        return ""
    if wanted:
        return f"{name} has {_values(len(value))}; write {max(wanted)}"
    if "max_length" in context:
        return f"{name} has {_values(len(value))}; write at most {context['max_length']}"
    return f"{name} has {_values(len(value))}; write at least {context['min_length']}"


def _values(count: int) -> str:
    return "1 value" if count == 1 else f"{count} values"


def _expected(detail: ErrorDetails) -> str:
    if detail["type"].startswith("date_"):
        return _DATE
    template = _EXPECTED.get(detail["type"])
    message = detail["msg"].removeprefix("Input should be ")
    return template.format(**detail.get("ctx", {})) if template else message


def _near(value: object, details: list[ErrorDetails]) -> str:
    choices = [detail["ctx"]["expected"] for detail in details if detail["type"] == "literal_error"]
    words = [word.strip("' ") for choice in choices for word in choice.replace(" or ", ",").split(",")]
    return did_you_mean(value, words) if isinstance(value, str) else ""


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a group of keys"
    return "a list" if isinstance(value, list) else quoted(value)


def _name(place: tuple[Step, ...]) -> str:
    """Return how to speak of a place: its key, or the number of the item in it."""
    if not place:
        return "the file"
    *above, last = place
    if isinstance(last, str):
        return quoted(last)
    return f"item {last + 1} of {_name(tuple(above))}"


def _keys_at(model: type[BaseModel], loc: tuple[Step, ...]) -> list[str]:
    """Return the keys that are known at a pydantic location."""
    kinds: list[Any] = [model]
    for step in loc:
        kinds = [inner for kind in kinds for inner in _inner(kind, step)]
    models = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
    return [field.alias or name for kind in models for name, field in kind.model_fields.items()]


def _inner(kind: Any, step: Step) -> list[Any]:
    """Return the types that a value one step below a type may have."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        fields = kind.model_fields.items()
        inner = [field for name, field in fields if step in (name, field.alias)]
        return [a for field in inner for a in _plain(field.annotation)] if inner else [kind]  # a branch's tag
    if not isinstance(step, int) and get_origin(kind) is not dict:
        return [kind]  # the name of a union's branch
    return [a for arg in get_args(kind) if arg is not Ellipsis for a in _plain(arg)]


def _plain(kind: Any) -> list[Any]:
    """Return a type without Annotated, and the branches of a union."""
    if get_origin(kind) is Annotated:
        return _plain(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return [a for arg in get_args(kind) for a in _plain(arg)]
    return [kind]
