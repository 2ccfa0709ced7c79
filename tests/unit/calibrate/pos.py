"""A made-up point of sale: three kinds of visits, named customers, four departments."""

import duckdb
import numpy as np

SHARES = {"snack": 0.3, "drug": 0.2, "weekly": 0.5}
DEPARTMENTS = {"grocery": 20, "drug": 8, "produce": 10}


def made(baskets: int = 4000, seed: int = 1, customers: int = 400) -> duckdb.DuckDBPyConnection:
    """Return a database with table `clean`; the true kind of a visit stands at the end of its basket's name."""
    rng = np.random.default_rng(seed)
    db = duckdb.connect(config={"threads": 2})
    db.execute("""
        CREATE TABLE clean ("row" BIGINT, basket VARCHAR, t TIMESTAMP, product VARCHAR, department VARCHAR,
                            quantity DOUBLE, net_sales DOUBLE, regular_price DOUBLE, store VARCHAR,
                            customer VARCHAR)""")
    rows = [row for number in range(baskets) for row in _basket(rng, number, customers)]
    columns = list(zip(*rows, strict=True))
    db.execute(
        "INSERT INTO clean SELECT unnest(?), unnest(?), unnest(?)::TIMESTAMP, unnest(?), unnest(?), unnest(?), "
        "unnest(?), unnest(?), 's1', unnest(?)",
        [list(range(2, len(rows) + 2)), *map(list, columns)],
    )
    return db


def _basket(rng: np.random.Generator, number: int, customers: int) -> list[tuple[object, ...]]:
    kind = str(rng.choice(list(SHARES), p=list(SHARES.values())))
    own = "drug" if kind == "drug" else "grocery"
    of = [department for department in DEPARTMENTS if kind == "weekly" or department == own]
    choice = [(department, n) for department in of for n in range(DEPARTMENTS[department])]
    size = 12 + rng.poisson(6) if kind == "weekly" else 1 + rng.poisson(1.5)
    picked = rng.choice(len(choice), min(size, len(choice)), replace=False)
    t = f"2026-02-{1 + number % 28:02d} {9 if kind == 'weekly' else 18}:30"
    customer = f"c{int(customers * rng.random() ** 2)}" if number % 10 else None
    return [_row(rng, f"{number}-{kind}", t, *choice[p], customer) for p in picked]


def _row(
    rng: np.random.Generator, basket: str, t: str, department: str, product: int, customer: str | None
) -> tuple[object, ...]:
    units = 1.0 + rng.poisson(0.5)
    return basket, t, f"{department} {product}", department, units, units * 2 * rng.lognormal(0, 0.3), 2.5, customer
