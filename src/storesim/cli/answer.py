"""The answer in the terminal: money first, then time and ways, how sure, what is assumed, where the files are."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from storesim.cli.against import against_lines
from storesim.cli.effects import effect_lines
from storesim.cli.tiers import tier_lines
from storesim.report.verdicts import (
    all_same,
    bottom_line,
    is_open,
    leader,
    mover,
    parameter_counts,
    played_words,
    precision_words,
    standing_count,
)
from storesim.report.words import difference_words, number_words, response_words

if TYPE_CHECKING:
    from storesim.experiment.result import Result
    from storesim.inputs.case import Scenario
    from storesim.results.comparison import Comparison

WIDTH = 80
SHOWN = ("sales", "margin", "dwell_s", "walked_m", "wait_s")
WITH_COSTS = ("sales", "margin", "net_margin", "dwell_s", "wait_s")
"""The same where staff or points are counted."""
MOST_PLACES = 2
"""Decimals in the table; the files have all."""
GAP = "  "


def answer(result: "Result") -> str:
    """Return all that `run` prints, at most 80 columns wide."""
    scenario = result.scenario
    parts = ["", *_wrapped(scenario.name), *_wrapped(played(scenario, result.played.responses.shape[1])), ""]
    parts += [*against_lines(result.against), ""]
    parts += [*table(result.comparison, scenario.currency), ""]
    parts += effect_lines(result)
    parts += tier_lines(result)
    if len(scenario.cases) > 1:
        parts += [*_wrapped(verdict_sentence(result.comparison, scenario)), *best_lines(result.comparison)]
        parts += [*undecided_lines(result.comparison)]
    if result.reached:
        parts += _wrapped(precision_words(result.reached, scenario, number_words))
    if result.assumed:
        parts += ["", *standing_lines(result.comparison, scenario), ""]
    parts += _wrapped(assumptions(scenario))
    if result.directory:
        parts += [f"Files: {result.directory}"]
    return "\n".join(parts)


def played(scenario: "Scenario", replications: int) -> str:
    """Return what was played, in a line."""
    return (
        f"{played_words(scenario, replications, f'{scenario.visits_per_day:,.0f}')} "
        f"Differences to {scenario.baseline} a day, ± half-width."
    )


def table(rows: Sequence["Comparison"], currency: str) -> list[str]:
    """Return the table of variants and responses: the baseline's means, then differences with their verdicts.

    A name too long for its column has a line of its own.
    """
    variants = list(dict.fromkeys(row.variant for row in rows))
    columns = [_column([row for row in rows if row.response.name == name], currency) for name in shown(rows)]
    widths = [max(len(cell) for cell in column) for column in columns]
    left = WIDTH - sum(widths) - len(GAP) * len(widths)
    names = max((len(name) for name in variants if len(name) <= left), default=0)
    lines = [_line("", [column[0] for column in columns], names, widths)]
    for number, variant in enumerate(variants):
        cells, verdicts = ([column[2 * number + k] for column in columns] for k in (1, 2))
        lines += [] if len(variant) <= names else [_short(variant)]
        lines.append(_line(variant if len(variant) <= names else "", cells, names, widths))
        lines += [_line("", verdicts, names, widths)] if number else []
    return lines


def shown(rows: Iterable["Comparison"]) -> tuple[str, ...]:
    """Return the responses of the table, in order."""
    return SHOWN if bottom_line(rows) == "margin" else WITH_COSTS


def _line(name: str, cells: Iterable[str], names: int, widths: Iterable[int]) -> str:
    texts = (cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
    return GAP.join((name.ljust(names), *texts)).rstrip()


def _column(rows: Iterable["Comparison"], currency: str) -> list[str]:
    """Return a column: its head, then for each variant a number and a verdict, the baseline's empty."""
    lines: list[str] = []
    for row in rows:
        if not lines:
            lines.append(f"{response_words(row.response.name)}, {row.response.unit_in(currency)}")
        if row.difference is None:
            lines += [number_words(row.mean.mean, abs(row.mean.mean) / 10, places=MOST_PLACES), ""]
        else:
            words = difference_words(row.difference.mean, row.difference.half_width, places=MOST_PLACES)
            lines += [words, str(row.verdict)]
    return lines


def verdict_sentence(rows: Sequence["Comparison"], scenario: "Scenario") -> str:
    """Return the answer in a sentence: the variant that earns (or else sells) most more than the baseline."""
    best = leader(rows)
    if best:
        does = "sells" if best.response.name == "sales" else "earns"
        return f"{best.variant} {does} more than {scenario.baseline}: {_money(rows, best.variant, scenario)}."
    if all_same(rows):
        within = f"{100 * scenario.same_within:.3g} % of its {response_words(bottom_line(rows))}"
        return f"All variants earn the same as {scenario.baseline}, within {within}."
    return f"No variant surely earns more than {scenario.baseline}."


def _money(rows: Sequence["Comparison"], variant: str, scenario: "Scenario") -> str:
    """Return what a variant does to what is earned and to sales, in words."""
    said, earned = [], bottom_line(rows)
    for row in rows:
        if row.variant == variant and row.response.name in (earned, "sales") and row.difference:
            amount = difference_words(row.difference.mean, row.difference.half_width)
            percent = "" if row.diff_percent is None else f" ({number_words(row.diff_percent, 1.0, sign=True)} %)"
            said.append(
                f"{response_words(row.response.name)} {amount} {scenario.currency} a day{percent}, {row.verdict}"
            )
    return "; ".join(reversed(said))


def best_lines(rows: Sequence["Comparison"]) -> list[str]:
    """Return which variants may earn the most."""
    earned = bottom_line(rows)
    names = [row.variant for row in rows if row.response.name == earned and row.may_be_best]
    return _wrapped(f"May be best in {response_words(earned)}: {', '.join(names)}.")


def undecided_lines(rows: Sequence["Comparison"]) -> list[str]:
    """Return how many more days would settle the money questions that are still open."""
    open_rows = [row for row in rows if row.response.name in ("sales", bottom_line(rows)) and is_open(row)]
    if not open_rows:
        return []
    needed = [
        f"{response_words(row.response.name)} of {row.variant} {_more(row.more_replications)}" for row in open_rows
    ]
    return _wrapped(f"More days would settle what is undecided: {', '.join(needed)}.")


def _more(replications: int | None) -> str:
    return "(too many)" if replications is None else f"(about {replications:,})"


def standing_lines(rows: Sequence["Comparison"], scenario: "Scenario") -> list[str]:
    """Return how the differences in money stand when assumptions are varied, a line each, and what moves a verdict."""
    varied = scenario.assumptions
    standing = [row for row in rows if row.standing and row.response.name in ("sales", bottom_line(rows))]
    if varied is None or not standing:
        return []
    head = f"{len(varied.parameters)} assumed parameters at their lows and highs, {varied.replications} days a set:"
    cells = [
        (response_words(row.response.name), str(row.verdict), standing_words(row, scenario.same_within))
        for row in standing
    ]
    widths = [max(len(cell[k]) for cell in cells) for k in (0, 1)]
    lines = _wrapped(head)
    for number, (row, cell) in enumerate(zip(standing, cells, strict=True)):
        new = number == 0 or standing[number - 1].variant != row.variant
        lines += [_short(row.variant)] if new else []
        lines.append(GAP.join(("", cell[0].ljust(widths[0]), cell[1].ljust(widths[1]), cell[2])))
    return lines + [line for row in rows if row.response.name in shown(rows) for line in moved_lines(row)]


def standing_words(row: "Comparison", same_within: float) -> str:
    """Return in how many sets a difference is as the main run says, and how far it goes."""
    count = standing_count(row, f"{100 * same_within:.3g} %")
    if row.standing is None or not count:
        return ""
    ends = (row.standing.low_percent, row.standing.high_percent)
    low, high = (number_words(percent, 1.0, sign=True) for percent in ends)
    return f"{count}, {low} to {high} %"


def moved_lines(row: "Comparison") -> list[str]:
    """Return a sentence when assumptions take back the verdict on a response."""
    found, stands = mover(row), row.standing
    if found is None or stands is None:
        return []
    return _wrapped(
        f"{response_words(row.response.name)} of {row.variant}: undecided, not {stands.before}: it {found.breaks} in "
        f"{found.sets} of {stands.sets} sets, most of all with {found.parameter} at its {found.level}."
    )


def assumptions(scenario: "Scenario") -> str:
    """Return how much rests on assumptions, in a line or two."""
    counts = [f"{count} {status}" for status, count in parameter_counts(scenario.parameters).items() if count]
    calibrated = sum(product.conversion is not None for product in scenario.products)
    store = f"; conversion is solved for {calibrated} of {len(scenario.products)} products" if calibrated else ""
    more = "" if scenario.assumptions else "; what is assumed may change more: see --assumptions"
    return (
        f"Parameters: {', '.join(counts)}{store}. "
        f"± is the noise of simulated days only (95 %, all variants together){more}."
    )


def _short(name: str) -> str:
    return name if len(name) <= WIDTH else f"{name[: WIDTH - 1]}…"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH) or [""]


def warnings(texts: Iterable[str]) -> Iterator[str]:
    """Yield the lines of warnings, wrapped."""
    for text in texts:
        yield from textwrap.wrap(f"warning: {text}", WIDTH, subsequent_indent="  ")
