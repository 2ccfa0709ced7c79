"""The workbook: a sheet a table, units in its headers, text that stays text, the same bytes each time."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pandas as pd
import pytest

from storesim.report import workbook
from storesim.report.columns import heading
from storesim.report.workbook import wide, write_workbook
from storesim.results.responses import RESPONSES


def a_run(path: Path, summary: pd.DataFrame, **tables: pd.DataFrame) -> Any:
    """What the workbook needs of a run directory."""
    things = {name: pd.DataFrame({"variant": ["grid"], "visits": [1.5]}) for name in ("zones", "fixtures", "products")}
    things |= {
        "checkouts": things["zones"],
        "money": None,
        "categories": None,
        "promotions": None,
        "sweep_effects": None,
    }
    rows = {"variant": "grid", "replication": [0, 1], "response": "sales", "value": [10.0, 12.0]}
    things |= {"responses": pd.DataFrame(rows)} | tables
    scenario = SimpleNamespace(currency="EUR", baseline="grid", cases=())
    about = {"path": path, "manifest": {"question": "?"}, "shortfall": None}
    others = {"table_if_any": {}.get}  # no stock, no staff, no members
    return SimpleNamespace(**about, scenario=scenario, summary=summary, **things, **others)


@pytest.fixture
def run(tmp_path: Path, made: Any) -> Any:
    return a_run(tmp_path, made.summary(["grid", "moved", "=cmd()"]))


def opened(run: Any) -> Any:
    return openpyxl.load_workbook(write_workbook(run))


def test_every_table_has_a_sheet_and_older_runs_lack_some(run: Any) -> None:
    names = ["Summary", "Differences", "Zones", "Fixtures", "Products", "Checkouts", "Responses"]
    assert opened(run).sheetnames == names


def test_a_run_that_ended_early_says_so_first(run: Any) -> None:
    run.shortfall = "This run was interrupted: 2 of 30 days are in it."
    assert opened(run).worksheets[0]["A1"].value == run.shortfall


def test_headers_tell_units_stay_in_view_and_filter(run: Any) -> None:
    page = opened(run)["Summary"]
    assert [cell.value for cell in page[1]][:4] == ["variant", "response", "unit", "mean"]
    assert page.freeze_panes == "C2"
    assert page.auto_filter.ref == "A1:J16"


@pytest.mark.parametrize(
    ("column", "words", "kind"),
    [
        ("sales_difference", "sales, difference (EUR)", "amount"),
        ("wait_s_low", "wait, difference, low (s)", "amount"),
        ("space_share", "space share (%)", "share"),
        ("by_price_high", "by price, high (EUR)", "amount"),
        ("area_m2", "area (m²)", "amount"),
        ("low", "low", "amount"),
        ("diff_percent", "difference (%)", "percent"),
    ],
)
def test_headings(column: str, words: str, kind: str) -> None:
    found = heading(column, "EUR")
    assert (found.words, found.kind) == (words, kind)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@sum", "http://x", "<b>"])
def test_names_stay_text(run: Any, name: str) -> None:
    run.zones = pd.DataFrame({"variant": [name], "visits": [2.0]})
    cell = opened(run)["Zones"]["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (name, "s", None)


def test_numbers_are_numbers_and_nothing_is_empty(run: Any) -> None:
    run.zones = pd.DataFrame({"variant": ["a", "b", "c"], "sales": [1234.5, float("nan"), float("inf")]})
    page = opened(run)["Zones"]
    assert [page[f"B{row}"].value for row in (2, 3, 4)] == [1234.5, None, None]
    assert page["B2"].number_format == "#,##0.00"


def test_verdicts_have_conditional_colours(run: Any) -> None:
    rules = opened(run)["Summary"].conditional_formatting
    assert {str(found.sqref) for found in rules} == {"J2:J16"}
    assert {rule.formula[0] for found in rules for rule in found.rules} >= {'"higher"', '"lower"', '"same"'}


def test_the_charts_have_error_bars_that_are_the_half_widths(run: Any) -> None:
    book = opened(run)
    page = book["Differences"]
    assert len(page._charts) == 2
    bars = page._charts[0].series[0].errBars
    assert bars.plus.numRef.f == "Differences!$D$2:$D$3"
    assert [page["B2"].value, page["B3"].value] == ["sales", "margin"]


def test_the_same_run_has_the_same_bytes(run: Any) -> None:
    first = write_workbook(run).read_bytes()
    assert write_workbook(run).read_bytes() == first
    assert [path.name for path in run.path.iterdir()] == ["summary.xlsx"]


def test_a_table_too_long_for_a_sheet_is_left_to_its_file(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    page = opened(run)["Responses"]
    assert page["A1"].value == "2 rows are too many for a sheet; the table is in responses.csv."


def test_responses_are_wide_in_the_order_of_days() -> None:
    rows = [("b", 10, "sales", 1.0), ("b", 9, "sales", 2.0), ("a", 9, "sales", 3.0), ("b", 9, "visitors", 4.0)]
    table = wide(pd.DataFrame(rows, columns=["variant", "replication", "response", "value"]), RESPONSES)
    assert list(table.columns) == ["variant", "replication", "visitors", "sales"]
    assert table[["variant", "replication"]].to_numpy().tolist() == [["b", 9], ["b", 10], ["a", 9]]
