"""A change of sales taken apart: nothing is left over, and what changed alone carries all."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storesim.results.divisia import PARTS, Steps, parts


def steps(*numbers: float) -> Steps:
    """Steps of one product: exposed, noticed, wanted, bought, planned, units, sales."""
    return Steps(*(np.array([number]) for number in numbers))


USUAL = steps(1000, 100, 50, 40, 60, 150, 300)


def by_part(before: Steps, after: Steps) -> dict[str, float]:
    return dict(zip(PARTS, parts(before, after)[0].tolist(), strict=True))


@given(st.lists(st.floats(0, 1e5), min_size=14, max_size=14))
def test_the_parts_add_up_to_the_change(numbers: list[float]) -> None:
    before, after = steps(*numbers[:7]), steps(*numbers[7:])
    change = numbers[13] - numbers[6]
    assert parts(before, after).sum() == pytest.approx(change, rel=1e-9, abs=1e-6 * (1 + numbers[13] + numbers[6]))


def test_nothing_changed_no_part_changed() -> None:
    assert set(by_part(USUAL, USUAL).values()) == {0.0}


def test_a_cut_price_is_the_price() -> None:
    found = by_part(USUAL, replace(USUAL, sales=USUAL.sales * 0.8))
    assert found.pop("price") == pytest.approx(-60)
    assert found == dict.fromkeys(found, 0.0)


def test_twice_the_exposure_with_the_same_rates_is_exposure() -> None:
    """40 bought unplanned become 80, each worth 1.5 units at 2.00."""
    after = steps(2000, 200, 100, 80, 60, 210, 420)
    found = by_part(USUAL, after)
    assert found.pop("exposure") == pytest.approx(120)
    assert list(found.values()) == pytest.approx([0] * 6)


def test_who_came_for_it_counts_apart() -> None:
    """Ten fewer of those who came for it find it, each worth 3.00."""
    after = steps(1000, 100, 50, 40, 50, 135, 270)
    found = by_part(USUAL, after)
    assert found.pop("list") == pytest.approx(-30)
    assert list(found.values()) == pytest.approx([0] * 6)


def test_a_product_that_nobody_sees_any_more_is_lost_by_exposure() -> None:
    gone = steps(0, 0, 0, 0, 0, 0, 0)
    found = by_part(USUAL, gone)
    assert found["exposure"] < 0
    assert min(found, key=lambda part: found[part]) in ("exposure", "list")
    assert sum(found.values()) == pytest.approx(-300)


def test_the_index_does_not_mind_the_direction() -> None:
    """Back again costs what going there gained: LMDI is symmetric in time."""
    after = steps(1100, 130, 45, 42, 58, 161, 290)
    np.testing.assert_allclose(parts(USUAL, after), -parts(after, USUAL))
