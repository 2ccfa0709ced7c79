"""Fact 25: one-way aisles make customers walk further and see more of the store, less so with a middle cross aisle.

The rule was chosen before a number was seen: exact shortest tours along exact shortest ways, as the finding is about
geometry. What customers do who take the next nearest item is reported beside it.
"""

from collections.abc import Callable
from math import inf

import numpy as np

from storesim.results.day import Day
from storesim.validate.fact import Check, Fact, Floats
from storesim.validate.facts.ways import covered
from storesim.validate.stores import twelve_aisles

CELL_M, CORNER_M = (3.2, 1.0), (0.5, 0.0)
"""An aisle wide, from the middle of a gondola to the middle of the next, and a metre deep."""
TOUR, NEXT = 0, 1
"""The segments."""
METRES, AREA = 0, 1


def observe(days: tuple[Day, ...]) -> Floats:
    """Return mean metres walked and mean share of cells crossed; shape (2 segments · 4 variants · 2,), flat.

    Variants: two-way, one-way, then both with a middle cross aisle.
    """
    found = np.empty((2, len(days), 2))
    for variant, day in enumerate(days):
        each = np.column_stack((day.trips.walked_m, covered(day, CELL_M, CORNER_M)))
        for segment in (TOUR, NEXT):
            found[segment, variant] = each[day.population.segment == segment].mean(axis=0)
    return found.ravel()


def ratio(of: int, segment: int = TOUR, crossed: bool = False) -> Callable[[Floats], float]:
    """Return the function from means to metres or area, one-way over two-way, with or without a middle cross aisle."""

    def value(mean: Floats) -> float:
        two_way, one_way = mean.reshape(2, 2, 2, 2)[segment, int(crossed), :, of]
        return float(one_way / two_way)

    return value


def eased(of: int) -> Callable[[Floats], float]:
    """Return the function from means to the ratio without a middle cross aisle less that with one."""
    return lambda mean: ratio(of)(mean) - ratio(of, crossed=True)(mean)


FACTS = (
    Fact(
        number=25,
        title="One-way aisles",
        source="Urban 2022",
        setting=(
            "Twelve aisles of 18 m between two cross aisles, every other one leading back; lists of five items spread "
            "evenly over the shelves; exact shortest tours. Area is the share of the floor crossed, in cells of an "
            "aisle by a metre."
        ),
        scenario=twelve_aisles,
        observe=observe,
        checks=(
            Check("distance, one-way over two-way", ratio(METRES), 1.35, 1.60, "+50 %", "emerges"),
            Check("area, one-way over two-way", ratio(AREA), 1.6, 2.2, "+67 %", "emerges"),
            Check("distance ratio that a cross aisle saves", eased(METRES), 0.0, inf, "less with one", "emerges"),
            Check("area ratio that a cross aisle saves", eased(AREA), 0.0, inf, "less with one", "emerges"),
            Check("distance, nearest next", ratio(METRES, NEXT), -inf, inf, "another rule", "reported"),
            Check("area, nearest next", ratio(AREA, NEXT), -inf, inf, "another rule", "reported"),
        ),
        quick=True,
        takes_s=15,
    ),
)
