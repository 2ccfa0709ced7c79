"""The charts of the page: differences, funnel, promotions taken apart, lost sales; tables whose cells hold pictures."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import isfinite

import pandas as pd
from markupsafe import Markup

from storesim.report.forest_rows import ForestRow, forest_rows, reach_percent
from storesim.report.page.bars import Axis, bar, interval_mark, mark_sample, ratio, step_bar
from storesim.report.page.grid import Grid, sums
from storesim.report.page.numbers import Numbers
from storesim.report.page.section import Section
from storesim.report.page.svg import Child, joined, tag
from storesim.report.page.wording import listed, sentence
from storesim.report.run_directory import RunDirectory
from storesim.report.words import response_words

MAIN = (
    "sales", "margin", "net_margin", "unplanned_sales", "units_per_basket", "trip_s", "dwell_s", "wait_s", "lost_sales",
)  # fmt: skip
"""Responses of the forest plot; the table of all stands on the first screen."""
VERDICTS = ("higher", "lower", "same", "undecided")
LEAST_REACH = 2.0
"""Percent to each side of the forest plot's axis, at least."""
STEPS: Mapping[str, str] = {
    "exposed": "In view",
    "noticed": "Noticed",
    "wanted": "Wanted",
    "bought": "Bought",
}
CAUSES: Mapping[str, str] = {
    "lost_not_found": "On the list and not taken: not found, not on the shelf or too dear",
    "lost_queue": "Left at the till because of the queue",
}
SCOPES: Mapping[str, str] = {
    "own": "the product itself",
    "category": "the rest of its category",
    "rest": "everything else",
    "total": "in total",
}

Effects = Mapping[str, Mapping[str, float]]
"""Column of promotions.csv -> scope -> value, of one promotion in one variant."""


def chart(takeaway: str, caption: str, heads: Sequence[str], rows: Iterable[Markup], note: Child = None) -> Markup:
    """Return one chart: what it says as a heading, its rows as a table, and how it is to be read."""
    head = tag("thead", tag("tr", *(tag("th", words, scope="col") for words in heads)))
    table = tag("table", tag("caption", caption), head, *rows, class_="c-rows")
    return tag("div", tag("h3", takeaway, class_="c-takeaway"), table,
               tag("p", note, class_="c-note") if note else None, class_="c-chart")  # fmt: skip


def group(head: str, columns: int, rows: Iterable[Markup]) -> Markup:
    """Return rows under a heading of their own."""
    return tag("tbody", tag("tr", tag("th", head, colspan=str(columns), scope="rowgroup", class_="c-group")), *rows)


def row(name: str, picture: Markup, *cells: Child) -> Markup:
    """Return a row: name, picture, then its numbers."""
    values = [tag("td", cell, class_="c-number") for cell in cells]
    return tag("tr", tag("th", name, scope="row"), tag("td", picture, class_="c-picture"), *values)


def differences_section(run: RunDirectory, numbers: Numbers) -> Section | None:
    """Return the forest plot of the main responses; None without a variant to compare."""
    baseline = run.scenario.baseline
    if len(run.scenario.cases) < 2 or not run.has("summary.csv"):
        return None
    summary = run.summary[run.summary["response"].isin(MAIN)]
    groups = forest_rows(summary, baseline)
    if not groups:
        return None
    margin = 100 * run.scenario.same_within
    axis = _axis([row for rows in groups.values() for row in rows], margin)
    bodies = (
        group(_response_head(name, rows[0].unit), 5, (_forest_row(one, axis, margin, numbers) for one in rows))
        for name, rows in groups.items()
    )
    caption = f"Difference to {baseline}, with simultaneous 95 % intervals"
    heads = ("Variant", _axis_words(axis, numbers), "Difference", "In %", "Verdict")
    made = chart(_forest_takeaway(groups, baseline), caption, heads, bodies, _forest_note(margin, baseline, numbers))
    return Section("differences", "Differences", made)


def _axis(rows: Sequence[ForestRow], margin: float) -> Axis:
    reach = reach_percent(rows, max(LEAST_REACH, 2 * margin))
    return Axis(-reach, reach)


def _axis_words(axis: Axis, numbers: Numbers) -> str:
    return f"{numbers.percent(axis.low / 100, sign=True)} … 0 … {numbers.percent(axis.high / 100, sign=True)}"


def _response_head(response: str, unit: str) -> str:
    return f"{sentence(response_words(response))}, {unit}"


def _forest_row(one: ForestRow, axis: Axis, margin: float, numbers: Numbers) -> Markup:
    picture = interval_mark(one.percent, one.low_percent, one.high_percent, one.verdict, axis, margin)
    return row(
        one.variant,
        picture,
        numbers.difference(one.difference, one.half_width),
        numbers.percent(one.percent / 100, places=2, sign=True),
        tag("span", one.verdict, class_=f"c-word c-word-{one.verdict}"),
    )


def _forest_takeaway(groups: Mapping[str, Sequence[ForestRow]], baseline: str) -> str:
    clear: dict[str, list[str]] = {}
    for response, rows in groups.items():
        for one in rows:
            words = [f"{response_words(response)} {one.verdict}"] if one.verdict in ("higher", "lower") else []
            clear.setdefault(one.variant, []).extend(words)
    moved = {variant: words for variant, words in clear.items() if words}
    still = [variant for variant, words in clear.items() if not words]
    parts = [f"{variant}: {', '.join(words)}" for variant, words in moved.items()]
    if still:
        parts.append(f"{listed(still)}: no clear difference to {baseline} in these responses")
    return f"{'; '.join(parts)}."


def _forest_note(margin: float, baseline: str, numbers: Numbers) -> Markup:
    samples = [tag("span", mark_sample(verdict), f" {verdict} ", class_="c-key") for verdict in VERDICTS]
    words = (
        f"The grey band is ±{numbers.percent(margin / 100)} of {baseline}'s mean: an interval inside it is ‘same’. "
        "An arrow says that it goes on beyond the axis. Intervals are Monte-Carlo noise only."
    )
    return joined([*samples, words])


def funnel_section(run: RunDirectory, numbers: Numbers) -> Section | None:
    """Return the way from being in view to being bought, all products together; None where it was not counted."""
    if not run.has("products.csv") or not set(STEPS) <= set(run.products.columns):
        return None
    steps, baseline = sums(run.products, tuple(STEPS), list(run.plans)), run.scenario.baseline
    if not steps.base("exposed") > 0:
        return None
    bodies = (_funnel_group(step, before, steps, numbers) for before, step in pairwise((None, *STEPS)) if step)
    share = {step: numbers.plain(100 * steps.base(step) / steps.base("exposed"), 1.0) for step in STEPS}
    takeaway = (
        f"In {baseline}, of 100 times that a product is in a customer's view, {share['noticed']} are noticed, "
        f"{share['wanted']} wanted and {share['bought']} bought."
    )
    note = (
        "Pairs of customer and product a day, without products on the customer's list; ‘noticed’ is partly expected, "
        "not counted. Each step has an axis of its own, from 0."
    )
    heads = ("Variant", "From 0", "Pairs a day", "Of the step before", f"Against {baseline}")
    made = chart(takeaway, "Unplanned purchases step by step", heads, bodies, note)
    return Section("funnel", "From seen to bought", made)


def _funnel_group(step: str, before: str | None, steps: Grid, numbers: Numbers) -> Markup:
    top, base = max(steps.of(step)), steps.base(step)
    rows = []
    for column, (variant, value) in enumerate(zip(steps.variants, steps.of(step), strict=True)):
        of = numbers.percent(ratio(value, steps.of(before)[column])) if before else ""
        change = numbers.percent(ratio(value - base, base), places=2, sign=True) if column else ""
        rows.append(row(variant, bar(value, top), numbers.plain(value, 10.0), of, change))
    return group(STEPS[step], 5, rows)


def promotions_section(run: RunDirectory, numbers: Numbers) -> Section | None:
    """Return every promotion taken apart, each a sum from the product itself to the store; None without any."""
    table = run.promotions
    if table is None or not len(table):
        return None
    pairs = dict.fromkeys(zip(table["variant"].astype(str), table["promotion"].astype(str), strict=True))
    made = [
        _promotion(variant, promotion, run, _effects(table, variant, promotion), numbers)
        for variant, promotion in pairs
    ]
    note = (
        "Each bar starts where the one before ended; lines are 95 % intervals that hold for all variants together. "
        "Margin is after supplier funding and set-up cost. With several promotions in a variant, each shows that of "
        "all of them."
    )
    return Section("promotions", "Promotions taken apart", joined([*made, tag("p", note, class_="c-note")]))


def _effects(table: pd.DataFrame, variant: str, promotion: str) -> Effects:
    mine = table[(table["variant"] == variant) & (table["promotion"] == promotion)].set_index("scope")
    return {
        str(column): {scope: float(mine[column].to_dict()[scope]) for scope in SCOPES}
        for column in mine.columns.drop(["variant", "promotion"])
    }


def _promotion(variant: str, promotion: str, run: RunDirectory, effects: Effects, numbers: Numbers) -> Markup:
    names = {product.id: product.name for product in run.scenario.products}
    name, currency = names.get(promotion, promotion), run.scenario.currency
    bodies = (_waterfall(measure, effects, currency, numbers) for measure in ("sales", "margin"))
    heads = ("Scope", "Sum", f"{currency} a day", "Interval", "Of its baseline")
    return chart(_promotion_takeaway(variant, name, effects, numbers), f"{variant}: {name}", heads, bodies)


def _waterfall(measure: str, effects: Effects, currency: str, numbers: Numbers) -> Markup:
    value, low, high, base = (effects[f"{measure}_{column}"] for column in ("difference", "low", "high", "baseline"))
    starts = _starts(value)
    ends = [starts[scope] + each[scope] for scope in SCOPES for each in (value, low, high)]
    reach = max((abs(end) for end in ends if isfinite(end)), default=0.0) or 1.0
    rows = []
    for scope, words in SCOPES.items():
        start, half = starts[scope], (high[scope] - low[scope]) / 2
        picture = step_bar(start, start + value[scope], start + low[scope], start + high[scope], Axis(-reach, reach))
        ends_words = numbers.interval(low[scope], high[scope]) if half else ""
        cells = (numbers.difference(value[scope], half), ends_words)
        share = numbers.percent(ratio(value[scope], base[scope]), places=2, sign=True)
        rows.append(row(words, picture, *cells, share))
    return group(f"{sentence(measure)}, {currency} a day", 5, rows)


def _starts(value: Mapping[str, float]) -> dict[str, float]:
    """Return where the bar of each scope begins; the total begins at 0 and ends where the parts have led."""
    return {"own": 0.0, "category": value["own"], "rest": value["own"] + value["category"], "total": 0.0}


def _promotion_takeaway(variant: str, name: str, effects: Effects, numbers: Numbers) -> str:
    own, total = (effects["sales_difference"][scope] for scope in ("own", "total"))
    text = f"{variant}: {name} {numbers.money(own, sign=True)} a day, the store {numbers.money(total, sign=True)}"
    if effects["margin_low"]["total"] > 0 or effects["margin_high"]["total"] < 0:
        return f"{text}; margin {numbers.money(effects['margin_difference']['total'], sign=True)}."
    return f"{text}; whether margin moves is undecided."


def lost_section(run: RunDirectory, numbers: Numbers) -> Section | None:
    """Return what was within reach and not sold, by cause; None where it was not counted."""
    if not run.has("products.csv") or not set(CAUSES) <= set(run.products.columns):
        return None
    lost, baseline, currency = (
        sums(run.products, tuple(CAUSES), list(run.plans)),
        run.scenario.baseline,
        run.scenario.currency,
    )
    top = max(value for cause in CAUSES for value in lost.of(cause))
    if not top > 0:
        return None
    bodies = (_lost_group(cause, words, lost, top, numbers) for cause, words in CAUSES.items())
    both = sum(lost.base(cause) for cause in CAUSES)
    takeaway = (
        f"{baseline} loses {numbers.money(both, 10.0)} a day within reach, "
        f"{numbers.percent(ratio(lost.base('lost_queue'), both))} of it in the queues at the tills."
    )
    note = f"At regular prices, {currency} a day, means of the days. Both causes are on one axis."
    heads = ("Variant", "From 0", f"{currency} a day", f"Against {baseline}")
    return Section("lost", "Lost sales by cause", chart(takeaway, "Lost sales", heads, bodies, note))


def _lost_group(cause: str, words: str, lost: Grid, top: float, numbers: Numbers) -> Markup:
    base, rows = lost.base(cause), []
    for variant, value in zip(lost.variants, lost.of(cause), strict=True):
        change = numbers.signed(value - base) if variant != lost.variants[0] else ""
        rows.append(row(variant, bar(value, top, "c-less"), numbers.plain(value, max(value / 10, 0.1)), change))
    return group(words, 4, rows)
