"""Coupons: who holds which, who follows, and how the way changes."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from storesim.behaviour.coupons import Ground, detour_m, followed, held
from storesim.behaviour.itinerary import plan
from storesim.behaviour.trips import Itineraries
from storesim.customers.population import Pairs, Population
from storesim.customers.steps import Steps
from storesim.inputs.case import Case, Coupon, Placement, Product, Scenario, Segment
from storesim.inputs.parameters import Parameters
from storesim.store.floor import Floor
from storesim.store.shelves import fill

HOMES = {"tea": (1,), "jam": (2,), "rusks": (3,), "honey": ()}
TEA, JAM, RUSKS, HONEY = range(4)
BAYS = [(20.0, 0.0), (20.0, 15.0), (20.0, 40.0)]
"""Tea lies on the straight way from the door at 0 m to the till at 50 m, jam off it, rusks far off it."""
OFF_M = (0.0, (20**2 + 15**2) ** 0.5 + (30**2 + 15**2) ** 0.5 - 50, (20**2 + 40**2) ** 0.5 + 50 - 50)


@pytest.fixture(scope="module")
def goods(make_product: Callable[..., Product], make_scenario: Callable[..., Scenario]) -> Scenario:
    """Four products; everybody walks to the nearest next and looks at nothing else on the way."""
    straight = Parameters(order_theta=1e6, wander_p=0.0)
    return make_scenario(*(make_product(name) for name in HOMES), parameters=straight)


@pytest.fixture(scope="module")
def ground(open_floor: Callable[..., Floor], goods: Scenario) -> Callable[..., Ground]:
    """The goods in a room, and customers on their way through it without coupons."""

    def make(people: Population, scenario: Scenario = goods) -> Ground:
        floor = open_floor(BAYS)
        placements = [Placement(p, "F", "front", bay, (1, 4), 5.0) for p, bays in HOMES.items() for bay in bays]
        shelves = fill(Case("variant", floor.plan, tuple(placements)), scenario.products, floor)
        return Ground(scenario, floor, shelves, people, plan(floor, shelves, people, scenario))

    return make


@pytest.fixture(scope="module")
def crowd(make_customers: Callable[..., Population]) -> Callable[..., Population]:
    """Customers with these lists, to whom any coupon for anything else may go; u decides who follows."""

    def make(count: int, needs: list[tuple[int, int]] | None = None, u: float = 0.0) -> Population:
        listed = needs or []
        others = [(c, p) for c in range(count) for p in range(len(HOMES)) if (c, p) not in listed]
        people = make_customers(count, needs=listed, candidates=others)
        longer = Steps.drawn(np.diff(people.needs.first) + 2, lambda _: np.full(count, 0.5))
        return replace(people, u_order=longer, u_coupon={p: np.full(count, u) for p in range(len(HOMES))})

    return make


def coupon(*products: str, **changes: object) -> Coupon:
    """One coupon for everybody, always followed, at the regular price."""
    values: dict[str, object] = {"each": 1, "target": "any", "p_follow": 1.0, "price_cut": 0.0}
    return Coupon(products, **(values | changes))  # type: ignore[arg-type]


def holders(found: np.ndarray) -> list[list[int]]:
    return [np.flatnonzero(row).tolist() for row in found]


def planned(where: Ground, *coupons: Coupon) -> Itineraries:
    return plan(where.floor, where.shelves, where.population, where.scenario, coupons)


def products_of(trips: Itineraries, people: Population) -> list[int]:
    """Return the products of all stops in the order walked."""
    return np.concatenate((people.needs.product, people.candidates.product))[trips.pair].tolist()


def walked_m(trips: Itineraries, floor: Floor) -> float:
    """Return the metres of the first customer's planned way, door to till."""
    stops = trips.place[: trips.first[1]].tolist()
    way = [int(trips.door[0]), *stops, len(floor.places.names) - 1]
    return sum(float(floor.ways.distance_m[0, a, b]) for a, b in pairwise(way))


# Which coupons


def test_a_detour_is_what_the_way_grows_by(ground: Callable[..., Ground], crowd: Callable[..., Population]) -> None:
    without_list = ground(crowd(1))
    assert [detour_m(without_list, p)[0] for p in (TEA, JAM, RUSKS)] == pytest.approx(OFF_M, abs=1e-4)
    by_jam = ground(crowd(1, needs=[(0, JAM)]))
    # From jam at (20, 15) it is 25 m to rusks at (20, 40), and 50 m from there to the till.
    to_till = (30**2 + 15**2) ** 0.5
    assert detour_m(by_jam, RUSKS)[0] == pytest.approx(25 + 50 - to_till, abs=1e-4)
    assert detour_m(by_jam, HONEY)[0] == np.inf


@pytest.mark.parametrize(("target", "gets"), [("near", [TEA]), ("far", [RUSKS]), ("any", [JAM])])
def test_the_target_says_which_coupon_a_customer_gets(
    ground: Callable[..., Ground], crowd: Callable[..., Population], target: str, gets: list[int]
) -> None:
    found = held(coupon("jam", "rusks", "tea", target=target), np.array([JAM, RUSKS, TEA]), ground(crowd(2)))
    assert [[(JAM, RUSKS, TEA)[nth] for nth in row] for row in holders(found)] == [gets, gets]


def test_nobody_gets_a_coupon_for_what_is_on_the_list(
    ground: Callable[..., Ground], crowd: Callable[..., Population]
) -> None:
    people = crowd(3, needs=[(0, RUSKS), (1, RUSKS), (1, JAM), (2, TEA)])
    whatever = coupon("tea", "jam", "rusks", each=3)
    assert holders(held(whatever, np.arange(3), ground(people))) == [[TEA, JAM], [TEA], [JAM, RUSKS]]
    farthest = held(replace(whatever, each=1, target="far"), np.arange(3), ground(people))
    assert holders(farthest) == [[TEA], [TEA], [RUSKS]]  # the way to rusks leads past jam, and farther past tea


def test_a_customer_gets_no_more_than_there_are_and_none_without_a_home(
    ground: Callable[..., Ground], crowd: Callable[..., Population]
) -> None:
    everything = coupon("tea", "honey", "rusks", each=3)
    assert holders(held(everything, np.array([TEA, HONEY, RUSKS]), ground(crowd(1)))) == [[0, 2]]
    assert holders(held(replace(everything, each=1), np.array([HONEY, RUSKS, TEA]), ground(crowd(1)))) == [[1]]


def test_coupons_go_to_those_they_are_for(
    ground: Callable[..., Ground],
    crowd: Callable[..., Population],
    goods: Scenario,
    make_segment: Callable[..., Segment],
) -> None:
    segments = (make_segment("a", tier="guest"), make_segment("b", tier="member"), make_segment("c", tier="member"))
    people = replace(crowd(3), segment=np.array([0, 1, 2]))
    where = ground(people, replace(goods, segments=segments))
    addressed = [
        np.flatnonzero(held(coupon("tea", **whom), np.array([TEA]), where)).tolist()
        for whom in (
            {},
            {"tiers": frozenset({"member"})},
            {"segments": frozenset({"a", "b"})},
            {"tiers": frozenset({"member"}), "segments": frozenset({"a", "b"})},
        )
    ]
    assert addressed == [[0, 1, 2], [1, 2], [0, 1], [1]]


# Who follows


def test_who_follows_a_coupon_is_one_uniform(ground: Callable[..., Ground], crowd: Callable[..., Population]) -> None:
    people = replace(crowd(4), u_coupon={JAM: np.array([0.0, 0.29, 0.3, 0.9])})
    ratio = followed((coupon("jam", p_follow=0.3, price_cut=0.2),), ground(people))
    assert ratio == {4 * customer + JAM: 0.8 for customer in (0, 1)}  # four candidates a customer, and no needs


def test_of_two_coupons_for_a_product_the_lower_price_counts(
    ground: Callable[..., Ground], crowd: Callable[..., Population]
) -> None:
    dear, cheap = coupon("jam", price_cut=0.1), coupon("jam", price_cut=0.3)
    for coupons in ((dear, cheap), (cheap, dear)):
        assert followed(coupons, ground(crowd(1))) == {JAM: 0.7}


def test_a_coupon_followed_is_a_stop_in_the_order_of_the_walk(
    ground: Callable[..., Ground], crowd: Callable[..., Population]
) -> None:
    people = crowd(2, needs=[(0, TEA), (0, RUSKS), (1, TEA)])
    where = ground(people)
    trips = planned(where, coupon("jam", price_cut=0.2))
    assert products_of(trips, people) == [TEA, JAM, RUSKS, TEA, JAM]
    assert trips.first.tolist() == [0, 3, 5]
    assert trips.place.tolist() == [0, 1, 2, 0, 1]
    extra = [pair for pair in trips.pair.tolist() if pair >= len(people.needs.product)]
    assert trips.price_ratio == dict.fromkeys(extra, 0.8)
    medians = where.scenario.parameters.dwell_median_s  # every uniform is a half
    assert trips.dwell_s == pytest.approx([medians] * 5)


def test_without_followers_the_trips_are_those_without_coupons(
    ground: Callable[..., Ground], crowd: Callable[..., Population]
) -> None:
    people = crowd(3, needs=[(0, TEA), (0, JAM), (2, RUSKS)], u=0.5)
    where = ground(people)
    for unheeded in (coupon("jam", "rusks", p_follow=0.0), coupon("jam", "rusks", p_follow=0.5)):
        trips = planned(where, unheeded)
        for column in ("habit", "door", "first", "pair", "place", "dwell_s"):
            assert np.array_equal(getattr(trips, column), getattr(where.trips, column)), column
        assert trips.price_ratio == {}


def test_far_coupons_lengthen_the_way_more_than_near_ones(
    ground: Callable[..., Ground], crowd: Callable[..., Population]
) -> None:
    where = ground(crowd(1))
    near, far = (planned(where, coupon("tea", "jam", "rusks", target=target)) for target in ("near", "far"))
    assert walked_m(near, where.floor) == pytest.approx(walked_m(where.trips, where.floor))
    assert walked_m(far, where.floor) == pytest.approx(50 + OFF_M[RUSKS], abs=1e-3)


def test_the_uniforms_of_a_stop_are_those_of_the_pair(
    ground: Callable[..., Ground], crowd: Callable[..., Population], pairs: Callable[..., Pairs]
) -> None:
    """A coupon's product is looked for and looked at as it would be from a list."""
    candidates = pairs([(0, TEA), (0, JAM)], 1, u_dwell=[0.1, 0.9])
    people = replace(crowd(1), candidates=candidates)
    short, long = (planned(ground(people), coupon(name)).dwell_s[0] for name in ("tea", "jam"))
    assert short < ground(people).scenario.parameters.dwell_median_s < long
