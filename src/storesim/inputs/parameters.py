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
    ] = 0.6
    order_theta: Annotated[
        Positive, assumed("1", 1.5, 4.0, "how strongly the nearest item on the list comes next; large is nearest-next")
    ] = 2.0
    wander_p: Annotated[
        Share,
        assumed(
            "probability",
            0.2,
            0.5,
            "a detour through the store before a leg, at the start of a trip; fitted on path and trip",
        ),
    ] = 0.4
    wander_fade_s: Annotated[
        Positive, assumed("s", 600, 2400, "detours die out as exp(-t / fade); Hui 2009 for the sign: exploring falls")
    ] = 1200.0
    wander_m: Annotated[
        Positive, assumed("m", 20, 60, "mean distance from where a customer sets out to where a detour leads")
    ] = 40.0
    guide_compliance: Annotated[
        Share,
        assumed("share", 0.5, 1.0, "customers on a guided route who follow the signs"),
    ] = 0.8
    sign_effect: Annotated[
        float, Field(ge=0, le=1), assumed("factor", 0.3, 1.0, "on the noise of walking habits where a sign can be read")
    ] = 0.5

    # Time at the shelf
    dwell_median_s: Annotated[Positive, published("s", "median dwell over 61 mapped zones")] = 24.0
    dwell_sigma: Annotated[
        float, Field(ge=0, le=2), assumed("log s", 0.5, 0.9, "spread of dwell within a category, lognormal")
    ] = 0.7

    # Seeing
    sight_range_m: Annotated[Positive, assumed("m", 3, 6, "how far off a shelf can catch the eye")] = 4.0
    notice_rate: Annotated[
        Positive,
        assumed("1/s", 0.003, 0.012, "attention per second in full view; fitted on 9 to 12 % of displays noticed"),
    ] = 0.0065
    display_multiplier: Annotated[
        Positive, assumed("factor", 1.0, 5.0, "attention to a display of mean lift over a plain shelf")
    ] = 2.0
    level_penalty: Annotated[
        float, Field(ge=0, le=2), assumed("log", 0.0, 0.5, "attention lost on the worst shelf level, ln 1.39")
    ] = 0.33
    space_exponent: Annotated[
        float, Field(ge=0, le=1), assumed("1", 0.5, 1.0, "power of metres on notice; about 0.17 on sales (Eisend 2014)")
    ] = 0.75
    explore_fade_s: Annotated[
        Positive,
        assumed("s", 1800, 36000, "after t seconds in the store a view counts exp(-t / fade); sign of Hui 2009"),
    ] = 7200.0

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
        assumed(
            "share of planned value", 0.3, 1.0, "mean mental slack; 0.15 in Stilley 2010 would cap unplanned at 15 %"
        ),
    ] = 0.6
    slack_sigma: Annotated[
        float, Field(ge=0, le=2), assumed("log", 0.3, 0.8, "spread of the mental slack, lognormal")
    ] = 0.5
    wallet_grip: Annotated[
        float,
        Field(ge=0, le=5),
        assumed("1", 1.0, 3.0, "power of the slack left on the probability of buying: what is bought early is missed"),
    ] = 2.0
    urge: Annotated[
        float,
        Field(ge=0, le=1),
        assumed("log odds / 600 s", 0.0, 0.3, "buying rises with time in the store (sign of Hui 2009), for 30 minutes"),
    ] = 0.1
    adjacency: Annotated[
        float, Field(ge=0, le=3), assumed("1", 0.0, 2.0, "part of a log affinity that acts on the odds of buying")
    ] = 1.0
    adjacency_m: Annotated[Positive, assumed("m", 2, 6, "from how near a product tempts those who have its mate")] = 4.0
    switching: Annotated[
        float,
        Field(ge=0, le=10),
        assumed("log odds / log price", 1.0, 2.5, "choice among substitutes, on top of the elasticity"),
    ] = 1.7
    p_replaces: Annotated[
        Share, assumed("probability", 0.2, 0.8, "a substitute bought on impulse spares the one on the list")
    ] = 0.5
    crowd_free_per_m2: Annotated[
        float, Field(ge=0, le=5), assumed("1/m²", 0.3, 1.0, "density up to which others leave buying alone")
    ] = 0.5
    crowd_aversion: Annotated[
        float,
        Field(ge=0, le=10),
        assumed("log odds m²", 0.3, 2.0, "lost per person and m² beyond that; sign of Hui 2009"),
    ] = 1.0

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
