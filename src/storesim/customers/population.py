"""The day's population as arrays: everything a customer brings, drawn before the doors open."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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
    u_order: Floats
    """Shape (customers, steps): uniform behind the k-th choice of where to go next."""
    needs: Pairs
    """The shopping lists."""
    candidates: Pairs
    """Products not on the list whose draws make a purchase possible at all."""

    def __len__(self) -> int:
        return len(self.arrives_s)
