"""Sweeps as written: what a name means, where points lie, and every mistake at the place where it is written."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from storesim.inputs.load import check_files, load_scenario, load_swept
from storesim.inputs.mistakes import InputError
from storesim.inputs.sweep_points import points
from storesim.inputs.swept import Sweep, SweptName

ROOT = Path(__file__).parents[3]
HEAD = """\
scenario: What belongs on the table at the door?
currency: USD
hours: 08:00-20:00
calendar: {from: 2026-03-02, days: 1}
visits_per_day: 300
products: data/small/products.csv
segments: data/small/segments.yaml
replications: 4
baseline: empty table
variants:
  empty table: {layout: layouts/small_shop.yaml, planogram: data/small/planogram_small_shop.csv}
  v. 2:
    base: empty table
    promotions:
      - {product: bag snacks, at: T1, price_cut: 10%}
"""
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return what writes a scenario with this after its variants, beside the files of the small shop."""
    for folder in ("data/small", "layouts"):
        shutil.copytree(ROOT / folder, tmp_path / folder)

    def writer(rest: str) -> Path:
        path = tmp_path / "a.yaml"
        path.write_text(HEAD + rest, encoding="utf-8")
        return path

    return writer


def over(*lines: str, design: str = "latin hypercube", points: str = "8") -> str:
    """Return a sweep whose names stand in line 20 and below."""
    return "\n".join(
        ["sweep:", f"  design: {design}", f"  points: {points}", "  over:", *(f"    {x}" for x in lines), ""]
    )


def grid(*lines: str) -> str:
    """Return a grid whose names stand in line 19 and below."""
    return "\n".join(["sweep:", "  design: grid", "  over:", *(f"    {line}" for line in lines), ""])


def wrong(path: Path) -> list[str]:
    """Return what is wrong as line: sentence, the same for run and check."""
    with pytest.raises(InputError) as caught:
        load_swept(path)
    assert set(check_files([path])) == set(caught.value.mistakes)
    return [f"{mistake.line}: {mistake.what}" for mistake in caught.value.mistakes]


# Points


def test_a_point_is_the_scenario_with_its_values_put_in(write: Write) -> None:
    path = write(over(
        "visits_per_day: {from: 150, to: 450}", "WANDER_P: {from: 0.1, to: 0.6}",
        "variants.V. 2.promotions.1.price_cut: {from: 5%, to: 40%}",
    ))  # fmt: skip
    scenario, found = load_swept(path)
    assert scenario.sweep is not None
    assert scenario.visits_per_day == 300
    assert len(found) == 8
    for values, point in zip(points(scenario.sweep, scenario.seed), found, strict=True):
        cut = point.cases[1].promotions[0].price_cut
        assert (point.visits_per_day, point.parameters.wander_p, cut) == values
        assert (point.seed, point.events, point.sweep, point.sources) == (scenario.seed, "none", None, ())


def test_a_point_is_the_same_as_a_file_with_that_value_in_it(write: Write) -> None:
    _, [point] = load_swept(write(grid("variants.v. 2.promotions.1.price_cut: [30%]")))
    path = write("events: none\n")
    path.write_text(path.read_text().replace("10%", "30%"))
    alone = load_scenario(path)
    for name in ("visits_per_day", "cases", "parameters", "products", "segments", "seed", "replications", "events"):
        assert getattr(point, name) == getattr(alone, name), name


def test_points_share_what_does_not_depend_on_them(write: Write) -> None:
    _, found = load_swept(write(over("visits_per_day: {from: 150, to: 450}", "urge: {from: 0, to: 0.3}")))
    assert len({id(point.products) for point in found}) == 1
    assert len({id(point.cases[0].plan) for point in found}) == 1


def test_a_grid_takes_any_plain_value_and_every_combination(write: Write, tmp_path: Path) -> None:
    text = (tmp_path / "layouts/small_shop.yaml").read_text()
    (tmp_path / "layouts/b.yaml").write_text(re.sub("layout: .*", "layout: other", text, count=1))
    scenario, found = load_swept(write(grid(
        "variants.empty table.layout: [layouts/small_shop.yaml, layouts/b.yaml]", "variants.v. 2.promotions.1.at: [T1]",
        "opening_hours: [1]", "hours: [08:00-20:00, 09:00-18:00]", "visits_per_day: {from: 100, to: 300, levels: 3}",
    ).replace("    opening_hours: [1]\n", "")))  # fmt: skip
    assert len(found) == 2 * 1 * 2 * 3
    assert [point.visits_per_day for point in found[:4]] == [100, 200, 300, 100], "the last varies fastest"
    assert found[-1].cases[1].plan.name == "other"
    assert found[-1].opens_s == 9 * 3600
    assert any(source.path.name == "b.yaml" for source in scenario.sources), "copied into the run directory"


def test_key_that_is_not_written_can_be_swept(write: Write) -> None:
    _, found = load_swept(write(grid("variants.v. 2.promotions.1.set_up_cost: [0, 25]", "parameters.urge: [0.2]")))
    assert [point.cases[1].promotions[0].set_up_cost for point in found] == [0, 25]
    assert found[0].parameters.urge == 0.2


def test_days_of_a_point_are_at_most_the_scenarios(write: Write) -> None:
    written = over("urge: {from: 0, to: 0.3}")
    for text, days in ((written, 4), (written + "  replications: 2\n", 2)):
        sweep = load_scenario(write(text)).sweep
        assert sweep is not None
        assert sweep.replications == days
    assert load_scenario(write("")).sweep is None


@pytest.mark.parametrize("design", ["latin hypercube", "sobol"])
def test_points_stay_inside_their_box_and_follow_from_the_seed(design: str) -> None:
    names = tuple(SweptName(f"x{k}", (f"x{k}",), -(10.0**k), 3.0 * k + 1) for k in range(5))
    sweep = Sweep(design, names, 64, 5)  # type: ignore[arg-type]
    found = np.array(points(sweep, 7), dtype=np.float64)
    low, high = np.array([(one.low, one.high) for one in names], dtype=np.float64).T
    assert found.shape == (sweep.points, 5)
    assert np.all((low <= found) & (found <= high))
    assert np.all(np.ptp(found, axis=0) > 0.9 * (high - low))
    assert points(sweep, 7) == points(sweep, 7)
    assert points(sweep, 7) != points(sweep, 8)


def test_a_latin_hypercube_has_one_point_in_each_part_of_each_range() -> None:
    sweep = Sweep("latin hypercube", (SweptName("x", ("x",), 0, 20), SweptName("y", ("y",), 0, 20)), 20, 5)
    for column in np.array(points(sweep, 1)).T:
        assert sorted(column.astype(int)) == list(range(20))


def test_saltellis_points_change_one_name_at_a_time() -> None:
    names = tuple(SweptName(f"x{k}", (f"x{k}",), 0, 1) for k in range(3))
    a, b, *mixed = np.array(points(Sweep("sobol", names, 16, 5), 1)).reshape(5, 16, 3)
    for column, block in enumerate(mixed):
        assert np.array_equal(block[:, column], b[:, column])
        assert np.array_equal(np.delete(block, column, axis=1), np.delete(a, column, axis=1))


# Mistakes


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("visits_per_dya: {from: 1, to: 2}", "neither in the scenario nor a parameter; did you mean 'visits_per_day'"),
        ("wandr_p: {from: 1, to: 2}", "neither in the scenario nor a parameter; did you mean 'wander_p'"),
        ("parameters.wandr_p: {from: 1, to: 2}", "unknown key 'wandr_p'; did you mean 'wander_p'"),
        ("variants.v. 3.promotions.1.hours: {from: 1, to: 2}", "'variants.v' is not written; choose from 'empty"),
        ("variants.v. 2.promotion.1.price_cut: {from: 1%, to: 2%}", "is not written; did you mean 'promotions'"),
        ("variants.v. 2.promotions.2.price_cut: {from: 1%, to: 2%}", "has 1 item, not '2'; write the number of one"),
        ("variants.v. 2.promotions.0.price_cut: {from: 1%, to: 2%}", "has 1 item, not '0'"),
        ("variants.v. 2.promotions.1.price_kut: {from: 1%, to: 2%}", "unknown key 'price_kut'; did you mean"),
        ("variants.v. 2.promotions: {from: 1, to: 2}", "is a group of values, not one"),
        ("variants: {from: 1, to: 2}", "is a group of values, not one"),
        ("visits_per_day.a: {from: 1, to: 2}", "'visits_per_day' has nothing below it; end the path there"),
        ("seed: {from: 1, to: 2}", "'seed' is not swept: every point has the same seed"),
        ("replications: {from: 2, to: 3}", "'replications' is not swept"),
        ("sweep.points: {from: 2, to: 3}", "'sweep' is not swept: a sweep cannot vary itself"),
        ("assumptions.replications: {from: 2, to: 3}", "'assumptions' is not swept"),
        ("same_within: {from: 1%, to: 3%}", "'same_within' is not swept: it changes how a run is read"),
        ("visits_per_day: {from: 20, to: 10}", "has no range; write {from: 0.1, to: 0.6} with numbers"),
        ("visits_per_day: {from: many, to: 10}", "has no range"),
        ("visits_per_day: {to: 10}", "has no range"),
        ("visits_per_day: {from: 0, to: 10}", "'visits_per_day' is 0; write a number above 0"),
        ("visits_per_day: {from: 10, to: 9999999}", "'visits_per_day' is 9999999; write a number of at most 1e+06"),
        ("variants.v. 2.promotions.1.price_cut: {from: 5%, to: 140%}", "a price cut of 140 % cannot be"),
        ("visits_per_day: [10, 20]", "is a list, which only a grid has"),
        ("visits_per_day: {from: 10, to: 20, levels: 3}", "has levels, which only a grid has; drop them"),
        ("visits_per_day: {from: 10, to: 20, values: [3]}", "has both a range and values; keep one"),
        ("hours: {from: 1, to: 2}", "hours 1 cannot be read"),
        ("visits_per_day: {from: 10, to: 20, step: 3}", "unknown key 'step'"),
        ("'': {from: 10, to: 20}", "'' is neither in the scenario nor a parameter"),
        (f"variants{'.a' * 400}: {{from: 1, to: 2}}", "is too long for a path"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_name_or_its_values_is_told_in_its_line(write: Write, line: str, says: str) -> None:
    found = wrong(write(over("urge: {from: 0, to: 0.2}", line)))
    assert says in found[0]
    assert {text.partition(":")[0] for text in found} == {"21"}


@pytest.mark.parametrize(
    ("sweep", "says"),
    [
        (over("urge: {from: 0, to: 0.2}", points="1000000"), "18: the sweep has 1,000,000 points, and at most 10,000"),
        (over("urge: {from: 0, to: 0.2}", points="0"), "18: 'points' is 0; write a number of at least 1"),
        (over("urge: {from: 0, to: 0.2}", points="many"), "18: 'points' is 'many'; write a whole number"),
        (over("urge: {from: 0, to: 0.2}", design="sobol", points="100"), "18: points is 100, which is no power of 2"),
        (over("urge: {from: 0, to: 0.2}", design="sobol", points="4096"), "write points: 2048 or fewer"),
        (over("urge: {from: 0, to: 0.2}", design="random"), "17: 'design' is 'random'; write"),
        (over("urge: {from: 0, to: 0.2}").replace("  points: 8\n", ""), "17: key 'points' is missing; say how many"),
        (over("urge: [0]", design="grid", points="8"), "18: a grid has as many points as its levels make"),
        (over(*(f"x{k}: {{from: 0, to: 1}}" for k in range(50))), "50 names are too many; sweep at most 20"),
        (over("urge: {from: 0, to: 0.2}", "parameters.urge: {from: 0, to: 0.2}"), "are the same value; keep one"),
        (grid("urge: {from: 0, to: 0.2}"), "19: 'urge' has no levels; add levels: 3, or write a list"),
        (grid("urge: {from: 0, to: 0.2, levels: 1000}"), "19: 'levels' is 1000; write a number of at most 100"),
        (grid("urge: []"), "19: 'urge'"),
        (grid("urge: [0.1, 0.1]"), "19: 'urge' has a value twice; keep one"),
        (grid("urge: [[0.1]]"), "19: "),
        (grid(*(f"{x}: {{from: 0.3, to: 0.4, levels: 100}}" for x in ("urge", "wander_p", "p_replaces"))), "points"),
        (grid("variants.empty table.layout: [layouts/small_shop.yaml, layouts/none.yaml]"), "does not exist"),
        ("sweep: yes please\n", "16: 'sweep' is 'yes please'; write keys with values"),
        ("sweep: {design: grid, over: {}}\n", "write at least 1"),
        ("sweep: []\n", "16: "),
    ],
)  # fmt: skip
def test_a_mistake_in_the_design_is_told(write: Write, sweep: str, says: str) -> None:
    assert any(says in text for text in wrong(write(sweep)))


def test_what_a_value_makes_wrong_elsewhere_is_told_at_the_value(write: Write, tmp_path: Path) -> None:
    text = (tmp_path / "layouts/small_shop.yaml").read_text()
    (tmp_path / "layouts/b.yaml").write_text(text.replace("T1", "T7"))
    found = wrong(write(grid("variants.empty table.layout:", "  - layouts/small_shop.yaml", "  - layouts/b.yaml")))
    assert "21: with variants.empty table.layout 'layouts/b.yaml', " in "\n".join(found)
    assert "T1" in "\n".join(found)


def test_values_that_are_wrong_together_only_are_told_with_their_point(write: Write) -> None:
    """A display in bay 2 of a face with one bay is wrong for one table only; hours and a promotion's can clash."""
    path = write(over("opening_days: {from: 1, to: 3}", "variants.v. 2.promotions.1.funded: {from: 0, to: 1}")
                 .replace("opening_days", "calendar.days"))  # fmt: skip
    [found] = wrong(path)
    assert found.startswith("20: point 1 of the sweep cannot be played (calendar.days ")
    assert found.endswith("write a whole number")


def test_mistakes_of_the_scenario_and_of_its_sweep_are_told_together(write: Write) -> None:
    path = write("replicatons: 3\n" + over("visits_per_day: {from: 0, to: 10}"))
    assert [text[:25] for text in wrong(path)] == ["16: unknown key 'replicat", "21: 'visits_per_day' is 0"]
