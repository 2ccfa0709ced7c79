"""Colours that stay apart for colour-blind readers and on a grey printer, each with one meaning."""

from collections.abc import Mapping

# Paul Tol's "light" scheme and neighbours: text in black stays readable on all of them.
KIND_COLOURS: Mapping[str, str] = {
    "gondola": "#99DDFF",
    "end_cap": "#EE8866",
    "wall": "#BBCC33",
    "multideck": "#77AADD",
    "freezer": "#AAAAEE",
    "counter": "#FFAABB",
    "table": "#EEDD88",
    "bin": "#DDCC77",
    "promotion_stand": "#FF9F4A",
    "till_rack": "#CC99BB",
}
OTHER_KIND = "#DDDDDD"
ZONE_TINTS = ("#F3F7E6", "#EAF3F8", "#FBF3E4", "#F4ECF4", "#EDF5F0", "#FAEFEA")
FLOOR = "#FFFFFF"
INK = "#222222"
FAINT = "#8A8A8A"
OBSTACLE = "#555555"
CHECKOUT = "#C8C8C8"
DOOR = "#007A5E"
CLOSED = "#BBBBBB"
GRAPH = "#AA3377"

HEAT_MAP = "cividis"
FLOW_MAP = "viridis_r"
DIFFERENCE_MAP = "PuOr_r"
NO_DATA = "#E6E6E6"

# Okabe and Ito: verdicts also differ by marker and by word.
VERDICT_COLOURS: Mapping[str, str] = {
    "higher": "#0072B2",
    "lower": "#D55E00",
    "same": "#555555",
    "undecided": "#888888",
}
VERDICT_MARKERS: Mapping[str, str] = {"higher": "^", "lower": "v", "same": "s", "undecided": "o"}


def kind_colour(kind: str) -> str:
    """Return the colour of a fixture kind; grey for kinds of which the table knows nothing."""
    return KIND_COLOURS.get(kind, OTHER_KIND)


# Okabe and Ito, for lines of variants; they also differ by marker and by dash.
SERIES_COLOURS = ("#222222", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
SERIES_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
