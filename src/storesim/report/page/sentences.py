"""The answer in sentences: what a variant does to sales, margin and the time customers stay, with intervals."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from storesim.report.page.numbers import Numbers, places_of
from storesim.report.verdicts import bottom_line
from storesim.results.comparison import Comparison
from storesim.results.intervals import Interval, Verdict

Rows = Mapping[str, Comparison]
"""Response -> its row, all of one variant."""


@dataclass(frozen=True)
class Sentence:
    """A variant, and what is said of it."""

    subject: str
    says: str


PERCENT = 100.0
MONEY: Mapping[str, Mapping[Verdict, str]] = {
    "sales": {
        "higher": "sells {by} more{than}",
        "lower": "sells {by} less{than}",
        "same": "sells the same{alike}",
        "undecided": "may sell more or less{than}",
    },
    "margin": {
        "higher": "earns {by} more margin{than}",
        "lower": "earns {by} less margin{than}",
        "same": "earns the same margin{alike}",
        "undecided": "may earn more or less margin{than}",
    },
    "net_margin": {
        "higher": "earns {by} more net margin{than}",
        "lower": "earns {by} less net margin{than}",
        "same": "earns the same net margin{alike}",
        "undecided": "may earn more or less net margin{than}",
    },
}
"""Response -> verdict -> words: {by} how much, {than} and {alike} the baseline or nothing."""
STAY: Mapping[Verdict, str] = {
    "higher": "customers stay {by} longer",
    "lower": "customers stay {by} less",
    "same": "customers stay as long",
    "undecided": "whether customers stay longer is open",
}


def variant_sentence(rows: Rows, baseline: str, numbers: Numbers) -> Sentence:
    """Return what a variant does, money first: 'sells 3.1% more than grid, 95 % interval 2.4 to 3.8; …'.

    Of sales and what is earned the one comes first that the run decided; sales when it decided both or neither.
    """
    money = ("sales", bottom_line(rows.values()))
    found = sorted((row for name, row in rows.items() if name in money), key=_undecided_last)
    clauses = [_money_clause(row, f" {baseline}" if number == 0 else "", numbers) for number, row in enumerate(found)]
    if "trip_s" in rows:
        clauses.append(_stay_clause(rows["trip_s"], numbers))
    variant = next(iter(rows.values())).variant
    return Sentence(variant, f"{'; '.join(clauses)}.")


def _undecided_last(row: Comparison) -> tuple[bool, bool]:
    return row.verdict not in ("higher", "lower"), row.response.name != "sales"


def _money_clause(row: Comparison, baseline: str, numbers: Numbers) -> str:
    """Return 'sells 3.1% more than grid, 95 % interval 2.4 to 3.8'; the ends go the way of the word."""
    if row.difference is None or row.verdict is None:
        return ""
    turn = -1.0 if row.verdict == "lower" else 1.0
    by, interval = _share(row, turn, numbers)
    than, alike = (f" {word}{baseline}" if baseline else "" for word in ("than", "as"))
    said = MONEY[row.response.name][row.verdict].format(by=by.lstrip("+"), than=than, alike=alike)
    return f"{said}, 95 % interval {interval}" if row.verdict in ("higher", "lower") else f"{said} ({by}, {interval})"


def _share(row: Comparison, turn: float, numbers: Numbers) -> tuple[str, str]:
    """Return a difference and its interval, as a percentage of the baseline; in money where that is 0."""
    difference = row.difference or Interval(0.0, 0.0, 0)
    ends = sorted((turn * difference.low, turn * difference.high))
    base = row.mean.mean - difference.mean
    if not base or row.diff_percent is None or not isfinite(row.diff_percent):
        return numbers.money(turn * difference.mean, difference.half_width, sign=True), numbers.interval(*ends)
    places = min(max(places_of(PERCENT * difference.half_width / abs(base)) - 1, 1), 2)
    low, high = (numbers.plain(PERCENT * end / abs(base), 10.0**-places * 10) for end in ends)
    return numbers.percent(turn * difference.mean / abs(base), places, sign=True), f"{low} to {high}"


def _stay_clause(row: Comparison, numbers: Numbers) -> str:
    difference, verdict = row.difference, row.verdict
    if difference is None or verdict is None:
        return ""
    return STAY[verdict].format(by=numbers.duration(abs(difference.mean), max(difference.half_width, 1.0)))
