"""The promotion at the entrance fills a table that was empty, and its gain is set against that of the store."""

import numpy as np
import pytest

from storesim.validate.facts import entrance


def test_the_table_is_empty_and_then_all_promotion() -> None:
    home, promoted = entrance.promoted().cases
    assert not any(place.fixture == entrance.TABLE for place in home.placements)
    assert home.promotions == ()
    (promotion,) = promoted.promotions
    table = next(fixture for fixture in promoted.plan.fixtures if fixture.id == entrance.TABLE)
    assert len(promotion.at) == sum(len(face.bays) for face in table.faces)


def test_a_gain_that_others_lose_is_no_gain_in_total() -> None:
    units, sales, total = 100.0, 200.0, 5000.0
    assert entrance.passed_on(np.array([units, sales, total, 130, 240, 5000])) == 0
    assert entrance.passed_on(np.array([units, sales, total, 130, 240, 5040])) == pytest.approx(1)
