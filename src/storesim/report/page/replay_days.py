"""One day of a run, played again: the log is not in the tables, and a floor's ways are not in the log."""

from collections.abc import Callable

import pandas as pd

from storesim.experiment.replication import prepare
from storesim.inputs.case import Scenario
from storesim.results.day import Day
from storesim.results.responses import measure, responses_of
from storesim.results.write import cell
from storesim.store.build import build_floor

Progress = Callable[[int, int], None]
"""Called with (steps done, steps in all)."""


def play_again(scenario: Scenario, replication: int, progress: Progress) -> tuple[Day, ...]:
    """Return a day of every variant, the baseline first, all with the same customers; a floor or a day is one step."""
    plans = list(dict.fromkeys(case.plan for case in scenario.cases))
    steps, floors = len(plans) + len(scenario.cases), {}
    for step, plan in enumerate(plans):
        progress(step, steps)
        floors[plan] = build_floor(plan, scenario.parameters, scenario.seed)
    progress(len(plans), steps)
    ready = prepare(scenario, floors)
    population, days = ready.population(replication), []
    for variant in range(len(scenario.cases)):
        days.append(ready.play(variant, population, replication))
        progress(len(plans) + variant + 1, steps)
    return tuple(days)


def is_as_run(day: Day, responses: pd.DataFrame) -> bool:
    """Return whether a day's responses are those that responses.csv has of it, digit by digit."""
    rows = responses[(responses["variant"] == day.case.name) & (responses["replication"] == day.replication)]
    told = dict(zip(rows["response"], rows["value"], strict=True))
    known = responses_of(day.scenario)
    played = {response.name: float(cell(value)) for response, value in zip(known, measure(day), strict=True)}
    return played == told
