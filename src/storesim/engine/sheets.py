"""The day's numbers as plain lists: what the playing loop looks up, prepared at once from arrays."""

from dataclasses import dataclass

import numpy as np

from storesim.behaviour.buying import dwell_s
from storesim.behaviour.glimpses import Glimpses
from storesim.behaviour.itinerary import Itineraries, leg_first
from storesim.behaviour.paying import ServiceLaw, service_factor, service_law
from storesim.customers.draw import planned_value
from storesim.customers.laws import units
from storesim.customers.population import Population
from storesim.engine.shop import Shop
from storesim.inputs.case import Scenario
from storesim.store.floor import Floor

Glimpse = tuple[int, int, int, float]
"""(pair, presence, place, exposure): one thing that a leg shows to the customer who walks it."""


@dataclass(frozen=True)
class PairSheet:
    """Pairs of customer and product, needs first, then the candidates that might be noticed."""

    needs: int
    """Pairs below this number are on a shopping list."""
    product: list[int]
    u_want: list[float]
    u_units: list[float]
    odds: list[float]
    units: list[int]
    """Units bought at the regular price."""
    dwell_s: list[float]
    left: list[float]
    """Exposure still missing until the customer notices; counted down while playing."""
    u_switch: list[list[float]]
    """Of each pair on a list: whether another item is taken at the shelf, and whether one bought before spares it."""


@dataclass(frozen=True)
class TripSheet:
    """Trips. Customer c has stops stop[c]:stop[c + 1]; legs from leg[c] on, leg i shows rows show[i]:show[i + 1]."""

    stop: list[int]
    pair: list[int]
    """-1: a point that is walked through."""
    place: list[int]
    leg: list[int]
    show: list[int]
    glimpses: list[Glimpse]


@dataclass(frozen=True)
class PriceSheet:
    """Regular prices and responses; rows by segment where the response is the segment's."""

    regular: list[float]
    units: list[float]
    incidence: list[list[float]]
    """Elasticity of whether to buy what is not on the list."""
    quantity: list[list[float]]
    """Elasticity of how many of it; together with incidence the whole."""
    planned: list[list[float]]
    """Elasticity of how many of what is on the list: the whole, as it is bought at any price."""
    p_found: float


@dataclass(frozen=True)
class CustomerSheet:
    """Who comes, by number."""

    order: list[int]
    """Numbers in order of arrival."""
    arrives_s: list[float]
    segment: list[int]
    habit: list[int]
    door: list[int]
    speed_m_s: list[float]
    budget: list[float]
    committed: list[float]
    need: list[int]
    """Shape (customers + 1,): the pairs on the list of customer c are need[c]:need[c + 1]."""
    patience_s: list[float]
    service: list[float]


@dataclass(frozen=True)
class TillSheet:
    """Checkouts: place, law of service, nearest way out."""

    place: list[int]
    law: list[ServiceLaw]
    door: list[int]
    """Place of the nearest door that lets out."""
    exit_m: list[float]


def pair_sheet(shop: Shop, population: Population) -> PairSheet:
    """Return the pairs of a population."""
    scenario, needs, candidates = shop.scenario, population.needs, population.candidates
    customer = np.concatenate((needs.customer, candidates.customer))
    product = np.concatenate((needs.product, candidates.product))
    u_units = np.concatenate((needs.u_units, candidates.u_units))
    medians = scenario.parameters.dwell_median_s * np.array([s.dwell for s in scenario.segments])
    dwell = dwell_s(
        np.concatenate((needs.u_dwell, candidates.u_dwell)),
        medians[population.segment[customer]],
        scenario.parameters.dwell_sigma,
    )
    return PairSheet(
        needs=len(needs.product),
        product=product.tolist(),
        u_want=np.concatenate((needs.u_want, candidates.u_want)).tolist(),
        u_units=u_units.tolist(),
        odds=np.concatenate((needs.odds, candidates.odds)).tolist(),
        units=units(u_units, np.array([p.units for p in scenario.products])[product]).tolist(),
        dwell_s=dwell.tolist(),
        left=np.concatenate((needs.threshold, candidates.threshold)).tolist(),
        u_switch=population.u_switch.tolist(),
    )


def trip_sheet(intended: Itineraries, seen: Glimpses, floor: Floor) -> TripSheet:
    """Return the intended trips."""
    return TripSheet(
        stop=intended.first.tolist(),
        pair=intended.pair.tolist(),
        place=intended.place.tolist(),
        leg=leg_first(intended, floor).tolist(),
        show=seen.first.tolist(),
        glimpses=seen.rows(),
    )


def price_sheet(scenario: Scenario) -> PriceSheet:
    """Return prices and price responses: part of an elasticity acts on whether to buy, the rest on how many."""
    share = scenario.parameters.incidence_share
    full = [[p.price_elasticity * s.price_response for p in scenario.products] for s in scenario.segments]
    return PriceSheet(
        regular=[p.price for p in scenario.products],
        units=[p.units for p in scenario.products],
        incidence=[[share * e for e in row] for row in full],
        quantity=[[(1 - share) * e for e in row] for row in full],
        planned=full,
        p_found=scenario.parameters.p_found,
    )


def customer_sheet(population: Population, intended: Itineraries, scenario: Scenario) -> CustomerSheet:
    """Return the customers of the day."""
    committed = np.bincount(
        population.needs.customer, planned_value(population.needs, scenario), minlength=len(population)
    )
    return CustomerSheet(
        order=np.argsort(population.arrives_s, kind="stable").tolist(),
        arrives_s=population.arrives_s.tolist(),
        segment=population.segment.tolist(),
        habit=intended.habit.tolist(),
        door=intended.door.tolist(),
        speed_m_s=population.speed_m_s.tolist(),
        budget=population.budget.tolist(),
        committed=committed.tolist(),
        need=population.needs.first.tolist(),
        patience_s=population.patience_s.tolist(),
        service=service_factor(population.u_service, scenario.parameters.service_cv).tolist(),
    )


def till_sheet(shop: Shop) -> TillSheet:
    """Return the checkouts of a shop."""
    plan, places = shop.floor.plan, shop.floor.places
    lets_out = np.array([door.way != "in" for door in plan.doors])
    metres = np.where(lets_out, shop.floor.exit_m, np.inf)
    nearest = metres.argmin(axis=1)
    return TillSheet(
        place=[places.bays + places.doors + bank for bank in range(places.checkouts)],
        law=[service_law(bank.kind, shop.scenario.parameters) for bank in plan.checkouts],
        door=(places.bays + nearest).tolist(),
        exit_m=metres.min(axis=1).tolist(),
    )
