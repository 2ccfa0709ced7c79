"""Uniforms for the steps of trips, of which long lists have more than short ones."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from storesim.customers.types import Floats, Ints


@dataclass(frozen=True, eq=False)
class Steps:
    """Uniforms of every customer for as many steps as may be taken: those of customer c are u[first[c]:first[c + 1]].

    A day at full width for its longest list would be nearly all empty.
    """

    first: Ints
    """Shape (customers + 1,)."""
    u: Floats
    """Shape (steps,), or (steps, uniforms) where a step takes more than one."""

    @classmethod
    def drawn(cls, count: Ints, draw: Callable[[int], Floats]) -> "Steps":
        """Return `count` steps, shape (customers,); `draw(k)` are the uniforms of the k-th step of all customers."""
        first = np.concatenate(([0], np.cumsum(count)))
        u = np.empty((first[-1], *draw(0).shape[1:]))
        for step in range(int(count.max(initial=0))):
            who = np.flatnonzero(count > step)
            u[first[who] + step] = draw(step)[who]
        return cls(first, u)

    def at(self, customer: Ints, step: Ints) -> Floats:
        """Return the uniforms of steps, shapes broadcast; NaN beyond a customer's last."""
        row = self.first[customer] + step
        u: Floats = self.u[np.minimum(row, len(self.u) - 1)]
        u[row >= self.first[customer + 1]] = np.nan
        return u
