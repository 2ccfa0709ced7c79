"""The tills over the day: waits, queues and utilisation by hour, one line a variant."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
import pandas as pd
from markupsafe import Markup

from storesim.report.page.grid import Grid, by_row
from storesim.report.page.numbers import Numbers
from storesim.report.page.ramp import round_up
from storesim.report.page.section import Section
from storesim.report.page.svg import joined, path_of, tag
from storesim.report.page.svg import numbers as coordinates
from storesim.report.page.wording import sentence
from storesim.report.run_directory import RunDirectory

WIDE, HIGH = 340.0, 170.0
LEFT, RIGHT, TOP, BOTTOM = 42.0, 10.0, 22.0, 22.0
SERIES = 6
"""Colours; later variants take them again with other dashes."""
HOURS_LABELLED = 3
"""Every so many hours has its label."""


@dataclass(frozen=True)
class Measure:
    """A column of checkouts.csv: what it is called, in which unit, and whether it is a share."""

    column: str
    words: str
    unit: str
    share: bool = False


MEASURES = (
    Measure("wait_s", "mean wait", "s"),
    Measure("wait_p95_s", "wait that 95 in 100 do not exceed", "s"),
    Measure("longest_queue", "longest queue in a lane", "customers"),
    Measure("utilisation", "lane time spent serving", "", share=True),
)


def queues_section(run: RunDirectory, numbers: Numbers) -> Section | None:
    """Return the tills by hour, a chart for each bank of lanes and measure; None where they were not counted."""
    if not run.has("checkouts.csv"):
        return None
    variants = list(run.plans)
    measures = [measure for measure in MEASURES if measure.column in run.checkouts.columns]
    if not len(run.checkouts) or not measures:
        return None
    names = dict.fromkeys(run.checkouts["checkout"].astype(str))
    banks = [_bank(bank, run.checkouts, measures, variants, numbers) for bank in names]
    note = "By the hour in which customers joined the queue; means over the days of each day's number."
    body = joined(
        [tag("h3", _takeaway(run.checkouts, numbers), class_="c-takeaway"), _key(variants), *banks,
         tag("p", note, class_="c-note")]
    )  # fmt: skip
    return Section("queues", "Queues by hour", body)


def _takeaway(checkouts: pd.DataFrame, numbers: Numbers) -> str:
    worst = max(checkouts.to_dict("records"), key=lambda row: float(row["wait_s"]))
    if not worst["wait_s"] > 0:
        return "Nobody waits at the tills at any hour."
    place = f"{worst['checkout']} in {worst['variant']}, the hour from {worst['hour']}"
    text = f"Mean waits reach at most {numbers.duration(worst['wait_s'], 1.0)} ({place})"
    longest = max(float(row.get("wait_p95_s", 0.0)) for row in checkouts.to_dict("records"))
    return f"{text}; 95 in 100 customers wait at most {numbers.duration(longest, 1.0)} at any hour, on a mean day."


def _key(variants: Sequence[str]) -> Markup:
    samples = [
        tag("span", tag("svg", tag("path", d="M0 6H28", class_=_line_class(row)), viewBox="0 0 28 12",
                        class_="c-sample-line", aria_hidden="true"), f" {variant}", class_="c-key")
        for row, variant in enumerate(variants)
    ]  # fmt: skip
    return tag("p", *samples, class_="c-keys")


def _line_class(row: int) -> str:
    return f"c-series c-series-{row % SERIES + 1} c-dash-{row % 4}"


def _bank(
    bank: str, checkouts: pd.DataFrame, measures: Sequence[Measure], variants: Sequence[str], numbers: Numbers
) -> Markup:
    rows = checkouts[checkouts["checkout"] == bank]
    charts = [_chart(bank, measure, by_row(rows, "hour", measure.column, variants), numbers) for measure in measures]
    return tag("div", tag("h4", sentence(bank)), tag("div", *charts, class_="c-lines"), class_="c-bank")


def _chart(bank: str, measure: Measure, table: Grid, numbers: Numbers) -> Markup:
    top = 1.0 if measure.share else round_up(float(np.nanmax(table.values, initial=0.0)))
    title = f"{sentence(measure.words)}{', ' + measure.unit if measure.unit else ''}"
    lines = [_line(values, top, row) for row, (_, values) in enumerate(table.series())]
    svg = tag(
        "svg", *_grid(top, measure, numbers), *_hours(table.rows), *lines, _peak(table, top, measure, numbers),
        viewBox=coordinates(0, 0, WIDE, HIGH), role="img", class_="c-line-chart",
        aria_label=f"{bank}, {measure.words} by hour: {_peak_words(table, measure, numbers)}",
    )  # fmt: skip
    return tag("figure", tag("figcaption", title), svg, _numbers_table(bank, measure, table, numbers))


def _x(row: int, count: int) -> float:
    return LEFT + (WIDE - LEFT - RIGHT) * (row / max(count - 1, 1))


def _y(value: float, top: float) -> float:
    return HIGH - BOTTOM - (HIGH - TOP - BOTTOM) * min(max(value / top, 0.0), 1.0)


def _line(values: Sequence[float], top: float, row: int) -> Markup:
    known = [(_x(hour, len(values)), _y(value, top)) for hour, value in enumerate(values) if isfinite(value)]
    return tag("path", d=path_of(known, closed=False) if known else None, class_=_line_class(row))


def _grid(top: float, measure: Measure, numbers: Numbers) -> list[Markup]:
    made = []
    for share in (0.0, 0.5, 1.0):
        y = _y(share * top, top)
        made.append(tag("line", x1=LEFT, x2=WIDE - RIGHT, y1=y, y2=y, class_="c-grid"))
        text = _words(share * top, top, measure, numbers)
        made.append(tag("text", text, x=LEFT - 5, y=y + 4, text_anchor="end", class_="c-text"))
    return made


def _words(value: float, size: float, measure: Measure, numbers: Numbers) -> str:
    return numbers.percent(value, places=0) if measure.share else numbers.plain(value, size)


def _hours(hours: Sequence[str]) -> list[Markup]:
    return [
        tag("text", hour, x=_x(row, len(hours)), y=HIGH - 6, text_anchor="middle", class_="c-text")
        for row, hour in enumerate(hours)
        if row % HOURS_LABELLED == 0
    ]


def _peak(table: Grid, top: float, measure: Measure, numbers: Numbers) -> Markup | None:
    """Return the highest point with its number, on the side where there is room."""
    if table.highest is None:
        return None
    hour, variant, value = table.highest
    x, y = _x(table.rows.index(hour), len(table.rows)), _y(value, top)
    anchor = "end" if x > WIDE / 2 else "start"
    text = f"{_words(value, value, measure, numbers)} {variant}"
    words = tag("text", text, x=x, y=max(y - 7, 12), text_anchor=anchor, class_="c-text c-strong")
    return joined([tag("circle", cx=x, cy=y, r=3, class_="c-peak"), words])


def _peak_words(table: Grid, measure: Measure, numbers: Numbers) -> str:
    if table.highest is None:
        return "always 0"
    hour, variant, value = table.highest
    return f"at most {_words(value, value, measure, numbers)} {measure.unit}, in {variant} from {hour}"


def _numbers_table(bank: str, measure: Measure, table: Grid, numbers: Numbers) -> Markup:
    heads = [tag("th", "Hour", scope="col"), *(tag("th", variant, scope="col") for variant in table.variants)]
    size = float(np.nanmax(table.values, initial=0.0)) / 10
    rows = [
        tag("tr", tag("th", hour, scope="row"),
            *(tag("td", _words(value, size, measure, numbers), class_="c-number") for value in table.of(hour)))
        for hour in table.rows
    ]  # fmt: skip
    made = tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows))
    words = f"{bank}, {measure.words} by hour"
    box = tag("div", made, class_="scroll", tabindex="0", role="region", aria_label=words)
    return tag("details", tag("summary", "Numbers"), box, class_="c-numbers")
