"""Figures: the same bytes for the same thing, no name over another, one scale for all variants."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from storesim.inputs.floor_plan import FloorPlan
from storesim.report.difference_figure import difference_figure
from storesim.report.figure_files import FORMATS, FigureFormat, save
from storesim.report.floor_plan import plan_figure
from storesim.report.flow_figure import streams
from storesim.report.forest import forest_figure
from storesim.report.forest_rows import forest_rows
from storesim.report.funnel_figure import funnel_figure
from storesim.report.heat import HEAT_LOOKS, HeatKind, heat_figure
from storesim.report.heat_values import floor_values, zone_values
from storesim.report.plots import PLOTS, PlotKind
from storesim.report.promotion_figure import promotion_figure
from storesim.report.run_directory import RunDirectory

PNG, SVG = b"\x89PNG", b"<?xml"


class Recorder(RendererAgg):
    """Remembers the texts that are drawn: an axis also has ticks beyond its ends, which are not."""

    def draw_text(self, *args: Any, mtext: Text | None = None, **others: Any) -> None:
        self.drawn = [*getattr(self, "drawn", []), mtext]
        super().draw_text(*args, mtext=mtext, **others)


def texts_of(figure: Figure) -> list[tuple[str, shapely.Polygon]]:
    """Every text that is drawn with its box on paper, in pixels, a hair smaller."""
    width, height = (figure.get_size_inches() * figure.dpi).astype(int)
    recorder = Recorder(width, height, figure.dpi)
    figure.draw(recorder)
    lines = [text for text in figure.findobj(Text) if "\n" in text.get_text()]
    found = [text for text in recorder.drawn if text is not None] + lines
    boxes = [(text.get_text(), text.get_window_extent(recorder)) for text in found]
    return [(text, shapely.box(b.x0, b.y0, b.x1, b.y1).buffer(-1.5)) for text, b in boxes]


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    return [(a, b) for (a, x), (b, y) in combinations(texts_of(figure), 2) if x.intersects(y)]


def outside(figure: Figure) -> list[str]:
    page = shapely.box(0, 0, *(figure.get_size_inches() * figure.dpi))
    return [text for text, box in texts_of(figure) if not page.covers(box)]


@pytest.mark.parametrize("figure_format", FORMATS)
def test_a_figure_has_the_same_bytes_each_time(plan: FloorPlan, tmp_path: Path, figure_format: FigureFormat) -> None:
    first = save(plan_figure(plan), tmp_path / "first", figure_format)
    again = save(plan_figure(plan), tmp_path / "again", figure_format)
    assert first.suffix == f".{figure_format}"
    assert first.read_bytes() == again.read_bytes()


def test_the_format_is_what_the_suffix_says(kiosk: FloorPlan, tmp_path: Path) -> None:
    assert save(plan_figure(kiosk), tmp_path / "kiosk", "png").read_bytes().startswith(PNG)
    assert save(plan_figure(kiosk), tmp_path / "kiosk", "svg").read_bytes().startswith(SVG)


def test_a_figure_that_cannot_be_written_leaves_nothing(
    kiosk: FloorPlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Figure, target: Path, **__: object) -> None:
        target.write_bytes(PNG)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Figure, "savefig", full)
    with pytest.raises(OSError, match="No space left"):
        save(plan_figure(kiosk), tmp_path / "kiosk")
    assert list(tmp_path.iterdir()) == []


def test_names_on_a_plan_neither_overlap_nor_leave_the_page(plan: FloorPlan) -> None:
    figure = plan_figure(plan)
    assert overlapping(figure) == []
    assert outside(figure) == []


def test_a_plan_names_its_zones_fixtures_tills_and_doors(plan: FloorPlan) -> None:
    names = {text for text, _ in texts_of(plan_figure(plan))}
    assert {
        "Frozen food",
        "dairy",
        "G3",
        "T1",
        "staffed, 6 lanes",
        "self, 1 lane",
        "main (in and out)",
        "10 m",
    } <= names


def test_a_name_too_long_for_its_furniture_is_shortened(plan: FloorPlan) -> None:
    names = [text for text, _ in texts_of(plan_figure(plan))]
    assert "G1-north" not in names
    assert names.count("north") == 6


def test_a_schematic_plan_is_a_graph_with_metres(kiosk: FloorPlan) -> None:
    figure = plan_figure(kiosk)
    names = {text for text, _ in texts_of(figure)}
    assert {"Drinks\nD1", "Entry\nmain", "6 m"} <= names
    assert overlapping(figure) == []


@pytest.mark.parametrize("kind", HEAT_LOOKS)
@pytest.mark.parametrize("variants", [1, 2, 3])
def test_heat_maps_have_a_panel_a_variant_and_one_a_difference(
    plans: dict[str, FloorPlan], kind: HeatKind, variants: int, made: Any
) -> None:
    some = dict(list(plans.items())[:variants])
    figure = heat_figure(kind, some, made.zones(some), made.flow(some), "USD")
    titles = [axes.get_title() for axes in figure.axes if axes.get_title()]
    assert titles == [*some, *(f"{name} minus grid" for name in list(some)[1:])]
    assert overlapping(figure) == []


def test_heat_maps_share_one_scale_with_its_unit(plans: dict[str, FloorPlan], made: Any) -> None:
    figure = heat_figure("sales_per_m2", plans, made.zones(plans), currency="EUR")
    labels = [axes.get_ylabel() for axes in figure.axes if axes.get_ylabel()]
    assert labels == ["EUR per m² a day", "difference,\nEUR per m² a day"]


def test_flow_is_masked_to_the_floor_that_customers_can_walk(plan: FloorPlan, made: Any) -> None:
    heat = floor_values(made.flow({"grid": plan}), "visits", plan)
    assert heat.cells is not None
    cells = {tuple(cell) for cell in heat.cells.tolist()}
    assert (11, 30) not in cells, "inside gondola G1"
    assert (8, 30) in cells, "in the aisle beside it"
    assert np.isfinite(heat.values).all()


def test_smoothing_leaves_an_even_floor_even(plan: FloorPlan, made: Any) -> None:
    even = made.flow({"grid": plan}).assign(visits=5.0)
    assert floor_values(even, "visits", plan).values == pytest.approx(5.0)


def test_the_difference_of_equal_floors_is_zero_everywhere(plan: FloorPlan, made: Any) -> None:
    heat = floor_values(made.flow({"grid": plan}), "visits", plan)
    assert (heat.minus(heat).values == 0).all()


def test_a_zone_without_a_counterpart_has_no_difference(plan: FloorPlan, made: Any) -> None:
    table = made.zones({"grid": plan})
    heat = zone_values(table, "visits", plan)
    without = zone_values(table[table["zone"] != "bakery"], "visits", plan)
    change = heat.minus(without)
    unknown = [zone.id for zone, value in zip(plan.zones, change.values, strict=True) if np.isnan(value)]
    assert unknown == ["bakery"]


def test_the_forest_shows_every_response_of_every_variant(made: Any) -> None:
    table = made.summary(["grid", "racetrack", "cola at the door"])
    rows = forest_rows(table, "grid")
    assert list(rows) == ["sales", "margin", "dwell_s", "walked_m", "wait_s"]
    assert {row.variant for row in rows["sales"]} == {"racetrack", "cola at the door"}
    first = rows["sales"][0]
    assert first.percent == pytest.approx(-1.5)
    assert (first.difference, first.half_width) == (pytest.approx(-450), pytest.approx(600))


def test_the_forest_writes_units_half_widths_and_verdicts(made: Any) -> None:
    figure = forest_figure(made.summary(["grid", "racetrack"]), "grid")
    names = [text for text, _ in texts_of(figure)]
    assert {"−450 ± 600 USD", "−10.8 ± 4.8 s", "lower", "undecided"} <= set(names)
    assert overlapping(figure) == []
    assert outside(figure) == []


def test_a_response_without_baseline_keeps_its_row_but_has_no_mark(made: Any) -> None:
    table = made.summary(["grid", "racetrack"])
    table.loc[(table["variant"] == "grid") & (table["response"] == "wait_s"), "mean"] = 0.0
    rows = forest_rows(table, "grid")["wait_s"]
    assert np.isnan(rows[0].percent)
    forest_figure(table, "grid")


def test_one_replication_has_no_interval_and_still_a_forest(made: Any) -> None:
    table = made.summary(["grid", "racetrack"])
    table[["diff_low", "diff_high"]] = np.nan
    names = [text for text, _ in texts_of(forest_figure(table, "grid"))]
    assert "−450 USD" in names


SMALL_RUN = Path(__file__).parents[2] / "golden" / "small_run"
NEW_KINDS: tuple[PlotKind, ...] = ("flow", "dwell", "difference", "queue", "funnel", "promotion")


@pytest.mark.parametrize("kind", NEW_KINDS)
def test_no_text_of_a_run_s_figures_lies_over_another(kind: PlotKind) -> None:
    for name, figure in PLOTS[kind](RunDirectory.open(SMALL_RUN)):
        assert overlapping(figure) == [], name
        assert outside(figure) == [], name


def test_streams_follow_the_walks(plan: FloorPlan) -> None:
    """A corridor of four squares with a side branch nobody takes."""
    corridor = [(0.25, 0.25, 100.0), (0.75, 0.25, 90.0), (1.25, 0.25, 80.0), (1.75, 0.25, 100.0), (0.75, 0.75, 0.5)]
    flow = pd.DataFrame(corridor, columns=["x_m", "y_m", "visits"])
    found = streams(flow, plan)
    joined = {tuple(map(tuple, pair)): walks for *pair, walks in zip(found.start, found.end, found.walks, strict=True)}
    assert joined == {((0, 0), (1, 0)): 90.0, ((1, 0), (2, 0)): 80.0, ((2, 0), (3, 0)): 80.0}


def test_streams_of_nobody(plan: FloorPlan) -> None:
    assert len(streams(pd.DataFrame({"x_m": [], "y_m": [], "visits": []}), plan).walks) == 0


def test_differences_only_where_the_floor_is_shared(plans: dict[str, FloorPlan], made: Any) -> None:
    """Everything stands a metre further east in one plan: zones stay, squares below furniture are left out."""
    pair = ("moved east", "grid")
    figure = difference_figure(pair, plans, made.flow(plans), made.zones(plans), "USD")
    assert "moved east minus grid" in {text for text, _ in texts_of(figure)}
    assert [axes.get_title() for axes in figure.axes if axes.get_title()] == [
        "Walks through", "Standing at shelves", "Sales per m²",
    ]  # fmt: skip
    shifted = {name: replace(plan, zones=()) if name == "grid" else plan for name, plan in plans.items()}
    assert difference_figure(pair, shifted, None, made.zones(plans), "USD").axes


def test_the_funnel_tells_shares_and_changes() -> None:
    columns = {"variant": ["a", "b"], "exposed": [1000, 2000], "noticed": [100, 300], "wanted": [50, 90]}
    words = {text for text, _ in texts_of(funnel_figure(pd.DataFrame(columns | {"bought": [40, 0]})))}
    assert {"a: 100 (10.0 %)", "b: 300 (15.0 %), +200.0 %"} <= words


def test_a_promotion_that_costs_says_so() -> None:
    row = {"variant": "v", "promotion": "cola", "scope": "own", "sales_difference": 10.0, "sales_low": 5.0}
    row |= {"sales_high": 15.0, "margin_difference": -4.0, "margin_low": -6.0, "margin_high": -2.0}
    words = {text for text, _ in texts_of(promotion_figure(pd.DataFrame([row]), "EUR"))}
    assert {"v: cola", "+10.0 ± 5.0", "−4.0 ± 2.0", "the product"} <= words
