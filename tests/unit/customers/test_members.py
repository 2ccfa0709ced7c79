"""Who the members of a panel are."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from storesim.customers.members import draw_chances, draw_members, weekday_factors
from storesim.inputs.case import Mission, Scenario, Segment
from storesim.inputs.panel import Panel, Returning, Satisfaction, Tier

MEMBERS, PROSPECTS = 20_000, 500


@pytest.fixture
def scenario(make_scenario: Callable[..., Scenario], make_segment: Callable[..., Segment]) -> Scenario:
    """Half of the visits are of members who come twice as often."""
    return make_scenario(segments=(make_segment("often", share=0.5), make_segment("rare", share=0.5, tier="new")))


@pytest.fixture
def panel() -> Panel:
    tiers = {"guest": Tier(2.0, 0.01), "new": Tier(1.0, 0.05)}
    return Panel(MEMBERS, PROSPECTS, tiers, Satisfaction(0.5, 0, 0, 0), Returning(0.5, 0.8, 0.5, 2.0, 0.0))


def test_who_comes_often_is_rarer_among_members_than_among_visits(scenario: Scenario, panel: Panel) -> None:
    segment = draw_members(scenario, panel, 0).segment
    assert np.mean(segment == 0) == pytest.approx(1 / 3, abs=0.01)


def test_prospects_come_after_the_members(scenario: Scenario, panel: Panel) -> None:
    members = draw_members(scenario, panel, 0)
    assert len(members) == MEMBERS + PROSPECTS
    assert np.flatnonzero(members.is_member).tolist() == list(range(MEMBERS))


def test_each_has_the_numbers_of_the_tier(scenario: Scenario, panel: Panel) -> None:
    members = draw_members(scenario, panel, 0)
    assert set(zip(members.segment.tolist(), members.lapse, members.visits * 7, strict=True)) == {
        (0, 0.01, 2.0),
        (1, 0.05, 1.0),
    }


def test_more_members_leave_the_first_ones_alone(scenario: Scenario, panel: Panel) -> None:
    more = draw_members(scenario, replace(panel, members=2 * MEMBERS), 3)
    assert np.array_equal(more.segment[: MEMBERS + PROSPECTS], draw_members(scenario, panel, 3).segment)


def test_days_and_replications_have_draws_of_their_own(scenario: Scenario) -> None:
    one, again, other = (draw_chances(scenario, 50, played) for played in (4, 4, 5))
    assert np.array_equal(one.u_visit, again.u_visit)
    assert not np.array_equal(one.u_visit, other.u_visit)
    assert not np.array_equal(one.u_visit, one.u_lapse)


def test_a_weekday_counts_by_the_missions_of_a_segment(
    make_scenario: Callable[..., Scenario], make_mission: Callable[..., Mission], make_segment: Callable[..., Segment]
) -> None:
    missions = (make_mission(weekdays=(2.0, *[1.0] * 6)), make_mission(name="weekly", weekdays=(0.5, *[1.0] * 6)))
    segments = (make_segment("a"), make_segment("b", missions={"errand": 0.4, "weekly": 0.6}))
    assert weekday_factors(make_scenario(missions=missions, segments=segments), 0) == pytest.approx([2.0, 1.1])
