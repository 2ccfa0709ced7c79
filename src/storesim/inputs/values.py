"""Small values as people write them: 20%, 16:00-20:00, 2026-03-02, 3-5, G4/west/3-5."""

import re
from datetime import date
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from storesim.inputs.mistakes import quoted

_NUMBER = re.compile(r"[-+]?([0-9]{1,300}(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})?")
_CLOCK = r"([01]?[0-9]|2[0-4]):([0-5][0-9])"
_SPAN = re.compile(rf"\s*{_CLOCK}\s*[-–]\s*{_CLOCK}\s*")
_TIME = re.compile(rf"\s*{_CLOCK}\s*")
_RANGE = re.compile(r"([0-9]{1,6})(?:\s*[-–]\s*([0-9]{1,6}))?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MIDNIGHT_S = 86_400.0
FIRST_YEAR, LAST_YEAR = 1900, 2200
LARGEST_HALF_WIDTH = 1e12


class Span(NamedTuple):
    """A part of the day, seconds after midnight."""

    from_s: float
    until_s: float

    def __str__(self) -> str:
        return f"{clock(self.from_s)}-{clock(self.until_s)}"


class Spot(NamedTuple):
    """A place on a fixture: a face, or every one (None); bays (first, last), or all of the face (None)."""

    fixture: str
    face: str | None = None
    bays: tuple[int, int] | None = None

    def __str__(self) -> str:
        bays = "-".join(str(bay) for bay in dict.fromkeys(self.bays)) if self.bays else None
        return "/".join(part for part in (self.fixture, self.face, bays) if part)


def clock(seconds: float) -> str:
    """Return seconds after midnight as HH:MM."""
    return f"{int(seconds // 3600):02d}:{int(seconds % 3600 // 60):02d}"


def read_number(text: str) -> float | None:
    """Return a finite number, percent signs understood ('20%' is 0.2), or None when the text is none."""
    plain = text.strip()
    percent = plain.endswith("%")
    plain = plain.removesuffix("%").strip()
    if not _NUMBER.fullmatch(plain):
        return None
    value = float(plain) / (100 if percent else 1)
    return value if abs(value) < float("inf") else None


def read_share(value: object) -> object:
    """Return '20%' as 0.2, and numbers as they are.

    Raises:
        ValueError: it is neither.
    """
    if isinstance(value, str):
        number = read_number(value)
        if number is None:
            raise ValueError(f"{quoted(value)} is not a share; write 20% or 0.2")
        return number
    return value


def read_span(value: object) -> Span:
    """Return '08:00-22:00' in seconds.

    Raises:
        ValueError: it is written otherwise, or does not end after it begins.
    """
    match = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"hours {_said(value)} cannot be read; write them like 08:00-22:00")
    hour, minute, until_hour, until_minute = (int(part) for part in match.groups())
    span = Span(hour * 3600.0 + minute * 60, until_hour * 3600.0 + until_minute * 60)
    if span.until_s > MIDNIGHT_S:
        raise ValueError(f"hours {_said(value)} end after midnight; end them at 24:00 or earlier")
    if span.until_s <= span.from_s:
        raise ValueError(f"hours {_said(value)} end before they begin; a store day ends at 24:00 at the latest")
    return span


def read_time(value: object) -> float:
    """Return '10:30' in seconds after midnight.

    Raises:
        ValueError: it is written otherwise, or after midnight.
    """
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    seconds = int(match[1]) * 3600.0 + int(match[2]) * 60 if match else MIDNIGHT_S + 1
    if seconds > MIDNIGHT_S:
        raise ValueError(f"time {_said(value)} cannot be read; write it like 10:30")
    return seconds


def read_date(value: object) -> date:
    """Return '2026-03-02' as a date.

    Raises:
        ValueError: it is written otherwise, there is no such day, or it is centuries off.
    """
    if not isinstance(value, str) or not _DATE.fullmatch(value.strip()):
        raise ValueError(f"date {_said(value)} cannot be read; write it like 2026-03-02")
    try:
        day = date.fromisoformat(value.strip())
    except ValueError:
        raise ValueError(f"there is no day {value.strip()}; write a date such as 2026-03-02") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"the year of {day} is far off; write one from {FIRST_YEAR} to {LAST_YEAR}")
    return day


def read_range(text: str, of: str) -> tuple[int, int]:
    """Return '3-5' as (3, 5), and '3' as (3, 3); `of` names what is counted, for the message.

    Raises:
        ValueError: it is written otherwise, runs backwards or begins below 1.
    """
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{of} {quoted(text)} cannot be read; write a number or a range like 3-5")
    first, last = int(match[1]), int(match[2] or match[1])
    if first > last:
        raise ValueError(f"{of} {quoted(text)} run backwards; write {last}-{first}")
    if first < 1:
        raise ValueError(f"{of} {quoted(text)} begin below 1; they are counted from 1")
    return first, last


def read_spot(value: object) -> Spot:
    """Return 'G4/west/3-5', 'G4/west' or 'G4' as a spot.

    Raises:
        ValueError: it is written otherwise.
    """
    parts = [part.strip() for part in as_text(value).split("/")] if isinstance(as_text(value), str) else []
    if not 1 <= len(parts) <= 3 or not all(parts):
        raise ValueError(f"place {_said(value)} cannot be read; write a fixture, or like G4/west/3-5")
    bays = read_range(parts[2], "bays") if len(parts) == 3 else None
    return Spot(parts[0], parts[1] if len(parts) > 1 else None, bays)


def as_text(value: object) -> str:
    """Return a name that looks like a number as the text it is; whatever else is no name is ''."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _named(value: object) -> object:
    return as_text(value) or value


def _said(value: object) -> str:
    if isinstance(value, list | dict) or value is None:
        return "of this form"
    return quoted(value)


_SHARE_SCHEMA = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[-+]?[0-9.]+\s*%$"}]}
_SPAN_SCHEMA = {"type": "string", "pattern": r"^[0-9]{1,2}:[0-9]{2}\s*-\s*[0-9]{1,2}:[0-9]{2}$"}
_DATE_SCHEMA = {"type": "string", "format": "date"}
_SPOT_SCHEMA = {"type": "string", "examples": ["T1", "G4/west", "G4/west/3-5"]}
_NAME_SCHEMA = {"anyOf": [{"type": "string", "minLength": 1}, {"type": "number"}]}


class HalfWidth(NamedTuple):
    """The ± of an interval: an amount, or a share of the baseline's mean."""

    value: float
    of_mean: bool


def read_half_width(value: object) -> HalfWidth:
    """Return '1%' as a share of the mean, and 50 as an amount.

    Raises:
        ValueError: it is neither, or not above 0.
    """
    number = read_number(as_text(value))
    if number is None:
        raise ValueError(
            f"half_width {_said(value)} cannot be read; write a share of the mean such as 1%, or an amount"
        )
    if not 0 < number <= LARGEST_HALF_WIDTH:
        raise ValueError(f"half_width is {_said(value)}; write a share of the mean such as 1%, or an amount above 0")
    return HalfWidth(number, as_text(value).strip().endswith("%"))


Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Percentage = Annotated[Number, BeforeValidator(read_share), WithJsonSchema(_SHARE_SCHEMA)]
"""A share written as 0.2 or 20%."""
Hours = Annotated[Span, PlainValidator(read_span), WithJsonSchema(_SPAN_SCHEMA)]
Day = Annotated[date, PlainValidator(read_date), WithJsonSchema(_DATE_SCHEMA)]
PlusMinus = Annotated[HalfWidth, PlainValidator(read_half_width), WithJsonSchema(_SHARE_SCHEMA)]
At = Annotated[Spot, PlainValidator(read_spot), WithJsonSchema(_SPOT_SCHEMA)]
Reference = Annotated[str, Field(min_length=1, max_length=200), BeforeValidator(_named), WithJsonSchema(_NAME_SCHEMA)]
"""The name of something; one that looks like a number may stand without quotes."""
