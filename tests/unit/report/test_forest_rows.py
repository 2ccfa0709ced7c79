"""How far the axis of a forest plot reaches."""

from dataclasses import replace

import pytest

from storesim.report.forest_rows import ForestRow, reach_percent

ROW = ForestRow("b", 1.0, 0.5, 1.5, 10.0, 5.0, "USD", "higher")


def row(percent: float, half: float, verdict: str = "higher") -> ForestRow:
    return replace(ROW, percent=percent, low_percent=percent - half, high_percent=percent + half, verdict=verdict)


@pytest.mark.parametrize(
    ("rows", "reach"),
    [
        ([], 2.0),
        ([row(0.1, 0.1, "same")], 2.0),
        ([row(1.0, 0.5, "same")] * 9 + [row(12.0, 1.0)], 12.0),
        ([row(1.0, 0.5, "same")] * 9 + [row(400.0, 30.0)], 2.0),
        ([row(1.0, 0.5, "same")] * 9 + [row(12.0, 30.0, "undecided")], 2.0),
        ([row(float("nan"), float("nan"))], 2.0),
        ([row(300.0, 10.0)], 308.0 - 2.0),
    ],
    ids=["none", "at least", "decided", "too far to leave room for the rest", "undecided", "unknown", "far alone"],
)
def test_the_axis_holds_what_is_usual_and_what_is_decided_nearby(rows: list[ForestRow], reach: float) -> None:
    assert reach_percent(rows, 2.0) == pytest.approx(1.1 * reach, rel=0.001)
