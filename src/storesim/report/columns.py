"""What the columns of a run's tables are called and measured in, for readers who have only the table."""

from dataclasses import dataclass
from typing import Literal

from storesim.report.words import response_words

Kind = Literal["text", "count", "share", "percent", "amount"]
CURRENCY = "{currency}"
NAMES = {
    "diff_low": "difference, low",
    "diff_high": "difference, high",
    "diff_percent": "difference",
    "area_m2": "area",
    "sales_per_m2": "sales per m²",
    "wait_p95_s": "wait, 95th percentile",
}
ENDS = {"_difference": "difference", "_low": "difference, low", "_high": "difference, high", "_baseline": "baseline"}
UNITS: dict[str, tuple[str, Kind]] = {
    "sales": (CURRENCY, "amount"),
    "margin": (CURRENCY, "amount"),
    "lost_not_found": (CURRENCY, "amount"),
    "lost_queue": (CURRENCY, "amount"),
    "lost_sales": (CURRENCY, "amount"),
    "unplanned_sales": (CURRENCY, "amount"),
    "sales_per_visit": (CURRENCY, "amount"),
    "sales_per_m2": (f"{CURRENCY} per m²", "amount"),
    "sales_per_metre": (f"{CURRENCY} per m", "amount"),
    "area_m2": ("m²", "amount"),
    "metres": ("m", "amount"),
    "visit_share": ("%", "share"),
    "space_share": ("%", "share"),
    "sales_share": ("%", "share"),
    "store_coverage": ("%", "share"),
    "conversion": ("%", "share"),
    "utilisation": ("%", "share"),
    "sales_ratio": ("ratio", "amount"),
    "sales_to_space": ("ratio", "amount"),
    "units_per_basket": ("units", "amount"),
    "units": ("units", "count"),
    "visitors": ("customers", "count"),
    "left_without_paying": ("customers", "count"),
    "transactions": ("baskets", "count"),
    "availability": ("%", "share"),
    "till_utilisation": ("%", "share"),
    "retention": ("%", "share"),
    "satisfaction": ("%", "share"),
    "not_back": ("%", "share"),
    "share": ("%", "share"),
    "cashier_hours": ("h", "amount"),
    "staff_hours": ("h", "amount"),
    "hours": ("h", "amount"),
    "out_of_stock_min": ("min", "amount"),
    "wage": (CURRENCY, "amount"),
}
AMOUNTS = ("lost_empty", "staff_cost", "cost", "spend", "discount", "points", "points_cost", "net_margin")
UNITS |= dict.fromkeys(AMOUNTS, (CURRENCY, "amount"))
CUSTOMERS = ("visits", "passed", "noticed", "wanted", "bought", "bought_planned", "exposed", "arrivals")
UNITS |= dict.fromkeys((*CUSTOMERS, "longest_queue", "peak_occupancy"), ("customers", "count"))
FORMATS: dict[Kind, str] = {
    "text": "@",
    "count": "#,##0.0",
    "share": "0.0%",
    "percent": "0.00",
    "amount": "#,##0.00",
}


@dataclass(frozen=True)
class Heading:
    """What stands over a column, and how its numbers are written."""

    words: str
    """With the unit in brackets."""
    kind: Kind


def heading(column: str, currency: str) -> Heading:
    """Return the heading of a column of one of a run's tables.

    >>> heading("wait_s_difference", "USD").words
    'wait, difference (s)'
    """
    stem, words = _stem(column)
    unit, kind = _unit(stem)
    end = ENDS.get(column.removeprefix(stem), "")
    part = f", {end.removeprefix('difference, ') if stem.startswith('by_') else end}" if end else ""
    return Heading(f"{words}{part}{f' ({unit.format(currency=currency)})' if unit else ''}", kind)


def _stem(column: str) -> tuple[str, str]:
    """Return the column without its ending, and what it is called."""
    if column in NAMES:
        return column, NAMES[column]
    end = next((end for end in ENDS if column.endswith(end) and column != end.removeprefix("_")), "")
    stem = column.removesuffix(end)
    return stem, NAMES.get(stem, response_words(stem))


def _unit(stem: str) -> tuple[str, Kind]:
    """Return the unit of a column without its ending, by its name, or by how the name ends."""
    if stem in UNITS:
        return UNITS[stem]
    if stem.startswith("by_"):
        return CURRENCY, "amount"
    for suffix, unit in (("_s", "s"), ("_m", "m"), ("_m2", "m²")):
        if stem.endswith(suffix):
            return unit, "amount"
    return ("%", "percent") if stem.endswith("percent") else ("", "amount")
