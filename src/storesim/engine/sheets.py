"""The day's numbers as the playing loop looks them up, one at a time, prepared at once from arrays."""

from collections.abc import Iterable, Iterator, MutableSequence, Sequence
from dataclasses import dataclass
from struct import Struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storesim.behaviour.buying import dwell_s
from storesim.behaviour.glimpses import Glimpses
from storesim.behaviour.itinerary import Itineraries, leg_first
from storesim.behaviour.paying import ServiceLaw, service_factor, service_law
from storesim.customers.draw import planned_value
from storesim.customers.laws import units
from storesim.customers.population import Pairs, Population
from storesim.engine.shop import Shop
from storesim.inputs.case import Scenario
from storesim.store.floor import Floor

Numbers = Sequence[Any]
"""A column to look up single numbers in, of Python's own types."""
Glimpse = tuple[int, int, int, float]
"""(pair, presence, place, exposure): one thing that a leg shows to the customer who walks it."""
GLIMPSE = np.dtype([("pair", "i4"), ("presence", "i2"), ("place", "i2"), ("exposure", "f8")])
_unpacked = Struct("=ihhd").iter_unpack


@dataclass(frozen=True)
class PairSheet:
    """Pairs of customer and product, needs first, then the candidates that might be noticed."""

    needs: int
    """Pairs below this number are on a shopping list."""
    product: Numbers
    u_want: Numbers
    u_units: Numbers
    odds: Numbers
    units: Numbers
    """Units bought at the regular price."""
    dwell_s: Numbers
    left: MutableSequence[float]
    """Exposure still missing until the customer notices; counted down while playing."""
    u_switch: Any
    """[pair, 0] and [pair, 1] for each pair on a list: whether another item is taken at the shelf, and whether one
    bought before spares it."""


@dataclass(frozen=True)
class TripSheet:
    """Trips. Customer c has stops stop[c]:stop[c + 1]; legs from leg[c] on, leg i shows bytes show[i]:show[i + 1]."""

    stop: Numbers
    pair: Numbers
    """-1: a point that is walked through."""
    place: Numbers
    leg: Numbers
    show: Numbers
    glimpses: memoryview
    """Rows of GLIMPSE, as bytes."""

    def stops(self, customer: int) -> Iterator[tuple[int, int]]:
        """Return (pair, place) of the stops of a customer."""
        own = slice(self.stop[customer], self.stop[customer + 1])
        return zip(self.pair[own], self.place[own], strict=True)

    def shown(self, leg: int) -> Iterable[Glimpse]:
        """Return what a leg shows; most show little, and many nothing."""
        first, end = self.show[leg], self.show[leg + 1]
        return _unpacked(self.glimpses[first:end]) if first < end else ()


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

    order: Numbers
    """Numbers in order of arrival."""
    arrives_s: Numbers
    segment: Numbers
    habit: Numbers
    door: Numbers
    speed_m_s: Numbers
    budget: Numbers
    committed: Numbers
    need: Numbers
    """Shape (customers + 1,): the pairs on the list of customer c are need[c]:need[c + 1]."""
    patience_s: Numbers
    service: Numbers


@dataclass(frozen=True)
class TillSheet:
    """Checkouts: place, law of service, nearest way out."""

    place: list[int]
    law: list[ServiceLaw]
    door: list[int]
    """Place of the nearest door that lets out."""
    exit_m: list[float]


def looked_up(column: NDArray[Any]) -> Any:
    """Return an array to look up single numbers in: NumPy takes twice the time, and a list four times the memory."""
    return memoryview(np.ascontiguousarray(column))  # type: ignore[arg-type]


def pair_sheet(shop: Shop, population: Population, candidates: Pairs) -> PairSheet:
    """Return the pairs of a population's lists, and of what it might be tempted by."""
    scenario, needs = shop.scenario, population.needs
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
        product=product.tolist(),  # small whole numbers, which Python has all and keeps once: no larger than the array
        u_want=looked_up(np.concatenate((needs.u_want, candidates.u_want))),
        u_units=looked_up(u_units),
        odds=looked_up(np.concatenate((needs.odds, candidates.odds))),
        units=units(u_units, np.array([p.units for p in scenario.products])[product]).tolist(),
        dwell_s=looked_up(dwell),
        left=looked_up(np.concatenate((needs.threshold, candidates.threshold))),
        u_switch=looked_up(population.u_switch),
    )


def trip_sheet(intended: Itineraries, seen: Glimpses, floor: Floor) -> TripSheet:
    """Return the intended trips."""
    return TripSheet(
        stop=looked_up(intended.first),
        pair=looked_up(intended.pair),
        place=looked_up(intended.place),
        leg=looked_up(leg_first(intended, floor)),
        show=looked_up(GLIMPSE.itemsize * seen.first),
        glimpses=packed(seen),
    )


def packed(seen: Glimpses) -> memoryview:
    """Return rows of GLIMPSE, as bytes: what is shown is read row by row."""
    rows = np.empty(len(seen.pair), dtype=GLIMPSE)
    rows["pair"], rows["presence"], rows["place"], rows["exposure"] = (
        seen.pair,
        seen.presence,
        seen.place,
        seen.exposure,
    )
    return memoryview(rows.view(np.uint8))  # type: ignore[arg-type]


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
        order=looked_up(np.argsort(population.arrives_s, kind="stable")),
        arrives_s=looked_up(population.arrives_s),
        segment=looked_up(population.segment),
        habit=looked_up(intended.habit),
        door=looked_up(intended.door),
        speed_m_s=looked_up(population.speed_m_s),
        budget=looked_up(population.budget),
        committed=looked_up(committed),
        need=looked_up(population.needs.first),
        patience_s=looked_up(population.patience_s),
        service=looked_up(service_factor(population.u_service, scenario.parameters.service_cv)),
    )


def till_sheet(shop: Shop) -> TillSheet:
    """Return the checkouts of a shop."""
    plan, places = shop.floor.plan, shop.floor.places
    lets_out = np.array([door.way != "in" for door in plan.doors])
    metres = np.where(lets_out, shop.floor.exit_m, np.inf)
    nearest = metres.argmin(axis=1)
    return TillSheet(
        place=[places.bays + places.doors + bank for bank in range(places.checkouts)],
        law=[service_law(bank.kind, shop.scenario.parameters, shop.case.operations.tills) for bank in plan.checkouts],
        door=(places.bays + nearest).tolist(),
        exit_m=metres.min(axis=1).tolist(),
    )
