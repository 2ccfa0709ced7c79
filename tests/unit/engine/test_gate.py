"""The entrance of a store that lets in so many at a time."""

from math import inf

import numpy as np
import simpy

from storesim.engine.facts import FactWriter
from storesim.engine.gate import Gate
from storesim.engine.log import Kind


def let_in(arrives_s: list[float], stays_s: float, at_most: int, patience_s: float = inf, closes_s: float = 1e9):
    """Return when each customer came in (nan: never), and the log."""
    env, facts = simpy.Environment(), FactWriter()
    gate, entered = Gate(env, facts.add, at_most, closes_s), np.full(len(arrives_s), np.nan)

    def customer(c: int):
        yield env.timeout(arrives_s[c])
        if (yield from gate.come_in(c, 0, patience_s)):
            entered[c] = env.now
            yield env.timeout(stays_s)
            gate.go_out()

    for c in range(len(arrives_s)):
        env.process(customer(c))
    env.run()
    return entered, facts.log()


def test_who_comes_to_a_full_store_waits_for_the_first_to_leave() -> None:
    entered, log = let_in([0, 1, 2, 3], stays_s=10, at_most=2)
    assert entered.tolist() == [0, 1, 10, 11]
    assert log.customer[log.kind == Kind.WAIT].tolist() == [2, 3]


def test_who_loses_patience_outside_goes_away_and_is_no_hindrance() -> None:
    entered, _ = let_in([0, 1, 8], stays_s=10, at_most=1, patience_s=5)
    assert np.isnan(entered[1])
    assert entered[2] == 10


def test_nobody_comes_in_after_closing() -> None:
    entered, _ = let_in([0, 5], stays_s=100, at_most=1, closes_s=60)
    assert entered[0] == 0
    assert np.isnan(entered[1])


def test_a_store_never_holds_more_than_it_lets_in() -> None:
    generator = np.random.default_rng(7)
    arrives_s = np.cumsum(generator.exponential(1.0, 200))
    entered, _ = let_in(arrives_s.tolist(), stays_s=7.0, at_most=3)
    inside = [np.count_nonzero((entered <= t) & (t < entered + 7.0)) for t in entered]
    assert max(inside) == 3
    assert not np.isnan(entered).any()
