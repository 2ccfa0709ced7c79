"""Trips as customers intend them: their stops in order, and points that they only walk through."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from storesim.customers.population import Floats, Ints
from storesim.store.floor import Floor


@dataclass(frozen=True)
class Itineraries:
    """The intended trips. Customer c has stops first[c]:first[c + 1] and after them one last leg to each checkout."""

    habit: Ints
    """Shape (customers,): habit map followed."""
    door: Ints
    """Shape (customers,): place of the door they come in by."""
    first: Ints
    """Shape (customers + 1,): CSR of the stops."""
    pair: Ints
    """Shape (stops,): pair of customer and product that the stop is for, needs first, then candidates (a coupon);
    -1: a point that is walked through."""
    place: Ints
    """Shape (stops,)."""
    dwell_s: Floats
    """Shape (stops,): seconds at the shelf; 0 at points walked through."""
    price_ratio: Mapping[int, float] = field(default_factory=dict)
    """Pair -> price over regular price, for who follows a coupon."""

    @property
    def customer(self) -> Ints:
        """Whose each stop is, shape (stops,)."""
        return np.repeat(np.arange(len(self.door)), np.diff(self.first))

    def through(self, customer: Ints, at: Ints, place: Ints) -> "Itineraries":
        """Return the trips led through more places, each before stop `at`, for customers in ascending order.

        Shapes (points,). Before stop first[c + 1] is after the last one of customer c.
        """
        more = np.bincount(customer, minlength=len(self.door))
        return replace(
            self,
            first=self.first + np.concatenate(([0], np.cumsum(more))),
            pair=np.insert(self.pair, at, -1),
            place=np.insert(self.place, at, place),
            dwell_s=np.insert(self.dwell_s, at, 0.0),
        )

    def reordered(self, order: Ints) -> "Itineraries":
        """Return the trips with the stops in another order: `order` moves none to another customer."""
        return replace(self, pair=self.pair[order], place=self.place[order], dwell_s=self.dwell_s[order])


def tills(floor: Floor) -> Ints:
    """Return the places of the checkouts."""
    return np.arange(floor.places.bays + floor.places.doors, len(floor.places.names))
