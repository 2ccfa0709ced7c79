"""Table `cells` into `parsed`: numbers, times and text, and in `wrong` why a row cannot be read."""

import duckdb

from storesim.calibrate import formats
from storesim.calibrate.cells import NUMBERS, Cells
from storesim.calibrate.formats import literal
from storesim.calibrate.notation import Notation

YEARS = (1990, 2100)
YES = (
    "1",
    "y",
    "yes",
    "true",
    "t",
    "j",
    "ja",
    "wahr",
    "o",
    "oui",
    "vrai",
    "s",
    "si",
    "sí",
    "opt-in",
    "optin",
    "in",
    "granted",
)


def parse(db: duckdb.DuckDBPyConnection, table: Cells, notation: Notation) -> None:
    """Make `parsed`, and the view `line` of what can be read, in place of `cells`."""
    values = _values_sql(table, notation)
    typed = ", ".join(f"{sql} AS {name}" for name, sql in values.items())
    net = "_net_sales" if "net_sales" in table.columns else "_price * _quantity"
    db.execute(f"""
        CREATE TABLE parsed AS
        SELECT file, row, basket, t, _product AS product, _sku AS sku, _department AS department, _quantity AS quantity,
            {net} AS net_sales, {_regular_sql(table, net)} AS regular_price, _store AS store, _customer AS customer,
            print, {_wrong_sql(table)} AS wrong
        FROM (SELECT *, {typed} FROM (SELECT *, {table.rows_sql} FROM cells))
    """)
    db.execute("DROP TABLE cells" if table.separator else "DROP VIEW cells")
    db.execute("CREATE VIEW line AS SELECT * EXCLUDE (wrong) FROM parsed WHERE wrong IS NULL")


def _values_sql(table: Cells, notation: Notation) -> dict[str, str]:
    """Return SQL by the name of the value."""
    roles, stamps = table.columns, notation.stamps
    numbers = {role: formats.number_sql(role, mark, notation.shapes[role]) for role, mark in notation.decimals.items()}
    sql = {f"_{role}": numbers.get(role, f"{role}::DOUBLE") for role in NUMBERS if role in roles}
    sql.setdefault("_quantity", "1.0")
    sql["t"] = stamps.sql("timestamp") if stamps else "make_timestamp(epoch_us(timestamp))"
    sql["basket"] = _text("basket_id")
    for role in ("product", "sku", "department", "store"):
        sql[f"_{role}"] = _text(role) if role in roles else "NULL::VARCHAR"
    customer = _text("customer") if "customer" in roles else "NULL::VARCHAR"
    if "consent" in roles and "customer" in roles:
        allowed = ", ".join(map(literal, YES))
        customer = f"CASE WHEN lower(trim(consent)) IN ({allowed}) THEN {customer} END"
    sql["_customer"] = customer
    return sql


def _text(role: str) -> str:
    return f"CASE WHEN lower({role}) NOT IN ({', '.join(map(literal, formats.EMPTY))}) THEN {role} END"


def _regular_sql(table: Cells, net: str) -> str:
    """Return SQL for the regular price of a unit: as given, or what was paid and the discount together."""
    if "regular_price" in table.columns:
        return "_regular_price"
    if "discount" in table.columns:
        return f"CASE WHEN _quantity > 0 THEN ({net} + abs(coalesce(_discount, 0))) / _quantity END"
    return "NULL::DOUBLE"


def _wrong_sql(table: Cells) -> str:
    """Return SQL for what is wrong with a row, NULL for a good one and '' for an empty line."""
    cases = []
    if table.separator:
        cases += [
            ("width IS NULL OR width = 0", "''"),
            ("open", "'the line ends inside quotes'"),
            (f"width <> {table.width_sql}", f"format('it has {{}} cells, the header {{}}', width, {table.width_sql})"),
        ]
    cases.append(("basket IS NULL", "'the basket is empty'"))
    cases.append((f"t IS NULL OR year(t) NOT BETWEEN {YEARS[0]} AND {YEARS[1]}", _said("timestamp", "is not a time")))
    needed = [role for role in ("quantity", "net_sales") if role in table.columns]
    needed += ["price"] if "net_sales" not in table.columns else []
    cases += [(f"_{role} IS NULL OR NOT isfinite(_{role})", _said(role, "is not a number")) for role in needed]
    return "CASE " + " ".join(f"WHEN {when} THEN {then}" for when, then in cases) + " END"


def _said(role: str, what: str) -> str:
    return f"'{role} ''' || coalesce(left({role}::VARCHAR, 40), '') || ''' {what}'"
