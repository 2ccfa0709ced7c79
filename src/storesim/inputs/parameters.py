"""Every free number of the behaviour, in one table: default, unit, where it comes from, how far it may be off."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from storesim.inputs.base import Input, Positive, Share

Status = Literal["observed", "published", "assumed"]


@dataclass(frozen=True)
class Provenance:
    """Where a default comes from; `low` and `high` say how far an assumed one may be off."""

    unit: str
    status: Status
    source: str
    low: float | None = None
    high: float | None = None


def assumed(unit: str, low: float, high: float, source: str) -> Provenance:
    """Return the provenance of a number that nobody measured for this purpose."""
    return Provenance(unit, "assumed", source, low, high)


def published(unit: str, source: str) -> Provenance:
    """Return the provenance of a number read in a publication."""
    return Provenance(unit, "published", source)


def observed(unit: str, source: str) -> Provenance:
    """Return the provenance of a number measured on data we have."""
    return Provenance(unit, "observed", source)


class Parameters(Input):
    """Free numbers of the behaviour; a scenario's `parameters:` overrides any of them."""

    # Walking
    speed_sd_m_s: Annotated[Positive, assumed("m/s", 0.1, 0.3, "spread of free speed, cut to 0.5 to 1.5")] = 0.2
    body_radius_m: Annotated[float, Field(ge=0.1, le=0.6), assumed("m", 0.2, 0.3, "half a shoulder width")] = 0.25
    habit_sigma: Annotated[
        float, Field(ge=0, le=2), assumed("log cost", 0.2, 0.6, "noise of walking habits of those new to the store")
    ] = 0.4
    habit_sigma_known: Annotated[
        float, Field(ge=0, le=2), assumed("log cost", 0.1, 0.3, "noise of walking habits of those who know the store")
    ] = 0.2
    habit_length_m: Annotated[Positive, assumed("m", 2, 8, "correlation length of walking habits")] = 4.0
    perimeter_pull: Annotated[
        float,
        Field(ge=0.2, le=1),
        assumed("factor", 0.5, 1.0, "walking cost along outer walls, the home base of Larson 2005"),
    ] = 0.7
    order_theta: Annotated[
        Positive, assumed("1", 1.5, 6.0, "how strongly the nearest item on the list comes next; large is nearest-next")
    ] = 3.0

    # Time at the shelf
    dwell_median_s: Annotated[Positive, published("s", "median dwell over 61 mapped zones")] = 24.0
    dwell_sigma: Annotated[
        float, Field(ge=0, le=2), assumed("log s", 0.5, 0.9, "spread of dwell within a category, lognormal")
    ] = 0.7

    # Seeing
    sight_range_m: Annotated[Positive, assumed("m", 3, 6, "how far off a shelf can catch the eye")] = 4.0
    notice_rate: Annotated[
        Positive, assumed("1/s", 0.025, 0.1, "attention per second in full view; 9 to 12 % of displays are noticed")
    ] = 0.05
    display_multiplier: Annotated[
        Positive, assumed("factor", 1.0, 3.0, "attention to a display of mean lift over a plain shelf")
    ] = 1.5
    level_penalty: Annotated[
        float, Field(ge=0, le=2), assumed("log", 0.0, 0.5, "attention lost on the worst shelf level, ln 1.39")
    ] = 0.33
    space_exponent: Annotated[
        float, Field(ge=0, le=1), assumed("1", 0.2, 0.6, "power of metres on notice; about 0.17 on sales (Eisend 2014)")
    ] = 0.4

    # Buying
    p_found: Annotated[
        Share, assumed("probability", 0.9, 1.0, "a planned product that is on the shelf is found and bought")
    ] = 0.95
    unplanned_share: Annotated[
        float, Field(ge=0.05, le=0.8), published("share", "20 % (Bell, Corsten & Knox 2011) to 60 % (POPAI 1995)")
    ] = 0.4
    conversion: Annotated[
        float,
        Field(ge=-12, le=12),
        assumed("log odds", -3.0, 0.0, "buying once noticed, where no calibration covers a product"),
    ] = -1.5
    incidence_share: Annotated[
        Share, assumed("share", 0.2, 0.6, "part of a price elasticity on whether to buy; the rest on how many")
    ] = 0.4
    slack_mean: Annotated[
        Positive,
        assumed("share of planned value", 1.0, 3.0, "mean mental slack that lets the unplanned share be bought"),
    ] = 1.5
    slack_sigma: Annotated[
        float, Field(ge=0, le=2), assumed("log", 0.3, 0.8, "spread of the mental slack, lognormal")
    ] = 0.5

    # Paying
    cashier_base_s: Annotated[Positive, published("s", "11.8 + 2.94 n s, fitted to 17 Polish point-of-sale rows")] = (
        11.8
    )
    cashier_per_unit_s: Annotated[Positive, published("s", "see cashier_base_s")] = 2.94
    self_base_s: Annotated[Positive, assumed("s", 25, 60, "self-service: paying and packing")] = 40.0
    self_per_unit_s: Annotated[Positive, assumed("s", 4.35, 11.6, "self-service: 2.9 s times 1.5 to 4")] = 7.25
    service_cv: Annotated[
        float, Field(ge=0, le=2), assumed("1", 0.2, 0.5, "coefficient of variation of service time, lognormal")
    ] = 0.35
    patience_scale_s: Annotated[
        Positive, published("s", "P(leave by W) = 1 - exp(-(W/12.3 min)²): 10 % at 4 minutes, 13,000 surveyed")
    ] = 738.0


def provenance(name: str) -> Provenance:
    """Return where a parameter's default comes from.

    Raises:
        KeyError: there is no such parameter.
    """
    return next(mark for mark in Parameters.model_fields[name].metadata if isinstance(mark, Provenance))
