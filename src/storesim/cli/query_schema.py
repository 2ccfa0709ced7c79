"""What `storesim query` can ask: tables and columns of a run, with types and units."""

from collections.abc import Iterator, Mapping

from storesim.cli.rows import printable
from storesim.report.columns import CURRENCY, heading
from storesim.results.query import RunQueries
from storesim.results.run_views import CUSTOMERS, EVENTS

ROWS: Mapping[str, str] = {
    EVENTS: "a fact of a day, sorted by time within each variant and replication",
    CUSTOMERS: "a customer of a replication, the same in all variants",
}
LOGGED: Mapping[str, str] = {
    "variant": "name of the variant",
    "replication": "number of the day played, from 0",
    "customer": "number of the customer within the replication, from 0",
    "t_s": "seconds after opening",
    "kind": "enter, walk, stop, notice, take, join (a queue), serve, pay or leave",
    "zone": "id of the zone of the place; none outside all zones",
    "place": "door, fixture/face/bay, or checkout",
    "lane": "number of the till at its checkout",
    "product": "id of the product",
    "units": "units taken or paid",
    "amount": f"{CURRENCY} paid",
    "planned": "whether the product was on the list",
    "segment": "name of the segment",
    "tier": "tier of the segment",
    "mission": "why the customer comes",
    "arrives_s": "seconds after opening",
    "planned_items": "products on the list",
    "budget": f"{CURRENCY}, at regular prices",
}


def schema_lines(queries: RunQueries) -> Iterator[str]:
    """Yield a paragraph for each table: what a row is, then its columns."""
    currency = _currency(queries)
    for view in queries.views:
        columns = queries.columns(view)
        yield f"{view}{f': {ROWS[view]}' if view in ROWS else ''}"
        name_width, type_width = (max(map(len, words)) for words in zip(*columns, strict=True))
        for name, kind in columns:
            what = LOGGED[name] if view in ROWS and name in LOGGED else _tabled(name)
            yield f"  {printable(name):{name_width}}  {kind:{type_width}}  {what.replace(CURRENCY, currency)}"
        yield ""


def _tabled(column: str) -> str:
    """Return what a column of a table is; workbooks show shares as percentages, the files have them plain."""
    found = heading(column, CURRENCY)
    return printable(found.words.replace("(%)", "(0 to 1)") if found.kind == "share" else found.words)


def _currency(queries: RunQueries) -> str:
    """Return the run's currency, as its summary names it."""
    if "summary" not in queries.views:
        return "currency"
    found = queries.frame("SELECT unit FROM summary WHERE response = 'sales' LIMIT 1")
    return printable(str(found.iat[0, 0])) if len(found) else "currency"
