"""What each kind of file may hold: JSON Schema for the YAML kinds, columns for the CSV kinds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from storesim.inputs import actuals, affinity, paths, planogram, products, profiles
from storesim.inputs.layout_model import GraphLayout, MeasuredLayout
from storesim.inputs.scenario import ScenarioFile
from storesim.inputs.segments import SegmentsFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class Column:
    """A column of a CSV file: what stands in it, and what is taken when it is missing."""

    name: str
    what: str
    default: str | None = None
    """None: the column must be there."""


class _Plain(GenerateJsonSchema):
    """Without the titles that only repeat the keys."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Return False: a key is its own title."""
        del schema
        return False


_YAML: Mapping[str, TypeAdapter[Any]] = {
    "layout": TypeAdapter(MeasuredLayout | GraphLayout),
    "scenario": TypeAdapter(ScenarioFile),
    "segments": TypeAdapter(SegmentsFile),
}
_MISSION = "MISSION"
CSV: Mapping[str, tuple[Column, ...]] = {
    "products": (
        Column("id", "short name, unique ignoring case"),
        Column("price", "regular price of a unit, above 0"),
        Column("name", "name for tables and figures", "the id"),
        Column("category", "group of products", "the id"),
        Column("department", "group of categories", "the id"),
        Column("unit_cost", "what a unit costs the store", f"{products.ASSUMED_COST_SHARE} of the price (assumed)"),
        Column("units", "mean units of those who buy, at least 1", "1"),
        Column("impulse_share", "share of purchases not on a list, 0 to 1", "the parameter unplanned_share"),
        Column("price_elasticity", "of units sold, below 0", str(products.ASSUMED_ELASTICITY)),
        Column("display_lift", "units on display over units off it, at least 1", str(products.ASSUMED_LIFT)),
        Column(f"penetration: {_MISSION}", "share of that mission's visits that buy it", "the column penetration"),
        Column("penetration", "share of visits that buy it, for missions without a column", "none"),
        Column("substitutes", "name of the group of items that customers take for one another", "none"),
    ),
    "planogram": (
        Column("product", "id of a product"),
        Column("fixture", "id of a fixture"),
        Column("face", "side of the fixture", "its only face"),
        Column("bays", "number or range such as 3-5, from the left", "all"),
        Column("levels", "number or range such as 2-4, 1 is the bottom", "all"),
        Column("metres", "linear shelf metres, spread over the bays", "see share"),
        Column("facings", "number of facings, spread over the bays", "see share"),
        Column("facing_m", "width of a facing in metres", str(planogram.FACING_M)),
        Column("share", "share of its bays and levels", "an equal part of what others leave"),
        Column(
            planogram.AVAILABLE, "of `storesim new-planogram`; not read; a row without a product is left out", "none"
        ),
    ),
    "stock": (
        Column("product", "id of a product"),
        Column("per_metre", "units that a metre of its shelf holds", "what the scenario says"),
        Column("back_room", "units that the back room holds", "what the scenario says"),
        Column("opening_shelf", "share of the shelf that is filled at opening", "what the scenario says"),
        Column("opening_back", "units in the back room at opening", "the column back_room"),
    ),
    "actuals": (
        Column("measure", f"one of {', '.join(actuals.MEASURES)}"),
        Column("value", "a day's mean: money, baskets, customers; trip minutes: of a visit"),
        Column("name", "zone, product, category or department", "the whole store"),
    ),
    "affinity": (
        Column("product", "id of a product"),
        Column("beside", "id of another product; each pair stands once"),
        Column("affinity", f"times more often in one basket than the sizes of baskets explain, {affinity.WANTED}"),
    ),
    "paths": (
        Column("trip", "a name for the trip; never a customer's"),
        Column("order", "a number that counts up along the trip", "the column time"),
        Column("time", "seconds, 14:03:27 or 2026-01-31 14:03:27; only the order within a trip counts", "order"),
        Column("zone", f"id of a zone of the baseline's layout; at most {paths.MOST_ZONES} a trip", "x and y"),
        Column("x", "metres or the layout's other units, as in the baseline's layout", "zone"),
        Column("y", "as x", "zone"),
    ),
    "conversion": (
        Column("product", "id of a product"),
        Column("conversion", "log-odds of buying once noticed; empty: not calibrated"),
        Column("planned_share", "share of purchases that are planned", "1 - impulse_share"),
        *(Column(name, "not read back", "none") for name in products.CONVERSION_OPTIONAL[1:]),
    ),
    **{
        law.key: (
            Column(law.index, f"counts up from {law.first}"),
            Column(_MISSION, "a column for each mission", "the column all"),
            Column(profiles.ALL, "for missions without a column", "none"),
        )
        for law in profiles.LAWS
    },
}
KINDS = (*_YAML, *CSV)


def json_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a kind of file; of a CSV kind, that of a row.

    Raises:
        KeyError: there is no such kind.
    """
    if kind in _YAML:
        schema = _YAML[kind].json_schema(by_alias=True, schema_generator=_Plain)
        return {"$schema": DIALECT, **schema, "title": f"storesim {kind}", "type": "object"}
    return {
        "$schema": DIALECT,
        "title": f"A row of a storesim {kind} file",
        "type": "object",
        "properties": {column.name: _cell(column) for column in CSV[kind]},
        "required": [column.name for column in CSV[kind] if column.default is None],
    }


def _cell(column: Column) -> dict[str, str]:
    default = f"; if missing: {column.default}" if column.default else ""
    return {"type": "string", "description": f"{column.what}{default}"}
