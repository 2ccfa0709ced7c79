"""Customers in groups and with trolleys: pace, room and time at shelves, by hand."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from storesim.behaviour.company import accompanied
from storesim.customers.population import Population
from storesim.inputs.operations import PLAIN, Groups, Operations, Trolleys

Makes = Callable[..., Population]
COUPLES = Operations(groups=Groups(share=0.4, size=2, pace=0.8, dwell=1.5))
CARTS = Operations(trolleys=Trolleys(from_items=2, pace=0.9, persons=1))


@pytest.fixture
def three(make_customers: Makes) -> Population:
    """Three customers: with no, one and two products on the list."""
    return replace(make_customers(3, needs=[(1, 0), (2, 0), (2, 1)]), u_group=np.array([0.3, 0.5, 0.39]))


def test_a_plain_store_leaves_customers_alone(three: Population) -> None:
    assert accompanied(three, PLAIN) == (three, None)


def test_who_comes_with_others_is_slower_and_takes_their_room(three: Population) -> None:
    found, company = accompanied(three, COUPLES)
    assert company
    assert found.speed_m_s.tolist() == [0.8, 1.0, 0.8]
    assert company.persons.tolist() == [2, 1, 2]
    assert company.dwell.tolist() == [1.5, 1.0, 1.5]


def test_long_lists_take_trolleys(three: Population) -> None:
    found, company = accompanied(three, CARTS)
    assert company
    assert found.speed_m_s.tolist() == [1.0, 1.0, 0.9]
    assert company.persons.tolist() == [1, 1, 2]
    assert company.dwell.tolist() == [1.0, 1.0, 1.0], "a trolley does not keep anybody at a shelf"


def test_a_group_with_a_trolley_is_both(three: Population) -> None:
    found, company = accompanied(three, replace(COUPLES, trolleys=CARTS.trolleys))
    assert company
    assert found.speed_m_s == pytest.approx([0.8, 1.0, 0.72])
    assert company.persons.tolist() == [2, 1, 3]


def test_customers_drawn_without_groups_cannot_come_in_some(make_customers: Makes) -> None:
    with pytest.raises(ValueError, match="without groups"):
        accompanied(make_customers(1), COUPLES)
