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


FITS: tuple[Fit, ...] = (
    Fit("notice_rate", 0.05, ((17, ""),), ((16, ""),)),
    Fit("space_exponent", 0.4, ((19, ""),), ()),
    Fit(
        "display_multiplier",
        1.5,
        ((22, "beer"), (22, "soft drinks"), (22, "tea")),
        ((22, "domestic wine"), (22, "spirits"), (22, "coffee")),
    ),
    Fit("switching", 1.2, ((24, "elasticity of the item"),), ((24, "elasticity of all items on its price"),)),
)
