"""Customers who come back, as written under `panel:` of a scenario."""

from typing import Annotated

from pydantic import Field

from storesim.inputs.base import Name
from storesim.inputs.operations_written import Factor, Seconds, Share, Written
from storesim.inputs.values import Number

MOST_PEOPLE = 1_000_000


class TierFile(Written):
    """Members of one standing."""

    visits_per_week: Annotated[Number, Field(gt=0, le=7)]
    """Of a content member."""
    lapse: Share
    """Probability that a content member does not come back after a visit."""


class SatisfactionFile(Written):
    """Weights of what may go wrong in a visit; at most 1 together."""

    wait: Share = 0.25
    unmet: Share = 0.25
    crowding: Share = 0.25
    price: Share = 0.25
    wait_bad_s: Annotated[Seconds, Field(gt=0)] = 600.0
    """Waiting that is as bad as it can be."""
    crowd_bad_per_m2: Factor = 0.5
    price_good: Annotated[Share, Field(gt=0)] = 0.1
    """How far below the regular price nothing is wrong with prices any more."""


class ReturningFile(Written):
    """What satisfaction does; neutral if not written."""

    memory: Annotated[Share, Field(gt=0)] = 0.5
    """Weight of the last visit."""
    target: Annotated[Share, Field(gt=0)] = 0.75
    """Satisfaction from which nothing more is gained."""
    visits: Share = 0.0
    """Share of visits that a member whose satisfaction is 0 does not make."""
    lapse: Annotated[Number, Field(ge=1, le=1000)] = 1.0
    """How many times as likely such a member is to lapse."""
    referral: Share = 0.0
    """Probability that a visit at or above the target brings in a new member."""


class PanelFile(Written):
    """Members who are played over all days of the calendar."""

    members: Annotated[int, Field(ge=1, le=MOST_PEOPLE, strict=True)]
    prospects: Annotated[int, Field(ge=0, le=MOST_PEOPLE, strict=True)] = 0
    """People who may be referred."""
    tiers: Annotated[dict[Name, TierFile], Field(min_length=1, max_length=100)]
    """By tier of the segments file; each is needed."""
    satisfaction: SatisfactionFile = SatisfactionFile()
    returning: ReturningFile = ReturningFile()
