"""Promotions taken apart in the terminal: the product itself, its category, everything else."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from storesim.report.words import difference_words, number_words

if TYPE_CHECKING:
    from storesim.experiment.result import Result
    from storesim.results.promotions import Effect

WIDTH = 80
GAP = "  "
TOGETHER = "The promotions of one variant are seen together; to part them, play each alone."
"""Of several promotions each line shows what all do, divided at its own product."""
HEAD = ("own", "category", "rest", "total", "total/own")


def effect_lines(result: "Result") -> list[str]:
    """Return the table of what promotions do to sales, a line each, at most 80 columns wide; [] without promotions."""
    if not result.effects:
        return []
    groups: dict[tuple[str, str], list[Effect]] = {}
    for effect in result.effects:
        groups.setdefault((effect.variant, effect.promotion), []).append(effect)
    rows = [HEAD, *(_cells(effects) for effects in groups.values())]
    widths = [max(len(row[k]) for row in rows) for k in range(len(HEAD))]
    lines = [f"Promotions taken apart: sales, {result.scenario.currency} a day, ± half-width.", *_row("", HEAD, widths)]
    told = ""
    for (variant, promotion), cells in zip(groups, rows[1:], strict=True):
        lines += [] if variant == told else [_short(variant)]
        lines += _row(f"{GAP}{promotion}", cells, widths)
        told = variant
    if len(groups) > len({variant for variant, _ in groups}):
        lines += [TOGETHER]
    return [*lines, ""]


def _cells(effects: Sequence["Effect"]) -> tuple[str, ...]:
    """Return the cells of a promotion: a difference for each scope, and the ratio of the total to its own."""
    sales = [difference_words(effect.difference[0].mean, effect.difference[0].half_width) for effect in effects]
    ratio = effects[-1].ratio
    if ratio is None:
        return (*sales, "-")
    mean, half_width = (number_words(value, ratio.half_width) for value in (ratio.mean, ratio.half_width))
    return (*sales, f"{mean} ± {half_width}")


def _row(name: str, cells: Iterable[str], widths: Sequence[int]) -> list[str]:
    """Return a line, or two when the name is too long to stand before its numbers."""
    numbers = GAP.join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
    if len(name) + len(GAP) + len(numbers) <= WIDTH:
        return [name.ljust(WIDTH - len(numbers)) + numbers]
    return [_short(name), numbers.rjust(WIDTH)]


def _short(name: str) -> str:
    return name if len(name) <= WIDTH else f"{name[: WIDTH - 1]}…"
