"""Runs of a tiny store, played for the page: one with names that would break out of any HTML, one as people write."""

from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest

import storesim
from storesim.report.run_directory import RunDirectory

SCRIPT = "<script>alert(1)</script>"
CLOSING = "</script><b onclick=evil()>"
FORMULA = "=HYPERLINK(\"http://x.example\";'&amp;')"
LAYOUT = """\
layout: "{closing}"
floor: {{size: [12, 8]}}
doors: [{{id: main, at: [1, 0]}}]
zones:
  - {{id: wine, name: 'say "cheese" & <i>''wine''</i>', box: [0, 2, 5, 6]}}
  - {{id: '=1+2', name: '{formula}', box: [5, 2, 7, 6]}}
checkouts: [{{id: till, kind: cashier, lanes: 1, box: [8, 1, 2, 1], queue: north, exit: south}}]
fixtures:
  - {{id: G1, kind: gondola, box: [2, 3, 1, 4], faces: [west, east], bay: 1, levels: 2}}
  - {{id: "G2' onload='x", kind: gondola, box: [6, 3, 1, 4], faces: [west, east], bay: 1, levels: 2}}
"""
PLANOGRAM = """\
product,fixture,face,bays
{script},G1,west,1-2
tea,G1,west,3-4
milk,G2' onload='x,west,1-2
"""
PRODUCTS = """\
id,name,category,department,price,unit_cost,penetration
{script},{script},{closing},grocery,4,3,0.3
tea,"{formula}",hot drinks,grocery,3,2,0.4
milk,milk,dairy,fresh,1,0.8,0.6
"""
SEGMENTS = """\
segments:
  all: {share: 1, tier: member, route: shortest_tour, knowledge: 1, missions: {errand: 1}}
missions:
  errand: {hours: [0,0,0,0,0,0,0,0,1,1,1,1,1,1,1,1,1,1,1,1,0,0,0,0], weekdays: [1,1,1,1,1,1,1], basket: [0.6, 0.3, 0.1]}
"""
SCENARIO = """\
scenario: 'Does {script} pay?'
currency: EUR
locale: de-DE
hours: 08:00-20:00
calendar: {{from: 2026-03-02, days: 1}}
visits_per_day: 60
products: products.csv
segments: segments.yaml
replications: 3
seed: 5
variants:
  plain: {{layout: layout.yaml, planogram: planogram.csv}}
  cheaper:
    base: plain
    promotions: [{{product: '{script}', price_cut: 20%}}]
  turned: {{base: plain, changes: [{{swap: [G1/west/1, G1/west/3]}}]}}
"""

OPERATIONS = """\
operations:
  staff: {shifts: [{hours: 08:00-20:00, people: 2}], wage: 10}
  stock: {per_metre: 2, back_room: 5, refill: {rounds: [12:00]}}
"""


def write_store(folder: Path, script: str, closing: str, formula: str) -> Path:
    """Write a tiny store whose names are given, and return its scenario."""
    quoted = {"script": script, "closing": closing}
    files = {
        "layout.yaml": LAYOUT.format(closing=closing, formula=formula.replace("'", "''")),
        "planogram.csv": PLANOGRAM.format(**quoted),
        "products.csv": PRODUCTS.format(**quoted, formula=formula.replace('"', '""')),
        "segments.yaml": SEGMENTS,
        "scenario.yaml": SCENARIO.format(**quoted),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "scenario.yaml"


@pytest.fixture(scope="session")
def hostile_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose product, category, layout, zones and fixture are named to break out of a page."""
    folder = tmp_path_factory.mktemp("hostile")
    storesim.load(write_store(folder, SCRIPT, CLOSING, FORMULA)).run(out=folder / "run")
    return folder / "run"


@pytest.fixture(scope="session")
def staffed_run(tmp_path_factory: pytest.TempPathFactory) -> RunDirectory:
    """A run of the same store with staff at the till and at the shelves."""
    folder = tmp_path_factory.mktemp("staffed")
    scenario = write_store(folder, SCRIPT, CLOSING, FORMULA)
    scenario.write_text(scenario.read_text(encoding="utf-8") + OPERATIONS, encoding="utf-8")
    storesim.load(scenario).run(out=folder / "run")
    return RunDirectory.open(folder / "run")


@pytest.fixture(scope="session")
def hostile_run(hostile_path: Path) -> RunDirectory:
    return RunDirectory.open(hostile_path)


@dataclass
class Element:
    """One tag of a page with its attributes."""

    tag: str
    attributes: dict[str, str | None]


class Page(HTMLParser):
    """A page taken apart as a browser does: its elements, and its text without scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.texts: list[str] = []
        self._raw = False
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs)))
        self._raw = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._raw = self._raw and tag not in ("script", "style")

    def handle_data(self, data: str) -> None:
        self.texts += [] if self._raw else [data]


@pytest.fixture(scope="session")
def take_apart() -> type[Page]:
    """Parse a page."""
    return Page
