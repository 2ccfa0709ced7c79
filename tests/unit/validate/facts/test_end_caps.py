"""One display at a time on an end cap that is empty else, homes kept; lifts and their difference between the ends."""

import numpy as np
import pytest

from storesim.validate.facts import end_caps
from storesim.validate.facts.end_caps import FRONT, PUBLISHED, REAR


def test_the_caps_are_empty_but_for_one_display() -> None:
    plain, *shown = end_caps.displayed().cases
    assert not any(place.fixture in (REAR, FRONT) for place in plain.placements)
    ends = [{(p.product, p.fixture, p.display) for p in case.placements if p not in plain.placements} for case in shown]
    assert ends == [{(product, end, True)} for end in (REAR, FRONT) for product in PUBLISHED]


def test_homes_are_kept() -> None:
    plain, *shown = end_caps.displayed().cases
    assert all(set(plain.placements) <= set(case.placements) for case in shown)


def test_the_rear_is_at_the_far_end_from_the_tills() -> None:
    plan = end_caps.displayed().cases[0].plan
    north = {fixture.id: max(y for _, y in fixture.outline) for fixture in plan.fixtures}
    assert north[REAR] > north[FRONT] > max(y for till in plan.checkouts for _, y in till.outline)


def test_lifts_are_read_from_the_category_s_own_display() -> None:
    plain = np.full(6, 50.0)
    lifted = plain * (1 + np.array(list(PUBLISHED.values())) / 100)
    values = [check.value(np.concatenate((plain, lifted))) for check in end_caps.FACTS[0].checks[:6]]
    assert values == pytest.approx(list(PUBLISHED.values()))


def test_fitted_are_three_and_predicted_the_other_three() -> None:
    kinds = [check.kind for check in end_caps.FACTS[0].checks[:6]]
    assert sorted(kinds) == ["emerges"] * 3 + ["fitted"] * 3


def test_rear_over_front_is_the_mean_difference_in_points() -> None:
    plain, back, front = np.full(6, 100.0), np.full(6, 140.0), np.array([130.0] * 3 + [140.0] * 3)
    assert end_caps.rear_over_front(np.concatenate((plain, back, front))) == pytest.approx(5)
