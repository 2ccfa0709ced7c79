"""Responses that a store has of whose tills, staff, stock, counters or entrance something is said."""

import numpy as np

from storesim.engine.log import Kind
from storesim.inputs.operations import Job
from storesim.results.day import Day
from storesim.results.staffing import HOUR_S, cashier_utilisation, worked_s
from storesim.results.till_hours import wait_p95_s as p95_by_group


def wait_p95_s(day: Day) -> float:
    """Smallest wait in the checkout queue that 95 % of those who joined one do not exceed; 0 when nobody did."""
    waits_s = day.queues.wait_s
    return float(p95_by_group(np.zeros(len(waits_s), dtype=np.int64), waits_s, 1)[0])


def till_utilisation(day: Day) -> float:
    """Time that cashiers serve ÷ time that they sit at lanes; 0 without cashiers.

    Where nothing is said of tills or staff, all lanes have somebody all day.
    """
    places = _cashier_places(day)
    if not sits_anybody(day):
        served_s = day.queues.done_s - day.queues.until_s
        busy_s = float(served_s[day.queues.served & np.isin(day.queues.place, places)].sum())
        return busy_s / (cashier_hours(day) * HOUR_S) if cashier_hours(day) else 0.0
    by_place = cashier_utilisation(day.log, day.queues, places, _lasts_s(day))
    sat_s = np.array([_sat_s(day, place) for place in places])
    return float(by_place @ sat_s / sat_s.sum()) if sat_s.sum() else 0.0


def cashier_hours(day: Day) -> float:
    """Hours that cashiers sit at lanes; where nothing is said of tills or staff, all lanes all day."""
    if sits_anybody(day):
        return day.staffing.cashier_hours
    lanes = sum(checkout.lanes for checkout in day.floor.plan.checkouts if checkout.kind == "cashier")
    return lanes * _lasts_s(day) / HOUR_S


def balked(day: Day) -> float:
    """Customers who held goods and left without joining a line, as they foresaw the wait."""
    held, joined = (np.zeros(len(day.population), dtype=np.bool_) for _ in range(2))
    held[day.log.customer[day.log.kind == Kind.TAKE]] = True
    joined[day.queues.customer] = True
    return float(np.count_nonzero(held & ~joined))


def staff_hours(day: Day) -> float:
    """Hours of staff paid: of all shifts, whether there is work or not; without a pool, the hours worked."""
    return day.staffing.paid_hours


def staff_cost(day: Day) -> float:
    """Hours of staff paid, at the wage; 0 without a pool. It is not in `margin`."""
    return day.staffing.cost


def points_cost(day: Day) -> float:
    """Value of the loyalty points given on what members pay. It is not in `margin`."""
    share = day.case.operations.loyalty.points
    by_segment = np.array([share.get(segment.tier, 0.0) for segment in day.scenario.segments])
    paid = day.baskets.paid
    payer = day.population.segment[day.baskets.customer[paid]]
    return float(day.baskets.amount[paid] @ by_segment[payer])


def door_wait_s(day: Day) -> float:
    """Mean wait outside the door over all who came, those who went away counted until they did; 0 when nobody came."""
    log = day.log
    waits, enters = log.kind == Kind.WAIT, log.kind == Kind.ENTER
    came = len(np.unique(log.customer[waits | enters]))
    began_s, ended_s = np.zeros(len(day.population)), np.zeros(len(day.population))
    began_s[log.customer[waits]] = log.t_s[waits]
    # Who never came in waited for as long as they could bear, or until the doors closed.
    patience_s = day.population.patience_s[log.customer[waits]]
    ended_s[log.customer[waits]] = np.minimum(log.t_s[waits] + patience_s, np.maximum(_lasts_s(day), log.t_s[waits]))
    outside = np.zeros(len(day.population), dtype=np.bool_)
    outside[log.customer[waits]] = True
    inside_at = log.customer[enters]
    ended_s[inside_at] = np.where(outside[inside_at], log.t_s[enters], 0.0)
    return float((ended_s - began_s).sum()) / came if came else 0.0


def turned_away(day: Day) -> float:
    """Customers who waited outside and went away."""
    log = day.log
    return float(len(np.setdiff1d(log.customer[log.kind == Kind.WAIT], log.customer[log.kind == Kind.ENTER])))


def availability(day: Day) -> float:
    """Mean share of the opening time in which a product has a unit on a shelf, over the products kept in stock.

    1 where none are.
    """
    kept = day.stock.kept > 0
    return float(day.stock.availability[kept].mean()) if kept.any() else 1.0


def out_of_stock_min(day: Day) -> float:
    """Minutes without a unit on any shelf, all products added."""
    return float(day.stock.out_of_stock_min.sum())


def lost_empty(day: Day) -> float:
    """Value at regular prices of what customers had on their lists, found no unit of, and left or put off."""
    return float(day.stock.lost_empty.sum())


def counter_wait_s(day: Day) -> float:
    """Mean wait at counters, over all times that somebody asked; 0 when nobody did."""
    asked = float(day.counters.asked.sum())
    return float(day.counters.wait_s @ day.counters.asked) / asked if asked else 0.0


def counter_gave_up(day: Day) -> float:
    """Times that a customer lost patience at a counter."""
    return float(day.counters.gave_up.sum())


def _lasts_s(day: Day) -> float:
    return day.scenario.closes_s - day.scenario.opens_s


def _cashier_places(day: Day) -> list[int]:
    first = day.floor.places.bays + day.floor.places.doors
    return [first + i for i, checkout in enumerate(day.floor.plan.checkouts) if checkout.kind == "cashier"]


def sits_anybody(day: Day) -> bool:
    """Return whether the log says who sits at lanes: it does where something is said of tills or staff."""
    return bool(((day.log.kind == Kind.BEGIN) & (day.log.lane == Job.TILL)).any())


def _sat_s(day: Day, place: int) -> float:
    return worked_s(day.log, Job.TILL, _lasts_s(day), place)
