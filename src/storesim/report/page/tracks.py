"""One day as its replay draws it: who walks where when, in whole half-seconds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.behaviour.paying import servers
from storesim.engine.log import EventLog, Kind
from storesim.results.day import Day

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TICKS_PER_S = 2
"""Times are kept in half-seconds: nobody walks farther than a metre in one."""


@dataclass(frozen=True, eq=False)
class Tills:
    """Who joined which queue; arrays of shape (customers,)."""

    lane: Ints
    """-1: joined none."""
    waits: Ints
    """Ticks from joining until service began, or the customer gave up."""
    serves: Ints
    """Ticks of service; -1: gave up."""
    station: Ints
    """Where in the bank the customer was served; 0 for who was not."""


@dataclass(frozen=True, eq=False)
class Tracks:
    """The trips of some customers, in order of arrival; a trip is a chain of legs without gaps.

    A leg is a walk from one place to another and the time spent there; the last one leads from the till to the door.
    """

    customer: Ints
    """Shape (customers,), as are `enters`, `habit` and `legs`: numbers in draw order."""
    enters: Ints
    """Ticks after opening."""
    habit: Ints
    legs: Ints
    """How many legs the trip has."""
    start: Ints
    """Shape (legs of all,), as are those below: places."""
    end: Ints
    walks: Ints
    """Ticks walked."""
    stands: Ints
    """Ticks spent at the end: at a shelf, or in the queue and being served."""
    product: Ints
    """What was taken from the shelf, at the end of the stand; -1: nothing."""
    units: Ints
    amount: Floats
    tills: Tills


def ticks(t_s: Floats) -> Ints:
    """Return times as whole half-seconds, halves up."""
    return np.floor(t_s * TICKS_PER_S + 0.5).astype(np.int64)


def every_nth(day: Day, every: int) -> Ints:
    """Return the numbers of the customers whose number `every` divides, in order of arrival."""
    order = np.argsort(day.population.arrives_s, kind="stable")
    return np.asarray(order[order % every == 0], dtype=np.int64)


def read_tracks(day: Day, customer: Ints) -> Tracks:
    """Return the trips of customers, given in order of arrival, from the day's log."""
    who, rows = _rows(day.log, customer, len(day.population))
    kind, place, at = day.log.kind[rows], day.log.place[rows].astype(np.int64), ticks(day.log.t_s[rows])
    walk = np.flatnonzero(kind == Kind.WALK)
    arrives = at[walk + 1]
    goes_on = np.flatnonzero(who[walk[1:]] == who[walk[:-1]])
    stands = np.zeros(len(walk), dtype=np.int64)
    stands[goes_on] = at[walk[goes_on + 1]] - arrives[goes_on]
    product, units, amount = _takes(day.log, rows, kind)
    return Tracks(
        customer=customer,
        enters=ticks(day.population.arrives_s[customer]),
        habit=day.habit[customer],
        legs=np.bincount(who[walk], minlength=len(customer)),
        start=place[walk - 1],
        end=place[walk],
        walks=arrives - at[walk],
        stands=stands,
        product=product,
        units=units,
        amount=amount,
        tills=_tills(day, rows, who, len(customer)),
    )


def _rows(log: EventLog, customer: Ints, customers: int) -> tuple[Ints, Ints]:
    """Return the log's rows of some customers, one after the other, notices left out, and whose each is."""
    rank = np.full(customers, -1)
    rank[customer] = np.arange(len(customer))
    shown = (log.customer >= 0) & (log.kind <= Kind.LEAVE) & (log.kind != Kind.NOTICE)
    rows = np.flatnonzero(shown & (rank[log.customer] >= 0))
    rows = rows[np.argsort(rank[log.customer[rows]], kind="stable")]
    return rank[log.customer[rows]], rows


def _takes(log: EventLog, rows: Ints, kind: NDArray[np.int8]) -> tuple[Ints, Ints, Floats]:
    """Return product (-1: none), units and amount taken at the end of each leg; a stop takes one product at most."""
    legs = np.cumsum(kind == Kind.WALK)
    taken = kind == Kind.TAKE
    leg, row = legs[taken] - 1, rows[taken]
    product = np.full(int(legs[-1]) if len(legs) else 0, -1)
    units, amount = np.zeros(len(product), dtype=np.int64), np.zeros(len(product))
    product[leg], units[leg], amount[leg] = log.product[row], log.units[row], log.amount[row]
    return product, units, amount


def _tills(day: Day, rows: Ints, who: Ints, customers: int) -> Tills:
    kind, at = day.log.kind[rows], ticks(day.log.t_s[rows])
    join = np.flatnonzero(kind == Kind.JOIN)
    served = join[kind[join + 1] == Kind.SERVE]
    lane, serves = np.full((2, customers), -1)
    waits, station = np.zeros((2, customers), dtype=np.int64)
    lane[who[join]] = day.log.lane[rows[join]]
    waits[who[join]] = at[join + 1] - at[join]
    serves[who[served]] = at[served + 2] - at[served + 1]
    station[who[served]] = _stations(day, rows[served + 1], day.log.t_s[rows[served + 2]])
    return Tills(lane, waits, serves, station)


def _stations(day: Day, begins: Ints, done_s: Floats) -> Ints:
    """Return where in the bank each service takes place: at the lane's own till, or the lowest that is free.

    `begins`: rows of the log in which services began; `done_s`: when each ended.
    """
    log, places = day.log, day.floor.places
    banks = day.floor.plan.checkouts
    free_s = {bank: [0.0] * servers(checkout.kind, checkout.lanes)[0] for bank, checkout in enumerate(banks)}
    station = log.lane[begins].astype(np.int64)
    for service in np.argsort(log.t_s[begins], kind="stable").tolist():
        row = begins[service]
        ends_s = free_s[int(log.place[row]) - places.bays - places.doors]
        if len(ends_s) > 1:
            begins_s = log.t_s[row]
            station[service] = next((i for i, end_s in enumerate(ends_s) if end_s <= begins_s), 0)
            ends_s[station[service]] = done_s[service]
    return station
