"""Measures by hand, and simulated against observed baskets of the same making."""

from dataclasses import replace

import duckdb
import numpy as np
import pytest

from storesim.calibrate.against import NAMES, Baskets, Shelves, differences, ks, observed, wape
from storesim.calibrate.intended import deconvolved

SHELVES = Shelves(("milk", "bread", "soap"), ("food", "food", "drug"), (0, 1, 2), 10.0)


@pytest.fixture
def db() -> duckdb.DuckDBPyConnection:
    """Three baskets: milk and bread; milk twice in two spellings, and soap; only what has no home."""
    db = duckdb.connect()
    db.execute("CREATE TABLE offer AS FROM (VALUES ('MILK', 'milk'), ('Milk ', 'milk'), ('BREAD', 'bread'), "
               "('SOAP', 'soap'), ('TYRES', 'tyres')) AS t(product, name)")  # fmt: skip
    db.execute("CREATE TABLE clean AS FROM (VALUES ('a', 'MILK', 9, 2.0), ('a', 'BREAD', 9, 3.0), "
               "('b', 'MILK', 10, 2.0), ('b', 'Milk ', 10, 2.0), ('b', 'SOAP', 11, 30.0), ('c', 'TYRES', 12, 99.0)) "
               "AS t(basket, product, hour, net_sales)")  # fmt: skip
    db.execute("CREATE VIEW timed AS SELECT *, make_timestamp(2026, 1, 5, hour, 0, 0) AS t FROM clean")
    return db


def test_observed_baskets_are_counted_over_products_that_have_a_home(db: duckdb.DuckDBPyConnection) -> None:
    found = observed(db, "timed", SHELVES)
    assert (found.baskets, found.spend) == (2, 39.0)
    assert found.sizes.tolist() == [0, 2]
    assert found.with_product.tolist() == [2, 1, 1]
    assert found.with_section.tolist() == [2, 1]
    assert found.with_pair.tolist() == [1, 1, 0]  # milk and bread, milk and soap, bread and soap
    assert np.flatnonzero(found.hours).tolist() == [9, 10]
    assert np.flatnonzero(found.spends).tolist() == [0, 3]


def test_the_same_baskets_do_not_differ_however_many_there_are(db: duckdb.DuckDBPyConnection) -> None:
    found = observed(db, "timed", SHELVES)
    assert differences(found, found + found) == pytest.approx(dict.fromkeys(NAMES, 0.0))


def test_each_measure_tells_what_it_is_about(db: duckdb.DuckDBPyConnection) -> None:
    found = observed(db, "timed", SHELVES)
    changes: dict[str, dict[str, object]] = {
        NAMES[0]: {"sizes": np.array([1.0, 1.0])},
        NAMES[1]: {"with_product": np.array([2.0, 2.0, 1.0])},
        NAMES[2]: {"with_section": np.array([2.0, 2.0])},
        NAMES[3]: {"with_pair": np.array([1.0, 1.0, 1.0])},
        NAMES[4]: {"hours": np.roll(found.hours, 1)},
        NAMES[5]: {"spend": 78.0},
    }
    expected = dict(zip(NAMES, (0.5, 1 / 4, 1 / 3, 1 / 2, 0.5, 1.0), strict=True))
    for name, change in changes.items():
        other: Baskets = replace(found, **change)  # type: ignore[arg-type]
        assert {key: value for key, value in differences(found, other).items() if value} == pytest.approx(
            {name: expected[name]}
        )


def test_ks_and_wape_by_hand() -> None:
    assert ks(np.array([1.0, 1.0]), np.array([3.0, 0.0, 1.0])) == 0.25
    assert wape(np.array([3.0, 1.0]), np.array([2.0, 2.0])) == 0.5


def test_intended_sizes_give_the_observed_ones_through_the_store() -> None:
    """A store that loses each second product of a pair half the time, and one that changes nothing."""
    counts = np.array([[10.0, 0.0, 0.0], [5.0, 5.0, 0.0], [0.0, 2.0, 8.0]])
    given = counts / 10
    truth = np.array([0.2, 0.5, 0.3])
    law = deconvolved(truth @ given, truth @ given, counts)
    assert law.sum() == pytest.approx(1)
    assert np.abs(law @ given - truth @ given).max() < 0.01 < np.abs(truth @ given @ given - truth @ given).max()
    assert deconvolved(truth, truth, np.zeros((3, 3))) == pytest.approx(truth)
