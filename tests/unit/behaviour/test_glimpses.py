"""What legs show to whom: by hand in an open room, and against a slow walk edge by edge in the small shop."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from storesim.behaviour.crowding import MOST_GAIN
from storesim.behaviour.glimpses import (
    Glimpses,
    Traversals,
    Views,
    elapsed_s,
    exposure_by_customer,
    glimpses,
    interest,
    views,
)
from storesim.behaviour.itinerary import Itineraries, Legs, legs_of, plan
from storesim.behaviour.watching import Watched, watched
from storesim.customers.population import Floats, Pairs, Population
from storesim.engine.shop import Shop
from storesim.experiment.replication import Ready
from storesim.store.floor import Floor
from storesim.store.shelves import Shelves

TEA, JAM = 0, 1
TEA_DISPLAY = 2
SOME = range(0, 250, 5)
"""Customers of the small shop that are looked at one by one."""
ALL = np.ones(100_000)
"""Everything in view counts, however late."""


# By hand: four bays 10 m apart, the door (place 4) at 0 m and the till (place 5) at 50 m


def shelves_of(tea: list[int], jam: list[int], display: list[int]) -> Shelves:
    """Tea and jam at home in these bays, tea on display in those, a metre in each."""
    counts = [len(tea), len(jam), len(display)]
    return Shelves(
        np.array([TEA, JAM, TEA]),
        np.array([False, False, True]),
        np.array([-1, -1, -1]),
        np.cumsum([0, *counts]),
        np.array([*tea, *jam, *display], dtype=int),
        np.ones(sum(counts)),
        np.full(sum(counts), 0.5),
    )


@pytest.fixture(scope="module")
def room(open_floor: Callable[..., Floor]) -> Floor:
    """On the way from the door to the third bay one sees the first for 4 m and the second for 2 m in full view."""
    seen_m = np.zeros((36, 4))
    seen_m[4 * 6 + 2, :2] = 4.0, 2.0
    return open_floor([(10.0, 0.0), (20.0, 0.0), (30.0, 0.0), (40.0, 0.0)], seen_m=seen_m)


def on_the_way(
    room: Floor, shelves: Shelves, attention: dict[tuple[int, int], float], crowd: Population, *legs: tuple[object, ...]
) -> Glimpses:
    """Return the glimpses of legs (customer, start, end, stood_s) with this attention by (bay, presence)."""
    table = np.zeros((4, 3))
    for at, notices in attention.items():
        table[at] = notices
    columns = (np.array(column) for column in zip(*legs, strict=True))
    habit = np.zeros(len(crowd), dtype=int)
    watch, all_of_it = watched(crowd, shelves), np.ones(len(legs))
    return glimpses(Legs(*columns), habit, room, shelves, views(room, table), watch, crowd.speed_m_s, all_of_it)


def test_exposure_is_attention_times_metres_over_speed_and_seconds_stood(
    room: Floor, make_customers: Callable[..., Population], pairs: Callable[..., Pairs]
) -> None:
    """Jam in both bays passed: 0.1 · 4 m + 0.2 · 2 m, at half a metre a second twice that; then 30 s before bay 1."""
    jam = {(0, JAM): 0.1, (1, JAM): 0.2}
    candidates = pairs([(0, JAM), (1, JAM)], 2, threshold=0.01)
    crowd = make_customers(2, candidates=candidates, speed_m_s=[1.0, 0.5])
    walks = [(0, 4, 2, 0.0), (0, 0, 5, 30.0), (1, 4, 2, 0.0)]
    seen = on_the_way(room, shelves_of([], [0, 1], []), jam, crowd, *walks)
    assert seen.first.tolist() == [0, 1, 2, 3]
    assert seen.pair.tolist() == [0, 0, 1]
    assert seen.presence.tolist() == [JAM] * 3
    assert seen.exposure == pytest.approx([0.8, 30 * 0.1, 1.6])


def test_home_and_display_are_seen_each_for_itself(
    room: Floor, make_customers: Callable[..., Population], pairs: Callable[..., Pairs]
) -> None:
    crowd = make_customers(1, candidates=pairs([(0, TEA)], 1, threshold=0.5))
    attention = {(0, TEA): 0.1, (1, TEA_DISPLAY): 0.3}
    seen = on_the_way(room, shelves_of([0], [], [1]), attention, crowd, (0, 4, 2, 0.0))
    assert seen.presence.tolist() == [TEA, TEA_DISPLAY]
    assert seen.exposure == pytest.approx([0.4, 0.6])
    assert seen.place.tolist() == [0, 1]


def test_what_could_not_be_noticed_on_all_the_legs_together_is_left_out(
    room: Floor, make_customers: Callable[..., Population], pairs: Callable[..., Pairs]
) -> None:
    """0.4 from each of two legs, 1.5 times that in a crowd: enough for a threshold of 1.19, not for one of 1.21."""
    crowd = make_customers(2, candidates=pairs([(0, TEA), (1, TEA)], 2, threshold=[1.19, 1.21]))
    walks = [(0, 4, 2, 0.0), (0, 4, 2, 0.0), (1, 4, 2, 0.0), (1, 4, 2, 0.0)]
    seen = on_the_way(room, shelves_of([0], [], []), {(0, TEA): 0.1}, crowd, *walks)
    assert seen.first.tolist() == [0, 1, 2, 2, 2]


def test_who_might_change_the_way_keeps_every_glimpse(
    room: Floor, make_customers: Callable[..., Population], pairs: Callable[..., Pairs]
) -> None:
    """Tea is on the list and on display: it may be found early, and then other ways show other things."""
    tea = pairs([(0, TEA), (1, TEA)], 2, threshold=[0.0029, 0.0031])
    crowd = make_customers(2, needs=tea, candidates=pairs([(0, JAM), (1, JAM)], 2, threshold=99.0))
    walks = [(0, 4, 2, 0.0), (1, 4, 2, 0.0)]
    seen = on_the_way(room, shelves_of([3], [0], [1]), {(0, JAM): 0.1, (1, TEA_DISPLAY): 0.001}, crowd, *walks)
    assert seen.rows() == [(0, TEA_DISPLAY, 1, pytest.approx(0.002)), (2, JAM, 0, pytest.approx(0.4))], "not the other"


def test_the_place_is_the_bay_least_out_of_the_way(
    room: Floor, make_customers: Callable[..., Population], pairs: Callable[..., Pairs]
) -> None:
    """Jam is seen in bays 0 and 1 and stands in bay 3, too; from bay 2 back to bay 1 it is nearest in bay 1."""
    crowd = make_customers(1, candidates=pairs([(0, JAM)], 1, threshold=0.1))
    shelves, jam = shelves_of([], [0, 1, 3], []), {(0, JAM): 1.0, (1, JAM): 1.0}
    assert on_the_way(room, shelves, jam, crowd, (0, 4, 2, 0.0)).place.tolist() == [0], "the first of equals"
    assert on_the_way(room, shelves, jam, crowd, (0, 1, 2, 5.0)).place.tolist() == [1]


def test_what_is_seen_but_cannot_be_reached_is_left_out(
    room: Floor, make_customers: Callable[..., Population], pairs: Callable[..., Pairs]
) -> None:
    metres = np.array(room.ways.distance_m)
    metres[:, :, 0] = np.inf
    fenced = replace(room, ways=replace(room.ways, distance_m=metres))
    crowd = make_customers(1, candidates=pairs([(0, TEA), (0, JAM)], 1, threshold=0.1))
    seen = on_the_way(fenced, shelves_of([0], [1], []), {(0, TEA): 0.1, (1, JAM): 0.1}, crowd, (0, 4, 2, 0.0))
    assert seen.presence.tolist() == [JAM]


def test_legs_that_show_nothing(room: Floor, make_customers: Callable[..., Population]) -> None:
    """Standing still at the door, walking with nothing to watch, and no legs at all."""
    crowd = make_customers(2, candidates=[(0, TEA)])
    shelves = shelves_of([0], [], [])
    seen = on_the_way(room, shelves, {(0, TEA): 9.0}, crowd, (0, 4, 4, 0.0), (1, 4, 2, 9.0))
    assert seen.first.tolist() == [0, 0, 0]
    assert seen.rows() == []


# What counts of it, late in a trip


def test_time_runs_from_coming_in_to_setting_out_and_checkouts_are_alternatives(room: Floor) -> None:
    """Customer 0 walks 10 m, stands 30 s, walks 10 m, stands 5 s, and then to either of two tills; 1 goes at once."""
    columns = ([0, 0, 0, 0, 1], [4, 0, 1, 1, 4], [0, 1, 5, 5, 5], [0.0, 30.0, 5.0, 5.0, 0.0])
    legs = Legs(*(np.array(column) for column in columns))
    found = elapsed_s(legs, np.zeros(2, dtype=int), room, np.array([0.5, 1.0]))
    assert found == pytest.approx([0, 20 + 30, 20 + 30 + 20 + 5, 20 + 30 + 20 + 5, 0])


def test_interest_fades_to_a_third_in_its_time() -> None:
    assert interest(np.array([0.0, 600.0, 1200.0]), 600.0) == pytest.approx([1, np.exp(-1), np.exp(-2)])
    assert interest(np.array([0.0, 3600.0]), 1e12) == pytest.approx([1, 1])


def test_a_leg_counts_for_the_part_that_counts(
    shop: Shop, small_day: Population, trips: Itineraries, legs: Legs
) -> None:
    """Half of every leg is half of the exposure, walked and stood, by leg and by customer."""
    watch = replace(watched(small_day, shop.shelves), threshold=np.zeros(10_000))
    rest = (trips.habit, shop.floor, shop.shelves, shop.view, watch, small_day.speed_m_s)
    whole, half = (glimpses(legs, *rest, part * ALL[: len(legs)]) for part in (1.0, 0.5))
    assert half.exposure == pytest.approx(whole.exposure / 2)
    edges = Traversals(*shop.floor.ways.legs(trips.habit[legs.customer], legs.start, legs.end))
    whole_sum, half_sum = (
        exposure_by_customer(legs, edges, shop.view, small_day.speed_m_s, part * ALL[: len(legs)]) for part in (1, 0.5)
    )
    assert np.allclose(half_sum, whole_sum / 2, rtol=1e-5)


# Who watches what


def test_of_the_list_only_displays_are_watched_of_candidates_everything(
    make_customers: Callable[..., Population], pairs: Callable[..., Pairs]
) -> None:
    """Pairs count needs first: 0 and 1 are tea and jam on lists, 2 and 3 candidates."""
    needs, rest = pairs([(0, TEA), (2, JAM)], 3, threshold=[1, 2]), pairs([(0, JAM), (2, TEA)], 3, threshold=[3, 4])
    watch = watched(make_customers(3, needs=needs, candidates=rest), shelves_of([0], [1], [2]))
    assert watch.pair.tolist() == [[-1, 2, 0], [-1, -1, -1], [3, -1, 3]], "columns: tea, jam, tea on display"
    assert watch.threshold.tolist() == [1, 2, 3, 4]
    assert watch.needs == 2
    assert not watch.flexible.any()


def test_who_is_undecided_is_flexible(make_customers: Callable[..., Population]) -> None:
    watch = watched(make_customers(3, candidates=[(1, TEA)]), shelves_of([0], [1], []), np.array([True, False, True]))
    assert watch.flexible.tolist() == [True, False, True]


def test_nobody_watches_anything_in_an_empty_day(make_customers: Callable[..., Population]) -> None:
    watch = watched(make_customers(0), shelves_of([0], [1], []))
    assert watch.pair.shape == (0, 3)


# Against a slow walk, in the small shop with snacks on a table at the door


@pytest.fixture(scope="module")
def shop(small_ready: Ready) -> Shop:
    return small_ready.shops[1]


@pytest.fixture(scope="module")
def trips(shop: Shop, small_day: Population) -> Itineraries:
    return plan(shop.floor, shop.shelves, small_day, shop.scenario)


@pytest.fixture(scope="module")
def legs(shop: Shop, trips: Itineraries) -> Legs:
    return legs_of(trips, shop.floor)


def slow_exposure(shop: Shop, habit: int, start: int, end: int, stood_s: float, speed_m_s: float) -> Floats:
    """Return the exposure to each presence on a leg, vertex by vertex and bay by bay."""
    ways, sight = shop.floor.ways, shop.floor.sight
    seconds = stood_s * sight.place[[start]].toarray()[0]
    at = end
    while at != start:
        before = ways.previous[habit, start, at]
        seconds = seconds + sight.edge[[ways.edge[before, at]]].toarray()[0] / speed_m_s
        at = before
    exposure = np.zeros(len(shop.shelves.product))
    for bay in np.flatnonzero(seconds):
        exposure += seconds[bay] * shop.attention[bay]
    return exposure


@pytest.fixture(scope="module")
def slow(shop: Shop, small_day: Population, trips: Itineraries, legs: Legs) -> dict[int, Floats]:
    """Exposures of some customers, each of shape (legs of the customer, presences)."""
    found = {}
    for customer in SOME:
        rows = np.flatnonzero(legs.customer == customer)
        walks = zip(legs.start[rows], legs.end[rows], legs.stood_s[rows], strict=True)
        speed, habit = float(small_day.speed_m_s[customer]), int(trips.habit[customer])
        found[customer] = np.array([slow_exposure(shop, habit, *walk, speed) for walk in walks])
    return found


def noticeable(watch: Watched, customer: int, exposure: Floats) -> list[tuple[int, int]]:
    """Return the customer's (pair, presence) that might be noticed on all legs together, or all of who is flexible."""
    own = [(pair, presence) for presence, pair in enumerate(watch.pair[customer].tolist()) if pair >= 0]
    total: dict[int, float] = dict.fromkeys((pair for pair, _ in own), 0.0)
    for pair, presence in own:
        total[pair] += exposure[:, presence].sum()
    enough = {pair for pair, seen in total.items() if MOST_GAIN * seen >= watch.threshold[pair]}
    flexible = watch.flexible[customer] or any(pair < watch.needs for pair in enough)
    return [(pair, presence) for pair, presence in own if pair in enough or flexible]


def test_glimpses_are_those_of_a_slow_walk(
    shop: Shop, small_day: Population, trips: Itineraries, legs: Legs, slow: dict[int, Floats]
) -> None:
    watch, compared = watched(small_day, shop.shelves), 0
    seen = glimpses(
        legs, trips.habit, shop.floor, shop.shelves, shop.view, watch, small_day.speed_m_s, ALL[: len(legs)]
    )
    for customer, exposures in slow.items():
        watching = noticeable(watch, customer, exposures)
        for leg, exposure in zip(np.flatnonzero(legs.customer == customer), exposures, strict=True):
            rows = slice(seen.first[leg], seen.first[leg + 1])
            found = zip(seen.pair[rows], seen.presence[rows], seen.exposure[rows], strict=True)
            expected = {(pair, presence): exposure[presence] for pair, presence in watching if exposure[presence] > 0}
            assert {(pair, presence): e for pair, presence, e in found} == pytest.approx(expected, rel=1e-5)
            compared += len(expected)
    assert compared > 50


def test_places_are_the_least_detour_of_all_bays(
    shop: Shop, small_day: Population, trips: Itineraries, legs: Legs
) -> None:
    watch, shelves = watched(small_day, shop.shelves), shop.shelves
    seen = glimpses(legs, trips.habit, shop.floor, shelves, shop.view, watch, small_day.speed_m_s, ALL[: len(legs)])
    leg = np.repeat(np.arange(len(legs)), np.diff(seen.first))
    metres = shop.floor.ways.distance_m
    for row in range(0, len(leg), 7):
        habit, presence = trips.habit[legs.customer[leg[row]]], seen.presence[row]
        bays = shelves.bay[shelves.first[presence] : shelves.first[presence + 1]].tolist()
        start, end = legs.start[leg[row]], legs.end[leg[row]]
        detours = {bay: metres[habit, start, bay] + metres[habit, bay, end] for bay in bays}
        assert seen.place[row] in bays
        assert detours[seen.place[row]] == min(detours.values())


def test_exposure_by_customer_is_the_sum_over_legs(
    shop: Shop, small_day: Population, trips: Itineraries, legs: Legs, slow: dict[int, Floats]
) -> None:
    edges = Traversals(*shop.floor.ways.legs(trips.habit[legs.customer], legs.start, legs.end))
    whole = exposure_by_customer(legs, edges, shop.view, small_day.speed_m_s, ALL[: len(legs)])
    for customer, exposures in slow.items():
        assert whole[customer] == pytest.approx(exposures.sum(axis=0), rel=1e-5, abs=1e-9)


def test_views_are_sight_times_attention(shop: Shop) -> None:
    view: Views = views(shop.floor, shop.attention)
    assert np.allclose(view.walking.toarray(), shop.floor.sight.edge.toarray() @ shop.attention, rtol=1e-5, atol=1e-9)
    assert np.allclose(view.standing, shop.floor.sight.place.toarray() @ shop.attention, rtol=1e-5, atol=1e-9)


def test_legs_seen_one_by_one_show_what_they_show_together(
    shop: Shop, small_day: Population, trips: Itineraries, legs: Legs
) -> None:
    """As the engine does when a customer changes the way; with thresholds of 0 nothing is left out."""
    watch = replace(watched(small_day, shop.shelves), threshold=np.zeros(10_000))
    arguments = (trips.habit, shop.floor, shop.shelves, shop.view, watch, small_day.speed_m_s)
    whole = glimpses(legs, *arguments, ALL[: len(legs)])
    for row in range(0, len(legs), 97):
        one = Legs(*(column[row : row + 1] for column in (legs.customer, legs.start, legs.end, legs.stood_s)))
        alone, these = glimpses(one, *arguments, ALL[:1]), slice(whole.first[row], whole.first[row + 1])
        assert np.array_equal(alone.pair, whole.pair[these])
        assert np.array_equal(alone.place, whole.place[these])
        assert np.array_equal(alone.exposure, whole.exposure[these])
