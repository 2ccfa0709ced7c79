"""The exact numbers that a plan tells when pointed at, written out in the reader's locale."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import pandas as pd

from storesim.inputs.floor_plan import FloorPlan
from storesim.report.page.layers import Thing, shared_things
from storesim.report.page.numbers import Numbers
from storesim.report.run_directory import RunDirectory


@dataclass(frozen=True)
class Fact:
    """A column as it is told: '{currency}' is filled in; `share`: as a percentage."""

    column: str
    words: str
    share: bool = False


FACTS: Mapping[Thing, tuple[Fact, ...]] = {
    "zone": (
        Fact("visits", "visits a day"),
        Fact("visit_share", "of customers", share=True),
        Fact("dwell_s", "seconds stood, per customer"),
        Fact("sales", "{currency} a day"),
        Fact("sales_per_m2", "{currency} per m² a day"),
    ),
    "fixture": (
        Fact("passed", "had it in view a day"),
        Fact("noticed", "noticed something on it"),
        Fact("bought", "bought from it"),
        Fact("conversion", "bought ÷ in view", share=True),
        Fact("sales", "{currency} a day"),
        Fact("sales_per_metre", "{currency} per shelf metre a day"),
    ),
}


def plan_facts(run: RunDirectory, numbers: Numbers) -> dict[str, object]:
    """Return labels by kind of thing, and by variant the texts of each thing in its plan's order.

    A text is [value, difference]; the difference is "" where the baseline has nothing at the same place.
    """
    tables: Mapping[Thing, pd.DataFrame] = {"zone": run.zones, "fixture": _with_conversion(run.fixtures)}
    told = {thing: [fact for fact in facts if fact.column in tables[thing]] for thing, facts in FACTS.items()}
    labels = {
        thing: [fact.words.format(currency=run.scenario.currency) for fact in facts] for thing, facts in told.items()
    }
    variants = [
        {
            "name": variant,
            **{thing: _things(run, tables[thing], variant, thing, told[thing], numbers) for thing in told},
        }
        for variant in run.plans
    ]
    return {"labels": labels, "baseline": run.scenario.baseline, "variants": variants}


def _with_conversion(fixtures: pd.DataFrame) -> pd.DataFrame:
    """Return the table with bought ÷ passed, and its difference to the baseline's, which the rows imply."""
    if not {"bought", "passed"} <= set(fixtures.columns):
        return fixtures
    now = fixtures["bought"] / fixtures["passed"].where(fixtures["passed"] > 0)
    if not {"bought_difference", "passed_difference"} <= set(fixtures.columns):
        return fixtures.assign(conversion=now)
    passed = fixtures["passed"] - fixtures["passed_difference"]
    before = (fixtures["bought"] - fixtures["bought_difference"]) / passed.where(passed > 0)
    return fixtures.assign(conversion=now, conversion_difference=now - before)


def _things(
    run: RunDirectory, table: pd.DataFrame, variant: str, thing: Thing, facts: Sequence[Fact], numbers: Numbers
) -> list[list[object]]:
    """Return one row a zone or fixture: its title, then a text for each fact."""
    plan = run.plans[variant]
    records = {row[thing]: row for row in table[table["variant"] == variant].to_dict("records")}
    match = shared_things(plan, run.plans[run.scenario.baseline], thing)
    return [
        [title, *(_texts(records.get(name, {}), fact, there is not None, numbers) for fact in facts)]
        for (name, title), there in zip(_titles(plan, thing), match, strict=True)
    ]


def _titles(plan: FloorPlan, thing: Thing) -> list[tuple[str, str]]:
    if thing == "zone":
        return [(zone.id, zone.name) for zone in plan.zones]
    return [(fixture.id, f"{fixture.id}, {fixture.kind.replace('_', ' ')}") for fixture in plan.fixtures]


def _texts(row: Mapping[Hashable, Any], fact: Fact, is_shared: bool, numbers: Numbers) -> list[str]:
    value = float(row.get(fact.column, float("nan")))
    difference = float(row.get(f"{fact.column}_difference", float("nan")))
    text = numbers.percent(value) if fact.share else numbers.plain(value)
    if not is_shared or not isfinite(difference):
        return [text, ""]
    if fact.share:
        return [text, numbers.percent(difference, sign=True)]
    low, high = (float(row.get(f"{fact.column}_{end}", float("nan"))) for end in ("low", "high"))
    return [text, numbers.difference(difference, (high - low) / 2)]
