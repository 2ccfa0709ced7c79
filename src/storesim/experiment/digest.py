"""What tells two experiments apart: a digest of what is played, the same in every process and for every hash seed."""

import hashlib
import platform
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from importlib.metadata import version
from pathlib import PurePath

import numpy as np
from pydantic import BaseModel

from storesim.inputs.case import Scenario

PARTS = ("storesim", "duckdb", "networkx", "numpy", "pydantic", "scipy", "shapely", "simpy")
"""Packages that a number or a file may depend on."""
NOT_PLAYED = frozenset({
    "name", "replications", "same_within", "assumptions", "actuals", "opening_days", "locale", "sources", "warnings",
    "precision", "sweep",
})  # fmt: skip
"""Of a scenario: what changes how a run is read, or how much of it is played, but no replication."""


@cache
def versions() -> Mapping[str, str]:
    """Return the versions of Python and of `PARTS`."""
    return {"python": platform.python_version()} | {part: version(part) for part in PARTS}


def key(scenario: Scenario) -> str:
    """Return what a replication's numbers and files follow from, besides its own number: 32 hexadecimal digits."""
    played = {f.name: getattr(scenario, f.name) for f in fields(scenario) if f.name not in NOT_PLAYED}
    return digest((versions(), played))


def digest(value: object) -> str:
    """Return 32 hexadecimal digits of plain data, frozen dataclasses, settings, arrays, and any nesting of them.

    Raises:
        TypeError: it holds something else.
    """
    whole = hashlib.sha256()
    for part in _parts(value):
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()[:32]


def _parts(value: object) -> Iterator[bytes]:
    """Yield the value piece by piece, in an order of its own: two values with the same pieces are alike."""
    match value:
        case None | bool() | int() | float() | str() | bytes() | date() | PurePath():
            yield f"{type(value).__name__} {value!r}".encode()
        case Enum():
            yield f"{type(value).__name__}.{value.name}".encode()
        case np.ndarray() | np.generic():
            yield f"{value.dtype} {value.shape}".encode()
            yield value.tobytes()
        case Mapping():
            yield from _several("mapping", [digest(item) for item in value.items()], in_order=False)
        case frozenset() | set():
            yield from _several("set", [digest(item) for item in value], in_order=False)
        case tuple() | list():
            yield from _several("sequence", [digest(item) for item in value], in_order=True)
        case BaseModel():
            yield from _named(value, list(type(value).model_fields))
        case _ if is_dataclass(value):
            yield from _named(value, [column.name for column in fields(value)])
        case _:
            raise TypeError(f"a {type(value).__name__} has no digest")


def _several(kind: str, digests: list[str], in_order: bool) -> Iterator[bytes]:
    yield f"{kind} of {len(digests)}".encode()
    yield "".join(digests if in_order else sorted(digests)).encode()


def _named(value: object, names: list[str]) -> Iterator[bytes]:
    yield f"{type(value).__name__} of {' '.join(names)}".encode()
    for name in names:
        yield digest(getattr(value, name)).encode()
