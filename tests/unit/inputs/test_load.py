"""Loading: whole scenarios, two layouts side by side, and files of any kind."""

import os
from pathlib import Path
from typing import Any

import pytest

from storesim.inputs.load import check_files, compare_layouts, load_layout, load_scenario
from storesim.inputs.mistakes import InputError


def test_every_file_that_was_read_is_kept_once(store: Any) -> None:
    store.change("segments.yaml", "hours: hours.csv", "hours: ./hours.csv")
    scenario = store.load()
    names = ["scenario.yaml", "segments.yaml", "hours.csv", "weekdays.csv", "basket.csv", "products.csv"]
    assert [source.path.name for source in scenario.sources] == [*names, "layout.yaml", "planogram.csv"]
    assert all(source.content == source.path.read_bytes() for source in scenario.sources)


def test_paths_are_relative_to_the_file_that_names_them(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("market").mkdir()
    for name in ("segments.yaml", "hours.csv", "weekdays.csv", "basket.csv"):
        Path(name).rename(Path("market", name))
    Path("link.yaml").symlink_to("market/segments.yaml")
    store.change("scenario.yaml", "segments: segments.yaml", "segments: market/../market/segments.yaml")
    folder = Path.cwd()
    monkeypatch.chdir("/")
    assert len(load_scenario(folder / "scenario.yaml").segments) == 2


@pytest.mark.usefixtures("store")
def test_the_command_line_overrides_replications_and_seed() -> None:
    scenario = load_scenario(Path("scenario.yaml"), replications=3, seed=0)
    assert (scenario.replications, scenario.seed) == (3, 0)
    with pytest.raises(InputError) as error:
        load_scenario(Path("scenario.yaml"), replications=1, seed=-1)
    assert str(error.value).splitlines() == [
        "scenario.yaml:1:1: --replications is 1; write a number from 2 to 10000",
        "scenario.yaml:1:1: --seed is -1; write a number from 0 to 9223372036854775807",
    ]


def test_mistakes_are_sorted_and_told_once(store: Any) -> None:
    store.change("planogram.csv", "coffee,G1", "coffe,G1")
    store.write("copy.yaml", Path("layout.yaml").read_text())
    store.add_to_other("layout: copy.yaml")
    assert store.mistakes() == ["planogram.csv:2:1: product 'coffe' is not in products.csv; did you mean 'coffee'?"]


@pytest.mark.usefixtures("store")
def test_a_layout_can_be_read_by_itself() -> None:
    assert load_layout(Path("layout.yaml")).name == "small"
    with pytest.raises(InputError, match=r"none\.yaml:1:1: the file does not exist"):
        load_layout(Path("none.yaml"))


def test_two_layouts_are_compared_in_the_world_of_a_scenario(store: Any) -> None:
    store.add_to_other("promotions: [{product: tea, price_cut: 10%}]")
    store.write("flipped.yaml", "layout: Flipped, in x\nextends: layout.yaml\nmirror: x\n")
    scenario = compare_layouts([Path("flipped.yaml"), Path("layout.yaml")], Path("scenario.yaml"), seed=5)
    assert scenario.name == "Flipped, in x or small?"
    assert (scenario.baseline, [case.name for case in scenario.cases]) == ("Flipped in x", ["Flipped in x", "small"])
    assert scenario.seed == 5
    assert scenario.cases[0].placements == scenario.cases[1].placements
    assert all(case.promotions == () for case in scenario.cases)


def test_layouts_of_one_name_become_variants_of_two(store: Any) -> None:
    for name in ("copy.yaml", "again.yaml"):
        store.write(name, Path("layout.yaml").read_text())
    paths = [Path("layout.yaml"), Path("copy.yaml"), Path("copy.yaml")]
    scenario = compare_layouts(paths, Path("scenario.yaml"))
    assert [case.name for case in scenario.cases] == ["small", "copy", "copy 3"]


@pytest.mark.parametrize("beside", ["planogram_copy.csv", "copy.csv"])
def test_a_planogram_beside_a_layout_is_its_own(store: Any, beside: str) -> None:
    store.write("copy.yaml", Path("layout.yaml").read_text())
    store.write(beside, "product,fixture,face\ntea,G1,east\n")
    scenario = compare_layouts([Path("layout.yaml"), Path("copy.yaml")], Path("scenario.yaml"))
    assert {placement.product for placement in scenario.cases[1].placements} == {"tea"}


def test_a_layout_keeps_the_planogram_of_its_variant(store: Any) -> None:
    store.write("copy.yaml", Path("layout.yaml").read_text())
    store.write("tea.csv", "product,fixture,face\ntea,G1,east\n")
    store.change("scenario.yaml", "  other:", "  own: {layout: copy.yaml, planogram: tea.csv}\n  other:")
    scenario = compare_layouts([Path("layout.yaml"), Path("copy.yaml")], Path("scenario.yaml"))
    assert [len({p.product for p in case.placements}) for case in scenario.cases] == [5, 1]


def test_files_of_any_kind_can_be_checked(store: Any) -> None:
    store.write("conversion.csv", "product,conversion\ntea,-1\n")
    assert check_files(sorted(Path().iterdir())) == ()


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("layout.yaml", "layout: x\nflor: {size: [1, 1]}\n", "unknown key 'flor'; did you mean 'floor'?"),
        ("segments.yaml", "segments: {}\nmissions: {}\n", "'segments' has 0 values; write at least 1"),
        ("scenario.yaml", "scenario: x\n", "key 'variants' is missing; add it"),
        (
            "planogram.csv",
            "product,fixture,bays\ntea,G1,x\n",
            "bays 'x' cannot be read; write a number or a range like 3-5",
        ),
        ("products.csv", "id;price;penetration\ntea;-1;0.5\n", "'price' is '-1'; write a number above 0"),
        ("hours.csv", "hour,fill-in\n0,-1\n", "'fill-in' is '-1'; write a number of at least 0"),
        ("conversion.csv", "product,conversion\ntea,-1\ntea,2\n", "product 'tea' stands already in line 2; keep one"),
        ("empty.csv", "", "the file is empty; begin with the header id,price"),
        ("what.csv", "a,b\n", "this is no file that storesim knows; see storesim schema for the columns of each"),
        ("what.yaml", "a: b\n", "this is no layout, scenario or segments file; begin it with that key"),
        ("what.txt", "a: b\n", "this is no file that storesim reads; name a .yaml, .csv or .xlsx file"),
    ],
)
def test_a_file_is_checked_as_what_it_is(store: Any, name: str, text: str, told: str) -> None:
    store.write(name, text)
    assert told in [mistake.what for mistake in check_files([Path(name)])]


def test_a_bomb_is_a_mistake(store: Any) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    store.write("scenario.yaml", "\n".join(lines))
    assert store.mistakes() == ["scenario.yaml:5:5: aliases repeat more than 200000 values; write less"]


def test_a_pipe_is_not_read(store: Any) -> None:
    os.mkfifo("pipe.csv")
    store.change("scenario.yaml", "products: products.csv", "products: pipe.csv")
    assert store.mistakes() == ["scenario.yaml:6:11: file 'pipe.csv' is not a plain file; copy its content into one"]
