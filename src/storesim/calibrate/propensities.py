"""What is on offer: the products that the data speak of, how often each mission buys them, how many, at what price."""

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from storesim.calibrate.names_file import Words
from storesim.calibrate.privacy import LEAST, WHO, Withheld, covered

Array = NDArray[np.float64]
NO_DEPARTMENT = "all products"


@dataclass(frozen=True)
class Propensities:
    """Products (p) as missions (m) buy them; biggest penetration first."""

    products: tuple[str, ...]
    departments: tuple[str, ...]
    missions: tuple[str, ...]
    penetration: Array
    """Share of a mission's baskets that have the product, shape (m, p)."""

    replaced: NDArray[np.bool_]
    """Penetrations that rest on too few customers, merged with those of other missions, shape (m, p)."""

    baskets: NDArray[np.int64]
    """Baskets of each mission, shape (m,)."""

    bought: NDArray[np.int64]
    """Baskets with the product, shape (p,)."""

    units: Array
    """Mean units in a basket that has the product; at least 1."""

    units_se: Array
    price: Array
    """Mean price paid for a unit, in the currency of the data."""

    price_se: Array
    regular_price: Array
    """Mean regular price of a unit; NaN where the data have none."""

    withheld: tuple[Withheld, ...]

    @property
    def overall(self) -> Array:
        """Share of all baskets that have the product, shape (p,)."""
        return np.asarray(self.baskets @ self.penetration / self.baskets.sum())


def make_offer(db: duckdb.DuckDBPyConnection, least: int = LEAST, words: Words | None = None) -> tuple[Withheld, ...]:
    """Make table `offer` (product, name, department) and view `sale`, the rows of `clean` by name on offer.

    `words` are what the user calls products and their departments instead; several may have one name. Spellings that
    differ in case or blanks are one product, in its most frequent department. A product that fewer than `least`
    customers bought goes to 'other DEPARTMENT', that to 'other products', and what is left is dropped.
    """
    names, departments = (words.names, words.departments) if words else ({}, {})
    db.execute("CREATE OR REPLACE TEMP TABLE renamed (spelt VARCHAR, name VARCHAR, department VARCHAR)")
    columns = [[*names], [*names.values()], [departments.get(product) for product in names]]
    db.execute(f"INSERT INTO renamed SELECT {', '.join(['unnest(?::VARCHAR[])'] * 3)}", columns)
    db.execute(f"""
        CREATE OR REPLACE TABLE offer AS
        WITH spelt AS (
            SELECT product, n, coalesce(renamed.name, plain.name) AS name,
                   coalesce(renamed.department, plain.department) AS department
            FROM (SELECT product, coalesce(lower(trim(department)), '{NO_DEPARTMENT}') AS department, count(*) AS n,
                         left(lower(regexp_replace(trim(product), '\\s+', ' ', 'g')), 80) AS name
                  FROM clean WHERE product IS NOT NULL GROUP BY ALL) AS plain
            LEFT JOIN renamed ON spelt = plain.name),
        housed AS (
            SELECT name, department FROM (SELECT name, department, sum(n) AS n FROM spelt GROUP BY ALL)
            QUALIFY row_number() OVER (PARTITION BY name ORDER BY n DESC, department) = 1)
        SELECT DISTINCT product, name, housed.department FROM spelt JOIN housed USING (name)""")
    db.execute("""
        CREATE OR REPLACE VIEW sale AS
        SELECT basket, t, store, customer, offer.name AS product, offer.department, quantity, net_sales, regular_price
        FROM clean JOIN offer ON clean.product = offer.product WHERE offer.name IS NOT NULL""")
    merged = _merge(db, "'other ' || department", "department", least)
    merged_twice = _merge(db, "'other products'", f"'{NO_DEPARTMENT}'", least)
    dropped = _merge(db, "NULL", "department", least)
    found = (
        Withheld("products", merged, "merged as 'other DEPARTMENT'"),
        Withheld("departments' other products", merged_twice, "merged as 'other products'"),
        Withheld("groups of other products", dropped, "left out"),
    )
    return tuple(entry for entry in found if entry.cells)


def _merge(db: duckdb.DuckDBPyConnection, name: str, department: str, least: int) -> int:
    """Rename the products that too few customers bought; return how many there were."""
    db.execute(f"""
        CREATE OR REPLACE TEMP TABLE rare AS
        SELECT product FROM sale GROUP BY product HAVING count(DISTINCT {WHO}) < {least}""")
    count = _count(db, "SELECT count(*) FROM rare")
    db.execute(f"UPDATE offer SET name = {name}, department = {department} WHERE name IN (SELECT product FROM rare)")
    return count


def _count(db: duckdb.DuckDBPyConnection, query: str) -> int:
    row = db.execute(query).fetchone()
    return int(row[0]) if row else 0


def fit_propensities(db: duckdb.DuckDBPyConnection, least: int = LEAST) -> Propensities:
    """Return the propensities of the products in `sale` by the mission in table `basket`."""
    db.execute("""
        CREATE OR REPLACE TEMP TABLE picked AS
        SELECT basket, product, any_value(customer) AS customer, sum(quantity) AS units, sum(net_sales) AS sales,
               sum(regular_price * quantity) / sum(quantity) AS regular
        FROM sale GROUP BY basket, product""")
    offered = db.execute("""
        SELECT product, any_value(department) AS department, bought, units, units_se, price, price_se, regular
        FROM (SELECT product, count(*) AS bought, avg(units) AS units,
                     coalesce(stddev_samp(units), 0) / sqrt(count(*)) AS units_se, sum(sales) / sum(units) AS price,
                     coalesce(stddev_samp(sales / units), 0) / sqrt(count(*)) AS price_se, avg(regular) AS regular
              FROM picked GROUP BY product)
        JOIN (SELECT DISTINCT name AS product, department FROM offer) USING (product)
        GROUP BY ALL ORDER BY bought DESC, product""").fetchnumpy()
    baskets = db.execute("SELECT mission, count(*) AS n FROM basket GROUP BY mission ORDER BY mission").fetchnumpy()
    products, missions = tuple(map(str, offered["product"])), tuple(map(str, baskets["mission"]))
    table, replaced = _penetration(db, products, missions, _whole(baskets["n"]), least)
    return Propensities(
        products, tuple(map(str, offered["department"])), missions, table, replaced,
        _whole(baskets["n"]), _whole(offered["bought"]), np.maximum(_plain(offered["units"]), 1.0),
        _plain(offered["units_se"]), _plain(offered["price"]), _plain(offered["price_se"]),
        _plain(offered["regular"]),
        (Withheld("penetrations", int(replaced.sum()), "merged over missions"),) if replaced.any() else (),
    )  # fmt: skip


def _penetration(
    db: duckdb.DuckDBPyConnection,
    products: tuple[str, ...],
    missions: tuple[str, ...],
    baskets: NDArray[np.int64],
    least: int,
) -> tuple[Array, NDArray[np.bool_]]:
    rows = db.execute("""
        SELECT mission, product, count(*) AS n, count(DISTINCT coalesce(picked.customer, basket)) AS people
        FROM picked JOIN basket USING (basket) GROUP BY ALL""").fetchnumpy()
    at = (_places(rows["mission"], missions), _places(rows["product"], products))
    counts, people = np.zeros((2, len(missions), len(products)))
    counts[at], people[at] = rows["n"], rows["people"]
    known, replaced = covered(counts, people, least)
    return np.minimum(known / baskets[:, None], 1.0), replaced


def _places(names: Any, order: tuple[str, ...]) -> NDArray[np.int64]:
    number = {name: place for place, name in enumerate(order)}
    return np.array([number[str(name)] for name in names], dtype=np.int64)


def _plain(column: Any) -> Array:
    return np.ma.filled(np.ma.asarray(column, dtype=float), np.nan)


def _whole(column: Any) -> NDArray[np.int64]:
    return np.asarray(column, dtype=np.int64)
