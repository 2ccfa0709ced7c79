"""The kinds of fixtures: what they show, and how high they stand, when the user does not say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FixtureKind = Literal[
    "gondola",
    "wall",
    "multideck",
    "freezer",
    "counter",
    "table",
    "bin",
    "end_cap",
    "promotion_stand",
    "till_rack",
]
FaceName = Literal["north", "east", "south", "west"]
COMPASS: tuple[FaceName, ...] = ("north", "east", "south", "west")


@dataclass(frozen=True)
class KindDefaults:
    """Defaults of a kind of fixture; `faces`: both long sides, all, or one, which must then be written."""

    height_m: float
    levels: int
    faces: Literal["long", "all", "one"]


KINDS: Mapping[FixtureKind, KindDefaults] = {
    "gondola": KindDefaults(1.8, 5, "long"),
    "wall": KindDefaults(2.0, 5, "one"),
    "multideck": KindDefaults(2.0, 5, "one"),
    "freezer": KindDefaults(0.9, 1, "long"),
    "counter": KindDefaults(1.3, 2, "one"),
    "table": KindDefaults(0.9, 1, "all"),
    "bin": KindDefaults(0.9, 1, "all"),
    "end_cap": KindDefaults(1.6, 4, "one"),
    "promotion_stand": KindDefaults(1.5, 3, "all"),
    "till_rack": KindDefaults(1.2, 3, "long"),
}
