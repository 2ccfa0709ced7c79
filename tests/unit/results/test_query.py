"""A run asked in SQL: its logs and tables are there by name, and nothing else can be read or changed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

import storesim
from storesim.results.query import BATCH, QueryError, QueryFailedError, RunQueries, in_a_sentence, open_queries
from storesim.results.write import text, write_csv

ODD = "-50%25 [a=b]*'"
"""A variant's name with all that could mean something in paths, addresses, SQL, spreadsheets and patterns."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two variants, two days of three facts each, in a folder whose name is a pattern too."""
    folder = tmp_path_factory.mktemp("runs") / "run [1]* it's"
    for replication in (0, 1):
        for variant in ("plain", ODD):
            facts = "SELECT i::DOUBLE AS t_s, i::INTEGER AS customer, 'pay' AS kind FROM range(3) n(i)"
            _write(folder / "events" / f"variant={variant}" / f"replication={replication:04d}.parquet", facts)
        who = "SELECT i::INTEGER AS customer, 'all' AS segment FROM range(4) n(i)"
        _write(folder / "customers" / f"replication={replication:04d}.parquet", who)
    write_csv(folder / "zones.csv", ("variant", "zone", "visits", "visits_low"), [(text(ODD), "007", 1.5, None)])
    write_csv(folder / "responses.csv", ("variant", "replication", "response", "value"), [(text(ODD), 1, "sales", 9.0)])
    (folder / "events" / "variant=plain" / ".replication=0002.parquet.7.tmp").write_bytes(b"torn")
    (folder / "manifest.json").write_text(json.dumps({"status": "running", "events": "all"}))
    return folder


def _write(path: Path, sql: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    duckdb.connect().sql(sql).write_parquet(str(path))


@pytest.fixture
def queries(run: Path) -> Iterator[RunQueries]:
    with open_queries(run) as opened:
        yield opened


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_facts_know_their_variant_and_day(run: Path) -> None:
    found = storesim.read_events(
        run, "select variant, replication, count(*) as n from events group by all order by all"
    )
    assert found.to_numpy().tolist() == [[ODD, 0, 3], [ODD, 1, 3], ["plain", 0, 3], ["plain", 1, 3]]


def test_facts_join_their_customers(run: Path) -> None:
    sql = "select segment, count(*) as n from events join customers using (replication, customer) group by segment"
    assert storesim.read_events(run, sql).to_dict("records") == [{"segment": "all", "n": 12}]


def test_one_day_is_read_from_its_own_file(queries: RunQueries) -> None:
    """DuckDB leaves out the files of other days: what a day costs does not grow with the run."""
    plan = queries.database.execute("EXPLAIN ANALYZE SELECT count(kind) FROM events WHERE replication = 1").fetchall()
    assert "Total Files Read: 2" in str(plan)


def test_names_in_tables_are_those_of_the_log(run: Path) -> None:
    [row] = storesim.read_events(run, "select * from zones").to_dict("records")
    assert (row["variant"], row["zone"], row["visits"]) == (ODD, "007", 1.5)
    sql = "select distinct r.value from responses r join events e using (variant, replication)"
    assert storesim.read_events(run, sql)["value"].tolist() == [9.0]


def test_columns_have_types_though_they_are_empty(queries: RunQueries) -> None:
    assert queries.columns("zones") == (
        ("variant", "varchar"), ("zone", "varchar"), ("visits", "double"), ("visits_low", "double"),
    )  # fmt: skip
    assert queries.columns("responses")[1] == ("replication", "integer")


def test_rows_come_in_batches(queries: RunQueries) -> None:
    answer = queries.ask("select i from range(10005) n(i)")
    assert BATCH == 10_000
    assert answer.columns == ("i",)
    assert [len(batch) for batch in answer.batches] == [BATCH, 5]
    assert queries.count("from range(123)") == 123


@pytest.mark.parametrize(
    "sql",
    [
        "from events",
        "values (1)",
        "describe events",
        "summarize zones",
        "show tables",
        "select 1 -- so",
        "select 1 ; ",
        "with a as (select 1 as b) select b from a",
    ],
)
def test_whatever_returns_rows_is_a_question(queries: RunQueries, sql: str) -> None:
    assert len(queries.frame(sql)) == queries.count(sql) > 0


@pytest.mark.parametrize(
    ("sql", "complaint"),
    [
        ("select * from evnts", "the run has no table 'evnts'; did you mean 'events'?"),
        ("select * from nothing_like", "it has events, customers, responses, zones"),
        ("select custmer from events", '"custmer" not found in FROM clause; candidate bindings: "customer"'),
        ("selec 1", 'the SQL is wrong: syntax error at or near "selec"'),
        ("select kind + 1 - zone from events join zones on true", "the SQL is wrong: No function matches"),
        ("select cast(kind as int) from events", "Could not convert string 'pay' to INT32"),
        ("select nosuch(1)", "Scalar Function with name nosuch does not exist"),
        ("", "not one statement that returns rows"),
        ("-- nothing", "not one statement that returns rows"),
        ("select 1; select 2", "not one statement that returns rows"),
        ("select ?", "parameters"),
        ("select '\udc80", "unterminated"),
        ("select \0", "the SQL is wrong"),
    ],
)
def test_what_is_wrong_is_one_sentence(queries: RunQueries, sql: str, complaint: str) -> None:
    with pytest.raises(QueryError) as told:
        queries.frame(sql)
    assert complaint in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "sql",
    [
        "copy events to '{run}/copy.csv'",
        "with a as (copy (select 1) to '{run}/copy.csv') select 1",
        "create table made as select 1",
        "drop view events",
        "attach '{run}/other.db'",
        "explain analyze copy events to '{run}/copy.csv'",
        "export database '{run}/all'",
        "set threads = 8",
        "set enable_external_access = true",
        "install httpfs",
        "load httpfs",
        "pragma database_list",
    ],
)
def test_nothing_can_be_changed(queries: RunQueries, run: Path, sql: str) -> None:
    before = files(run)
    with pytest.raises(QueryError):
        queries.frame(sql.format(run=str(run).replace("'", "''")))
    assert files(run) == before


@pytest.mark.parametrize(
    "sql",
    [
        "from read_text('{outside}')",
        "from read_csv('{outside}')",
        "from '{outside}'",
        "from glob('{outside}*')",
        "from sniff_csv('{outside}')",
        "from read_text('https://example.org/a')",
    ],
)
def test_nothing_outside_the_run_can_be_read(queries: RunQueries, tmp_path: Path, sql: str) -> None:
    outside = tmp_path / "secret.csv"
    outside.write_text("a,b\n1,2\n")
    with pytest.raises(QueryError):
        queries.frame(sql.format(outside=outside))


def test_variables_of_python_are_no_tables(queries: RunQueries) -> None:
    frame = storesim.read_events  # noqa: F841 - DuckDB would look for it here
    with pytest.raises(QueryError, match="no table 'frame'"):
        queries.frame("from frame")


def test_a_question_that_needs_too_much_memory_is_refused(queries: RunQueries) -> None:
    with pytest.raises(QueryFailedError, match="needs more memory than 1500MB; ask for fewer rows"):
        queries.frame("select list(a.i + b.j) from range(30000) a(i), range(20000) b(j)")


def test_the_temporary_folder_is_gone_afterwards(run: Path) -> None:
    with open_queries(run) as queries:
        spill = Path(queries.frame("select current_setting('temp_directory') as d")["d"][0])
    assert not spill.exists()


@pytest.mark.parametrize(
    ("manifest", "complaint"),
    [(None, "is not a run directory: it has no manifest.json"), ("{", "cannot be read"), ("[]", "is not a manifest")],
)
def test_a_folder_that_is_no_run(tmp_path: Path, manifest: str | None, complaint: str) -> None:
    if manifest:
        (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(QueryError, match=complaint):
        storesim.read_events(tmp_path, "select 1")


def test_a_run_without_logs_says_why(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"events": "none"}')
    with pytest.raises(QueryError, match="the run kept no events; play it again with 'events: all' or 'sample'"):
        storesim.read_events(tmp_path, "from events")
    with pytest.raises(QueryError, match="the run has no table 'zones'; it has none so far"):
        storesim.read_events(tmp_path, "from zones")


def test_a_damaged_log_is_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    (tmp_path / "customers").mkdir()
    (tmp_path / "customers" / "replication=0000.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(QueryError, match=r"a file in .* cannot be read: .*replication=0000\.parquet"):
        storesim.read_events(tmp_path, "from customers")


def test_what_duckdb_says_in_a_sentence() -> None:
    said = 'Binder Error: No such thing "a"!\nCandidate bindings: "b"\n\nLINE 1: select a\n               ^'
    assert in_a_sentence(said) == 'No such thing "a"; candidate bindings: "b"'


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal of Unix")
def test_ctrl_c_ends_a_long_question_at_once(run: Path) -> None:
    script = (
        "import signal, sys, storesim\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background would hand down a deaf ear\n"
        "print('go', flush=True)\n"
        "storesim.read_events(sys.argv[1], "
        "'select count(*) from range(30000000) a(i), range(30000000) b(j) where (i * j) % 7 = 1')"
    )
    asking = [sys.executable, "-c", script, str(run)]
    with subprocess.Popen(asking, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        process.stdout.readline()
        time.sleep(2)
        began = time.monotonic()
        os.kill(process.pid, signal.SIGINT)
        try:
            _, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert time.monotonic() - began < 20
    assert errors.rstrip().endswith("KeyboardInterrupt")
