"""Fact 13: others in the way first slow customers down, so that they see more, and then put them off buying."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from storesim.engine.log import Kind
from storesim.experiment.replication import Ready
from storesim.inputs.case import Scenario
from storesim.results.day import Day
from storesim.validate.fact import Check, Fact, Floats
from storesim.validate.facts.measures import unplanned_spend
from storesim.validate.stores import market, ready

CROWDS = (1, 4, 8, 16, 40)
"""Times the visits of the quietest day; the last was 24 until that had turned out to put nobody off."""
VISITS = 200
"""Within the hour: about what a busy one sees of 2,100 a day."""
HOURS = (16, 17)
LANES = 40
"""Times the lanes of every checkout: the crowd is to be among the shelves, not at the tills."""
SPENT = slice(0, len(CROWDS))
NOTICED = slice(len(CROWDS), 2 * len(CROWDS))
WANTED = slice(2 * len(CROWDS), 3 * len(CROWDS))
DENSITY = slice(3 * len(CROWDS), 4 * len(CROWDS))


def quiet() -> Scenario:
    """Return the market for an hour of the afternoon, with the fewest visits."""
    return crowded(market(), CROWDS[0])


def crowded(scenario: Scenario, times: int) -> Scenario:
    """Return a scenario's baseline in that hour, with lanes enough, and with so many times the visits."""
    home = scenario.cases[0]
    tills = tuple(replace(checkout, lanes=LANES * checkout.lanes) for checkout in home.plan.checkouts)
    case = replace(home, plan=replace(home.plan, checkouts=tills))
    opens_s, closes_s = (3600.0 * hour for hour in HOURS)
    return replace(
        scenario,
        opens_s=opens_s,
        closes_s=closes_s,
        visits_per_day=float(VISITS * times),
        cases=(case,),
        baseline=case.name,
    )


def observe(days: tuple[Day, ...]) -> Floats:
    """Return what was spent, noticed and wanted a visit in each crowd, and its density; shape (4 * crowds,).

    The quietest day is given; the others are played here, as variants cannot differ in their visits. Only the
    quietest day's customers are watched: they are in every crowd, with the same lists and draws.
    """
    quietest, replication = days[0], days[0].replication
    crowds = (_crowd(quietest.scenario.seed, times) for times in CROWDS[1:])
    fuller = (crowd.play(0, crowd.population(replication), replication) for crowd in crowds)
    watched = len(quietest.population)
    return np.array([_observe(day, watched) for day in (quietest, *fuller)]).T.ravel()


@lru_cache(maxsize=len(CROWDS))
def _crowd(seed: int, times: int) -> Ready:
    """Return a crowd made ready, once a process."""
    scenario = replace(crowded(market(), times), seed=seed)
    return ready(scenario)


def _observe(day: Day, watched: int) -> Floats:
    """Return unplanned spend and products noticed and wanted a visit of the first customers, and customers a m².

    Shape (4,). Density is the mean over opening hours and all of the floor.
    """
    log, visits = day.log, max(watched, 1)
    unplanned = ~log.planned & (log.customer < watched)
    noticed = np.count_nonzero((log.kind == Kind.NOTICE) & unplanned)
    wanted = np.count_nonzero((log.kind == Kind.STOP) & unplanned)
    inside_s = log.t_s[log.kind == Kind.LEAVE].sum() - log.t_s[log.kind == Kind.ENTER].sum()
    area_m2 = sum(zone.area_m2 for zone in day.floor.plan.zones)
    density = inside_s / (day.scenario.closes_s - day.scenario.opens_s) / area_m2
    return np.array([unplanned_spend(day)[:watched].sum() / visits, noticed / visits, wanted / visits, density])


def conversion(mean: Floats) -> Floats:
    """Return the share of noticed products that were wanted, a crowd each."""
    return np.asarray(mean[WANTED] / mean[NOTICED])


def over_quietest(mean: Floats) -> float:
    """Return the unplanned spend of the best crowd but the quietest and the fullest over that of the quietest, in %."""
    spent = mean[SPENT]
    return float(100 * (spent[1:-1].max() / spent[0] - 1))


def over_fullest(mean: Floats) -> float:
    """Return the same over that of the fullest crowd, in %."""
    spent = mean[SPENT]
    return float(100 * (spent[1:-1].max() / spent[-1] - 1))


def _conversion_lost(mean: Floats) -> float:
    share = conversion(mean)
    return float(100 * (share[-1] / share.max() - 1))


def _densest(mean: Floats) -> float:
    return float(mean[DENSITY][1:-1][mean[SPENT][1:-1].argmax()])


FACTS = (
    Fact(
        number=13,
        title="Crowds",
        source="Hui, Bradlow & Fader 2009 for the signs; Knoeferle 2017 for the shape",
        setting=(
            f"Example market, {HOURS[0]}:00 to {HOURS[1]}:00, with {VISITS} visits times "
            f"{', '.join(str(times) for times in CROWDS)}, and {LANES} times the lanes, so that the crowd is among the "
            "shelves and not at the tills. Watched are the customers of the quietest day, who come in every crowd."
        ),
        scenario=quiet,
        observe=observe,
        checks=(
            Check("wanted of noticed, fullest over best", _conversion_lost, -np.inf, 0, "falls", "wired in", "%"),
            Check("spend a visit, best between over quietest", over_quietest, 0, np.inf, "rises", "emerges", "%"),
            Check("spend a visit, best between over fullest", over_fullest, 0, np.inf, "then falls", "wired in", "%"),
            Check("density at the best between", _densest, 0, np.inf, "none", "reported", "1/m²"),
            Check("density at the fullest", lambda m: float(m[DENSITY][-1]), 0, np.inf, "none", "reported", "1/m²"),
        ),
        takes_s=90,
    ),
)
