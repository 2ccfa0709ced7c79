"""What was taken from the shelves, and which of it was paid."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.engine.log import EventLog, Kind
from storesim.inputs.case import Case, Scenario

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Baskets:
    """Every TAKE of the day; arrays of shape (takes,) unless they say otherwise."""

    customer_paid: Bools
    """Shape (customers,): whether the customer paid."""
    customer: NDArray[np.int32]
    product: NDArray[np.int16]
    place: NDArray[np.int16]
    units: NDArray[np.int32]
    amount: Floats
    margin: Floats
    """Amount less cost, plus what the supplier pays for promoted units; set-up costs are not in it."""
    planned: Bools
    paid: Bools
    """Whether the basket was paid; what was not is no sale."""


def read_baskets(log: EventLog, scenario: Scenario, case: Case, customers: int) -> Baskets:
    """Return what was taken on one day."""
    customer_paid = np.zeros(customers, dtype=np.bool_)
    customer_paid[log.customer[log.kind == Kind.PAY]] = True
    rows = np.flatnonzero(log.kind == Kind.TAKE)
    customer, product = log.customer[rows], log.product[rows]
    units, amount = log.units[rows], log.amount[rows]
    gain = amount - units * np.array([product.unit_cost for product in scenario.products])[product]
    funded = np.array([*(promotion.funded for promotion in case.promotions), 0.0])  # -1, none: the last
    return Baskets(
        customer_paid=customer_paid,
        customer=customer,
        product=product,
        place=log.place[rows],
        units=units,
        amount=amount,
        margin=gain + units * funded[log.promotion[rows]],
        planned=log.planned[rows],
        paid=customer_paid[customer],
    )
