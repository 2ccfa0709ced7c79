"""Facts 1, 5, 7, 8, 9, 12: how far, how long, and through how much of the store customers go."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from math import inf

import numpy as np

from storesim.engine.log import Kind
from storesim.inputs.case import Scenario
from storesim.inputs.floor_plan import FloorPlan
from storesim.results.day import Day
from storesim.validate.fact import Check, Fact, Floats
from storesim.validate.facts.ways import covered, excursions
from storesim.validate.stores import market, supermarket

SQUARE_M = 4.0
"""Squares by which coverage is measured: about as far as one sees goods."""
SHORT_S = 600.0
PERIMETER = (
    "flowers", "produce", "bakery", "deli", "seafood", "meat", "dairy back", "dairy", "beer", "household",
    "front", "produce side",
)  # fmt: skip
"""The racetrack: zones along the walls, and those in front of and beside the aisles."""
IN_AISLE_M = 2.4
"""So far from either end of its zone a customer is in an aisle: past the end caps, and a step and a half further."""

STORE = "Supermarket of 4,000 m² with 17 aisles, the example market's missions, lists and segments"


def trip_s(day: Day) -> Floats:
    """Return seconds from door to door of each customer, the tills included; shape (customers,)."""
    moves = day.trips.moves
    seconds = np.zeros(len(day.population))
    for kind, sign in ((Kind.ENTER, -1), (Kind.LEAVE, 1)):
        rows = moves.rows(kind)
        seconds[moves.customer[rows]] += sign * moves.t_s[rows]
    return seconds


def zone_s(day: Day) -> Floats:
    """Return seconds in each zone up to the tills, all customers together; shape (zones,)."""
    trips, floor = day.trips, day.floor
    walking = (1 / day.population.speed_m_s) @ (trips.traversals @ floor.edge_zone_m)
    stood = np.asarray(trips.stood_s.sum(axis=0)).ravel()
    inside = floor.places.zone >= 0
    return np.asarray(walking + np.bincount(floor.places.zone[inside], stood[inside], len(floor.plan.zones)))


def mean_path(days: tuple[Day, ...]) -> Floats:
    """Return the mean metres walked from door to door; shape (1,)."""
    return np.array([days[0].trips.walked_m.mean()])


def durations(days: tuple[Day, ...]) -> Floats:
    """Return mean minutes from door to door, the share of short trips, and mean minutes in the aisles; shape (3,)."""
    day = days[0]
    seconds = trip_s(day)
    centre = zone_s(day)[_zones(day.floor.plan, aisles=True)].sum() / len(seconds)
    return np.array([seconds.mean() / 60, (seconds < SHORT_S).mean(), centre / 60])


def coverage(days: tuple[Day, ...]) -> Floats:
    """Return, of each store, the share of trips that cover under a quarter of it, and the mean share; shape (4,)."""
    shares = [covered(day, (SQUARE_M, SQUARE_M)) for day in days]
    return np.array([number for share in shares for number in ((share < 0.25).mean(), share.mean())])


def two_stores() -> Scenario:
    """Return the supermarket and, as a second variant, the example market for the same customers."""
    scenario = supermarket()
    return replace(scenario, cases=(scenario.cases[0], replace(market().cases[0], name="market")))


def home_base(days: tuple[Day, ...]) -> Floats:
    """Return metres in the perimeter and in the aisles, aisle entries, those left by the same end; shape (6,).

    And the mean speeds on the last leg to the tills and on all others, metres a second.
    """
    day = days[0]
    metres = day.trips.edge_walks @ day.floor.edge_zone_m
    entered, same = excursions(day, _aisle_boxes(day.floor.plan))
    plan = day.floor.plan
    return np.array([
        metres[_zones(plan, aisles=False)].sum(), metres[_zones(plan, aisles=True)].sum(), entered, same, *_speeds(day)
    ])  # fmt: skip


def _speeds(day: Day) -> tuple[float, float]:
    trips = day.trips
    cumulative = np.concatenate(([0.0], np.cumsum(day.floor.ways.edge_m[trips.edges])))
    metres, seconds = np.diff(cumulative[trips.first]), trips.moves.lasts_s(trips.row)
    last = np.append(trips.customer[1:] != trips.customer[:-1], True)
    return float(metres[last].sum() / seconds[last].sum()), float(metres[~last].sum() / seconds[~last].sum())


def acquiring(days: tuple[Day, ...]) -> Floats:
    """Return seconds at shelves and seconds from door to door, all customers together; shape (2,)."""
    return np.array([days[0].trips.stood_s.sum(), trip_s(days[0]).sum()])


def at(number: int) -> Callable[[Floats], float]:
    """Return the function from means to one of the observed numbers."""
    return lambda mean: float(mean[number])


def over(part: int, whole: int) -> Callable[[Floats], float]:
    """Return the function from means to the ratio of two observed numbers."""
    return lambda mean: float(mean[part] / mean[whole])


def _zones(plan: FloorPlan, aisles: bool) -> list[int]:
    """Return the numbers of the aisles' zones, or of the perimeter's."""
    return [i for i, zone in enumerate(plan.zones) if (_is_aisle(zone.id) if aisles else zone.id in PERIMETER)]


def _is_aisle(zone: str) -> bool:
    return zone.startswith("aisle") or zone == "frozen"


def _aisle_boxes(plan: FloorPlan) -> Floats:
    """Return left, front, right and back of each aisle between its ends; shape (aisles, 4)."""
    corners = [np.array(zone.outline) for zone in plan.zones if _is_aisle(zone.id)]
    boxes = np.array([np.concatenate((outline.min(axis=0), outline.max(axis=0))) for outline in corners])
    return np.asarray(boxes + np.array([0, IN_AISLE_M, 0, -IN_AISLE_M]))


_fact = partial(Fact, scenario=supermarket, takes_s=10)

FACTS = (
    _fact(
        number=1,
        title="Path length",
        source="Hui, Inman, Huang & Suher 2013",
        setting=f"{STORE}. Metres from door to door.",
        observe=mean_path,
        checks=(Check("mean path", at(0), 300, 550, "about 427 m", "fitted", "m"),),
        quick=True,
    ),
    Fact(
        number=5,
        title="Coverage",
        source="Sorensen et al. 2017, 654,000 trips",
        setting=(
            f"{STORE}, and the example market of 1,400 m². Share of the squares of {SQUARE_M:g} m with a way through "
            "them that a customer crosses."
        ),
        scenario=two_stores,
        observe=coverage,
        checks=(
            Check("trips covering under a quarter", at(0), 0.5, 1.0, "most", "emerges"),
            Check("trips covering under a quarter, in the market", at(2), 0.5, 1.0, "most", "emerges"),
            Check("mean share covered", at(1), -inf, inf, "", "reported"),
            Check("mean share covered, in the market", at(3), -inf, inf, "", "reported"),
        ),
        takes_s=45,
    ),
    _fact(
        number=7,
        title="Short trips",
        source="Sorensen et al. 2017, 654,000 trips",
        setting=f"{STORE}. From door to door, the tills included.",
        observe=durations,
        checks=(Check("trips under 10 minutes", at(1), 0.25, 0.42, "a third", "emerges"),),
        quick=True,
    ),
    _fact(
        number=8,
        title="Trip duration",
        source="2 million tracked trips",
        setting=f"{STORE}. From door to door, the tills included; the centre store is the 16 aisles.",
        observe=durations,
        checks=(
            Check("mean trip", at(0), 10, 16, "13 minutes", "fitted", "min"),
            Check("of them in the centre store", at(2), -inf, inf, "2 minutes", "reported", "min"),
        ),
        quick=True,
    ),
    _fact(
        number=9,
        title="Perimeter as home base",
        source="Larson, Bradlow & Fader 2005",
        setting=(
            f"{STORE}. Perimeter: the departments along the walls with the front and the main aisle. An aisle is "
            "entered once the customer is past its end cap and a step and a half further."
        ),
        observe=home_base,
        checks=(
            Check("metres in the perimeter over those in aisles", over(0, 1), 1.0, inf, "home base", "fitted"),
            Check("aisle entries left by the same end", over(3, 2), 0.5, 1.0, "most", "emerges"),
            Check("speed towards the tills over that elsewhere", over(4, 5), -inf, inf, "above 1", "reported"),
        ),
        takes_s=10,
    ),
    _fact(
        number=12,
        title="Time spent acquiring",
        source="Sorensen; SRI",
        setting=f"{STORE}. Seconds standing at shelves over seconds from door to door.",
        observe=acquiring,
        checks=(Check("share of the trip at shelves", over(0, 1), 0.2, 0.5, "20 to 50 %", "emerges"),),
        quick=True,
    ),
)
