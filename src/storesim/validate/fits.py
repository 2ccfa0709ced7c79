"""The parameters that were set by looking at published facts, and the checks that were kept out of it."""

from dataclasses import dataclass

CheckName = tuple[int, str]
"""Number of a fact and name of one of its checks; "": all of them."""


@dataclass(frozen=True)
class Fit:
    """A default that was chosen so that some checks come out."""

    parameter: str
    """Name in `Parameters`."""
    value: float
    """As fitted; a default that has moved since is a mistake."""
    fitted_on: tuple[CheckName, ...]
    kept: tuple[CheckName, ...]
    """Checks that depend on it too, and were not looked at."""


_WAYS: tuple[CheckName, ...] = ((1, "mean path"), (8, "mean trip"))
_OTHER_WAYS: tuple[CheckName, ...] = ((5, ""), (7, ""), (10, ""), (12, ""), (15, ""))
_ENTRANCE: tuple[CheckName, ...] = ((21, "total over own gain in sales"),)
_OTHER_SPENDING: tuple[CheckName, ...] = ((2, ""), (4, ""), (13, ""))

FITS: tuple[Fit, ...] = (
    Fit("wander_p", 0.4, _WAYS, _OTHER_WAYS),
    Fit("wander_m", 40.0, _WAYS, _OTHER_WAYS),
    Fit("wander_fade_s", 1200.0, _WAYS, _OTHER_WAYS),
    Fit("order_theta", 2.0, _WAYS, _OTHER_WAYS),
    Fit(
        "perimeter_pull",
        0.6,
        ((9, "metres in the perimeter over those in aisles"),),
        ((9, "aisle entries left by the same end"),),
    ),
    Fit("notice_rate", 0.0065, ((17, ""),), ((16, ""),)),
    Fit("space_exponent", 0.75, ((19, ""),), ()),
    Fit(
        "display_multiplier",
        2.0,
        ((22, "beer"), (22, "soft drinks"), (22, "tea")),
        ((22, "domestic wine"), (22, "spirits"), (22, "coffee")),
    ),
    Fit("slack_mean", 0.6, _ENTRANCE, _OTHER_SPENDING),
    Fit("wallet_grip", 2.0, _ENTRANCE, _OTHER_SPENDING),
    Fit("switching", 1.7, ((24, "elasticity of the item"),), ((24, "elasticity of all items on its price"),)),
)
