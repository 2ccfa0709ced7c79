"""The sweep in the terminal: what each swept value does to the money."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from storesim.report.verdicts import bottom_line
from storesim.report.words import difference_words, response_words

if TYPE_CHECKING:
    from storesim.experiment.result import Result
    from storesim.results.sweep import Swept

WIDTH = 80
MOST_NAMES = 5
"""Names told of each variant: those that do most."""


def sweep_lines(result: "Result") -> list[str]:
    """Return what the points of a sweep say of what is earned, a line each, at most 80 columns wide; [] without one."""
    swept = result.swept
    if swept is None:
        return []
    days = f"{swept.days.shape[1]} day{'s' if swept.days.shape[1] > 1 else ''}"
    currency, several = result.scenario.currency, len(result.scenario.cases) > 1
    money = response_words(bottom_line(result.comparison))
    what = f"the difference in {money}" if several else money
    lines = [f"Sweep: {swept.sweep.design}, {len(swept.values)} points of {days}. Over its range each value changes"]
    lines += [f"{what}, {currency} a day, by the following, ± half-width:"]
    return [*lines, *_variant_lines(result, swept), "All points: sweep.csv. Pictures: storesim plot --kind sweep."]


def _variant_lines(result: "Result", swept: "Swept") -> Iterator[str]:
    from storesim.results.sweep_effects import main_effects

    response = [one.name for one in swept.responses].index(bottom_line(result.comparison))
    effects, halves = main_effects(swept)
    for variant, case in list(enumerate(result.scenario.cases))[1:] or [(0, result.scenario.cases[0])]:
        mine = list(zip(swept.names, effects[:, variant, response], halves[:, variant, response], strict=True))
        told = sorted(mine, key=lambda one: -abs(one[1]))[:MOST_NAMES]
        yield _short(case.name, WIDTH)
        for name, effect, half in told:
            words = difference_words(float(effect), float(half), places=2)
            yield f"  {_short(name, WIDTH - len(words) - 4).ljust(WIDTH - len(words) - 4)}  {words}"
        if len(mine) > len(told):
            yield f"  {len(mine) - len(told)} more in sweep_effects.csv"


def _short(name: str, longest: int) -> str:
    """Return a name that fits: of a long path the end says most."""
    return name if len(name) <= longest else f"…{name[1 - longest :]}"
