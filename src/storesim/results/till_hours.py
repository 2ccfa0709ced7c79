"""The tills hour by hour: arrivals, waits, queues and utilisation of every checkout."""

from math import ceil

import numpy as np
from numpy.typing import NDArray

from storesim.inputs.case import Scenario
from storesim.results.queues import Lines, Queues
from storesim.results.sums import group_counts, group_sums, share

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shape = tuple[int, int]
"""(checkouts, hours)."""

HOUR_S = 3600


def clock_hours(scenario: Scenario) -> Ints:
    """Return the hours of the day, and last the one that begins at closing; shape (hours,)."""
    return np.arange(int(scenario.opens_s // HOUR_S), ceil(scenario.closes_s / HOUR_S) + 1)


def begin_s(scenario: Scenario) -> Floats:
    """Return when the hours begin, in seconds after opening; shape (hours,)."""
    return np.asarray(np.maximum(clock_hours(scenario) * HOUR_S - scenario.opens_s, 0.0))


def hour_of(t_s: Floats, begins_s: Floats) -> Ints:
    """Return the row of the hour that each time falls in; the last hour has no end."""
    return np.searchsorted(begins_s, t_s, side="right") - 1


def wait_mean_s(group: Ints, wait_s: Floats, groups: int) -> Floats:
    """Return the mean wait of each group, shape (groups,); 0 where nobody joined."""
    return share(group_sums(group, wait_s, groups), group_counts(group, groups))


def wait_p95_s(group: Ints, wait_s: Floats, groups: int) -> Floats:
    """Return the smallest wait that 95 % of a group do not exceed, shape (groups,); 0 where nobody joined."""
    count = np.bincount(group, minlength=groups)
    in_order = np.append(wait_s[np.lexsort((wait_s, group))], 0.0)
    last = np.cumsum(count) - count + (95 * count + 99) // 100 - 1
    return np.where(count > 0, in_order[np.maximum(last, 0)], 0.0)


def longest_queue(waits: Lines, checkout: Ints, begins_s: Floats, shape: Shape) -> Floats:
    """Return the most customers who waited in one lane at a time; shape (checkouts, hours).

    Who is being served is not counted, nor who never waited; a queue left over from the hour before is.
    """
    lines, line = np.unique(checkout * 2**16 + waits.lane + 1, return_inverse=True)
    rows, hours = np.repeat(np.arange(len(lines)), shape[1]), np.tile(begins_s, len(lines))
    line = np.concatenate((line, line, rows))
    t_s = np.concatenate((waits.from_s, waits.until_s, hours))
    step = np.repeat([1, -1, 0], [len(checkout), len(checkout), len(rows)])
    order = np.lexsort((step, t_s, line))  # who leaves at the same instant makes room first
    waiting = np.cumsum(step[order])
    longest = np.zeros(shape)
    np.maximum.at(longest, (lines[line[order]] // 2**16, hour_of(t_s[order], begins_s)), waiting)
    return longest


def ends_s(queues: Queues, begins_s: Floats) -> Floats:
    """Return when the hours end, shape (hours,): the last one when the last customer has paid."""
    return np.append(begins_s[1:], np.max(queues.done_s, initial=begins_s[-1]))


def utilisation(queues: Queues, checkout: Ints, begins_s: Floats, ends_s: Floats, open_s: Floats) -> Floats:
    """Return the share of the time of open lanes spent serving; `open_s` and what is returned: (checkouts, hours).

    0 where none is open. A lane that closes serves who is in its line first.
    """
    from_s, until_s = queues.until_s[:, None], queues.done_s[:, None]
    busy_s = np.maximum(np.minimum(until_s, ends_s) - np.maximum(from_s, begins_s), 0.0)
    at_checkout = (checkout[:, None] == np.arange(len(open_s))).astype(np.float64)
    return share(at_checkout.T @ busy_s, open_s)
