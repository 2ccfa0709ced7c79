"""Checkouts: how long service takes, and which queue is chosen."""

import numpy as np
import pytest
from scipy import stats

from storesim.behaviour.paying import ServiceLaw, choose_bank, choose_queue, servers, service_factor, service_law
from storesim.inputs.parameters import Parameters

UNIFORMS = (np.arange(100_000) + 0.5) / 100_000


def test_a_cashier_takes_a_base_and_a_time_for_each_unit() -> None:
    """Antczak 2020: 11.8 + 2.94 n; ten units take 41.2 s."""
    assert service_law("cashier", Parameters()) == ServiceLaw(11.8, 2.94)
    assert service_law("cashier", Parameters()).mean_s(10) == pytest.approx(41.2)


def test_self_service_takes_longer_for_the_same_basket() -> None:
    parameters = Parameters()
    assert service_law("self_service", parameters).mean_s(10) == pytest.approx(112.5)
    assert all(
        service_law("self_service", parameters).mean_s(n) > service_law("cashier", parameters).mean_s(n)
        for n in range(1, 50)
    )


def test_a_scenario_may_set_every_number_of_it() -> None:
    parameters = Parameters(cashier_base_s=60, cashier_per_unit_s=1e-9, self_base_s=5, self_per_unit_s=6)
    assert service_law("cashier", parameters).mean_s(1) == pytest.approx(60)
    assert service_law("self_service", parameters) == ServiceLaw(5, 6)


@pytest.mark.parametrize("variation", [0.2, 0.35, 0.5])
def test_service_varies_around_a_mean_of_one(variation: float) -> None:
    factors = service_factor(UNIFORMS, variation)
    assert factors.mean() == pytest.approx(1, rel=0.001)
    assert factors.std() == pytest.approx(variation, rel=0.01)
    sigma = np.sqrt(np.log(1 + variation**2))
    assert np.allclose(factors, stats.lognorm(s=sigma, scale=np.exp(-(sigma**2) / 2)).ppf(UNIFORMS))


def test_without_variation_service_takes_its_mean_exactly() -> None:
    assert (service_factor(UNIFORMS, 0.0) == 1).all()


def test_cashiers_have_a_queue_each_and_self_service_shares_one() -> None:
    assert servers("cashier", 4) == (1, 1, 1, 1)
    assert servers("self_service", 6) == (6,)


def test_the_shortest_queue_is_chosen_however_far() -> None:
    assert choose_bank([[2, 3], [1, 4]], [5.0, 50.0]) == 1


def test_of_equally_short_queues_the_nearer_is_chosen() -> None:
    assert choose_bank([[1, 9], [1, 1]], [5.0, 50.0]) == 0
    assert choose_bank([[1, 9], [1, 1]], [50.0, 5.0]) == 1


def test_of_equally_short_and_equally_near_queues_the_first_is_chosen() -> None:
    assert choose_bank([[0.0], [0.0]], [7.0, 7.0]) == 0


def test_self_service_counts_by_server() -> None:
    """Three customers at six machines are half a customer each: shorter than one at a cashier."""
    assert choose_bank([[1.0, 1.0], [3 / 6]], [1.0, 30.0]) == 1


def test_within_a_checkout_the_first_shortest_queue_is_joined() -> None:
    assert choose_queue([2.0, 1.0, 1.0]) == 1
    assert choose_queue([0.0]) == 0
