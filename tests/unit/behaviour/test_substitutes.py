"""Substitutes: shares after a price change are those of a logit, and nobody moves without need."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from storesim.behaviour.substitutes import groups, substitutes, switched_to
from storesim.inputs.case import Case, Placement, Product, Scenario
from storesim.store.floor import Floor
from storesim.store.shelves import fill

PRICES = st.lists(st.floats(0.3, 1), min_size=3, max_size=3)
SHARES = st.lists(st.floats(0.05, 1), min_size=3, max_size=3)
GRID = (np.arange(4000) + 0.5) / 4000


def bought(shares: list[float], ratios: list[float], switching: float) -> np.ndarray:
    """Return what share of a group's customers takes each item, each come for one by its share."""
    taken = np.zeros(len(shares))
    for item, share in enumerate(shares):
        others = [other for other in range(len(shares)) if other != item]
        rivals = [(ratios[other], shares[other]) for other in others]
        chosen = [switched_to(u, ratios[item], share, rivals, switching) for u in GRID.tolist()]
        for which in chosen:
            taken[item if which < 0 else others[which]] += share / len(chosen)
    return taken


@given(shares=SHARES, ratios=PRICES, switching=st.floats(0, 3))
def test_shares_are_those_of_a_multinomial_logit(shares: list[float], ratios: list[float], switching: float) -> None:
    before = np.array(shares) / sum(shares)
    weight = before * np.array(ratios) ** -switching
    assert bought(before.tolist(), ratios, switching) == pytest.approx(weight / weight.sum(), abs=0.002)


@given(shares=SHARES, ratio=st.floats(0.3, 0.95))
def test_a_cut_draws_from_all_others_alike(shares: list[float], ratio: float) -> None:
    """Independence of irrelevant alternatives: the items without a cut keep their proportions."""
    before = np.array(shares) / sum(shares)
    after = bought(before.tolist(), [ratio, 1.0, 1.0], 1.2)
    assert after[0] > before[0]
    assert after[1] / after[2] == pytest.approx(before[1] / before[2], rel=0.02)


@given(u=st.floats(0, 1, exclude_max=True), shares=SHARES, ratios=PRICES)
def test_nobody_leaves_for_what_is_no_better(u: float, shares: list[float], ratios: list[float]) -> None:
    assume(ratios[0] <= min(ratios))
    assert switched_to(u, ratios[0], shares[0], [(1.0, s) for s in shares[1:]], 2.0) == -1
    chosen = switched_to(u, 1.0, shares[0], list(zip(ratios[1:], shares[1:], strict=True)), 2.0)
    assert chosen == -1 or ratios[1:][chosen] < 1.0


@given(u=st.floats(0, 1, exclude_max=True), ratio=st.floats(0.2, 1), deeper=st.floats(0.2, 1))
def test_a_deeper_cut_keeps_whom_a_smaller_one_drew(u: float, ratio: float, deeper: float) -> None:
    if switched_to(u, 1.0, 0.5, [(ratio, 0.5)], 1.2) == 0:
        assert switched_to(u, 1.0, 0.5, [(ratio * deeper, 0.5)], 1.2) == 0


def test_without_switching_or_rivals_everybody_stays() -> None:
    assert switched_to(0.99, 1.0, 0.2, [(0.3, 0.8)], 0.0) == -1
    assert switched_to(0.99, 1.0, 1.0, [], 1.2) == -1


def test_groups_go_by_name_and_need_two(make_product: Callable[..., Product]) -> None:
    names = ("cola", "", "cola", "tea", "cola")
    products = [make_product(f"item {i}", substitutes=name) for i, name in enumerate(names)]
    assert groups(products) == {0: (2, 4), 2: (0, 4), 4: (0, 2)}


def test_only_what_stands_in_sight_is_a_rival(
    make_product: Callable[..., Product], make_scenario: Callable[..., Scenario], open_floor: Callable[..., Floor]
) -> None:
    """Three colas at 10, 12 and 30 m: the first two see each other, the third is on its own."""
    colas = [
        make_product(name, substitutes="cola", penetration={"errand": p})
        for name, p in (("a", 0.3), ("b", 0.1), ("c", 0.1))
    ]
    scenario, floor = make_scenario(*colas), open_floor([(10.0, 5.0), (12.0, 5.0), (30.0, 5.0)])
    homes = tuple(Placement(p.id, "F", "front", i + 1, (1, 5), 6.25) for i, p in enumerate(colas))
    found = substitutes(scenario, fill(Case("a", floor.plan, homes), scenario.products, floor), floor)
    assert found.share == pytest.approx({0: 0.6, 1: 0.2, 2: 0.2})
    assert found.in_reach == {(0, 0): ((1, pytest.approx(0.2)),), (1, 1): ((0, pytest.approx(0.6)),)}
