"""What every variant is worth, who wins and loses by it, and the page to hand out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import pandas as pd
from markupsafe import Markup

from storesim.report.page.bars import change_bar
from storesim.report.page.first import assumed_words, headline, played
from storesim.report.page.numbers import Numbers
from storesim.report.page.render import render
from storesim.report.page.section import Section
from storesim.report.page.sentences import Sentence
from storesim.report.page.wording import sentence
from storesim.report.read_back import read_comparison
from storesim.report.run_directory import RunDirectory
from storesim.report.words import response_words
from storesim.results.divisia import PARTS
from storesim.results.responses import earned

MOST_SHOWN = 8
"""Winners, and as many losers, of a variant; the rest is in categories.csv."""
MOST_HANDED_OUT = 3
Row = Mapping[Any, Any]


@dataclass(frozen=True)
class MoneyLine:
    """One variant's sums in words."""

    variant: str
    sales_week: str
    margin_week: str
    margin_year: str
    set_up_week: str
    relay_cost: str
    payback: str
    first_year: str


@dataclass(frozen=True)
class Mover:
    """A category that wins or loses, money a week."""

    category: str
    sales: str
    margin: str
    bar: Markup
    cause: str
    part: str
    """What that cause alone comes to."""
    promoted: bool


@dataclass(frozen=True)
class Movers:
    """Winners and losers of one variant, the greatest first, and how many there are of each in all."""

    variant: str
    winners: tuple[Mover, ...]
    losers: tuple[Mover, ...]
    won: int
    lost: int
    categories: int


@dataclass(frozen=True)
class SpaceLine:
    """A category's space against its sales in the baseline, and how its shelf changes in each variant."""

    category: str
    metres: str
    space: str
    sales: str
    ratio: str
    others: tuple[str, ...]


def money_section(run: RunDirectory, numbers: Numbers) -> Section | None:
    """Return money by week and year, winners and losers with their causes, and space against sales."""
    if run.money is None:
        return None
    days = run.scenario.opening_days
    variants = list(run.plans)
    body = render(
        "money",
        lines=[money_line(run.money, variant, numbers) for variant in variants],
        earned=sentence(response_words(_last(run.money))),
        baseline=variants[0],
        days=days,
        movers=[movers(run, variant, numbers) for variant in variants[1:]],
        space=space_lines(run, numbers),
        relaid=[variant for variant in variants[1:] if not _same_space(run, variant)],
    )
    return Section("money", "Money", body)


def money_line(money: pd.DataFrame, variant: str, numbers: Numbers) -> MoneyLine:
    """Return a variant's sums: the baseline's own, of others the differences to it."""
    rows = {(row["measure"], row["period"]): row for row in _records(money[money["variant"] == variant])}
    last = _last(money)
    relay, back = rows.get(("relay_cost", "once")), rows.get(("payback", "once"))
    return MoneyLine(
        variant,
        sales_week=_sum_words(rows["sales", "week"], numbers),
        margin_week=_sum_words(rows[last, "week"], numbers),
        margin_year=_sum_words(rows[last, "year"], numbers),
        set_up_week=numbers.money(rows["set_up_cost", "week"]["value"]),
        relay_cost=numbers.money(relay["value"]) if relay else numbers.unknown,
        payback=payback_words(back, numbers) if back else numbers.unknown,
        first_year=_sum_words(rows["first_year", "year"], numbers) if back else numbers.unknown,
    )


def _last(money: pd.DataFrame) -> str:
    """Return the measure that says what a variant earns."""
    return earned(set(money["measure"]))


def _sum_words(row: Row, numbers: Numbers) -> str:
    """Return '+$858 ± 539', or the value of a row without a difference."""
    change, half = row["difference"], (row["high"] - row["low"]) / 2
    if not isfinite(change):
        return numbers.money(row["value"])
    if change == 0 and half == 0:
        return numbers.money(0.0, 10.0)
    size = half if isfinite(half) and half > 0 else abs(change) / 10
    words = numbers.money(change, size, sign=True)
    return f"{words} ± {numbers.plain(half, size)}" if isfinite(half) else words


def payback_words(row: Row, numbers: Numbers) -> str:
    """Return how soon the cost of relaying comes back, with its interval."""
    weeks, low, high = row["value"], row["low"], row["high"]
    match row["says"]:
        case "pays back":
            ends = " to ".join(numbers.plain(end, weeks / 10) for end in (low, high))
            return f"{numbers.plain(weeks, weeks / 10)} weeks ({ends})"
        case "not surely":
            return f"not surely; at best after {numbers.plain(low, low / 10)} weeks"
        case "never":
            return "never: the margin does not rise"
        case "unknown" if isfinite(weeks):
            return f"{numbers.plain(weeks, weeks / 10)} weeks, one day tells no interval"
        case "nothing to pay back":
            return "nothing to pay back"
    return numbers.unknown


def movers(run: RunDirectory, variant: str, numbers: Numbers, most: int = MOST_SHOWN) -> Movers:
    """Return the categories whose interval says that they win or lose, by the change of their sales."""
    if run.categories is None:
        return Movers(variant, (), (), 0, 0, 0)
    table = run.categories[run.categories["variant"] == variant]
    days = run.scenario.opening_days
    won, lost = (table[table["says"] == says] for says in ("winner", "loser"))
    reach = max(float(table["sales_difference"].abs().max()), 1e-9) * days
    return Movers(
        variant,
        tuple(_mover(row, days, reach, numbers) for row in _top(won, most, ascending=False)),
        tuple(_mover(row, days, reach, numbers) for row in _top(lost, most, ascending=True)),
        len(won),
        len(lost),
        len(table),
    )


def _top(table: pd.DataFrame, most: int, *, ascending: bool) -> list[Row]:
    order = table.sort_values("sales_difference", ascending=ascending, kind="stable")
    return _records(order.head(most))


def _mover(row: Row, days: int, reach: float, numbers: Numbers) -> Mover:
    sales, margin = ({end: days * row[f"{name}_{end}"] for end in ("difference", "low", "high")}
                     for name in ("sales", "margin"))  # fmt: skip
    parts = {part: days * row[f"by_{part}"] for part in PARTS}
    pull = max(parts.values()) if row["says"] == "winner" else min(parts.values())
    return Mover(
        category=row["category"],
        sales=_sum_words(sales, numbers),
        margin=_sum_words(margin, numbers),
        bar=change_bar(sales["difference"], reach),
        cause=row["cause"],
        part=numbers.money(pull, abs(pull) / 10, sign=True),
        promoted=row["promoted"] == "yes",
    )


def space_lines(run: RunDirectory, numbers: Numbers) -> list[SpaceLine]:
    """Return the categories by sales share ÷ space share in the baseline, the most crowded shelf first."""
    if run.categories is None:
        return []
    tables = {
        variant: {row["category"]: row for row in _records(run.categories[run.categories["variant"] == variant])}
        for variant in run.plans
    }
    relaid = [tables[variant] for variant in list(tables)[1:] if not _same_space(run, variant)]
    return [
        SpaceLine(
            category=row["category"],
            metres=numbers.plain(row["metres"], 10.0 if row["metres"] >= 10 else 1.0),
            space=numbers.percent(row["space_share"]),
            sales=numbers.percent(row["sales_share"]),
            ratio=numbers.plain(row["sales_to_space"], 0.1) if row["metres"] else numbers.unknown,
            others=tuple(_space_change(table[row["category"]], numbers) for table in relaid),
        )
        for row in sorted(next(iter(tables.values())).values(), key=lambda row: -float(row["sales_to_space"]))
    ]


def _space_change(row: Row, numbers: Numbers) -> str:
    """Return '+4.8 m, 1.32': how much more shelf than in the baseline, and sales to space there."""
    change = round(float(row["metres_difference"]), 6)
    ratio = numbers.plain(row["sales_to_space"], 0.1)
    return f"{numbers.signed(change, 1.0)} m, {ratio}" if change else ratio


def _same_space(run: RunDirectory, variant: str) -> bool:
    table = run.categories
    return table is None or not table[table["variant"] == variant]["metres_difference"].abs().max() > 1e-6


def _records(table: pd.DataFrame) -> list[Row]:
    return list(table.to_dict("records"))


@dataclass(frozen=True)
class HandOut:
    """What fits on one page."""

    variant: str
    line: MoneyLine
    movers: Movers


def handout_section(run: RunDirectory, numbers: Numbers) -> Section | None:
    """Return one page to print: question, answer, money, winners and losers, and how sure it is."""
    if run.money is None or len(run.plans) < 2:
        return None
    rows, scenario = read_comparison(run), run.scenario
    answer = headline(rows, scenario, numbers)
    variant = answer.subject or _best_margin(run.money, list(run.plans)[1:])
    body = render(
        "handout",
        question=scenario.name,
        answer=answer,
        shortfall=run.shortfall,
        page=HandOut(variant, money_line(run.money, variant, numbers), movers(run, variant, numbers, MOST_HANDED_OUT)),
        baseline=scenario.baseline,
        lines=[money_line(run.money, other, numbers) for other in list(run.plans)[1:]][:6],
        earned=sentence(response_words(_last(run.money))),
        played=played(run, numbers),
        assumed=_about(assumed_words(rows, scenario, numbers), variant),
        known=bool(scenario.actuals),
        days=scenario.opening_days,
    )
    return Section("handout", "Hand-out", body)


def _about(sentences: Sequence[Sentence], variant: str) -> list[str]:
    return [one.says for one in sentences if one.subject == variant]


def _best_margin(money: pd.DataFrame, variants: Sequence[str]) -> str:
    """Return the variant with the greatest mean difference of what is earned, the first of equals."""
    rows = money[(money["measure"] == _last(money)) & (money["period"] == "week")].set_index("variant")["difference"]
    return max(variants, key=lambda variant: float(rows[variant]))
