"""What a variant is worth: its money by day, week and year, and how soon what it costs comes back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan, nan
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from storesim.inputs.case import Scenario
from storesim.results.intervals import Interval, two_stage_interval
from storesim.results.precision import first_stages
from storesim.results.responses import earned
from storesim.results.tables import Tables
from storesim.results.write import Cell, text, write_csv

Floats = NDArray[np.float64]
Measure = Literal["sales", "set_up_cost", "margin", "net_margin"]
Says = Literal["nothing to pay back", "pays back", "not surely", "never", "unknown"]

WEEKS_A_YEAR = 52
COLUMNS = ("variant", "measure", "period", "unit", "value", "difference", "low", "high", "says")


@dataclass(frozen=True)
class Sum:
    """One measure of one variant on a mean day, in the scenario's currency.

    sales: paid at the tills. set_up_cost: of the promotions that run. margin: sales less the cost of what was sold,
    plus what suppliers pay for promoted units, less set_up_cost; the relay cost is not in it. net_margin: margin less
    the cost of staff and the value of points, where the scenario counts them.
    """

    variant: str
    measure: Measure
    mean: float
    difference: Interval | None
    """Paired difference to the baseline, 95 % for all variants together (Bonferroni); None: the baseline."""


@dataclass(frozen=True)
class Payback:
    """How many weeks of more margin, net where that is counted, make up for the cost of relaying.

    cost ÷ weekly gain. The cost is certain, so the ends of the gain's interval, turned round, are those of the
    payback's: low = cost ÷ the gain's upper end, high = cost ÷ its lower end.
    """

    variant: str
    relay_cost: float
    weeks: float
    """nan when the gain is not above 0."""
    low: float
    """nan when there is no interval, or when even the upper end of the gain is not above 0."""
    high: float
    """nan when the gain may be 0 or less: there is no upper end."""
    says: Says


@dataclass(frozen=True)
class Money:
    """The sums of all variants, the baseline's first, and each other variant's payback."""

    currency: str
    days_a_week: int
    sums: tuple[Sum, ...]
    paybacks: tuple[Payback, ...]

    @property
    def gains(self) -> Mapping[str, Interval]:
        """What each variant but the baseline earns more on a mean day: net margin where it is counted."""
        last = earned({one.measure for one in self.sums})
        return {one.variant: one.difference for one in self.sums if one.measure == last and one.difference}


def count_money(scenario: Scenario, tables: Sequence[Tables], net_margin: Sequence[Floats] = ()) -> Money:
    """Return what the variants are worth.

    Args:
        scenario: tells names, relay costs and days a week.
        tables: each variant's, stacked: columns of shape (replications, rows); the baseline's first.
        net_margin: each variant's, shape (replications,); none where staff and points are not counted.
    """
    days = [_measures(one) for one in tables]
    for day, net in zip(days, net_margin, strict=False):
        day["net_margin"] = net
    stages = first_stages(scenario)

    def difference(measure: Measure, day: Mapping[Measure, Floats]) -> Interval:
        paired = day[measure] - days[0][measure]
        return two_stage_interval(paired, stages.get(measure, len(paired)), len(days) - 1)

    sums = [
        Sum(case.name, measure, float(day[measure].mean()), difference(measure, day) if number else None)
        for number, (case, day) in enumerate(zip(scenario.cases, days, strict=True))
        for measure in day
    ]
    counted = Money(scenario.currency, scenario.opening_days, tuple(sums), ())
    gains = counted.gains
    paybacks = [
        payback(case.name, case.relay_cost, _scaled(gains[case.name], scenario.opening_days))
        for case in scenario.cases[1:]
    ]
    return replace(counted, paybacks=tuple(paybacks))


def payback(variant: str, relay_cost: float, weekly: Interval) -> Payback:
    """Return the payback of a cost by a weekly gain of margin."""
    if not relay_cost:
        return Payback(variant, relay_cost, nan, nan, nan, "nothing to pay back")
    weeks, low, high = (relay_cost / gain if gain > 0 else nan for gain in (weekly.mean, weekly.high, weekly.low))
    return Payback(variant, relay_cost, weeks, low, high, _says(weekly))


def _says(weekly: Interval) -> Says:
    if isnan(weekly.half_width):
        return "unknown"
    if weekly.low > 0:
        return "pays back"
    return "not surely" if weekly.high > 0 else "never"


def _measures(tables: Tables) -> dict[Measure, Floats]:
    """Return the measures day by day, shape (replications,) each."""
    products, zones = tables.products, tables.zones
    margin = products.margin.sum(axis=1)
    # The zones' margin is that of every unit sold; only the products' has the set-up costs taken off.
    set_up = np.round(zones.margin.sum(axis=1) - margin, 6)
    return {"sales": products.sales.sum(axis=1), "set_up_cost": set_up, "margin": margin}


def _scaled(interval: Interval, factor: float) -> Interval:
    return Interval(interval.mean * factor, interval.half_width * factor, interval.replications)


def write_money(folder: Path, money: Money) -> None:
    """Write money.csv: sums by day, week and year, then relay cost, payback and the gain of the first year."""
    write_csv(folder / "money.csv", COLUMNS, (*_sum_rows(money), *_payback_rows(money)))


def _sum_rows(money: Money) -> Iterator[list[Cell]]:
    week = money.days_a_week
    for one in money.sums:
        for period, days in (("day", 1), ("week", week), ("year", week * WEEKS_A_YEAR)):
            gain = _ends(_scaled(one.difference, days)) if one.difference else (nan, nan, nan)
            yield [text(one.variant), one.measure, period, money.currency, one.mean * days, *gain, ""]


def _payback_rows(money: Money) -> Iterator[list[Cell]]:
    gains = money.gains
    for back in money.paybacks:
        variant, cost = text(back.variant), back.relay_cost
        yield [variant, "relay_cost", "once", money.currency, cost, nan, nan, nan, ""]
        year = _ends(_scaled(gains[back.variant], money.days_a_week * WEEKS_A_YEAR))
        yield [variant, "first_year", "year", money.currency, nan, *(end - cost for end in year), ""]
        yield [variant, "payback", "once", "weeks", back.weeks, nan, back.low, back.high, back.says]


def _ends(interval: Interval) -> tuple[float, float, float]:
    return interval.mean, interval.low, interval.high
