"""The scenario file as written: the question, and its variants."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag

from storesim.inputs.base import Input, Name
from storesim.inputs.case import KeptEvents, ResponseName
from storesim.inputs.locales import read_locale
from storesim.inputs.mistakes import quoted
from storesim.inputs.operations_written import OperationsFile
from storesim.inputs.panel_written import PanelFile
from storesim.inputs.parameters import Parameters
from storesim.inputs.values import At, Day, Hours, Number, Percentage, PlusMinus, Reference

FEWEST_REPLICATIONS, MOST_REPLICATIONS = 2, 10_000
LARGEST_SEED = 2**63 - 1
MOST_DAYS = 3660
MOST_CHANGES = 50

FilePath = Annotated[str, Field(min_length=1, max_length=1000)]
"""Relative to the file that names it."""
Coordinate = Annotated[Number, Field(ge=-1e6, le=1e6)]


class Written(Input):
    """Part of a scenario file."""

    model_config = ConfigDict(use_attribute_docstrings=True)


def _listed(value: object) -> object:
    return [value] if isinstance(value, str | int | float) and not isinstance(value, bool) else value


def _currency(value: object) -> object:
    if not isinstance(value, str) or len(value) != 3 or not (value.isascii() and value.isalpha()):
        shown = quoted(value) if isinstance(value, str | int | float) else "of another form"
        raise ValueError(f"the currency is {shown}; write a code of 3 letters, such as USD")
    return value.upper()


def _no_truth(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError(f"{str(value).lower()} is not a number; write a number")
    return value


NO_TRUTH = BeforeValidator(_no_truth)
Replications = Annotated[int, Field(ge=FEWEST_REPLICATIONS, le=MOST_REPLICATIONS), NO_TRUTH]
Seed = Annotated[int, Field(ge=0, le=LARGEST_SEED), NO_TRUTH]
SweptScalar = bool | int | float | Annotated[str, Field(min_length=1, max_length=1000)]
RelayCost = Annotated[Number, Field(ge=0, le=1e12)]
Listed = Annotated[tuple[Reference, ...], Field(min_length=1), BeforeValidator(_listed)]


class Calendar(Written):
    """The days that are played."""

    first: Annotated[Day, Field(alias="from")]
    """First day, such as 2026-03-02."""
    days: Annotated[int, Field(ge=1, le=MOST_DAYS), NO_TRUTH] = 1


class For(Written):
    """Who gets a promotion's price, or coupons."""

    tier: Listed | None = None
    segment: Listed | None = None


class PromotionFile(Written):
    """An offer: a price cut, a display (`at`), or both."""

    product: Reference
    at: At | None = None
    """Where it is on display: a fixture, or bays such as G4/west/3-5; if not written, at its home only."""
    price_cut: Percentage | None = None
    """Share off the regular price, such as 20%; this, `at`, or both must be written."""
    hours: Hours | None = None
    """When it runs; if not written, all day."""
    dates: tuple[Day, Day] | None = None
    """First and last day."""
    whom: Annotated[For | None, Field(alias="for")] = None
    """Who gets the price: tiers, segments, or both; everybody sees the display."""
    funded: Annotated[Number, Field(ge=0)] = 0.0
    """Supplier's contribution per promoted unit sold."""
    set_up_cost: Annotated[Number, Field(ge=0)] = 0.0
    """Cost of setting up, a day."""


class CouponFile(Written):
    """Mobile coupons for products that are not on a customer's list; who follows one goes there for it."""

    products: Listed
    """Products that there are coupons for, each with a home on the shelf."""
    each: Annotated[int, Field(ge=1, le=MOST_CHANGES), NO_TRUTH] = 1
    """Coupons a customer gets, at most."""
    target: Literal["near", "far", "any"] = "any"
    """Which a customer gets: those nearest to the way intended, farthest off it, or the first as written."""
    follow: Percentage
    """Share of coupons that are followed, such as 30%."""
    price_cut: Percentage = 0.0
    """Share off the price for who follows the coupon."""
    whom: Annotated[For | None, Field(alias="for")] = None
    """Who gets coupons: tiers, segments, or both; if not written, everybody."""


class MoveProduct(Written):
    """A product takes shelf beside another; what stood there takes its old shelf."""

    move_product: Reference
    beside: Reference
    metres: Literal["same"] = "same"


class Swap(Written):
    """Two ranges of bays trade what stands on them."""

    swap: tuple[At, At]


class AddDisplay(Written):
    """A product is shown at a second place."""

    add_display: Reference
    at: At


class MoveFixture(Written):
    """A fixture stands elsewhere; nothing else moves."""

    move_fixture: Reference
    to: tuple[Coordinate, Coordinate]
    """Lower left corner of its box, in the layout's units."""


CHANGES: Mapping[str, type[Written]] = {
    "move_product": MoveProduct,
    "swap": Swap,
    "add_display": AddDisplay,
    "move_fixture": MoveFixture,
}


def _kind_of_change(value: Any) -> str | None:
    keys = value if isinstance(value, dict) else ()
    return next((f"a {key}" for key in CHANGES if key in keys), None)


AnyChange = MoveProduct | Swap | AddDisplay | MoveFixture
Change = Annotated[
    Annotated[MoveProduct, Tag("a move_product")]
    | Annotated[Swap, Tag("a swap")]
    | Annotated[AddDisplay, Tag("a add_display")]
    | Annotated[MoveFixture, Tag("a move_fixture")],
    Discriminator(
        _kind_of_change,
        custom_error_type="change",
        custom_error_message=f"a change that begins with one of {', '.join(CHANGES)}",
    ),
]


def _switched(value: object) -> object:
    if isinstance(value, bool):
        return {} if value else None
    if isinstance(value, str | int | float):
        raise ValueError(f"'assumptions' is {quoted(value)}; write true, or which parameters to vary")
    return value


class AssumptionsFile(Written):
    """How the assumed parameters are varied."""

    parameters: Listed | None = None
    """Names of assumed parameters; if not written, all that can matter here and that `parameters` does not set."""
    replications: Replications | None = None
    """Days played of each set of settings, at most as many as the scenario's; if not written, 10."""


def _folded(value: object) -> object:
    return value.strip().casefold() if isinstance(value, str) else value


class PrecisionFile(Written):
    """How narrow intervals must be; the scenario's replications are then the first stage, and others follow."""

    response: Annotated[ResponseName, BeforeValidator(_folded)]
    """Which response's."""
    half_width: PlusMinus
    """± of every difference to the baseline: a share of the baseline's mean such as 1%, or an amount such as 50."""
    at_most: Replications
    """Replications played in all."""


def _levelled(value: object) -> object:
    return {"values": value} if isinstance(value, list) else value


class SweptFile(Written):
    """Between which values a number of the scenario is swept."""

    lowest: Annotated[SweptScalar | None, Field(alias="from")] = None
    """First value, such as 1500 or 5%."""
    highest: Annotated[SweptScalar | None, Field(alias="to")] = None
    """Last value, above the first."""
    levels: Annotated[int, Field(ge=2, le=100), NO_TRUTH] | None = None
    """In a grid: how many values, evenly spaced."""
    values: Annotated[tuple[SweptScalar, ...], Field(min_length=1, max_length=10_000)] | None = None
    """In a grid: the values themselves; a plain list says the same."""


class SweepFile(Written):
    """The scenario played again at many points, each with other values put in."""

    design: Literal["grid", "latin hypercube", "sobol"]
    """How points are chosen: every combination, a Latin hypercube, or Saltelli's scheme on Sobol points."""
    points: Annotated[int, Field(ge=1), NO_TRUTH] | None = None
    """Latin hypercube: how many; sobol: the base sample n, a power of 2, for n(names + 2) points; grid: not written."""
    replications: Annotated[int, Field(ge=1, le=MOST_REPLICATIONS), NO_TRUTH] = 5
    """Days played of each point, at most as many as the scenario's."""
    over: Annotated[
        dict[
            str, Annotated[SweptFile, BeforeValidator(_levelled, json_schema_input_type=SweptFile | list[SweptScalar])]
        ],
        Field(min_length=1),
    ]
    """Paths to numbers or other plain values of this file, lists counted from 1; a parameter's name alone will do."""


def _as_it_is(value: object) -> object:
    return value


OperationsAsWritten = Annotated[
    dict[str, Any] | None, BeforeValidator(_as_it_is, json_schema_input_type=OperationsFile | None)
]
"""Checked when it is laid over others: alone it may lack what those say."""


class VariantFile(Written):
    """One setting of the store: a layout with a planogram, or a base with what is different."""

    layout: FilePath | None = None
    planogram: FilePath | None = None
    base: Reference | None = None
    """Variant that this one starts from; it keeps what is not written here."""
    changes: Annotated[tuple[Change, ...], Field(max_length=MOST_CHANGES)] = ()
    promotions: Annotated[tuple[PromotionFile, ...], Field(max_length=MOST_CHANGES)] = ()
    coupons: Annotated[tuple[CouponFile, ...], Field(max_length=MOST_CHANGES)] = ()
    relay_cost: RelayCost | None = None
    """One-off cost of making it out of the baseline; if not written, its base's, or 0."""
    operations: OperationsAsWritten = None
    """How its store is run, laid over what its base and the scenario say."""


class ScenarioFile(Written):
    """A scenario file."""

    scenario: Annotated[str, Field(min_length=1, max_length=200)]
    """The question."""
    currency: Annotated[str, BeforeValidator(_currency)]
    """Code of 3 letters."""
    locale: Annotated[str, BeforeValidator(read_locale)] = "en-US"
    """Whose way of writing numbers the report follows."""
    hours: Hours
    """Opening hours."""
    calendar: Calendar
    visits_per_day: Annotated[Number, Field(gt=0, le=1_000_000)]
    opening_days: Annotated[int, Field(ge=1, le=7), NO_TRUTH] = 7
    """Days a week on which the store is open, for sums by week and year."""
    products: FilePath
    segments: FilePath
    conversion: FilePath | None = None
    """Result of the calibration."""
    affinity: FilePath | None = None
    """Which products are bought together beyond what the sizes of baskets explain."""
    paths: FilePath | None = None
    """Recorded trips through the baseline's layout, CSV or Parquet, for `route: observed` and for fitting."""
    actuals: FilePath | None = None
    """What a day of the real store was, to hold the baseline against."""
    replications: Replications = 30
    seed: Seed = 1
    same_within: Annotated[Percentage, Field(ge=0, lt=1)] = 0.01
    """Margin of the verdict 'same'."""
    baseline: Reference | None = None
    """Variant that the others are compared with; if not written, the first."""
    variants: Annotated[dict[Name, VariantFile], Field(min_length=1, max_length=100)]
    events: KeptEvents = "all"
    """Days whose event logs are kept: all, a sample (every 11th) or none; all else is the same."""
    parameters: Parameters = Parameters()
    """Numbers of the behaviour that differ from their defaults."""
    assumptions: Annotated[
        AssumptionsFile | None, BeforeValidator(_switched, json_schema_input_type=AssumptionsFile | bool)
    ] = None
    """Whether, or how, the answer is played again under other values of the assumed parameters."""
    operations: OperationsAsWritten = None
    """How the stores of all variants are run: tills, stock, staff, counters and more."""
    panel: Annotated[dict[str, Any] | None, BeforeValidator(_as_it_is, json_schema_input_type=PanelFile | None)] = None
    """Customers who come back over the days of the calendar; they replace `visits_per_day`."""
    precision: PrecisionFile | None = None
    """How narrow the intervals of a response must be; replications are added until they are."""
    sweep: SweepFile | None = None
    """Values between which the scenario is played again, point by point."""
