"""What a fact is: a store, what is observed there every day, and checks of it against what was published."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import isnan
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from storesim.inputs.case import Scenario
from storesim.results.day import Day
from storesim.results.intervals import Interval, jackknife

Floats = NDArray[np.float64]
Verdict = Literal["holds", "fails", "cannot tell", "reported"]
Kind = Literal["emerges", "fitted", "wired in", "reported"]
"""emerges: follows from rules made for other reasons, and is claimed; fitted: a parameter was set on it; wired in: it
was typed in, so that it checks the wiring only; reported: published figures disagree or depend on the store."""


@dataclass(frozen=True)
class Check:
    """One number of a fact and the range that it should lie in."""

    name: str
    value: Callable[[Floats], float]
    """From the mean over replications of what the fact observes, to the number."""
    low: float
    high: float
    """Tolerance; inf where a side is open."""
    published: str
    """What was published, in words."""
    kind: Kind
    unit: str = ""


@dataclass(frozen=True)
class Fact:
    """A published finding with the store and the lists that it is played in."""

    number: int
    """Number in the table of facts of the documentation; a finding of several parts has several facts."""
    title: str
    source: str
    setting: str
    """Store, lists and rules, in a sentence or two."""
    scenario: Callable[[], Scenario]
    """The variants; the same for every replication."""
    observe: Callable[[tuple[Day, ...]], Floats]
    """From one replication's days, one a variant in the scenario's order, to some numbers, always as many."""
    checks: tuple[Check, ...]
    quick: bool = False
    """Stable enough at a few replications for the quick run."""
    takes_s: float = 30.0
    """Seconds that 30 replications take, roughly: long ones are begun first."""


@dataclass(frozen=True)
class Finding:
    """A check as it was measured."""

    fact: Fact
    check: Check
    simulated: Interval
    verdict: Verdict


def broken(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that speak against the model: what should emerge, and does not."""
    return tuple(found for found in findings if found.check.kind == "emerges" and found.verdict == "fails")


def judge(fact: Fact, observed: Floats) -> tuple[Finding, ...]:
    """Return the findings of a fact from what was observed, shape (replications, numbers)."""
    return tuple(
        Finding(fact, check, simulated, verdict(check, simulated))
        for check in fact.checks
        for simulated in (jackknife(check.value, observed),)
    )


def verdict(check: Check, simulated: Interval) -> Verdict:
    """Return `holds` when the whole interval lies inside the tolerance, `fails` when all of it lies outside."""
    if check.kind == "reported":
        return "reported"
    if isnan(simulated.mean) or isnan(simulated.half_width):
        return "cannot tell"
    if check.low <= simulated.low and simulated.high <= check.high:
        return "holds"
    return "fails" if simulated.high < check.low or simulated.low > check.high else "cannot tell"
