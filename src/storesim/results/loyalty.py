"""What became of a panel's members: tier by tier over the calendar, and who may not come back, by segment."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.inputs.case import Scenario
from storesim.results.sums import group_counts, group_sums, share
from storesim.results.table import Table
from storesim.results.visits import Visits

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ALL_TIERS = "(all)"


def tiers_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the tiers of a scenario, in the order of its segments."""
    return tuple(dict.fromkeys(segment.tier for segment in scenario.segments))


@dataclass(frozen=True, eq=False)
class TierTable(Table):
    """Rows: tiers in the order of the segments, and last all together. Money and visits are those of a mean day."""

    visits: Floats
    spend: Floats
    """Sales per visit; 0 without visits."""
    sales: Floats
    margin: Floats
    """Without points and the set-up costs of promotions."""
    discount: Floats
    """Paid less than at regular prices."""
    points: Floats
    """Value of the points given."""
    net_margin: Floats
    """Margin less points: against the baseline it says what an offer to the tier is worth, net of its cost."""
    satisfaction: Floats
    """Mean over visits; 0 without any."""
    retention: Floats
    """Members of the first day who have not lapsed by the last, as a share; 0 where there were none."""
    referred: Floats
    """Members who came in by referral over the calendar."""


@dataclass(frozen=True, eq=False)
class ChurnTable(Table):
    """Rows: segments. Who is likely not to come back, as the last day leaves them; nobody is named."""

    members: Floats
    satisfaction: Floats
    """Mean standing satisfaction of the members; 0 where there are none."""
    not_back: Floats
    """Mean probability of lapsing within four weeks, were satisfaction to stay as it is."""
    at_risk: Floats
    """Members to whom a visit as the last ones were is `AT_RISK` times as likely to be the last as to a content one."""


AT_RISK = 2.0
"""Times the probability of lapsing of a content member from which a member counts as at risk (set by us)."""


@dataclass(frozen=True, eq=False)
class TierDay:
    """One day's sums by tier, shapes (tiers,)."""

    visits: Floats
    sales: Floats
    margin: Floats
    discount: Floats
    points: Floats
    satisfaction: Floats
    """Sum over visits."""


def tier_day(visits: Visits, satisfaction: Floats, tier: Ints, points: Floats) -> TierDay:
    """Return a day's sums.

    Args:
        visits: of the customers who came; `satisfaction` and `tier` are theirs, shapes (customers,).
        satisfaction: 0..1.
        tier: number of the tier.
        points: shape (tiers,): value of points as a share of what is paid.
    """
    count = len(points)
    sales = group_sums(tier, visits.sales, count)
    return TierDay(
        visits=group_counts(tier, count),
        sales=sales,
        margin=group_sums(tier, visits.margin, count),
        discount=group_sums(tier, visits.discount, count),
        points=sales * points,
        satisfaction=group_sums(tier, satisfaction, count),
    )


def tier_table(days: list[TierDay], first: Ints, stayed: Ints, referred: Ints, tiers: int) -> TierTable:
    """Return the table of a calendar; `first`, `stayed` and `referred` hold a tier for each such person."""

    def daily(column: str) -> Floats:
        return _and_all(np.sum([getattr(day, column) for day in days], axis=0) / len(days))

    visits, sales, margin, points = (daily(column) for column in ("visits", "sales", "margin", "points"))
    counts = [_and_all(group_counts(people, tiers)) for people in (first, stayed, referred)]
    return TierTable(
        visits=visits,
        spend=share(sales, visits),
        sales=sales,
        margin=margin,
        discount=daily("discount"),
        points=points,
        net_margin=margin - points,
        satisfaction=share(daily("satisfaction"), visits),
        retention=share(counts[1], counts[0]),
        referred=counts[2],
    )


def churn_table(segment: Ints, standing: Floats, not_back: Floats, risk: Floats, segments: int) -> ChurnTable:
    """Return the table of the members left, all of shape (members,); `risk`: lapsing over that of a content member."""
    members = group_counts(segment, segments)
    return ChurnTable(
        members=members,
        satisfaction=share(group_sums(segment, standing, segments), members),
        not_back=share(group_sums(segment, not_back, segments), members),
        at_risk=group_counts(segment[risk >= AT_RISK], segments),
    )


def _and_all(by_tier: Floats) -> Floats:
    return np.append(by_tier, by_tier.sum())
