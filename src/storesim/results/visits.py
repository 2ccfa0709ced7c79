"""How each visit of a day went, for the customer and for the store."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.engine.log import Kind
from storesim.results.day import Day
from storesim.results.sums import group_counts, group_sums, share
from storesim.results.trips import Moves

Floats = NDArray[np.float64]
IN_LINE = (Kind.JOIN, Kind.ASK)


@dataclass(frozen=True, eq=False)
class Visits:
    """One row a customer, shapes (customers,)."""

    wait_s: Floats
    """In lines at tills and counters."""
    unmet: Floats
    """Share of the list that was not had, nor anything in its place."""
    per_m2: Floats
    """Persons per m² of the whole store met on entering; 0 where the room is not known."""
    paid: Floats
    """Paid over regular price of the same units; 1 for who paid nothing."""
    sales: Floats
    margin: Floats
    """Without the set-up costs of promotions."""
    discount: Floats
    """What was paid less than at regular prices."""


def read_visits(day: Day, room_m2: float) -> Visits:
    """Return the visits of a day in a store with so much room to walk; 0: not known."""
    customers, moves, baskets = len(day.population), day.trips.moves, day.baskets
    mine = baskets.paid
    who, amount = baskets.customer[mine], baskets.amount[mine]
    price = np.array([product.price for product in day.scenario.products])
    regular = group_sums(who, price[baskets.product[mine]] * baskets.units[mine], customers)
    sales = group_sums(who, amount, customers)
    needs = day.population.needs
    listed = np.diff(needs.first).astype(np.float64)
    return Visits(
        wait_s=_in_line_s(moves, customers),
        unmet=share(group_counts(needs.customer[day.losses.missed], customers), listed),
        per_m2=_met_per_m2(moves, customers, room_m2),
        paid=np.where(regular > 0, share(sales, regular), 1.0),
        sales=sales,
        margin=group_sums(who, baskets.margin[mine], customers),
        discount=regular - sales,
    )


def _in_line_s(moves: Moves, customers: int) -> Floats:
    rows = np.flatnonzero(np.isin(moves.kind, IN_LINE))
    return group_sums(moves.customer[rows], moves.lasts_s(rows), customers)


def _met_per_m2(moves: Moves, customers: int, room_m2: float) -> Floats:
    """Return how many were inside, per m², when each customer came in."""
    came, left = moves.rows(Kind.ENTER), moves.rows(Kind.LEAVE)
    inside = np.searchsorted(np.sort(moves.t_s[came]), moves.t_s[came]) - np.searchsorted(
        np.sort(moves.t_s[left]), moves.t_s[came], side="right"
    )
    met = np.zeros(customers)
    met[moves.customer[came]] = inside / room_m2 if room_m2 > 0 else 0.0
    return met
