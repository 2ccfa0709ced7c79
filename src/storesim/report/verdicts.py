"""What an answer says, whoever words it: who leads, how it stands under the assumptions, what is assumed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storesim.inputs.parameters import Parameters, Status, provenance
from storesim.results.comparison import Comparison

MONEY = ("margin", "sales")
"""What decides which variant an answer names, the more telling first."""
STATUSES: tuple[Status, ...] = ("assumed", "published", "observed")


def leader(rows: Sequence[Comparison]) -> Comparison | None:
    """Return the row of the variant that an answer names: the highest margin of those that are surely higher.

    When no margin is, the highest sales of those that are: the row's response says which. None: neither is.
    """
    for response in MONEY:
        better = [row for row in rows if row.response.name == response and row.verdict == "higher"]
        if better:
            return max(better, key=lambda row: row.difference.mean if row.difference else 0.0)
    return None


def all_same(rows: Iterable[Comparison]) -> bool:
    """Return whether every variant has the baseline's margin, within the margin of sameness."""
    return all(row.verdict == "same" for row in rows if row.response.name == "margin" and row.difference)


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
