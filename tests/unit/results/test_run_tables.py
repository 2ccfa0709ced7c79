"""What the run directory's tables look like, and that they are whole or not there."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from math import nan
from pathlib import Path

import duckdb
import numpy as np
import pytest

from storesim.inputs.floor_plan import Zone
from storesim.results import parquet
from storesim.results.comparison import compare
from storesim.results.day import Day
from storesim.results.responses import RESPONSES, measure
from storesim.results.tables import Tables, row_names, tabulate
from storesim.results.things import VariantTables
from storesim.results.write import cell, text, write_csv, write_responses, write_summary, write_things


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def variants(tell: Callable[[int], Day]) -> list[VariantTables]:
    """A baseline, a copy of it, and a busier one whose zone 'south' is called 'cold' instead."""
    day = tell(5)
    names = row_names(day.scenario, day.case)
    renamed = names | {"zones": (("north",), ("cold",), names["zones"][2])}
    few, many = tabulate(day), tabulate(tell(40))
    return [
        VariantTables("base", names, Tables.stack([few, many])),
        VariantTables("copy", names, Tables.stack([few, many])),
        VariantTables("busier", renamed, Tables.stack([many, many])),
    ]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.1, "0.1"), (1 / 3, "0.3333333333"), (2.0, "2"), (-0.0, "0"), (123456.789012345, "123456.789"), (7, "7"),
        (nan, ""), (None, ""), (True, "yes"), (np.True_, "yes"), (False, "no"), ("milk", "milk"), (-1.5, "-1.5"),
    ],
)  # fmt: skip
def test_cells_are_short_and_never_nan(value: float | str | None, written: str) -> None:
    assert cell(value) == written


@pytest.mark.parametrize("words", ["=1+1", "+1", "-5 % offer", "@SUM(A1)"])
def test_no_name_becomes_a_formula(words: str) -> None:
    assert text(words) == f"'{words}"
    assert text(f"cola {words}") == f"cola {words}"


def test_responses_csv_has_a_row_per_variant_replication_and_response(tmp_path: Path) -> None:
    values = np.arange(2.0 * 3 * len(RESPONSES)).reshape(2, 3, len(RESPONSES))
    write_responses(tmp_path, ("base", "=new"), values)
    rows = read(tmp_path / "responses.csv")
    assert len(rows) == values.size
    assert rows[0] == {"variant": "base", "replication": "0", "response": "visitors", "value": "0"}
    assert rows[-1] == {"variant": "'=new", "replication": "2", "response": "lost_sales", "value": str(values.size - 1)}


def test_summary_csv_has_the_columns_of_the_design(tmp_path: Path, tell: Callable[[int], Day]) -> None:
    values = np.array([[measure(tell(n)) for n in days] for days in ((5, 9), (40, 80))])
    write_summary(tmp_path, compare(values, ("base", "busier"), 0.01), "EUR")
    rows = read(tmp_path / "summary.csv")
    assert list(rows[0])[:10] == [
        "variant", "response", "unit", "mean", "half_width", "difference", "diff_low", "diff_high", "diff_percent",
        "verdict",
    ]  # fmt: skip
    base, busier = rows[: len(RESPONSES)], rows[len(RESPONSES) :]
    assert {row["difference"] + row["verdict"] + row["diff_percent"] for row in base} == {""}
    assert {row["verdict"] for row in busier} <= {"higher", "lower", "same", "undecided"}
    sales = next(row for row in busier if row["response"] == "sales")
    assert sales["unit"] == "EUR"
    assert float(sales["difference"]) == pytest.approx((values[1] - values[0])[:, 3].mean())


def test_things_are_compared_where_both_have_them(tmp_path: Path, variants: list[VariantTables]) -> None:
    write_things(tmp_path, variants)
    zones = {(row["variant"], row["zone"]): row for row in read(tmp_path / "zones.csv")}
    visits = [variant.tables.zones.visits for variant in variants]
    assert float(zones["busier", "north"]["visits_difference"]) == (visits[2] - visits[0])[:, 0].mean() > 0
    assert float(zones["busier", "north"]["visits_low"]) < 0 < float(zones["busier", "north"]["visits_high"])
    assert zones["busier", "cold"]["visits"] != "" == zones["busier", "cold"]["visits_difference"]
    assert zones["base", "north"]["visits_difference"] == ""


def test_a_copy_differs_by_exactly_nothing_in_every_table(tmp_path: Path, variants: list[VariantTables]) -> None:
    write_things(tmp_path, variants)
    for table in ("zones", "fixtures", "products", "checkouts"):
        rows = [row for row in read(tmp_path / f"{table}.csv") if row["variant"] == "copy"]
        compared = {
            value for row in rows for name, value in row.items() if name.endswith(("_difference", "_low", "_high"))
        }
        assert compared == {"0"}


def test_an_interrupted_table_leaves_the_old_one(tmp_path: Path) -> None:
    def rows() -> Iterator[tuple[int]]:
        yield (1,)
        raise KeyboardInterrupt

    path = tmp_path / "table.csv"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        write_csv(path, ("a",), rows())
    assert [found.name for found in tmp_path.iterdir()] == ["table.csv"]
    assert path.read_text(encoding="utf-8") == "old"


def test_lines_end_the_same_everywhere(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", ("name", "n"), [("Käse, gerieben", 1)])
    assert (tmp_path / "a.csv").read_bytes() == 'name,n\n"Käse, gerieben",1\n'.encode()


def test_events_carry_names_in_the_order_of_the_log(tmp_path: Path, busy_day: Day) -> None:
    path = tmp_path / "events" / "variant=a b" / "replication=0000.parquet"
    parquet.write_events(path, busy_day.log, busy_day.scenario, busy_day.floor)
    with duckdb.connect() as connection:
        table = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
        columns = [column[0] for column in table.description]
        rows = table.fetchall()
    own = ["t_s", "customer", "kind", "zone", "place", "lane", "product", "units", "amount", "planned"]
    assert columns == [*own, "variant"]  # the folder's name, which DuckDB reads as a column
    log, places = busy_day.log, busy_day.floor.places.names
    assert [(row[0], row[1]) for row in rows] == list(zip(log.t_s.tolist(), log.customer.tolist(), strict=True))
    assert [row[4] for row in rows] == [places[place] for place in log.place]
    till = next(row for row in rows if row[2] == "pay")
    assert till[3] is None
    assert {row[5] for row in rows} == {None, 0, 1}
    assert {row[6] for row in rows} == {None, "milk", "bread", "cola"}


def test_odd_names_survive_in_parquet(tmp_path: Path, busy_day: Day) -> None:
    plan = busy_day.floor.plan
    odd = replace(plan, zones=(Zone("kids' corner; --", "x", "d"), plan.zones[1]))
    path = tmp_path / "it's.parquet"
    parquet.write_events(path, busy_day.log, busy_day.scenario, replace(busy_day.floor, plan=odd))
    with duckdb.connect() as connection:
        zones = connection.execute("SELECT DISTINCT zone FROM read_parquet(?)", [str(path)]).fetchall()
    assert ("kids' corner; --",) in zones


def test_a_floor_without_zones_and_a_day_without_facts_can_be_written(
    tmp_path: Path, tell: Callable[[int], Day]
) -> None:
    day = tell(0)
    plan = replace(day.floor.plan, zones=())
    parquet.write_events(tmp_path / "empty.parquet", day.log, day.scenario, replace(day.floor, plan=plan))
    with duckdb.connect() as connection:
        assert connection.execute(
            "SELECT count(*) FROM read_parquet(?)", [str(tmp_path / "empty.parquet")]
        ).fetchone() == (0,)


def test_customers_carry_segment_tier_and_list(tmp_path: Path, busy_day: Day) -> None:
    path = tmp_path / "customers" / "replication=0000.parquet"
    parquet.write_customers(path, busy_day.population, busy_day.scenario)
    with duckdb.connect() as connection:
        rows = connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
    assert rows[3][:4] == (3, "regulars", "member", "fill-in")
    assert sum(row[5] for row in rows) == len(busy_day.population.needs.customer)
