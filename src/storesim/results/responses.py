"""The responses: one number a day each; their definitions stand here and nowhere else.

Every response is finite, also on a day without customers, so that two identical variants differ by exactly 0.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from storesim.engine.log import Kind
from storesim.inputs.case import Scenario
from storesim.inputs.operations import Operations, Tills
from storesim.results import at_work
from storesim.results.day import Day

Floats = NDArray[np.float64]
Better = Literal["higher", "lower", "reader"]


def visitors(day: Day) -> float:
    """Customers who came in."""
    return float(np.count_nonzero(day.log.kind == Kind.ENTER))


def transactions(day: Day) -> float:
    """Baskets paid."""
    return float(np.count_nonzero(day.log.kind == Kind.PAY))


def conversion(day: Day) -> float:
    """Transactions ÷ visitors; 0 when nobody came."""
    return _ratio(transactions(day), visitors(day))


def sales(day: Day) -> float:
    """Money paid at the tills, at the prices paid; a basket left without paying is no sale."""
    return float(day.log.amount[day.log.kind == Kind.PAY].sum())


def margin(day: Day) -> float:
    """Sales less the cost of what was sold, plus what suppliers pay for promoted units, less set-up costs.

    Set-up costs are those of the promotions whose dates hold the day, sold or not.
    """
    baskets = day.baskets
    return float(baskets.margin[baskets.paid].sum()) - sum(promotion.set_up_cost for promotion in day.promotions)


def units_per_basket(day: Day) -> float:
    """Units paid ÷ transactions; 0 when nobody paid."""
    return _ratio(float(day.log.units[day.log.kind == Kind.PAY].sum()), transactions(day))


def sales_per_visit(day: Day) -> float:
    """Sales ÷ visitors, whether they bought or not; 0 when nobody came."""
    return _ratio(sales(day), visitors(day))


def unplanned_sales(day: Day) -> float:
    """Sales of products that were not on the customer's list."""
    baskets = day.baskets
    return float(baskets.amount[baskets.paid & ~baskets.planned].sum())


def trip_s(day: Day) -> float:
    """Mean time from door to door, over those who left; 0 when nobody did."""
    log = day.log
    left = log.kind == Kind.LEAVE
    entered_s = np.zeros(len(day.population))
    entered_s[log.customer[log.kind == Kind.ENTER]] = log.t_s[log.kind == Kind.ENTER]
    return _ratio(float((log.t_s[left] - entered_s[log.customer[left]]).sum()), float(np.count_nonzero(left)))


def dwell_s(day: Day) -> float:
    """Mean time per visitor standing at shelves, from each STOP until the customer walks on.

    Neither walking nor queueing counts, and no stop is too short to count; 0 when nobody came.
    """
    return _ratio(float(day.trips.stood_s.data.sum()), visitors(day))


def walked_m(day: Day) -> float:
    """Mean metres walked per visitor, from door to door; 0 when nobody came."""
    return _ratio(float(day.trips.walked_m.sum()), visitors(day))


def store_coverage(day: Day) -> float:
    """Mean share of the store's bays that a visitor passes; 0 when nobody came or there are no bays.

    A bay is passed when it was in view, within the range of sight, on a way walked or from a shelf stood at.
    """
    bays = day.floor.places.bays
    return _ratio(float(day.funnels.passed_bays), visitors(day) * bays)


def wait_s(day: Day) -> float:
    """Mean wait in the checkout queue, Wq, over those who joined one; 0 when nobody did.

    Service does not count; the wait of those who gave up counts until they gave up.
    """
    return _ratio(float(day.queues.wait_s.sum()), float(len(day.queues.customer)))


def left_without_paying(day: Day) -> float:
    """Customers who joined a queue and left without paying."""
    return float(np.count_nonzero(~day.baskets.customer_paid[day.queues.customer]))


def lost_sales(day: Day) -> float:
    """Value at regular prices of what customers came for or held in their hands, and did not buy.

    Products on the list that were not taken, nor a substitute for them, at their mean units, plus all units taken
    and not paid.
    """
    lost = day.losses
    return float(lost.not_found.sum() + lost.queue.sum())


def net_margin(day: Day) -> float:
    """Margin less the cost of staff and the value of points: what is left where these are counted."""
    return margin(day) - at_work.staff_cost(day) - at_work.points_cost(day)


def earned(names: Container[str]) -> str:
    """Return which of the responses counted says what a variant earns: net margin where it is there."""
    return "net_margin" if "net_margin" in names else "margin"


@dataclass(frozen=True)
class Response:
    """A response, its unit, and whether more of it is good; 'reader': for the reader to say."""

    function: Callable[[Day], float]
    unit: str
    """'currency' stands for the scenario's own."""
    better: Better

    @property
    def name(self) -> str:
        """The name in files and tables."""
        return self.function.__name__

    @property
    def definition(self) -> str:
        """The definition, as the docs print it."""
        return self.function.__doc__ or ""

    def unit_in(self, currency: str) -> str:
        """Return the unit with the scenario's currency in its place."""
        return currency if self.unit == "currency" else self.unit


RESPONSES: tuple[Response, ...] = (
    Response(visitors, "customers", "reader"),
    Response(transactions, "baskets", "higher"),
    Response(conversion, "share", "higher"),
    Response(sales, "currency", "higher"),
    Response(margin, "currency", "higher"),
    Response(units_per_basket, "units", "higher"),
    Response(sales_per_visit, "currency", "higher"),
    Response(unplanned_sales, "currency", "higher"),
    Response(trip_s, "s", "reader"),
    Response(dwell_s, "s", "reader"),
    Response(walked_m, "m", "reader"),
    Response(store_coverage, "share", "reader"),
    Response(wait_s, "s", "lower"),
    Response(left_without_paying, "customers", "lower"),
    Response(lost_sales, "currency", "lower"),
)


Says = Callable[[Operations], object]
AT_WORK: tuple[tuple[Says, tuple[Response, ...]], ...] = (
    (
        lambda run: run.tills != Tills() or run.staff,
        (
            Response(at_work.wait_p95_s, "s", "lower"),
            Response(at_work.till_utilisation, "share", "reader"),
            Response(at_work.cashier_hours, "h", "reader"),
            Response(at_work.balked, "customers", "lower"),
        ),
    ),
    (
        lambda run: run.staff,
        (Response(at_work.staff_hours, "h", "reader"), Response(at_work.staff_cost, "currency", "lower")),
    ),
    (lambda run: run.loyalty.points, (Response(at_work.points_cost, "currency", "lower"),)),
    (lambda run: run.loyalty.points or run.staff, (Response(net_margin, "currency", "higher"),)),
    (
        lambda run: run.entry_at_most,
        (Response(at_work.door_wait_s, "s", "lower"), Response(at_work.turned_away, "customers", "lower")),
    ),
    (
        lambda run: run.stock,
        (
            Response(at_work.availability, "share", "higher"),
            Response(at_work.out_of_stock_min, "min", "lower"),
            Response(at_work.lost_empty, "currency", "lower"),
        ),
    ),
    (
        lambda run: run.counters,
        (Response(at_work.counter_wait_s, "s", "lower"), Response(at_work.counter_gave_up, "times", "lower")),
    ),
)
"""Responses of stores of which something is said: whether a variant says it, and what is then told of all variants."""


def responses_of(scenario: Scenario) -> tuple[Response, ...]:
    """Return the responses that a scenario has, in their order: those of every store first."""
    runs = [case.operations for case in scenario.cases]
    return RESPONSES + tuple(one for says, found in AT_WORK if any(says(run) for run in runs) for one in found)


def measure(day: Day) -> Floats:
    """Return the value of every response of the day's scenario, in their order; shape (responses,)."""
    return np.array([response.function(day) for response in responses_of(day.scenario)])


def _ratio(top: float, bottom: float) -> float:
    """Return top ÷ bottom; 0 when there is nothing to divide by."""
    return top / bottom if bottom else 0.0
