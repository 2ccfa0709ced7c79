"""Fact 15: a doubly constrained gravity model reproduces most of the flow between zones."""

from math import log

import numpy as np
from scipy.optimize import minimize_scalar

from storesim.engine.log import Kind
from storesim.results.day import Day
from storesim.store.floor import Floor
from storesim.validate.fact import Check, Fact, Floats
from storesim.validate.stores import supermarket

ROUNDS = 60
SHORTEST_M, LONGEST_M = 1.0, 1000.0
"""Range of the length over which flow falls by a factor of e."""


def observe(days: tuple[Day, ...]) -> Floats:
    """Return customers going from zone to zone, then metres between zones; shape (2 · zones · zones,)."""
    flow = flows(days[0])
    return np.concatenate((flow.ravel(), zone_m(days[0].floor).ravel()))


def flows(day: Day) -> Floats:
    """Return how many went from zone to zone between purchases, the door before the first and the tills after the last.

    Shape (zones, zones); 0 on the diagonal, as in the source.
    """
    log, zone = day.log, day.floor.places.zone
    rows = np.flatnonzero(np.isin(log.kind, (Kind.ENTER, Kind.TAKE, Kind.JOIN)))
    rows = rows[np.argsort(log.customer[rows], kind="stable")]
    goes_on = log.customer[rows[1:]] == log.customer[rows[:-1]]
    start, end = zone[log.place[rows[:-1]]][goes_on], zone[log.place[rows[1:]]][goes_on]
    table = np.zeros((len(day.floor.plan.zones),) * 2)
    np.add.at(table, (start, end), 1.0)
    np.fill_diagonal(table, 0.0)
    return table


def zone_m(floor: Floor) -> Floats:
    """Return the mean metres between the places of zones, by exact shortest ways; shape (zones, zones)."""
    zones = len(floor.plan.zones)
    member = np.arange(zones)[:, None] == floor.places.zone
    total = member @ floor.ways.distance_m[0].astype(np.float64) @ member.T
    return np.asarray(total / np.maximum(np.outer(member.sum(axis=1), member.sum(axis=1)), 1))


def common_flow(observed: Floats) -> float:
    """Return the share of flow that the best gravity model has in common with the flow, 1 - Σ |T - T̂| / 2 Σ T."""
    flow, metres = observed.reshape(2, -1)
    zones = round(len(flow) ** 0.5)
    flow, metres = flow.reshape(zones, zones), metres.reshape(zones, zones)

    def missed(log_length: float) -> float:
        return float(np.abs(flow - gravity(flow, metres, np.exp(log_length))).sum() / (2 * flow.sum()))

    return 1 - float(minimize_scalar(missed, bounds=(log(SHORTEST_M), log(LONGEST_M)), method="bounded").fun)


def gravity(flow: Floats, metres: Floats, length_m: float) -> Floats:
    """Return a_i b_j exp(-d_ij / length) with the flow's own sums of rows and columns (Furness); shape as `flow`."""
    model = np.exp(-metres / length_m)
    np.fill_diagonal(model, 0.0)
    for _ in range(ROUNDS):
        for axis in (0, 1):
            have = model.sum(axis=axis, keepdims=True)
            model = model * np.divide(flow.sum(axis=axis, keepdims=True), have, out=np.zeros_like(have), where=have > 0)
    return model


FACTS = (
    Fact(
        number=15,
        title="Gravity between zones",
        source="Ying et al. 2019",
        setting=(
            "Supermarket of 4,000 m² in 30 zones; trips from purchase to purchase, from the door to the first and "
            "from the last to the tills. A gravity model with both sums given and one length is fitted to them."
        ),
        scenario=supermarket,
        observe=observe,
        checks=(Check("share of flow reproduced", common_flow, 0.60, 0.75, "65 to 70 %", "emerges"),),
        takes_s=8,
    ),
)
