"""The members of a panel: who they are, and on which days they might come; drawn before the first day."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.customers import laws
from storesim.customers.population import Floats, Ints
from storesim.customers.streams import Purpose, Streams
from storesim.inputs.case import Scenario, Segment
from storesim.inputs.panel import Panel, Tier

DAYS_A_WEEK = 7


@dataclass(frozen=True, eq=False)
class Members:
    """People of a panel by number: the members of the first day, then those who may be referred; shapes (people,)."""

    segment: Ints
    """Index into `Scenario.segments`."""
    is_member: NDArray[np.bool_]
    """On the first day."""
    lapse: Floats
    """Probability that the person, if content, does not come back after a visit."""
    visits: Floats
    """Visits a day of the person, if content, on a mean day."""

    def __len__(self) -> int:
        return len(self.segment)


@dataclass(frozen=True, eq=False)
class Chances:
    """One uniform a person and decision of one day; shapes (people,)."""

    u_visit: Floats
    u_lapse: Floats
    u_refer: Floats


def draw_members(scenario: Scenario, panel: Panel, replication: int) -> Members:
    """Return the people of a replication.

    Segments are as frequent among visits as their shares say, so among members they are less so the more often they
    come.
    """
    tiers = [tier_of(panel, segment) for segment in scenario.segments]
    rare = np.array([s.share for s in scenario.segments]) / np.array([tier.visits_per_week for tier in tiers])
    people = panel.members + panel.prospects
    u = Streams(scenario.seed, replication).uniforms(Purpose.MEMBER, people)
    segment = laws.pick(u, rare / rare.sum())
    return Members(
        segment=segment,
        is_member=np.arange(people) < panel.members,
        lapse=np.array([tier.lapse for tier in tiers])[segment],
        visits=np.array([tier.visits_per_week for tier in tiers])[segment] / DAYS_A_WEEK,
    )


def draw_chances(scenario: Scenario, people: int, played: int) -> Chances:
    """Return the uniforms of one day; `played` numbers the days of all replications."""
    streams = Streams(scenario.seed, played)
    return Chances(*(streams.uniforms(p, people) for p in (Purpose.VISIT, Purpose.LAPSE, Purpose.REFER)))


def weekday_factors(scenario: Scenario, weekday: int) -> Floats:
    """Return visits of each segment on a weekday over those of a mean day, by its missions; shape (segments,)."""
    return np.array(
        [sum(s.missions.get(m.name, 0.0) * m.weekdays[weekday] for m in scenario.missions) for s in scenario.segments]
    )


def tier_of(panel: Panel, segment: Segment) -> Tier:
    """Return the tier of a segment's members; names are folded when a scenario is read."""
    return panel.tiers[segment.tier]
