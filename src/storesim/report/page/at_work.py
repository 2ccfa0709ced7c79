"""The store at work: staff, stock, counters, and what became of members; each only where a run has it."""

from storesim.report.page.numbers import Numbers
from storesim.report.page.section import Section
from storesim.report.page.tables import Look, Measure, rows_of, table_section
from storesim.report.run_directory import RunDirectory

LOOKS = (
    Look(
        "staff", "Staff", ("job",), "",
        (
            Measure("hours", "Hours worked", "a day"),
            Measure("share", "Share of the hours paid", "%", 100.0),
            Measure("cost", "Cost", "currency a day"),
        ),
    ),
    Look(
        "stock", "Stock", ("product",), "",
        (
            Measure("availability", "Availability", "% of the opening time", 100.0),
            Measure("lost_empty", "Lost in front of empty shelves", "currency a day"),
            Measure("out_of_stock_min", "Out of stock", "minutes a day"),
            Measure("refilled", "Refilled", "units a day"),
            Measure("closing", "Left at closing", "units"),
        ),
    ),
    Look(
        "counters", "Counters", ("counter",), "",
        (
            Measure("wait_s", "Mean wait", "s"),
            Measure("wait_p95_s", "Wait, 95th percentile", "s"),
            Measure("served", "Served", "times a day"),
            Measure("gave_up", "Gave up", "times a day"),
        ),
    ),
    Look(
        "tiers", "Customers who come back, by tier", ("tier",), "",
        (
            Measure("net_margin", "Margin less points", "currency a day"),
            Measure("retention", "Retention", "% of the first day\u2019s members", 100.0),
            Measure("visits", "Visits", "a day"),
            Measure("spend", "Spend", "currency per visit"),
            Measure("satisfaction", "Satisfaction", "% (0 to 100)", 100.0),
            Measure("discount", "Given in prices", "currency a day"),
            Measure("points", "Given in points", "currency a day"),
        ),
    ),
    Look(
        "churn", "Who may not come back", ("segment",), "",
        (
            Measure("not_back", "Likely not to be back in four weeks", "% of members", 100.0),
            Measure("at_risk", "At risk", "members"),
            Measure("members", "Members at the end", ""),
        ),
    ),
)  # fmt: skip


def at_work_sections(run: RunDirectory, numbers: Numbers) -> list[Section]:
    """Return a section for each of these tables that the run has."""
    found = []
    for look in LOOKS:
        table = run.table_if_any(look.id, *look.keys)
        if table is None:
            continue
        if look.id == "staff":  # jobs that nobody does in any variant say nothing
            table = table[table.groupby("job")["hours"].transform("max") > 0]
        names = {product.id: product.name for product in run.scenario.products} if look.id == "stock" else {}
        section = table_section(look, rows_of(table, look.keys), {}, names, run.scenario, numbers)
        found += [section] if section else []
    return found
