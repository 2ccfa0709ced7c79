"""What a number of replications say together: arrays and means, with no outcome kept whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storesim.experiment.replication import Outcome
from storesim.results.tables import Tables

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Played:
    """Replications 0, 1, 2, … of an experiment."""

    responses: Floats
    """Shape (variants, replications, responses)."""
    tables: tuple[Tables, ...]
    """The tables of each variant, stacked: arrays of shape (replications, rows)."""
    flows: tuple[Floats, ...]
    """The mean day of each variant, shape (cells, 4) as in `Outcome.flows`."""

    @classmethod
    def collect(cls, outcomes: Iterable[Outcome]) -> "Played":
        """Return what outcomes say, in their order; of each, the largest part, the flows, is summed and dropped.

        Raises:
            ValueError: there are none.
        """
        responses, days, flows = [], [], tuple[Floats, ...]()
        for outcome in outcomes:
            responses.append(outcome.responses)
            days.append(outcome.tables)
            flows = tuple(map(np.add, flows, outcome.flows)) or outcome.flows
        if not responses:
            raise ValueError("there are no outcomes")
        return cls(
            responses=np.stack(responses, axis=1),
            tables=tuple(map(Tables.stack, _by_variant(days))),
            flows=tuple(flow / len(responses) for flow in flows),
        )


def _by_variant(days: list[tuple[Tables, ...]]) -> Iterable[Sequence[Tables]]:
    """Yield the days of one variant after the other."""
    for variant in range(len(days[0])):
        yield [day[variant] for day in days]
