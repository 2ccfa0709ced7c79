"""Customers are worked through in blocks that bound memory: their size is in no number of a day."""

from dataclasses import fields

import numpy as np
import pytest

from storesim.behaviour import itinerary, wander
from storesim.customers import deck
from storesim.engine import sights
from storesim.experiment.replication import Ready
from storesim.results import funnel, presence, trips
from storesim.results.day import Day
from storesim.results.responses import measure
from storesim.results.tables import Tables, tabulate


def played(ready: Ready) -> Day:
    return ready.play(1, ready.population(0), 0)


def columns(tables: Tables) -> dict[str, list[float]]:
    return {f"{name}.{c}": getattr(table, c).tolist() for name, table in tables.there() for c in table.columns()}


@pytest.mark.parametrize("size", [16, 100])
def test_the_size_of_a_block_is_in_no_fact_and_no_table(
    small_ready: Ready, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """Not in the last digit either; some 300 customers come."""
    whole = played(small_ready)
    expected = (measure(whole).tolist(), columns(tabulate(whole)))
    for module in (deck, sights, itinerary, wander, presence, trips):
        monkeypatch.setattr(module, "BLOCK", size)
    # NumPy adds up to 128 numbers in one go, and halves only what is longer: the funnel's blocks may not be smaller.
    monkeypatch.setattr(funnel, "BLOCK", 128)
    parted = played(small_ready)
    for column in fields(whole.log):
        assert np.array_equal(getattr(whole.log, column.name), getattr(parted.log, column.name)), column.name
    assert (measure(parted).tolist(), columns(tabulate(parted))) == expected
