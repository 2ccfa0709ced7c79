"""What is suspicious in table `line`: numbers used again, refunds, copies, bad baskets, things off the floor."""

from collections.abc import Sequence

import duckdb

from storesim.calibrate.off_floor import kind_of
from storesim.inputs.names import folded

SHARED_NUMBERS = 0.05
"""Share of baskets in several shops or days from which on basket numbers are used again, not wrong."""
RARELY = 0.01
"""A product that stands more than once in a basket in fewer cases than this: the till adds up what is alike."""
ROWS_A_PASS = 5_000_000


def name_baskets(db: duckdb.DuckDBPyConnection, most_hours: float) -> tuple[str, ...]:
    """Make view `item`: `line` with baskets that are unique, where numbers are used again in other shops or days."""
    [(shared,)] = fetched(
        db,
        f"""
        SELECT avg((many OR spread > {most_hours * 3600})::INTEGER) FROM (
            SELECT min(store) <> max(store) AS many, epoch(max(t)) - epoch(min(t)) AS spread
            FROM line GROUP BY basket)
    """,
    )
    again = (shared or 0) > SHARED_NUMBERS
    basket = "concat_ws('|', store, t::DATE, basket)" if again else "basket"
    db.execute(f"CREATE OR REPLACE VIEW item AS SELECT * REPLACE ({basket} AS basket) FROM line")
    what = f"Basket numbers are used again ({shared or 0:.0%} in several shops or days)"
    return (f"{what}: a basket is a number, a shop and a day.",) if again else ()


def find_off_floor(
    db: duckdb.DuckDBPyConnection, drop_departments: Sequence[str], pharmacy: bool
) -> tuple[tuple[str, str, str], ...]:
    """Make tables `off_department` and `off_product`: names and what they mean."""
    dropped = {folded(name) for name in drop_departments}
    found = []
    for column in ("department", "product"):
        names = [row[0] for row in fetched(db, f"SELECT DISTINCT {column} FROM line WHERE {column} NOTNULL ORDER BY 1")]
        kinds = [(name, kind) for name in names if (kind := kind_of(name, pharmacy=pharmacy))]
        if column == "department":
            kinds += [
                (name, "as asked") for name in names if folded(name) in dropped and not kind_of(name, pharmacy=pharmacy)
            ]
        db.execute(f"CREATE OR REPLACE TABLE off_{column} (name VARCHAR, kind VARCHAR)")
        if kinds:
            db.executemany(f"INSERT INTO off_{column} VALUES (?, ?)", kinds)
        found += [(column, name, kind) for name, kind in kinds]
    return tuple(found)


def find_cancelled(db: duckdb.DuckDBPyConnection) -> None:
    """Make table `cancelled`: as many lines of a product and amount as its basket takes back."""
    db.execute("""
        CREATE OR REPLACE TABLE cancelled AS
        WITH back AS (
            SELECT basket, product, -net_sales AS amount, count(*) AS n FROM item WHERE net_sales < 0 GROUP BY ALL)
        SELECT file, row FROM (
            SELECT item.file, item.row, n,
                row_number() OVER (PARTITION BY basket, product, amount ORDER BY item.file DESC, item.row DESC) AS k
            FROM item JOIN back USING (basket, product) WHERE net_sales = amount)
        WHERE k <= n
    """)


def find_copies(db: duckdb.DuckDBPyConnection, rows: int) -> str:
    """Make table `copied` with the repetitions of equal rows that are mistakes; return why they are.

    Two equal lines may be one product scanned twice. They are copies where the till adds up what is alike, or where
    every line of the basket is repeated equally often.
    """
    passes = rows // ROWS_A_PASS + 1
    db.execute("CREATE OR REPLACE TABLE repeated (print UBIGINT)")
    for k in range(passes):
        db.execute(f"""
            INSERT INTO repeated SELECT print FROM line WHERE print % {passes} = {k} GROUP BY print HAVING count(*) > 1
        """)
    adds_up = _adds_up(db)
    whole = "SELECT basket FROM counts GROUP BY basket HAVING min(n) > 1 AND min(n) = max(n) AND count(*) > 1"
    db.execute(f"""
        CREATE OR REPLACE TABLE copied AS
        WITH suspect AS (SELECT DISTINCT basket FROM item SEMI JOIN repeated USING (print)),
        counts AS (SELECT basket, print, count(*) AS n FROM item SEMI JOIN suspect USING (basket) GROUP BY ALL)
        SELECT file, row FROM (
            SELECT file, row, row_number() OVER (PARTITION BY basket, print ORDER BY file, row) AS k
            FROM item SEMI JOIN repeated USING (print)
            {"" if adds_up else f"SEMI JOIN ({whole}) USING (basket)"})
        WHERE k > 1
    """)
    if adds_up:
        return "equal to another row in every cell, in an extract with one row a product and basket"
    return "the whole basket stands there more than once; single equal rows stay, as a product scanned twice"


def _adds_up(db: duckdb.DuckDBPyConnection) -> bool:
    """Whether lines are a product each, with its quantity: told by a sample of baskets."""
    [(many, again)] = fetched(
        db,
        f"""
        SELECT avg((quantity > 1)::INTEGER), avg((kinds > 1)::INTEGER) FROM (
            SELECT max(quantity) AS quantity, count(DISTINCT print) AS kinds
            FROM item WHERE hash(basket) % {_one_in(db)} = 0 GROUP BY basket, product)
    """,
    )
    return (many or 0) > RARELY and (again or 0) < RARELY


def _one_in(db: duckdb.DuckDBPyConnection) -> int:
    [(rows,)] = fetched(db, "SELECT count(*) FROM line")
    return max(1, int(rows) // 1_000_000)


def find_bad_baskets(db: duckdb.DuckDBPyConnection, most_hours: float) -> None:
    """Make table `bad_basket`: baskets in several stores, of several customers, or at several times."""
    db.execute(f"""
        CREATE OR REPLACE TABLE bad_basket AS
        SELECT basket, min(store) <> max(store) AS stores, min(customer) <> max(customer) AS customers,
            epoch(max(t)) - epoch(min(t)) > {most_hours * 3600} AS hours
        FROM item GROUP BY basket HAVING stores OR customers OR hours
    """)


def fetched(db: duckdb.DuckDBPyConnection, sql: str) -> list[tuple]:  # type: ignore[type-arg]
    """Return the rows of a query."""
    return db.execute(sql).fetchall()
