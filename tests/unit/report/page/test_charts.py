"""Charts: the numbers beside the marks are those of the tables, and headings claim no more than they say."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from storesim.report.page.bars import Axis, bar, change_bar, interval_mark, step_bar
from storesim.report.page.charts import (
    MAIN,
    SCOPES,
    STEPS,
    differences_section,
    funnel_section,
    lost_section,
    promotions_section,
)
from storesim.report.page.grid import by_row, grouped, sums
from storesim.report.page.numbers import Numbers
from storesim.report.page.queue_charts import queues_section
from storesim.report.run_directory import RunDirectory

NUMBERS = Numbers("en-US", "EUR")
SECTIONS = (differences_section, funnel_section, promotions_section, queues_section, lost_section)
SCRIPT = "<script>alert(1)</script>"


@pytest.mark.parametrize("maker", SECTIONS)
def test_a_run_without_tables_has_no_charts(maker: Any, hostile_path: Path, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes((hostile_path / "manifest.json").read_bytes())
    (tmp_path / "inputs").symlink_to(hostile_path / "inputs")
    assert maker(RunDirectory.open(tmp_path), NUMBERS) is None


@pytest.mark.parametrize("maker", SECTIONS)
def test_the_same_run_gives_the_same_bytes(maker: Any, hostile_path: Path) -> None:
    first, again = (maker(RunDirectory.open(hostile_path), NUMBERS) for _ in range(2))
    assert first is not None
    assert first == again


@pytest.mark.parametrize("maker", SECTIONS)
def test_nothing_from_files_becomes_markup(maker: Any, hostile_run: RunDirectory, take_apart: Any) -> None:
    page = take_apart(str(maker(hostile_run, NUMBERS).body))
    assert not {"script", "b", "i"} & {element.tag for element in page.elements}
    assert not {"style", "onclick", "onload"} & {name for element in page.elements for name in element.attributes}


def test_the_forest_plot_has_every_main_response_and_verdict(hostile_run: RunDirectory, take_apart: Any) -> None:
    text = take_apart(str(differences_section(hostile_run, NUMBERS).body)).text  # type: ignore[union-attr]
    table = hostile_run.summary
    rows = table[(table["variant"] != "plain") & table["response"].isin(MAIN)]
    assert set(rows["response"]) == set(MAIN) - {"net_margin"}, "no staff is counted there"
    assert len(rows) == 2 * (len(MAIN) - 1)
    for row in rows.to_dict("records"):
        half = (row["diff_high"] - row["diff_low"]) / 2
        assert NUMBERS.difference(row["difference"], half) in text
        assert row["verdict"] in text


def test_the_forest_plots_heading_names_what_is_clear(hostile_run: RunDirectory, take_apart: Any) -> None:
    html = str(differences_section(hostile_run, NUMBERS).body)  # type: ignore[union-attr]
    heading = take_apart(re.findall(r"<h3[^>]*>(.*?)</h3>", html)[0]).text
    table = hostile_run.summary
    for variant in ("cheaper", "turned"):
        mine = table[(table["variant"] == variant) & table["response"].isin(MAIN)]
        clear = mine["verdict"].isin(("higher", "lower")).sum()
        said = next((part for part in heading.split(";") if part.strip().startswith(f"{variant}: ")), "")
        assert len(re.findall("higher|lower", said)) == clear


def test_the_funnel_adds_up_the_products(hostile_run: RunDirectory, take_apart: Any) -> None:
    text = take_apart(str(funnel_section(hostile_run, NUMBERS).body)).text  # type: ignore[union-attr]
    for _, rows in hostile_run.products.groupby("variant"):
        for step in STEPS:
            assert NUMBERS.plain(rows[step].sum(), 10.0) in text


def test_a_promotion_is_shown_by_its_name_with_all_scopes(hostile_run: RunDirectory, take_apart: Any) -> None:
    text = take_apart(str(promotions_section(hostile_run, NUMBERS).body)).text  # type: ignore[union-attr]
    assert f"cheaper: {SCRIPT}" in text
    assert all(words in text for words in SCOPES.values())
    assert hostile_run.promotions is not None
    for row in hostile_run.promotions.to_dict("records"):
        for measure in ("sales", "margin"):
            half = (row[f"{measure}_high"] - row[f"{measure}_low"]) / 2
            assert NUMBERS.difference(row[f"{measure}_difference"], half) in text


def test_lost_sales_are_summed_by_cause(hostile_run: RunDirectory, take_apart: Any) -> None:
    text = take_apart(str(lost_section(hostile_run, NUMBERS).body)).text  # type: ignore[union-attr]
    for _, rows in hostile_run.products.groupby("variant"):
        value = rows["lost_not_found"].sum()
        assert NUMBERS.plain(value, max(value / 10, 0.1)) in text


def test_every_hour_at_the_tills_is_in_the_numbers(hostile_run: RunDirectory, take_apart: Any) -> None:
    page = take_apart(str(queues_section(hostile_run, NUMBERS).body))  # type: ignore[union-attr]
    assert set(hostile_run.checkouts["hour"]) <= set(page.text.split())
    for value in hostile_run.checkouts["utilisation"]:
        assert NUMBERS.percent(value, places=0) in page.text


def test_the_heading_on_waits_is_the_worst_hour(hostile_run: RunDirectory, take_apart: Any) -> None:
    text = take_apart(str(queues_section(hostile_run, NUMBERS).body)).text  # type: ignore[union-attr]
    worst = hostile_run.checkouts["wait_s"].max()
    if worst > 0:
        assert f"Mean waits reach at most {' '.join(NUMBERS.duration(worst, 1.0).split())}" in text
    else:
        assert "Nobody waits" in text


def test_an_axis_keeps_order_and_ends() -> None:
    axis = Axis(-2, 2)
    xs = [axis.x(value) for value in (-9, -2, 0, 1, 2, 9)]
    assert xs == sorted(xs)
    assert (xs[0], xs[-1]) == (xs[1], xs[-2])


def widths(markup: str) -> list[float]:
    return [float(width) for width in re.findall(r'<rect[^>]*width="([\d.]+)"', markup)]


def test_bars_are_as_long_as_their_values() -> None:
    half, whole = (widths(bar(value, 8.0))[0] for value in (4.0, 8.0))
    assert half == pytest.approx(whole / 2)


def test_a_fall_and_a_rise_differ_by_side_and_kind() -> None:
    fall, rise = str(change_bar(-1.0, 2.0)), str(change_bar(1.0, 2.0))
    assert widths(fall) == widths(rise)
    assert "c-less" in fall
    assert "c-more" in rise


def test_what_is_not_known_has_no_bar() -> None:
    assert not widths(bar(float("nan"), 1.0))
    assert not widths(change_bar(float("nan"), 1.0))


def test_an_interval_beyond_the_axis_ends_in_an_arrow() -> None:
    inside = str(interval_mark(0.5, 0.1, 0.9, "higher", Axis(-1, 1), None))
    beyond = str(interval_mark(0.5, 0.1, 9.0, "higher", Axis(-1, 1), None))
    assert beyond.count("<path") == inside.count("<path") + 1


def test_a_single_replication_has_a_mark_and_no_interval() -> None:
    assert "c-line" not in interval_mark(0.5, float("nan"), float("nan"), "undecided", Axis(-1, 1), 0.1)


def test_a_step_starts_where_the_last_ended() -> None:
    axis = Axis(-10, 10)
    (rect,) = re.findall(r'<rect x="([\d.]+)"', step_bar(4.0, 6.0, 5.0, 7.0, axis))
    assert float(rect) == pytest.approx(axis.x(4.0), abs=0.01)


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "variant": ["a", "a", "b", "b"],
            "thing": ["x", "y", "x", "z"],
            "sales": [1.0, 2.0, 4.0, 8.0],
        }
    )


def test_sums_are_by_variant_in_the_runs_order(table: pd.DataFrame) -> None:
    assert sums(table, ["sales"], ["b", "a"]).of("sales") == [12.0, 3.0]


def test_groups_come_largest_first(table: pd.DataFrame) -> None:
    made = grouped(table, {"x": "small", "y": "large", "z": "large"}, "thing", "sales", ["a", "b"])
    assert made.rows == ("large", "small")
    assert made.of("large") == [2.0, 8.0]


def test_a_row_that_a_variant_lacks_is_unknown(table: pd.DataFrame) -> None:
    made = by_row(table, "thing", "sales", ["a", "b"])
    assert np.isnan(made.of("z")[0])
    assert made.highest == ("z", "b", 8.0)
