"""A panel's calendar: day after day the same people, who come back or not by how their visits went.

Who may come on a day, and everything these customers bring, is drawn once for all variants; which of them do come
follows in each variant from its own days before. So two variants that treat their customers alike stay alike for ever.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from storesim.behaviour.returning import lapse_p, not_back_p, remembered, satisfied, visit_p
from storesim.customers.members import Chances, draw_chances, draw_members, weekday_factors
from storesim.inputs.case import Case, Scenario
from storesim.inputs.panel import Panel
from storesim.results.day import Day
from storesim.results.loyalty import ChurnTable, TierDay, TierTable, churn_table, tier_day, tier_table, tiers_of
from storesim.results.visits import Visits, read_visits

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
FOUR_WEEKS = 28


@dataclass(frozen=True, eq=False)
class DayToCome:
    """One day of the calendar before its doors open."""

    number: int
    """Of all days that the experiment plays."""
    people: Ints
    """Who might come, in ascending order: a person's number; shape (n,)."""
    chances: Chances
    content: Floats
    """Shape (people of the panel,): probability that each comes today, if content."""


class Calendar:
    """The people of one replication, and its days."""

    def __init__(self, scenario: Scenario, panel: Panel, replication: int):
        self.scenario, self.panel, self.replication = scenario, panel, replication
        self.members = draw_members(scenario, panel, replication)

    def days(self) -> Iterator[DayToCome]:
        """Yield the days in order."""
        for day in range(self.scenario.days):
            number = self.replication * self.scenario.days + day
            weekday = (self.scenario.first_day + timedelta(days=day)).weekday()
            chances = draw_chances(self.scenario, len(self.members), number)
            factor = weekday_factors(self.scenario, weekday)[self.members.segment]
            content = np.minimum(self.members.visits * factor, 1.0)
            yield DayToCome(number, np.flatnonzero(chances.u_visit < content), chances, content)


class Loyalties:
    """What the people of a calendar think of one variant's store by now."""

    def __init__(self, calendar: Calendar, case: Case):
        self._calendar, self._members, self._panel = calendar, calendar.members, calendar.panel
        self._is_member = self._members.is_member.copy()
        self._standing = np.full(len(self._members), self._panel.returning.target)
        self._waiting = np.flatnonzero(~self._is_member)
        self._referred: list[int] = []
        self._tiers = tiers_of(calendar.scenario)
        self._tier = np.array([self._tiers.index(s.tier) for s in calendar.scenario.segments])[self._members.segment]
        self._points = np.array([case.operations.loyalty.points.get(tier, 0.0) for tier in self._tiers])
        self._days: list[TierDay] = []

    def come(self, day: DayToCome) -> Ints:
        """Return who of the people that might come does, as rows of `day.people`."""
        who = day.people
        p = visit_p(day.content[who], self._standing[who], self._panel.returning)
        return np.flatnonzero(self._is_member[who] & (day.chances.u_visit[who] < p))

    def after(self, day: DayToCome, came: Ints, played: Day, room_m2: float) -> None:
        """Remember how the visits went: who lapses, and who brings in another."""
        who, visits = day.people[came], read_visits(played, room_m2)
        happy = self._satisfaction(visits)
        self._days.append(tier_day(visits, happy, self._tier[who], self._points))
        self._standing[who] = remembered(self._standing[who], happy, self._panel.returning)
        lapse = lapse_p(self._members.lapse[who], self._standing[who], self._panel.returning)
        self._is_member[who[day.chances.u_lapse[who] < lapse]] = False
        returning = self._panel.returning
        praise = (happy >= returning.target) & (day.chances.u_refer[who] < returning.referral)
        new, self._waiting = np.split(self._waiting, [np.count_nonzero(praise)])
        self._is_member[new] = True
        self._referred += new.tolist()

    def tier_table(self) -> TierTable:
        """Return what became of the members, tier by tier."""
        first = self._members.is_member
        new = np.array(self._referred, dtype=np.int64)
        stayed = first & self._is_member
        tier = self._tier
        return tier_table(self._days, tier[first], tier[stayed], tier[new], len(self._tiers))

    def churn_table(self) -> ChurnTable:
        """Return who is likely not to come back, by segment."""
        left = np.flatnonzero(self._is_member)
        returning, standing = self._panel.returning, self._standing[left]
        lapse = lapse_p(self._members.lapse[left], standing, returning)
        visits = FOUR_WEEKS * visit_p(self._members.visits[left], standing, returning)
        content = self._members.lapse[left]
        risk = np.divide(lapse, content, out=np.ones(len(left)), where=content > 0)
        segments = len(self._calendar.scenario.segments)
        return churn_table(self._members.segment[left], standing, not_back_p(visits, lapse), risk, segments)

    def _satisfaction(self, visits: Visits) -> Floats:
        return satisfied(visits.wait_s, visits.unmet, visits.per_m2, visits.paid, self._panel.satisfaction)
