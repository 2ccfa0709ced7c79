"""Displays on end caps, and steps of the funnel that never grow."""

from collections import Counter

import numpy as np
import pytest

from storesim.results.day import Day
from storesim.validate.facts import funnel


def test_each_end_cap_shows_one_product_of_its_own_gondola() -> None:
    case = funnel.with_displays().cases[0]
    caps = [fixture.id for fixture in case.plan.fixtures if fixture.kind == funnel.DISPLAY]
    shown = Counter(place.fixture for place in case.placements if place.fixture in caps)
    assert caps
    assert set(shown) == set(caps)
    for place in case.placements:
        if place.fixture in caps:
            gondola = place.fixture.rpartition("-")[0]
            assert place.display
            assert place.product in {p.product for p in case.placements if p.fixture == gondola}


def test_steps_never_grow(small_day: Day) -> None:
    visits, present, engaged, bought = funnel.observe_snacks((small_day,))
    assert visits >= present >= engaged >= bought > 0


def test_whoever_has_it_on_the_list_and_finds_it_is_engaged(small_day: Day) -> None:
    """Without seconds in view, those who stopped are the least who are present."""
    engaged = funnel.observe_snacks((small_day,))[2]
    needs, snacks = small_day.population.needs, 4
    assert small_day.scenario.products[snacks].id == funnel.SNACKS
    assert engaged >= 0.9 * np.count_nonzero(needs.product == snacks)


def test_shares_are_of_the_step_before() -> None:
    mean = np.array([1000.0, 263.0, 124.0, 69.0])
    values = [check.value(mean) for check in funnel.SNACK_FUNNEL.checks]
    assert values == pytest.approx([26.3, 47, 56], abs=0.5)
    assert all(check.low < value < check.high for check, value in zip(funnel.SNACK_FUNNEL.checks, values, strict=True))
