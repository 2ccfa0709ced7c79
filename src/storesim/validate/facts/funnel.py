"""Facts 16 and 17: how many of those who pass a display notice it, and what becomes of those at the shelf of snacks."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from storesim.engine.log import Kind
from storesim.inputs.case import Case, Placement, Scenario
from storesim.inputs.floor_plan import Fixture
from storesim.results.day import Day
from storesim.validate.fact import Check, Fact, Floats
from storesim.validate.facts.measures import numbers, whole_fixture
from storesim.validate.stores import supermarket

SNACKS = "bag snacks"
DISPLAY = "end_cap"
"""Kind of fixture that shows a product off."""
PRESENT_S = 1.0
"""Seconds that a shelf is in full view of who is present at it: those who cross the far end of an aisle are not."""
VISITS = 800
FACTOR = 2.0
"""What 'in the order of' means for a ratio: within a factor of 2."""


def as_it_is() -> Scenario:
    """Return the supermarket alone."""
    scenario = supermarket()
    return _alone(scenario, scenario.cases[0])


def with_displays() -> Scenario:
    """Return the supermarket with a display on all of every end cap."""
    scenario = supermarket()
    return _alone(scenario, stocked(scenario.cases[0]))


def stocked(case: Case) -> Case:
    """Return the case with each end cap given to the product that has most shelf on its gondola.

    An end cap is named after its gondola: G4-north is that of G4.
    """
    caps = [fixture for fixture in case.plan.fixtures if fixture.kind == DISPLAY]
    names = {cap.id for cap in caps}
    homes = tuple(place for place in case.placements if place.fixture not in names)
    return replace(case, placements=(*homes, *(place for cap in caps for place in _display(cap, homes))))


def _display(cap: Fixture, homes: tuple[Placement, ...]) -> Iterator[Placement]:
    gondola = cap.id.rpartition("-")[0]
    metres: dict[str, float] = {}
    for place in homes:
        if place.fixture == gondola:
            metres[place.product] = metres.get(place.product, 0.0) + place.metres
    if metres:
        yield from whole_fixture(cap, max(metres, key=metres.__getitem__))


def _alone(scenario: Scenario, case: Case) -> Scenario:
    return replace(scenario, visits_per_day=float(VISITS), cases=(case,), baseline=case.name)


def observe_displays(days: tuple[Day, ...]) -> Floats:
    """Return the share of those who passed that noticed, a display each; shape (displays,)."""
    funnel = days[0].funnels.fixtures
    shown = [fixture.kind == DISPLAY for fixture in days[0].floor.plan.fixtures]
    return np.asarray(funnel.noticed[shown] / np.maximum(funnel.passed[shown], 1))


def observe_snacks(days: tuple[Day, ...]) -> Floats:
    """Return visits, and those present at the snacks, engaged with them, and buying them; shape (4,)."""
    day, snacks = days[0], int(numbers(days[0].scenario, (SNACKS,))[0])
    customers = np.arange(len(day.population))
    needs, baskets, log = day.population.needs, day.baskets, day.log
    listed = np.isin(customers, needs.customer[needs.product == snacks])
    stopped = np.isin(customers, log.customer[(log.kind == Kind.STOP) & (log.product == snacks)])
    at_shelf = np.asarray(day.exposure[:, [snacks]].todense()).ravel() > 0
    present = (day.trips.in_view_s(slice(None))[at_shelf].sum(axis=0) >= PRESENT_S) | stopped
    engaged = day.funnels.products.noticed[snacks] + np.count_nonzero(listed & stopped)
    bought = np.unique(baskets.customer[baskets.paid & (baskets.product == snacks)])
    return np.array([len(customers), np.count_nonzero(present), engaged, len(bought)], dtype=np.float64)


def _share(part: int, whole: int) -> Check:
    names = ("visits", "present", "engaged", "bought")
    published = {(1, 0): 26.3, (2, 1): 47.0, (3, 2): 56.0}[part, whole]
    gated = whole > 0
    return Check(
        f"{names[part]} of {names[whole]}",
        lambda mean: float(100 * mean[part] / mean[whole]),
        published / FACTOR,
        min(published * FACTOR, 100.0),
        f"{published} %",
        "emerges" if gated else "reported",
        "%",
    )


NOTICED = Fact(
    number=17,
    title="Displays noticed",
    source="field counts",
    setting=(
        "Supermarket of 4,000 m²; each end cap shows the product with most shelf on its gondola. Who noticed it, of "
        "those who had any of it in view within 4 m; the mean over all end caps."
    ),
    scenario=with_displays,
    observe=observe_displays,
    checks=(Check("noticed of passed", lambda m: float(100 * m.mean()), 9, 12, "9 % to 12 %", "fitted", "%"),),
    quick=True,
)
SNACK_FUNNEL = Fact(
    number=16,
    title="Salty snacks",
    source="VideoMining: 26.3 % present, 12.4 % engaged, 56 % of these buy",
    setting=(
        f"Supermarket of 4,000 m²; {SNACKS}. Present: had the shelf {PRESENT_S:.0f} s in full view. Engaged: noticed "
        f"it, or stopped for what was on the list. Gated: each step within a factor of {FACTOR:.0f} of what was seen; "
        "how many are present at all depends on the store."
    ),
    scenario=as_it_is,
    observe=observe_snacks,
    checks=(_share(1, 0), _share(2, 1), _share(3, 2)),
    quick=True,
)
FACTS = (SNACK_FUNNEL, NOTICED)
