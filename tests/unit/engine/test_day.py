"""A day as it is played: what must hold of every customer's facts, whoever comes and whatever the variant."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from storesim.behaviour.buying import is_wanted
from storesim.behaviour.crowding import Crowding
from storesim.behaviour.itinerary import plan
from storesim.behaviour.paying import service_law
from storesim.customers import laws
from storesim.customers.draw import planned_value
from storesim.customers.population import Population
from storesim.engine.day import StoreDay
from storesim.engine.day import play as play_day
from storesim.engine.log import Kind
from storesim.experiment.replication import Ready, prepare
from storesim.inputs.case import Scenario

if TYPE_CHECKING:
    from tests.unit.engine.conftest import Fact, Played

    Play = Callable[[Ready, int, int], Played]

LETTER = {Kind.ENTER: "E", Kind.WALK: "W", Kind.STOP: "S", Kind.NOTICE: "N", Kind.TAKE: "T"}
LETTER |= {Kind.JOIN: "J", Kind.SERVE: "V", Kind.PAY: "P", Kind.LEAVE: "L"}
TRIP = re.compile("E(N|W(ST?)?)*W(J(VP)?)?WL")
"""In; notices, walks to shelves, with or without taking, and walks through points; to the till; perhaps a queue,
perhaps paying; out."""


def by_customer(played: "Played") -> Iterator[tuple[int, "list[Fact]"]]:
    return enumerate(played.trips)


def facts(played: "Played", kind: Kind) -> "Iterator[tuple[int, Fact]]":
    return ((c, fact) for c, trip in by_customer(played) for fact in trip if fact.kind == kind)


def pairs(population: Population) -> dict[tuple[int, int], tuple[str, int]]:
    """Return where the draws of each (customer, product) stand: in 'needs' or 'candidates', and in which row."""
    return {
        (int(c), int(p)): (name, row)
        for name in ("needs", "candidates")
        for row, (c, p) in enumerate(
            zip(getattr(population, name).customer, getattr(population, name).product, strict=True)
        )
    }


# The log as a whole


def test_facts_stand_in_order_of_time_and_then_of_customers(small_days: "list[Played]") -> None:
    for played in small_days:
        log = played.day.log
        keys = list(zip(log.t_s.tolist(), log.customer.tolist(), strict=True))
        assert keys == sorted(keys)


def test_every_trip_follows_the_grammar(small_days: "list[Played]") -> None:
    seen = Counter()
    for played in small_days:
        for customer, trip in by_customer(played):
            letters = "".join(LETTER[fact.kind] for fact in trip)
            assert TRIP.fullmatch(letters), f"customer {customer}: {letters}"
            seen.update(re.findall("N|ST|SW|JVP|JW", letters))
    assert set(seen) == {"N", "ST", "SW", "JVP", "JW"}, "each branch of the grammar happened"


def test_customers_in_are_customers_out(small_days: "list[Played]") -> None:
    for played in small_days:
        log, everybody = played.day.log, np.arange(len(played.day.population))
        for kind in (Kind.ENTER, Kind.LEAVE):
            assert np.array_equal(np.sort(log.customer[log.kind == kind]), everybody)


def test_playing_a_day_twice_tells_the_same_story(small_ready: Ready, small_day: Population) -> None:
    """The first playing leaves no trace in population or shop."""
    first, second = (play_day(small_ready.shops[1], small_day, 0).log for _ in range(2))
    for column in vars(first):
        assert np.array_equal(getattr(first, column), getattr(second, column)), column


# Doors and closing time


def test_customers_come_when_drawn_and_never_after_closing(small_days: "list[Played]") -> None:
    for played in small_days:
        scenario, population = played.day.scenario, played.day.population
        for customer, fact in facts(played, Kind.ENTER):
            assert fact.t_s == pytest.approx(population.arrives_s[customer], abs=1e-9)
            assert 0 <= fact.t_s < scenario.closes_s - scenario.opens_s


def test_the_last_customers_are_served_after_closing(rush: Ready, play: "Play") -> None:
    played = play(rush, 0, 0)
    closing_s = rush.scenario.closes_s - rush.scenario.opens_s
    late = {customer for customer, fact in facts(played, Kind.PAY) if fact.t_s > closing_s}
    assert len(late) > 10
    queued_late = {customer for customer, fact in facts(played, Kind.JOIN) if fact.t_s > closing_s}
    patient = played.day.population.patience_s > 3600
    assert all(customer in late for customer in queued_late if patient[customer])


def test_a_day_to_which_nobody_comes_has_no_facts(small_scenario: Scenario) -> None:
    ready = prepare(replace(small_scenario, visits_per_day=1e-9))
    population = ready.population(0)
    assert len(population) == 0
    assert len(ready.play(1, population, 0).log) == 0


def test_customers_may_come_at_the_same_instant(small_ready: Ready, small_day: Population) -> None:
    """A bus arrives. In floating point 8.93 + (90.8 - 8.93) > 90.8: the clock must not run backwards for the next."""
    crowd = replace(small_day, arrives_s=np.where(np.arange(len(small_day)) == 0, 8.93, 90.8))
    log = play_day(small_ready.shops[0], crowd, 0).log
    assert np.count_nonzero(log.kind == Kind.LEAVE) == len(small_day)


def test_customers_come_in_by_their_door_and_leave_by_one_that_lets_out(small_days: "list[Played]") -> None:
    for played in small_days:
        places = played.day.floor.places
        doors = range(places.bays, places.bays + places.doors)
        assert all(fact.place in doors for kind in (Kind.ENTER, Kind.LEAVE) for _, fact in facts(played, kind))


# Walking and standing


def walks(played: "Played") -> Iterator[tuple[int, float, float]]:
    """Yield (customer, metres, seconds) of every walk; from a till on, metres lead through the lane to the door."""
    floor, habit = played.day.floor, played.day.habit
    tills = floor.places.bays + floor.places.doors
    for customer, trip in by_customer(played):
        moves = [fact for fact in trip if fact.kind not in (Kind.NOTICE, Kind.TAKE)]
        here = trip[0].place
        for walk, arrival in pairwise(moves):
            if walk.kind == Kind.WALK:
                if here >= tills:
                    metres = floor.exit_m[here - tills, walk.place - floor.places.bays]
                else:
                    metres = floor.ways.distance_m[habit[customer], here, walk.place]
                yield customer, float(metres), arrival.t_s - walk.t_s
                here = walk.place


def paces(played: "Played", crowding: Crowding) -> list[tuple[int, float, int]]:
    """Return (customer, pace, others met) of every walk, counted again from the log.

    Everybody counts in the zone of the place they are at or head for.
    """
    log, inside, at = played.day.log, Counter[int](), {}
    found, effects = [], crowding.effects_of_up_to(len(played.trips))
    for customer, kind, place in zip(log.customer.tolist(), log.kind.tolist(), log.place.tolist(), strict=True):
        zone = crowding.zone[place]
        if kind == Kind.WALK:
            inside[at[customer]] -= 1
            found.append((customer, effects[zone][inside[zone]][0], inside[zone]))
        if kind in (Kind.ENTER, Kind.WALK):
            inside[zone] += 1
            at[customer] = zone
        if kind == Kind.LEAVE:
            inside[zone] -= 1
    return sorted(found, key=lambda walk: walk[0])


def test_walking_takes_metres_over_speed_at_the_pace_of_the_crowd(
    small_ready: Ready, rush: Ready, play: "Play"
) -> None:
    slowest = 1.0
    for ready in (small_ready, rush):
        played = play(ready, 0, 0)
        crowd = paces(played, ready.shops[0].crowding)
        for (customer, metres, seconds), (same, pace, _) in zip(walks(played), crowd, strict=True):
            assert customer == same
            speed = played.day.population.speed_m_s[customer]
            assert seconds == pytest.approx(metres / (speed * pace), abs=1e-6)
            slowest = min(slowest, pace)
    assert slowest < 0.9, "the rush is a crowd"


def test_nobody_is_left_in_the_count_at_the_end(rush: Ready) -> None:
    population = rush.population(0)
    shop = rush.shops[0]
    day = StoreDay(shop, population, plan(shop.floor, shop.shelves, population, shop.scenario), 0)
    day.run()
    assert set(day.inside) == {0}


def test_who_walks_to_a_place_arrives_there(small_days: "list[Played]") -> None:
    for played in small_days:
        for _, trip in by_customer(played):
            for walk, arrival in pairwise(fact for fact in trip if fact.kind not in (Kind.NOTICE, Kind.TAKE)):
                if walk.kind == Kind.WALK and arrival.kind != Kind.WALK:
                    assert arrival.place == walk.place


def test_standing_takes_the_time_that_was_drawn(small_days: "list[Played]") -> None:
    """Lognormal by the uniform of customer and product; the median is the scenario's times the segment's factor."""
    for played in small_days[:4]:
        scenario, population = played.day.scenario, played.day.population
        drawn, parameters = pairs(population), scenario.parameters
        for customer, trip in by_customer(played):
            for stop, after in pairwise(trip):
                if stop.kind == Kind.STOP:
                    name, row = drawn[customer, stop.product]
                    factor = scenario.segments[population.segment[customer]].dwell
                    law = stats.lognorm(parameters.dwell_sigma, scale=parameters.dwell_median_s * factor)
                    assert after.t_s - stop.t_s == pytest.approx(law.ppf(getattr(population, name).u_dwell[row]))


# Looking for, noticing and taking


def test_only_what_was_stopped_for_is_taken_there(small_days: "list[Played]") -> None:
    for played in small_days:
        for _, trip in by_customer(played):
            for stop, take in pairwise(trip):
                if take.kind == Kind.TAKE:
                    assert (stop.kind, stop.place, stop.product) == (Kind.STOP, take.place, take.product)
                    assert stop.planned == take.planned


def test_nobody_looks_for_a_product_twice(small_days: "list[Played]") -> None:
    for played in small_days:
        stops = Counter((customer, fact.product) for customer, fact in facts(played, Kind.STOP))
        assert max(stops.values()) == 1


def test_what_stands_on_the_list_is_looked_for_once_at_its_home_or_a_display(small_days: "list[Played]") -> None:
    """Everything in the small shop can be reached: a list is worked off whole, and 'planned' says what was on it."""
    for played in small_days:
        needs = played.day.population.needs
        looked_for = {(customer, fact.product) for customer, fact in facts(played, Kind.STOP) if fact.planned}
        assert looked_for == set(zip(needs.customer.tolist(), needs.product.tolist(), strict=True))


def test_a_planned_product_found_on_display_is_not_looked_for_again(rush: Ready, play: "Play") -> None:
    """Snacks stand on the table at the door: some with snacks on the list take them there and skip the aisle."""
    played = play(rush, 1, 0)
    table = {i for i, name in enumerate(played.day.floor.places.names) if name.startswith("T1/")}
    at_the_door = {customer for customer, fact in facts(played, Kind.STOP) if fact.planned and fact.place in table}
    snacks = [p.id for p in played.day.scenario.products].index("bag snacks")
    assert len(at_the_door) > 10
    for customer in at_the_door:
        stops = [fact.place for fact in played.trips[customer] if (fact.kind, fact.product) == (Kind.STOP, snacks)]
        assert len(stops) == 1
        assert stops[0] in table


def test_who_need_not_go_there_any_more_still_looks_around(on_offer: Callable[..., Ready], play: "Play") -> None:
    """Snacks found at the door make the way to their aisle needless: what the new way shows is noticed too."""
    table = (("T1", "east", 1), ("T1", "west", 1), ("T1", "south", 1))
    played = play(on_offer({"product": "bag snacks", "at": table}), 0, 0)
    bays = {played.day.floor.places.bay(*bay) for bay in table}
    noticed = 0
    for _, trip in by_customer(played):
        goes_on = False
        for fact in trip:
            if fact.kind == Kind.STOP and fact.planned:
                goes_on = fact.place in bays
            noticed += goes_on and fact.kind == Kind.NOTICE
    assert noticed > 10


def test_a_planned_product_is_found_with_the_probability_of_the_parameters(small_days: "list[Played]") -> None:
    for played in small_days:
        needs, p_found = played.day.population.needs, played.day.scenario.parameters.p_found
        taken = {(customer, fact.product) for customer, fact in facts(played, Kind.TAKE) if fact.planned}
        for customer, product, u in zip(needs.customer.tolist(), needs.product.tolist(), needs.u_want, strict=True):
            assert ((customer, product) in taken) == (u < p_found)


def noticed_before(played: "Played") -> "Iterator[tuple[int, Fact, int]]":
    """Yield (customer, stop, row of the candidate) of every unplanned stop, checked to be for something noticed."""
    drawn = pairs(played.day.population)
    for customer, trip in by_customer(played):
        noticed: set[int] = set()
        for fact in trip:
            if fact.kind == Kind.NOTICE:
                assert fact.product not in noticed, "nobody notices twice"
                noticed.add(fact.product)
            if fact.kind == Kind.STOP and not fact.planned:
                assert fact.product in noticed
                yield customer, fact, drawn[customer, fact.product][1]


PLAIN = {"wallet_grip": 0.0, "urge": 0.0, "crowd_aversion": 0.0, "explore_fade_s": 1e12}
"""Time, wallet and crowd leave the odds alone."""


def with_parameters(scenario: Scenario, **values: float) -> Scenario:
    return replace(scenario, parameters=scenario.parameters.model_copy(update=values))


def test_an_unplanned_stop_is_for_something_noticed_before_and_wanted(small_scenario: Scenario, play: "Play") -> None:
    played, stops = play(prepare(with_parameters(small_scenario, **PLAIN)), 0, 0), 0
    wish = played.day.population.candidates
    for _, _, row in noticed_before(played):
        assert is_wanted(wish.u_want[row], wish.odds[row], 1.0, 0.0)
        stops += 1
    assert stops > 20


def test_no_wish_goes_beyond_the_ceiling(on_offer: Callable[..., Ready], play: "Play") -> None:
    """Half an hour in the store adds 0.3 to the log-odds; wallet and crowd only take away."""
    played = play(on_offer(), 0, 0)
    wish, most = played.day.population.candidates, np.exp(0.3)
    stops = [row for _, _, row in noticed_before(played)]
    assert all(is_wanted(wish.u_want[row], most * wish.odds[row], 1.0, 0.0) for row in stops)
    assert not all(is_wanted(wish.u_want[row], wish.odds[row], 1.0, 0.0) for row in stops), "time did tempt some"


def unplanned(played: "Played") -> int:
    return sum(not fact.planned for _, fact in facts(played, Kind.TAKE))


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ({"wallet_grip": 2.0}, {"wallet_grip": 0.0}),
        ({"urge": 0.0}, {"urge": 1.0}),
        ({"explore_fade_s": 100.0}, {"explore_fade_s": 1e9}),
        ({"crowd_aversion": 10.0, "crowd_free_per_m2": 0.0}, {"crowd_aversion": 0.0}),
    ],
)
def test_what_holds_customers_back_makes_them_buy_less(
    small_scenario: Scenario, play: "Play", less: dict[str, float], more: dict[str, float]
) -> None:
    keen = with_parameters(small_scenario, notice_rate=0.3, **PLAIN)
    few, many = (play(prepare(with_parameters(keen, **values)), 0, 0) for values in (less, more))
    assert unplanned(few) < 0.97 * unplanned(many)


def test_what_is_not_in_the_store_is_neither_looked_for_nor_noticed(small_scenario: Scenario) -> None:
    case = small_scenario.cases[0]
    left = tuple(placement for placement in case.placements if placement.product != "milk")
    ready = prepare(replace(small_scenario, cases=(replace(case, placements=left),)))
    population = ready.population(0)
    milk = [p.id for p in small_scenario.products].index("milk")
    assert np.count_nonzero(population.needs.product == milk) > 10
    assert milk not in ready.play(0, population, 0).log.product


# Money


def wallets(played: "Played") -> "Iterator[tuple[int, Fact, Fact, float]]":
    """Yield (customer, stop, next fact, money left for it) of every unplanned stop.

    Money left is the budget less what is spent, and less what the list will still cost at regular prices.
    """
    population = played.day.population
    value, needs = planned_value(population.needs, played.day.scenario), population.needs
    for customer, trip in by_customer(played):
        rows = range(needs.first[customer], needs.first[customer + 1])
        ahead = {int(needs.product[row]): value[row] for row in rows}
        spent = 0.0
        for fact, after in pairwise(trip):
            if fact.kind == Kind.STOP and fact.planned:
                del ahead[fact.product]
            elif fact.kind == Kind.STOP:
                yield customer, fact, after, population.budget[customer] - spent - sum(ahead.values())
            elif fact.kind == Kind.TAKE:
                spent += fact.amount


def test_unplanned_purchases_never_exceed_the_wallet(small_days: "list[Played]") -> None:
    for played in small_days:
        for _, _, after, left in wallets(played):
            assert after.kind != Kind.TAKE or after.amount <= left + 1e-6


def test_what_the_wallet_allows_is_taken(small_ready: Ready, play: "Play") -> None:
    """At regular prices the cost is known beforehand, also of what was put back."""
    refused = 0
    for played in (play(small_ready, 0, replication) for replication in range(3)):
        drawn, wishes = pairs(played.day.population), played.day.population.candidates
        for customer, stop, after, left in wallets(played):
            product = played.day.scenario.products[stop.product]
            row = drawn[customer, stop.product][1]
            cost = product.price * int(laws.units(wishes.u_units[row], product.units))
            assert (after.kind == Kind.TAKE) == (cost <= left + 1e-9)
            refused += after.kind != Kind.TAKE
    assert refused > 10, "the wallet did stop some"


def test_at_regular_prices_nobody_spends_more_than_the_budget(small_ready: Ready, play: "Play") -> None:
    played = play(small_ready, 0, 0)
    spent = Counter()
    for customer, fact in facts(played, Kind.TAKE):
        spent[customer] += fact.amount
    assert all(amount <= played.day.population.budget[customer] + 1e-6 for customer, amount in spent.items())


def test_the_till_asks_for_what_is_in_the_basket(small_days: "list[Played]") -> None:
    for played in small_days:
        for _, trip in by_customer(played):
            taken = [fact for fact in trip if fact.kind == Kind.TAKE]
            for paid in (fact for fact in trip if fact.kind == Kind.PAY):
                assert paid.units == sum(fact.units for fact in taken)
                assert paid.amount == pytest.approx(sum(fact.amount for fact in taken), abs=1e-9)


def test_only_who_holds_something_queues(small_days: "list[Played]") -> None:
    for played in small_days:
        for _, trip in by_customer(played):
            kinds = {fact.kind for fact in trip}
            assert (Kind.JOIN in kinds) == (Kind.TAKE in kinds)


def test_prices_are_regular_times_one_less_the_cut_of_the_promotion(small_days: "list[Played]") -> None:
    promoted = 0
    for played in small_days:
        products, promotions = played.day.scenario.products, played.day.case.promotions
        drawn, population = pairs(played.day.population), played.day.population
        for customer, fact in facts(played, Kind.TAKE):
            ratio = 1 - promotions[fact.promotion].price_cut if fact.promotion >= 0 else 1.0
            product = products[fact.product]
            assert fact.amount == pytest.approx(fact.units * product.price * ratio)
            name, row = drawn[customer, fact.product]
            usual = int(laws.units(getattr(population, name).u_units[row], product.units))
            assert fact.units >= usual if fact.promotion >= 0 else fact.units == usual
            promoted += fact.promotion >= 0
    assert promoted > 50


# At the tills


def test_service_takes_the_time_of_the_basket_and_the_customer(small_days: "list[Played]") -> None:
    """Mean by units, times the customer's own lognormal factor of mean 1."""
    for played in small_days:
        parameters, plan = played.day.scenario.parameters, played.day.floor.plan
        law = service_law(plan.checkouts[0].kind, parameters)
        sigma = np.sqrt(np.log1p(parameters.service_cv**2))
        factor = np.exp(stats.norm.ppf(played.day.population.u_service, -(sigma**2) / 2, sigma))
        for customer, trip in by_customer(played):
            for serve, pay in pairwise(trip):
                if serve.kind == Kind.SERVE:
                    assert pay.t_s - serve.t_s == pytest.approx(law.mean_s(pay.units) * factor[customer])


def test_who_leaves_without_paying_has_waited_as_long_as_patience_lasted(rush: Ready, play: "Play") -> None:
    played = play(rush, 0, 0)
    left = 0
    for customer, trip in by_customer(played):
        patience_s = played.day.population.patience_s[customer]
        for join, after in pairwise(trip):
            if join.kind == Kind.JOIN:
                waited_s = after.t_s - join.t_s
                assert waited_s <= patience_s + 1e-6
                if after.kind != Kind.SERVE:
                    left += 1
                    assert waited_s == pytest.approx(patience_s)
    assert left > 20


# Promotions


def number_of(ready: Ready, product: str) -> int:
    return [p.id for p in ready.scenario.products].index(product)


def on_promotion(played: "Played") -> "list[tuple[int, Fact]]":
    return [(customer, fact) for customer, fact in facts(played, Kind.TAKE) if fact.promotion >= 0]


def test_a_price_holds_in_its_hours_only(on_offer: Callable[..., Ready], play: "Play") -> None:
    """Milk at 30 % off from 16:00 to 18:00, at its home."""
    ready = on_offer({"product": "milk", "price_cut": 0.3, "from_s": 16 * 3600.0, "until_s": 18 * 3600.0})
    played = play(ready, 0, 0)
    clock_s = ready.scenario.opens_s
    milk = [fact for _, fact in facts(played, Kind.TAKE) if fact.product == number_of(ready, "milk")]
    assert 20 < sum(fact.promotion == 0 for fact in milk) < len(milk) / 2
    for fact in milk:
        assert (fact.promotion == 0) == (16 * 3600 <= clock_s + fact.t_s < 18 * 3600)


def test_a_price_holds_for_its_tier_only_and_everybody_sees_the_display(
    on_offer: Callable[..., Ready], play: "Play"
) -> None:
    table = (("T1", "east", 1), ("T1", "west", 1))
    ready = on_offer({"product": "bag snacks", "price_cut": 0.3, "at": table, "tiers": frozenset({"member"})})
    played = play(ready, 0, 0)
    tier = [ready.scenario.segments[s].tier for s in played.day.population.segment]
    bays = {played.day.floor.places.bay(*bay) for bay in table}
    at_display = [(tier[customer], fact) for customer, fact in facts(played, Kind.TAKE) if fact.place in bays]
    assert {who for who, _ in at_display} == {"member", "guest"}
    assert all((fact.promotion == 0) == (who == "member") for who, fact in at_display)
    noticed = {tier[customer] for customer, fact in facts(played, Kind.NOTICE) if fact.place in bays}
    assert noticed == {"member", "guest"}
    assert all(fact.place in bays for _, fact in on_promotion(played)), "at home the price is the regular one"


def test_a_price_holds_for_its_segment_only(on_offer: Callable[..., Ready], play: "Play") -> None:
    ready = on_offer({"product": "milk", "segments": frozenset({"passers-by"})})
    played = play(ready, 0, 0)
    segment = [ready.scenario.segments[s].name for s in played.day.population.segment]
    assert {segment[customer] for customer, _ in on_promotion(played)} == {"passers-by"}


def test_a_promotion_runs_on_its_dates_only(on_offer: Callable[..., Ready], play: "Play") -> None:
    """The second of three days; replication r plays day r mod 3."""
    probe = on_offer()
    second = probe.scenario.first_day + timedelta(days=1)
    table = (("T1", "east", 1),)
    ready = on_offer({"product": "soap", "first_day": second, "last_day": second, "at": table}, days=3)
    there = []
    for replication in range(4):
        played = play(ready, 0, replication)
        bay = played.day.floor.places.bay(*table[0])
        there.append(any(fact.place == bay for _, fact in facts(played, Kind.NOTICE)))
        assert bool(on_promotion(played)) <= there[-1]
    assert there == [False, True, False, False]


def test_a_display_is_gone_outside_its_hours(on_offer: Callable[..., Ready], play: "Play") -> None:
    table = (("T1", "east", 1), ("T1", "west", 1), ("T1", "south", 1))
    ready = on_offer({"product": "bag snacks", "at": table, "from_s": 12 * 3600.0, "until_s": 15 * 3600.0})
    played = play(ready, 0, 0)
    bays = {played.day.floor.places.bay(*bay) for bay in table}
    noticed_s = [fact.t_s + ready.scenario.opens_s for _, fact in facts(played, Kind.NOTICE) if fact.place in bays]
    assert len(noticed_s) > 10
    assert all(12 * 3600 <= t_s < 15 * 3600 for t_s in noticed_s)


def test_of_two_offers_the_cheaper_is_paid(on_offer: Callable[..., Ready], play: "Play") -> None:
    ready = on_offer({"product": "milk", "price_cut": 0.1}, {"product": "milk", "price_cut": 0.25})
    played = play(ready, 0, 0)
    assert {fact.promotion for _, fact in on_promotion(played)} == {1}


def test_what_is_taken_from_a_display_at_the_regular_price_is_promoted(
    on_offer: Callable[..., Ready], play: "Play"
) -> None:
    """So that the supplier's funding is paid for it."""
    table = (("T1", "east", 1), ("T1", "west", 1))
    played = play(on_offer({"product": "bag snacks", "price_cut": 0.0, "at": table}), 0, 0)
    bays = {played.day.floor.places.bay(*bay) for bay in table}
    promoted = [fact.place for _, fact in on_promotion(played) if fact.kind == Kind.TAKE]
    assert len(promoted) > 10
    assert set(promoted) <= bays


def test_nobody_takes_less_of_what_is_on_the_list_when_it_gets_cheaper(
    on_offer: Callable[..., Ready], play: "Play"
) -> None:
    """Customer by customer: the same uniform at a lower price never gives fewer units."""
    regular, cut = (play(on_offer({"product": "milk", "price_cut": x}), 0, 0) for x in (0.0, 0.4))

    def planned_milk(played: "Played") -> dict[int, int]:
        milk = [p.id for p in played.day.scenario.products].index("milk")
        return {c: fact.units for c, fact in facts(played, Kind.TAKE) if fact.planned and fact.product == milk}

    before, after = planned_milk(regular), planned_milk(cut)
    assert before.keys() == after.keys()
    assert all(after[customer] >= units for customer, units in before.items())
    assert sum(after.values()) > 1.1 * sum(before.values())
