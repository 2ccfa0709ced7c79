"""The floor plans of all variants side by side: layers to switch between, and what changed at the same places."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from storesim.inputs.floor_plan import FloorPlan
from storesim.report.heat_values import HeatValues
from storesim.report.page.departments import departments_part
from storesim.report.page.layers import Layer, layers
from storesim.report.page.numbers import Numbers
from storesim.report.page.plan_facts import plan_facts
from storesim.report.page.plan_labels import written
from storesim.report.page.plan_raster import raster_image
from storesim.report.page.plan_shapes import WIDTH, PlanDrawing, large_first, plan_definitions, shapes_of
from storesim.report.page.plan_svg import plan_drawing
from storesim.report.page.ramp import Ramp
from storesim.report.page.section import Section
from storesim.report.page.svg import joined, tag
from storesim.report.page.svg import numbers as coordinates
from storesim.report.run_directory import RunDirectory

LEGEND_WIDE, LEGEND_HIGH, LEGEND_STEPS = 200.0, 10.0, 40
LESS = "url(#p-less)"
"""Hatching over what fell, so that colour is not alone in saying so."""
CLEAR_FALL = 0.05
"""Share of the scale from which a fall is hatched: the colour of less cannot be told from none."""
HELP = (
    "Point at a zone or fixture for its numbers, or choose a plan with Tab and go from one to the next with the arrows."
)


@dataclass(frozen=True)
class Sheet:
    """One variant on its plan; `key` begins the ids of what it shares with others on the same plan."""

    variant: str
    plan: FloorPlan
    drawing: PlanDrawing
    key: str


def plans_section(run: RunDirectory, numbers: Numbers) -> Section | None:
    """Return the floor plans of a run; None where the run has no tables of zones and fixtures."""
    if not (run.has("zones.csv") and run.has("fixtures.csv")):
        return None
    sheets, found = _sheets(run), layers(run)
    body = tag(
        "div",
        _definitions(sheets),
        _controls(found, len(sheets) > 1, run.scenario.baseline),
        *(_legends(layer, numbers, run) for layer in found),
        tag("div", *(_figure(run, sheets, number, found, numbers) for number in range(len(sheets))), class_="p-grid"),
        tag("p", HELP, class_="p-note js-only"),
        tag("div", class_="p-readout", role="status", hidden=True),
        departments_part(run, numbers),
        class_="p-plans",
    )
    return Section("plans", "Floor plans", body, plan_facts(run, numbers))


def _sheets(run: RunDirectory) -> list[Sheet]:
    """Return the variants with their plans, each plan drawn once however many stand on it."""
    drawn: list[tuple[FloorPlan, PlanDrawing]] = []
    sheets = []
    for variant, plan in run.plans.items():
        place = next((row for row, (known, _) in enumerate(drawn) if known == plan), len(drawn))
        if place == len(drawn):
            drawn.append((plan, plan_drawing(plan)))
        sheets.append(Sheet(variant, plan, drawn[place][1], f"p{place}"))
    return sheets


def _definitions(sheets: list[Sheet]) -> Markup:
    """Return the SVG that shows nothing and holds what the plans use."""
    once = {sheet.key: sheet.drawing for sheet in sheets}
    stripe = tag("path", d="M0 5L5 0", class_="p-stripe")
    less = tag("pattern", stripe, id="p-less", width=5, height=5, patternUnits="userSpaceOnUse")
    shapes = (plan_definitions(drawing, key) for key, drawing in once.items())
    return tag("svg", tag("defs", less, *shapes), class_="p-definitions", width=0, height=0, aria_hidden="true")


def _controls(found: tuple[Layer, ...], compared: bool, baseline: str) -> Markup:
    radios = [
        tag(
            "label",
            tag("input", type="radio", name="p-layer", value=layer.look.id, checked=row == 0),
            layer.look.title,
            class_="p-choice",
        )
        for row, layer in enumerate(found)
    ]
    box = tag("input", type="checkbox", name="p-change", value="change")
    change = tag("label", box, f"Difference to {baseline}", class_="p-choice") if compared else None
    choice = tag("fieldset", tag("legend", "Show on the plans"), *radios, class_="p-layers")
    return tag("div", choice, change, class_="p-controls js-only")


def _legends(layer: Layer, numbers: Numbers, run: RunDirectory) -> Markup:
    """Return the legends of a layer's values and of its differences, shown when the layer is."""
    unit = layer.look.unit.format(currency=run.scenario.currency)
    first = layer.look.id == "visits"
    values = [_legend(layer.ramp, "" if layer.look.share else unit, numbers, layer.look.share)]
    changes = [_legend(layer.change_ramp, f"difference to {run.scenario.baseline}", numbers, layer.look.share)]
    note = f"{layer.look.title}: {unit}. {layer.look.note} The darkest colour stands for all above its number."
    where = "Differences only where the same place is in both plans; zones and fixtures that fell are hatched."
    return joined(
        [
            tag("div", *values, tag("p", note, class_="p-note"), class_="p-legend", data_layer=layer.look.id,
                data_change="both", hidden=not first),
            tag("div", *changes, tag("p", where, class_="p-note"), class_="p-legend", data_layer=layer.look.id,
                data_change="on", hidden=True),
        ]
    )  # fmt: skip


def _legend(ramp: Ramp, unit: str, numbers: Numbers, share: bool) -> Markup:
    wide = LEGEND_WIDE / LEGEND_STEPS
    steps = [round(step * 254 / (LEGEND_STEPS - 1)) for step in range(LEGEND_STEPS)]
    strip = [
        tag("rect", x=row * wide, width=wide + 0.3, height=LEGEND_HIGH, fill=ramp.colour(ramp.value(step)))
        for row, step in enumerate(steps)
    ]
    is_change = ramp.low < 0
    words = [
        _value_words(value, ramp.high, numbers, share, is_change) for value in (ramp.value(s) for s in (0, 127, 254))
    ]
    ends = (("start", 0.0), ("middle", LEGEND_WIDE / 2), ("end", LEGEND_WIDE))
    ticks = [
        tag("text", text, x=x, y=LEGEND_HIGH + 13, text_anchor=anchor, class_="p-tick")
        for text, (anchor, x) in zip(words, ends, strict=True)
    ]
    svg = tag(
        "svg", *strip, *ticks, class_="p-scale-strip", viewBox=coordinates(-12, 0, LEGEND_WIDE + 24, LEGEND_HIGH + 18),
        role="img", aria_label=f"Colours from {words[0]} to {words[2]} {unit}",
    )  # fmt: skip
    return tag("div", svg, tag("span", unit, class_="p-unit"), class_="p-scale-box")


def _value_words(value: float, size: float, numbers: Numbers, share: bool, sign: bool) -> str:
    if share:
        return numbers.percent(value, places=1 if size < 0.2 else 0, sign=sign)
    return numbers.signed(value, size) if sign else numbers.plain(value, size)


def _figure(run: RunDirectory, sheets: list[Sheet], row: int, found: tuple[Layer, ...], numbers: Numbers) -> Markup:
    sheet = sheets[row]
    case = run.scenario.cases[row]
    words = "; ".join(case.changes) or ("the baseline" if row == 0 else sheet.plan.name)
    caption = tag("figcaption", tag("strong", sheet.variant), " ", tag("span", words, class_="p-changes"))
    notes = [note for layer in found for note in _no_shared(layer, row, run.scenario.baseline)]
    svg = tag(
        "svg",
        tag("use", href=f"#{sheet.key}-floor"),
        *(part for layer in found for part in _painted(sheet, layer, row, over=False)),
        _targets(sheet, "zone"),
        _targets(sheet, "fixture"),
        *(part for layer in found for part in _painted(sheet, layer, row, over=True)),
        tag("use", href=f"#{sheet.key}-top"),
        *_names(sheet, found, row, numbers),
        viewBox=coordinates(0, 0, WIDTH, sheet.drawing.height),
        role="img",
        aria_label=f"Floor plan of {sheet.variant}: {sheet.plan.name}. Its numbers are in the tables below.",
    )
    plan = tag("div", svg, class_="p-plan", data_variant=str(row), role="group", aria_label=f"Plan of {sheet.variant}")
    return tag("figure", caption, *notes, plan, class_="p-figure")


def _no_shared(layer: Layer, row: int, baseline: str) -> Iterator[Markup]:
    """Yield a note for the differences of a layer where no place is in both plans."""
    change = layer.changes[row]
    if change is not None and not np.isfinite(change.values).any():
        text = f"No {layer.look.thing} stands at the same place as in {baseline}: compare departments below."
        yield tag("p", text, class_="p-note", data_layer=layer.look.id, data_change="on", hidden=True)


def _targets(sheet: Sheet, thing: str) -> Markup:
    """Return the shapes that tell their numbers when pointed at, small zones over large ones."""
    letter = thing[0]
    count = len(sheet.plan.zones if thing == "zone" else sheet.plan.fixtures)
    order = large_first(sheet.plan) if thing == "zone" else list(range(count))
    uses = [tag("use", href=f"#{sheet.key}-{letter}{row}", **{f"data_{thing}": str(row)}) for row in order]
    return tag("g", *uses, class_=f"p-{thing}s")


def _painted(sheet: Sheet, layer: Layer, row: int, over: bool) -> Iterator[Markup]:
    """Yield a layer's values and its differences, one of which is shown; fixtures are painted over, the rest under."""
    if (layer.look.thing == "fixture") != over:
        return
    change = layer.changes[row]
    looks = [("both" if change is None else "off", layer.values[row], layer.ramp)]
    if change is not None:
        looks.append(("on", change, layer.change_ramp))
    for which, values, ramp in looks:
        parts = _picture(sheet, values, ramp, layer)
        hidden = layer.look.id != "visits" or which == "on"
        yield tag("g", *parts, class_="p-values", data_layer=layer.look.id, data_change=which, hidden=hidden)


def _picture(sheet: Sheet, values: HeatValues, ramp: Ramp, layer: Layer) -> list[Markup]:
    if values.cells is None or sheet.drawing.view is None:
        return _fills(sheet, values, ramp, layer)
    image = raster_image(values, sheet.drawing.view, ramp)
    return [image] if image else []


def _fills(sheet: Sheet, values: HeatValues, ramp: Ramp, layer: Layer) -> list[Markup]:
    letter = layer.look.thing[0]
    order = large_first(sheet.plan) if layer.look.thing == "zone" else range(len(values.values))
    fills = [
        tag("use", href=f"#{sheet.key}-{letter}{row}", fill=ramp.colour(float(values.values[row]))) for row in order
    ]
    least = -CLEAR_FALL * ramp.high if values.is_change else -np.inf
    fell = [tag("use", href=f"#{sheet.key}-{letter}{row}", fill=LESS) for row in order if values.values[row] < least]
    return fills + fell


def _names(sheet: Sheet, found: tuple[Layer, ...], row: int, numbers: Numbers) -> Iterator[Markup]:
    """Yield the zones' names, and instead of them their values on the layers of zones."""
    for layer in found:
        change = layer.changes[row]
        looks = [("both" if change is None else "off", layer.values[row])]
        looks += [("on", change)] if change is not None else []
        for which, values in looks:
            body = _zone_values(sheet, values, layer, numbers) if layer.look.thing == "zone" else None
            body = body or tag("use", href=f"#{sheet.key}-names")
            hidden = layer.look.id != "visits" or which == "on"
            yield tag("g", body, data_layer=layer.look.id, data_change=which, hidden=hidden, class_="p-names")


def _zone_values(sheet: Sheet, values: HeatValues, layer: Layer, numbers: Numbers) -> Markup:
    size = float(np.nanmax(np.abs(values.values), initial=0.0))
    texts = []
    for shape, value in zip(shapes_of(sheet.drawing, "zone"), values.values.tolist(), strict=True):
        if shape.label is not None and np.isfinite(value):
            text = _value_words(value, size, numbers, layer.look.share, values.is_change)
            texts.append(written(text, shape.label, shape.upright))
    return joined(texts)
