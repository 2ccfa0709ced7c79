"""The people at work, read from the log: hours by job, paid hours and their cost, cashiers and how busy they are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.engine.log import EventLog, Kind
from storesim.inputs.operations import Job, Staff
from storesim.results.queues import Queues
from storesim.results.sums import share
from storesim.results.table import Table

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
HOUR_S = 3600


@dataclass(frozen=True, eq=False)
class Staffing:
    """Hours of one day; a job that nobody ended lasts to the last fact, or to closing if that is later."""

    hours: Floats
    """Shape (jobs,): worked, by `Job`; who stands by at an open lane works."""
    paid_hours: float
    """Of all shifts; of all jobs where there is no pool of staff."""
    cost: float
    """Paid hours at the wage, in the scenario's currency; 0 without a pool."""

    @property
    def cashier_hours(self) -> float:
        """Hours that cashiers sat at lanes."""
        return float(self.hours[Job.TILL])


@dataclass(frozen=True, eq=False)
class StaffTable(Table):
    """Rows: jobs."""

    hours: Floats
    """Worked; who stands by at an open lane works."""
    share: Floats
    """Of the hours paid; 0 without any."""
    cost: Floats
    """Hours at the wage, in the scenario's currency."""


def staff_table(found: Staffing, wage: float) -> StaffTable:
    """Return a day's hours by job."""
    return StaffTable(found.hours, share(found.hours, found.paid_hours), found.hours * wage)


def staffing(log: EventLog, closes_s: float, staff: Staff | None) -> Staffing:
    """Return the hours of a day; `closes_s` is in seconds after opening."""
    hours = np.array([worked_s(log, job, closes_s) for job in Job]) / HOUR_S
    if staff is None:
        return Staffing(hours, float(hours.sum()), 0.0)
    paid = sum(shift.count * (shift.until_s - shift.from_s) for shift in staff.shifts) / HOUR_S
    return Staffing(hours, paid, paid * staff.wage)


def worked_s(log: EventLog, job: Job, closes_s: float, place: int | None = None) -> float:
    """Return the seconds that people did a job, at all places or at one: ends less beginnings."""
    own = (log.lane == job) if place is None else (log.lane == job) & (log.place == place)
    begun_s, ended_s = log.t_s[own & (log.kind == Kind.BEGIN)], log.t_s[own & (log.kind == Kind.END)]
    until_s = max(closes_s, float(log.t_s[-1])) if len(log) else closes_s
    return float(ended_s.sum() - begun_s.sum() + (len(begun_s) - len(ended_s)) * until_s)


def sat_s(log: EventLog, place: int, begins_s: Floats, ends_s: Floats) -> Floats:
    """Return the seconds that cashiers sat at the lanes of a checkout in each hour, shape (hours,)."""
    own = (log.lane == Job.TILL) & (log.place == place)
    begun, ended = (_left_s(log.t_s[own & (log.kind == kind)], begins_s, ends_s) for kind in (Kind.BEGIN, Kind.END))
    return begun - ended


def _left_s(t_s: Floats, begins_s: Floats, ends_s: Floats) -> Floats:
    """Return the seconds of each hour that come after the times, all times added; shape (hours,)."""
    return np.asarray((ends_s - np.clip(t_s[:, None], begins_s, ends_s)).sum(axis=0))


def cashier_utilisation(log: EventLog, queues: Queues, places: Sequence[int], closes_s: float) -> Floats:
    """Return the share of the time that cashiers sat at lanes in which they served, for checkouts by place.

    Shape (places,); 0 where nobody sat.
    """
    open_s = np.array([worked_s(log, Job.TILL, closes_s, place) for place in places])
    served_s = queues.done_s - queues.until_s
    busy_s = np.array([served_s[queues.served & (queues.place == place)].sum() for place in places])
    return share(busy_s, open_s)
