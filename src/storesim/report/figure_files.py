"""Figures become files: one style for all of them, and the same bytes whenever the same thing is drawn."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Literal, get_args

import matplotlib as mpl
from matplotlib.figure import Figure

from storesim.results.replacing import replacing

FigureFormat = Literal["png", "svg", "pdf"]
FORMATS: tuple[FigureFormat, ...] = get_args(FigureFormat)
A4_IN = (11.69, 8.27)
"""A4, landscape: width and height in inches."""
DPI = 200
_STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 8.0,
    "axes.titlesize": 9.0,
    "axes.linewidth": 0.6,
    "svg.hashsalt": "storesim",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "path.simplify": True,
}
# Dates and versions would make the bytes differ from one run to the next.
METADATA: dict[FigureFormat, dict[str, Any]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


def styled() -> AbstractContextManager[None]:
    """Return the context in which figures are drawn, so that the user's own settings do not show."""
    return mpl.rc_context(_STYLE)


def new_figure(width_in: float = A4_IN[0], height_in: float = A4_IN[1]) -> Figure:
    """Return an empty figure on white, sizes in inches, that belongs to no window."""
    with styled():
        return Figure(figsize=(width_in, height_in), dpi=DPI, facecolor="white")


def save(figure: Figure, path: Path, figure_format: FigureFormat = "png") -> Path:
    """Write a figure, whole or not at all, and return where; the suffix follows the format, folders are made."""
    target = path.with_name(f"{path.name}.{figure_format}")
    with styled(), replacing(target) as temporary:
        figure.savefig(temporary, format=figure_format, dpi=DPI, metadata=METADATA[figure_format])
    return target


def format_named(name: str) -> FigureFormat:
    """Return the format of a name or suffix such as 'svg' or '.svg'; png when it is none of ours."""
    wanted = name.lower().removeprefix(".")
    return next((known for known in FORMATS if known == wanted), "png")
