"""A small store in files, for tests to change and read."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from storesim.inputs.case import Case, Scenario
from storesim.inputs.load import load_scenario
from storesim.inputs.mistakes import InputError

FILES = {
    "layout.yaml": """\
layout: small
floor: {size: [12, 8]}
doors: [{id: main, at: [1, 0]}]
checkouts: [{id: till, kind: cashier, lanes: 1, box: [8, 1, 2, 1], queue: north, exit: south}]
fixtures:
  - {id: G1, kind: gondola, box: [2, 3, 1, 4], faces: [west, east], bay: 1, levels: 2}
  - {id: G2, kind: gondola, box: [6, 3, 1, 4], faces: [west, east], bay: 1, levels: 2}
  - {id: wide, kind: wall, box: [10, 3, 1, 4], faces: [west], bay: 2, levels: 2}
  - {id: T1, kind: table, box: [4, 1, 1, 1]}
""",
    "planogram.csv": """\
product,fixture,face,bays,levels,metres,facings,share
coffee,G1,west,1-2,,4,,
tea,G1,west,3-4,,4,,
biscuits,G2,west,2,,2,,
milk,G2,west,1,,2,,
sugar,G2,west,3-4,,,,
""",
    "products.csv": """\
id,category,department,price,unit_cost,penetration: fill-in,penetration: stock-up
coffee,hot drinks,grocery,4,3,0.1,0.3
tea,hot drinks,grocery,3,2,0.1,0.2
biscuits,biscuits,grocery,2,1,0.2,0.3
milk,dairy,fresh,1,0.8,0.4,0.6
sugar,baking,grocery,1,0.5,0.1,0.2
""",
    "segments.yaml": """\
segments:
  regulars: {share: 0.6, tier: member, missions: {fill-in: 0.7, stock-up: 0.3}, propensities: {milk: 1.2}}
  others: {share: 40%, route: perimeter, missions: {fill-in: 1}}
missions:
  fill-in: {hours: hours.csv, weekdays: weekdays.csv, basket: [0.5, 0.5]}
  stock-up: {hours: hours.csv, weekdays: weekdays.csv, basket: basket.csv}
""",
    "hours.csv": "hour,all\n" + "".join(f"{hour},{0.1 * (8 <= hour < 20):.1f}\n" for hour in range(24)),
    "weekdays.csv": "weekday,fill-in,stock-up\n" + "".join(f"{day},{0.1},{day + 1}\n" for day in range(7)),
    "basket.csv": "categories,stock-up\n1,0.25\n2,0.75\n",
    "scenario.yaml": """\
scenario: Which store?
currency: USD
hours: 08:00-20:00
calendar: {from: 2026-03-02, days: 7}
visits_per_day: 500
products: products.csv
segments: segments.yaml
replications: 10
seed: 7
same_within: 2%
baseline: plain
variants:
  plain:
    layout: layout.yaml
    planogram: planogram.csv
  other:
    base: plain
""",
}


class SmallStore:
    """Files of a store without a mistake, in the working folder."""

    def __init__(self) -> None:
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        Path(name).write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        text = Path(name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new, 1))

    def add_to_other(self, lines: str) -> None:
        """Give the variant 'other' changes or promotions."""
        text = Path("scenario.yaml").read_text(encoding="utf-8")
        self.write("scenario.yaml", f"{text}    {lines}\n")

    def load(self) -> Scenario:
        return load_scenario(Path("scenario.yaml"))

    def other(self) -> Case:
        return self.load().cases[1]

    def mistakes(self) -> Sequence[str]:
        try:
            self.load()
        except InputError as error:
            return [str(mistake) for mistake in error.mistakes]
        return []


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallStore:
    """Return a small store in a folder of its own, which is the working folder."""
    monkeypatch.chdir(tmp_path)
    return SmallStore()
