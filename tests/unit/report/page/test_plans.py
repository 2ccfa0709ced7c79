"""Floor plans: what is painted is what the tables say, and differences exist only where the same place is in both."""

import json
import struct
import zlib
from base64 import b64decode
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from storesim.inputs.floor_plan import FloorPlan, Link, Zone
from storesim.report.heat_values import CELL_M, HeatValues
from storesim.report.page.layers import Layer, departments, layers, shared_things
from storesim.report.page.numbers import Numbers
from storesim.report.page.plan_labels import size_of
from storesim.report.page.plan_links import apart
from storesim.report.page.plan_raster import under_furniture
from storesim.report.page.plan_shapes import WIDTH
from storesim.report.page.plan_svg import plan_drawing
from storesim.report.page.plans import plans_section
from storesim.report.page.png import data_address, picture
from storesim.report.page.ramp import STEPS, UNKNOWN, change_ramp, ramp_of
from storesim.report.run_directory import RunDirectory

NUMBERS = Numbers("en-US", "EUR")
CLEAR = -1


def decoded(address: str) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The steps in a picture's address, shape (rows, columns), top row first; CLEAR where see-through."""
    data = b64decode(address.removeprefix("data:image/png;base64,"))
    columns, rows = struct.unpack(">II", data[16:24])
    start = data.index(b"IDAT")
    (size,) = struct.unpack(">I", data[start - 4 : start])
    lines = np.frombuffer(zlib.decompress(data[start + 4 : start + 4 + size]), np.uint8).reshape(rows, columns + 1)
    index = lines[:, 1:].astype(np.int64)
    return np.where(index == 255, CLEAR, index)


def layer_of(run: RunDirectory, name: str) -> Layer:
    return next(layer for layer in layers(run) if layer.look.id == name)


@pytest.fixture(scope="module")
def section(hostile_run: RunDirectory) -> Any:
    return plans_section(hostile_run, NUMBERS)


@pytest.fixture(scope="module")
def page(section: Any, take_apart: Any) -> Any:
    return take_apart(str(section.body))


@pytest.fixture(scope="module")
def images(page: Any) -> list[str]:
    return [element.attributes["href"] for element in page.elements if element.tag == "image"]


def test_the_picture_of_visits_decodes_to_flow_csv(hostile_run: RunDirectory, images: list[str]) -> None:
    """Smoothing keeps what a floor holds together; the picture is within half a step of every smoothed square."""
    layer = layer_of(hostile_run, "visits")
    values = layer.values[0]
    assert values.cells is not None
    steps = decoded(images[0])[::-1].T
    column, row = (values.cells - values.cells.min(axis=0)).T
    shown = np.array([layer.ramp.value(int(step)) for step in steps[column, row]])
    upper = np.array([layer.ramp.value(min(int(step) + 1, STEPS - 1)) for step in steps[column, row]])
    wanted = np.minimum(values.values, layer.ramp.high)
    assert np.all(np.abs(shown - wanted) <= upper - shown + 1e-9)
    flow = hostile_run.flow
    assert flow is not None
    listed = flow[flow["variant"] == "plain"]["visits"].to_numpy()
    assert values.values.max() <= listed.max()
    assert values.values.mean() == pytest.approx(listed.sum() / len(values.values), rel=0.25)


def test_zones_and_fixtures_have_the_values_of_the_tables(hostile_run: RunDirectory) -> None:
    zones, fixtures = hostile_run.zones, hostile_run.fixtures
    for row, (variant, plan) in enumerate(hostile_run.plans.items()):
        mine = zones[zones["variant"] == variant].set_index("zone")["sales_per_m2"]
        assert layer_of(hostile_run, "sales").values[row].values.tolist() == [mine[zone.id] for zone in plan.zones]
        table = fixtures[fixtures["variant"] == variant].set_index("fixture")
        passed = [table["passed"][fixture.id] for fixture in plan.fixtures]
        assert layer_of(hostile_run, "exposure").values[row].values.tolist() == passed
        conversion = layer_of(hostile_run, "conversion").values[row].values
        assert conversion.tolist() == pytest.approx(
            [table["bought"][f.id] / table["passed"][f.id] for f in plan.fixtures]
        )


def test_what_is_told_of_a_thing_is_in_the_tables(hostile_run: RunDirectory, section: Any) -> None:
    data = section.data
    fixtures = hostile_run.fixtures.set_index(["variant", "fixture"])
    for one in data["variants"]:
        for fixture, told in zip(hostile_run.plans[one["name"]].fixtures, one["fixture"], strict=True):
            row = fixtures.loc[(one["name"], fixture.id)]
            assert told[1][0] == NUMBERS.plain(row["passed"])
            half = (row["passed_high"] - row["passed_low"]) / 2
            is_base = one["name"] == data["baseline"]
            assert told[1][1] == ("" if is_base else NUMBERS.difference(row["passed_difference"], half))
    assert data["labels"]["fixture"][0] == "had it in view a day"


def test_the_data_is_json_without_numbers_that_json_has_not(section: Any) -> None:
    assert json.loads(json.dumps(section.data, allow_nan=False)) == section.data


def test_fills_are_the_colours_of_the_values(hostile_run: RunDirectory, page: Any) -> None:
    layer = layer_of(hostile_run, "exposure")
    fills = [e.attributes["fill"] for e in page.elements if e.tag == "use" and "fill" in e.attributes]
    for value in layer.values[1].values.tolist():
        assert layer.ramp.colour(value) in fills


def test_names_from_files_stay_text(page: Any) -> None:
    attributes = {name for element in page.elements for name in element.attributes}
    assert not {"style", "onload", "onclick"} & attributes
    assert not {"script", "b", "i"} & {element.tag for element in page.elements}
    assert {element.attributes["href"][:1] for element in page.elements if element.tag == "use"} == {"#"}


def test_every_id_is_there_once_and_every_use_finds_its_shape(page: Any) -> None:
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    used = {element.attributes["href"][1:] for element in page.elements if element.tag == "use"}
    assert used <= set(ids)


def test_variants_on_one_plan_share_its_shapes(hostile_run: RunDirectory, page: Any) -> None:
    floors = [e for e in page.elements if (e.attributes.get("id") or "").endswith("-floor")]
    assert len(hostile_run.plans) == 3
    assert len(floors) == 1


def test_without_scripts_visits_are_shown_and_nothing_else(page: Any) -> None:
    shown = [
        element.attributes["data-layer"]
        for element in page.elements
        if "data-layer" in element.attributes and "hidden" not in element.attributes
    ]
    assert set(shown) == {"visits"}


def test_the_same_run_gives_the_same_bytes(hostile_path: Path, section: Any) -> None:
    again = plans_section(RunDirectory.open(hostile_path), NUMBERS)
    assert again == section


def test_a_run_without_tables_has_no_plans(hostile_path: Path, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes((hostile_path / "manifest.json").read_bytes())
    assert plans_section(RunDirectory.open(tmp_path), NUMBERS) is None


def test_departments_are_the_sums_of_their_products(hostile_run: RunDirectory) -> None:
    table = departments(hostile_run, "sales")
    products = hostile_run.products
    mine = products[(products["variant"] == "cheaper") & (products["product"] == "milk")]
    assert table.of("fresh")[1] == mine["sales"].sum()
    assert sum(table.of(name)[0] for name in table.rows) == pytest.approx(
        products[products["variant"] == "plain"]["sales"].sum()
    )


def test_a_thing_that_moved_shares_nothing(plan: FloorPlan) -> None:
    there = replace(plan, fixtures=(replace(plan.fixtures[0], outline=plan.fixtures[1].outline), *plan.fixtures[1:]))
    match = shared_things(there, plan, "fixture")
    assert match[0] is None
    assert match[1:] == list(range(1, len(plan.fixtures)))


def test_a_thing_that_took_anothers_place_is_not_the_same(plan: FloorPlan) -> None:
    there = replace(plan, zones=(replace(plan.zones[0], id="other"), *plan.zones[1:]))
    assert shared_things(there, plan, "zone")[0] is None


def test_names_on_a_plan_lie_in_it_and_not_over_each_other(plan: FloorPlan) -> None:
    drawn = plan_drawing(plan)
    boxes = []
    for shape in drawn.zones:
        if shape.label is not None:
            wide, high = size_of(max(shape.name.split(" "), key=len), shape.upright)
            (x, y) = shape.label
            boxes.append(shapely.box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2))
    assert len(boxes) >= 4
    floor = shapely.box(0, 0, WIDTH, drawn.height)
    assert all(floor.covers(box) for box in boxes)
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_a_plan_is_to_scale_and_the_right_way_up(plan: FloorPlan) -> None:
    view = plan_drawing(plan).view
    assert view is not None
    (left, bottom), (right, top) = view.spot((0, 0)), view.spot((44, 32))
    assert (right - left) / (bottom - top) == pytest.approx(44 / 32)
    assert bottom > top


def test_zones_of_a_plan_from_links_do_not_lie_over_each_other(kiosk: FloorPlan) -> None:
    boxes = [shapely.Polygon(shape.corners) for shape in plan_drawing(kiosk).zones]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_many_zones_from_links_stay_on_the_page() -> None:
    zones = tuple(Zone(f"z{i}", f"Zone {i}", "department") for i in range(14))
    links = tuple(Link(f"z{i}", f"z{i + 1}", 4) for i in range(13))
    drawn = plan_drawing(FloorPlan("long", zones, (), (), (), links=links))
    page = shapely.box(0, 0, WIDTH, drawn.height)
    assert all(page.covers(shapely.Polygon(shape.corners)) for shape in drawn.zones)


def test_boxes_at_one_place_are_pushed_apart() -> None:
    places = apart({"a": (100.0, 50.0), "b": (100.0, 50.0)}, 40.0, 400.0)
    assert abs(places["a"][1] - places["b"][1]) >= 40 or abs(places["a"][0] - places["b"][0]) >= 104


def test_squares_under_furniture_take_the_mean_of_their_neighbours(plan: FloorPlan) -> None:
    cells = np.array([[20, 20], [20, 21], [20, 22], [21, 20], [21, 22], [22, 20], [22, 21], [22, 22]])
    values = np.arange(8.0)
    raster = under_furniture(values, cells, plan)
    assert raster[1, 1] == values.mean()
    assert raster[0, 0] == 0.0


def test_unknown_squares_stay_unknown(plan: FloorPlan) -> None:
    raster = under_furniture(np.array([1.0, np.nan, 3.0]), np.array([[20, 20], [21, 20], [22, 20]]), plan)
    assert np.isnan(raster[1, 0])


def test_a_picture_holds_its_steps() -> None:
    steps = np.array([[0, 254, CLEAR], [7, 128, 3]])
    ramp = ramp_of(np.array([1.0]))
    image = picture(steps, ramp.palette)
    assert image == picture(steps, ramp.palette)
    assert decoded(data_address(image)).tolist() == steps.tolist()


def test_no_change_is_neutral_and_unknown_is_grey() -> None:
    ramp = change_ramp(np.array([-3.0, 2.0, np.nan]))
    assert (ramp.low, ramp.high) == (-4.0, 4.0)
    red, green, blue = (int(ramp.colour(0.0)[i : i + 2], 16) for i in (1, 3, 5))
    assert max(red, green, blue) - min(red, green, blue) < 8
    assert ramp.colour(float("nan")) == UNKNOWN


def test_darker_is_more() -> None:
    ramp = ramp_of(np.array([0.0, 10.0]))
    light = [sum(ramp.palette[step].astype(int)) for step in (0, 60, 120, 180, STEPS - 1)]
    assert light == sorted(light, reverse=True)


def test_differences_of_squares_are_by_place(plan: FloorPlan) -> None:
    """The rule that the layer of squares rests on: the same square in both, nan elsewhere."""
    here = HeatValues(plan, np.array([5.0, 7.0]), np.array([[1, 1], [2, 1]]))
    there = HeatValues(plan, np.array([2.0]), np.array([[2, 1]]))
    change = here.minus(there).values
    assert np.isnan(change[0])
    assert change[1] == 5.0
    assert CELL_M == 0.5
