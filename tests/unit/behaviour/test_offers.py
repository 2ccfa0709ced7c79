"""Who pays what, where and when: the promotions in force on one day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storesim.behaviour.buying import incidence_factor
from storesim.behaviour.offers import REGULAR, Offers, ceilings, offers_on
from storesim.inputs.case import Case, Placement, Product, Promotion, Scenario, Segment
from storesim.inputs.parameters import Parameters
from storesim.store.floor import Floor
from storesim.store.shelves import fill

TEA, JAM = 0, 1
"""The homes of the two products; displays are presences from 2 on."""
MEMBERS, GUESTS = 0, 1
NOON_S = 4 * 3600.0
"""Doors open at 08:00."""
DISPLAY = (("F", "front", 3),)


@pytest.fixture
def offers(
    open_floor: Callable[..., Floor],
    make_product: Callable[..., Product],
    make_segment: Callable[..., Segment],
    make_scenario: Callable[..., Scenario],
) -> Callable[..., Offers]:
    """The offers of these promotions, for members (segment 0) and guests, with plain displays of tea if asked for."""

    def on_the_day(*promotions: Promotion, tea_on_display: bool = False, day: int = 0, **changes: object) -> Offers:
        segments = (make_segment("regulars", share=0.5, tier="member"), make_segment("strangers", share=0.5))
        scenario = make_scenario(make_product("tea"), make_product("jam"), segments=segments, **changes)
        floor = open_floor([(10.0 * i, 5.0) for i in range(4)])
        home = (Placement("tea", "F", "front", 1, (1, 5), 6.25), Placement("jam", "F", "front", 2, (1, 5), 6.25))
        display = (Placement("tea", "F", "front", 4, (1, 5), 6.25, display=True),) if tea_on_display else ()
        case = Case("variant", floor.plan, home + display, promotions)
        return offers_on(case, scenario, fill(case, scenario.products, floor), day)

    return on_the_day


def test_without_promotions_everything_costs_its_regular_price(offers: Callable[..., Offers]) -> None:
    today = offers()
    assert [today.offer(presence, NOON_S, MEMBERS) for presence in (TEA, JAM)] == [REGULAR, REGULAR]
    assert today.stands(TEA, NOON_S)


def test_a_cut_at_home_holds_for_that_product_alone(
    offers: Callable[..., Offers], make_promotion: Callable[..., Promotion]
) -> None:
    today = offers(make_promotion("tea", price_cut=0.25))
    assert today.offer(TEA, NOON_S, GUESTS) == (0.75, 0)
    assert today.offer(JAM, NOON_S, GUESTS) == REGULAR


def test_a_promotion_at_a_display_leaves_the_home_at_its_price(
    offers: Callable[..., Offers], make_promotion: Callable[..., Promotion]
) -> None:
    today = offers(make_promotion("tea", price_cut=0.25, at=DISPLAY))
    assert today.offer(TEA, NOON_S, GUESTS) == REGULAR
    assert today.offer(2, NOON_S, GUESTS) == (0.75, 0)


def test_a_cut_at_home_does_not_reach_a_plain_display(
    offers: Callable[..., Offers], make_promotion: Callable[..., Promotion]
) -> None:
    today = offers(make_promotion("tea"), tea_on_display=True)
    assert today.offer(TEA, NOON_S, GUESTS) == (0.8, 0)
    assert today.offer(2, NOON_S, GUESTS) == REGULAR
    assert today.stands(2, NOON_S)


def test_a_display_without_a_cut_is_an_offer_at_the_regular_price(
    offers: Callable[..., Offers], make_promotion: Callable[..., Promotion]
) -> None:
    today = offers(make_promotion("tea", price_cut=0.0, at=DISPLAY))
    assert today.stands(2, NOON_S)
    assert today.offer(2, NOON_S, GUESTS) == (1.0, 0)


def test_hours_hold_from_the_first_second_to_before_the_last(
    offers: Callable[..., Offers], make_promotion: Callable[..., Promotion]
) -> None:
    """16:00 to 20:00 is 8 to 12 hours after opening."""
    today = offers(make_promotion("tea", at=DISPLAY, from_s=16 * 3600.0, until_s=20 * 3600.0))
    eight, twelve = 8 * 3600.0, 12 * 3600.0
    moments = (eight - 0.001, eight, twelve - 0.001, twelve)
    assert [today.stands(2, now) for now in moments] == [False, True, True, False]
    assert [today.offer(2, now, GUESTS)[0] for now in moments] == [1.0, 0.8, 0.8, 1.0]


def test_the_home_stands_outside_the_hours_of_its_promotion(
    offers: Callable[..., Offers], make_promotion: Callable[..., Promotion]
) -> None:
    today = offers(make_promotion("tea", from_s=16 * 3600.0, until_s=20 * 3600.0))
    assert today.stands(TEA, NOON_S)
    assert today.offer(TEA, NOON_S, GUESTS) == REGULAR


@pytest.mark.parametrize(("day", "runs"), [(0, False), (1, True), (2, True), (3, False), (4, False), (5, True)])
def test_dates_are_days_of_the_calendar_first_and_last_included(
    offers: Callable[..., Offers], make_promotion: Callable[..., Promotion], day: int, runs: bool
) -> None:
    """A calendar of four days from 2 March; replication 5 plays the 3rd again."""
    limited = make_promotion("tea", at=DISPLAY, first_day=date(2026, 3, 3), last_day=date(2026, 3, 4))
    today = offers(limited, day=day, days=4)
    assert today.stands(2, NOON_S) is runs
    assert (today.offer(2, NOON_S, GUESTS) != REGULAR) is runs


@pytest.mark.parametrize(
    ("terms", "who"),
    [
        ({}, {MEMBERS, GUESTS}),
        ({"tiers": frozenset({"member"})}, {MEMBERS}),
        ({"segments": frozenset({"strangers"})}, {GUESTS}),
        ({"tiers": frozenset({"member", "guest"}), "segments": frozenset({"regulars"})}, {MEMBERS}),
        ({"tiers": frozenset({"member"}), "segments": frozenset({"strangers"})}, set()),
    ],
)
def test_only_those_it_is_for_get_the_price_but_everybody_meets_the_display(
    offers: Callable[..., Offers], make_promotion: Callable[..., Promotion], terms: dict[str, object], who: set[int]
) -> None:
    today = offers(make_promotion("tea", at=DISPLAY, **terms))
    assert {s for s in (MEMBERS, GUESTS) if today.offer(2, NOON_S, s) != REGULAR} == who
    assert today.stands(2, NOON_S)


def test_of_two_cuts_the_better_one_counts_and_the_first_written_wins_a_tie(
    offers: Callable[..., Offers], make_promotion: Callable[..., Promotion]
) -> None:
    small, large = make_promotion("tea", price_cut=0.1), make_promotion("tea", price_cut=0.3)
    assert offers(small, large).offer(TEA, NOON_S, GUESTS) == (0.7, 1)
    assert offers(large, small, large).offer(TEA, NOON_S, GUESTS) == (0.7, 0)


def test_numbers_of_promotions_are_those_of_the_case(
    offers: Callable[..., Offers], make_promotion: Callable[..., Promotion]
) -> None:
    """Also when an earlier one does not run today."""
    over = make_promotion("tea", last_day=date(2026, 2, 1))
    assert offers(over, make_promotion("jam"), make_promotion("tea")).offer(TEA, NOON_S, GUESTS) == (0.8, 2)


# What the draw of candidates must allow for


def test_without_promotions_no_price_raises_the_odds(
    make_product: Callable[..., Product], make_scenario: Callable[..., Scenario]
) -> None:
    calm = Parameters(urge=0.0)
    assert ceilings(make_scenario(make_product("tea"), make_product("jam"), parameters=calm)).tolist() == [1.0, 1.0]


def test_a_long_stay_and_a_mate_raise_the_ceiling(
    make_product: Callable[..., Product], make_scenario: Callable[..., Scenario]
) -> None:
    """Half an hour at 0.1 a tenth of it, and 1.5 times more often together than by chance; never below a plain 1."""
    affinity = {"tea": {"jam": 1.5, "oil": 0.5}, "jam": {"tea": 1.5}, "oil": {"tea": 0.5}}
    names = (make_product(name) for name in ("tea", "jam", "oil"))
    found = ceilings(make_scenario(*names, affinity=affinity, parameters=Parameters(urge=0.1, adjacency=2.0)))
    assert found == pytest.approx(np.exp(0.3) * np.array([1.5**2, 1.5**2, 1.0]))


@given(
    cut=st.floats(0.01, 0.9),
    elasticity=st.floats(-4, -0.1),
    response=st.floats(0.2, 2),
    odds=st.floats(1e-4, 1e3),
)
def test_ceilings_bound_what_any_price_does_to_any_odds(
    make_product: Callable[..., Product],
    make_segment: Callable[..., Segment],
    make_scenario: Callable[..., Scenario],
    make_promotion: Callable[..., Promotion],
    open_floor: Callable[..., Floor],
    cut: float,
    elasticity: float,
    response: float,
    odds: float,
) -> None:
    segments = (make_segment("calm", share=0.5), make_segment("keen", share=0.5, price_response=response))
    products = (make_product("tea", price_elasticity=elasticity), make_product("jam"))
    plan = open_floor([(1.0, 1.0)]).plan
    cases = tuple(Case(str(c), plan, (), (make_promotion("tea", price_cut=c),)) for c in (cut / 2, cut))
    scenario = make_scenario(*products, segments=segments, cases=cases, parameters=Parameters(urge=0.0))
    ceiling = ceilings(scenario)
    share = scenario.parameters.incidence_share
    steepest = max(
        incidence_factor(1 - c, elasticity * s.price_response * share, odds) for c in (cut / 2, cut) for s in segments
    )
    assert steepest <= ceiling[0] * (1 + 1e-12)
    assert ceiling[1] == 1.0
    assert np.array_equal(ceiling, ceilings(replace(scenario, cases=cases[::-1])))
