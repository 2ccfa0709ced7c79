"""What an answer says, whoever words it: who leads, how it stands under the assumptions, what is assumed."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from storesim.inputs.case import Scenario
from storesim.inputs.parameters import Parameters, Status, provenance
from storesim.report.words import response_words
from storesim.results.comparison import Comparison
from storesim.results.precision import Reached
from storesim.results.responses import RESPONSES, earned

STATUSES: tuple[Status, ...] = ("assumed", "published", "observed")


def bottom_line(rows: Iterable[Comparison]) -> str:
    """Return the response that says what a variant earns: margin, less staff and points where those are counted."""
    return earned({row.response.name for row in rows})


def leader(rows: Sequence[Comparison]) -> Comparison | None:
    """Return the row of the variant that an answer names: the highest `bottom_line` of those surely higher.

    When none is, the highest sales of those that are: the row's response says which. None: neither is.
    """
    for response in (bottom_line(rows), "sales"):
        better = [row for row in rows if row.response.name == response and row.verdict == "higher"]
        if better:
            return max(better, key=lambda row: row.difference.mean if row.difference else 0.0)
    return None


def all_same(rows: Sequence[Comparison]) -> bool:
    """Return whether every variant earns what the baseline does, within the margin of sameness."""
    earned = bottom_line(rows)
    return all(row.verdict == "same" for row in rows if row.response.name == earned and row.difference)


def is_open(row: Comparison) -> bool:
    """Return whether more days are what is missing: the main run itself did not decide."""
    return (row.standing.before if row.standing else row.verdict) == "undecided"


def standing_count(row: Comparison, margin: str) -> str:
    """Return 'ahead in 14 of 16': the sets of assumptions that say as the main run does; '' when none were played.

    `margin` is what still counts as the same, in words: '1 %'.
    """
    stands = row.standing
    if stands is None or row.difference is None:
        return ""
    if stands.before == "same":
        return f"within {margin} in {stands.same_in} of {stands.sets}"
    side = "behind" if row.difference.mean < 0 else "ahead"
    return f"{side} in {stands.ahead_in} of {stands.sets}"


@dataclass(frozen=True)
class Mover:
    """What takes a verdict back."""

    parameter: str
    level: str
    """'low' or 'high'."""
    breaks: str
    """What the difference does there, in words."""
    sets: int
    """Sets in which it does."""


def mover(row: Comparison) -> Mover | None:
    """Return what takes the verdict of a row back; None when it stands or was not tried."""
    stands = row.standing
    if stands is None or stands.moved_by is None:
        return None
    name, level = stands.moved_by.split()
    if stands.before == "same":
        return Mover(name, level, "leaves the margin", stands.sets - stands.same_in)
    return Mover(name, level, "turns its sign", stands.sets - stands.ahead_in)


def own_parameters(parameters: Parameters) -> dict[str, float]:
    """Return the parameters that differ from their defaults, in their order."""
    defaults = Parameters()
    values = {name: getattr(parameters, name) for name in Parameters.model_fields}
    return {name: value for name, value in values.items() if value != getattr(defaults, name)}


def parameter_counts(parameters: Parameters) -> dict[str, int]:
    """Return how many parameters are assumed, published, observed and the user's own ('yours'); all keys, some 0."""
    own = own_parameters(parameters)
    status = Counter(provenance(name).status for name in Parameters.model_fields if name not in own)
    return {**{name: status[name] for name in STATUSES}, "yours": len(own)}


Number = Callable[[float, float], str]
"""A number in words, by the digits of another: `number_words`, or that of a report's locale."""
TENTH = 0.1


def precision_words(found: Reached, scenario: Scenario, number: Number) -> str:
    """Return how far a run came with the precision asked for, in a sentence."""
    half_width, asked = _half_widths(found, scenario, number)
    played = number(found.replications, 10.0)
    head = f"Precision of {response_words(found.precision.response)}:"
    if found.is_reached:
        return f"{head} reached {half_width} of {asked} after {played} replications."
    needed = "more than can be played" if found.needed is None else f"about {number(found.needed, 10.0)}"
    if found.replications < found.precision.at_most:
        return f"{head} {half_width} instead of {asked} after {played} replications; {needed} would do."
    return f"{head} at most {played} replications were allowed: {half_width} instead of {asked}; {needed} would do."


def _half_widths(found: Reached, scenario: Scenario, number: Number) -> tuple[str, str]:
    """Return '± 48.1' and '± 50.0 USD (1 % of grid)': what was reached, and what was asked for."""
    response = next(known for known in RESPONSES if known.name == found.precision.response)
    factor, unit = (100.0, "points") if response.unit == "share" else (1.0, response.unit_in(scenario.currency))
    size = factor * TENTH * (found.asked or found.half_width)
    share = 100 * found.precision.half_width
    places = len(f"{share:.6g}".partition(".")[2])  # as many decimals as were written
    of_mean = f" ({number(share, 10.0 ** (1 - places))} % of {scenario.baseline})" if found.precision.of_mean else ""
    half_width, asked = (f"± {number(factor * value, size)}" for value in (found.half_width, found.asked))
    return half_width, f"{asked} {unit}{of_mean}"


def played_words(scenario: Scenario, replications: int, visits: str) -> str:
    """Return what was played, in a sentence; `visits` a day in words. A panel plays its whole calendar each time."""
    if scenario.panel:
        times = f"{replications} time{'s' if replications > 1 else ''}"
        return (
            f"{scenario.days} days played {times} per variant, {scenario.panel.members:,} members, the same people in "
            "every variant; all is of a mean day."
        )
    days = f"{replications} day{'s' if replications > 1 else ''}"
    return f"{days} per variant, about {visits} visits each, the same customers in every variant."
