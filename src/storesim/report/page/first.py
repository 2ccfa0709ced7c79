"""The first screen: the question, the answer in a sentence, every variant's numbers, and how far to trust them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

from storesim.inputs.actuals import NAMELESS
from storesim.inputs.case import Scenario
from storesim.report.page.numbers import Numbers
from storesim.report.page.render import render
from storesim.report.page.section import Section
from storesim.report.page.sentences import Rows, Sentence, variant_sentence
from storesim.report.read_back import read_against, read_comparison, read_reached
from storesim.report.run_directory import RunDirectory
from storesim.report.verdicts import (
    all_same,
    bottom_line,
    is_open,
    leader,
    mover,
    played_words,
    precision_words,
    standing_count,
)
from storesim.report.words import response_words
from storesim.results.actuals import Against, wape
from storesim.results.comparison import Comparison

MAIN = ("sales", "margin", "net_margin", "trip_s", "dwell_s", "walked_m", "wait_s")
"""Responses of the table that everybody reads; the others are in one that opens."""
PERCENT = 100.0


@dataclass(frozen=True)
class Head:
    """A response at the head of its column."""

    name: str
    unit: str
    definition: str
    good: str
    """Which direction is good, in words; '': for the reader to say."""


@dataclass(frozen=True)
class Cell:
    """A variant's response: the baseline's mean, or a difference with what it says."""

    number: str
    percent: str = ""
    verdict: str = ""
    tone: str = "none"
    """good, bad or none: the colour of the verdict, which also stands there as a word."""
    standing: str = ""


GOOD = {"higher": "more is better", "lower": "less is better", "reader": ""}


def first_section(run: RunDirectory, numbers: Numbers) -> Section:
    """Return the head of the page; of a run that ended before its first day, that it did."""
    rows, scenario = read_comparison(run), run.scenario
    by_variant = {row.variant: {r.response.name: r for r in rows if r.variant == row.variant} for row in rows}
    names = [name for name in MAIN if any(name in row for row in by_variant.values())]
    others = [row.response.name for row in by_variant.get(scenario.baseline, {}).values()]
    body = render(
        "first",
        shortfall=run.shortfall,
        headline=headline(rows, scenario, numbers),
        told=told(rows, scenario, numbers),
        played=played(run, numbers) if rows else "",
        assumed=assumed_words(rows, scenario, numbers),
        best=[row.variant for row in rows if row.response.name == bottom_line(rows) and row.may_be_best],
        earned=response_words(bottom_line(rows)),
        more=more_days(rows, numbers),
        precision=precision(run, numbers),
        against=against_words(read_against(run), numbers),
        tables=[
            summary_table(list(by_variant.values()), chosen, scenario, numbers)
            for chosen in (names, [name for name in others if name not in MAIN])
        ],
        baseline=scenario.baseline,
        same_within=same_words(scenario, numbers),
        varied=scenario.assumptions is not None,
    )
    return Section("answer", scenario.name, body)


def headline(rows: Sequence[Comparison], scenario: Scenario, numbers: Numbers) -> Sentence:
    """Return the answer: what the variant that leads does, or that none surely does."""
    others = [row.variant for row in rows if row.difference and row.response.name == "sales"]
    best = leader(rows)
    if best or len(others) == 1:
        variant = best.variant if best else others[0]
        return variant_sentence(_of(rows, variant), scenario.baseline, numbers)
    if not others:
        return Sentence("", "There is nothing to compare: one variant was played." if rows else "No day was finished.")
    if all_same(rows):
        margin = same_words(scenario, numbers)
        what = response_words(bottom_line(rows))
        return Sentence("", f"All variants earn the same {what} as {scenario.baseline}, within {margin}.")
    return Sentence("", f"No variant surely earns more than {scenario.baseline}.")


def told(rows: Sequence[Comparison], scenario: Scenario, numbers: Numbers) -> list[Sentence]:
    """Return a sentence on each variant that the headline is not about."""
    variants = dict.fromkeys(row.variant for row in rows if row.difference)
    first = headline(rows, scenario, numbers).subject
    return [
        variant_sentence(_of(rows, variant), scenario.baseline, numbers) for variant in variants if variant != first
    ]


def _of(rows: Iterable[Comparison], variant: str) -> Rows:
    return {row.response.name: row for row in rows if row.variant == variant}


def played(run: RunDirectory, numbers: Numbers) -> str:
    """Return what was played, in a sentence."""
    visits = numbers.plain(run.scenario.visits_per_day, 10.0)
    return played_words(run.scenario, run.finished or run.scenario.replications, visits)


def assumed_words(rows: Sequence[Comparison], scenario: Scenario, numbers: Numbers) -> list[Sentence]:
    """Return how far assumptions move sales and what is earned, a sentence a variant; [] when they were not varied."""
    said: dict[str, list[str]] = {}
    for row in rows:
        if row.standing and row.response.name in ("sales", bottom_line(rows)):
            said.setdefault(row.variant, []).append(_assumed(row, scenario, numbers))
    return [Sentence(variant, f"{'; '.join(words)}.") for variant, words in said.items()]


def _assumed(row: Comparison, scenario: Scenario, numbers: Numbers) -> str:
    """Return 'sales ahead in 14 of 16 assumption sets, −0.2% to +2.1%', and what takes the verdict back."""
    stands, broken = row.standing, mover(row)
    if stands is None:
        return ""
    count = standing_count(row, same_words(scenario, numbers))
    low, high = (numbers.percent(end / PERCENT, sign=True) for end in (stands.low_percent, stands.high_percent))
    words = f"{response_words(row.response.name)} {count} assumption sets, {low} to {high}"
    if broken is None:
        return words
    moved = f"it {broken.breaks} most of all with {broken.parameter} at its {broken.level}"
    return f"{words}: undecided, not {stands.before}, since {moved}"


def same_words(scenario: Scenario, numbers: Numbers) -> str:
    """Return the margin of sameness: '1%', '0.5%'."""
    percent = PERCENT * scenario.same_within
    return numbers.percent(scenario.same_within, 0 if round(percent, 6).is_integer() else 1)


def more_days(rows: Sequence[Comparison], numbers: Numbers) -> list[Sentence]:
    """Return how many more days would settle the money questions that are still open, a sentence a variant."""
    said: dict[str, list[str]] = {}
    for row in rows:
        if row.response.name in ("sales", bottom_line(rows)) and is_open(row):
            days = _days(row.more_replications, numbers)
            said.setdefault(row.variant, []).append(f"{days} for {response_words(row.response.name)}")
    return [Sentence(variant, ", ".join(words)) for variant, words in said.items()]


def precision(run: RunDirectory, numbers: Numbers) -> str:
    """Return how far the run came with the precision asked for; '' when none was, or its first stage is not whole."""
    found = read_reached(run)
    return precision_words(found, run.scenario, numbers.plain) if found else ""


def _days(more: int | None, numbers: Numbers) -> str:
    return "too many days" if more is None else f"about {numbers.plain(more, 10.0)} days"


def against_words(rows: Sequence[Against], numbers: Numbers) -> list[str]:
    """Return how far the baseline is from the user's own store, a phrase for each measure; [] when not known."""
    measures = dict.fromkeys(row.actual.measure for row in rows)
    return [_measure_words([row for row in rows if row.actual.measure == name], numbers) for name in measures]


def _measure_words(rows: Sequence[Against], numbers: Numbers) -> str:
    """Return 'sales +1.2% (59,690 against 58,980)', or of many 'zone visits 8.3% off on average over 12'."""
    first = rows[0]
    if first.actual.measure in NAMELESS:
        simulated, actual = first.simulated.mean, first.actual.value
        held = f"{numbers.plain(simulated)} against {numbers.plain(actual)}"
        return f"{first.actual.measure} {numbers.percent(first.percent / PERCENT, sign=True)} ({held})"
    error = numbers.percent(wape(rows) / PERCENT)
    worst = max(rows, key=lambda row: abs(row.difference))
    most = f", most of all {worst.actual.name} {numbers.percent(worst.percent / PERCENT, sign=True)}"
    return f"{first.actual.measure} {error} off on average over {len(rows)}{most if len(rows) > 1 else ''}"


@dataclass(frozen=True)
class Table:
    """Variants by responses, as text."""

    heads: tuple[Head, ...]
    lines: tuple[tuple[str, tuple[Cell, ...]], ...]
    """Variant and its cells, the baseline first."""


def summary_table(variants: Sequence[Rows], names: Sequence[str], scenario: Scenario, numbers: Numbers) -> Table:
    """Return the table of some responses; `variants` has each one's rows, the baseline's first."""
    heads = [_head(variants[0][name], scenario.currency) for name in names] if variants else []
    lines = (
        (next(iter(rows.values())).variant, tuple(_cell(rows[name], scenario, numbers) for name in names))
        for rows in variants
    )
    return Table(tuple(heads), tuple(lines))


def _head(row: Comparison, currency: str) -> Head:
    response = row.response
    unit = "%" if response.unit == "share" else response.unit_in(currency)
    words = " ".join(response.definition.split("\n\n")[0].split())
    return Head(response_words(response.name), unit, words, GOOD[response.better])


def _cell(row: Comparison, scenario: Scenario, numbers: Numbers) -> Cell:
    factor = PERCENT if row.response.unit == "share" else 1.0
    if row.difference is None or row.verdict is None:
        return Cell(numbers.plain(factor * row.mean.mean))
    percent = row.diff_percent
    return Cell(
        numbers.difference(factor * row.difference.mean, factor * row.difference.half_width),
        numbers.percent(percent / PERCENT, sign=True) if percent is not None and isfinite(percent) else "",
        row.verdict,
        _tone(row),
        standing_count(row, same_words(scenario, numbers)),
    )


def _tone(row: Comparison) -> str:
    if row.response.better == "reader" or row.verdict not in ("higher", "lower"):
        return "none"
    return "good" if row.verdict == row.response.better else "bad"
