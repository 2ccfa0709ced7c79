"""How stores are run, as written: laid over along a variant's bases, found in its layout, told where it is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from storesim.inputs.case import Scenario
from storesim.inputs.load import check_files, load_scenario
from storesim.inputs.mistakes import InputError
from storesim.inputs.operations import PLAIN, BankRun, Opening, Staff

ROOT = Path(__file__).parents[3]
HEAD = f"""\
scenario: At work
currency: USD
hours: 08:00-20:00
calendar: {{from: 2026-03-02, days: 2}}
visits_per_day: 300
products: {ROOT}/data/small/products.csv
segments: {ROOT}/data/small/segments.yaml
"""
SHOP = f"{{layout: {ROOT}/layouts/small_shop.yaml, planogram: {ROOT}/data/small/planogram_small_shop.csv}}"
Loads = Callable[[str], Scenario]


@pytest.fixture
def loads(tmp_path: Path) -> Loads:
    """Load a scenario of the small shop from what is written after its head."""

    def load(text: str) -> Scenario:
        (tmp_path / "s.yaml").write_text(HEAD + text, encoding="utf-8")
        return load_scenario(tmp_path / "s.yaml")

    return load


@pytest.fixture
def complains(loads: Loads) -> Callable[[str], list[str]]:
    """Return the mistakes in what is written, as line:column: sentence."""

    def complain(text: str) -> list[str]:
        with pytest.raises(InputError) as refused:
            loads(text)
        lines = HEAD.count("\n")
        return [f"{found.line - lines}:{found.col}: {found.what}" for found in refused.value.mistakes]

    return complain


def till(scenario: Scenario) -> str:
    return next(one.id for one in scenario.cases[0].plan.checkouts if one.kind == "cashier")


def test_nothing_written_is_a_plain_store(loads: Loads) -> None:
    assert loads(f"variants: {{a: {SHOP}}}\n").cases[0].operations is PLAIN


def test_a_variant_is_laid_over_its_base_and_that_over_the_scenario_key_by_key(loads: Loads) -> None:
    scenario = loads(
        "operations: {tills: {jockey: 2, foresight: 20%}, staff: {shifts: [{hours: 08:00-20:00, people: 3}], wage: 18}}"
        "\n"
        f"variants:\n  a: {SHOP}\n"
        "  b: {base: a, operations: {tills: {jockey: 3}, stock: {back_room: 50}}}\n"
        "  c: {base: b, operations: {staff: {shifts: [{hours: 08:00-12:00, people: 1}]}, stock: null}}\n"
        "  d: {base: c, operations: null}\n"
    )
    a, b, c, d = (case.operations for case in scenario.cases)
    assert (a.tills.jockey, a.tills.foresight, a.stock) == (2, 0.2, None)
    assert (b.tills.jockey, b.tills.foresight, b.staff) == (3, 0.2, a.staff)
    assert b.stock
    assert b.stock.held["coffee"].opening_back == 50
    assert c.staff == Staff((Opening(8 * 3600.0, 12 * 3600.0, 1),), 18.0), "lists replace, what is beside them stays"
    assert (c.tills.jockey, c.stock) == (3, None)
    assert d == PLAIN
    assert scenario.cases[1].changes == ("tills jockey: 3", "stock back_room: 50")


def test_names_are_found_whatever_their_case_and_merge_under_one(loads: Loads) -> None:
    name = till(loads(f"variants: {{a: {SHOP}}}\n"))
    scenario = loads(
        f"operations: {{tills: {{banks: {{{name}: {{item_limit: 7}}}}}}}}\n"
        f"variants:\n  a: {SHOP}\n"
        f"  b: {{base: a, operations: {{tills: {{banks: {{{name.upper()}: {{express_lanes: 1}}}}}}}}}}\n"
    )
    assert scenario.cases[1].operations.tills.banks == {name: BankRun(express_lanes=1, item_limit=7)}


WRONG = [
    ("{tills: {banks: {tilt: {}}}}", "checkout 'tilt' is not in the layout"),
    ("{tills: {payments: {card: {share: 0}}}}", "the shares of the payments add up to 0; change them to add up to 1"),
    ("{tills: {scan_and_pay: {share: 10%}}}", "the layout has no checkout of kind 'mobile'"),
    ("{tills: {click_and_collect: {share: 10%}}}", "the layout has no checkout of kind 'collect'"),
    ("{tills: {open_when: {queue: 2, close_below: 3}}}", "lanes would open and close at once"),
    ("{tills: {foresight: 120%}}", "a share of 120 % cannot be; write 0 to 100 %"),
    ("{stock: {refill: {rounds: [25:00]}}}", "time '25:00' cannot be read; write it like 10:30"),
    ("{stock: {on_empty: {substitute: 90%, postpone: 20%}}}", "more than all customers would substitute or postpone"),
    ("{stock: {products: none.csv}}", "none.csv"),
    ("{staff: {shifts: []}}", "shifts"),
    ("{counters: {deli: {fixture: nowhere, service_s: 60}}}", "fixture 'nowhere' is not in the layout"),
    ("{advice: [{zone: moon, accepted: 10%, odds: 2}]}", "zone 'moon' is not in the layout"),
    ("{comfort: {zones: {moon: {dwell: 2}}}}", "zone 'moon' is not in the layout"),
    ("{loyalty: {points: {royal: 1%}}}", "tier 'royal' is not in"),
    ("{groups: {share: 10%, size: 1}}", "size"),
    ("{entry: {at_most: 0}}", "at_most"),
    ("{lights: on}", "unknown key 'lights'"),
    ("hello", "operations"),
]


@pytest.mark.parametrize(("written", "said"), WRONG)
def test_each_mistake_is_one_sentence_at_its_place(
    complains: Callable[[str], list[str]], written: str, said: str
) -> None:
    found = complains(f"operations: {written}\nvariants: {{a: {SHOP}}}\n")
    assert any(said in what for what in found), found
    assert all(what.startswith("1:") or "none.csv" in what for what in found), "on the line where it is written"


def test_a_mistake_of_a_variant_is_told_where_the_variant_writes_it(complains: Callable[[str], list[str]]) -> None:
    found = complains(
        "operations: {tills: {jockey: 2}}\n"
        f"variants:\n  a: {SHOP}\n  b: {{base: a, operations: {{tills: {{jockey: -1}}, groups: {{share: 3}}}}}}\n"
    )
    assert [what.partition(":")[0] for what in found] == ["4", "4"]


def test_lanes_and_attendants_must_fit_the_checkout(loads: Loads, complains: Callable[[str], list[str]]) -> None:
    name = till(loads(f"variants: {{a: {SHOP}}}\n"))
    bank = "{express_lanes: 99, attendants: 1, interventions: 5%, lanes: [{hours: 08:00-09:00, count: 98}]}"
    found = complains(f"operations: {{tills: {{banks: {{{name}: {bank}}}}}}}\nvariants: {{a: {SHOP}}}\n")
    told = " ".join(found)
    assert "not 99 for express" in told
    assert "not 98; write at most as many" in told
    assert "is no self-service; drop 'attendants'" in told
    assert "is no self-service; drop 'interventions'" in told


def test_a_stock_file_says_what_differs_and_each_mistake_has_its_cell(
    loads: Loads, complains: Callable[[str], list[str]], tmp_path: Path
) -> None:
    file, text = (
        tmp_path / "stock.csv",
        f"operations: {{stock: {{back_room: 10, products: stock.csv}}}}\nvariants: {{a: {SHOP}}}\n",
    )
    file.write_text("product,per_metre,back_room\nCoffee,33,70\n", encoding="utf-8")
    stock = loads(text).cases[0].operations.stock
    assert stock
    assert (stock.held["coffee"].per_metre, stock.held["coffee"].back_room, stock.held["coffee"].opening_back) == (
        33,
        70,
        70,
    )
    assert check_files([file]) == ()
    file.write_text(
        "product,per_metre,back_room,opening_back\nCoffe,0,1.5,\ncoffee,1,2,3\ncoffee,1,2,\n", encoding="utf-8"
    )
    told = " ".join(complains(text))
    for said in ("did you mean 'coffee'?", "do not fit into a back room of 2", "stands already in line 3"):
        assert said in told


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{members: 10, tiers: {}}", "tiers"),
        ("{members: 10, tiers: {moon: {visits_per_week: 1, lapse: 0}}}", "tier 'moon' is not in"),
        ("{members: 0, tiers: {regular: {visits_per_week: 9, lapse: 0}}}", "members"),
        ("{members: .nan, tiers: {regular: {visits_per_week: 1, lapse: 0}}}", "members"),
        ("{tiers: {regular: {visits_per_week: 1, lapse: 2}}}", "a share of 200 % cannot be"),
        ("[1]", "panel"),
    ],
)
def test_mistakes_in_a_panel_are_told(complains: Callable[[str], list[str]], written: str, said: str) -> None:
    found = complains(f"panel: {written}\nvariants: {{a: {SHOP}}}\n")
    assert any(said in what for what in found), found


IDLE = [
    ("{tills: {banks: {TILL: {item_limit: 7}}}}", "has an item limit and no express lanes"),
    ("{tills: {banks: {TILL: {lanes: [{hours: 05:00-07:00, count: 1}]}}}}", "open only while the store is closed"),
    ("{staff: {shifts: [{hours: 20:00-23:00, people: 2}]}}", "all shifts are while the store is closed"),
    ("{stock: {back_room: 5, refill: {rounds: [21:00]}}}", "a refill round is after closing time"),
    ("{stock: {back_room: 5, deliveries: [{at: 22:00}]}}", "a delivery is after closing time"),
]


@pytest.mark.parametrize(("written", "said"), IDLE)
def test_what_can_never_be_felt_is_warned_of_once(loads: Loads, written: str, said: str) -> None:
    own = written.replace("TILL", till(loads(f"variants: {{a: {SHOP}}}\n")))
    scenario = loads(f"operations: {own}\nvariants: {{a: {SHOP}, b: {{base: a}}}}\n")
    assert [said in warning for warning in scenario.warnings].count(True) == 1, scenario.warnings


def test_what_is_felt_is_not_warned_of(loads: Loads) -> None:
    sound = "{staff: {shifts: [{hours: 07:00-09:00, people: 2}]}, stock: {back_room: 5, refill: {rounds: [06:00]}}}"
    warnings = loads(f"operations: {sound}\nvariants: {{a: {SHOP}}}\n").warnings
    assert not any("closed" in warning or "closing" in warning for warning in warnings), warnings
