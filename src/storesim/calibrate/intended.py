"""How many products customers set out for, solved so that as many end up in baskets as were observed.

An intended basket is thinned to a list, and what is seen in the store is added: what leaves the till is spread wider
than what was intended. The observed law is therefore not the law to play with, but what playing must give.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from storesim.calibrate.written import Calibrated
from storesim.experiment.replication import Ready

Array = NDArray[np.float64]
STEPS = 20
"""Of the deconvolution: few, so that it stays near the observed law where the data do not tell (early stopping)."""


def intended(
    calibrated: Calibrated, ready: Ready, replications: Sequence[int], progress: Callable[[int, int], None]
) -> Calibrated:
    """Return the laws with basket sizes that, on some days of the store, would have given the observed ones."""
    laws = {law.mission: (law.observed, law.written) for law in calibrated.baskets}
    found = intended_sizes(laws, ready, replications, progress)
    return replace(calibrated, baskets=tuple(replace(law, solved=found[law.mission]) for law in calibrated.baskets))


def intended_sizes(
    laws: Mapping[str, tuple[Array, Array]],
    ready: Ready,
    replications: Sequence[int],
    progress: Callable[[int, int], None],
) -> dict[str, Array]:
    """Return, by mission, the law of intended sizes that would have given the observed one.

    Args:
        laws: by mission, P(1, 2, … products) as observed and as played, shape (n,) each.
        ready: the store, played with the latter.
        replications: days of it to play.
        progress: called with (days played, days in all).
    """
    missions = [mission.name for mission in ready.scenario.missions]
    most = max(len(observed) for observed, _ in laws.values())
    counts = np.zeros((len(missions), most + 1, most + 1))
    for done, replication in enumerate(replications, start=1):
        population = ready.population(replication)
        baskets = ready.play(0, population, replication).baskets
        bought = np.bincount(baskets.customer[baskets.paid], minlength=len(population))
        place = (population.mission, np.minimum(population.categories, most), np.minimum(bought, most))
        np.add.at(counts, place, 1.0)
        progress(done, len(replications))
    return {
        mission: deconvolved(
            observed, played, counts[missions.index(mission), 1:, 1:][: len(observed), : len(observed)]
        )
        for mission, (observed, played) in laws.items()
    }


def deconvolved(observed: Array, start: Array, counts: Array) -> Array:
    """Return the law of intended sizes by Richardson (1972) and Lucy (1974), from `start`.

    Args:
        observed: P(1, 2, … products bought), shape (n,).
        start: law of intended sizes to begin with, shape (n,).
        counts: visits by intended and bought size, shape (n, n); sizes that nobody intended stay as they are.
    """
    total = counts.sum(axis=1, keepdims=True)
    given = np.where(total > 0, counts / np.maximum(total, 1.0), np.eye(len(observed)))
    law = start.copy()
    for _ in range(STEPS):
        expected = law @ given
        law = law * (given @ np.where(expected > 0, observed / np.maximum(expected, 1e-12), 0.0))
        law /= law.sum()
    return np.asarray(law)
