"""`storesim query`: tables for the eye, CSV and JSON for programs, and one sentence for what is wrong."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from storesim.cli.rows import MOST_ROWS, table_lines, write_csv
from storesim.results.query import Answer

PAID = (
    "select variant, count(*) as baskets, sum(amount) as sales from events where kind = 'pay' group by all order by all"
)


def test_a_table_is_aligned(storesim, small_run) -> None:
    said = storesim("query", small_run[0], PAID)
    assert (said.code, said.err) == (0, "")
    head, *lines = said.out.splitlines()
    assert head.split() == ["variant", "baskets", "sales"]
    assert [line.split()[0] for line in lines] == ["drinks", "empty", "snacks"]
    assert {len(line) for line in (head, *lines)} == {len(head)}


def test_a_table_is_short_and_says_what_it_leaves_out(storesim, small_run) -> None:
    lines = storesim("query", small_run[0], "from events").out.splitlines()
    facts = json.loads(storesim("query", small_run[0], "select count(*) as n from events", "--format", "json").out)
    assert len(lines) == 1 + MOST_ROWS + 1
    assert lines[-1] == f"{facts[0]['n'] - MOST_ROWS:,} more rows; --format csv or json writes all"


def test_no_rows_are_said(storesim, small_run) -> None:
    assert storesim("query", small_run[0], "from zones where false limit 1").out.endswith("no rows\n")


def test_sales_are_those_of_the_tables(storesim, small_run) -> None:
    rows = json.loads(storesim("query", small_run[0], PAID, "--format", "json").out)
    days = "select variant, sum(value) as sales from responses where response = 'sales' group by all order by all"
    totals = json.loads(storesim("query", small_run[0], days, "--format", "json").out)
    assert [row["sales"] for row in rows] == pytest.approx([total["sales"] for total in totals])


def test_a_file_has_all_rows_in_the_format_of_its_ending(storesim, small_run, tmp_path: Path) -> None:
    said = storesim("query", small_run[0], "from events", "--out", "all.csv")
    assert (said.code, said.out) == (0, "all.csv\n")
    with (tmp_path / "all.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 10_000
    assert set(rows[0]) >= {"variant", "replication", "t_s", "customer", "kind", "amount"}
    assert storesim("query", small_run[0], "select 1 as a", "--out", "one.json").code == 0
    assert json.loads((tmp_path / "one.json").read_text()) == [{"a": 1}]


def test_no_rows_are_still_json(storesim, small_run) -> None:
    assert json.loads(storesim("query", small_run[0], "from zones where false", "--format", "json").out) == []


def test_the_schema_lists_every_table_with_its_units(storesim, small_run) -> None:
    said = storesim("query", small_run[0], "--schema")
    assert said.code == 0
    for table in ("events", "customers", *(path.stem for path in small_run[0].glob("*.csv"))):
        assert f"\n{table}" in f"\n{said.out}"
    words = " ".join(said.out.split())
    assert "amount double USD paid" in words
    assert "visit_share double visit share (0 to 1)" in words
    assert "wait_p95_s double wait, 95th percentile (s)" in words


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["select * from evnts"], "storesim: the run has no table 'evnts'; did you mean 'events'?"),
        (["select nope from events"], 'storesim: the SQL is wrong: Referenced column "nope" not found'),
        (["select 1", "--schema"], "Error: write either a statement in SQL or --schema"),
        ([], "Error: write either a statement in SQL or --schema"),
        (["select 1", "--out", "."], "storesim: . is a folder; name a file"),
        (["delete from events"], "storesim: the SQL is not one statement that returns rows"),
    ],
)
def test_what_is_wrong_is_said(storesim, small_run, words: list[str], complaint: str) -> None:
    said = storesim("query", small_run[0], *words)
    assert said.code == 2
    assert said.out == ""
    assert said.err.splitlines()[-1].startswith(complaint)


def test_a_failing_question_leaves_no_file(storesim, small_run, tmp_path: Path) -> None:
    said = storesim("query", small_run[0], "select cast(kind as int) from events", "--out", "rows.csv")
    assert said.code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_run(storesim, tmp_path: Path) -> None:
    said = storesim("query", tmp_path, "select 1")
    assert said.code == 2
    assert "is not a run directory" in said.err


def test_a_sample_says_so(storesim, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"events": "sample"}')
    said = storesim("query", tmp_path, "select 1 as events")
    assert (said.code, said.err) == (0, "the run kept the logs of some days only (events: sample)\n")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of Unix")
def test_a_reader_that_has_had_enough_is_no_failure(small_run) -> None:
    asking = [sys.executable, "-m", "storesim", "query", str(small_run[0]), "from events", "--format", "csv"]
    with subprocess.Popen(asking, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of Unix")
def test_a_terminal_cuts_the_table_at_its_width(small_run) -> None:
    reader, writer = os.openpty()
    asking = [sys.executable, "-m", "storesim", "query", str(small_run[0]), "from events limit 2"]
    subprocess.run(asking, stdout=writer, env={**os.environ, "COLUMNS": "60"}, timeout=60, check=True)
    os.close(writer)
    *table, left_out = os.read(reader, 100_000).decode().splitlines()
    assert max(map(len, table)) <= 60
    assert left_out.startswith("left out: ")
    assert left_out.endswith("planned")


def test_numbers_are_readable() -> None:
    columns = ("n", "sales", "share", "tiny", "who", "promoted", "nothing")
    rows = [(12345, 59690.4375, 0.25, 1e-9, "ann", True, None), (7, 3.0, 0.125, 2.0, "bob", False, None)]
    assert list(table_lines(columns, rows, None)) == [
        "     n     sales  share   tiny  who  promoted  nothing",
        "12,345  59,690.4  0.250  1e-09  ann  yes",
        "     7       3.0  0.125      2  bob  no",
    ]


def test_words_of_a_run_cannot_move_the_cursor() -> None:
    [_, line] = table_lines(("a",), [("\x1b[2J\nall",)], None)
    assert line == "\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}all"


def test_long_words_are_cut_and_wide_letters_counted() -> None:
    assert list(table_lines(("a", "b"), [("x" * 90, "y"), ("茶" * 90, "z")], 50))[1:] == [
        "x" * 39 + "…  y",
        "茶" * 19 + " …  z",
    ]


def test_csv_has_no_formulas() -> None:
    stream = io.StringIO()
    rows = [("=1+1", -2.5, 3, True, None, float("nan"), ["-1"])]
    write_csv(stream, Answer(("@a", "b", "c", "d", "e", "f", "g"), iter([rows])))
    assert stream.getvalue() == "'@a,b,c,d,e,f,g\n'=1+1,-2.5,3,yes,,,['-1']\n"
