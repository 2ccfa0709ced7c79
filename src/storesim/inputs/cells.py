"""Numbers in the cells of a CSV row, each with what it must be."""

from collections.abc import Callable
from dataclasses import dataclass

from storesim.inputs.csv_source import Row
from storesim.inputs.mistakes import Mistakes, quoted
from storesim.inputs.values import read_number


@dataclass(frozen=True)
class Rule:
    """What a number must be, in words and as a test."""

    wanted: str
    fits: Callable[[float], bool]


ANY = Rule("a number", lambda _: True)
ABOVE_0 = Rule("a number above 0", lambda x: x > 0)
AT_LEAST_0 = Rule("a number of at least 0", lambda x: x >= 0)
AT_LEAST_1 = Rule("a number of at least 1", lambda x: x >= 1)
BELOW_0 = Rule("a number below 0", lambda x: x < 0)
SHARE = Rule("a share from 0 to 1", lambda x: 0 <= x <= 1)
SHARE_ABOVE_0 = Rule("a share above 0, at most 1", lambda x: 0 < x <= 1)


def number(row: Row, column: str, rule: Rule, mistakes: Mistakes, default: float) -> float:
    """Return a cell's number; `default` when it is empty, or wrong, which is a mistake."""
    text = row[column]
    if not text:
        return default
    value = read_number(text)
    if value is not None and rule.fits(value):
        return value
    comma = "; decimals take a point" if value is None and read_number(text.replace(",", ".")) else ""
    mistakes.add(row.mark(column), f"{quoted(column)} is {quoted(text)}; write {rule.wanted}{comma}")
    return default


def needed(row: Row, column: str, mistakes: Mistakes) -> bool:
    """Whether a cell has content; an empty one is a mistake."""
    if row[column]:
        return True
    mistakes.add(row.mark(column), f"{quoted(column)} is empty; fill it in")
    return False
