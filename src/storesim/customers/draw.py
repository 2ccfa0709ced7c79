"""Draws the day's population, vectorised, before anyone enters; the same people for every variant."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from storesim.customers import laws
from storesim.customers.at_shelves import ShelfDraws, draw_at_shelves
from storesim.customers.at_tills import draw_at_tills
from storesim.customers.deck import (
    U_NEED,
    U_NOTICE,
    U_PLANNED,
    U_WANT,
    UNIFORMS,
    Deck,
    DeckPairs,
    by_customer,
    threshold,
)
from storesim.customers.inclinations import Inclinations
from storesim.customers.population import Floats, Ints, Pairs, Population
from storesim.customers.propensity import Propensity
from storesim.customers.steps import Steps
from storesim.customers.streams import Purpose, Streams
from storesim.customers.tastes import Tastes, tastes_of
from storesim.inputs.case import Scenario
from storesim.inputs.operations import Tills


def draw_population(scenario: Scenario, kinds: Propensity, ceiling: Floats, replication: int) -> Population:
    """Return the customers of one day.

    Args:
        scenario: who may come, and when.
        kinds: what each kind of customer is inclined to buy.
        ceiling: shape (products,), >= 1: the most that any price in the scenario multiplies the odds of buying.
            It only bounds which pairs are kept as candidates and changes no draw.
        replication: which day of the experiment; day `replication mod scenario.days` of the calendar.
    """
    streams = Streams(scenario.seed, replication)
    mix = _mix(scenario, replication)
    u_visits = float(streams.uniforms(Purpose.VISITS, 1)[0])
    n = laws.poisson(u_visits, scenario.visits_per_day * float(mix.sum()))
    segment = laws.pick(streams.uniforms(Purpose.SEGMENT, n), mix.sum(axis=1) / max(float(mix.sum()), 1e-300))
    return draw_known(scenario, kinds, ceiling, replication, segment)


def draw_known(scenario: Scenario, kinds: Propensity, ceiling: Floats, replication: int, segment: Ints) -> Population:
    """Return customers of one day of whom the segment is known already, shape (customers,); else as above."""
    streams, n = Streams(scenario.seed, replication), len(segment)
    mission = _missions(streams.uniforms(Purpose.MISSION, n), segment, _mix(scenario, replication))
    categories = _categories(streams.uniforms(Purpose.CATEGORIES, n), mission, scenario)
    u_coupon = _coupons(scenario, streams, n)
    needs, candidates = _pairs(
        scenario, streams, kinds, segment, mission, categories, ceiling, _followers(scenario, u_coupon)
    )
    segments, parameters = scenario.segments, scenario.parameters
    return Population(
        arrives_s=_arrivals(streams.uniforms(Purpose.ARRIVAL, n), mission, scenario),
        segment=segment,
        mission=mission,
        speed_m_s=laws.speed_m_s(
            streams.uniforms(Purpose.SPEED, n),
            np.array([s.speed_m_s for s in segments])[segment],
            parameters.speed_sd_m_s,
        ),
        u_habit=streams.uniforms(Purpose.HABIT, n),
        knows_store=streams.uniforms(Purpose.KNOWLEDGE, n) < np.array([s.knowledge for s in segments])[segment],
        u_door=streams.uniforms(Purpose.DOOR, n),
        u_service=streams.uniforms(Purpose.SERVICE, n),
        patience_s=laws.patience_s(
            streams.uniforms(Purpose.PATIENCE, n),
            parameters.patience_scale_s * np.array([s.patience for s in segments])[segment],
        ),
        categories=categories,
        budget=_budgets(streams.uniforms(Purpose.SLACK, n), segment, needs, scenario),
        u_order=_orders(streams, needs, _most_coupons(scenario)),
        u_wander=_detours(streams, needs, _most_coupons(scenario)),
        u_guide=streams.uniforms(Purpose.GUIDE, n),
        u_path=streams.uniforms(Purpose.PATH, n),
        u_switch=_switches(streams, n, needs, scenario),
        needs=needs,
        candidates=candidates,
        u_coupon=u_coupon,
        at_shelves=_at_shelves(scenario, streams, n, needs),
        at_tills=draw_at_tills(streams, n) if _has_run_tills(scenario) else None,
        u_group=streams.uniforms(Purpose.GROUP, n) if _has_groups(scenario) else None,
    )


def planned_value(needs: Pairs, scenario: Scenario) -> Floats:
    """Return the value at regular prices of each pair on the lists, shape (pairs,)."""
    price = np.array([p.price for p in scenario.products])
    mean_units = np.array([p.units for p in scenario.products])
    return np.asarray(price[needs.product] * laws.units(needs.u_units, mean_units[needs.product]))


def _mix(scenario: Scenario, replication: int) -> Floats:
    """Return visits by segment and mission on the day's weekday, relative to a mean day; shape (segments, missions)."""
    weekday = (scenario.first_day.weekday() + replication % scenario.days) % 7
    return np.array(
        [
            [s.share * s.missions.get(m.name, 0.0) * m.weekdays[weekday] for m in scenario.missions]
            for s in scenario.segments
        ]
    )


def _missions(u: Floats, segment: Ints, mix: Floats) -> Ints:
    """Return each customer's mission, by inversion within the customer's segment."""
    edges = np.cumsum(mix, axis=1) / np.maximum(mix.sum(axis=1, keepdims=True), 1e-300)
    return np.asarray(np.minimum((u[:, None] >= edges[segment]).sum(axis=1), mix.shape[1] - 1), dtype=np.int64)


def _arrivals(u: Floats, mission: Ints, scenario: Scenario) -> Floats:
    arrives = np.empty(len(u))
    for m, law in enumerate(scenario.missions):
        mine = mission == m
        arrives[mine] = laws.arrival_s(u[mine], law.hours, scenario.opens_s, scenario.closes_s)
    return arrives


def _categories(u: Floats, mission: Ints, scenario: Scenario) -> Ints:
    sizes = np.empty(len(u), dtype=np.int64)
    for m, law in enumerate(scenario.missions):
        mine = mission == m
        sizes[mine] = 1 + laws.pick(u[mine], np.array(law.basket))
    return sizes


def _budgets(u: Floats, segment: Ints, needs: Pairs, scenario: Scenario) -> Floats:
    """Return planned value at regular prices times (1 + slack), slack lognormal around its mean."""
    value = np.bincount(needs.customer, weights=planned_value(needs, scenario), minlength=len(u))
    slack = laws.lognormal(u, scenario.parameters.slack_mean, scenario.parameters.slack_sigma)
    return np.asarray(value * (1 + slack * np.array([s.slack for s in scenario.segments])[segment]))


def _at_shelves(scenario: Scenario, streams: Streams, n: int, needs: Pairs) -> ShelfDraws | None:
    """Return what is decided at empty shelves, at counters and by advice; None where no variant has any."""
    runs = [case.operations for case in scenario.cases]
    if not any(run.stock or run.counters or run.advice for run in runs):
        return None
    counters = tuple(dict.fromkeys(counter.name for run in runs for counter in run.counters))
    products = [product.id.casefold() for product in scenario.products]
    return draw_at_shelves(streams, n, products, counters, (needs.customer, needs.product))


def _has_run_tills(scenario: Scenario) -> bool:
    """Return whether some variant needs more of customers at the tills than its plain ones do."""
    kinds = {checkout.kind for case in scenario.cases for checkout in case.plan.checkouts}
    runs = [case.operations for case in scenario.cases]
    return bool(kinds & {"mobile", "collect"}) or any(run.tills != Tills() or run.staff for run in runs)


def _has_groups(scenario: Scenario) -> bool:
    return any(case.operations.groups for case in scenario.cases)


def _coupons(scenario: Scenario, streams: Streams, n: int) -> dict[int, Floats]:
    return {
        i: streams.uniforms(Purpose.COUPON, n, product.id.casefold())
        for i, product in enumerate(scenario.products)
        if any(product.id in coupon.products for case in scenario.cases for coupon in case.coupons)
    }


def _followers(scenario: Scenario, u_coupon: Mapping[int, Floats]) -> dict[int, NDArray[np.bool_]]:
    """Return, by product, who would follow the most inviting coupon of the scenario; shape (customers,)."""
    coupons = [coupon for case in scenario.cases for coupon in case.coupons]
    return {
        i: u < max(coupon.p_follow for coupon in coupons if scenario.products[i].id in coupon.products)
        for i, u in u_coupon.items()
    }


def _tastes(streams: Streams, n: int, tastes: Tastes) -> Floats:
    """Return a uniform for each taste of each customer, shape (customers, tastes)."""
    columns = [streams.uniforms(Purpose.TASTE, n, name) for name in tastes.names]
    return np.stack(columns, axis=1) if columns else np.empty((n, 0))


def _most_coupons(scenario: Scenario) -> int:
    return max((sum(coupon.each for coupon in case.coupons) for case in scenario.cases), default=0)


def _orders(streams: Streams, needs: Pairs, coupons: int) -> Steps:
    """Return a uniform for each step of a list, and for as many more as coupons may add."""
    listed = np.diff(needs.first)
    return Steps.drawn(listed + coupons, lambda step: streams.uniforms(Purpose.ORDER, len(listed), str(step)))


def _detours(streams: Streams, needs: Pairs, coupons: int) -> Steps:
    """Return two uniforms a leg: one to every stop of a list, and one to the tills.

    Stops that coupons may add have theirs too, as long as the day's longest list has a leg there.
    """
    listed = np.diff(needs.first)
    legs = np.minimum(listed + coupons, listed.max(initial=0)) + 1
    shape = (len(listed), 2)
    return Steps.drawn(legs, lambda leg: streams.generator(Purpose.WANDER, str(leg)).random(shape))


def _switches(streams: Streams, n: int, needs: Pairs, scenario: Scenario) -> Floats:
    """Return two uniforms a pair on the lists, from one stream a product that may have substitutes."""
    u = np.zeros((len(needs.product), 2))
    for number, product in enumerate(scenario.products):
        if product.substitutes:
            mine = np.flatnonzero(needs.product == number)
            u[mine] = streams.generator(Purpose.SWITCH, product.id.casefold()).random((n, 2))[needs.customer[mine]]
    return u


def _pairs(
    scenario: Scenario,
    streams: Streams,
    kinds: Propensity,
    segment: Ints,
    mission: Ints,
    size: Ints,
    ceiling: Floats,
    followers: Mapping[int, NDArray[np.bool_]],
) -> tuple[Pairs, DeckPairs]:
    """Return shopping lists and candidates, found block by block."""
    deck = Deck(streams, [p.id.casefold() for p in scenario.products], len(size))
    inclined = _inclinations(scenario, streams, kinds, segment, mission, size)
    planned_share = np.array(
        [1 - p.impulse_share if p.planned_share is None else p.planned_share for p in scenario.products]
    )
    lists, rest, listed = _Found(), _Found(), [np.empty((0, UNIFORMS))]
    for rows, drawn in deck.blocks():
        factors = inclined.factors(rows)
        planned = _lists(drawn, kinds.list_weight[inclined.kind[rows]] * factors, size[rows], planned_share)
        possible = by_customer(drawn, U_WANT) < _share_of(inclined.odds(rows, factors) * ceiling)
        for product, follows in followers.items():
            possible[:, product] |= follows[rows]
        listed.append(drawn.swapaxes(0, 1)[planned])  # while they are at hand
        lists.add(planned, drawn)
        rest.add(possible & ~planned, drawn)
    return lists.pairs(deck, inclined).with_uniforms(np.concatenate(listed)), rest.pairs(deck, inclined)


def _inclinations(
    scenario: Scenario, streams: Streams, kinds: Propensity, segment: Ints, mission: Ints, size: Ints
) -> Inclinations:
    """Return how inclined the customers are."""
    mean_size = np.array([np.dot(np.arange(1, len(m.basket) + 1), m.basket) for m in scenario.missions])
    tastes = tastes_of(scenario)
    return Inclinations(
        by_kind=_odds(scenario, kinds),
        kind=segment * len(scenario.missions) + mission,
        scale=size / mean_size[mission],
        tastes=tastes,
        drawn=tastes.drawn(_tastes(streams, len(size), tastes)),
    )


def _share_of(odds: Floats) -> Floats:
    return odds / (1 + odds)


def _odds(scenario: Scenario, kinds: Propensity) -> Floats:
    """Return the odds of buying once noticed at the regular price, for a mean basket; shape (kinds, products)."""
    default = scenario.parameters.conversion
    conversion = np.array([default if p.conversion is None else p.conversion for p in scenario.products])
    return np.asarray(np.exp(conversion) * kinds.relative)


def _lists(u: Floats, weight: Floats, size: Ints, planned_share: Floats) -> NDArray[np.bool_]:
    """Return who plans what, shape (customers, products); `u` is a block of the deck.

    A basket of `size` is drawn by weight without replacement (exponential clocks, the first `size` to ring);
    each product in it is planned with its own share, and the surest one always, so that no list is empty.
    """
    with np.errstate(divide="ignore"):
        clock = -np.log1p(-by_customer(u, U_NEED)) / weight
    rank = np.minimum(size, np.isfinite(clock).sum(axis=1)) - 1
    last = np.sort(clock, axis=1)[np.arange(len(size)), np.maximum(rank, 0)]
    customer, product = np.divmod(np.flatnonzero((clock <= last[:, None]) & np.isfinite(clock)), clock.shape[1])
    doubt = u[product, customer, U_PLANNED] / np.maximum(planned_share, 1e-12)[product]
    begins = np.flatnonzero(np.diff(customer, prepend=-1))  # of each customer's basket
    least = np.minimum.reduceat(doubt, begins) if len(begins) else doubt
    surest = doubt == np.repeat(least, np.diff(begins, append=len(doubt)))
    planned = np.zeros(clock.shape, dtype=np.bool_)
    planned[customer, product] = (doubt < 1) | surest
    return planned


class _Found:
    """Pairs found so far, block by block."""

    def __init__(self) -> None:
        self._count = [np.zeros(1, dtype=np.int64)]
        self._product: list[NDArray[np.int16]] = [np.empty(0, dtype=np.int16)]
        self._threshold: list[NDArray[np.float32]] = [np.empty(0, dtype=np.float32)]

    def add(self, keep: NDArray[np.bool_], u: Floats) -> None:
        """Add the pairs to keep of a block, shape (customers, products); `u` is a block of the deck."""
        customer, product = np.divmod(np.flatnonzero(keep), keep.shape[1])
        self._count.append(np.count_nonzero(keep, axis=1))
        self._product.append(product.astype(np.int16))
        self._threshold.append(threshold(u[product, customer, U_NOTICE]).astype(np.float32))

    def pairs(self, deck: Deck, inclined: Inclinations) -> DeckPairs:
        """Return the pairs found."""
        return DeckPairs(
            first=np.cumsum(np.concatenate(self._count)),
            product=np.concatenate(self._product),
            threshold=np.concatenate(self._threshold),
            deck=deck,
            inclined=inclined,
        )
