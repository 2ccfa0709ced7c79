"""The day's population: who comes and with what list, against the laws, and against a slow draw of a few customers."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest
from scipy import stats

from storesim.customers import deck
from storesim.customers.draw import draw_population, planned_value
from storesim.customers.laws import units
from storesim.customers.population import Floats, Pairs, Population
from storesim.customers.propensity import Propensity, propensity
from storesim.customers.steps import Steps
from storesim.customers.streams import Purpose, Streams
from storesim.inputs.case import Mission, Product, Scenario, Segment
from storesim.inputs.parameters import Parameters


def people(scenario: Scenario, replication: int = 0, ceiling: float = 1.0) -> Population:
    return drawn(scenario, propensity(scenario), np.full(len(scenario.products), ceiling), replication)


def drawn(scenario: Scenario, kinds: Propensity, ceiling: Floats, replication: int) -> Population:
    """Draw a population with all that its candidates may ever be asked for."""
    population = draw_population(scenario, kinds, ceiling, replication)
    every = np.arange(len(population.candidates.product))
    return replace(population, candidates=population.candidates.only(every))


def assert_same(one: Population, two: Population) -> None:
    """Assert that two populations are the same, number by number."""
    for column in fields(Population):
        a, b = getattr(one, column.name), getattr(two, column.name)
        if isinstance(a, Pairs | Steps):
            assert all(np.array_equal(getattr(a, f.name), getattr(b, f.name)) for f in fields(a)), column.name
        else:
            assert np.array_equal(a, b), column.name


@pytest.fixture(scope="module")
def many(small_scenario: Scenario) -> tuple[Scenario, Population]:
    """A very busy day in the small shop: some 20,000 customers."""
    busy = replace(small_scenario, visits_per_day=20_000.0)
    return busy, people(busy)


# Who comes


def test_visits_are_poisson_around_the_mean_of_the_weekday(
    make_product: Callable[..., Product], make_scenario: Callable[..., Scenario]
) -> None:
    """400 days of 50 visits on average: mean and Fano factor (variance over mean) within four standard errors."""
    scenario = make_scenario(make_product("a"), make_product("b"), visits_per_day=50.0)
    kinds = propensity(scenario)
    visits = np.array([len(draw_population(scenario, kinds, np.ones(2), r)) for r in range(400)])
    assert visits.mean() == pytest.approx(50, abs=4 * np.sqrt(50 / 400))
    assert visits.var(ddof=1) / visits.mean() == pytest.approx(1, abs=4 * np.sqrt(2 / 400))


def test_a_weekday_has_its_own_number_of_visits(
    make_product: Callable[..., Product], make_mission: Callable[..., Mission], make_scenario: Callable[..., Scenario]
) -> None:
    """From Saturday 7 March on: replication r is day r mod days, and each day has its weekday's factor."""
    mission = make_mission(weekdays=(1.0, 1.0, 1.0, 1.0, 1.0, 1.5, 0.5))
    products = [make_product("a"), make_product("b")]
    scenario = make_scenario(
        *products, missions=(mission,), first_day=date(2026, 3, 7), days=3, visits_per_day=10_000.0
    )
    visits = [len(people(scenario, replication)) for replication in range(6)]
    assert visits == pytest.approx([15_000, 5000, 10_000] * 2, rel=0.04)


def test_a_weekday_on_which_a_mission_does_not_come(
    make_product: Callable[..., Product],
    make_mission: Callable[..., Mission],
    make_segment: Callable[..., Segment],
    make_scenario: Callable[..., Scenario],
) -> None:
    """Shares of segments and missions are those of the visits on the day that is played."""
    missions = (make_mission(), make_mission(name="party", weekdays=(0.0, 0.0, 0.0, 0.0, 3.0, 4.0, 0.0)))
    segments = (
        make_segment("early", share=0.5, missions={"errand": 1.0}),
        make_segment("late", share=0.5, missions={"errand": 0.5, "party": 0.5}),
    )
    products = [make_product(x, penetration={"errand": 0.5, "party": 0.5}) for x in "abcd"]
    scenario = make_scenario(*products, missions=missions, segments=segments, visits_per_day=4000.0)
    monday, friday = people(scenario), people(replace(scenario, first_day=date(2026, 3, 6)))
    assert not monday.mission.any()
    assert (monday.segment == 1).mean() == pytest.approx(1 / 3, abs=0.04)
    assert (friday.segment == 1).mean() == pytest.approx(2 / 3, abs=0.04)
    assert friday.mission.mean() == pytest.approx(0.75 / 1.5, abs=0.04)


def test_nobody_comes_on_a_weekday_that_is_closed(
    make_product: Callable[..., Product], make_mission: Callable[..., Mission], make_scenario: Callable[..., Scenario]
) -> None:
    mission = make_mission(weekdays=(0.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0))
    closed = people(make_scenario(make_product("a"), make_product("b"), missions=(mission,)))
    assert len(closed) == 0
    assert closed.u_order.at(no_one := np.arange(0), no_one).shape == (0,)
    assert closed.u_wander.at(no_one, no_one).shape == (0, 2)
    assert closed.needs.first.tolist() == [0]


def test_segments_and_missions_have_their_shares(many: tuple[Scenario, Population]) -> None:
    scenario, population = many
    mix = np.array([[s.share * s.missions.get(m.name, 0) for m in scenario.missions] for s in scenario.segments])
    kinds = np.bincount(population.segment * 2 + population.mission, minlength=4)
    assert stats.chisquare(kinds, mix.reshape(-1) * len(population)).pvalue > 0.001


def test_arrivals_follow_the_mission(many: tuple[Scenario, Population]) -> None:
    scenario, population = many
    for number, mission in enumerate(scenario.missions):
        hour = (population.arrives_s[population.mission == number] // 3600).astype(int)
        profile = np.array(mission.hours[8:20])
        counts = np.bincount(hour, minlength=12)
        assert stats.chisquare(counts, profile / profile.sum() * counts.sum()).pvalue > 0.001


def test_numbers_of_categories_follow_the_basket_law(many: tuple[Scenario, Population]) -> None:
    scenario, population = many
    for number, mission in enumerate(scenario.missions):
        counts = np.bincount(population.categories[population.mission == number] - 1, minlength=len(mission.basket))
        assert stats.chisquare(counts, np.array(mission.basket) * counts.sum()).pvalue > 0.001


def test_customers_bring_what_their_segment_says(many: tuple[Scenario, Population]) -> None:
    scenario, population = many
    for number, segment in enumerate(scenario.segments):
        mine = population.segment == number
        assert population.knows_store[mine].mean() == pytest.approx(segment.knowledge, abs=0.02)
        median_s = segment.patience * scenario.parameters.patience_scale_s * np.sqrt(np.log(2))
        assert np.median(population.patience_s[mine]) == pytest.approx(median_s, rel=0.03)
        assert np.median(population.speed_m_s[mine]) == pytest.approx(segment.speed_m_s, abs=0.02)


def test_what_belongs_to_a_customer_is_drawn_independently(many: tuple[Scenario, Population]) -> None:
    _, people_ = many
    columns = [people_.u_habit, people_.u_door, people_.u_service, people_.patience_s, people_.speed_m_s]
    columns.append(people_.u_order.at(np.arange(len(people_)), np.zeros(len(people_), dtype=int)))
    columns.append(people_.u_guide)
    off_diagonal = np.corrcoef([stats.rankdata(c) for c in columns]) - np.eye(len(columns))
    # Patience and speed differ by segment, hence a little of both together.
    assert np.abs(off_diagonal).max() < 0.15
    assert np.abs(off_diagonal[:3, :3]).max() < 0.03


# Shopping lists


def assortment(make_product: Callable[..., Product], **changes: object) -> list[Product]:
    return [make_product(f"p{i}", penetration={"errand": 0.1 + 0.04 * i}, **changes) for i in range(12)]


def list_lengths(population: Population) -> np.ndarray:
    return np.diff(population.needs.first)


def test_without_impulse_the_list_is_the_whole_basket(
    make_product: Callable[..., Product], make_scenario: Callable[..., Scenario]
) -> None:
    population = people(make_scenario(*assortment(make_product, impulse_share=0.0)))
    assert np.array_equal(list_lengths(population), population.categories)


def test_a_basket_larger_than_the_assortment_is_all_of_it(
    make_product: Callable[..., Product], make_mission: Callable[..., Mission], make_scenario: Callable[..., Scenario]
) -> None:
    products = [make_product(x, impulse_share=0.0) for x in "abc"]
    unsold = make_product("d", impulse_share=0.0, penetration={"errand": 0.0})
    scenario = make_scenario(*products, unsold, missions=(make_mission(basket=(0.0,) * 6 + (1.0,)),))
    assert set(list_lengths(people(scenario))) == {3}


@pytest.mark.parametrize("planned_share", [0.0, 0.3, 0.8])
def test_planned_share_of_purchases_with_one_at_least(
    make_product: Callable[..., Product], make_scenario: Callable[..., Scenario], planned_share: float
) -> None:
    """Of n products n·s are planned on average, and one where none would be: E = n·s + (1 - s)^n."""
    products = assortment(make_product, impulse_share=1 - planned_share)
    scenario = make_scenario(*products, visits_per_day=6000.0)
    population = people(scenario)
    sizes, basket = np.arange(1, 4), np.array(scenario.missions[0].basket)
    expected = basket @ (sizes * planned_share + (1 - planned_share) ** sizes)
    lengths = list_lengths(population)
    assert lengths.min() == 1
    assert lengths.mean() == pytest.approx(expected, abs=4 * lengths.std() / np.sqrt(len(population)) + 1e-9)


def test_a_share_set_by_calibration_overrides_the_impulse_share(
    make_product: Callable[..., Product], make_scenario: Callable[..., Scenario]
) -> None:
    products = assortment(make_product, impulse_share=0.9, planned_share=1.0)
    population = people(make_scenario(*products))
    assert np.array_equal(list_lengths(population), population.categories)


def test_lists_hold_the_share_of_baskets_that_points_of_sale_saw(many: tuple[Scenario, Population]) -> None:
    """With nothing left to impulse, penetrations on lists are those of the products file, WAPE under 3 %."""
    scenario, _ = many
    products = tuple(replace(p, impulse_share=0.0) for p in scenario.products)
    population = people(replace(scenario, products=products))
    mix = np.array([sum(s.share * s.missions[m.name] for s in scenario.segments) for m in scenario.missions])
    target = np.array([[p.penetration[m.name] for m in scenario.missions] for p in products]) @ mix
    found = np.bincount(population.needs.product, minlength=len(products)) / len(population)
    assert np.abs(found - target).sum() / target.sum() < 0.03


def test_orders_have_a_uniform_for_every_step(many: tuple[Scenario, Population]) -> None:
    _, population = many
    assert np.array_equal(np.diff(population.u_order.first), list_lengths(population))
    assert population.u_order.u.mean() == pytest.approx(0.5, abs=0.02)


def test_detours_have_two_uniforms_for_every_leg_and_one_leads_to_the_tills(
    many: tuple[Scenario, Population],
) -> None:
    _, population = many
    legs = list_lengths(population) + 1
    assert np.array_equal(np.diff(population.u_wander.first), legs)
    columns = population.u_wander.at(np.flatnonzero(legs >= 3)[:, None], np.arange(3)).reshape(-1, 6).T
    assert np.abs(np.corrcoef(columns) - np.eye(6)).max() < 0.03
    assert columns.mean(axis=1) == pytest.approx(0.5, abs=0.02)


# Money


def test_planned_value_is_regular_price_times_units_to_be_bought(many: tuple[Scenario, Population]) -> None:
    scenario, population = many
    row = 17
    product = scenario.products[population.needs.product[row]]
    expected = product.price * units(population.needs.u_units[row : row + 1], product.units)[0]
    assert planned_value(population.needs, scenario)[row] == pytest.approx(expected)


def test_budgets_are_planned_value_and_a_slack_around_its_mean(many: tuple[Scenario, Population]) -> None:
    scenario, population = many
    value = np.bincount(population.needs.customer, planned_value(population.needs, scenario), len(population))
    slack = population.budget / value - 1
    mean, sigma = scenario.parameters.slack_mean, scenario.parameters.slack_sigma
    assert slack.min() > 0
    assert slack.mean() == pytest.approx(mean, rel=0.02)
    assert np.log(slack).std() == pytest.approx(sigma, rel=0.02)
    assert abs(stats.spearmanr(slack, value).statistic) < 0.03


def test_slack_is_scaled_by_the_segment(
    make_product: Callable[..., Product],
    make_segment: Callable[..., Segment],
    make_scenario: Callable[..., Scenario],
) -> None:
    scenario = make_scenario(*assortment(make_product), parameters=Parameters(slack_mean=0.5, slack_sigma=0.0))
    for factor in (1.0, 3.0):
        population = people(replace(scenario, segments=(make_segment(slack=factor),)))
        value = np.bincount(population.needs.customer, planned_value(population.needs, scenario), len(population))
        assert population.budget == pytest.approx(value * (1 + 0.5 * factor))


# What could be bought beyond the list


def uniforms_of(scenario: Scenario, customers: int) -> Floats:
    """Return every uniform of every pair as the documented keys give them, shape (products, customers, uniforms)."""
    streams = Streams(scenario.seed, 0)
    columns = [streams.generator(Purpose.PRODUCT, p.id.casefold()) for p in scenario.products]
    return np.array([column.random((customers, deck.UNIFORMS)) for column in columns])


def test_pairs_are_those_of_a_slow_draw(small_scenario: Scenario) -> None:
    """Customer by customer and product by product: list, candidates, odds and uniforms of the first 40."""
    ceiling, kinds = np.linspace(1, 3, len(small_scenario.products)), propensity(small_scenario)
    population = drawn(small_scenario, kinds, ceiling, 0)
    u = uniforms_of(small_scenario, len(population))
    for c in range(40):
        size, mission = population.categories[c], small_scenario.missions[population.mission[c]]
        kind = population.segment[c] * 2 + population.mission[c]
        rings = {p: -np.log(1 - u[p, c, deck.U_NEED]) / kinds.list_weight[kind, p] for p in range(len(u))}
        basket = sorted(rings, key=rings.__getitem__)[:size]
        doubt = {p: u[p, c, deck.U_PLANNED] / (1 - small_scenario.products[p].impulse_share) for p in basket}
        listed = sorted({p for p in basket if doubt[p] < 1} | {min(doubt, key=doubt.__getitem__)})
        mean_size = sum(n * share for n, share in enumerate(mission.basket, start=1))
        odds = np.exp(small_scenario.parameters.conversion) * kinds.relative[kind] * size / mean_size
        most = odds * ceiling / (1 + odds * ceiling)
        maybe = [p for p in range(len(u)) if p not in listed and u[p, c, deck.U_WANT] < most[p]]
        for pairs, expected in ((population.needs, listed), (population.candidates, maybe)):
            rows = slice(pairs.first[c], pairs.first[c + 1])
            assert pairs.product[rows].tolist() == expected
            assert (pairs.customer[rows] == c).all()
            assert pairs.odds[rows] == pytest.approx(odds[expected])
            assert np.array_equal(pairs.u_want[rows], u[expected, c, deck.U_WANT])
            assert np.array_equal(pairs.u_place[rows], u[expected, c, deck.U_PLACE])
            assert np.array_equal(pairs.u_units[rows], u[expected, c, deck.U_UNITS])
            assert np.array_equal(pairs.u_dwell[rows], u[expected, c, deck.U_DWELL])
            assert pairs.threshold[rows] == pytest.approx(-np.log(1 - u[expected, c, deck.U_NOTICE]))


def test_a_solved_conversion_is_the_log_odds_of_a_mean_basket(
    make_product: Callable[..., Product], make_mission: Callable[..., Mission], make_scenario: Callable[..., Scenario]
) -> None:
    """α = 0 for a product that everybody is equally inclined to: odds 1 for two products, double for four."""
    products = assortment(make_product, conversion=0.0)
    mission = make_mission(basket=(0.0, 2 / 3, 0.0, 1 / 3))
    population = people(make_scenario(*products, missions=(mission,)))
    candidates = population.candidates
    assert isinstance(candidates, Pairs)
    mean_size = 2 * 2 / 3 + 4 / 3
    assert candidates.odds == pytest.approx(population.categories[candidates.customer] / mean_size)


def test_a_higher_ceiling_keeps_more_candidates_and_changes_no_draw(small_scenario: Scenario) -> None:
    low, high = people(small_scenario, ceiling=1.0), people(small_scenario, ceiling=4.0)
    pairs = [set(zip(c.customer, c.product, c.u_want, strict=True)) for c in (low.candidates, high.candidates)]
    assert pairs[0] < pairs[1]
    assert_same(low, replace(high, candidates=low.candidates))


# The same customers, however they are drawn


@pytest.mark.parametrize("block", [1, 7, 286, 100_000])
def test_the_size_of_a_block_does_not_matter(
    small_scenario: Scenario, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    expected = people(small_scenario)
    monkeypatch.setattr(deck, "BLOCK", block)
    assert_same(people(small_scenario), expected)


def test_replications_and_seeds_bring_other_customers(small_scenario: Scenario) -> None:
    first = people(small_scenario)
    for other in (people(small_scenario, replication=1), people(replace(small_scenario, seed=2))):
        least = min(len(first), len(other))
        assert not np.any(first.arrives_s[:least] == other.arrives_s[:least])
        assert not set(first.needs.u_want) & set(other.needs.u_want)


def test_the_variants_of_a_scenario_have_no_part_in_who_comes(small_scenario: Scenario) -> None:
    assert_same(people(small_scenario), people(replace(small_scenario, cases=(), baseline="none")))


def test_the_order_of_the_products_file_does_not_matter(small_scenario: Scenario) -> None:
    """Who draws what is keyed by the product's name: read backwards, the same customers want the same things."""
    kinds, ceiling = propensity(small_scenario), np.ones(len(small_scenario.products))
    backwards = replace(small_scenario, products=small_scenario.products[::-1])
    turned = Propensity(kinds.list_weight[:, ::-1], kinds.relative[:, ::-1])
    one, two = (
        drawn(scenario, inclined, ceiling, 0) for scenario, inclined in ((small_scenario, kinds), (backwards, turned))
    )
    assert np.array_equal(one.arrives_s, two.arrives_s)
    assert one.budget == pytest.approx(two.budget)
    for name in ("needs", "candidates"):
        a, b = getattr(one, name), getattr(two, name)
        same = np.lexsort((len(ceiling) - 1 - b.product, b.customer))
        assert np.array_equal(a.product, len(ceiling) - 1 - b.product[same])
        for column in ("customer", "u_units", "u_dwell", "u_place", "u_want", "threshold", "odds"):
            assert np.array_equal(getattr(a, column), getattr(b, column)[same]), column


def test_the_case_of_a_product_name_does_not_matter(small_scenario: Scenario) -> None:
    shouted = tuple(replace(p, id=p.id.upper()) for p in small_scenario.products)
    kinds = propensity(small_scenario)
    ceiling = np.ones(len(shouted))
    loud = drawn(replace(small_scenario, products=shouted), kinds, ceiling, 0)
    assert_same(loud, drawn(small_scenario, kinds, ceiling, 0))
