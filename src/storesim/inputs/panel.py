"""Customers who come back: a panel of members played day after day."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Tier:
    """Members of one standing; which segments are of it stands in the segments file."""

    visits_per_week: float
    """Of a member who is content."""
    lapse: float
    """Probability that a content member does not come back after a visit."""


@dataclass(frozen=True)
class Satisfaction:
    """How a visit is judged, 0..1: 1 less the weighted sum of what went wrong, each part 0..1."""

    wait: float
    """Weight of waiting at tills and counters; `wait_bad_s` counts as 1."""
    unmet: float
    """Weight of the share of the list that was not had."""
    crowding: float
    """Weight of persons per m² met on entering, over `crowd_bad_per_m2`."""
    price: float
    """Weight of prices: paid over regular price, less 1 - `price_good`, so that cheaper than regular is better."""
    wait_bad_s: float = 600.0
    crowd_bad_per_m2: float = 0.5
    price_good: float = 0.1


@dataclass(frozen=True)
class Returning:
    """What satisfaction does (assumed; low and high of each in the documentation)."""

    memory: float
    """Weight of the last visit in a member's standing satisfaction, 0..1."""
    target: float
    """Satisfaction from which nothing more is gained."""
    visits: float
    """Share of visits that are not made by a member whose satisfaction is 0; in between in proportion."""
    lapse: float
    """Factor on the probability of lapsing, above 1, of a member whose satisfaction is 0; in between in proportion."""
    referral: float
    """Probability that a visit at or above the target brings in a new member."""


@dataclass(frozen=True)
class Panel:
    """Members played over all days of the calendar; visits follow from them, not from `visits_per_day`."""

    members: int
    prospects: int
    """People who are not yet members and may be referred."""
    tiers: Mapping[str, Tier]
    satisfaction: Satisfaction
    returning: Returning
