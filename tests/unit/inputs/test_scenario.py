"""Scenarios: the question and its variants; every mistake has its place and its remedy."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

OTHER = "  other:\n    base: plain"


def test_a_scenario_comes_as_written(store: Any) -> None:
    scenario = store.load()
    assert (scenario.name, scenario.currency) == ("Which store?", "USD")
    assert (scenario.opens_s, scenario.closes_s) == (8 * 3600, 20 * 3600)
    assert (scenario.first_day, scenario.days, scenario.visits_per_day) == (date(2026, 3, 2), 7, 500)
    assert (scenario.replications, scenario.seed, scenario.same_within) == (10, 7, 0.02)
    assert (scenario.baseline, [case.name for case in scenario.cases]) == ("plain", ["plain", "other"])
    assert scenario.warnings == ()


def test_the_baseline_comes_first(store: Any) -> None:
    store.change("scenario.yaml", "baseline: plain", "baseline: Other")
    assert [case.name for case in store.load().cases] == ["other", "plain"]


def test_without_a_baseline_the_first_variant_is_it(store: Any) -> None:
    store.change("scenario.yaml", "baseline: plain\n", "")
    assert store.load().baseline == "plain"


def test_parameters_override_defaults(store: Any) -> None:
    store.change("scenario.yaml", "seed: 7", "parameters: {unplanned_share: 0.5}")
    scenario = store.load()
    assert scenario.parameters.unplanned_share == 0.5
    assert scenario.products[0].impulse_share == 0.5
    assert scenario.seed == 1


def test_a_store_may_close_at_midnight(store: Any) -> None:
    store.change("scenario.yaml", "08:00-20:00", "8:00 - 24:00")
    assert store.load().closes_s == 86_400


def test_numbers_are_american_unless_a_locale_is_written(store: Any) -> None:
    assert store.load().locale == "en-US"
    store.change("scenario.yaml", "USD", "USD\nlocale: de_de")
    assert store.load().locale == "de-DE"


def test_a_week_has_seven_days_unless_written(store: Any) -> None:
    assert store.load().opening_days == 7
    store.change("scenario.yaml", "seed: 7", "opening_days: 6")
    assert store.load().opening_days == 6


def test_events_of_all_days_are_kept_unless_written(store: Any) -> None:
    assert [store.load().keeps_events(day) for day in (0, 1, 11)] == [True, True, True]
    store.change("scenario.yaml", "seed: 7", "events: sample")
    assert [day for day in range(40) if store.load().keeps_events(day)] == [0, 11, 22, 33]
    store.change("scenario.yaml", "events: sample", "events: none")
    assert not store.load().keeps_events(0)


def test_events_are_all_a_sample_or_none(store: Any) -> None:
    store.change("scenario.yaml", "seed: 7", "events: some")
    [mistake] = store.mistakes()
    assert "'events' is 'some'; write 'all', 'sample' or 'none'" in str(mistake)


def test_a_variant_costs_what_its_base_does_unless_it_says_so(store: Any) -> None:
    store.add_to_other("relay_cost: 12000")
    store.write("scenario.yaml", Path("scenario.yaml").read_text() + "  third: {base: other}\n")
    store.write("scenario.yaml", Path("scenario.yaml").read_text() + "  fourth: {base: other, relay_cost: 0}\n")
    assert [case.relay_cost for case in store.load().cases] == [0.0, 12000.0, 12000.0, 0.0]
    assert store.load().warnings == ()


def test_the_baseline_stands_already(store: Any) -> None:
    store.add_to_other("relay_cost: 5")
    store.change("scenario.yaml", "baseline: plain", "baseline: other")
    why = "it is the baseline, which stands already; write it where something is relaid"
    assert store.load().warnings == (f"scenario.yaml: the relay_cost of 'other' is not used: {why}",)


MISTAKES = {
    "opening days": (
        ("seed: 7", "opening_days: 8"),
        "scenario.yaml:9:15: 'opening_days' is 8; write a number of at most 7",
    ),
    "relay cost": (
        ("base: plain", "base: plain\n    relay_cost: -1"),
        "scenario.yaml:18:17: 'relay_cost' is -1; write a number of at least 0",
    ),
    "currency": (
        ("USD", "DOLLAR"),
        "scenario.yaml:2:11: the currency is 'DOLLAR'; write a code of 3 letters, such as USD",
    ),
    "locale": (
        ("USD", "USD\nlocale: germany"),
        "scenario.yaml:3:9: there is no locale 'germany'; write a language and a country, such as de-DE",
    ),
    "locale that browsers do not know": (
        ("USD", "USD\nlocale: root"),
        "scenario.yaml:3:9: there is no locale 'root'; write a language and a country, such as de-DE",
    ),
    "locale of no country": (
        ("USD", "USD\nlocale: ja-DE"),
        "scenario.yaml:3:9: there is no locale 'ja-DE'; did you mean 'ja-JP'?",
    ),
    "past midnight": (
        ("08:00-20:00", "20:00-02:00"),
        "scenario.yaml:3:8: hours '20:00-02:00' end before they begin; a store day ends at 24:00 at the latest",
    ),
    "after midnight": (
        ("08:00-20:00", "08:00-24:30"),
        "scenario.yaml:3:8: hours '08:00-24:30' end after midnight; end them at 24:00 or earlier",
    ),
    "hours": (("08:00-20:00", "8-20"), "scenario.yaml:3:8: hours '8-20' cannot be read; write them like 08:00-22:00"),
    "hours a list": (
        ("08:00-20:00", "[8, 20]"),
        "scenario.yaml:3:8: hours of this form cannot be read; write them like 08:00-22:00",
    ),
    "no such day": (
        ("2026-03-02", "2026-02-30"),
        "scenario.yaml:4:18: there is no day 2026-02-30; write a date such as 2026-03-02",
    ),
    "far day": (
        ("2026-03-02", "9999-12-31"),
        "scenario.yaml:4:18: the year of 9999-12-31 is far off; write one from 1900 to 2200",
    ),
    "no date": (("2026-03-02", "today"), "scenario.yaml:4:18: date 'today' cannot be read; write it like 2026-03-02"),
    "no days": (("days: 7", "days: 0"), "scenario.yaml:4:36: 'days' is 0; write a number of at least 1"),
    "days a truth": (("days: 7", "days: true"), "scenario.yaml:4:36: true is not a number; write a number"),
    "visits below 0": (("500", "-5"), "scenario.yaml:5:17: 'visits_per_day' is -5; write a number above 0"),
    "visits in words": (("500", "many"), "scenario.yaml:5:17: 'visits_per_day' is 'many'; write a number"),
    "no products": (
        ("products: products.csv", "products: prod.csv"),
        "scenario.yaml:6:11: file 'prod.csv' does not exist; check the name and the folder",
    ),
    "products a folder": (
        ("products: products.csv", "products: .."),
        "scenario.yaml:6:11: file '..' is a folder; name a file in it",
    ),
    "products a device": (
        ("products: products.csv", "products: /dev/zero"),
        "scenario.yaml:6:11: file '/dev/zero' is not a plain file; copy its content into one",
    ),
    "products empty": (
        ("products: products.csv", "products: ''"),
        "scenario.yaml:6:11: 'products' is empty; write some text",
    ),
    "no conversion": (
        ("seed: 7", "conversion: conv.csv"),
        "scenario.yaml:9:13: file 'conv.csv' does not exist; check the name and the folder",
    ),
    "one replication": (
        ("replications: 10", "replications: 1"),
        "scenario.yaml:8:15: 'replications' is 1; write a number of at least 2",
    ),
    "many replications": (
        ("replications: 10", "replications: 10001"),
        "scenario.yaml:8:15: 'replications' is 10001; write a number of at most 10000",
    ),
    "half replications": (
        ("replications: 10", "replications: 2.5"),
        "scenario.yaml:8:15: 'replications' is 2.5; write a whole number",
    ),
    "seed below 0": (("seed: 7", "seed: -1"), "scenario.yaml:9:7: 'seed' is -1; write a number of at least 0"),
    "margin of all": (("2%", "100%"), "scenario.yaml:10:14: 'same_within' is '100%'; write a number below 1"),
    "margin in words": (("2%", "a bit"), "scenario.yaml:10:14: 'a bit' is not a share; write 20% or 0.2"),
    "unknown baseline": (
        ("baseline: plain", "baseline: plan"),
        "scenario.yaml:11:11: variant 'plan' is not in 'variants'; did you mean 'plain'?",
    ),
    "unknown key": (("seed: 7", "sed: 7"), "scenario.yaml:9:1: unknown key 'sed'; did you mean 'seed'?"),
    "missing key": (("segments: segments.yaml\n", ""), "scenario.yaml:1:1: key 'segments' is missing; add it"),
    "unknown parameter": (
        ("seed: 7", "parameters: {p_fund: 0.9}"),
        "scenario.yaml:9:14: unknown key 'p_fund'; did you mean 'p_found'?",
    ),
    "parameter too large": (
        ("seed: 7", "parameters: {p_found: 2}"),
        "scenario.yaml:9:23: 'p_found' is 2; write a number of at most 1",
    ),
    "syntax": (
        ("Which store?", "Which: store?"),
        "scenario.yaml:1:16: a ': ' where none can be; quote a text that holds it, or check the indentation",
    ),
    "nothing to start from": (
        (OTHER, "  other: {}"),
        "scenario.yaml:16:3: variant 'other' has no layout and no planogram; write them, or a base",
    ),
    "no planogram": (
        (OTHER, "  other: {layout: layout.yaml}"),
        "scenario.yaml:16:3: variant 'other' has no planogram; write it",
    ),
    "no layout": (
        (OTHER, "  other: {planogram: planogram.csv}"),
        "scenario.yaml:16:3: variant 'other' has no layout; write it",
    ),
    "a layout of nothing": (
        (OTHER, "  other: {layout: null, planogram: planogram.csv}"),
        "scenario.yaml:16:3: variant 'other' has no layout; write it",
    ),
    "a base of nothing": (
        (OTHER, "  other: {base: ~}"),
        "scenario.yaml:16:3: variant 'other' has no layout and no planogram; write them, or a base",
    ),
    "layout not there": (
        (OTHER, "  other: {base: plain, layout: lay.yaml}"),
        "scenario.yaml:16:32: file 'lay.yaml' does not exist; check the name and the folder",
    ),
    "layout a number": (
        (OTHER, "  other: {base: plain, layout: 5}"),
        "scenario.yaml:16:32: 'layout' is 5; write text, in quotes if it looks like a number",
    ),
    "unknown base": (
        (OTHER, "  other: {base: plan}"),
        "scenario.yaml:16:17: variant 'plan' is not in 'variants'; did you mean 'plain'?",
    ),
    "its own base": (
        (OTHER, "  other: {base: other}"),
        "scenario.yaml:16:17: bases go round in a circle: 'other' -> 'other'; give one of them a layout instead",
    ),
    "same name": (
        ("  other:", "  Plain:"),
        "scenario.yaml:16:3: 'Plain' and 'plain' are the same name; case does not count",
    ),
    "path-like": (
        ("  other:", "  a/b:"),
        "scenario.yaml:16:3: variant 'a/b' cannot be the name of a folder: it holds '/';"
        " use letters, digits, space, '-', '_' and '.'",
    ),
    "dots": (
        ("  other:", "  ..:"),
        "scenario.yaml:16:3: variant '..' cannot be the name of a folder; begin and end it with a letter or digit",
    ),
    "reserved": (
        ("  other:", "  con:"),
        "scenario.yaml:16:3: variant 'con' cannot be the name of a folder on every system; choose another",
    ),
    "too long for a folder": (
        ("  other:", f"  {'ä' * 76}:"),
        f"scenario.yaml:16:3: variant '{'ä' * 60}…' cannot be the name of a folder: it is too long;"
        " write at most 150 bytes",
    ),
}


@pytest.mark.parametrize(("change", "told"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_with_its_place_and_remedy(store: Any, change: tuple[str, str], told: str) -> None:
    store.change("scenario.yaml", *change)
    assert store.mistakes() == [told]


def test_a_circle_of_bases_is_told_at_each(store: Any) -> None:
    store.change("scenario.yaml", OTHER, "  other: {base: third}\n  third: {base: other}")
    why = "give one of them a layout instead"
    assert store.mistakes() == [
        f"scenario.yaml:16:17: bases go round in a circle: 'other' -> 'third' -> 'other'; {why}",
        f"scenario.yaml:17:17: bases go round in a circle: 'third' -> 'other' -> 'third'; {why}",
    ]


def test_a_mission_needs_an_hour_at_which_the_store_is_open(store: Any) -> None:
    store.change("scenario.yaml", "08:00-20:00", "20:00-24:00")
    assert store.mistakes() == [
        f"scenario.yaml:3:8: nobody comes for mission '{name}' at 20:00-24:00; change these hours or its own"
        for name in ("fill-in", "stock-up")
    ]


def test_there_are_100_variants_at_most(store: Any) -> None:
    more = "".join(f"  v{number}: {{base: plain}}\n" for number in range(98))
    store.change("scenario.yaml", "  other:", f"{more}  other:")
    assert len(store.load().cases) == 100
    store.change("scenario.yaml", "  v0:", "  one more: {base: plain}\n  v0:")
    assert store.mistakes() == ["scenario.yaml:13:3: 'variants' has 101 values; write at most 100"]


def test_a_heir_keeps_what_it_does_not_write(store: Any) -> None:
    store.add_to_other("promotions: [{product: tea, price_cut: 10%}]")
    store.add_to_other("changes: [{add_display: tea, at: T1}]")
    store.change(
        "scenario.yaml", "  other:", "  heir: {base: Other, promotions: [{product: milk, at: wide}]}\n  other:"
    )
    heir = store.load().cases[1]
    assert heir.name == "heir"
    assert [promotion.product for promotion in heir.promotions] == ["tea", "milk"]
    assert sum(placement.display for placement in heir.placements) == 4
    assert heir.changes == ("milk on display at wide",)


def test_a_heir_may_have_another_layout(store: Any) -> None:
    store.write("flipped.yaml", "layout: flipped\nextends: layout.yaml\nmirror: x\n")
    store.add_to_other("layout: flipped.yaml")
    plain, other = store.load().cases
    assert other.plan.name == "flipped"
    assert other.placements == plain.placements
    assert other.changes == ("layout flipped.yaml",)


def test_an_inherited_change_that_does_not_fit_names_the_heir(store: Any) -> None:
    store.change("layout.yaml", "box: [4, 1, 1, 1]", "box: [4, 1, 1, 1], bay: 1")
    store.write("flipped.yaml", "layout: flipped\nextends: layout.yaml\nremove: [T1]\n")
    store.add_to_other("changes: [{add_display: tea, at: T1}]")
    store.change("scenario.yaml", "  other:", "  heir: {base: other, layout: flipped.yaml}\n  other:")
    assert store.mistakes() == [
        "scenario.yaml:19:38: in variant 'heir', fixture 'T1' is not in layout 'flipped';"
        " choose from 'G1', 'G2', 'wide'"
    ]


def test_floors_that_differ_in_shelf_by_over_5_percent_are_a_warning(store: Any) -> None:
    store.write("less.yaml", "layout: less\nextends: layout.yaml\nremove: [T1]\n")
    store.add_to_other("layout: less.yaml")
    assert store.load().warnings == (
        "scenario.yaml: variant 'other' has 40 m of shelf, 9.1 % less than 'plain' (44 m):"
        " space is part of any difference",
    )


def test_mistakes_of_all_files_are_told_at_once(store: Any) -> None:
    for file, old, new in [
        ("scenario.yaml", "USD", "DOLLAR"),
        ("scenario.yaml", "base: plain", "base: plan"),
        ("products.csv", ",4,3,", ",0,3,"),
        ("segments.yaml", "share: 40%", "share: 30%"),
        ("planogram.csv", "coffee,G1", "coffe,G1"),
        ("layout.yaml", "at: [1, 0]", "at: [1, 4]"),
        ("hours.csv", "23,0.0", "23,x"),
    ]:
        store.change(file, old, new)
    files = [line.split(":")[0] for line in store.mistakes()]
    assert files == sorted(files)
    assert set(files) == {"scenario.yaml", "products.csv", "segments.yaml", "planogram.csv", "layout.yaml", "hours.csv"}
    assert files.count("scenario.yaml") == 2
