"""The page of a run as people use it: read, switched, sorted, played, printed; hostile names included."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from storesim.report.page.numbers import Numbers

HOSTILE = "<script>alert(1)</script>"
SERIOUS = ("serious", "critical")
ROOT = Path(__file__).resolve().parents[2]
PICTURES = Path(__file__).parent / "pictures"


@dataclass(frozen=True)
class Run:
    """A run directory with its page."""

    path: Path

    @property
    def page(self) -> Path:
        return self.path / "report.html"

    def table(self, name: str) -> pd.DataFrame:
        return pd.read_csv(self.path / f"{name}.csv")

    @property
    def variants(self) -> list[str]:
        names: list[str] = json.loads((self.path / "manifest.json").read_text())["variants"]
        return names

    def takes(self, variant: str) -> pd.DataFrame:
        """What was taken from shelves on the first day, in order: t_s, customer, product, units, amount."""
        file = self.path / "events" / f"variant={variant}" / "replication=0000.parquet"
        log = duckdb.read_parquet(str(file)).filter("kind = 'take'").order("t_s, customer")
        return log.select("t_s, customer, product, units, amount").df()


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return three days of the small shop; milk is called like a script."""
    folder = tmp_path_factory.mktemp("shop")
    for name in ("data", "layouts", "scenarios"):
        shutil.copytree(ROOT / name, folder / name)
    products = folder / "data" / "small" / "products.csv"
    text = products.read_text(encoding="utf-8")
    assert "milk,Milk," in text
    products.write_text(text.replace("milk,Milk,", f"milk,{HOSTILE},"), encoding="utf-8")
    words = [
        sys.executable,
        "-m",
        "storesim",
        "run",
        "scenarios/small_shop.yaml",
        "--replications",
        "3",
        "--out",
        "run",
    ]
    subprocess.run(words, cwd=folder, check=True, capture_output=True)
    return Run(folder / "run")


@pytest.fixture
def page(run: Run, open_page: Callable[..., Any]) -> Page:
    """Return the page with its replay read."""
    opened: Page = open_page(run.page).page
    opened.wait_for_selector("#replay-player[data-ready]")
    return opened


def replay(page: Page, words: str = "state()") -> Any:
    """Return what the replay answers."""
    return page.evaluate(f"window.storesimReplay.{words}")


# The first screen


def test_the_first_screen_says_what_summary_csv_says(run: Run, page: Page) -> None:
    """Every number of the table, formatted, and the answer's variant and verdicts."""
    assert page.inner_text("h1") == json.loads((run.path / "manifest.json").read_text())["question"]
    numbers, summary = Numbers("en-US", "USD"), run.table("summary").set_index(["variant", "response"])
    shown = page.locator("#answer table.summary").first
    heads = [head.split("\n")[0].split(" ")[0] for head in shown.locator("thead th").all_inner_texts()[1:]]
    assert heads[:2] == ["sales", "margin"]
    for row, variant in enumerate(run.variants):
        cells = shown.locator("tbody tr").nth(row).locator("td").all_inner_texts()
        for response, cell in zip(("sales", "margin"), cells, strict=False):
            says = summary.loc[(variant, response)]
            if row == 0:
                assert float(cell.replace(",", "")) == pytest.approx(says["mean"], rel=0.01)
            else:
                half_width = (says["diff_high"] - says["diff_low"]) / 2
                assert cell.split("\n")[0].strip() == numbers.difference(says["difference"], half_width)
                assert str(says["verdict"]) in cell


def test_the_question_of_money_is_answered_in_a_sentence_with_its_interval(run: Run, page: Page) -> None:
    said = page.inner_text("#answer")
    for variant in run.variants[1:]:
        assert variant in said
    assert "Not calibrated to your store" in said
    assert re.search(r"\d to \d|same|may sell more or less", said)


# Floor plans


def test_each_layer_paints_something_else_and_has_its_legend(page: Page) -> None:
    layers = page.locator("input[name=p-layer]")
    assert layers.count() == 5
    legends, painted = set(), set()
    for number in range(layers.count()):
        layers.nth(number).check()
        showing = page.locator(".p-plans [data-layer]:not([hidden])")
        legends.add(page.locator(".p-plans").inner_text())
        painted.add(showing.evaluate_all("parts => parts.map(part => part.dataset.layer).join()"))
    assert len(legends) == len(painted) == 5


def test_differences_are_shown_on_request(page: Page) -> None:
    def changes() -> int:
        return page.locator('.p-plans [data-change="on"]:not([hidden])').count()

    assert changes() == 0
    page.locator("input[name=p-change]").check()
    assert changes() > 0


def test_a_fixture_tells_its_numbers_to_the_keyboard_too(page: Page) -> None:
    page.locator(".p-plan").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".p-readout")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".p-readout")).to_be_hidden()


# Tables


def test_products_are_sorted_by_mouse_and_by_keyboard(run: Run, page: Page) -> None:
    table = page.locator("#products table").first
    products = run.table("products").query("variant == @run.variants[0]").sort_values("sales", ascending=False)
    button = table.locator("thead button").nth(2)

    def sales() -> list[float]:
        texts = table.locator("tbody tr td:nth-child(3)").all_inner_texts()
        return [float(text.replace(",", "")) for text in texts]

    button.click()
    assert table.locator("thead th").nth(2).get_attribute("aria-sort") == "descending"
    assert sales() == sorted(sales(), reverse=True)
    assert sales()[0] == pytest.approx(products["sales"].iloc[0], rel=0.01)
    button.focus()
    page.keyboard.press("Enter")
    assert table.locator("thead th").nth(2).get_attribute("aria-sort") == "ascending"
    assert sales() == sorted(sales())


def test_products_are_found_by_their_names(page: Page) -> None:
    section = page.locator("#products")
    section.locator("[data-filter]").fill("bread")
    shown = section.locator("table").first.locator("tbody tr:visible")
    assert 0 < shown.count() < 10
    assert all("bread" in text.lower() for text in shown.all_inner_texts())


# The replay


def test_the_replay_plays_pauses_and_goes_both_ways(page: Page) -> None:
    assert not replay(page)["playing"]
    page.locator('[data-r="play"]').click()
    page.wait_for_timeout(600)
    there = replay(page)
    assert there["playing"]
    assert there["time"] > 10
    page.locator('[data-r="play"]').click()
    assert not replay(page)["playing"]
    scrub = page.locator('[data-r="scrub"]')
    scrub.focus()
    before = replay(page)["time"]
    page.keyboard.press("PageUp")
    further = replay(page)["time"]
    page.keyboard.press("PageDown")
    assert further > before > replay(page)["time"] - 1
    replay(page, "seek(3600)")
    page.locator('[data-r="backwards"]').click()
    page.locator('[data-r="play"]').click()
    page.wait_for_timeout(400)
    assert replay(page)["time"] < 3600


def test_the_busiest_minute_has_most_customers(page: Page) -> None:
    page.locator('[data-r="busiest"]').click()
    busiest = sum(replay(page)["inside"])
    for hour in range(1, 12):
        replay(page, f"seek({hour * 3600})")
        assert sum(replay(page)["inside"]) <= busiest + 2  # it is a minute's mean
    assert busiest > 0


def test_a_customer_who_is_followed_carries_what_the_log_says(run: Run, page: Page) -> None:
    """Whoever buys most: the basket shown in the end is that of the log, in both variants, and grows on the way."""
    customer = int(run.takes(run.variants[0])["customer"].mode()[0])
    page.locator('[data-r="number"]').fill(str(customer))
    page.keyboard.press("Enter")
    replay(page, "seek(24 * 3600)")
    state = replay(page)
    assert state["followed"] == customer
    names = pd.read_csv(run.path / "inputs/data/small/products.csv").set_index("id")["name"]
    for variant, basket in zip(state["variants"], state["baskets"], strict=True):
        takes = run.takes(variant).query("customer == @customer")
        assert [line["product"] for line in basket["lines"]] == [names[product] for product in takes["product"]]
        assert [line["units"] for line in basket["lines"]] == takes["units"].tolist()
        assert [line["amount"] for line in basket["lines"]] == takes["amount"].tolist()
        assert basket["total"] == pytest.approx(takes["amount"].sum())
    shown = page.locator('[data-r="basket"]').first.inner_text()
    assert all(line["product"] in shown for line in state["baskets"][0]["lines"])
    first_s = run.takes(run.variants[0]).query("customer == @customer")["t_s"].min()
    replay(page, f"seek({first_s - 1})")
    assert replay(page)["baskets"][0]["lines"] == []


def test_two_variants_are_in_step_with_the_same_customers(page: Page) -> None:
    """Who has come in by an hour is the same in both, as customers come before any variant can matter."""
    for hour in (1, 5, 9):
        replay(page, f"seek({hour * 3600})")
        state = replay(page)
        assert len(state["variants"]) == len(state["inside"]) == 2
        came = [inside + paid for inside, paid in zip(state["inside"], state["paid"], strict=True)]
        assert abs(came[0] - came[1]) <= 3  # who left without buying counts in neither
    assert page.locator('[data-r="clock"]').count() == 1


# For everybody


def test_without_javascript_text_tables_and_charts_are_there(run: Run, open_page: Callable[..., Any]) -> None:
    page = open_page(run.page, scripts=False).page
    expect(page.locator(".headline")).to_be_visible()
    expect(page.locator("#products table").first).to_be_visible()
    expect(page.locator("#differences svg").first).to_be_visible()
    expect(page.locator(".p-plan").first).to_be_visible()
    expect(page.locator(".r-curve svg")).to_be_visible()
    expect(page.locator('[data-r="play"]')).to_be_hidden()
    expect(page.locator("[data-filter]").first).to_be_hidden()


def test_a_hostile_name_is_text(page: Page) -> None:
    """Nor does it open a dialog: that is a complaint, and there are none."""
    assert page.locator("#products td, #products th").filter(has_text=HOSTILE).count() > 0
    assert page.locator("script").count() == page.locator('script[type="application/json"], body > script').count()


@pytest.mark.parametrize(("width", "dark"), [(1400, False), (1400, True), (390, False), (390, True)])
def test_nothing_leaves_the_page_nothing_complains_and_nothing_overflows(
    run: Run, open_page: Callable[..., Any], width: int, dark: bool
) -> None:
    opened = open_page(run.page, width=width, dark=dark)
    opened.page.wait_for_selector("#replay-player[data-ready]")
    opened.page.locator('[data-r="busiest"]').click()
    assert opened.requests == []
    assert opened.complaints == []
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    PICTURES.mkdir(exist_ok=True)
    opened.page.screenshot(path=PICTURES / f"{width}{'_dark' if dark else ''}.png", full_page=True)


@pytest.mark.parametrize(("width", "dark"), [(1400, False), (390, True)])
def test_axe_finds_nothing_serious(run: Run, open_page: Callable[..., Any], width: int, dark: bool) -> None:
    """As it opens, and with another layer, differences, a fixture's numbers and a customer followed."""
    page = open_page(run.page, width=width, dark=dark).page
    page.wait_for_selector("#replay-player[data-ready]")
    assert serious(page) == []
    page.locator("input[name=p-layer]").nth(3).check()
    page.locator("input[name=p-change]").check()
    replay(page, "follow(3)")
    page.locator(".p-plan").first.focus()
    page.keyboard.press("ArrowRight")
    assert serious(page) == []


def serious(page: Page) -> list[str]:
    """Return what axe-core calls serious or critical."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in SERIOUS]


def test_the_hand_out_prints_on_one_page_of_its_own(run: Run, open_page: Callable[..., Any]) -> None:
    page = open_page(run.page).page
    page.emulate_media(media="print")
    box = page.locator("section#handout .handout, section#handout").first
    assert box.evaluate("element => getComputedStyle(element.closest('section')).breakBefore") == "page"
    a4_px = 297 / 25.4 * 96
    assert box.evaluate("element => element.closest('section').getBoundingClientRect().height") < a4_px
