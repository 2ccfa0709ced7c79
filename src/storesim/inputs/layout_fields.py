"""What single values of a layout may be: numbers, lengths, boxes, sides, directions."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from storesim.inputs.base import Name
from storesim.inputs.kinds import COMPASS, FaceName
from storesim.inputs.mistakes import did_you_mean, quoted

BEARINGS: dict[str, float] = dict(zip(COMPASS, (0.0, 90.0, 180.0, 270.0), strict=True))
Units = Literal["m", "cm", "ft"]
METRES: dict[Units, float] = {"m": 1.0, "cm": 0.01, "ft": 0.3048}

FARTHEST = 1e6
"""No coordinate or length is larger, whatever the units."""
SHORTEST = 0.001
"""No length is smaller."""


def no_truth(value: Any) -> Any:
    """Refuse true and false where a number is asked for: pydantic would take them for 1 and 0."""
    if isinstance(value, bool):
        raise ValueError(f"{str(value).lower()} is not a number; write a number")
    return value


def _checked_id(name: str) -> str:
    if "/" in name:
        raise ValueError(f"{quoted(name)} holds a '/', which parts fixture, face and bay; leave it out")
    if name != name.strip() or not name.isprintable():
        raise ValueError(f"{quoted(name)} begins or ends with a space or breaks the line; mend it")
    return name


def _listed_faces(value: Any) -> Any:
    if value == "all":
        return list(COMPASS)
    return [value] if isinstance(value, str) else value


def each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse a side that stands twice."""
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise ValueError(f"side {twice!r} stands twice; keep one")
    return names


def _bearing(value: Any) -> Any:
    if not isinstance(value, str):
        return no_truth(value)
    if value.lower() in BEARINGS:
        return BEARINGS[value.lower()]
    near = did_you_mean(value, COMPASS) or "; write north, east, south, west or degrees clockwise from north"
    raise ValueError(f"{quoted(value)} is not a direction{near}")


Number = Annotated[float, BeforeValidator(no_truth), Field(ge=-FARTHEST, le=FARTHEST, allow_inf_nan=False)]
Length = Annotated[float, BeforeValidator(no_truth), Field(ge=SHORTEST, le=FARTHEST, allow_inf_nan=False)]
Id = Annotated[Name, AfterValidator(_checked_id)]
XY = tuple[Number, Number]
Box = tuple[Number, Number, Length, Length]
Corners = Annotated[tuple[XY, ...], Field(min_length=3, max_length=1000)]
Levels = Annotated[int, BeforeValidator(no_truth), Field(ge=1, le=20)]
Lanes = Annotated[int, BeforeValidator(no_truth), Field(ge=1, le=100)]
Faces = Annotated[
    tuple[FaceName, ...],
    Field(min_length=1),
    AfterValidator(each_once),
    BeforeValidator(_listed_faces, json_schema_input_type=Literal["all"] | FaceName | list[FaceName]),
]
Bearing = Annotated[
    float,
    Field(ge=-360, le=360, allow_inf_nan=False),
    BeforeValidator(_bearing, json_schema_input_type=FaceName | float),
]
