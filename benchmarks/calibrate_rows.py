"""`storesim calibrate` on made-up points of sale, CSV beside Parquet: seconds and peak memory.

    python benchmarks/calibrate_rows.py ROWS

20 million rows take some minutes and 5 GB of disk in the temporary folder (TMPDIR). Without a floor plan the command is
one process, so that its peak memory is all there is.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

LINES = 10
"""Mean lines of a basket."""
DAYS, STORES, PRODUCTS, ITEMS_A_PRODUCT = 728, 4, 300, 20
BASKETS_A_CUSTOMER = 40
KINDS = {"csv": "(HEADER, DELIMITER ',')", "parquet": "(FORMAT parquet)"}


def main(rows: int) -> None:
    """Print a line for each kind of file."""
    print(f"{'file':8}{'rows':>12}{'file MB':>9}{'seconds':>9}{'peak MB':>9}")
    for kind in KINDS:
        with TemporaryDirectory(prefix="storesim-rows-") as made:
            pos = Path(made) / f"pos.{kind}"
            written = write_pos(pos, rows)
            seconds, peak_mb = calibrate(pos, Path(made) / "out")
            size_mb = pos.stat().st_size / 1e6
        print(f"{kind:8}{written:>12,}{size_mb:>9,.0f}{seconds:>9,.0f}{peak_mb:>9,.0f}", flush=True)


def write_pos(path: Path, rows: int) -> int:
    """Write two years of points of sale of four stores, in the order of time, about as many rows; return how many."""
    with duckdb.connect(config={"memory_limit": "300MB"}) as db:  # a new process starts with the peak of its parent
        db.execute("CREATE MACRO u(what, k) AS (hash(k, what) % 1000003 + 0.5) / 1000003")
        db.execute(f"COPY ({_pos_sql(max(1, rows // LINES))}) TO '{path}' {KINDS[path.suffix[1:]]}")
        row = db.execute(f"SELECT count(*) FROM '{path}'").fetchone()  # noqa: S608
    return int(row[0]) if row else 0


def _pos_sql(baskets: int) -> str:
    """Return the query: big and small baskets, products of unequal popularity, prices cut in some weeks."""
    return f"""
        WITH basket AS (
            SELECT k, k * {DAYS} // {baskets} AS day, 1 + floor(-{LINES - 0.5} * ln(u('size', k)))::INT AS lines,
                TIMESTAMP '2024-01-01 07:00:00' + to_days(day::INT)
                    + to_seconds(floor(54000 * (u('early', k) + u('late', k)) / 2)) AS t
            FROM range({baskets}) AS numbers(k)),
        line AS (
            SELECT *, k * 1000 + n AS l, floor({PRODUCTS} * u('product', l) ** 2)::INT AS p
            FROM (SELECT *, unnest(range(lines)) AS n FROM basket))
        SELECT k AS basket_id, t AS timestamp, 'product ' || p AS product, 'department ' || p % 12 AS department,
            p * {ITEMS_A_PRODUCT} + hash(l) % {ITEMS_A_PRODUCT} AS sku, 1 + (u('units', l) > 0.8)::INT AS quantity,
            round(quantity * (1 + p % 37 / 4) * CASE WHEN (day // 7 + p) % 6 = 0 THEN 0.8 ELSE 1 END, 2) AS net_sales,
            k % {STORES} AS store, floor(u('who', k) * {baskets // BASKETS_A_CUSTOMER})::INT AS customer
        FROM line"""  # noqa: S608


def calibrate(pos: Path, out: Path) -> tuple[float, float]:
    """Return the seconds and the peak memory, in MB, of the command."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "storesim", "calibrate", str(pos), "--out", str(out)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, code, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(code)
    if process.returncode:
        sys.exit(process.returncode)
    return time.perf_counter() - began, used.ru_maxrss / 1024


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal():
        sys.exit("usage: python benchmarks/calibrate_rows.py ROWS")
    main(int(sys.argv[1]))
