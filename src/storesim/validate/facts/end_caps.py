"""Fact 22: what the end of an aisle sells more of, at an unchanged price, and at which end."""

from dataclasses import replace

import numpy as np

from storesim.inputs.case import Case, Scenario
from storesim.results.day import Day
from storesim.validate.fact import Check, Fact, Floats, Kind
from storesim.validate.facts.measures import change, numbers, units_sold, whole_fixture
from storesim.validate.stores import supermarket

PUBLISHED = {"beer": 23, "domestic wine": 34, "spirits": 46, "soft drinks": 52, "coffee": 74, "tea": 114}
"""Product -> units more at the end of the aisle, in %. Wine is not one product here: its best seller stands for it."""
FITTED = ("beer", "soft drinks", "tea")
WITHIN = 20.0
"""Points of tolerance on each."""
REAR, FRONT = "G8-north", "G8-south"
"""The two ends of the middle gondola, the front one towards the tills; they stand empty but for the display."""
VISITS = 1000


def displayed() -> Scenario:
    """Return the supermarket with empty end caps, then with each category at the rear, and then each at the front."""
    scenario = supermarket()
    plain = _cleared(scenario.cases[0])
    cases = (plain, *(_with_display(plain, product, end) for end in (REAR, FRONT) for product in PUBLISHED))
    return replace(scenario, visits_per_day=float(VISITS), cases=cases, baseline=plain.name)


def _cleared(case: Case) -> Case:
    left = tuple(place for place in case.placements if place.fixture not in (REAR, FRONT))
    return replace(case, placements=left)


def _with_display(case: Case, product: str, end: str) -> Case:
    """Return the case with a product on all of an end cap, its home kept."""
    cap = next(fixture for fixture in case.plan.fixtures if fixture.id == end)
    return replace(case, name=f"{product} at {end}", placements=(*case.placements, *whole_fixture(cap, product)))


def observe(days: tuple[Day, ...]) -> Floats:
    """Return units of each category where it has no display, then of each where it has one, end by end."""
    shown = numbers(days[0].scenario, PUBLISHED)
    plain, *displays = (units_sold(day)[shown] for day in days)
    return np.concatenate((plain, [units[i % len(shown)] for i, units in enumerate(displays)]))


def rear_over_front(mean: Floats) -> float:
    """Return the mean lift over the categories at the rear less that at the front, in points."""
    plain, back, front = mean.reshape(3, -1)
    return float(100 * ((back - front) / plain).mean())


def _check(index: int, product: str) -> Check:
    lift = PUBLISHED[product]
    kind: Kind = "fitted" if product in FITTED else "emerges"
    value = change(len(PUBLISHED) + index, index)
    return Check(product, value, lift - WITHIN, lift + WITHIN, f"+{lift} %", kind, "%")


FACTS = (
    Fact(
        number=22,
        title="End of aisle",
        source="Nakamura 2014; Tan 2018 for the ends",
        setting=(
            f"Supermarket of 4,000 m²; one category at a time on the whole rear end cap {REAR}, its home kept, against "
            f"the cap empty. The display multiplier is fitted on {', '.join(FITTED)}; impulse shares are those "
            f"of the products file, lowered where calibration made more planned; domestic wine is wine. Then the "
            f"the same at {FRONT}, the gondola's end at the tills."
        ),
        scenario=displayed,
        observe=observe,
        checks=(
            *(_check(i, product) for i, product in enumerate(PUBLISHED)),
            Check("mean lift, rear less front", rear_over_front, 0, np.inf, "rear no worse", "emerges", "points"),
        ),
        takes_s=90,
    ),
)
