"""Whatever stands in a scenario's files, reading them ends soon, with a scenario or with its mistakes."""

from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storesim.inputs.case import Scenario
from storesim.inputs.load import check_files, load_scenario
from storesim.inputs.mistakes import InputError

LONGEST_S = 5.0
FILES = {
    "layout.yaml": """\
layout: small
floor: {size: [12, 8]}
doors: [{id: main, at: [1, 0]}]
checkouts: [{id: till, kind: cashier, lanes: 1, box: [8, 1, 2, 1], queue: north, exit: south}]
fixtures:
  - {id: G1, kind: gondola, box: [2, 3, 1, 4], faces: [west, east], bay: 1, levels: 2}
  - {id: T1, kind: table, box: [4, 1, 1, 1]}
""",
    "planogram.csv": "product,fixture,face,bays,levels,metres\ncoffee,G1,west,1-2,,4\ntea,G1,east,3-4,1-2,\n",
    "products.csv": "id,department,price,unit_cost,penetration\ncoffee,dry,4,3,0.1\ntea,dry,3,2,20%\n",
    "segments.yaml": """\
segments:
  regulars: {share: 0.6, tier: member, missions: {fill-in: 0.7, stock-up: 0.3}, propensities: {tea: 1.2}}
  others: {share: 40%, route: perimeter, missions: {fill-in: 1}}
missions:
  fill-in: {hours: hours.csv, basket: [0.5, 0.5]}
  stock-up: {hours: hours.csv, weekdays: [1, 1, 1, 1, 1, 1, 1], basket: [1]}
""",
    "hours.csv": "hour,all\n" + "".join(f"{hour},0.1\n" for hour in range(24)),
    "scenario.yaml": """\
scenario: Which store?
currency: USD
hours: 08:00-20:00
calendar: {from: 2026-03-02, days: 7}
visits_per_day: 500
products: products.csv
segments: segments.yaml
same_within: 2%
baseline: plain
variants:
  plain: {layout: layout.yaml, planogram: planogram.csv}
  other:
    base: plain
    changes:
      - {move_product: coffee, beside: tea, metres: same}
      - {swap: [G1/west/1-2, G1/east/1-2]}
      - {add_display: tea, at: T1/south}
      - {move_fixture: T1, to: [8, 5]}
    promotions:
      - {product: tea, at: T1, price_cut: 20%, hours: 09:00-12:00, for: {tier: [member]}, funded: 0.1}
""",
}
AT_WORK = {
    "tills.yaml": """\
layout: tills
floor: {size: [14, 8]}
doors: [{id: main, at: [1, 0]}]
zones: [{id: dry, box: [0, 2, 7, 6]}]
checkouts:
  - {id: till, kind: cashier, lanes: 3, box: [8, 1, 2, 1], queue: north, exit: south}
  - {id: self, kind: self_service, lanes: 2, box: [11, 1, 2, 1], queue: north, exit: south}
  - {id: phone, kind: mobile, lanes: 1, box: [8, 6, 1, 1], queue: south, exit: east}
  - {id: pick, kind: collect, lanes: 1, box: [11, 6, 1, 1], queue: south, exit: east}
fixtures:
  - {id: G1, kind: gondola, box: [2, 3, 1, 4], faces: [west, east], bay: 1, levels: 2}
  - {id: T1, kind: table, box: [4, 1, 1, 1]}
""",
    "stock.csv": "product,per_metre,back_room,opening_shelf,opening_back\ncoffee,20,50,80%,\nTEA,,,1,5\n",
    "at_work.yaml": """\
scenario: Who serves?
currency: USD
hours: 08:00-20:00
calendar: {from: 2026-03-02, days: 7}
visits_per_day: 500
products: products.csv
segments: segments.yaml
same_within: 2%
events: sample
replications: 4
precision: {response: sales, half_width: 1%, at_most: 20}
assumptions: {parameters: [notice_rate], replications: 2}
sweep:
  design: grid
  replications: 2
  over: {visits_per_day: [150, 450], notice_rate: {from: 0.003, to: 0.012, levels: 2}}
panel:
  members: 500
  prospects: 30
  tiers: {member: {visits_per_week: 0.8, lapse: 2%}, regular: {visits_per_week: 1, lapse: 0.01}}
  satisfaction: {wait: 0.3, unmet: 0.4, crowding: 0.1, price: 0.2, wait_bad_s: 300}
  returning: {memory: 0.4, target: 0.9, visits: 30%, lapse: 4, referral: 0.2%}
operations:
  tills:
    choice: least_wait
    jockey: 2
    foresight: 20%
    open_when: {queue: 3, close_below: 1, delay_s: 60}
    payments: {card: {share: 70%}, cash: {share: 0.3, added_s: 12}}
    scan_and_pay: {share: 15%, pay_s: 15, scan_s: 2}
    click_and_collect: {share: 5%, hand_over_s: 60, pick_s: 20}
    banks:
      till: {express_lanes: 1, item_limit: 5, lanes: [{hours: 08:00-12:00, count: 2}], racks: [T1]}
      self: {attendants: 1, interventions: 8%, intervention_s: 40}
  stock:
    per_metre: 12
    back_room: 40
    opening_shelf: 90%
    products: stock.csv
    refill: {rounds: [14:00], below: 20%, per_unit_s: 2, per_shelf_s: 45, trolley_persons: 3}
    deliveries: [{at: 12:00, fill: 50%}]
    shrink: 0.5%
    on_empty: {substitute: 30%, postpone: 15%, search_s: 15}
  staff: {shifts: [{hours: 08:00-20:00, people: 7}], wage: 18}
  counters: {deli: {fixture: G1, people: 1, service_s: 75, service_cv: 0.5, conversion: 90%}}
  advice: [{zone: dry, people: 1, accepted: 30%, advice_s: 90, odds: 1.5}]
  comfort: {zones: {dry: {dwell: 1.1, wander: 0.9, signs: 50%}}, finding_s: 5}
  entry: {at_most: 40}
  groups: {share: 20%, size: 2, pace: 0.9, dwell: 1.2}
  trolleys: {from_items: 3, pace: 0.95, persons: 1}
  loyalty: {points: {member: 1%}}
baseline: plain
variants:
  plain: {layout: tills.yaml, planogram: planogram.csv}
  other:
    base: plain
    operations: {staff: null, entry: {at_most: 30}, tills: {banks: {till: {express_lanes: 2}}}}
""",
}
CRUMBS = (
    "",
    " ",
    "\n",
    "\t",
    ":",
    ": ",
    "- ",
    ",",
    "[",
    "]",
    "{",
    "}",
    "#",
    " #",
    "&a ",
    "*a",
    "!!python/object:x ",
    "'",
    '"',
    "%",
    "/",
    "..",
    "~",
    "null",
    "true",
    "-1",
    "0",
    "1e999",
    "9" * 40,
    ".nan",
    ".inf",
    "0x1F",
    "2026-02-30",
    "25:61",
    "\ufeff",
    "\x00",
    "\ud7ff",
    "plain",
    "other",
    "G1",
    "G1/west/0-9",
    "tea",
    "layout.yaml",
    "scenario.yaml",
    "<<: ",
    "? ",
    "|\n",
    "é",
    "١",
    "x" * 300,
)


@st.composite
def mutated(draw: st.DrawFn, text: str) -> str:
    """Return a text with some parts cut out, copied elsewhere, or replaced by crumbs."""
    for _ in range(draw(st.integers(1, 4))):
        first = draw(st.integers(0, len(text)))
        last = min(len(text), first + draw(st.integers(0, 30)))
        crumb = draw(st.sampled_from(CRUMBS) | st.just(text[first:last] * 2) | st.text(max_size=5))
        text = text[:first] + crumb + text[last:]
    return text


def swapped_values(text: str) -> st.SearchStrategy[str]:
    """Return the text with one of its words in place of another: right in form, wrong in meaning."""
    words = text.replace(",", " ").replace("{", " ").replace("}", " ").split()
    return st.tuples(st.sampled_from(words), st.sampled_from([*words, *CRUMBS])).map(
        lambda pair: text.replace(pair[0], pair[1], 1)
    )


def written(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "surrogatepass"))


@pytest.fixture(scope="module", autouse=True)
def folder() -> Iterator[None]:
    with TemporaryDirectory() as name, chdir(name):
        yield


def read(changed: dict[str, str], scenario: str = "scenario.yaml") -> Scenario | InputError:
    for name, text in (FILES | AT_WORK | changed).items():
        written(Path(name), text)
    started = perf_counter()
    try:
        return load_scenario(Path(scenario))
    except InputError as error:
        return error
    finally:
        assert perf_counter() - started < LONGEST_S


def test_the_files_are_sound_to_begin_with() -> None:
    assert isinstance(read({}), Scenario)
    assert isinstance(read({}, "at_work.yaml"), Scenario)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_a_mutated_scenario_ends_in_a_scenario_or_in_mistakes(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["scenario.yaml", "scenario.yaml", *FILES]))
    complains_well(read({name: data.draw(mutated(FILES[name]) | swapped_values(FILES[name]))}))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_a_mutated_store_at_work_ends_in_a_scenario_or_in_mistakes(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["at_work.yaml", "at_work.yaml", "at_work.yaml", *AT_WORK]))
    changed = {name: data.draw(mutated(AT_WORK[name]) | swapped_values(AT_WORK[name]))}
    complains_well(read(changed, "at_work.yaml"))


def complains_well(found: Scenario | InputError) -> None:
    if isinstance(found, InputError):
        assert found.mistakes
        assert not any("\n" in mistake.what for mistake in found.mistakes)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from(list(FILES)), st.binary(max_size=200), min_size=1))
def test_any_bytes_end_in_mistakes(contents: dict[str, bytes]) -> None:
    for name, text in FILES.items():
        written(Path(name), text)
    for name, content in contents.items():
        Path(name).write_bytes(content)
    check_files([Path(name) for name in FILES])
