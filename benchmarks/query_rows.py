"""`storesim query` on a run of many days: seconds and peak memory of each kind of question.

    python benchmarks/query_rows.py ROWS

Two days of the example market are played, and their logs repeated until there are so many rows. 50 million take some
minutes and a GB of disk in the temporary folder (TMPDIR), and some GB more while a big answer is sorted.
"""

import os
import shutil
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

SCENARIO = Path(__file__).parents[1] / "scenarios" / "market.yaml"
QUESTIONS = {
    "count": "SELECT count(*) FROM events",
    "group by": "SELECT variant, kind, count(*), avg(t_s) FROM events GROUP BY ALL ORDER BY ALL",
    "one day": "SELECT product, sum(units) FROM events WHERE kind = 'take' AND replication = 7 GROUP BY ALL",
    "join": "SELECT variant, segment, sum(amount) FROM events JOIN customers USING (replication, customer) "
    "WHERE kind = 'pay' GROUP BY ALL ORDER BY ALL",
    "distinct": "SELECT count(*) FROM (SELECT DISTINCT variant, replication, customer, place FROM events)",
    "sort": "SELECT * FROM events ORDER BY t_s LIMIT 1000000 OFFSET 20000000",
    "rows out": "SELECT * FROM events LIMIT 5000000",
}


def main(rows: int) -> None:
    """Print a line for each question."""
    with TemporaryDirectory(prefix="storesim-query-rows-") as made:
        run = Path(made) / "run"
        storesim("run", SCENARIO, "--replications", 2, "--no-report", "--out", run)
        facts = repeat(run, rows)
        size_mb = sum(file.stat().st_size for file in run.rglob("*.parquet")) / 1e6
        print(f"{facts:,} rows in {size_mb:,.0f} MB\n{'question':10}{'seconds':>9}{'peak MB':>9}", flush=True)
        for name, sql in QUESTIONS.items():
            seconds, peak_mb = storesim("query", run, sql, "--out", Path(made) / "rows.csv")
            print(f"{name:10}{seconds:>9.1f}{peak_mb:>9,.0f}", flush=True)


def repeat(run: Path, rows: int) -> int:
    """Copy the two days of a run until it has so many facts, and return how many; a copy is a day of its own."""
    with duckdb.connect() as db:
        found = db.execute(f"SELECT count(*) FROM '{run}/events/*/*.parquet'").fetchone()  # noqa: S608
    facts = int(found[0]) if found else 0
    logs = [*run.glob("events/*/*.parquet"), *run.glob("customers/*.parquet")]
    for repeated in count(1):
        if facts * repeated >= rows:
            break
        for log in logs:
            shutil.copy(log, log.with_name(f"replication={2 * repeated + int(log.stem[-1]):04d}.parquet"))
    return facts * repeated


def storesim(*words: object) -> tuple[float, float]:
    """Return the seconds and the peak memory, in MB, of a command."""
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, "-m", "storesim", *map(str, words)], stdout=subprocess.DEVNULL) as process:
        _, code, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(code)
    if process.returncode:
        sys.exit(process.returncode)
    return time.perf_counter() - began, used.ru_maxrss / 1024


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal():
        sys.exit("usage: python benchmarks/query_rows.py ROWS")
    main(int(sys.argv[1]))
