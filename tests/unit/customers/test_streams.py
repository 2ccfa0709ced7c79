"""Keyed streams: what shares numbers, what does not, and that nothing but the key counts."""

from itertools import combinations
from zlib import crc32

import numpy as np
import pytest

from storesim.customers.streams import Purpose, Streams

BASE = {"seed": 7, "replication": 3, "purpose": Purpose.PRODUCT, "subject": "milk"}


def drawn(seed: int, replication: int, purpose: Purpose, subject: str, customers: int = 1000) -> np.ndarray:
    return Streams(seed, replication).uniforms(purpose, customers, subject)


def test_equal_keys_give_equal_numbers() -> None:
    assert np.array_equal(drawn(**BASE), drawn(**BASE))


@pytest.mark.parametrize(
    "other", [{"seed": 8}, {"replication": 4}, {"purpose": Purpose.ORDER}, {"subject": "bread"}], ids=str
)
def test_another_key_gives_unrelated_numbers(other: dict[str, object]) -> None:
    one, two = drawn(**BASE), drawn(**(BASE | other))
    assert not np.any(one == two)
    assert abs(np.corrcoef(one, two)[0, 1]) < 4 / np.sqrt(len(one))


def test_the_purposes_of_a_customer_are_unrelated() -> None:
    rows = [Streams(7, 0).uniforms(purpose, 4000) for purpose in Purpose]
    worst = max(abs(np.corrcoef(a, b)[0, 1]) for a, b in combinations(rows, 2))
    assert worst < 4.5 / np.sqrt(4000)


def test_replication_and_seed_do_not_add_up() -> None:
    """Replication 1 of seed 7 is not replication 0 of seed 8."""
    assert not np.any(Streams(7, 1).uniforms(Purpose.SPEED, 100) == Streams(8, 0).uniforms(Purpose.SPEED, 100))


def test_more_customers_leave_the_first_ones_alone() -> None:
    few, many = (drawn(**BASE, customers=n) for n in (10, 1000))
    assert np.array_equal(few, many[:10])


def test_uniforms_are_uniform() -> None:
    u = np.sort(drawn(**BASE, customers=20_000))
    distance = np.abs(u - (np.arange(20_000) + 0.5) / 20_000).max()
    assert u[0] >= 0
    assert u[-1] < 1
    assert distance < 1.63 / np.sqrt(20_000), "Kolmogorov-Smirnov at 1 %"


def test_a_key_is_spelled_out_so_that_no_process_sees_other_numbers() -> None:
    """`hash()` differs from process to process; the documented key does not, nor do the numbers of the purposes."""
    sequence = np.random.SeedSequence(7, spawn_key=(3, 14, crc32("müsli".encode())))
    expected = np.random.Generator(np.random.PCG64(sequence)).random(5)
    assert np.array_equal(Streams(7, 3).uniforms(Purpose.PRODUCT, 5, "müsli"), expected)
