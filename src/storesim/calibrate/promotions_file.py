"""What was on display and in the mailer, by item and week, into the table `promotion`."""

from pathlib import Path

import duckdb

from storesim.calibrate.formats import literal
from storesim.calibrate.side_table import count, need, view
from storesim.inputs.mistakes import Mistakes

SPELLINGS = {
    "product": "category product_category commodity product product_name item item_name artikel warengruppe produit",
    "sku": "sku product_id item_id ean gtin upc plu article_id artikelnummer artikelnr code_article codigo artikelcode",
    "store": "store store_id shop shop_id branch filiale markt magasin tienda winkel",
    "first": "from start first first_day week date day von ab du desde van woche datum",
    "last": "until to end last last_day bis au hasta tot",
    "display": "display on_display display_location zweitplatzierung tete_de_gondole exhibicion",
    "mailer": "mailer feature leaflet flyer mailer_location handzettel prospekt folder",
}
LEAST_DAYS = 4
"""A week is promoted when the promotion runs on so many of its days."""
NO = ("", "0", "0.0", "no", "n", "false", "f", "none", "null", "nan", "nein", "non", "nee")
MOST_DAYS = 3660
"""That one row may promote."""
DATES = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d", "%d.%m.%Y", "%Y%m%d")


def read_promotions(db: duckdb.DuckDBPyConnection, path: Path, mistakes: Mistakes) -> str | None:
    """Make table `promotion` for `effects.fit_effects`; return the column of `clean` that its items stand in.

    A row promotes an item (sku, else product) in a store (none: in all) from a day to a day, or in the week of a day.
    Without display and mailer columns, every row is a display.
    """
    found = view(db, path, "promotion_list", SPELLINGS, mistakes)
    if not found:
        return None
    need(path, found, ("product", "sku"), mistakes)
    need(path, found, ("first",), mistakes)
    if not {"product", "sku"} & set(found) or "first" not in found:
        return None
    item = "sku" if "sku" in found else "product"
    _make(db, found, item)
    _check(db, path, item, mistakes)
    return item


def _make(db: duckdb.DuckDBPyConnection, found: tuple[str, ...], item: str) -> None:
    first, last = _day("first"), _day("last") if "last" in found else "NULL::DATE"
    store = "nullif(store, '')" if "store" in found else "NULL::VARCHAR"
    flags = [_says_something(kind) if kind in found else "false" for kind in ("display", "mailer")]
    display, mailer = flags if {"display", "mailer"} & set(found) else ("true", "false")
    monday = "date_trunc('week', first)::DATE"
    db.execute(f"""
        CREATE OR REPLACE TABLE promotion AS
        SELECT item, store, week, display, mailer FROM (
            SELECT *, unnest(generate_series({monday}::TIMESTAMP,
                greatest(least(coalesce(last, {monday}), {monday} + {MOST_DAYS}), {monday})::TIMESTAMP,
                INTERVAL 7 DAY))::DATE AS week
            FROM (SELECT {item} AS item, {store} AS store, {first} AS first, {last} AS last,
                      {display} AS display, {mailer} AS mailer FROM promotion_list))
        WHERE first ISNULL OR last ISNULL
            OR least(last, week + 6) - greatest(first, week) + 1 >= least({LEAST_DAYS}, last - first + 1)
    """)


def _says_something(column: str) -> str:
    """Return SQL for whether a cell is more than a no: displays and mailers often have codes of places."""
    return f"coalesce(lower({column}) NOT IN ({', '.join(map(literal, NO))}), false)"


def _day(column: str) -> str:
    return f"try_strptime({column}, [{', '.join(map(literal, DATES))}])::DATE"


def _check(db: duckdb.DuckDBPyConnection, path: Path, item: str, mistakes: Mistakes) -> None:
    """Add mistakes for days that cannot be read, and for a table that speaks of other items."""
    unread = count(db, f"SELECT count(*) FROM promotion_list WHERE {_day('first')} ISNULL")
    if unread:
        row = db.execute(f"SELECT first FROM promotion_list WHERE {_day('first')} ISNULL LIMIT 1").fetchone()
        example = row[0] if row else ""
        mistakes.add(path, f"{unread} rows have a day that cannot be read, such as {example!r}; write 2026-01-31")
    elif not count(
        db, f"SELECT count(*) FROM (SELECT 1 FROM promotion SEMI JOIN ({_items(item)}) USING (item) LIMIT 1)"
    ):
        mistakes.add(path, f"none of its items is sold; name them as the column of {item}s in the points of sale does")


def _items(item: str) -> str:
    return "SELECT DISTINCT coalesce(sku, product) AS item FROM line" if item == "sku" else (
        "SELECT DISTINCT product AS item FROM line"
    )  # fmt: skip
