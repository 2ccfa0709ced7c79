"""The page of a run as people use it: read, switched, sorted, printed; hostile names included."""

import hashlib
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from storesim.report.page.first import MAIN
from storesim.report.page.numbers import Numbers

NUMBERS = Numbers("en-US", "USD")
SERIOUS = ("serious", "critical")
PICTURES = Path(__file__).parent / "pictures"
"""Screenshots of the last run of the tests, to be looked at; not part of the repository."""
PX_PER_MM = 96 / 25.4
A4_MM, MARGIN_MM = (210, 297), 14
BOTH_WIDTHS_AND_SCHEMES = [(1400, False), (1400, True), (390, False), (390, True)]


# The first screen


def test_the_first_table_says_what_summary_csv_says(run: Any, page: Page) -> None:
    """The baseline's means; of the others the difference with its half-width, the verdict, and the percentage."""
    summary = run.table("summary").set_index(["variant", "response"])
    rows = page.locator("#answer table.summary").first.locator("tbody tr")
    assert page.inner_text("h1") == run.question
    shown = [response for response in MAIN if (run.variants[0], response) in summary.index]
    for number, variant in enumerate(run.variants):
        says = [summary.loc[(variant, response)] for response in shown]
        assert rows.nth(number).locator("th").inner_text().startswith(variant)
        cells = rows.nth(number).locator("td").all_inner_texts()
        for cell, row in zip(cells, says, strict=True):
            lines = [line.strip() for line in cell.split("\n")]
            assert lines == ([NUMBERS.plain(row["mean"])] if number == 0 else difference_lines(row))


def difference_lines(row: "pd.Series[Any]") -> list[str]:
    """Return what stands in the cell of a row of summary.csv."""
    mark = {"higher": "▲", "lower": "▼", "same": "≈", "undecided": "○"}[row["verdict"]]
    percent = "" if pd.isna(row["diff_percent"]) else f", {NUMBERS.percent(row['diff_percent'] / 100, sign=True)}"
    half_width = (row["diff_high"] - row["diff_low"]) / 2
    return [NUMBERS.difference(row["difference"], half_width), f"{mark} {row['verdict']}{percent}"]


def test_a_sentence_on_each_variant_has_its_difference_and_interval(run: Any, page: Page) -> None:
    """Sales in percent of the baseline's, to the last digit that is shown."""
    summary = run.table("summary").query("response == 'sales'").set_index("variant")
    base = summary.loc[run.variants[0], "mean"]
    sentences = page.locator("#answer .headline, #answer .told li").all_inner_texts()
    for variant in run.variants[1:]:
        sentence = next(text for text in sentences if text.startswith(variant))
        row, clause = summary.loc[variant], next(part for part in sentence.split(";") if "sell" in part)
        turn = -1 if row["verdict"] == "lower" else 1
        wanted = sorted(turn * 100 * row[name] / base for name in ("diff_low", "difference", "diff_high"))
        shown = re.findall(r"[+−]?\d+\.\d+", clause.replace("95 % interval", ""))
        for text, value in zip(shown, (wanted[1], wanted[0], wanted[2]), strict=True):
            places = len(text.partition(".")[2])
            assert float(text.replace("−", "-")) == pytest.approx(value, abs=0.51 * 10.0**-places)


def test_the_answer_claims_no_more_than_the_verdicts(run: Any, page: Page) -> None:
    verdicts = run.table("summary").query("response == 'margin'")["verdict"]
    assert ("surely earns more" in page.inner_text(".headline")) == ("higher" not in set(verdicts))
    assert "Not calibrated to your store" in page.inner_text("#answer")


# Floor plans


def painted(plan: Locator) -> str:
    """Return a digest of what is shown of a floor plan in which colours; pixels may differ by a hair."""
    shown = plan.evaluate("""plan => [...plan.querySelectorAll("*")].map(part => {
      const style = getComputedStyle(part);
      return [style.display, style.visibility, style.fill, style.opacity].join();
    }).join(";")""")
    return hashlib.sha256(shown.encode()).hexdigest()


def test_each_layer_paints_the_plans_and_has_its_legend(page: Page) -> None:
    layers, plan = page.locator("input[name=p-layer]"), page.locator(".p-plan").first
    pictures, legends = set(), set()
    for number in range(layers.count()):
        layers.nth(number).check()
        pictures.add(painted(plan))
        legends.add(page.locator(".p-legend:visible").inner_text())
    assert len(pictures) == len(legends) == layers.count() == 5


def test_differences_to_the_baseline_are_painted_on_request(page: Page) -> None:
    page.locator("input[name=p-layer][value=dwell]").check()
    plans, box = page.locator(".p-plan"), page.locator("input[name=p-change]")
    before = [painted(plans.nth(number)) for number in (0, 1)]
    box.check()
    after = [painted(plans.nth(number)) for number in (0, 1)]
    expect(page.locator(".p-legend:visible").last).to_contain_text("difference to empty table")
    assert before[0] == after[0]
    assert before[1] != after[1]
    box.uncheck()
    assert painted(plans.nth(1)) == before[1]


def test_a_fixture_tells_its_numbers_when_pointed_at(run: Any, page: Page) -> None:
    fixtures = run.table("fixtures").query("variant == @run.variants[1]").set_index("fixture")
    page.locator('.p-plan[data-variant="1"] [data-fixture="2"]').hover()
    readout = page.locator(".p-readout")
    expect(readout).to_be_visible()
    fixture = readout.locator("caption").inner_text().split(", ")[0]
    assert NUMBERS.plain(fixtures.loc[fixture, "sales"]) in readout.inner_text()


def test_a_fixture_tells_its_numbers_to_the_keyboard_too(page: Page) -> None:
    page.locator(".p-plan").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".p-readout")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".p-readout")).to_be_hidden()


# Tables


def values(table: Locator, column: int) -> list[float]:
    """Return the numbers of a column, the first of each cell; the first column is 1."""
    texts = table.locator(f"tbody tr > :nth-child({column})").all_inner_texts()
    return [float(text.split("±")[0].strip().replace(",", "").replace("−", "-")) for text in texts]


@pytest.mark.parametrize("column", [3, 5])
def test_products_are_sorted_by_mouse_and_by_keyboard(page: Page, column: int) -> None:
    """By sales, and by the difference to them, where minus is less than nothing."""
    table = page.locator("#products table").first
    head = table.locator("thead th").nth(column - 1)
    head.locator("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    assert values(table, column) == sorted(values(table, column), reverse=True)
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert values(table, column) == sorted(values(table, column))
    assert len(set(values(table, column))) > 2


def test_products_are_sorted_by_name(page: Page) -> None:
    table = page.locator("#products table").first
    head = table.locator("thead th").first
    head.locator("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    names = table.locator("tbody th").all_inner_texts()
    assert [name.lower() for name in names[1:]] == sorted(name.lower() for name in names[1:])  # the first is hostile


def test_products_say_what_products_csv_says(run: Any, page: Page) -> None:
    sales = run.table("products").query("variant == @run.variants[0]")["sales"].sort_values(ascending=False)
    shown = page.locator("#products table").first.locator("tbody tr > :nth-child(3)").all_inner_texts()
    assert shown == [NUMBERS.plain(value) for value in sales]


def test_products_are_found_by_their_names(page: Page) -> None:
    section = page.locator("#products")
    section.locator("[data-filter]").fill("Bread")
    shown = section.locator("table").first.locator("tbody tr:visible").all_inner_texts()
    assert shown
    assert all("bread" in text.lower() for text in shown)
    expect(section.locator("[data-count]")).to_have_text(f"{len(shown)} of 25")


def test_a_table_shows_one_variant_and_another_measure(run: Any, page: Page) -> None:
    section = page.locator("#products")
    section.locator("[data-variant]").select_option(label=run.variants[2])
    heads = section.locator("table:visible thead th:visible").all_inner_texts()
    assert run.variants[2] in heads
    assert run.variants[1] not in heads
    section.get_by_label("Units", exact=True).check()
    expect(section.locator("table:visible caption")).to_contain_text("Units")


# For everybody


def test_without_javascript_text_tables_and_charts_are_there(run: Any, open_page: Any) -> None:
    page = open_page(run.page, scripts=False).page
    for there in (".headline", "#products table", "#differences svg", "#queues svg", ".p-plan", ".r-curve svg"):
        expect(page.locator(there).first).to_be_visible()
    assert page.locator(".js-only:visible").count() == 0
    page.locator("#products").get_by_label("Units", exact=True).check()  # measures are switched by the style
    expect(page.locator("#products table:visible caption")).to_contain_text("Units")


def test_a_hostile_name_is_text(page: Page, hostile: str) -> None:
    """Nor does it open a dialog: `open_page` would complain."""
    expect(page.get_by_role("rowheader", name=hostile, exact=True).first).to_be_visible()
    assert page.locator("script").count() == page.locator('script[type="application/json"], body > script').count()


@pytest.mark.parametrize(("width", "dark"), BOTH_WIDTHS_AND_SCHEMES)
def test_nothing_is_wider_than_the_screen(run: Any, open_page: Any, width: int, dark: bool) -> None:
    """With pictures to look at, the replay at its busiest minute with a customer followed."""
    page = open_page(run.page, width=width, dark=dark).page
    page.evaluate("window.storesimReplay.follow(3)")
    page.locator('[data-r="busiest"]').click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"{width}{'_dark' if dark else ''}.png", full_page=True)


@pytest.mark.parametrize(("width", "dark"), [(1400, False), (390, True)])
def test_axe_finds_nothing_serious(run: Any, open_page: Any, width: int, dark: bool) -> None:
    """As it opens, and with another layer, differences, a fixture's numbers and a customer followed."""
    page = open_page(run.page, width=width, dark=dark).page
    assert serious(page, ["body"]) == []
    page.locator("input[name=p-layer]").nth(3).check()
    page.locator("input[name=p-change]").check()
    page.evaluate("window.storesimReplay.follow(3)")
    page.locator(".p-plan").first.focus()
    page.keyboard.press("ArrowRight")
    assert serious(page, ["#plans", "#replay"]) == []


def serious(page: Page, parts: list[str]) -> list[str]:
    """Return what axe-core calls serious or critical in some parts of the page."""
    found = Axe().run(page, context={"include": [[part] for part in parts]}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in SERIOUS]


def test_the_hand_out_prints_on_one_page_of_its_own(run: Any, open_page: Any) -> None:
    page = open_page(run.page).page
    page.emulate_media(media="print")
    wide, high = (round((side - 2 * MARGIN_MM) * PX_PER_MM) for side in A4_MM)
    page.set_viewport_size({"width": wide, "height": high})
    style = "element => [getComputedStyle(element).breakBefore, getComputedStyle(element).breakAfter]"
    hand_out = page.locator("section#handout")
    assert hand_out.evaluate(style) == ["page", "page"]
    assert hand_out.evaluate("element => element.getBoundingClientRect().height") < high
