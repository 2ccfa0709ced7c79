"""Fact 2: destination categories moved apart, or coupons far from the way, make for more that was not planned."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from storesim.behaviour.itinerary import look_for
from storesim.behaviour.offers import ceilings
from storesim.behaviour.tour import shortest_tour, tour_m
from storesim.customers.draw import draw_population
from storesim.customers.laws import pick
from storesim.customers.population import Population
from storesim.customers.propensity import propensity
from storesim.inputs.case import Case, Product, Scenario
from storesim.inputs.relocate import NoRoomError, move_beside
from storesim.results.day import Day
from storesim.store.floor import Floor
from storesim.store.shelves import fill
from storesim.validate.fact import Check, Fact, Floats
from storesim.validate.facts.coupons import COUPONED, PRODUCTS, with_coupons
from storesim.validate.facts.measures import Ints, change, penetration, planned_share, planned_units, unplanned_spend
from storesim.validate.stores import floor, supermarket

MOVED = 3
COUPONS = 3
GAIN = 0.10
"""Aimed at, on the mean shortest tour."""
SAMPLE_VISITS = 400
SAMPLE_DAY = 10_000
"""The replication that the sample comes from: one that nobody plays."""
OBSERVED_TOURS = 150
VISITS = 600
SHELVES = ("gondola", "wall", "multideck")


def sent_further() -> Scenario:
    """Return the supermarket as it is, with its destinations moved, and with three coupons far off the way."""
    scenario = spread(replace(supermarket(), visits_per_day=float(VISITS)))
    targeted = with_coupons(scenario.cases[0], "far", COUPONS)
    return replace(scenario, cases=(*scenario.cases, targeted))


def spread(scenario: Scenario) -> Scenario:
    """Return a scenario's baseline, and the same store with the destination categories moved by the rule."""
    home = scenario.cases[0]
    sample = _Sample.of(scenario, home)
    target_m = (1 + GAIN) * sample.mean_m(home)
    case = home
    for product in destinations(scenario):
        case = min(_moves(case, product), key=lambda moved: abs(sample.mean_m(moved) - target_m))
    return replace(scenario, cases=(home, replace(case, name="relocated")), baseline=home.name)


def destinations(scenario: Scenario) -> tuple[str, ...]:
    """Return the products that stand on most lists: penetration times planned share, the highest first."""
    incidence = penetration(scenario) * np.array([planned_share(p) for p in scenario.products])
    return tuple(scenario.products[i].id for i in np.argsort(-incidence, kind="stable")[:MOVED])


def _moves(case: Case, product: str) -> Iterator[Case]:
    """Yield the case as it is, and with the product beside the main product of each side of a shelf."""
    yield case
    for beside in main_products(case):
        if beside != product:
            try:
                yield replace(case, placements=move_beside(case.placements, product, beside).placements)
            except NoRoomError:
                continue


def main_products(case: Case) -> tuple[str, ...]:
    """Return the product with most metres on each side of each shelf, in the order of the plan, once each."""
    shelves = [f for f in case.plan.fixtures if f.kind in SHELVES]
    metres: dict[tuple[str, str], dict[str, float]] = {(f.id, face.name): {} for f in shelves for face in f.faces}
    for place in case.placements:
        here = metres.get((place.fixture, place.face))
        if here is not None and not place.display:
            here[place.product] = here.get(place.product, 0.0) + place.metres
    return tuple(dict.fromkeys(max(here, key=here.__getitem__) for here in metres.values() if here))


@dataclass(frozen=True)
class _Sample:
    """Some customers with their shortest tours in one case, to be compared with those in others."""

    products: tuple[Product, ...]
    floor: Floor
    population: Population
    place: Ints
    metres: Floats

    @classmethod
    def of(cls, scenario: Scenario, case: Case) -> "_Sample":
        """Return the sample in a case."""
        small = replace(scenario, visits_per_day=float(SAMPLE_VISITS))
        ground = floor(case.plan, scenario.parameters, scenario.seed)
        population = draw_population(small, propensity(small), ceilings(small), SAMPLE_DAY)
        place = look_for(population.needs, fill(case, scenario.products, ground))
        everybody = np.arange(len(population))
        return cls(scenario.products, ground, population, place, tours_m(ground, population, place, everybody))

    def mean_m(self, case: Case) -> float:
        """Return the mean tour in another case on the same floor; only those who look elsewhere walk anew."""
        place = look_for(self.population.needs, fill(case, self.products, self.floor))
        elsewhere = np.unique(self.population.needs.customer[place != self.place])
        metres = self.metres.copy()
        metres[elsewhere] = tours_m(self.floor, self.population, place, elsewhere)
        return float(metres.mean())


def tours_m(floor: Floor, population: Population, place: Ints, customers: Ints) -> Floats:
    """Return the shortest tours of some customers, in metres: door, all on the list that can be reached, nearest tills.

    Args:
        floor: walked along map 0, the exact shortest ways.
        population: gives doors and lists.
        place: shape (needs,), where each product on a list is looked for.
        customers: whose tours.
    """
    bays, doors = floor.places.bays, floor.places.doors
    width = np.array([0.0 if door.way == "out" else door.width_m for door in floor.plan.doors])
    door = bays + pick(population.u_door, width / width.sum())
    metres, first = floor.ways.distance_m[0], population.needs.first
    found = np.empty(len(customers))
    for row, customer in enumerate(customers):
        stops = np.unique(place[first[customer] : first[customer + 1]])
        points = np.concatenate(([door[customer]], stops[stops >= 0]))
        between, home = metres[np.ix_(points, points)], metres[points, bays + doors :].min(axis=1)
        found[row] = tour_m(shortest_tour(between, home), between, home)
    return found


def observe(days: tuple[Day, ...]) -> Floats:
    """Return six numbers of each variant, shape (18,).

    Unplanned spend, the same but for the coupons' products, and but for those moved; planned units; metres walked and
    shortest tour, means.
    """
    moved = destinations(days[0].scenario)
    return np.concatenate([_observe(day, moved) for day in days])


def _observe(day: Day, moved: tuple[str, ...]) -> Floats:
    place = look_for(day.population.needs, fill(day.case, day.scenario.products, day.floor))
    few = np.arange(min(OBSERVED_TOURS, len(day.population)))
    spend = (unplanned_spend(day, without).sum() for without in ((), PRODUCTS, moved))
    tours = tours_m(day.floor, day.population, place, few)
    return np.array([*spend, planned_units(day), day.trips.walked_m.mean(), tours.mean()])


FACTS = (
    Fact(
        number=2,
        title="Relocation, promotions",
        source="Hui, Inman, Huang & Suher 2013",
        setting=(
            f"Supermarket of 4,000 m². The {MOVED} products on most lists (penetration times planned share) move one "
            "after the other, metre for metre, beside the main product of that side of a shelf which brings the mean "
            f"shortest tour of {SAMPLE_VISITS} customers nearest to {100 * GAIN:.0f} % over the store as it was: where "
            f"that is out of reach, as far as it goes. Promotions: {COUPONED} {COUPONS} coupons each, the farthest off "
            "the way; the products of the coupons are left out."
        ),
        scenario=sent_further,
        observe=observe,
        checks=(
            Check("unplanned spend, relocated", change(6, 0), 4, 11, "+7.2 %", "emerges", "%"),
            Check("planned units, relocated", change(9, 3), -1, 1, "unchanged", "emerges", "%"),
            Check("shortest tour, relocated", change(11, 5), -np.inf, np.inf, "the rule's", "reported", "%"),
            Check("metres walked, relocated", change(10, 4), -np.inf, np.inf, "", "reported", "%"),
            Check("unplanned spend but for what moved", change(8, 2), -np.inf, np.inf, "", "reported", "%"),
            Check("unplanned spend, promotions", change(13, 1), 10, 22, "+16.1 %", "emerges", "%"),
            Check("the same with what they promote", change(12, 0), -np.inf, np.inf, "", "reported", "%"),
            Check("metres walked, promotions", change(16, 4), -np.inf, np.inf, "", "reported", "%"),
        ),
        takes_s=60,
    ),
)
