"""The figure of the findings: every simulated interval on a scale where the tolerance is the same band for all."""

from collections.abc import Sequence
from math import isfinite

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from storesim.report.colours import FAINT, INK, NO_DATA, VERDICT_COLOURS
from storesim.report.figure_files import new_figure, styled
from storesim.validate.fact import Finding, Verdict

ROW_IN, EDGE_IN, WIDTH_IN = 0.2, 0.55, 8.27
PLOT_LEFT, PLOT_WIDE = 0.5, 0.36
REACH = 1.5
"""The axis goes so many tolerances beyond the band on either side; an arrow on its edge says further out."""
COLOURS: dict[Verdict, str] = {
    "holds": VERDICT_COLOURS["higher"],
    "fails": VERDICT_COLOURS["lower"],
    "cannot tell": VERDICT_COLOURS["undecided"],
}
MARKERS: dict[Verdict, str] = {"holds": "o", "fails": "X", "cannot tell": "D"}


def findings_figure(findings: Sequence[Finding]) -> Figure:
    """Return the figure of all checks with a tolerance: 0 is its lower end, 1 its upper."""
    gated = [found for found in findings if found.verdict != "reported"]
    height = 2 * EDGE_IN + max(len(gated), 3) * ROW_IN
    with styled():
        figure = new_figure(WIDTH_IN, height)
        figure.text(0.03, 1 - 0.25 / height, "Simulated and published", size=13, weight="bold", va="center")
        axes = figure.add_axes((PLOT_LEFT, EDGE_IN / height, PLOT_WIDE, 1 - 2 * EDGE_IN / height))
        for row, found in enumerate(gated):
            _draw(axes, row, found)
        _style(axes, len(gated))
        return figure


def scaled(found: Finding) -> tuple[float, float]:
    """Return mean and half-width in tolerances above the lower end.

    A tolerance with an open end has no width: it counts as 1 in the check's unit, or as its bound if that is larger.
    """
    low, high = found.check.low, found.check.high
    size = high - low if isfinite(high - low) else max(1.0, abs(low if isfinite(low) else high))
    start = low if isfinite(low) else high - size
    return (found.simulated.mean - start) / size, found.simulated.half_width / size


def _draw(axes: Axes, row: int, found: Finding) -> None:
    mean, half_width = scaled(found)
    colour = COLOURS[found.verdict]
    left = 0.0 if isfinite(found.check.low) else -REACH
    right = 1.0 if isfinite(found.check.high) else 1 + REACH
    axes.barh(row, right - left, left=left, height=1.0, color=NO_DATA, zorder=0)
    if isfinite(half_width):
        axes.plot((mean - half_width, mean + half_width), (row, row), color=colour, linewidth=1)
    if isfinite(mean):
        edge = min(max(mean, -REACH), 1 + REACH)
        marker = MARKERS[found.verdict] if edge == mean else "<" if mean < edge else ">"
        axes.plot(edge, row, color=colour, marker=marker, markersize=4, clip_on=False)
    across = axes.get_yaxis_transform()
    name = f"{found.fact.number}  {found.fact.title}: {found.check.name}"
    axes.text(-0.03, row, name, transform=across, ha="right", va="center", size=7, color=INK, parse_math=False)
    words = f"{found.verdict} ({found.check.kind})"
    axes.text(1.03, row, words, transform=across, ha="left", va="center", size=7, color=colour)


def _style(axes: Axes, rows: int) -> None:
    axes.set_xlim(-REACH, 1 + REACH)
    axes.set_ylim(max(rows, 1) - 0.5, -0.5)
    axes.set_yticks([])
    axes.set_xticks([0, 1], ["lower end", "upper end"], color=FAINT)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
