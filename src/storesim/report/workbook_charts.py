"""The charts of the workbook: differences to the baseline in percent, with their intervals as error bars."""

from collections.abc import Sequence

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from storesim.report.forest_rows import ForestRow, forest_rows
from storesim.report.words import response_words

GROUPS = {
    "Money": ("sales", "margin", "unplanned_sales", "lost_sales"),
    "Customers": ("dwell_s", "walked_m", "trip_s", "wait_s"),
}
SHEET = "Differences"
HEADER = ("variant", "response", "difference (%)", "half-width (%)")
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
CHART_SIZE = {"width": 720, "height": 380}
CHART_COLUMN = 5
ROWS_A_CHART = 20


def add_charts(book: Workbook, summary: pd.DataFrame, baseline: str) -> None:
    """Add a sheet with the differences in percent and a chart of each group; nothing without a variant.

    Responses without a percentage (the baseline's mean is 0), and differences without an interval, are left out.
    """
    groups = {response: drawable(rows) for response, rows in forest_rows(summary, baseline).items()}
    if not any(groups.values()):
        return
    page = book.add_worksheet(SHEET)
    page.write_row(0, 0, HEADER, book.add_format({"bold": True, "bottom": 1}))
    page.set_column(0, 3, 18)
    page.freeze_panes(1, 0)
    at, number = 1, book.add_format({"num_format": "0.00"})
    for place, (title, names) in enumerate(GROUPS.items()):
        shown = [name for name in names if groups.get(name)]
        if shown:
            chart, at = _chart(book, page, number, {name: groups[name] for name in shown}, at)
            chart.set_title({"name": f"{title}: difference to {baseline}, %", "name_font": {"size": 11}})
            page.insert_chart(1 + place * ROWS_A_CHART, CHART_COLUMN, chart)


def drawable(rows: Sequence[ForestRow]) -> list[ForestRow]:
    """Return the rows that a chart can show: with a percentage and an interval."""
    return [row for row in rows if row.percent == row.percent and row.half_width == row.half_width]


def _chart(
    book: Workbook, page: Worksheet, style: object, groups: dict[str, list[ForestRow]], at: int
) -> tuple[Chart, int]:
    """Write the numbers of a chart from row `at` on, variant by variant; return the chart and the next free row."""
    chart = book.add_chart({"type": "column"})
    variants = list(dict.fromkeys(row.variant for rows in groups.values() for row in rows))
    for number, variant in enumerate(variants):
        first = at
        for response, rows in groups.items():
            for row in (row for row in rows if row.variant == variant):
                page.write_string(at, 0, variant)
                page.write_string(at, 1, response_words(response))
                page.write_number(at, 2, row.percent, style)
                page.write_number(at, 3, (row.high_percent - row.low_percent) / 2, style)
                at += 1
        half = f"={SHEET}!$D${first + 1}:$D${at}"
        chart.add_series(
            {
                "name": [SHEET, first, 0],
                "categories": [SHEET, first, 1, at - 1, 1],
                "values": [SHEET, first, 2, at - 1, 2],
                "fill": {"color": COLOURS[number % len(COLOURS)]},
                "y_error_bars": {"type": "custom", "plus_values": half, "minus_values": half},
            }
        )
    chart.set_size(CHART_SIZE)
    chart.set_legend({"position": "bottom"})
    chart.set_x_axis({"label_position": "low"})
    chart.set_y_axis({"num_format": "0.0", "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}}})
    return chart, at
