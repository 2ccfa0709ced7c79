"""Sales and exposure by department, for variants whose floor plans cannot be compared place by place."""

from collections.abc import Sequence
from math import isfinite

from markupsafe import Markup

from storesim.report.page.bars import change_bar, ratio
from storesim.report.page.grid import Grid
from storesim.report.page.layers import departments
from storesim.report.page.numbers import Numbers
from storesim.report.page.svg import tag
from storesim.report.run_directory import RunDirectory

COLUMNS = {"sales": "Sales, {currency} a day", "exposed": "Exposure, pairs of customer and product in view a day"}


def departments_part(run: RunDirectory, numbers: Numbers) -> Markup | None:
    """Return tables of the departments where a variant's plan is not the baseline's; None where none differs."""
    plans = run.plans
    base = run.scenario.baseline
    others = [variant for variant, plan in plans.items() if plan != plans[base]]
    if not others or not run.has("products.csv"):
        return None
    present = {column: words for column, words in COLUMNS.items() if column in run.products.columns}
    tables = [
        _table(departments(run, column), others, words.format(currency=run.scenario.currency), numbers)
        for column, words in present.items()
    ]
    note = "Means of the days; for how sure they are, see the tables of products. Bars show the change in percent."
    head = tag("h3", f"By department: {', '.join(others)} against {base}")
    return tag(
        "div", head, tag("p", note, class_="p-note"), tag("div", *tables, class_="p-pair"), class_="p-departments"
    )


def _table(table: Grid, others: Sequence[str], caption: str, numbers: Numbers) -> Markup:
    share = {
        name: [ratio(value - table.base(name), table.base(name)) for value in table.of(name)] for name in table.rows
    }
    known = [abs(one) for each in share.values() for one in each if isfinite(one)]
    reach = max(known, default=0.0) or 1.0
    heads = [tag("th", "Department", scope="col"), tag("th", table.variants[0], scope="col", class_="c-number")]
    for variant in others:
        heads += [tag("th", variant, scope="col", class_="c-number"), tag("th", "Change", scope="col", colspan="2")]
    rows = []
    for name in table.rows:
        cells = [tag("th", name, scope="row"), _number(table.base(name), numbers)]
        for variant in others:
            column = table.variants.index(variant)
            cells += [
                _number(table.of(name)[column], numbers),
                tag("td", change_bar(share[name][column], reach), class_="c-picture"),
                tag("td", numbers.percent(share[name][column], sign=True), class_="c-number"),
            ]
        rows.append(tag("tr", *cells))
    head = tag("thead", tag("tr", *heads))
    made = tag("table", tag("caption", caption), head, tag("tbody", *rows), class_="p-table")
    return tag("div", made, class_="scroll", tabindex="0", role="region", aria_label=f"{caption}, by department")


def _number(value: float, numbers: Numbers) -> Markup:
    return tag("td", numbers.plain(value, 10.0), class_="c-number")
