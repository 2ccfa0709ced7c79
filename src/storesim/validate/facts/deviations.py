"""Fact 10: a path is the shortest tour through what was bought, plus what its order adds, plus what its ways add."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from storesim.behaviour.tour import shortest_tour, tour_m
from storesim.engine.log import Kind
from storesim.inputs.case import Scenario
from storesim.results.day import Day
from storesim.validate.fact import Check, Fact, Floats
from storesim.validate.facts.measures import Ints
from storesim.validate.stores import supermarket

VISITS = 150.0
EXACT_WAYS = 0
"""The habit map of exact shortest ways."""


def a_few() -> Scenario:
    """Return the supermarket with few visits: tours of long lists take time."""
    return replace(supermarket(), visits_per_day=VISITS)


@dataclass(frozen=True)
class Path:
    """One customer's way from the door to the tills, in metres, and what the basket was worth."""

    tour: float
    """Shortest order of the places bought at, along exact shortest ways."""
    order: float
    """What the order walked adds, along the same ways."""
    travel: float
    """What other ways, detours and places without a purchase add."""
    basket: float


def paths(day: Day) -> Iterator[Path]:
    """Yield the path of every customer who paid, the three parts adding up to the metres walked to the tills."""
    trips, floor = day.trips, day.floor
    walked_m = trips.traversals @ floor.ways.edge_m
    distance_m = floor.ways.distance_m[EXACT_WAYS].astype(np.float64)
    value = np.bincount(day.baskets.customer, day.baskets.amount * day.baskets.paid, len(day.population))
    for customer, places in _visited(day):
        way = distance_m[np.ix_(places, places)]
        between, home = way[:-1, :-1], way[:-1, -1]
        as_walked = tour_m(list(range(1, len(home))), between, home)
        tour = min(tour_m(shortest_tour(between, home), between, home), as_walked)
        yield Path(tour, as_walked - tour, float(walked_m[customer]) - as_walked, float(value[customer]))


def _visited(day: Day) -> Iterator[tuple[int, Ints]]:
    """Yield each payer with the door, the places bought at in the order of the first purchase, and the checkout."""
    log = day.log
    rows = np.flatnonzero(np.isin(log.kind, (Kind.ENTER, Kind.TAKE, Kind.PAY)))
    rows = rows[np.argsort(log.customer[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(log.customer[rows], prepend=-1))
    for own in np.split(rows, starts[1:]):
        if log.kind[own[-1]] == Kind.PAY:
            places = dict.fromkeys(log.place[own].tolist())
            yield int(log.customer[own[0]]), np.array(list(places))


def observe(days: tuple[Day, ...]) -> Floats:
    """Return the sums that correlations are made of: of 1, tour, order, travel, basket, and products; shape (25,)."""
    table = np.array([(1.0, p.tour, p.order, p.travel, p.basket) for p in paths(days[0])])
    return np.asarray((table.T @ table).ravel())


def correlation(one: int, other: int, moments: Floats) -> float:
    """Return the correlation over customers of two columns of `observe`, from the mean of what it returns."""
    table = moments.reshape(5, 5) / moments[0]
    covariance = table - np.outer(table[0], table[0])
    return float(covariance[one, other] / np.sqrt(covariance[one, one] * covariance[other, other]))


TOUR, ORDER, TRAVEL, BASKET = 1, 2, 3, 4


def of_path(part: int, moments: Floats) -> float:
    """Return the share of a part in the metres walked."""
    return float(moments[part] / moments[TOUR : TRAVEL + 1].sum())


FACTS = (
    Fact(
        number=10,
        title="Deviations",
        source="Hui, Fader & Bradlow 2009",
        setting=(
            "Supermarket of 4,000 m², customers who paid, from the door to the tills. Tour: shortest order of the "
            "places bought at; order: what the order walked adds; travel: what the ways walked add. Correlations over "
            "customers."
        ),
        scenario=a_few,
        observe=observe,
        checks=(
            Check("basket value with order deviation", lambda m: correlation(BASKET, ORDER, m), 0.0, 1.0,
                  "positive", "emerges"),
            Check("less that with travel deviation",
                  lambda m: correlation(BASKET, ORDER, m) - correlation(BASKET, TRAVEL, m), 0.0, inf,
                  "larger", "emerges"),
            Check("order deviation in the path", lambda m: of_path(ORDER, m), -inf, inf, "", "reported"),
            Check("travel deviation in the path", lambda m: of_path(TRAVEL, m), -inf, inf, "a large part", "reported"),
        ),
        takes_s=5,
    ),
)  # fmt: skip
