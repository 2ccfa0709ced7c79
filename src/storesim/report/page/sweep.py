"""The sweep on the page: what each swept value does, as a table, and for a Sobol sweep what the variance comes from."""

from collections.abc import Iterator

import pandas as pd
from markupsafe import Markup

from storesim.report.page.bars import bar
from storesim.report.page.charts import chart, group, row
from storesim.report.page.numbers import Numbers
from storesim.report.page.render import render
from storesim.report.page.section import Section
from storesim.report.page.svg import joined, tag
from storesim.report.page.tables import Line, Look, Pane
from storesim.report.page.wording import sentence
from storesim.report.run_directory import RunDirectory
from storesim.report.words import response_words

RESPONSES = ("sales", "margin", "net_margin", "unplanned_sales", "trip_s", "dwell_s", "wait_s")
INDEX_RESPONSES = ("sales", "margin", "net_margin")
LOOK = Look("sweep", "Sweep", ("swept",), "", ())
NOTE = (
    "What a response changes by from the first value to the last, the others held at their means over the points; of "
    "the baseline its own number, of other variants the difference to it. ± tells how far other days could move it. "
    "All points are in sweep.csv."
)
INDEX_NOTE = (
    "Share of the variance over all points that a value brings alone, and (bar) alone and together with others, with "
    "95 % intervals from resampling points. Estimates from few points can fall below 0 or rise above 100 %."
)


def sweep_section(run: RunDirectory, numbers: Numbers) -> Section | None:
    """Return main effects and indices; None when nothing was swept."""
    effects = run.sweep_effects
    if effects is None or not len(effects):
        return None
    panes = list(_panes(effects, numbers))
    decimal = numbers.plain(1.5, 1.0)[1]
    variants = [case.name for case in run.scenario.cases]
    table = render("tables", look=LOOK, panes=panes, variants=variants, starred=False, decimal=decimal)
    body = [tag("p", NOTE, class_="note"), table]
    if effects["first_order"].notna().any():
        body.append(_indices(effects, run.scenario.baseline, numbers))
    return Section(LOOK.id, LOOK.title, joined(body))


def _panes(effects: pd.DataFrame, numbers: Numbers) -> Iterator[Pane]:
    for response in RESPONSES:
        mine = effects[effects["response"] == response]
        lines = [
            Line((str(name),), "", *_cells([_words(one, numbers) for one in rows.to_dict("records")]))
            for name, rows in mine.groupby("swept", sort=False)
        ]
        if lines:
            yield Pane(sentence(response_words(response)), str(mine["unit"].iloc[0]), tuple(lines))


def _cells(words: list[str]) -> tuple[str, tuple[str, ...]]:
    return words[0], tuple(words[1:])


def _words(one: dict[object, float], numbers: Numbers) -> str:
    return numbers.difference(one["effect"], (one["effect_high"] - one["effect_low"]) / 2)


def _indices(effects: pd.DataFrame, baseline: str, numbers: Numbers) -> Markup:
    shown = effects[effects["response"].isin(INDEX_RESPONSES) & effects["total"].notna()]
    if (effects["variant"] != baseline).any():
        shown = shown[shown["variant"] != baseline]
    groups = (
        group(f"{variant}: {response_words(str(response))}", 4, [_index_row(one, numbers) for one in rows])
        for (variant, response), rows in _grouped(shown)
    )
    heads = ("Swept", "0 … 100 %", "Alone", "With others")
    return chart("What the variance comes from", "Sobol indices", heads, groups, INDEX_NOTE)


def _grouped(shown: pd.DataFrame) -> Iterator[tuple[tuple[str, str], list[dict[object, float]]]]:
    for (variant, response), rows in shown.groupby(["variant", "response"], sort=False):
        yield (str(variant), str(response)), rows.to_dict("records")


def _index_row(one: dict[object, float], numbers: Numbers) -> Markup:
    alone, together = (_share(one, index, numbers) for index in ("first_order", "total"))
    return row(str(one["swept"]), bar(one["total"], 1.0), alone, together)


def _share(one: dict[object, float], index: str, numbers: Numbers) -> str:
    value, low, high = (numbers.percent(one[f"{index}{end}"], places=0) for end in ("", "_low", "_high"))
    return f"{value} ({low} to {high})"
