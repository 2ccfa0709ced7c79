"""Small pictures for the cells of a table: bars and intervals, beside which the numbers stand as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from markupsafe import Markup

from storesim.report.page.svg import joined, numbers, path_of, tag

WIDE, HIGH = 200.0, 18.0
MIDDLE = HIGH / 2
PAD = 6.0
"""Room at both ends, for the arrows of what is beyond."""


@dataclass(frozen=True)
class Axis:
    """Values from `low` to `high` across a picture."""

    low: float
    high: float

    def x(self, value: float) -> float:
        """Return where a value lies; values beyond lie at the end."""
        share = (value - self.low) / (self.high - self.low)
        return PAD + (WIDE - 2 * PAD) * min(max(share, 0.0), 1.0)


def ratio(part: float, whole: float) -> float:
    """Return part ÷ whole; nan where the whole is 0."""
    return part / whole if whole else float("nan")


def bar(value: float, top: float, kind: str = "c-s1") -> Markup:
    """Return a bar from 0 to a value, on an axis that ends at `top`; nothing for what is not known."""
    axis = Axis(0.0, top or 1.0)
    return _canvas(_bar(axis, 0.0, value, kind) if isfinite(value) else None)


def change_bar(change: float, reach: float) -> Markup:
    """Return a bar to the left or right of 0."""
    axis = Axis(-reach, reach)
    made = _bar(axis, 0.0, change, "c-more" if change > 0 else "c-less") if isfinite(change) else None
    return _canvas(_zero(axis), made)


def step_bar(start: float, end: float, low: float, high: float, axis: Axis) -> Markup:
    """Return one step of a sum: a bar from where the last ended, with the interval of its end."""
    kind = "c-more" if end >= start else "c-less"
    return _canvas(_zero(axis), _bar(axis, start, end, kind), _whisker(axis, low, high, "c-whisker"))


def interval_mark(value: float, low: float, high: float, verdict: str, axis: Axis, margin: float | None) -> Markup:
    """Return a mark with its interval; ends beyond the axis become arrows. `margin`: the band of 'same'."""
    if not isfinite(value):
        return _canvas(_zero(axis))
    kind = f"c-{verdict}"
    return _canvas(
        _band(axis, margin),
        _zero(axis),
        _whisker(axis, low, high, kind),
        _mark(axis.x(value), verdict, kind) if axis.low <= value <= axis.high else None,
    )


def mark_sample(verdict: str) -> Markup:
    """Return a verdict's mark by itself, for the legend."""
    return tag("svg", _mark(8, verdict, f"c-{verdict}"), class_="c-sample", viewBox=numbers(0, 0, 16, HIGH),
               aria_hidden="true")  # fmt: skip


def _canvas(*parts: Markup | None) -> Markup:
    return tag("svg", *parts, class_="c-bar", viewBox=numbers(0, 0, WIDE, HIGH), aria_hidden="true")


def _bar(axis: Axis, start: float, end: float, kind: str) -> Markup:
    left, right = sorted((axis.x(start), axis.x(end)))
    return tag("rect", x=left, y=3, width=max(right - left, 0.5), height=HIGH - 6, class_=kind)


def _zero(axis: Axis) -> Markup:
    x = axis.x(0.0)
    return tag("line", x1=x, x2=x, y1=0, y2=HIGH, class_="c-zero")


def _band(axis: Axis, margin: float | None) -> Markup | None:
    if margin is None:
        return None
    left, right = axis.x(-margin), axis.x(margin)
    return tag("rect", x=left, y=0, width=right - left, height=HIGH, class_="c-band")


def _whisker(axis: Axis, low: float, high: float, kind: str) -> Markup | None:
    if not (isfinite(low) and isfinite(high)):
        return None
    ends = (axis.x(low), axis.x(high))
    line = tag("line", x1=ends[0], x2=ends[1], y1=MIDDLE, y2=MIDDLE, class_=f"{kind} c-line")
    left = _arrow(ends[0], -1, kind) if low < axis.low else None
    right = _arrow(ends[1], 1, kind) if high > axis.high else None
    return joined([line, left, right])


def _arrow(x: float, way: int, kind: str) -> Markup:
    return tag("path", d=path_of([(x + 5 * way, MIDDLE), (x, MIDDLE - 4), (x, MIDDLE + 4)]), class_=f"{kind} c-fill")


def _mark(x: float, verdict: str, kind: str) -> Markup:
    """Return a mark whose shape says the verdict too: up, down, square, hollow ring."""
    shapes: dict[str, Sequence[tuple[float, float]]] = {
        "higher": [(x, MIDDLE - 5), (x - 4.5, MIDDLE + 3.5), (x + 4.5, MIDDLE + 3.5)],
        "lower": [(x, MIDDLE + 5), (x - 4.5, MIDDLE - 3.5), (x + 4.5, MIDDLE - 3.5)],
        "same": [(x - 3, MIDDLE - 3), (x + 3, MIDDLE - 3), (x + 3, MIDDLE + 3), (x - 3, MIDDLE + 3)],
    }
    if verdict in shapes:
        return tag("path", d=path_of(shapes[verdict]), class_=f"{kind} c-fill")
    return tag("circle", cx=x, cy=MIDDLE, r=3, class_=f"{kind} c-ring")
