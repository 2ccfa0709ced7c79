"""Tables of zones, fixtures, products and checkouts: all rows, a measure at a time, readable without a script."""

import re
from typing import Any

import pytest

from storesim.report.page.how import command_words, how_section
from storesim.report.page.numbers import Numbers
from storesim.report.page.section import Section
from storesim.report.page.tables import checkouts_section, fixtures_section, products_section, zones_section
from storesim.report.run_directory import RunDirectory

MAKERS = (zones_section, fixtures_section, products_section, checkouts_section)


@pytest.fixture
def numbers(hostile_run: RunDirectory) -> Numbers:
    return Numbers(hostile_run.scenario.locale, hostile_run.scenario.currency)


def made(section: Section | None) -> Section:
    assert section is not None
    return section


def rows(html: str) -> list[list[str]]:
    """Return the cells of the first table's rows."""
    table = html.split("<tbody>")[1].split("</tbody>")[0]
    return [[cell.strip() for cell in re.findall(r"<t[hd][^>]*>([^<]*)", line)] for line in table.split("<tr>")[1:]]


def test_every_row_and_variant_is_there(hostile_run: RunDirectory, numbers: Numbers) -> None:
    found = rows(str(made(products_section(hostile_run, numbers)).body))
    assert sorted(name for name, *_ in found) == [
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "=HYPERLINK(&#34;http://x.example&#34;;&#39;&amp;amp;&#39;)",
        "milk",
    ]
    assert {len(cells) for cells in found} == {2 + 3}


def test_numbers_are_those_of_the_table_in_the_locale(hostile_run: RunDirectory, numbers: Numbers) -> None:
    table = hostile_run.products
    (milk,) = [cells for name, *cells in rows(str(made(products_section(hostile_run, numbers)).body)) if name == "milk"]
    own = table[table["product"] == "milk"].set_index("variant")
    cheaper = own.loc["cheaper"]
    half = (cheaper["sales_high"] - cheaper["sales_low"]) / 2
    assert milk[:2] == ["dairy", numbers.plain(own.loc["plain", "sales"])]
    assert milk[2] == numbers.difference(cheaper["sales_difference"], half)
    assert "," in milk[1]


def test_best_sellers_come_first(hostile_run: RunDirectory, numbers: Numbers) -> None:
    table = hostile_run.products
    best = table[table["variant"] == "plain"].sort_values("sales", ascending=False)["product"].iloc[0]
    first = rows(str(made(products_section(hostile_run, numbers)).body))[0][0]
    assert {"tea": "=HYPERLINK", "milk": "milk"}.get(best, "&lt;script") in first


def test_a_row_that_the_baseline_has_not_shows_its_own_number(hostile_run: RunDirectory, numbers: Numbers) -> None:
    zones = hostile_run.zones.copy()
    turned = (zones["variant"] == "turned") & (zones["zone"] == "wine")
    zones.loc[turned, [column for column in zones if str(column).startswith("visits_")]] = float("nan")
    zones.loc[turned, ["zone", "visits"]] = ["loop", 40.0]
    run = RunDirectory(hostile_run.path, hostile_run.manifest)
    object.__setattr__(run, "zones", zones)
    html = str(made(zones_section(run, numbers)).body)
    by_name = {name: cells for name, *cells in rows(html)}
    assert by_name["loop"][1:] == ["–", "–", "40,0*"]
    assert "* not in plain" in html


@pytest.mark.parametrize("make", MAKERS)
def test_each_table_says_what_it_is_for_who_cannot_see_it(
    make: Any, hostile_run: RunDirectory, numbers: Numbers
) -> None:
    section = made(make(hostile_run, numbers))
    html = str(section.body)
    assert html.count("<caption") == html.count("<table") == html.count('type="radio"')
    assert html.count('role="region" aria-label=') == html.count("<table")
    assert len(re.findall(r'type="radio"[^>]* checked', html)) == 1
    assert all('scope="' in head for head in re.findall(r"<th\b[^>]*>", html))


@pytest.mark.parametrize("make", MAKERS)
def test_what_needs_the_script_is_hidden_without_it(make: Any, hostile_run: RunDirectory, numbers: Numbers) -> None:
    html = str(made(make(hostile_run, numbers)).body)
    tools = html[html.index('class="js-only') : html.index('class="t-pane"')]
    for control in ('<input type="search"', "<select", "<output"):
        assert html.count(control) == tools.count(control)
    assert "<button" not in html


def test_the_script_knows_the_decimal_mark(hostile_run: RunDirectory, numbers: Numbers) -> None:
    assert 'data-decimal=","' in str(made(zones_section(hostile_run, numbers)).body)


def test_how_it_was_run(hostile_run: RunDirectory, numbers: Numbers) -> None:
    html = str(how_section(hostile_run, numbers).body)
    for digest in hostile_run.manifest["inputs"].values():
        assert digest in html
    assert "storesim 0." in html
    assert "5, 3 per variant" in html
    assert "35 assumed" in html


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["/home/me/bin/storesim", "run", "my shop.yaml"], "storesim run 'my shop.yaml'"),
        (["/lib/storesim/__main__.py", "demo"], "storesim demo"),
        (
            ["storesim", "run", "/home/anna/shop/a b.yaml", "--out", r"C:\Users\anna\out"],
            "storesim run 'a b.yaml' --out out",
        ),
        ([], ""),
        (None, ""),
    ],
)
def test_the_command_to_repeat_it(command: object, words: str) -> None:
    assert command_words(command) == words
