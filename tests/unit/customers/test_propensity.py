"""Inclusion weights give back the penetrations they were solved from, and factors do what their segment says."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize

from storesim.customers.population import Floats
from storesim.customers.propensity import Propensity, inclusion_weights, panel, propensity
from storesim.customers.tastes import Tastes
from storesim.inputs.case import Mission, Product, Scenario, Segment

ONE = np.ones(1)


def weights(target: Floats, basket: Floats) -> Floats:
    """Return the weights of customers who are all alike."""
    return inclusion_weights(target, panel(np.ones((1, len(target))), ONE, basket, Tastes((), (), (), len(target))))


def drawn_shares(weight: Floats, basket: Floats, customers: int = 16_000, seed: int = 1) -> Floats:
    """Return how often each product is in a basket drawn by weight without replacement, by Monte Carlo.

    A race of exponential clocks; given all the other clocks, a product is in the basket when its own rings before the
    n-th of theirs. Averaging that probability instead of hits needs a tenth of the draws for rare products.
    """
    rng, included = np.random.default_rng(seed), np.zeros(len(weight))
    for _ in range(4):
        size = rng.choice(len(basket), size=customers // 4, p=basket / basket.sum()) + 1
        with np.errstate(divide="ignore"):
            clock = rng.exponential(size=(len(size), len(weight))) / weight
        rank, row = np.sort(clock, axis=1), np.arange(len(size))
        nth, next_one = rank[row, size - 1, None], rank[row, np.minimum(size, len(weight) - 1), None]
        included += (1 - np.exp(-weight * np.where(clock <= nth, next_one, nth))).sum(axis=0)
    return included / customers


def mission_target(scenario: Scenario, mission: Mission) -> tuple[Floats, Floats]:
    """Return a mission's penetrations, scaled to its mean basket as the weights are, and its basket law."""
    target, basket = np.array([p.penetration[mission.name] for p in scenario.products]), np.array(mission.basket)
    return target * (basket @ np.arange(1, len(basket) + 1)) / target.sum(), basket


def miss(reached: Floats, target: Floats) -> float:
    """Return the weighted absolute percentage error (WAPE)."""
    return float(np.abs(reached - target).sum() / target.sum())


MISSIONS = ("fill-in grocery", "fill-in produce", "quick drugstore", "quick grocery", "stock-up")


@pytest.mark.parametrize("mission", MISSIONS)
def test_weighted_draws_reproduce_the_penetrations_of_the_market(market_scenario: Scenario, mission: str) -> None:
    """Within 2.5 %, 16,000 draws a mission; Monte-Carlo noise is about 0.5 % of that.

    The fixed stopping time is roughest for baskets of one or two: quick grocery is 2.1 % off, others under 2 %.
    """
    law = next(m for m in market_scenario.missions if m.name == mission)
    target, basket = mission_target(market_scenario, law)
    weight = weights(target, basket)
    assert miss(drawn_shares(weight, basket), target) < 0.025


def test_the_measure_sees_weights_that_are_not_fitted(market_scenario: Scenario) -> None:
    """Power: penetrations taken as weights miss by 7 % on stock-up trips, and milk most of all."""
    law = next(m for m in market_scenario.missions if m.name == "stock-up")
    target, basket = mission_target(market_scenario, law)
    reached = drawn_shares(target, basket, customers=4000)
    milk = [p.id for p in market_scenario.products].index("milk")
    assert miss(reached, target) > 0.06
    assert reached[milk] < 0.85 * target[milk]


def test_segments_together_reproduce_the_penetrations() -> None:
    """Factors of 0.5 and 1.5 move purchases between segments, not the store's total."""
    target, basket = np.linspace(0.05, 0.35, 20), np.array([0.0, 0.1, 0.3, 0.3, 0.2, 0.1])
    target *= (basket @ np.arange(1, 7)) / target.sum()
    factor, who = np.ones((2, 20)), np.array([0.3, 0.7])
    factor[0, :10], factor[1, :5] = 1.5, 0.5
    weight = inclusion_weights(target, panel(factor, who, basket, Tastes((), (), (), 20)))
    shares = [drawn_shares(weight * row, basket, 8000, seed) for seed, row in enumerate(factor)]
    assert miss(who @ shares, target) < 0.02
    assert (shares[0][:5] > 1.5 * shares[1][:5]).all()


def test_tastes_leave_the_penetrations_and_gather_products_of_a_group_in_fewer_baskets() -> None:
    """Half of the products are a group that customers differ in: as many bought, by fewer."""
    target, basket = np.linspace(0.05, 0.35, 20), np.array([0.0, 0.1, 0.3, 0.3, 0.2, 0.1])
    target *= (basket @ np.arange(1, 7)) / target.sum()
    baskets = {}
    for sd in (0.0, 1.2):
        tastes = Tastes(["fresh"], [sd], [np.arange(0, 20, 2)], 20)
        weight = inclusion_weights(target, panel(np.ones((1, 20)), ONE, basket, tastes))
        rng = np.random.default_rng(1)
        size = rng.choice(len(basket), size=40_000, p=basket) + 1
        clock = rng.exponential(size=(len(size), 20)) / (weight * tastes.factors(rng.random((len(size), 1))))
        baskets[sd] = clock <= np.sort(clock, axis=1)[np.arange(len(size)), size - 1, None]
        assert miss(baskets[sd].mean(axis=0), target) < 0.02
    in_group = {sd: held[:, ::2].any(axis=1).mean() for sd, held in baskets.items()}
    assert in_group[1.2] < 0.93 * in_group[0.0]


def test_for_baskets_of_one_size_weights_are_minus_log_of_not_bought() -> None:
    """All clocks run to the same t: 1 - exp(-w t) is the penetration where w is as -log(1 - penetration)."""
    target = np.array([0.9, 0.6, 0.3, 0.15, 0.05])
    weight = weights(target, np.array([0.0, 1.0]))
    expected = -np.log(1 - target)
    assert weight / weight.sum() == pytest.approx(expected / expected.sum())


def test_weights_solve_the_equation_of_their_definition() -> None:
    """P(in basket) = Σ P(n) (1 - exp(-w t_n)), with t_n found here by root finding."""
    target, basket = np.linspace(0.05, 0.75, 8), np.array([0.2, 0.0, 0.3, 0.4, 0.1])
    target *= (basket @ np.arange(1, 6)) / target.sum()
    weight = weights(target, basket)
    reached = np.zeros(8)
    for size, share in enumerate(basket, start=1):
        time = optimize.brentq(lambda t, n=size: (1 - np.exp(-weight * t)).sum() - n, 0, 1e3, xtol=1e-14)
        reached += share * (1 - np.exp(-weight * time))
    assert reached == pytest.approx(target, rel=1e-6)


def test_equal_targets_have_equal_weights() -> None:
    weight = weights(np.full(10, 0.3), np.array([0, 0, 1.0]))
    assert weight == pytest.approx(weight[0])


def test_a_product_that_nobody_buys_has_no_weight() -> None:
    target = np.array([0.0, 0.5, 0.5, 0.5])
    weight = weights(target, np.array([0.5, 0.5]))
    assert weight[0] == 0
    assert (weight[1:] > 0).all()


def test_baskets_as_large_as_the_assortment_leave_the_penetrations_as_weights() -> None:
    """Everybody buys everything, whatever the weights: there is nothing to solve."""
    target = np.array([0.6, 0.2])
    assert weights(target, np.array([0.0, 1.0])).tolist() == [0.6, 0.2]


def test_relative_inclination_is_penetration_in_the_kind_over_that_in_the_store(
    make_product: Callable[..., Product],
    make_mission: Callable[..., Mission],
    make_segment: Callable[..., Segment],
    make_scenario: Callable[..., Scenario],
) -> None:
    """Tea: 0.2 on errands, 0.6 at parties; half the visits are errands, so 0.4 in the store; fans buy double."""
    products = [make_product(name, penetration={"errand": 0.2, "party": 0.6}) for name in ("tea", "rusks", "jam")]
    missions = (make_mission(), make_mission(name="party"))
    half = {"errand": 0.5, "party": 0.5}
    segments = (
        make_segment("fans", share=0.25, missions=half, propensities={"tea": 2.0}),
        make_segment("others", share=0.75, missions=half),
    )
    kinds = propensity(make_scenario(*products, missions=missions, segments=segments))
    assert kinds.relative[:, 0].tolist() == pytest.approx([1.0, 3.0, 0.5, 1.5])
    assert kinds.relative[:, 1].tolist() == pytest.approx([0.5, 1.5, 0.5, 1.5])
    fans, others = kinds.list_weight[0], kinds.list_weight[2]
    assert fans / others == pytest.approx([2.0, 1.0, 1.0])


def test_a_product_without_any_penetration_is_no_mistake(
    make_product: Callable[..., Product], make_scenario: Callable[..., Scenario]
) -> None:
    names = ("tea", "rusks", "jam", "honey")
    products = [make_product(name, penetration={"errand": 0.0} if name == "jam" else {"errand": 0.5}) for name in names]
    kinds = propensity(make_scenario(*products))
    assert kinds.list_weight[0, 2] == 0
    assert kinds.relative[0].tolist() == pytest.approx([1, 1, 0, 1])


def test_a_mission_that_nobody_comes_on_is_no_mistake(
    make_product: Callable[..., Product], make_mission: Callable[..., Mission], make_scenario: Callable[..., Scenario]
) -> None:
    products = [make_product(name, penetration={"errand": 0.4, "party": 0.1}) for name in ("a", "b", "c", "d")]
    kinds = propensity(make_scenario(*products, missions=(make_mission(), make_mission(name="party"))))
    assert np.isfinite(kinds.list_weight).all()
    assert np.isfinite(kinds.relative).all()


def test_inclinations_of_the_market_average_to_one(market_scenario: Scenario, market_kinds: Propensity) -> None:
    """Over the visits, relative inclination is 1 but for the segments' factors, which average about 1."""
    missions = market_scenario.missions
    mix = np.array([[s.share * s.missions.get(m.name, 0) for m in missions] for s in market_scenario.segments])
    assert mix.reshape(-1) @ market_kinds.relative == pytest.approx(1.0, abs=0.12)


def test_the_conversion_has_no_part_in_lists(small_scenario: Scenario) -> None:
    """Need lists come from the penetrations alone: α acts on what is noticed, and never on what is planned."""
    sure = replace(small_scenario, products=tuple(replace(p, conversion=3.0) for p in small_scenario.products))
    assert np.array_equal(propensity(sure).list_weight, propensity(small_scenario).list_weight)
