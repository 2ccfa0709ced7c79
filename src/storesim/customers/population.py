"""The day's population as arrays: everything a customer brings, drawn before the doors open."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from storesim.customers.at_shelves import ShelfDraws
from storesim.customers.at_tills import TillDraws
from storesim.customers.steps import Steps
from storesim.customers.types import Floats as Floats
from storesim.customers.types import Ints as Ints


@dataclass(frozen=True)
class Pairs:
    """Some (customer, product) pairs: those of customer c are rows first[c]:first[c + 1], by product number.

    The uniforms belong to the pair, whatever the variant.
    """

    first: Ints
    """Shape (customers + 1,)."""
    customer: Ints
    product: Ints
    u_units: Floats
    """How many units, once bought."""
    u_dwell: Floats
    """How long it takes at the shelf."""
    u_place: Floats
    """Which of the product's bays is looked for."""
    u_want: Floats
    """Wanted when below the probability of buying once seen (planned: once looked for)."""
    threshold: Floats
    """Exposure at which the customer notices the product, Exp(1)."""
    odds: Floats
    """Odds of buying once noticed at the regular price: conversion, mission, segment and basket size together."""

    def only(self, rows: Ints) -> "Pairs":
        """Return some of the pairs, by row number in ascending order."""
        rest = {column.name: getattr(self, column.name)[rows] for column in fields(self) if column.name != "first"}
        return Pairs(first=np.searchsorted(rows, self.first), **rest)


class Candidates(Protocol):
    """Pairs of which only some are ever needed whole; shapes as in `Pairs`."""

    @property
    def first(self) -> Ints: ...  # noqa: D102

    @property
    def customer(self) -> Ints: ...  # noqa: D102

    @property
    def product(self) -> NDArray[Any]: ...  # noqa: D102

    @property
    def threshold(self) -> NDArray[np.floating[Any]]: ...  # noqa: D102

    def only(self, rows: Ints) -> Pairs:
        """Return some of the pairs, by row number in ascending order."""


@dataclass(frozen=True)
class Population:
    """The customers of one store day, in draw order; every array has shape (customers,) unless it says."""

    arrives_s: Floats
    """Seconds after opening."""
    segment: Ints
    """Index into `Scenario.segments`."""
    mission: Ints
    """Index into `Scenario.missions`."""
    speed_m_s: Floats
    u_habit: Floats
    """Which habit map the customer follows, by inversion over the maps of the right noise."""
    knows_store: NDArray[np.bool_]
    """Whether the customer follows low-noise habits."""
    u_door: Floats
    u_service: Floats
    patience_s: Floats
    """Longest wait in a queue that the customer bears."""
    categories: Ints
    """Categories of a point-of-sale basket of this customer: size of the trip."""
    budget: Floats
    """Money for the trip: planned value at regular prices times (1 + slack)."""
    u_order: Steps
    """The uniform behind the k-th choice of where to go next."""
    u_wander: Steps
    """Two uniforms of the k-th leg of the list, the last one to the tills: whether to make a detour before it, and how
    far off."""
    u_guide: Floats
    """Follows a signed route when below the compliance."""
    u_path: Floats
    """Which recorded trip the customer walks, by inversion."""
    u_switch: Floats
    """Shape (pairs on lists, 2): whether another item of its group is taken at the shelf, and whether one bought before
    spares it; 0 where a product has no substitutes."""
    needs: Pairs
    """The shopping lists."""
    candidates: Candidates
    """Products not on the list whose draws make a purchase possible at all, or a coupon for them followed."""
    u_coupon: Mapping[int, Floats] = field(default_factory=dict)
    """Product that the scenario has coupons for -> shape (customers,): follows one when below its probability."""
    at_tills: TillDraws | None = None
    """None where no variant says anything of its tills or staff."""
    at_shelves: ShelfDraws | None = None
    """None where no variant has stock, counters or advice."""
    u_group: Floats | None = None
    """Comes with others when below their share; None where no variant has groups."""

    def __len__(self) -> int:
        return len(self.arrives_s)
