"""What a visit is worth, and what bad ones do: by hand, and never beyond a probability."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storesim.behaviour.returning import lapse_p, not_back_p, remembered, satisfied, shortfall, visit_p
from storesim.inputs.panel import Returning, Satisfaction

JUDGED = Satisfaction(
    wait=0.3, unmet=0.4, crowding=0.1, price=0.2, wait_bad_s=600, crowd_bad_per_m2=0.5, price_good=0.1
)
RETURNING = Returning(memory=0.4, target=0.9, visits=0.3, lapse=4.0, referral=0.0)
shares = st.floats(0, 1)


def judged(wait_s: float = 0.0, unmet: float = 0.0, per_m2: float = 0.0, paid: float = 0.9) -> float:
    columns = (np.array([value]) for value in (wait_s, unmet, per_m2, paid))
    return float(satisfied(*columns, JUDGED)[0])


def test_a_visit_without_fault_at_a_good_price_is_worth_1() -> None:
    assert judged() == 1.0


@pytest.mark.parametrize(
    ("fault", "worth"),
    [
        ({"wait_s": 300.0}, 0.85),
        ({"wait_s": 6000.0}, 0.7),
        ({"unmet": 0.5}, 0.8),
        ({"per_m2": 0.25}, 0.95),
        ({"paid": 1.0}, 0.8),
        ({"paid": 0.95}, 0.9),
        ({"wait_s": 600.0, "unmet": 1.0, "per_m2": 1.0, "paid": 1.2}, 0.0),
    ],
)
def test_each_fault_takes_its_weight(fault: dict[str, float], worth: float) -> None:
    assert judged(**fault) == pytest.approx(worth)


def test_the_last_visit_counts_its_memory() -> None:
    assert remembered(np.array([0.5]), np.array([1.0]), RETURNING) == pytest.approx(0.7)


def test_at_the_target_members_are_content_and_at_0_they_are_not() -> None:
    standing = np.array([1.0, 0.9, 0.45, 0.0])
    assert shortfall(standing, RETURNING).tolist() == [0, 0, 0.5, 1]
    assert visit_p(np.full(4, 0.5), standing, RETURNING) == pytest.approx([0.5, 0.5, 0.425, 0.35])
    assert lapse_p(np.full(4, 0.02), standing, RETURNING) == pytest.approx([0.02, 0.02, 0.05, 0.08])


def test_lapsing_adds_up_over_visits() -> None:
    assert not_back_p(np.array([0.0, 1.0, 2.0]), np.full(3, 0.1)) == pytest.approx([0, 0.1, 0.19])


@given(content=shares, standing=shares, factor=st.floats(1, 1000))
def test_a_probability_stays_one_and_bad_visits_never_help(content: float, standing: float, factor: float) -> None:
    rules = Returning(memory=0.5, target=0.8, visits=1.0, lapse=factor, referral=0.0)
    lapse, visit = (f(np.array([content]), np.array([standing]), rules)[0] for f in (lapse_p, visit_p))
    assert 0 <= visit <= content <= lapse <= 1
